"""How long a batch will still take, from how long the same notebooks took before."""

from collections import defaultdict
from collections.abc import Mapping
from statistics import fmean

Place = tuple[str, str]  # a run's title, and a notebook's name


class TimeLeft:
    """Estimates the rest of a batch.

    Parameters
    ----------
    before : mapping of (str, str) to float or None
        For each notebook that will run, the seconds it took when it ran before; None where it never did.
    side_by_side : int
        How many notebooks run at once.
    """

    def __init__(self, before: Mapping[Place, float | None], side_by_side: int) -> None:
        self._waiting = dict(before)
        self._side_by_side = side_by_side
        self._began: dict[Place, float] = {}
        self._took: defaultdict[str, list[float]] = defaultdict(list)

    def begin(self, place: Place, now: float) -> None:
        """Note that a notebook started at `now`, in seconds of any clock."""
        self._began[place] = now

    def end(self, place: Place, now: float, *, ran: bool) -> None:
        """Note that a notebook ended; one that did not run to its end teaches nothing."""
        self._waiting.pop(place, None)
        began = self._began.pop(place, None)
        if ran and began is not None:
            self._took[place[1]].append(now - began)

    def seconds(self, now: float) -> float | None:
        """Return about how many seconds are left; None while some notebook's time cannot be guessed."""
        rest = []
        for place in self._waiting:
            expected = self._expected(place)
            if expected is None:
                return None
            rest.append(max(0.0, expected - (now - self._began[place] if place in self._began else 0.0)))
        return max(sum(rest) / self._side_by_side, max(rest, default=0.0))

    def _expected(self, place: Place) -> float | None:
        """Take what it took before, else what it took in the runs of this batch that are ahead."""
        took = self._took[place[1]]
        return self._waiting[place] or (fmean(took) if took else None)
