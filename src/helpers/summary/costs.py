"""What a mistake costs: sentences that are there only where the params give `costs`."""

from helpers.metrics import Task
from helpers.parameters import Costs
from helpers.results import Estimate
from helpers.summary import places
from helpers.summary.facts import Facts
from helpers.summary.markup import Markup, escaped, linked, numbers_linked, with_range
from helpers.summary.names import CASE, baseline, cases_of
from helpers.summary.savings import saving
from helpers.summary.sentences import USUAL_THRESHOLD
from helpers.wording import (
    joined,
    measured,
    name,
    number,
    percent,
    plural,
    quoted,
    unbroken,
    with_unit,
)


def prices(facts: Facts) -> str | None:
    """Return what each kind of mistake costs, as the params say."""
    costs = facts.params.costs
    if costs is None:
        return None
    kinds: list[tuple[str, float | None]]
    if facts.task is Task.BINARY:
        missed = cases_of(facts.positive.name, facts, amount=1) if facts.positive else CASE
        kinds = [(f"a missed {missed}", costs.false_negative), ("a false alarm", costs.false_positive)]
    elif facts.task is Task.MULTICLASS:
        kinds = [("a wrong answer", costs.mistake)]
    else:
        step = f"each unit ({name(facts.unit, limit=40)})" if facts.unit else "each unit"
        kinds = [(f"{step} too low", costs.too_low), (f"{step} too high", costs.too_high)]
    given = [f"{kind} at {_money(price, costs)}" for kind, price in kinds if price is not None]
    return joined(given) or None


def of_mistakes(facts: Facts) -> Markup | None:
    """Say what mistakes cost for each 100 cases, beside the baseline."""
    costs, said = facts.evaluation.costs, prices(facts)
    if costs is None or said is None or costs.chosen.value is None:
        return None
    text = escaped(
        "With ", numbers_linked(said, places.COSTS), ", mistakes cost ", _amount(costs.chosen, costs.unit),
        f" for every 100 {plural(CASE)}",
    )  # fmt: skip
    if costs.baseline.value is not None:
        text = escaped(
            text, f", and {baseline(facts)} would cost ",
            _amount(costs.baseline, costs.unit),
        )  # fmt: skip
    return escaped(text, ". ", saving(costs) or "")


def threshold(facts: Facts) -> Markup | None:
    """Say for two classes from which probability it gives the alarm, and what the usual one would cost."""
    costs, where, positive = facts.evaluation.costs, facts.evaluation.threshold, facts.positive
    if costs is None or where is None or positive is None or where == USUAL_THRESHOLD:
        return None
    word = "already" if where < USUAL_THRESHOLD else "only"
    text = escaped(
        f"To keep that low, it says {quoted(positive.name)} {word} from a probability of ",
        linked(unbroken(percent(where, digits=1 if where < 0.1 else 0)), places.THRESHOLD), " on",
    )  # fmt: skip
    usual = costs.without_threshold.value if costs.without_threshold else None
    if usual is None:
        return escaped(text, ".")
    amount = _amount(Estimate(value=usual), costs.unit)
    half = linked(unbroken(percent(USUAL_THRESHOLD)), places.THRESHOLD)
    if costs.chosen.value is not None and usual <= costs.chosen.value:
        less = "about the same" if _alike(usual, costs.chosen) else "less"
        return escaped(
            text, f". That was settled before these {plural(CASE)} were looked at; on them the usual ", half,
            f" would have cost {less}: ", amount, ".",
        )  # fmt: skip
    return escaped(text, "; with the usual ", half, " it would cost ", amount, ".")


def _amount(cost: Estimate, unit: str) -> Markup:
    """Return an amount with its range: 'about 13,000 € (likely between 4,000 and 36,000 €)'."""
    value, ends = measured(cost.value or 0.0, cost.low, cost.high, unit=unit)
    roughly = value if value.startswith("about ") or cost.value == 0 else f"about {value}"
    return with_range(roughly, ends if cost.low is not None else "", places.COSTS)


def _alike(value: float, cost: Estimate) -> bool:
    """Whether a value is the same as a cost, both rounded as the cost is shown."""
    shown = (measured(one, cost.low, cost.high)[0] for one in (value, cost.value or 0.0))
    return len({text.removeprefix("about ") for text in shown}) == 1


def _money(price: float, costs: Costs) -> str:
    return with_unit(number(price), costs.unit)
