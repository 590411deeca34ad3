"""Scores of folds compared honestly: intervals and differences whose variance knows that folds overlap.

The training parts of cross-validation share most of their rows, so fold scores are not independent and the
usual t interval is far too narrow. The variance of a mean over J fits is taken as (1/J + n_validation /
n_train) times that of the scores (Nadeau and Bengio, Inference for the generalization error, Machine
Learning 52, 2003); the same correction serves the Bayesian test (Corani and Benavoli, A Bayesian approach
for comparing cross-validated algorithms on multiple data sets, Machine Learning 100, 2015).

What counts as practically equal is a share of the best model's own loss, its distance from the ideal score
(0 for an error, 1 for a score). A share of the gain over the baseline would be larger, the easier the table:
at an AUC of 0.99 it would let twice as many wrong orders pass as equal. The share is half a per cent, less
than what tuning or an ensemble commonly gains, so that a simpler model costs next to nothing in predictions.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from helpers.metrics import Metric, bounds
from helpers.model_selection.cross_validation import CandidateResult, FoldScore
from helpers.results import Estimate, Score

CONFIDENCE = 0.95
# So much of the best model's own loss is practically nothing.
EQUAL_SHARE = 0.005
# Of the standard error of a score that may be perfect: no table of this size shows so small a difference.
NOISE_SHARE = 0.2
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Difference:
    """One model minus another on the same folds, in the direction where more is better.

    Attributes
    ----------
    mean : float
        Mean over the folds; NaN with no fold that defines both scores.
    low, high : float
        95 % interval; infinite with fewer than two folds.
    better, equal, worse : float
        Probability that the true difference is above the margin, within it, and below it.
    """

    mean: float
    low: float
    high: float
    better: float
    equal: float
    worse: float


def validation_share(folds: Sequence[FoldScore]) -> float:
    """Return validation rows over training rows, averaged over the folds."""
    return float(np.mean([fold.validation_rows / fold.train_rows for fold in folds]))


def corrected_error(values: Floats, *, share: float) -> float:
    """Return the standard error of the mean of fold scores, corrected for the overlap of the folds.

    Parameters
    ----------
    values : numpy.ndarray
        One score or difference a fold, none missing.
    share : float
        Validation rows over training rows.

    Returns
    -------
    float
        NaN with fewer than two values.
    """
    if len(values) < 2:
        return float("nan")
    return float(np.sqrt((1 / len(values) + share) * np.var(values, ddof=1)))


def corrected_interval(
    values: Floats, *, share: float, limits: tuple[float, float] = (-np.inf, np.inf)
) -> Estimate:
    """Return the mean of fold scores with its corrected 95 % t interval, cut to what the metric can reach."""
    known = np.asarray(values, dtype=float)[np.isfinite(values)]
    if len(known) == 0:
        return Estimate(value=None)
    mean = float(known.mean())
    if len(known) < 2:
        return Estimate(value=mean)
    half = corrected_error(known, share=share) * float(stats.t.ppf((1 + CONFIDENCE) / 2, len(known) - 1))
    return Estimate(value=mean, low=max(mean - half, limits[0]), high=min(mean + half, limits[1]))


def compare(
    one: CandidateResult, other: CandidateResult, *, metric: Metric, margin: float = 0.0
) -> Difference:
    """Return `one` minus `other` by the correlated t-test; what lies within `margin` counts as equal.

    Parameters
    ----------
    one, other : CandidateResult
        Results on the same folds; where one has further repeats, on those that both have.
    metric : Metric
        Tells in which direction more is better; errors are turned round.
    margin : float
        Half-width of the region of practical equivalence, in the metric's unit.
    """
    sign = 1.0 if metric.higher_is_better else -1.0
    both = min(len(one.folds), len(other.folds))
    values = sign * (one.validation[:both] - other.validation[:both])
    return difference(values[np.isfinite(values)], share=validation_share(one.folds), margin=margin)


def distance(value: float, *, metric: Metric) -> float:
    """Return how far a score is from the best that the metric can reach: the loss, less is better."""
    least, most = bounds(metric)
    return most - value if metric.higher_is_better else value - least


def practical_margin(best: CandidateResult, *, metric: Metric) -> float:
    """Return the half-width of the region of practical equivalence, in the metric's unit.

    Half a per cent of the best model's loss. A score whose interval holds the ideal has no loss that could be
    told from none, and a share of it would be no measure: there it is a fifth of the standard error.
    """
    known = best.validation[np.isfinite(best.validation)]
    loss = distance(float(known.mean()), metric=metric)
    error = corrected_error(known, share=validation_share(best.folds))
    if metric.higher_is_better and np.isfinite(error):
        reach = error * float(stats.t.ppf((1 + CONFIDENCE) / 2, len(known) - 1))
        if loss <= reach:
            return max(EQUAL_SHARE * loss, NOISE_SHARE * error)
    return EQUAL_SHARE * loss


def difference(values: Floats, *, share: float, margin: float = 0.0) -> Difference:
    """Return what paired differences, one a fold and none missing, say of the true difference."""
    mean = float(values.mean()) if len(values) else float("nan")
    error = corrected_error(values, share=share)
    if not np.isfinite(error):
        return Difference(mean, -np.inf, np.inf, *(np.nan,) * 3)
    if error == 0:
        return Difference(
            mean, mean, mean, float(mean > margin), float(abs(mean) <= margin), float(mean < -margin)
        )
    posterior = stats.t(len(values) - 1, loc=mean, scale=error)
    low, high = (float(end) for end in posterior.interval(CONFIDENCE))
    worse, better = float(posterior.cdf(-margin)), float(posterior.sf(margin))
    return Difference(mean, low, high, better, max(0.0, 1 - worse - better), worse)


def ranked(results: Sequence[CandidateResult], metric: Metric) -> list[CandidateResult]:
    """Return the results with the best mean score first; equals keep their order."""
    if not results:
        return []
    return sorted(results, key=lambda found: -compare(found, results[0], metric=metric).mean)


def best_of(results: Sequence[CandidateResult], metric: Metric) -> CandidateResult | None:
    """Return the best of the results that have a score, or None where none has."""
    return next(iter(ranked([found for found in results if not found.failed], metric)), None)


def leaderboard(results: Sequence[CandidateResult], *, metric: Metric) -> pd.DataFrame:
    """Return the results as a table, the best first and those that failed last.

    Returns
    -------
    pandas.DataFrame
        One row a result: `model`, `label`, `score` with `low` and `high`, `train_score`; `gain` over the
        baseline (more is better) with `gain_low`, `gain_high` and `p_better`, its probability of being above
        zero; `fit_seconds` and `predict_seconds` (means over folds), `note`, and `failed`.
    """
    baseline = next(
        (found for found in results if found.candidate.family == "baseline" and not found.failed), None
    )
    table = pd.DataFrame([_row(found, baseline, metric) for found in results])
    # Errors rank the other way round; NaN, the failed ones, go last, and equals keep the order of simplicity.
    order = table["score"].sort_values(
        ascending=not metric.higher_is_better, kind="stable", na_position="last"
    )
    return table.loc[order.index].reset_index(drop=True)


def _row(result: CandidateResult, baseline: CandidateResult | None, metric: Metric) -> dict[str, object]:
    names = {"model": result.name, "label": result.label}
    if result.failed:
        return {**names, "score": np.nan, "note": result.failed, "failed": True}
    score = score_of(result, metric=metric)
    train = result.train[np.isfinite(result.train)]
    gain = compare(result, baseline, metric=metric) if baseline and result is not baseline else None
    return {
        **names,
        "score": score.value,
        "low": np.nan if score.low is None else score.low,
        "high": np.nan if score.high is None else score.high,
        "train_score": float(train.mean()) if len(train) else np.nan,
        "gain": gain.mean if gain else np.nan,
        "gain_low": gain.low if gain else np.nan,
        "gain_high": gain.high if gain else np.nan,
        "p_better": gain.better if gain else np.nan,
        "fit_seconds": float(np.mean([fold.fit_seconds for fold in result.folds])),
        "predict_seconds": float(np.mean([fold.predict_seconds for fold in result.folds])),
        "note": "; ".join(result.notes),
        "failed": False,
    }


def score_of(result: CandidateResult, *, metric: Metric) -> Estimate:
    """Return the mean validation score of a result that did not fail, with its corrected interval."""
    return corrected_interval(result.validation, share=validation_share(result.folds), limits=bounds(metric))


def as_scores(table: pd.DataFrame) -> list[Score]:
    """Return the leaderboard as it is recorded for other notebooks."""
    return [
        Score(
            model=row["model"],
            label=row["label"],
            score=Estimate(value=_number(row["score"]), low=_number(row["low"]), high=_number(row["high"])),
            train_score=_number(row["train_score"]),
            fit_seconds=_number(row["fit_seconds"]) or 0.0,
            predict_seconds=_number(row["predict_seconds"]) or 0.0,
            failed=row["note"] if row["failed"] else "",
        )
        for row in table.to_dict("records")
    ]


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
