"""The safety stop of a search: how many seconds are left, and for what they suffice."""

import time


class Deadline:
    """The safety stop: says, between fits, whether the seconds of the budget are used up."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    @property
    def passed(self) -> bool:
        """Whether nothing more should be started."""
        return self.remaining <= 0

    @property
    def remaining(self) -> float:
        """How many seconds are left; below 0 where they are used up."""
        return self._end - time.monotonic()


class Pace:
    """How long fits took, for each of those asked for: none is begun that cannot be done in time."""

    def __init__(self, folds: int, at_once: int) -> None:
        self._folds, self._at_once = folds, at_once
        self._seconds: dict[int, list[float]] = {}

    def done(self, place: int, seconds: float) -> None:
        """Note a fit that is done; of one place after the other or at the same time."""
        self._seconds.setdefault(place, []).append(seconds)

    def suffices(self, place: int, remaining: float) -> bool:
        """Return whether the folds left can be done in the seconds, each as quick as the quickest."""
        known = self._seconds.get(place, [])
        needed = min(known, default=0.0) * (self._folds - len(known)) / self._at_once
        return remaining > 0 and needed <= remaining
