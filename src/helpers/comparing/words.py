"""A comparison in sentences: none claims more than its interval supports."""

from enum import StrEnum

from helpers.comparing.results import SAME_SHARE, Comparison, PairedMetric
from helpers.metrics import IN_TARGET_UNITS, METRICS
from helpers.wording import capital, count, joined, measured, name, number, percent, spanned, with_unit

# Probability from which a region is called the answer.
SURE = 0.95
# What is more probably practically the same than not is called neither better nor worse.
EVEN = 0.5


class Change(StrEnum):
    """What a paired difference says."""

    NONE = "no change"
    BETTER = "better"
    WORSE = "worse"
    SAME = "practically the same"
    CHANCE = "may be chance"
    UNKNOWN = "not comparable"


def change_of(metric: PairedMetric, *, same_answers: bool = False) -> Change:
    """Return what the difference says; better and worse only where the whole interval says so."""
    found = metric.difference
    if same_answers:
        return Change.NONE
    if found.value is None or found.low is None or found.high is None:
        return Change.UNKNOWN
    if metric.same is not None and metric.same >= SURE:
        return Change.SAME
    if metric.same is not None and metric.same > EVEN and (found.low > 0 or found.high < 0):
        return Change.SAME
    if found.low > 0:
        return Change.BETTER
    return Change.WORSE if found.high < 0 else Change.CHANCE


def verdict_sentence(comparison: Comparison, *, unit: str = "") -> str:
    """Return in one or two sentences whether the second run is better than the first, by the headline."""
    metric = comparison.headline
    if comparison.why_not:
        return f"The metrics cannot be compared: {comparison.why_not}."
    if metric is None:
        return "There is no metric to compare."
    label = METRICS[metric.metric].label
    on = f"on the {_rows(comparison)} that both were judged on"
    if comparison.same_answers:
        rows = _rows(comparison)
        return f"Both say exactly the same of every one of the {rows}: by no metric is there a difference."
    size = _size(metric, unit)
    change = change_of(metric)
    said = {
        Change.BETTER: f"By {label} the second run is better {size}, {on}.",
        Change.WORSE: f"By {label} the second run is worse {size}, {on}.",
        Change.SAME: f"By {label} the two are practically the same, {on}.",
        Change.CHANCE: f"By {label} no difference is certain: what there is can still be chance, {on}.",
    }.get(change, f"By {label} no difference can be given, {on}.")
    return f"{said} {chances_sentence(metric, unit=unit)}".rstrip()


def chances_sentence(metric: PairedMetric, *, unit: str = "") -> str:
    """Return the three probabilities with what counts as practically the same."""
    if metric.better is None or metric.same is None or metric.worse is None:
        return ""
    of = unit if metric.metric in IN_TARGET_UNITS else ""
    margin = with_unit(number(metric.margin, digits=2), of)
    if metric.margin == 0:
        return f"Probability of better {percent(metric.better)}, of worse {percent(metric.worse)}."
    return (
        f"Probability of better {percent(metric.better)}, of practically the same {percent(metric.same)}, "
        f"of worse {percent(metric.worse)}; a difference of at most {margin} counts as practically the same."
    )


def margin_note() -> str:
    """Return what counts as practically the same, and what the probabilities are."""
    return (
        f"Practically the same: a difference of at most {percent(SAME_SHARE)} of the way from the first "
        "run's baseline to a perfect score. The probabilities are shares of resamples of the rows that both "
        "runs were judged on, the same resamples for both; the interval of the difference is theirs, too."
    )


def left_out_sentence(comparison: Comparison) -> str:
    """Return whose findings are not compared, nothing where all are."""
    names = [name(notebook) for notebook in comparison.findings_left_out]
    if not names:
        return ""
    return f"Not compared are the findings of {joined(names)}: only one of the runs has them."


def rows_sentences(comparison: Comparison) -> list[str]:
    """Return on which rows the two are compared."""
    if comparison.why_not or not comparison.rows:
        return []
    lead = f"Both are judged on the same {count(comparison.rows, 'holdout row')}"
    if comparison.units < comparison.rows:
        lead += f" of {count(comparison.units, 'group')}; whole groups are drawn"
    return [f"{lead}.", *comparison.notes]


def difference_text(metric: PairedMetric, *, unit: str = "") -> str:
    """Return the difference with its interval, signed: positive is better.

    >>> from helpers.results import Estimate
    >>> found = Estimate(value=0.0123, low=-0.004, high=0.0281)
    >>> nothing = Estimate(value=None)
    >>> difference_text(PairedMetric(metric="roc_auc", first=nothing, second=nothing, difference=found))
    '+0.012 (−0.004 to 0.028)'
    """
    found = metric.difference
    of = unit if metric.metric in IN_TARGET_UNITS else ""
    if found.value is None:
        return "–"
    if found.low is None or found.high is None:
        return _signed(with_unit(number(found.value), of), found.value)
    if found.low == found.high:
        return _signed(with_unit(number(found.value), of), found.value)
    value, _ = measured(found.value, found.low, found.high)
    return f"{_signed(value, found.value)} ({spanned(found.low, found.high, unit=of)})"


def value_text(metric: PairedMetric, which: str, *, unit: str = "") -> str:
    """Return a run's own value with its interval; `which` is 'first' or 'second'."""
    found = metric.first if which == "first" else metric.second
    of = unit if metric.metric in IN_TARGET_UNITS else ""
    if found.value is None:
        return "–"
    if found.low is None or found.high is None or found.low == found.high:
        return with_unit(number(found.value), of)
    value, _ = measured(found.value, found.low, found.high)
    return f"{value} ({spanned(found.low, found.high, unit=of)})"


def _size(metric: PairedMetric, unit: str) -> str:
    found = metric.difference
    of = unit if metric.metric in IN_TARGET_UNITS else ""
    low, high = sorted((abs(found.low or 0.0), abs(found.high or 0.0)))
    value, ends = measured(abs(found.value or 0.0), low, high, unit=of)
    return f"by {value} ({ends})" if ends else f"by {value}"


def _rows(comparison: Comparison) -> str:
    return count(comparison.rows, "holdout row")


def _signed(text: str, value: float) -> str:
    return f"+{text}" if value > 0 and text.strip("0.") else text


def capitalised(change: Change) -> str:
    """Return what a difference says, as it stands in a table."""
    return capital(str(change))
