"""What a search may vary: a choice among values or a range of numbers, and how to draw from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Choice:
    """One of a few values, each as likely as the others."""

    values: tuple[Any, ...]

    def allows(self, value: object) -> bool:
        """Tell whether it is one of the values."""
        return value in self.values

    def draw(self, rng: np.random.Generator) -> Any:
        """Return one of the values."""
        return self.values[int(rng.integers(len(self.values)))]


@dataclass(frozen=True)
class Range:
    """A number between two ends.

    Attributes
    ----------
    low, high : float
        The ends, both included.
    log : bool
        Whether each order of magnitude is as likely as the others.
    whole : bool
        Whether only whole numbers are meant.
    """

    low: float
    high: float
    log: bool = False
    whole: bool = False

    def allows(self, value: object) -> bool:
        """Tell whether it is a number between the ends."""
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return False
        return self.low <= value <= self.high

    def draw(self, rng: np.random.Generator) -> float | int:
        """Return a number from the range."""
        share = float(rng.random())
        if self.log:
            value = float(np.exp(np.log(self.low) + share * (np.log(self.high) - np.log(self.low))))
        else:
            value = self.low + share * (self.high - self.low)
        return round(value) if self.whole else value


Space = Mapping[str, Choice | Range]


def within(space: Space, settings: Mapping[str, Any]) -> bool:
    """Tell whether the settings hold a value for each parameter of the space, and one that it allows."""
    return all(name in settings and part.allows(settings[name]) for name, part in space.items())


def varied(space: Space) -> int:
    """Return how many of its parameters can have more than one value; 1 where none can."""
    return max(1, sum(not isinstance(part, Choice) or len(part.values) > 1 for part in space.values()))


def draw(space: Space, rng: np.random.Generator) -> dict[str, Any]:
    """Return one configuration: a value for each parameter, drawn in the order of the space."""
    return {name: part.draw(rng) for name, part in space.items()}
