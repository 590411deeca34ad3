"""More rows, more trials, or other columns: what would make the predictions better, and when to stop.

One margin decides: an effort helps when it lowers the loss by more than what counts as practically equal.
More rows are judged by the interval of the continued learning curve, more trials by the probability that what
they foretell would be noticed. Other columns are what is left where most of the error is noise to these.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from helpers.model_selection.choice import Chosen
from helpers.model_selection.extrapolation import MoreRows
from helpers.model_selection.noise import Noise
from helpers.model_selection.search_gain import MoreTrials
from helpers.results import Estimate, StoppingRow
from helpers.wording import count, number, percent, with_unit

# More of the squared error is noise: only other columns help. Less of it is: they are not what is missing.
MOSTLY_NOISE = 0.8
LITTLE_NOISE = 0.5
# More trials probably help where it is this likely that their gain would be noticed, and little where it is
# not. Beyond six in ten a probability says no more: trials do not tell enough (benchmarks/choosing).
LIKELY = 0.6
UNLIKELY = 0.2
NOISE_MEASURE = "share of the squared error that is noise to these columns"


@dataclass(frozen=True)
class Advice:
    """What would make the predictions better.

    Attributes
    ----------
    rows : tuple of StoppingRow
        Twice the rows, twice the trials, other columns.
    sentence : str
        One sentence: what to do next.
    """

    rows: tuple[StoppingRow, ...]
    sentence: str


def advise(
    more_rows: MoreRows,
    more_trials: MoreTrials,
    noise: Noise,
    *,
    chosen: Chosen,
    measure: str,
    unit: str = "",
) -> Advice:
    """Return the three answers and the sentence that follows from them.

    Where no candidate beats the baseline there is nothing to improve, and nothing can be told.

    Parameters
    ----------
    more_rows, more_trials, noise
        What was estimated, or why it could not be.
    chosen : Chosen
        The choice, with what counts as practically equal.
    measure : str
        The metric's name with its unit, such as 'RMSE (mm)'.
    unit : str
        The unit of the scores, empty for one without.
    """
    margin = chosen.margin
    if not chosen.beats_baseline:
        return _nothing("no model beats the baseline", measure=measure)
    rows = (
        _of_rows(more_rows, margin=margin, measure=measure, unit=unit),
        _of_trials(more_trials, margin=margin, measure=measure, unit=unit),
        _of_columns(noise),
    )
    return Advice(rows, _sentence(rows))


def _nothing(why: str, *, measure: str) -> Advice:
    """Return three times 'cannot tell' for the reason given."""
    efforts = (("twice the rows", measure), ("twice the trials", measure), ("other columns", NOISE_MEASURE))
    rows = tuple(
        _cannot_tell({"effort": effort, "amount": Estimate(value=None), "measure": what}, why)
        for effort, what in efforts
    )
    return Advice(rows, "Ask whether the columns can know the answer at all, before more is spent on tuning.")


def _of_rows(found: MoreRows, *, margin: float, measure: str, unit: str) -> StoppingRow:
    row = {"effort": "twice the rows", "amount": found.gain, "measure": measure}
    if found.gain.value is None:
        return _cannot_tell(row, found.why_not)
    low, high = found.gain.low or 0.0, found.gain.high or 0.0
    amount = f"{_span(found.gain, unit)} better with {count(2 * found.rows, 'row')}"
    worth = with_unit(number(margin), unit)
    if low > margin:
        return _row(row, "helps", f"{amount}; all of the interval is above {worth}, which would be noticed")
    if high < margin:
        return _row(row, "helps little", f"{amount}; all of the interval is below {worth}, practically none")
    return _row(row, "cannot tell", f"{amount}; the interval holds {worth}, and less is practically none")


def _of_trials(found: MoreTrials, *, margin: float, measure: str, unit: str) -> StoppingRow:
    row = {"effort": "twice the trials", "amount": found.gain, "measure": measure}
    if found.gain.value is None:
        return _cannot_tell(row, found.why_not)
    worth = with_unit(number(margin), unit)
    said = (
        f"{_span(found.gain, unit)} better with {count(2 * found.trials, 'trial')}; with a probability of "
        f"{percent(found.noticed)} it is more than {worth}, which would be noticed"
    )
    if found.noticed > LIKELY:
        return _row(row, "helps", said)
    if found.noticed < UNLIKELY:
        return _row(row, "helps little", said)
    return _row(row, "cannot tell", said)


def _of_columns(found: Noise) -> StoppingRow:
    row = {"effort": "other columns", "amount": found.share, "measure": NOISE_MEASURE}
    if found.share.value is None:
        return _cannot_tell(row, found.why_not)
    low, high = found.share.low or 0.0, found.share.high or 0.0
    said = (
        f"{percent(found.share.value)} of the squared error (95 % interval {percent(low)} to "
        f"{percent(high)}) is noise to these columns, by {found.how}"
    )
    if low > MOSTLY_NOISE:
        return _row(row, "helps", f"{said}: if anything lowers it noticeably, then other columns")
    if high < LITTLE_NOISE:
        return _row(row, "helps little", f"{said}: these columns know more than the model has learnt")
    return _row(row, "cannot tell", said)


def _row(row: dict[str, object], answer: str, reason: str) -> StoppingRow:
    return StoppingRow.model_validate({**row, "answer": answer, "reason": f"{reason}."})


def _cannot_tell(row: dict[str, object], why: str) -> StoppingRow:
    return _row(row, "cannot tell", why[:1].upper() + why[1:])


def _span(gain: Estimate, unit: str) -> str:
    value, low, high = gain.value or 0.0, gain.low or 0.0, gain.high or 0.0
    return f"About {with_unit(number(value), unit)} (95 % interval {number(low)} to {number(high)})"


def _sentence(rows: Sequence[StoppingRow]) -> str:
    """Return what to do next, from the three answers in their order."""
    more, trials, columns = (row.answer for row in rows)
    if more == "helps" and trials == "helps":
        return (
            "Gather more rows: with twice as many the predictions would be noticeably better; as many trials "
            "again probably help as well."
        )
    if more == "helps":
        rest = "stop tuning" if trials == "helps little" else "whether tuning would help cannot be told"
        return f"Gather more rows: with twice as many the predictions would be noticeably better; {rest}."
    if trials == "helps":
        return "Let the search go on: as many trials again would probably find noticeably better settings."
    if columns == "helps":
        return "Stop tuning: most of the error is noise to these columns; only others could help."
    if more == trials == "helps little":
        return "Stop here: neither twice the rows nor twice the trials would make a noticeable difference."
    if trials == "helps little":
        return "Stop tuning; whether more rows would help cannot be told."
    if more == "helps little":
        return "More rows would change little; whether tuning would help cannot be told without more trials."
    return "Whether more rows or more tuning would help cannot be told from this run."


def stopping_table(advice: Advice) -> pd.DataFrame:
    """Return the three answers for people; the reasons hold the estimates and their intervals."""
    return pd.DataFrame(
        [{"what": row.effort, "answer": row.answer, "why": row.reason} for row in advice.rows]
    )
