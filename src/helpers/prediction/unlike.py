"""Rows unlike those that the model learnt from, told with a stated rate of false alarms.

A row is flagged for one of three reasons: a level (or a gap) in a column where none such was ever seen; one
value far outside; or a combination of values that is unusual as a whole. How far is far is read off rows that
the encoding had not seen (the validation parts of the folds), so that of new rows like the old ones at most
about one in a hundred is flagged: a rank among n such rows is uniform, as in conformal p-values (Bates and
others 2023, Testing for Outliers with Conformal p-values, Annals of Statistics 51).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.covariance import LedoitWolf
from threadpoolctl import threadpool_limits

from helpers.prediction.encoded import Encoded, Encoding, Floats, learn_encoding
from helpers.tables.folds import Part
from helpers.tables.table import Kind, Table

# The share of new rows like the old ones that is flagged, by reason.
FALSE_ALARMS_NEVER_SEEN = 0.0025
FALSE_ALARMS_FAR = 0.0075
# What is learnt of the rows is learnt from so many at most.
MOST_ROWS = 20_000
# Past so many columns their correlations are left out of account: there are too many to estimate.
MOST_CORRELATED = 300
# A score is held against its value at this quantile, so that both reasons weigh the same.
USUAL = 0.95
LITTLE = 1e-6


@dataclass(frozen=True)
class Scores:
    """How far each row is from what is usual: as a whole, and by its most extreme number."""

    whole: Floats
    far: Floats
    unseen: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Usual:
    """What is usual among some rows.

    Attributes
    ----------
    encoding : Encoding
        How usual each value is.
    centre : float array
        Means of the numbers' normal scores.
    precision : float array, columns × columns, or None
        Inverse of their covariance (Ledoit and Wolf 2004); None counts each column for itself.
    """

    encoding: Encoding
    centre: Floats
    precision: Floats | None

    def scores(self, frame: pd.DataFrame) -> Scores:
        """Return how far each row is from what is usual."""
        return self._scored(self.encoding.encode(frame))

    def _scored(self, encoded: Encoded) -> Scores:
        off = encoded.z - self.centre
        weighted = off if self.precision is None else off @ self.precision
        far = np.abs(encoded.z).max(axis=1) if encoded.z.shape[1] else np.zeros(len(encoded.z))
        return Scores(np.einsum("ij,ij->i", weighted, off) + encoded.surprise, far, encoded.unseen)


@dataclass(frozen=True)
class Unlike:
    """Tells which rows are unlike those that the model learnt from.

    Attributes
    ----------
    usual : Usual
        What is usual among the development rows.
    counted : tuple of int
        Places of the columns in which a level or gap that was never seen is a reason.
    scale : tuple of two floats
        What `whole` and `far` are divided by.
    limit : float
        Above it a row is unusual.
    rate : float
        The share of new rows like the old ones that is flagged, at most and on average.
    """

    usual: Usual
    counted: tuple[int, ...]
    scale: tuple[float, float]
    limit: float
    rate: float

    def flags(self, frame: pd.DataFrame) -> npt.NDArray[np.bool_]:
        """Return for each row whether it is unlike the rows learnt from; the frame is typed."""
        with threadpool_limits(1):
            scores = self.usual.scores(frame)
        new = scores.unseen[:, list(self.counted)].any(axis=1)
        return np.asarray(new | (_combined(scores, self.scale) > self.limit))

    def to_plain(self) -> dict[str, Any]:
        """Return what `from_plain` reads."""
        return {
            "encoding": self.usual.encoding.to_plain(),
            "centre": self.usual.centre,
            "precision": self.usual.precision,
            "counted": np.array(self.counted, dtype=np.int64),
            "scale": np.array(self.scale),
            "limit": self.limit,
            "rate": self.rate,
        }

    @classmethod
    def from_plain(cls, content: Mapping[str, Any]) -> "Unlike":
        """Return what `to_plain` gave."""
        usual = Usual(Encoding.from_plain(content["encoding"]), content["centre"], content["precision"])
        scale = (float(content["scale"][0]), float(content["scale"][1]))
        counted = tuple(int(place) for place in content["counted"])
        return cls(usual, counted, scale, float(content["limit"]), float(content["rate"]))


def learn_unlike(table: Table, parts: Iterable[Part], *, seed: int) -> Unlike:
    """Return what tells rows unlike the table's.

    Parameters
    ----------
    table : Table
        The development rows.
    parts : iterable of (training, validation) positions
        The folds of one repeat: what is usual is learnt from one side, and how far rows like them are from it
        on the other. Folds by group or time keep their promise for new groups and later times.
    seed : int
        Seed of the sample of large tables.
    """
    kinds = {column.name: column.kind for column in table.features}
    X, rng = table.X, np.random.default_rng(seed)

    def some(positions: npt.NDArray[np.int64]) -> pd.DataFrame:
        if len(positions) > MOST_ROWS:
            positions = np.sort(rng.choice(positions, MOST_ROWS, replace=False))
        return X.iloc[positions]

    with threadpool_limits(1):
        found = [_usual(some(train), kinds).scores(some(validation)) for train, validation in parts]
        usual = _usual(some(np.arange(len(table))), kinds)
    whole, far = (np.concatenate([getattr(each, name) for each in found]) for name in ("whole", "far"))
    unseen = np.concatenate([each.unseen for each in found])
    counted, alarms = _counted(unseen, int(FALSE_ALARMS_NEVER_SEEN * (len(whole) + 1)))
    scale = tuple(max(float(np.quantile(scores, USUAL)), 1e-9) for scores in (whole, far))
    rows = len(whole) + 1
    flagged = max(1, int(FALSE_ALARMS_FAR * rows))
    ranked = np.sort(_combined(Scores(whole, far, unseen), (scale[0], scale[1])))
    rate = (flagged + alarms + bool(counted)) / rows
    return Unlike(usual, counted, (scale[0], scale[1]), float(ranked[-flagged]), rate)


def _usual(frame: pd.DataFrame, kinds: Mapping[str, Kind]) -> Usual:
    encoding = learn_encoding(frame, kinds)
    z = encoding.encode(frame).z
    columns = z.shape[1]
    if not columns or columns > MOST_CORRELATED or len(z) < 2:
        return Usual(encoding, np.zeros(columns), None)
    fitted = LedoitWolf(store_precision=False).fit(z)
    # Columns that never vary leave nothing to invert; the little on the diagonal is far below any variance.
    return Usual(encoding, fitted.location_, np.linalg.inv(fitted.covariance_ + LITTLE * np.eye(columns)))


def _combined(scores: Scores, scale: tuple[float, float]) -> Floats:
    return np.asarray(np.maximum(scores.whole / scale[0], scores.far / scale[1]))


def _counted(unseen: npt.NDArray[np.bool_], allowed: int) -> tuple[tuple[int, ...], int]:
    """Return the columns in which what was never seen is a reason, and how many unseen rows they flag.

    In a column of many levels new ones turn up all the time: columns are taken, those with the fewest first,
    as long as they flag no more rows together than are allowed.
    """
    flagged = np.zeros(len(unseen), dtype=bool)
    counted = []
    for place in np.argsort(unseen.sum(axis=0), kind="stable"):
        more = flagged | unseen[:, place]
        if more.sum() > allowed:
            break
        flagged = more
        counted.append(int(place))
    return tuple(sorted(counted)), int(flagged.sum())
