"""What the model saves beside the baseline, in words."""

from helpers.results import CostResult
from helpers.summary import places
from helpers.summary.markup import Markup, escaped, linked, with_range
from helpers.wording import about, measured, with_unit


def saving(costs: CostResult) -> Markup | None:
    """Return what is saved beside the baseline, with its range, at the costs that the params give."""
    low, high = costs.saving.low, costs.saving.high
    if low is None or high is None:
        return None
    if low > 0:
        value, ends = measured(costs.saving.value or 0.0, low, high, unit=costs.unit)
        amount = with_range(f"about {value.removeprefix('about ')}", ends, places.COSTS)
        return escaped("It saves ", amount, " at the costs given.")
    return escaped("The difference may be chance: ", linked(more_or_less(costs), places.COSTS), ".")


def more_or_less(costs: CostResult) -> str:
    """Return the ends of a saving that is not certain: 'up to 3,000 € more or 1,000 € less'."""
    low, high = costs.saving.low or 0.0, costs.saving.high or 0.0
    more = with_unit(about(-low), costs.unit)
    if high <= 0:
        return f"{with_unit(about(-high), costs.unit)} to {more} more"
    return f"up to {more} more or {with_unit(about(high), costs.unit)} less"
