"""How each class fares: how much of it is found, how often its name is right, how often a false alarm."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpers.bootstrap import Resamples, interval
from helpers.evaluation.shares import share_of, widest
from helpers.results import ClassResult, Estimate
from helpers.scoring.weighted import Floats, Weighted, divided

Mask = npt.NDArray[np.bool_]


def confusion(truth: pd.Series, answers: Sequence[str], *, classes: Sequence[str]) -> pd.DataFrame:
    """Return the counts, truth down and answer across, every class in the given order."""
    size, names = len(classes), pd.Index(classes)
    pairs = names.get_indexer(pd.Index(truth.to_numpy(dtype=object))) * size
    pairs = pairs + names.get_indexer(pd.Index(np.asarray(answers, dtype=object)))
    counts = np.bincount(pairs, minlength=size * size).reshape(size, size)
    return pd.DataFrame(counts, index=list(classes), columns=list(classes))


def class_results(
    truth: pd.Series,
    answers: Sequence[str],
    baseline: Sequence[str],
    *,
    classes: Sequence[str],
    draws: Resamples | None = None,
) -> list[ClassResult]:
    """Return for each class the shares found, right and falsely alarmed, with Wilson's 95 % intervals.

    Parameters
    ----------
    truth : pandas.Series
        The true class of each holdout row.
    answers, baseline : sequence of str
        What the chosen model and the baseline named.
    classes : sequence of str
        All classes, in the order of the result.
    draws : Resamples, optional
        Where it draws whole groups, the intervals are the wider of Wilson's and the bootstrap's.
    """
    true, named, simple = (np.asarray(part, dtype=object) for part in (truth, answers, baseline))
    results = []
    for name in classes:
        is_one, says, base = true == name, named == name, simple == name
        results.append(
            ClassResult(
                name=name,
                rows=int(is_one.sum()),
                found=share_among(says, is_one, draws),
                right=share_among(is_one, says, draws),
                false_alarm=share_among(says, ~is_one, draws),
                baseline_found=share_of(int((base & is_one).sum()), int(is_one.sum())).value,
                baseline_false_alarm=share_of(int((base & ~is_one).sum()), int((~is_one).sum())).value,
            )
        )
    return results


def class_frame(results: Sequence[ClassResult]) -> pd.DataFrame:
    """Return the results as a table: one row a class; shares between 0 and 1 with their limits."""
    records = []
    for result in results:
        record: dict[str, object] = {"class": result.name, "rows": result.rows}
        for name in ("found", "right", "false_alarm"):
            estimate: Estimate = getattr(result, name)
            record |= {name: estimate.value, f"{name}_low": estimate.low, f"{name}_high": estimate.high}
        record |= {
            "baseline_found": result.baseline_found,
            "baseline_false_alarm": result.baseline_false_alarm,
        }
        records.append(record)
    return pd.DataFrame(records)


def share_among(hits: Mask, among: Mask, draws: Resamples | None) -> Estimate:
    """Return the share of `hits` among the rows `among`: Wilson's interval, with groups the wider of both."""
    wilson = share_of(int((hits & among).sum()), int(among.sum()))
    if draws is None or not draws.grouped or wilson.value is None:
        return wilson
    drawn = draws.values(_ratio((hits & among).astype(float), among.astype(float)))[:, 0]
    return widest(wilson, interval(wilson.value, drawn, units=draws.unit_count, within=(0.0, 1.0)))


def _ratio(top: Floats, bottom: Floats) -> Weighted:
    def ratio(weights: Floats) -> Floats:
        return divided(weights @ top, weights @ bottom)

    return ratio
