"""What the figures of this notebook say, in sentences computed from their tables."""

from collections.abc import Mapping, Sequence

import pandas as pd

from helpers.metrics import Task
from helpers.tables.table import Table
from helpers.visualisation.classes import class_name
from helpers.visualisation.words import gain_texts, spoken
from helpers.wording import count, joined, number, percent

METHOD = "by a small tree on rows it had not seen"
NAMED = 3  # features that a sentence names


def target_words(table: Table) -> str:
    """Say how the target is distributed."""
    what = spoken(table.target.label)
    if table.task is Task.REGRESSION:
        low, middle, high = (number(float(value)) for value in table.y.quantile([0.25, 0.5, 0.75]))
        rows = count(len(table), "row")
        return f"{what}: the median of {rows} is {middle}, the middle half lies between {low} and {high}."
    counts = table.y.value_counts()
    top = sorted(counts.index, key=lambda text: (-counts[text], text))[0]
    share, answer = percent(counts[top] / len(table)), spoken(class_name(str(top), table.target.label))
    return (
        f"{what}: of {count(len(counts), 'class')} {answer} is the most common, with {share} of "
        f"{count(len(table), 'row')}."
    )


def telling_words(ranking: pd.DataFrame, *, constant: int) -> str:
    """Say how many features tell something alone, and which tell most.

    Parameters
    ----------
    ranking : pandas.DataFrame
        What `telling_features` returns.
    constant : int
        How many features never change.
    """
    still = (
        f" {count(constant, 'feature')} never {'changes' if constant == 1 else 'change'}." if constant else ""
    )
    if ranking.empty:
        return f"No feature has two different values, so none can tell anything.{still}"
    certain = ranking[ranking["certain"]]
    if certain.empty:
        which = (
            f"None of {count(len(ranking), 'feature')}" if len(ranking) > 1 else "Not even the only feature"
        )
        return f"{which} tells anything alone beyond chance, {METHOD}.{still}"
    best = [
        f"{spoken(row['title'])} ({percent(row['told'])})" for row in certain.head(NAMED).to_dict("records")
    ]
    number_of = f"{len(certain):,} of {count(len(ranking), 'feature')}"
    verb = "tells" if len(certain) == 1 else "tell"
    return f"{number_of} {verb} something alone beyond chance, {METHOD}; most of all {joined(best)}.{still}"


def chosen_words(chosen: Sequence[str], twins: Mapping[str, str], table: Table) -> str:
    """Say which features are drawn, and which were passed over because they show the same as one of these.

    Parameters
    ----------
    chosen, twins
        What `worth_showing` returns.
    table : Table
        For the columns' labels.
    """
    if not chosen:
        return "No feature is drawn: none has two different values."
    drawn = f"Drawn: {joined([spoken(table.columns[column].label) for column in chosen])}."
    if not twins:
        return drawn
    named = [
        f"{spoken(table.columns[one].label)} (like {spoken(table.columns[other].label)})"
        for one, other in list(twins.items())[:NAMED]
    ]
    rest = len(twins) - len(named)
    texts = [*named, f"{rest:,} more"] if rest else named
    return f"{drawn} Passed over because they show the same as one of these: {joined(texts)}."


def pairs_words(pairs: pd.DataFrame, table: Table) -> str:
    """Say how many pairs tell more together than the better one alone, and which tells most."""
    if pairs.empty:
        return "There are no two features to look at together."
    certain = pairs[pairs["certain"]]
    tried = count(len(pairs), "pair")
    if certain.empty:
        if len(pairs) == 1:
            return "The only pair tells no more together than the better one alone, beyond chance."
        return f"None of {tried} tells more together than the better one alone, beyond chance."
    best = certain.iloc[0].to_dict()
    names = " with ".join(spoken(table.columns[best[key]].label) for key in ("first", "second"))
    verb = "tells" if len(certain) == 1 else "tell"
    together, alone, points = gain_texts(best)
    return (
        f"{len(certain):,} of {tried} {verb} more together than the better one alone, beyond chance; most of "
        f"all {names}: {points} more ({together} instead of {alone})."
    )
