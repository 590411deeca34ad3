"""How the score of one model grows with the rows that it learns from, and what its shape says.

The verdict follows one rule, in the unit "share of the gain over the baseline on the training rows": how
much of that gain is lost between training rows and validation rows. More than `OVERFIT_LOSS` of it lost, the
whole interval with it, is an overfit; more than that lost, but not the whole interval, cannot be told. Less
than `UNDERFIT_LOSS` lost, while a more complex candidate is credibly better, is an underfit. What remains is
balanced. Without enough folds, or without a model that beats the baseline, nothing can be told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpers.metrics import Metric, Task, bounds
from helpers.model_selection.choice import CREDIBLE, Chosen
from helpers.model_selection.comparison import (
    Difference,
    compare,
    corrected_interval,
    difference,
    validation_share,
)
from helpers.model_selection.cross_validation import (
    CandidateResult,
    Deadline,
    FoldScore,
)
from helpers.model_selection.fitting import Fitting, Here, Job
from helpers.model_selection.parallel import in_order
from helpers.results import Estimate, LearningPoint
from helpers.tables.folds import Folds, Part, Positions
from helpers.tables.table import Table
from helpers.wording import count, number, percent, with_unit

SHARES: tuple[float, ...] = (0.1, 0.25, 0.5, 0.75, 1.0)
FEWEST_ROWS = 10
FEWEST_FOLDS = 3
OVERFIT_LOSS = 0.25
UNDERFIT_LOSS = 0.1

Word = Literal["overfit", "underfit", "balanced", "cannot tell"]


@dataclass(frozen=True)
class Diagnosis:
    """Whether the model follows its training rows too closely or too loosely, and why one thinks so."""

    word: Word
    reason: str
    loss: Estimate


def learning_curve(
    table: Table,
    result: CandidateResult,
    folds: Folds,
    *,
    metric: Metric,
    seed: int,
    deadline: Deadline,
    fitting: Fitting | None = None,
) -> pd.DataFrame:
    """Return the scores of the model on growing parts of each fold's training rows.

    The smaller parts are nested in the larger ones and hold the classes in their shares. The largest part
    is the whole, whose scores are taken from `result`.

    Parameters
    ----------
    table : Table
        The development rows.
    result : CandidateResult
        The model, which did not fail, with its scores on the same folds.
    folds : Folds
        The same as for `result`; the first repeat is used.
    metric : Metric
        What to score with.
    seed : int
        Seed of the estimator and of the parts.
    deadline : Deadline
        Sizes that were not begun by then are left out.
    fitting : Fitting, optional
        What fits, as `cross_validation.evaluate_all` has it.

    Returns
    -------
    pandas.DataFrame
        One row a fit, columns `share`, `fold`, `rows`, `train`, `validation`. A size that cannot be fitted
        in some fold (a class is not in the part, for one) is left out whole.
    """
    parts = folds.parts[: folds.folds]
    orders = [_order(table, train, seed) for train, _ in parts]
    rows: list[dict[str, Any]] = []
    for share in SHARES[:-1]:
        if deadline.passed:
            break
        sizes = _sizes(table, parts, orders, share)
        sized = _fitted(table, result, sizes, metric=metric, seed=seed, fitting=fitting or Here())
        rows.extend(_record(share, fold, scored) for fold, scored in enumerate(sized))
    whole = result.folds[: len(parts)]
    rows.extend(_record(1.0, fold, scored) for fold, scored in enumerate(whole))
    return pd.DataFrame(rows)


def points(curve: pd.DataFrame, *, metric: Metric, share: float) -> list[LearningPoint]:
    """Return the curve's points with corrected intervals; `share` is validation over training rows."""
    return [
        LearningPoint(
            rows=round(part["rows"].mean()),
            train=_interval(part["train"], metric, share / size),
            validation=_interval(part["validation"], metric, share / size),
        )
        for size, part in ((size, curve[curve["share"] == size]) for size in SHARES)
        if len(part)
    ]


def more_rows(curve: pd.DataFrame, *, metric: Metric, share: float, margin: float, unit: str = "") -> str:
    """Say whether more rows would help, from the last two points of the learning curve.

    Parameters
    ----------
    curve : pandas.DataFrame
        What `learning_curve` returns.
    metric : Metric
        What it was scored with.
    share : float
        Validation rows over the training rows of the whole.
    margin : float
        What counts as practically equal, in the metric's unit; a step no larger is of little help.
    unit : str
        The unit of the scores, empty for one without.

    Notes
    -----
    The difference is paired over the folds; its interval takes into account that they share rows.
    """
    sizes = sorted(curve["share"].unique())[-2:]
    if len(sizes) < 2:
        return "The learning curve has a single point: whether more rows help cannot be told."
    sign = 1.0 if metric.higher_is_better else -1.0
    fewer, more = (curve[curve["share"] == size].set_index("fold") for size in sizes)
    steps = (sign * (more["validation"] - fewer["validation"])).to_numpy(dtype=float)
    found = difference(steps[np.isfinite(steps)], share=share / sizes[0])
    text = f"From {fewer['rows'].mean():,.0f} to {count(round(more['rows'].mean()), 'row')} {metric.label}"
    if not np.isfinite(found.low):
        return f"{text} cannot be compared over the folds: whether more rows help cannot be told."
    way = 1.0 if found.mean >= 0 else -1.0
    low, high = sorted((way * found.low, way * found.high))
    text += (
        f" got {'better' if way > 0 else 'worse'} by {with_unit(number(abs(found.mean)), unit)} "
        f"(95 % interval {number(low)} to {number(high)})"
    )
    if found.high <= margin:
        return f"{text}: more rows would help little."
    return f"{text}: {'more rows may help' if found.low > 0 else 'whether more rows help cannot be told'}."


def diagnose(
    chosen: Chosen,
    baseline: CandidateResult,
    results: Sequence[CandidateResult],
    *,
    metric: Metric,
    unit: str = "",
) -> Diagnosis:
    """Return the verdict on the chosen model; the rule is this module's description."""
    unknown = Estimate(value=None)
    if not chosen.beats_baseline:
        return Diagnosis(
            "cannot tell", "No candidate beats the baseline, so there is no fit to judge.", unknown
        )
    result = chosen.result
    if len(result.folds) < FEWEST_FOLDS:
        few = f"{len(result.folds)} folds are too few to tell the gap from noise; {FEWEST_FOLDS} are needed."
        return Diagnosis("cannot tell", few, unknown)
    sign = 1.0 if metric.higher_is_better else -1.0
    gained = float(np.nanmean(sign * (result.train - baseline.validation)))
    gap = sign * (result.train - result.validation)
    gap = gap[np.isfinite(gap)]
    if gained <= 0 or len(gap) < FEWEST_FOLDS:
        return Diagnosis("cannot tell", "The training scores are no better than the baseline's.", unknown)
    lost = difference(gap / gained, share=validation_share(result.folds))
    better = _better_and_more_complex(result, results, metric=metric)
    worse_by = with_unit(number(max(0.0, float(gap.mean()))), unit)
    return _verdict(lost, better, worse_by=worse_by, metric=metric)


def _verdict(lost: Difference, better: CandidateResult | None, *, worse_by: str, metric: Metric) -> Diagnosis:
    estimate = Estimate(value=lost.mean, low=lost.low, high=lost.high)
    facts = (
        f"From training to validation rows {metric.label} gets worse by {worse_by}, which is "
        f"{percent(max(0.0, lost.mean))} of what the model gains over the baseline on its training rows"
    )
    if lost.low > OVERFIT_LOSS:
        return Diagnosis(
            "overfit",
            f"{facts}, and its 95 % interval lies above {percent(OVERFIT_LOSS)}: it follows its training "
            "rows more closely than new rows bear out.",
            estimate,
        )
    if better is not None and lost.mean < UNDERFIT_LOSS:
        return Diagnosis(
            "underfit",
            f"{facts}, less than {percent(UNDERFIT_LOSS)}, and the more complex {better.label} is credibly "
            "better, if practically as good: the choice of the simpler model leaves a little unlearnt.",
            estimate,
        )
    if lost.mean > OVERFIT_LOSS:
        return Diagnosis(
            "cannot tell",
            f"{facts}; its 95 % interval begins at {percent(max(0.0, lost.low))}, so that whether it is "
            f"truly more than {percent(OVERFIT_LOSS)}, an overfit, the folds cannot tell.",
            estimate,
        )
    return Diagnosis("balanced", f"{facts}: no clear overfit or underfit.", estimate)


def _better_and_more_complex(
    result: CandidateResult, results: Sequence[CandidateResult], *, metric: Metric
) -> CandidateResult | None:
    """Return the first candidate that is more complex than `result` and credibly better, however little."""
    others = (
        found
        for found in results
        if not found.failed and found.candidate.complexity > result.candidate.complexity
    )
    return next((found for found in others if compare(found, result, metric=metric).better >= CREDIBLE), None)


def _sizes(table: Table, parts: Sequence[Part], orders: Sequence[Positions], share: float) -> list[Part]:
    """Return every fold with this share of its training rows, or none where some fold is too small for it."""
    sizes = []
    for order, (_, validation) in zip(orders, parts, strict=True):
        size = round(share * len(order))
        part = np.sort(order[:size])
        if size < FEWEST_ROWS or not _has_every_class(table, part, order):
            return []
        sizes.append((part, validation))
    return sizes


def _fitted(
    table: Table,
    result: CandidateResult,
    sizes: Sequence[Part],
    *,
    metric: Metric,
    seed: int,
    fitting: Fitting,
) -> list[FoldScore]:
    def fit(sized: Part) -> FoldScore:
        scored, _ = fitting.fit(table, Job(result.candidate, *sized, metric, seed, result.settings))
        return scored

    return in_order(fit, sizes, stop=fitting.stop)


def _has_every_class(table: Table, part: Positions, whole: Positions) -> bool:
    if table.task is Task.REGRESSION:
        return True
    return bool(table.y.iloc[part].nunique() == table.y.iloc[whole].nunique())


def _order(table: Table, train: Positions, seed: int) -> Positions:
    """Return the training rows in a random order whose beginnings hold the classes in their shares."""
    keys = np.random.default_rng(seed).random(len(train))
    if table.task is Task.REGRESSION:
        return train[np.argsort(keys, kind="stable")]
    frame = pd.DataFrame({"key": keys, "label": table.y.iloc[train].to_numpy()})
    within = frame.groupby("label")["key"]
    # The k-th of n rows of a class stands at (k - 1/2) / n, so that each class is spread evenly.
    place = (within.rank(method="first") - 0.5) / within.transform("size")
    return train[np.lexsort((keys, place.to_numpy()))]


def _record(share: float, fold: int, scored: FoldScore) -> dict[str, Any]:
    return {
        "share": share,
        "fold": fold + 1,
        "rows": scored.train_rows,
        "train": scored.train,
        "validation": scored.validation,
    }


def _interval(values: pd.Series, metric: Metric, share: float) -> Estimate:
    scores: npt.NDArray[np.float64] = values.to_numpy(dtype=float)
    return corrected_interval(scores, share=share, limits=bounds(metric))
