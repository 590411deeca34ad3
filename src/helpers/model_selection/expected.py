"""What is to be expected of the chosen model on new rows: its score, with an interval of two parts.

The folds' scores tell how much the fit depends on its rows; but folds that hold the classes in equal shares
differ less than new rows will. The rows' own answers tell how much a score depends on which rows are judged
(Bayle, Bayle, Janson and Mackey, Cross-validation confidence intervals for test error, NeurIPS 2020). The
wider of both counts on either side.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.another_table import on_another_table
from helpers.bootstrap import interval, resamples
from helpers.metrics import Metric, bounds
from helpers.model_selection.comparison import corrected_interval, validation_share
from helpers.model_selection.cross_validation import CandidateResult
from helpers.model_selection.optimism import Optimism
from helpers.results import Estimate
from helpers.scoring import Prediction, Truth
from helpers.scoring.stored import stated_classes, stated_probabilities
from helpers.scoring.weighted import weighted_metric
from helpers.tables.table import Table
from helpers.wording import count, number, with_unit

DRAWS = 1_000


@dataclass(frozen=True)
class Expected:
    """What to expect of a model.

    Attributes
    ----------
    score : Estimate
        The score in the long run, with its 95 % interval.
    another_table : Estimate
        The same, with the ends between which the score of `rows` new rows will lie (95 %).
    rows : int
        As many as a fold has.
    """

    score: Estimate
    another_table: Estimate
    rows: int


def expected_score(
    table: Table, result: CandidateResult, optimism: Optimism, *, metric: Metric, seed: int
) -> Expected:
    """Return a result's mean validation score, moved by the optimism towards the worse, with its intervals.

    Parameters
    ----------
    table : Table
        The development rows.
    result : CandidateResult
        With the answers for rows that its models had not seen.
    optimism : Optimism
        What the choice flatters itself by. The baseline was not picked as the best of any, and stays.
    metric : Metric
        What the result was scored with.
    seed : int
        Of the draws of rows; whole groups are drawn where there are groups.
    """
    limits = bounds(metric)
    found = corrected_interval(result.validation, share=validation_share(result.folds), limits=limits)
    flattery = 0.0 if result.candidate.family == "baseline" else optimism.correction
    step = -flattery if metric.higher_is_better else flattery
    by_rows = _by_rows(table, result, metric, seed)
    low, high = found.low, found.high
    if found.value is not None and by_rows.value is not None:
        if low is not None and by_rows.low is not None:
            low = min(low, found.value - (by_rows.value - by_rows.low))
        if high is not None and by_rows.high is not None:
            high = max(high, found.value + (by_rows.high - by_rows.value))
    moved = [None if end is None else float(np.clip(end + step, *limits)) for end in (found.value, low, high)]
    score = Estimate(value=moved[0], low=moved[1], high=moved[2])
    rows = round(float(np.mean([fold.validation_rows for fold in result.folds])))
    judged = 0 if result.out_of_fold is None else len(result.out_of_fold)
    another = on_another_table(score, rows=judged, new_rows=rows, limits=limits, by_rows=by_rows)
    return Expected(score, another, rows)


def _by_rows(table: Table, result: CandidateResult, metric: Metric, seed: int) -> Estimate:
    """Return the metric of the out-of-fold answers, with its interval over draws of the rows."""
    answers = result.out_of_fold
    if answers is None or answers.empty:
        return Estimate(value=None)
    classes = stated_classes(answers)
    stated = stated_probabilities(answers, classes) if classes else None
    prediction = Prediction(answers["prediction"].to_numpy(), stated)
    rows = pd.Index(answers["row"])
    weights, groups = (None if found is None else found.loc[rows] for found in (table.weights, table.groups))
    truth = Truth(answers["truth"], table.classes, table.positive, weights)
    statistic = weighted_metric(metric, truth, prediction)
    draws = resamples(len(answers), seed=seed, groups=groups, draws=DRAWS)
    (value,) = draws.as_they_are(statistic)
    return interval(
        float(value), draws.values(statistic)[:, 0], units=draws.unit_count, within=bounds(metric)
    )


def expected_sentence(expected: Expected, *, metric: Metric, unit: str = "") -> str:
    """Say what is to be expected of the chosen model, in the long run and of one more table."""
    value, low, high = _ends(expected.score)
    said = (
        f"To be expected on new rows: {metric.label} {with_unit(number(value), unit)} "
        f"(95 % interval {number(low)} to {number(high)})."
    )
    _, lowest, highest = _ends(expected.another_table)
    if np.isnan(lowest) or np.isnan(highest):
        return said
    return (
        f"{said} On a single table of {count(expected.rows, 'new row')}, which has luck of its own: "
        f"{number(lowest)} to {number(highest)}."
    )


def _ends(estimate: Estimate) -> tuple[float, float, float]:
    value, low, high = (
        float("nan") if end is None else end for end in (estimate.value, estimate.low, estimate.high)
    )
    return value, low, high
