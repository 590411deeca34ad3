"""What drives the answers: the columns whose shuffling makes them clearly worse."""

from collections.abc import Sequence
from typing import TypeVar

from helpers.results import GroupImportanceResult, ImportanceResult
from helpers.summary import places
from helpers.summary.facts import Facts
from helpers.summary.figures import Bar, lengths
from helpers.summary.markup import Markup, escaped, linked, more
from helpers.summary.names import baseline_scored
from helpers.summary.reasons import metric_unit
from helpers.wording import count, joined, measured, name, quoted, spanned, with_unit

MOST_SHOWN = 5
MOST_NAMED = 3
Shuffled = TypeVar("Shuffled", ImportanceResult, GroupImportanceResult)


def clear(facts: Facts) -> list[ImportanceResult]:
    """Return the columns whose importance is more than chance, the most important first."""
    return _beyond_chance(facts.evaluation.importance)


def _beyond_chance(results: Sequence[Shuffled]) -> list[Shuffled]:
    found = [
        result
        for result in results
        if result.worse_by.value is not None and result.worse_by.low is not None and result.worse_by.low > 0
    ]
    return sorted(found, key=lambda result: -(result.worse_by.value or 0.0))


def what_answers(facts: Facts) -> Markup | None:
    """Say which kind of model answers."""
    selection = facts.selection
    if selection.chosen == "baseline" or not selection.chosen_plain:
        return None
    label = name(selection.chosen_label[:1].lower() + selection.chosen_label[1:])
    return escaped(
        f"It answers through {selection.chosen_plain.rstrip('.')} (", linked(label, places.CHOSEN), ")."
    )  # fmt: skip


def figure(facts: Facts) -> Markup | None:
    """Draw how much worse the answers get without each column, beside the whole gain over the baseline."""
    shown, unit = clear(facts)[:MOST_SHOWN], metric_unit(facts)
    if not shown:
        return None
    bars = [
        Bar(
            name(found.label, limit=60),
            linked(_amount(found, unit), places.IMPORTANCE),
            found.worse_by.value or 0.0,
        )
        for found in shown
    ]
    what = f"How much worse {facts.metric.label} gets when a column is shuffled among the cases."
    longest, gain = bars[0].value, facts.headline.gain if facts.headline else None
    if gain is None or gain.value is None or gain.value <= 0:
        whole, of, scale = longest, "the longest bar", Markup("")
    else:
        whole, of = gain.value, "the whole gain"
        amount, _ = measured(whole, gain.low, gain.high, unit=unit)
        sign = "The upright line marks" if longest > whole else "A full bar is"
        scale = escaped(
            f" {sign} the whole gain over {baseline_scored(facts)}: ", linked(amount, places.METRICS), "."
        )  # fmt: skip
    said = escaped(what, scale, " It shows what the model relies on, not what causes the outcome.")
    return lengths(
        bars, whole=whole, of=of, caption=escaped(said, more("All columns", places.IMPORTANCE))
    )  # fmt: skip


def shared_weight(facts: Facts) -> Markup | None:
    """Say what columns that say much the same count for together: alone they stand in for each other."""
    unit, labels = metric_unit(facts), {found.column: found.label for found in facts.evaluation.importance}
    together = _beyond_chance(facts.evaluation.group_importance)
    if not together:
        return None
    most = together[0]
    names = [quoted(labels.get(column, column)) for column in most.columns[:MOST_NAMED]]
    further = len(most.columns) - len(names)
    told = joined([*names, count(further, "more column")] if further else names)
    others = len(together) - 1
    return escaped(
        f"{told} say much the same, so that each can stand in for the others: shuffled together they make ",
        f"{facts.metric.label} worse by ", linked(_amount(most, unit), places.TOGETHER), ".",
        f" So {'does' if others == 1 else 'do'} {count(others, 'other group')} of columns, by less."
        if others else "",
    )  # fmt: skip


def _amount(found: ImportanceResult | GroupImportanceResult, unit: str) -> str:
    """Return by how much the metric gets worse, with the range that is likely."""
    low, high, value = found.worse_by.low, found.worse_by.high, found.worse_by.value or 0.0
    text, _ = measured(value, low, high)
    if low is None or high is None or low == high:
        return with_unit(text, unit)
    return f"{text} ({spanned(low, high, unit=unit)})"


def the_rest(facts: Facts) -> Markup | None:
    """Say how many further columns there are, and what is known of them."""
    found, examined = clear(facts), len(facts.evaluation.importance)
    if not examined:
        return None
    if not found:
        return escaped(
            "No column stands out: of the ", linked(count(examined, "column"), places.IMPORTANCE),
            " examined, none makes a clear difference alone. That happens when several say much the same.",
        )  # fmt: skip
    less, unclear = max(0, len(found) - MOST_SHOWN), examined - len(found)
    parts = []
    if less:
        parts.append(f"{count(less, 'more column')} {'matters' if less == 1 else 'matter'} less than these")
    if unclear:
        makes = "makes" if unclear == 1 else "make"
        parts.append(f"{count(unclear, 'other column')} {makes} no clear difference alone")
    return escaped(linked(joined(parts), places.IMPORTANCE), ".") if parts else None
