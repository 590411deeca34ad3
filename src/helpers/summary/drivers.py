"""What drives the answers: the columns whose shuffling makes them clearly worse."""

from helpers.results import ImportanceResult
from helpers.summary import places
from helpers.summary.facts import Facts
from helpers.summary.markup import Markup, escaped, linked
from helpers.wording import count, joined, name

MOST_SHOWN = 5


def clear(facts: Facts) -> list[ImportanceResult]:
    """Return the columns whose importance is more than chance, the most important first."""
    found = [
        result
        for result in facts.evaluation.importance
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


CAPTION = (
    "How much worse the answers get when a column is shuffled among the cases. "
    "It shows what the model relies on, not what causes the outcome."
)
