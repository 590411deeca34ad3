"""The split into development and holdout rows: made once, from what the rows hold.

It depends neither on the order of the rows nor on `seed`, so that runs with other seeds are judged on the
same holdout rows and their results can be compared.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.tables.row_keys import Keys, combined, occurrence
from helpers.wording import count, percent

Held = NDArray[np.bool_]

# A numeric target is cut into at most so many bands of equal size, each of which is split.
TARGET_BANDS = 10
# If more than this share of the rows repeat another one, repeats are the table's nature and may part.
NATURAL_REPEATS_SHARE = 0.5
# With more groups than this each goes by its own hash alone; balancing the classes is not needed then.
BALANCED_GROUPS = 50_000


@dataclass(frozen=True)
class Rows:
    """What the split looks at; everything has one entry a row, in the same order.

    Attributes
    ----------
    content : uint64 array
        Hash of what models may see.
    strata : pandas.Series
        Classes, or the numeric target.
    ids, groups, times : pandas.Series or None
        The columns that the params name.
    """

    content: Keys
    strata: pd.Series
    ids: pd.Series | None = None
    groups: pd.Series | None = None
    times: pd.Series | None = None

    def __len__(self) -> int:
        return len(self.content)


@dataclass(frozen=True)
class Side:
    """Which rows are held out, how that was decided, and why so."""

    held: Held
    strategy: str
    reason: str


def split(rows: Rows, *, share: float) -> Side:
    """Return which rows are held out.

    By time (the latest) if `rows` has times, else by group if it has groups, else by id if it has ids, else
    stratified by class or by bands of a numeric target.

    Parameters
    ----------
    rows : Rows
        What the split looks at.
    share : float
        The share of rows to hold out, 0 to 0.5; 0 holds out none.
    """
    if share == 0:
        return Side(np.zeros(len(rows), dtype=bool), "none", "the params ask for no holdout")
    if rows.times is not None:
        return _by_time(rows.times, share)
    strata = strata_of(rows.strata, bands=min(TARGET_BANDS, max(1, int(share * len(rows)))))
    if rows.groups is not None:
        return _by_group(rows.groups, strata, share)
    if rows.ids is not None:
        return _by_id(rows.ids, share)
    return _stratified(rows.content, strata, share, numeric=pd.api.types.is_numeric_dtype(rows.strata.dtype))


def strata_of(target: pd.Series, *, bands: int = TARGET_BANDS) -> NDArray[np.int64]:
    """Return the number of each row's class, or of the band of a numeric target that it is in."""
    if pd.api.types.is_numeric_dtype(target.dtype):
        edges = np.unique(np.quantile(target, np.linspace(0, 1, bands + 1)[1:-1]))
        return np.searchsorted(edges, target.to_numpy(dtype=np.float64), side="left").astype(np.int64)
    return pd.factorize(target, sort=True)[0].astype(np.int64)


def _stratified(content: Keys, strata: NDArray[np.int64], share: float, *, numeric: bool) -> Side:
    parts = f"of {len(np.unique(strata))} bands of the target" if numeric else "class"
    reason = f"each {parts} gives {percent(share)} of its rows"
    if repeats_naturally(content):
        own = combined([content, strata.astype(np.uint64)], rows=len(content))
        content = combined([own, occurrence(own).astype(np.uint64)], rows=len(content))
        reason += "; most rows equal another one, so equal rows may stand on both sides"
    held = np.zeros(len(content), dtype=bool)
    for stratum in np.unique(strata):
        rows = np.flatnonzero(strata == stratum)
        held[rows] = _lowest(content[rows], share)
    return Side(held, "stratified", reason)


def repeats_naturally(content: Keys) -> bool:
    """Tell whether most rows equal another one, as in tables of a few coarse columns."""
    return len(np.unique(content)) < (1 - NATURAL_REPEATS_SHARE) * len(content)


def _lowest(keys: Keys, share: float) -> Held:
    """Return the rows with the lowest keys, about `share` of them; equal keys stay together.

    At least one row is held out and one is left, if there are two different keys.
    """
    distinct, sizes = np.unique(keys, return_counts=True)
    if len(distinct) < 2:
        return np.zeros(len(keys), dtype=bool)
    cuts = np.cumsum(sizes)[:-1]
    last = distinct[int(np.argmin(np.abs(cuts - share * len(keys))))]
    return np.asarray(keys <= last)


def _by_time(times: pd.Series, share: float) -> Side:
    """Hold out the latest rows; rows of the same time stay together, rows without a time stay."""
    numbers, names = pd.factorize(times, sort=True)
    sizes = np.bincount(numbers[numbers >= 0], minlength=len(names))
    if len(names) < 2:
        return Side(np.zeros(len(times), dtype=bool), "none", "all rows have the same time, so none is later")
    later = np.cumsum(sizes[::-1])[::-1][1:]  # rows from the second, third … time on
    cut = int(np.argmin(np.abs(later - share * len(times)))) + 1
    held = numbers >= cut
    return Side(held, "time", f"the latest {percent(held.mean())} of the rows, from {_moment(names[cut])} on")


def _moment(value: object) -> str:
    if isinstance(value, pd.Timestamp):
        return (
            value.strftime("%Y-%m-%d") if value == value.normalize() else value.strftime("%Y-%m-%d %H:%M:%S")
        )
    return str(value)


def _by_group(groups: pd.Series, strata: NDArray[np.int64], share: float) -> Side:
    """Hold out whole groups, in the order of their hash, those that bring each class closer to `share`.

    Rows without a group stay among the development rows.
    """
    numbers, names = pd.factorize(groups)
    if len(names) < 2:
        return Side(np.zeros(len(groups), dtype=bool), "none", "all rows are of the same group")
    order = np.argsort(hashed(names), kind="stable")
    if len(names) > BALANCED_GROUPS:
        sizes = np.cumsum(np.bincount(numbers[numbers >= 0], minlength=len(names))[order])
        chosen = order[: max(1, int(np.searchsorted(sizes, share * len(groups))))]
    else:
        chosen = _balanced(numbers, strata, order, share)
    held = np.isin(numbers, chosen)
    groups_held = f"{len(chosen):,} of {count(len(names), 'group')}"
    return Side(held, "group", f"{groups_held}, {percent(held.mean())} of the rows")


def _balanced(
    numbers: NDArray[np.int64], strata: NDArray[np.int64], order: NDArray[np.int64], share: float
) -> NDArray[np.int64]:
    known = numbers >= 0
    table = np.zeros((int(numbers.max()) + 1, int(strata.max()) + 1))
    np.add.at(table, (numbers[known], strata[known]), 1)
    totals = table.sum(axis=0)
    scale = np.maximum(totals, 1)
    wanted, held = share * totals, np.zeros_like(totals)
    distance = float((np.abs(wanted - held) / scale).sum())
    chosen: list[int] = []
    for group in order:
        after = float((np.abs(wanted - held - table[group]) / scale).sum())
        if after < distance and len(chosen) < len(order) - 1:
            held, distance = held + table[group], after
            chosen.append(int(group))
    if not chosen:  # every group is larger than the share: the smallest one
        chosen = [int(order[np.argmin(table[order].sum(axis=1))])]
    return np.array(chosen, dtype=np.int64)


def _by_id(ids: pd.Series, share: float) -> Side:
    """Hold out the rows whose id's hash is low; rows added to the table later change no other row's side."""
    numbers, names = pd.factorize(ids, use_na_sentinel=False)
    hashes = hashed(names)
    low = hashes < np.uint64(min(int(share * 2**64), 2**64 - 1))
    if not low.any() or low.all():
        low = hashes == hashes.min()
    held = low[numbers]
    reason = f"a hash of the id decides, so a row keeps its side for ever; {percent(held.mean())} of the rows"
    return Side(held, "id", reason)


def hashed(values: Sequence[object] | pd.Index) -> Keys:
    """Return the first 64 bits of the SHA-256 of each value's text."""
    digests = (hashlib.sha256(_text(value).encode("utf-8", "surrogatepass")).digest() for value in values)
    return np.array([int.from_bytes(digest[:8], "big") for digest in digests], dtype=np.uint64)


def _text(value: object) -> str:
    if value is None or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return ""
    return (
        str(int(value))
        if isinstance(value, (float, np.floating)) and float(value).is_integer()
        else str(value)
    )
