"""What notebook 01 shows of the prices: suspects of leakage, ways of splitting, and what is advised."""

from collections.abc import Sequence

import pandas as pd

from helpers.data_quality.cheap_model import PRICED_ROWS
from helpers.data_quality.leak_prices import Suspect
from helpers.data_quality.phrases import named, points, written
from helpers.data_quality.price import Price
from helpers.data_quality.split_advice import LOSS_WARN, SplitAdvice, SplitOption
from helpers.tables.prepare import Development
from helpers.wording import count


def suspects_table(suspects: Sequence[Suspect]) -> pd.DataFrame:
    """Return one row a suspect, the most serious first.

    Returns
    -------
    pandas.DataFrame
        Columns `suspect`, `decision` (with the code of the finding), `<measure> with` and `<measure> without`
        (with 95 % intervals), `lost` (share of the error of guessing that is no longer removed, with its
        interval) and `to take it out` (lines for the params file).
    """
    return pd.DataFrame(
        [
            {
                "suspect": _suspect_words(each),
                "decision": f"{each.decision} ({each.code})",
                f"{each.price.measure} with": str(each.price.flattered),
                f"{each.price.measure} without": str(each.price.honest),
                "lost": _lost(each.price),
                "to take it out": written(each.lines) if each.lines and each.what != "strong column" else "",
            }
            for each in suspects
        ]
    )


def _suspect_words(suspect: Suspect) -> str:
    names = named(suspect.columns)
    words = {
        "columns together": f"{names} together",
        "gaps": f"the gaps of {names}",
        "row order": "a row's place in the file",
        "group": f"rows of one group by {names} on both sides",
        "time": f"later rows by {names} learnt from",
        "file order": "neighbours in the file on both sides",
    }
    return words.get(suspect.what, names)


def _lost(price: Price) -> str:
    return f"{points(price.loss)} ({points(price.low)} to {points(price.high)})"


def suspects_words(suspects: Sequence[Suspect], *, rows: int) -> str:
    """Return the caption over the suspects: how they were priced, and on how many of the rows."""
    used = min(PRICED_ROWS, rows)
    sampled = "" if used == rows else f" of {rows:,}, drawn at random"
    return (
        f"{count(len(suspects), 'suspect')}: the score of one small forest with and without each, on the "
        f"same five folds of {used:,} rows{sampled}, beside the strongest features that nothing speaks "
        "against; in brackets 95 % intervals. 'Lost' is in shares of the error of guessing."
    )


def splits_table(advice: SplitAdvice) -> pd.DataFrame:
    """Return one row a way of splitting, the costliest first.

    Returns
    -------
    pandas.DataFrame
        Columns `rows split by`, `advice`, `<measure> at random` and `<measure> by it` (on the same rows, with
        95 % intervals), `lost` (share of the error of guessing, with its interval) and `params`.
    """
    return pd.DataFrame(
        [
            {
                "rows split by": each.words,
                "advice": _advice_words(each, advice),
                f"{each.price.measure} at random": str(each.price.flattered),
                f"{each.price.measure} by it": str(each.price.honest),
                "lost": _lost(each.price),
                "params": written(each.lines) if each.lines else "none can say it",
            }
            for each in advice.options
        ]
    )


def _advice_words(option: SplitOption, advice: SplitAdvice) -> str:
    if option is advice.advised:
        return "take it"
    if option.flatters:
        return "random flatters"
    return "random is as good" if option.price.high < LOSS_WARN else "cannot tell"


def advice_words(advice: SplitAdvice, development: Development) -> str:
    """Return what is advised and why, and whether the rows were split so, in a sentence or two."""
    split = development.split
    advised = advice.advised
    if advice.failed:
        return (
            f"Whether a split other than the {split.strategy} one that was made is needed is unknown: the "
            f"ways of splitting could not be compared ({advice.failed})."
        )
    if advised is None:
        if not advice.options:
            return f"Nothing asks for a split other than the {split.strategy} one that was made."
        return (
            "Folds drawn at random are as good as any other way that was tried, as far as the rows can tell."
        )
    price = advised.price
    text = (
        f"A split by {advised.words} is advised: a small model reaches {price.measure} {price.flattered} "
        f"with folds drawn at random and {price.honest} by it."
    )
    if development.advised_split:
        return f"{text} As validation is auto, holdout and folds were made so."
    if not advised.lines:
        return f"{text} No key of the params file can say it; it needs a column."
    return (
        f"{text} The rows are split by {split.strategy} for now; {written(advised.lines)} would change that."
    )
