"""The steps on what the model does with its columns: groups of them, dependence, SHAP values, residuals."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from helpers.bootstrap import resamples
from helpers.errors import shortened
from helpers.evaluation.case import Case
from helpers.evaluation.dependence import MOST_COLUMNS as MOST_DEPENDED
from helpers.evaluation.dependence import MOST_ROWS, answer_of, partial_dependence
from helpers.evaluation.figures_errors import draw_residuals_by
from helpers.evaluation.figures_model import MOST_BARS, draw_dependence, draw_shap
from helpers.evaluation.importance import REPEATS, sampled_for
from helpers.evaluation.importance_groups import group_importance, groups_of_columns
from helpers.evaluation.residuals_by import LEAST_INSIDE, MOST_COLUMNS, residuals_by
from helpers.evaluation.shap_values import MOST_ROWS as SHAP_ROWS
from helpers.evaluation.shap_values import shap_table, why_no_shap
from helpers.evaluation.steps import Picture, Step, first_of, on_holdout, sampled_words, sentences
from helpers.evaluation.words import between, ranged
from helpers.metrics import Task
from helpers.model_selection.record import unit_of
from helpers.results import GroupImportanceResult, ImportanceResult
from helpers.tables.sample import sampled
from helpers.tables.table import Kind
from helpers.wording import count, number, with_unit

LEAST_ROWS = 2
MOST_PANELS = 3
_SCALED = frozenset({Kind.NUMBER})
_SHOWN = frozenset({Kind.NUMBER, Kind.BOOLEAN, Kind.CATEGORY, Kind.DATE})


def group_importance_step(
    case: Case, importance: Step[list[ImportanceResult]]
) -> Step[list[GroupImportanceResult]]:
    """Return how much worse the headline metric gets when columns that say the same are shuffled together."""
    if case.why_not:
        return Step(None, (case.why_not,))
    if len(case.rows) < LEAST_ROWS or not importance.result:
        return Step([], ("With a single row there is nothing to shuffle.",))
    metric, sample = case.judged.metric, sampled_for(case.rows, repeats=REPEATS, seed=case.seed)
    groups = groups_of_columns(sample)
    several = [group for group in groups if len(group) > 1]
    if not several:
        return Step([], ("No columns say so much the same that they had to be shuffled together.",))
    found = group_importance(
        sample, case.judged.predict, several,
        metric=metric, seed=case.seed, units=case.rows.groups, repeats=REPEATS,
    )  # fmt: skip
    alone = {result.column: result.worse_by.value or 0.0 for result in importance.result}
    table = pd.DataFrame(
        {
            "columns shuffled together": [result.label for result in found],
            "columns": [len(result.columns) for result in found],
            "worse by, together": [result.worse_by.value for result in found],
            "95 % interval": [between(result.worse_by) for result in found],
            "most for one of them alone": [
                max(alone.get(name, 0.0) for name in result.columns) for result in found
            ],
        }
    )
    most_alone = float(table["most for one of them alone"].iloc[0])
    said = sentences(
        _together(found[0], most_alone, metric.label, unit_of(metric, case.rows)), _fewer(case, len(sample))
    )
    caption = "How much worse it gets when columns that say the same are shuffled together, and one by one."
    return Step(found, said, table, caption)


def _together(most: GroupImportanceResult, alone: float, metric: str, unit: str) -> str:
    text = (
        f"Shuffled together, {most.label} make {metric} worse by {ranged(most.worse_by, unit=unit)}, one of "
        f"them alone by {with_unit(number(alone), unit)} at most"
    )
    value = most.worse_by.value or 0.0
    if (most.worse_by.low or 0.0) <= 0:
        return f"{text}; that they matter together may be chance."
    if alone > value:
        return f"{text}: the model weighs them against each other, so alone they look too important."
    return f"{text}: alone such columns stand in for each other and look too unimportant."


def _fewer(case: Case, rows: int) -> str:
    if rows == len(case.rows):
        return ""
    return f"Computed on a random sample of {rows:,} of {count(len(case.rows), 'row')}."


def dependence_step(case: Case, importance: Step[list[ImportanceResult]]) -> Step[pd.DataFrame]:
    """Return the average answer at the values of the most important columns, with the spread of rows."""
    if case.why_not:
        return Step(None, (case.why_not,))
    names = _most_important(case, importance.result or [], MOST_DEPENDED)
    rows = sampled(case.rows, rows=MOST_ROWS, seed=case.seed)
    answer, class_named = _answer(case)
    table = partial_dependence(
        rows, names, lambda features: answer_of(case.judged.model.predict(features), class_named)
    )
    if table.empty:
        return Step(None, ("No column that matters has two values or more to set it to.",))
    if class_named is not None:
        table[["low", "high"]] = table[["low", "high"]].clip(0, 1)
    numeric = frozenset(name for name in names if case.rows.columns[name].kind in _SCALED)
    said = sentences(
        *(_moves(part, answer) for _, part in table.groupby("column", sort=False)),
        "Setting one column and keeping the others makes rows that may not occur where columns go together.",
        _fewer(case, len(rows)),
    )
    picture = Picture(
        lambda: draw_dependence(table, answer=answer, numeric=numeric),
        alt=f"Average {answer} by the value of {count(table['column'].nunique(), 'column')}. "
        + " ".join(said[: table["column"].nunique()]),
        caption=f"At most {MOST_DEPENDED} columns, the most important, so that the panels stay readable; "
        "bands hold the middle 80 % of the rows' own curves.",
    )
    readable = table[["label", "value", "average", "low", "high"]].rename(
        columns={"label": "column", "value": "set to", "average": f"average {answer}", "low": "10 % of rows",
                 "high": "90 %"}
    )  # fmt: skip
    caption = "Partial dependence: what the model says on average when one column is set to a value."
    return Step(table, said, readable, caption, pictures=(picture,))


def _answer(case: Case) -> tuple[str, str | None]:
    """Return what is predicted in words, and the class whose probability it is."""
    if case.task is Task.REGRESSION:
        return f"predicted {shortened(case.rows.target.title, limit=40)}", None
    name = case.rows.positive or str(case.judged.development.y.value_counts().index[0])
    return f"probability of “{shortened(name, limit=30)}”", name


def _most_important(case: Case, importance: Sequence[ImportanceResult], limit: int) -> list[str]:
    return [
        result.column
        for result in importance
        if (result.worse_by.value or 0.0) > 0 and case.rows.columns[result.column].kind in _SHOWN
    ][:limit]


def _moves(part: pd.DataFrame, answer: str) -> str:
    averages = part["average"].to_numpy(dtype=float)
    low, high = int(averages.argmin()), int(averages.argmax())
    label = shortened(part["label"].iloc[0], limit=50)
    return (
        f"{label}: the {answer} is {number(averages[low])} on average at {part['value'].iloc[low]} and "
        f"{number(averages[high])} at {part['value'].iloc[high]}."
    )


@on_holdout
def shap_step(case: Case) -> Step[pd.DataFrame]:
    """Return how much each column moves single predictions, where the chosen model is XGBoost."""
    model = case.judged.model
    why_not = why_no_shap(model)
    if why_not:
        return Step(None, (why_not,))
    rows = sampled(case.rows, rows=SHAP_ROWS, seed=case.seed)
    draws = resamples(len(rows), seed=case.seed, groups=rows.groups)
    try:
        table = shap_table(model, rows, draws=draws)
    except ValueError as error:
        return Step(None, (f"There are no SHAP values by column: {shortened(error, limit=160)}.",))
    unit = case.rows.target.unit if case.task is Task.REGRESSION else "log odds"
    first = [
        f"“{shortened(row['label'], limit=40)}” by {number(row['moves'])}" for _, row in table.iterrows()
    ]
    said = sentences(
        f"Single predictions are moved most by {first_of(first, 3)}{f' ({unit})' if unit else ''}.",
        _fewer(case, len(rows)),
    )
    picture = Picture(
        lambda: draw_shap(table, unit=unit or "in the target's unit"),
        alt=f"Mean size of SHAP values: {first_of(first, 8)}.",
        caption=f"The first {MOST_BARS} of {count(len(table), 'column')}."
        if len(table) > MOST_BARS
        else "All columns.",
    )
    shown = {"label": "column", "moves": "moves a prediction by", "low": "low", "high": "high",
             "share": "of all"}  # fmt: skip
    caption = "How much each column moves a prediction on average (XGBoost's exact SHAP values)."
    return Step(table, said, table, caption, shown, {"of all": ".0%"}, pictures=(picture,))


def residuals_by_step(case: Case, importance: Step[list[ImportanceResult]]) -> Step[pd.DataFrame]:
    """Return where a regression leans to one side, by the groups of its most important columns."""
    if case.why_not:
        return Step(None, (case.why_not,))
    if case.task is not Task.REGRESSION:
        return Step(None, ("Classes have no residuals; weak groups are looked for below.",))
    part = case.part
    residuals = part.rows.y.to_numpy(dtype=float) - np.asarray(part.answers, dtype=float)
    names = _most_important(case, importance.result or [], MOST_COLUMNS)
    table = residuals_by(part.rows, residuals, names, draws=part.draws)
    if table.empty:
        return Step(None, (f"No group of a column that matters has {LEAST_INSIDE} rows or more.",))
    unit = case.rows.target.unit
    leaning = [
        f"{row['group']} by {with_unit(number(row['residual']), unit)}"
        for _, row in table[table["leans"].astype(bool)].iterrows()
    ]
    tried = f"{count(len(table), 'group')} of {count(table['column'].nunique(), 'column')}"
    said = sentences(
        f"Of {tried} predictions lean to one side for {first_of(leaning, 4)} (observed minus predicted)."
        if leaning
        else f"For none of {tried} do predictions clearly lean to one side, corrected for their number.",
        sampled_words(case),
    )
    drawn = table[table["column"].isin(list(dict.fromkeys(table["column"]))[:MOST_PANELS])]
    picture = Picture(
        lambda: draw_residuals_by(drawn, unit=unit),
        alt=f"Mean residuals by groups of {count(drawn['column'].nunique(), 'column')}. {said[0]}",
        caption=f"The {MOST_PANELS} most important columns, so that groups stay readable; full dots lean to "
        f"one side, corrected. Small groups of under {LEAST_INSIDE} rows are left out.",
    )
    shown = {"group": "rows with", "rows": "rows", "residual": "mean residual", "low": "low", "high": "high",
             "error": "mean absolute error", "p_corrected": "p, corrected"}  # fmt: skip
    caption = f"Residuals{f' (in {unit})' if unit else ''} by the most important columns, at most " + (
        f"{MOST_COLUMNS} of them."
    )
    return Step(table, said, table, caption, shown, pictures=(picture,))
