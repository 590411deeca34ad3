"""Whether there are cores and memory for one more notebook."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

# What a notebook is taken to need where nothing says more: neither a limit nor an earlier run.
USUAL_BYTES = 600 * 2**20


@dataclass
class Room:
    """The cores and the memory that running notebooks hold.

    Attributes
    ----------
    cores : int
        How many there are.
    held : dict of str to (int, int)
        By running notebook the cores it was given, and the bytes it is expected to need at its most.
    """

    cores: int
    held: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def free_cores(self) -> int:
        """How many cores no notebook holds."""
        return self.cores - sum(held for held, _ in self.held.values())

    def wanted(self, cores: int | Literal["all"]) -> int:
        """Return how many cores a notebook gets that asks for so many."""
        return self.cores if cores == "all" else min(cores, self.cores)

    def fits(self, cores: int, expected_bytes: int, *, free_bytes: float, in_use: Mapping[str, int]) -> bool:
        """Tell whether one more notebook may start.

        Parameters
        ----------
        cores : int
            What it would be given.
        expected_bytes : int
            What it is expected to need.
        free_bytes : float
            What is free now.
        in_use : mapping of str to int
            What each running notebook takes now; what it is still expected to take on top is not free.
        """
        if not self.held:
            return True  # one notebook always runs: nothing else could free anything for it
        if cores > self.free_cores:
            return False
        promised = sum(max(0, expected - in_use.get(place, 0)) for place, (_, expected) in self.held.items())
        return expected_bytes <= free_bytes - promised
