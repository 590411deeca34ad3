"""The steps that put the model under stress: groups of people, spoiled rows, shuffled targets."""

import pandas as pd

from helpers.bootstrap import resamples
from helpers.errors import listed, shortened
from helpers.evaluation.case import Case
from helpers.evaluation.fairness import LEAST_ROWS as LEAST_GROUP
from helpers.evaluation.fairness import MOST_CLASSES, MOST_GROUPS, Fairness, fairness, measure_words
from helpers.evaluation.label_shuffle import LEAST_ROWS as LEAST_SHUFFLED
from helpers.evaluation.label_shuffle import shuffled_labels
from helpers.evaluation.robustness import MOST_ROWS, REPEATS, robustness
from helpers.evaluation.steps import Step, first_of, on_holdout, sampled_words, sentences
from helpers.evaluation.words import between, ranged
from helpers.metrics import METRICS, Task
from helpers.model_selection.fitted import BASELINE
from helpers.model_selection.record import unit_of
from helpers.results import FairnessGap, LabelShuffleResult, RobustnessResult
from helpers.tables.sample import sampled
from helpers.tables.table import Kind
from helpers.wording import capital, count, number

# Each group and measure goes through all draws: so many do for an interval of each.
DRAWS = 500


@on_holdout
def fairness_step(case: Case) -> Step[Fairness]:
    """Return how the model treats the groups of the columns under `sensitive`."""
    if not case.sensitive:
        return Step(
            None, ("No columns are named under sensitive, so groups are not held against each other.",)
        )
    part = case.part
    draws = resamples(len(part.rows), seed=case.seed, groups=part.rows.groups, draws=DRAWS)
    found = fairness(part.rows, part.answers, case.sensitive, draws=draws)
    absent = f"Not in the table: {listed(found.missing)}." if found.missing else ""
    if not found.groups:
        return Step(found, sentences(absent, "No column under sensitive has groups to compare."))
    share = case.task is not Task.REGRESSION
    table = pd.DataFrame(
        {
            "rows with": [group.group for group in found.groups],
            "measure": [measure_words(group.measure, group.of) for group in found.groups],
            "rows": [group.rows for group in found.groups],
            "value": [ranged(group.value, share=share) for group in found.groups],
            "p, corrected": [
                "too few rows" if group.p_corrected is None else number(group.p_corrected, digits=2)
                for group in found.groups
            ],
        }
    )
    said = sentences(
        *(_gap(gap, share) for gap in found.gaps if gap.unequal),
        "" if any(gap.unequal for gap in found.gaps) else _no_gap(found),
        _too_few(found),
        _left_out(case),
        absent,
        sampled_words(case),
    )
    caption = f"How the model treats groups; at most {MOST_GROUPS} a column, each held against all others."
    return Step(found, said, table, caption)


def _left_out(case: Case) -> str:
    """Say which classes are not compared one by one."""
    classes = len(case.rows.classes)
    if case.task is not Task.MULTICLASS or classes <= MOST_CLASSES:
        return ""
    return f"Of {classes} classes the {MOST_CLASSES} largest are compared one by one, all by the error rate."


def _gap(gap: FairnessGap, share: bool) -> str:
    difference = f"{number(100 * gap.difference)} percentage points" if share else number(gap.difference)
    ratio = f", a ratio of {number(gap.ratio, digits=2)}" if gap.ratio is not None else ""
    return (
        f"The {gap.measure} is {difference} lower for rows with {gap.lowest} than for {gap.highest}{ratio}: "
        "more than chance, and large."
    )


def _no_gap(found: Fairness) -> str:
    compared = count(found.comparisons, "comparison")
    return f"No difference between groups is both more than chance (of {compared}, Holm) and large."


def _too_few(found: Fairness) -> str:
    few = list(dict.fromkeys(group.group for group in found.groups if group.p_corrected is None))
    if not few:
        return ""
    what = "has" if len(few) == 1 else "have"
    return (
        f"{listed(few, limit=4)} {what} fewer than {LEAST_GROUP} rows for a measure, or the others have: too "
        "few to compare."
    )


@on_holdout
def robustness_step(case: Case) -> Step[list[RobustnessResult]]:
    """Return what missing values, noise and unknown levels in new rows would do to the headline metric."""
    metric, development = case.judged.metric, case.judged.development
    rows = sampled(case.rows, rows=MOST_ROWS, seed=case.seed)
    numbers = [column.name for column in development.features if column.kind is Kind.NUMBER]
    deviations = development.frame[numbers].astype(float).std()
    found = robustness(rows, case.judged.predict, deviations=deviations, metric=metric, seed=case.seed)
    unit = unit_of(metric, case.rows)
    table = pd.DataFrame(
        {
            "what happens to the rows": [result.plain for result in found],
            f"{metric.label} worse by": [result.worse_by.value for result in found],
            "95 % interval": [result.failed or between(result.worse_by) for result in found],
        }
    ).astype({f"{metric.label} worse by": float})
    worst = max(found, key=lambda result: result.worse_by.value or 0.0)
    failed = [f"{result.plain} ({result.failed})" for result in found if result.failed]
    chance = "" if (worst.worse_by.low or 0.0) > 0 else ", which may be chance"
    text = (
        f"{capital(metric.label)} suffers most from {worst.plain}: it gets worse by "
        f"{ranged(worst.worse_by, unit=unit)}{chance}."
        if (worst.worse_by.value or 0.0) > 0
        else f"None of these makes {metric.label} worse."
    )
    said = sentences(
        text,
        f"The model gives no answer with {first_of(failed, 2)}." if failed else "",
        f"Computed on a random sample of {len(rows):,} of {count(len(case.rows), 'row')}."
        if len(rows) < len(case.rows)
        else "",
    )
    caption = f"The same holdout rows, spoiled {REPEATS} times at random; paired, each interval on its own."
    return Step(found, said, table, caption)


@on_holdout
def label_shuffle_step(case: Case) -> Step[LabelShuffleResult]:
    """Return whether the chosen configuration learns anything from shuffled targets: it must not."""
    model, development = case.judged.model, case.judged.development
    if model.name == BASELINE:
        return Step(None, ("The chosen model is the baseline, which learns nothing from columns.",))
    try:
        result = shuffled_labels(model, development, seed=case.seed)
    except MemoryError:
        raise
    except Exception as error:
        reason = f"{type(error).__name__}: {shortened(error, limit=160)}"
        return Step(None, (f"The model could not be fitted on shuffled targets ({reason}).",))
    if result is None:
        return Step(
            None,
            (f"Fewer than {LEAST_SHUFFLED} development rows, or one class alone: too few to shuffle.",),
        )
    label = METRICS[result.metric].label
    on = f"{count(result.fits, 'fit')} on {count(result.rows, 'development row')}"
    sample = " (a random sample)" if result.rows < len(development) else ""
    verdict = (
        "That is more than chance: answers reach the model by another way than they should. Do not trust the "
        "score before it is found."
        if result.leak
        else "There is no sign of a leak through the way it is fitted; one that gains less than the upper "
        "end would not have shown."
    )
    text = (
        f"With shuffled targets, {on}{sample}, the gain in {label} over the baseline is "
        f"{ranged(result.gain)}. {verdict}"
    )
    return Step(result, (text,))
