"""What the notebook hands on: the typed result, and tables that read well."""

from collections.abc import Sequence

import pandas as pd

from helpers.metrics import IN_TARGET_UNITS, Metric
from helpers.model_selection.bias_variance import Spread
from helpers.model_selection.candidates import Candidate
from helpers.model_selection.choice import Chosen, as_estimate
from helpers.model_selection.comparison import as_scores, compare
from helpers.model_selection.cross_validation import CandidateResult
from helpers.model_selection.diagnosis import was_stopped
from helpers.model_selection.expected import Expected
from helpers.model_selection.fitted import BASELINE
from helpers.model_selection.incumbent import Incumbent, incumbent_result
from helpers.model_selection.learning_curve import Diagnosis
from helpers.model_selection.optimism import Optimism
from helpers.model_selection.racing import stopped_early
from helpers.model_selection.repeated import Repeated, finalists_of
from helpers.model_selection.search import SearchResult
from helpers.model_selection.stopping import Advice
from helpers.results import LearningPoint, Parts, SelectionResult
from helpers.tables.folds import Folds
from helpers.tables.table import Table
from helpers.wording import count, joined, number, with_unit


def selection_result(
    table: Table,
    folds: Folds,
    board: pd.DataFrame,
    chosen: Chosen,
    points: Sequence[LearningPoint],
    diagnosis: Diagnosis,
    *,
    metric: Metric,
    searched: SearchResult,
    results: Sequence[CandidateResult],
    final: Repeated,
    flattery: Optimism,
    expected: Expected,
    advice: Advice,
    spread: Spread,
    incumbent: Incumbent | None = None,
) -> SelectionResult:
    """Return what 04 records: the leaderboard, the choice with its reason, what would make it better."""
    return SelectionResult(
        metric=metric.name,
        strategy=folds.strategy,
        folds=folds.folds,
        repeats=folds.repeats,
        rows=len(table),
        leaderboard=as_scores(board),
        chosen=chosen.result.name,
        chosen_label=chosen.result.label,
        chosen_plain=chosen.result.candidate.plain,
        reason=chosen.reason,
        gain=chosen.gain_estimate,
        learning_curve=list(points),
        fit_diagnosis=diagnosis.word,
        trials=len(searched.trials),
        stopped_by_seconds=was_stopped([*results, *searched.trials]),
        chosen_settings=dict(chosen.result.settings),
        chosen_score=expected.score,
        another_table=expected.another_table,
        optimism=flattery.flattery,
        margin=chosen.margin,
        given_up=as_estimate(chosen.given_up),
        finalists=finalists_of(final, chosen, metric=metric),
        repeats_added=final.repeats,
        repeats_reason=final.reason,
        incumbent=incumbent_result(final.results, chosen, incumbent, metric=metric),
        stopping=list(advice.rows),
        advice=advice.sentence,
        parts=Parts(
            word=spread.word,
            least_variance=spread.variance.low,
            most_variance=spread.variance.high,
            reason=spread.reason,
        ),
    )


def candidates_table(candidates: Sequence[Candidate]) -> pd.DataFrame:
    """Return the candidates with what each is: columns `model`, `family`, `what it is`, `rank`."""
    return pd.DataFrame(
        {
            "model": [candidate.label for candidate in candidates],
            "what it is": [candidate.plain for candidate in candidates],
            "family": [candidate.family for candidate in candidates],
            "complexity": [candidate.complexity for candidate in candidates],
        }
    )


def fitted_sentence(results: Sequence[CandidateResult]) -> str:
    """Say how many of the candidates have a score, which were dropped, and which have none."""
    dropped = [found.label for found in results if stopped_early(found)]
    failed = [found.label for found in results if found.failed and not stopped_early(found)]
    fits = sum(len(found.folds) for found in results)
    if not failed and not dropped:
        return f"All {count(len(results), 'candidate')} have a score, after {count(fits, 'fit')}."
    scored = len(results) - len(failed) - len(dropped)
    said = f"With a score: {scored} of {count(len(results), 'candidate')}, after {count(fits, 'fit')}"
    if dropped:
        said += f"; dropped between folds as much worse than the best: {joined(dropped)}"
    return f"{said}; without: {joined(failed)}." if failed else f"{said}."


def leading_sentence(board: pd.DataFrame, *, metric: Metric, unit: str = "") -> str:
    """Say which model has the best mean score, and what the baseline has."""
    scored = board[~board["failed"]]
    first, baseline = scored.iloc[0], scored[scored["model"] == BASELINE].iloc[0]
    best = with_unit(number(first["score"]), unit)
    if first["model"] == BASELINE:
        return f"No model has a better mean {metric.label} than the baseline: {best}."
    return (
        f"{first['label']} has the best mean {metric.label}: {best}; the baseline has "
        f"{with_unit(number(baseline['score']), unit)}."
    )


def shown_leaderboard(board: pd.DataFrame, *, metric: Metric) -> pd.DataFrame:
    """Return the leaderboard with headings for people."""
    names = {
        "label": "model",
        "score": metric.label,
        "low": "from",
        "high": "to",
        "train_score": "on training rows",
        "gain": "gain over baseline",
        "p_better": "P(better than baseline)",
        "fit_seconds": "fit (s)",
        "predict_seconds": "predict (s)",
        "note": "remark",
    }
    return board[list(names)].rename(columns=names)


def against_best(results: Sequence[CandidateResult], chosen: Chosen, *, metric: Metric) -> pd.DataFrame:
    """Return each candidate against the best one, counting what lies within the margin as equal.

    Returns
    -------
    pandas.DataFrame
        Columns `model`, `difference` (more is better) with `from` and `to`, and the probabilities of being
        `better`, practically `equal` and `worse`.
    """
    rows = []
    for found in results:
        if found.failed or found is chosen.best:
            continue
        gap = compare(found, chosen.best, metric=metric, margin=chosen.margin)
        rows.append(
            {
                "model": found.label,
                "difference": gap.mean,
                "from": gap.low,
                "to": gap.high,
                "P(better)": gap.better,
                "P(equal)": gap.equal,
                "P(worse)": gap.worse,
            }
        )
    table = pd.DataFrame(
        rows, columns=["model", "difference", "from", "to", "P(better)", "P(equal)", "P(worse)"]
    )
    return table.sort_values("difference", ascending=False, kind="stable", ignore_index=True)


def with_unit_of(metric: Metric, table: Table) -> str:
    """Return the metric's label with the unit of its values, such as 'RMSE (mm)'."""
    unit = unit_of(metric, table)
    return f"{metric.label} ({unit})" if unit else metric.label


def unit_of(metric: Metric, table: Table) -> str:
    """Return the unit of the metric's values: the target's for sizes of errors, else none."""
    return table.target.unit if metric.name in IN_TARGET_UNITS else ""
