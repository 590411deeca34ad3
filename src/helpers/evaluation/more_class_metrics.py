"""Further metrics of classes, each from truth and answers to a function of row weights."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from helpers.scoring.weighted import (
    Floats,
    Rows,
    Weighted,
    area_under,
    brier_losses,
    confusion_counts,
    divided,
    positives,
    ranking,
    stated_of,
    weighted_mean,
)

# The part of the ranking that lift looks at, and how many answers "among the first" allows.
TOP_SHARE = 0.1
FIRST_ANSWERS = 3


Mask = npt.NDArray[np.bool_]


def share_parts(name: str, rows: Rows) -> tuple[Mask, Mask] | None:
    """Return what a share counts among which rows; None for a metric that is no share."""
    is_one, says_one = rows.truth == rows.positive, rows.answer == rows.positive
    parts = {
        "precision": (is_one, says_one),
        "recall": (says_one, is_one),
        "specificity": (~says_one, ~is_one),
        "negative_predictive_value": (~is_one, ~says_one),
    }
    return parts.get(name)


def share(name: str) -> Callable[[Rows], Weighted]:
    """Return the builder of one of the shares that `share_parts` knows."""

    def build(rows: Rows) -> Weighted:
        parts = share_parts(name, rows)
        if parts is None:
            raise ValueError(f"no share is called {name}")
        both, among = (parts[0] & parts[1]).astype(float), parts[1].astype(float)
        return lambda weights: divided(weights @ both, weights @ among)

    return build


def kappa(rows: Rows) -> Weighted:
    """Return Cohen's (1960) agreement beyond chance."""
    confusion = confusion_counts(rows)

    def agreement(weights: Floats) -> Floats:
        counts = confusion(weights)
        total = counts.sum(axis=(1, 2))
        seen = np.trace(counts, axis1=1, axis2=2) / total
        chance = (counts.sum(axis=1) * counts.sum(axis=2)).sum(axis=1) / total**2
        return divided(seen - chance, 1 - chance)

    return agreement


def largest_gap(rows: Rows) -> Weighted:
    """Return the largest distance between both classes' shares above a threshold (Kolmogorov, Smirnov)."""
    stated, is_positive = positives(rows)
    order, starts, is_positive = ranking(-stated, is_positive)

    def largest(weights: Floats) -> Floats:
        drawn = weights[:, order]
        found = np.cumsum(np.add.reduceat(drawn * is_positive, starts, axis=1), axis=1)
        alarms = np.cumsum(np.add.reduceat(drawn * ~is_positive, starts, axis=1), axis=1)
        gaps = divided(found, found[:, -1:] + 0 * found) - divided(alarms, alarms[:, -1:] + 0 * alarms)
        return np.asarray(gaps.max(axis=1))

    return largest


def lift_of_top(rows: Rows) -> Weighted:
    """Return how many times as frequent the positive class is in the top tenth of the ranking.

    Rows of equal probability share what is left of the tenth.
    """
    stated, is_positive = positives(rows)
    order, starts, is_positive = ranking(-stated, is_positive)

    def lift(weights: Floats) -> Floats:
        drawn = weights[:, order]
        size = np.add.reduceat(drawn, starts, axis=1)
        found = np.add.reduceat(drawn * is_positive, starts, axis=1)
        before = np.cumsum(size, axis=1) - size
        wanted = TOP_SHARE * size.sum(axis=1, keepdims=True)
        taken = np.clip(np.divide(wanted - before, size, out=np.zeros_like(size), where=size > 0), 0, 1)
        rate = (taken * found).sum(axis=1) / wanted[:, 0]
        return divided(rate, found.sum(axis=1) / size.sum(axis=1))

    return lift


def brier_skill(rows: Rows) -> Weighted:
    """Return the Brier score as the part of the class shares' own that is saved (Brier 1950, Murphy 1973)."""
    positive = (rows.truth == rows.positive).astype(float)
    squares = weighted_mean(brier_losses(rows))
    share = weighted_mean(positive)

    def skill(weights: Floats) -> Floats:
        often = share(weights)
        return 1.0 - divided(squares(weights), often * (1 - often))

    return skill


def one_against_rest(rows: Rows) -> Weighted:
    """Return the mean area under the curve over the classes, each against the rest (those that occur)."""
    areas = [area_under(stated_of(rows)[:, code], rows.truth == code) for code in range(rows.classes)]

    def mean(weights: Floats) -> Floats:
        each = np.column_stack([area(weights) for area in areas])
        defined = np.isfinite(each)
        return divided(np.where(defined, each, 0.0).sum(axis=1), defined.sum(axis=1).astype(float))

    return mean


def brier_of_classes(rows: Rows) -> Weighted:
    """Return the mean over rows of the summed squared distances between stated and true (0 to 2)."""
    happened = np.eye(rows.classes)[rows.truth]
    return weighted_mean(((stated_of(rows) - happened) ** 2).sum(axis=1))


def among_first(rows: Rows) -> Weighted:
    """Return the share of the rows whose class is among the three likeliest."""
    stated = stated_of(rows)
    own = stated[np.arange(len(stated)), rows.truth][:, None]
    # Of equal probabilities the first class goes before, as when the likeliest one is named.
    earlier = (stated == own) & (np.arange(rows.classes)[None, :] < rows.truth[:, None])
    return weighted_mean((((stated > own) | earlier).sum(axis=1) < FIRST_ANSWERS).astype(float))


def macro_precision(rows: Rows) -> Weighted:
    """Return the share of right names within each class, averaged over the classes that occur."""
    confusion = confusion_counts(rows)

    def precision(weights: Floats) -> Floats:
        counts = confusion(weights)
        each = divided(np.diagonal(counts, axis1=1, axis2=2), counts.sum(axis=1))
        # A class that occurs and is never named has no right name; one that does neither says nothing.
        occurs = counts.sum(axis=2) > 0
        return np.asarray(np.nanmean(np.where(np.isnan(each) & occurs, 0.0, each), axis=1))

    return precision


def weighted_f1(rows: Rows) -> Weighted:
    """Return F1 averaged over the rows' classes."""
    confusion = confusion_counts(rows)

    def f1(weights: Floats) -> Floats:
        counts = confusion(weights)
        true = counts.sum(axis=2)
        each = np.nan_to_num(divided(2 * np.diagonal(counts, axis1=1, axis2=2), counts.sum(axis=1) + true))
        return divided((each * true).sum(axis=1), true.sum(axis=1))

    return f1
