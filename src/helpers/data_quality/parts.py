"""Numbers that add up to a target of numbers, or multiply to it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from helpers.tables.table import Kind, Table

PARTS_R2 = 0.9999
PARTS_TYPICAL_ERROR = 0.02
PARTS_AT_MOST = 60
PARTS_PRESENT = 0.8
# Nearly a sum: a few columns leave little of what one alone leaves much of.
NEARLY_R2 = 0.98
NEARLY_AT_MOST = 5
ALONE_R2 = 0.9


@dataclass(frozen=True)
class Parts:
    """Columns of numbers of which the target is a sum or a product, with fitted weights, or nearly so."""

    columns: tuple[str, ...]
    way: str
    exact: bool = True


def additive_features(table: Table) -> list[str]:
    """Return the features of numbers with few gaps: what could add up to the target."""
    return [
        column.name
        for column in table.features
        if column.kind in (Kind.NUMBER, Kind.BOOLEAN)
        and table.frame[column.name].notna().mean() >= PARTS_PRESENT
    ]


def parts_of_number(table: Table) -> Parts | None:
    """Return the features of which the target is a sum or product, with R² above 0.9999 on rows not seen.

    Where there are none, up to five of which it is nearly one: R² above 0.98, while none alone is above 0.9.
    """
    names = additive_features(table)
    with threadpool_limits(1):
        for exact in (True, False) if names else ():
            for way, find in (("sum", _sum_parts), ("product", _product_parts)):
                found = find(table, names, exact=exact)
                if found:
                    return Parts(tuple(found), way, exact)
    return None


def _sum_parts(table: Table, names: Sequence[str], *, exact: bool) -> list[str]:
    values, target = table.frame[list(names)].to_numpy(float), table.y.to_numpy(float)
    return _linear_parts(values, target, names, exact=exact)


def _product_parts(table: Table, names: Sequence[str], *, exact: bool) -> list[str]:
    """Return the columns of which the target is a product of powers: a sum on the scale of logarithms."""
    target = table.y.to_numpy(float)
    positive = [name for name in names if (table.frame[name].dropna() > 0).all()]
    if not positive or (target <= 0).any():
        return []
    values = np.log(table.frame[positive].to_numpy(float))
    return _linear_parts(values, np.log(target), positive, exact=exact)


def _linear_parts(values: np.ndarray, target: np.ndarray, names: Sequence[str], *, exact: bool) -> list[str]:
    """Return the fewest columns found whose linear combination is the target, empty if there is none.

    Weights come from every other row and are judged on the rest. A column is given up where the others do
    without it, the least important first.
    """
    complete = np.isfinite(values).all(axis=1)
    values, target = values[complete], target[complete]
    varying = np.flatnonzero(values.std(axis=0) > 0) if len(values) else np.array([], dtype=int)
    if target.size == 0 or target.std() == 0 or not len(varying):
        return []
    standard = (values - values.mean(axis=0)) / np.where(values.std(axis=0) > 0, values.std(axis=0), 1.0)
    correlation = np.abs(standard.T @ (target - target.mean()))
    kept = sorted(varying.tolist(), key=lambda i: -correlation[i])[:PARTS_AT_MOST]
    is_enough = _is_exact if exact else _is_near
    if len(target) < 3 * len(kept) + 10 or not is_enough(standard[:, kept], target):
        return []
    weights = np.abs(np.linalg.lstsq(standard[:, kept], target - target.mean(), rcond=None)[0])
    for column in [kept[i] for i in np.argsort(weights, kind="stable")]:
        others = [i for i in kept if i != column]
        if others and is_enough(standard[:, others], target):
            kept = others
    if not exact and (len(kept) > NEARLY_AT_MOST or _best_alone(standard[:, kept], target) > ALONE_R2):
        return []
    return [names[i] for i in sorted(kept)]


def _best_alone(standard: np.ndarray, target: np.ndarray) -> float:
    correlations = standard.T @ (target - target.mean()) / (len(target) * target.std())
    return float((correlations**2).max())


def _residual(values: np.ndarray, target: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return every other target, and what weights from the rows between leave of it."""
    design = np.column_stack([np.ones(len(values)), values])
    weights = np.linalg.lstsq(design[::2], target[::2], rcond=None)[0]
    left: np.ndarray = target[1::2]
    return left, left - design[1::2] @ weights


def _is_near(values: np.ndarray, target: np.ndarray) -> bool:
    left, residual = _residual(values, target)
    return bool((residual**2).mean() <= (1 - NEARLY_R2) * left.var())


def _is_exact(values: np.ndarray, target: np.ndarray) -> bool:
    """Return whether weights from every other row give the target on the rest, in the mean and typically."""
    left, residual = _residual(values, target)
    spread = left - np.median(left)
    if (residual**2).mean() > (1 - PARTS_R2) * left.var():
        return False
    # One huge value in column and target alone would give the R² asked for.
    return bool(np.median(np.abs(residual)) <= PARTS_TYPICAL_ERROR * max(np.median(np.abs(spread)), 1e-12))
