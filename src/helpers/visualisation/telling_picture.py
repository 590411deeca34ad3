"""The figure of how much each feature alone tells about the target."""

import pandas as pd

from helpers.visualisation.dots import draw_dots
from helpers.visualisation.figures import name
from helpers.visualisation.picture import Picture
from helpers.visualisation.telling import FOLDS
from helpers.visualisation.words import share_text, spoken
from helpers.wording import count, joined, percent

SHOWN = 10
SPOKEN = 5
SMALLEST_RANGE = 0.05


def telling_picture(ranking: pd.DataFrame, *, target: str, rows: str) -> Picture:
    """Return the figure of the `SHOWN` most telling features.

    Parameters
    ----------
    ranking : pandas.DataFrame
        What `telling_features` returns, with at least one row.
    target : str
        The target's name for people.
    rows : str
        Which rows the ranking rests on, as `sample_words` says it.
    """
    top = ranking.head(SHOWN)
    lines = pd.DataFrame({"label": [name(text) for text in top["title"]], "certain": top["certain"]})
    least = min(0.0, float(top["told"].min()))
    for key, source in {"value": "told", "low": "low", "high": "high"}.items():
        lines[key] = top[source].clip(least, 1)
    title = f"No feature alone tells anything about {name(target)} beyond chance"
    if ranking["certain"].any():
        title = f"{lines['label'][0]} alone tells {percent(lines['value'][0])} of how {name(target)} varies"
    figure = draw_dots(
        lines, title=title, across="share of the target's variation told", up="", shares=True,
        limits=(least, max(SMALLEST_RANGE, float(lines["high"].max()))),
    )  # fmt: skip
    caption = (
        "The share of the target's variation that a shallow tree on this feature alone predicts on rows that "
        f"it has not seen ({FOLDS} folds, {rows}); the bar is the 95 % interval. Grey: no more "
        "than chance might."
    )
    return Picture("03_telling", figure, ranking, telling_alt(ranking, target=target), caption)


def telling_alt(ranking: pd.DataFrame, *, target: str) -> str:
    """Say what the first features tell, and how many tell something beyond chance."""
    top = ranking.head(SHOWN)
    parts = [
        f"{spoken(row['title'])} {share_text(row['told'])}" for row in top.head(SPOKEN).to_dict("records")
    ]
    certain = int(ranking["certain"].sum())
    each = f"each of {count(len(top), 'feature')}" if len(top) > 1 else "the only feature"
    if len(ranking) == 1:
        beyond = "It tells something beyond chance." if certain else "That is no more than chance might."
        return f"Dot with interval: what {each} tells about {spoken(target)}. {parts[0]}. {beyond}"
    return (
        f"Dots with intervals: what {each} alone tells about {spoken(target)}. "
        f"{joined(parts)}{' come first' if len(top) > SPOKEN else ''}. {certain:,} of "
        f"{count(len(ranking), 'feature')} {'tells' if certain == 1 else 'tell'} something beyond chance."
    )
