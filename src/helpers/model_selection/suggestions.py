"""Which configuration a search tries next, by optuna: a model of the trials so far, or bred from the best.

The trials of a batch are asked for before the first of them is known, and told in the order in which they
were asked for. So they follow from the seed and the scores alone, however many are fitted at a time.
"""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import optuna
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.samplers import BaseSampler, CmaEsSampler, NSGAIISampler, TPESampler
from optuna.trial import Trial, TrialState, create_trial

from helpers.metrics import Metric
from helpers.model_selection.space import Choice, Range, Space, varied, within

GENETIC = "genetic"
# Of a candidate's trials this share, and between so many, are drawn at random before a model is made of them.
RANDOM_SHARE = 1 / 3
FEWEST_RANDOM, MOST_RANDOM = 3, 10
# How many are bred at a time; with optuna's own 50 most budgets would end in the first generation.
POPULATION = 8
# A space is used up when so many suggestions in a row had been tried before.
REPEATS = 30
Settings = Mapping[str, Any]


@dataclass(frozen=True)
class Asked:
    """A configuration that was asked for and not told yet."""

    trial: Trial
    settings: dict[str, Any]


class Suggestions:
    """The configurations of one candidate's search.

    Parameters
    ----------
    space : mapping of str to Choice or Range
        What is varied.
    known : sequence of (settings, score)
        Configurations with a score from before; those outside of the space are left out.
    metric : Metric
        What the scores are.
    sampler : str
        ``tpe``, or ``genetic``: CMA-ES where the space is of numbers alone, and at least two of them, else
        NSGA-II.
    seed : int
        Everything random follows from it and from `name`.
    name : str
        The candidate's.
    trials : int
        How many will about be asked for.
    """

    def __init__(
        self,
        space: Space,
        known: Sequence[tuple[Settings, float]],
        *,
        metric: Metric,
        sampler: str,
        seed: int,
        name: str,
        trials: int,
    ) -> None:
        self._asked = 0
        self._space = dict(space)
        self._distributions = {key: _distribution(part) for key, part in space.items()}
        chosen = self._sampler(sampler, (seed + zlib.crc32(name.encode())) % 2**32, trials)
        with _quiet():
            self._study = optuna.create_study(
                sampler=chosen, direction="maximize" if metric.higher_is_better else "minimize"
            )
        self._scores: dict[str, float | None] = {_key(settings): score for settings, score in known}
        for settings, score in known:
            inside = self._inside(settings)
            if inside is not None:
                told = create_trial(params=inside, distributions=self._distributions, value=score)
                self._study.add_trial(told)

    @property
    def due(self) -> float:
        """When the next one is due, beside those of other candidates; the lowest is the first."""
        return (self._asked + 1) / varied(self._space)

    def ask(self) -> Asked | None:
        """Return a configuration that was not asked for before; None where the space is used up."""
        for _ in range(REPEATS):
            trial = self._study.ask(self._distributions)
            settings = {key: self._setting(key, trial.params[key]) for key in self._space}
            key = _key(settings)
            if key not in self._scores:
                self._scores[key] = None
                self._asked += 1
                return Asked(trial, settings)
            self._tell(trial, self._scores[key])
        return None

    def tell(self, asked: Asked, score: float | None) -> None:
        """Say what the configuration scored; None where it has no score."""
        self._scores[_key(asked.settings)] = score
        self._tell(asked.trial, score)

    def _tell(self, trial: Trial, score: float | None) -> None:
        if score is None:
            self._study.tell(trial, state=TrialState.FAIL)
        else:
            self._study.tell(trial, score)

    def _sampler(self, sampler: str, seed: int, trials: int) -> BaseSampler:
        if sampler != GENETIC:
            drawn = max(FEWEST_RANDOM, min(MOST_RANDOM, round(trials * RANDOM_SHARE)))
            return TPESampler(seed=seed, n_startup_trials=drawn)
        numbers = all(isinstance(part, Range) for part in self._space.values())
        if numbers and len(self._space) > 1:
            return CmaEsSampler(seed=seed, warn_independent_sampling=False)
        return NSGAIISampler(population_size=POPULATION, seed=seed)

    def _setting(self, key: str, suggested: Any) -> Any:
        part = self._space[key]
        return part.values[suggested] if isinstance(part, Choice) else suggested

    def _inside(self, settings: Settings) -> dict[str, Any] | None:
        """Return the settings as optuna knows them, None where the space does not hold them."""
        if not within(self._space, settings):
            return None
        return {key: _as_told(part, settings[key]) for key, part in self._space.items()}


def _distribution(part: Choice | Range) -> BaseDistribution:
    if isinstance(part, Choice):
        # By place: optuna takes plain values only.
        return CategoricalDistribution(tuple(range(len(part.values))))
    if part.whole:
        return IntDistribution(int(part.low), int(part.high), log=part.log)
    return FloatDistribution(float(part.low), float(part.high), log=part.log)


def _as_told(part: Choice | Range, value: Any) -> int | float:
    if isinstance(part, Choice):
        return part.values.index(value)
    return int(value) if part.whole else float(value)


def _key(settings: Settings) -> str:
    return repr(sorted(settings.items(), key=lambda item: item[0]))


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep optuna from writing a line for each study."""
    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    try:
        yield
    finally:
        optuna.logging.set_verbosity(before)
