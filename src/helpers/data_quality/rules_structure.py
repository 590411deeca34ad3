"""Rows that belong together or follow each other, while the params do not say so.

Each candidate is priced: the same small model, on the same rows, once with folds drawn at random and once
with folds that keep the group together, or with the latest rows held out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from helpers.data_quality.cheap_model import Price, Split, at_random, by_folds, inputs, mean_errors, price
from helpers.data_quality.coding import coded, distinct
from helpers.data_quality.context import Context
from helpers.data_quality.group_candidates import Candidate, group_candidates
from helpers.data_quality.probe import FOLDS, as_numbers, folds_of, target_matrix
from helpers.data_quality.rule import Outcome, counted, named, not_applicable, passed, points, rule, written
from helpers.findings import Severity
from helpers.tables.table import Kind, Role, Table
from helpers.wording import percent

PRICED_ROWS = 3_000
FEWEST_ROWS = 100
PRICED_CANDIDATES = 5
PRICED_TIMES = 3
PRICED_FEATURES = 20
LOSS_NOTE = 0.02
LOSS_WARN = 0.05
LATEST = 0.2
EPOCH_DISTINCT = 50
# Seconds since 1970: from 1990 to 2050; milliseconds are a thousand times as many.
EPOCH_LOW, EPOCH_HIGH = 631_152_000, 2_524_608_000
EPOCH_UNITS = {1: "seconds", 1_000: "milliseconds"}


@dataclass(frozen=True)
class _Priced:
    candidate: Candidate
    price: Price


@rule("Q161", "group_structure")
def group_structure(table: Table, context: Context) -> Outcome:
    """Find rows that belong to the same person, animal or thing, and what a random split makes of it."""
    if context.has(Role.GROUP):
        return not_applicable("The params name a group column; its rows stay on one side.")
    if len(table) < FEWEST_ROWS:
        return not_applicable(
            f"Fewer than {FEWEST_ROWS} development rows: too few to price a split by groups."
        )
    candidates = group_candidates(table, context.codes)[:PRICED_CANDIDATES]
    if not candidates:
        return passed("No column has repeated values that could name persons, things or batches.")
    priced = [_Priced(candidate, _group_price(context, candidate)) for candidate in candidates]
    kept = [item for item in priced if item.candidate.identifies or _costs(item.price)]
    if not kept:
        return passed(
            f"Keeping the rows of one group together costs a small model nothing that is sure and at least "
            f"{percent(LOSS_NOTE)} of the error of guessing; tried by "
            f"{named([item.candidate.column for item in priced])}."
        )
    return _group_outcome(sorted(kept, key=lambda item: (not _costs(item.price), -item.price.loss)))


def _costs(found: Price) -> bool:
    """Return whether random folds flatter by a share that matters and surely by some."""
    return found.low > 0 and found.loss >= LOSS_NOTE and found.random >= LOSS_NOTE


def _group_price(context: Context, candidate: Candidate) -> Price:
    """Return what random folds flatter against folds of whole groups, on rows of whole groups."""
    table, seed, codes = context.table, context.seed, candidate.codes
    chosen = np.random.default_rng(seed).permutation(distinct(codes))
    sizes = np.bincount(codes[codes >= 0])[chosen]
    kept = chosen[: max(2 * FOLDS, int(np.searchsorted(np.cumsum(sizes), PRICED_ROWS)) + 1)]
    is_kept = np.zeros(distinct(codes) + 1, dtype=bool)
    is_kept[kept] = True
    part, places = _some_rows(table, np.flatnonzero(is_kept[codes]), seed=seed)
    groups = codes[places]

    def whole_groups(draw: int) -> Iterator[Split]:
        return by_folds(folds_of(distinct(codes), seed=draw)[groups])

    target, values = target_matrix(part), inputs(part, _seen(context, candidate.column))
    random = mean_errors(values, target, at_random(len(part)), seed=seed)
    honest = mean_errors(values, target, whole_groups, seed=seed)
    return price(random, honest, target, groups)


def _some_rows(table: Table, places: np.ndarray, *, seed: int) -> tuple[Table, np.ndarray]:
    """Return at most 3,000 of the rows at these places, in their order, and their places."""
    if len(places) > PRICED_ROWS:
        places = np.sort(np.random.default_rng(seed).choice(places, size=PRICED_ROWS, replace=False))
    return replace(table, frame=table.frame.iloc[places]), places


def _seen(context: Context, name: str) -> list[str]:
    """Return the strongest features without the column in question and those that give the target away."""
    hidden = {name, *context.given_away}
    return [item.column for item in context.skills if item.column not in hidden][:PRICED_FEATURES]


def _group_outcome(found: Sequence[_Priced]) -> Outcome:
    first = found[0]
    names = tuple(dict.fromkeys(item.candidate.column for item in found))
    costly = _costs(first.price)
    message = f"Rows may belong together by {first.candidate.words}."
    if costly:
        message += (
            f" With new groups a small model removes {percent(max(0.0, first.price.honest))} of the error of "
            f"guessing, with folds drawn at random {percent(first.price.random)}: the random score is too "
            f"good by {percent(first.price.random - max(0.0, first.price.honest))}."
        )
    else:
        message += (
            " Whether folds drawn at random flatter the score of a small model cannot be told: by "
            f"{points(first.price.loss)} ({points(first.price.low)} to {points(first.price.high)})."
        )
    if len(names) > 1:
        message += f" Other columns that might name groups: {named(names[1:])}."
    return Outcome(
        Severity.WARN if costly and first.price.loss >= LOSS_WARN else Severity.NOTE,
        message,
        plain="Several rows seem to belong to the same person or thing, which can flatter the result.",
        remedy=f"If new rows will come from new ones: {first.candidate.remedy}.",
        columns=names,
        evidence=tuple(
            {
                "rows belong together by": item.candidate.words,
                "groups": distinct(item.candidate.codes),
                "random folds": item.price.random,
                "folds by group": item.price.honest,
                "from": item.price.low,
                "to": item.price.high,
            }
            for item in found
        ),
    )


@rule("Q162", "time_order")
def time_order(table: Table, context: Context) -> Outcome:
    """Find columns of time while the params name none, and what predicting the latest rows costs."""
    if context.has(Role.TIME):
        return not_applicable("The params name a time column; the latest rows are held out.")
    columns = [column.name for column in table.features if column.kind is Kind.DATE]
    epochs = {
        column.name: unit
        for column in table.features
        if column.kind is Kind.NUMBER
        for unit in [epoch_unit(table.frame[column.name])]
        if unit
    }
    names = [*columns, *epochs]
    if not names:
        return not_applicable("No feature holds dates or seconds since 1970.")
    priced = sorted(
        ((name, _time_price(context, name)) for name in names[:PRICED_TIMES]),
        key=lambda pair: -pair[1].loss,
    )
    return _time_outcome(table, names, epochs, priced)


def epoch_unit(values: pd.Series) -> str:
    """Return the unit if the numbers read as moments counted from 1970, else an empty text."""
    known = values.dropna()
    if known.nunique() < EPOCH_DISTINCT or not (known == known.round()).all():
        return ""
    for factor, unit in EPOCH_UNITS.items():
        if known.min() >= factor * EPOCH_LOW and known.max() <= factor * EPOCH_HIGH:
            return unit
    return ""


def _time_price(context: Context, name: str) -> Price:
    """Return what random folds flatter, against learning from earlier rows, on the latest fifth of rows."""
    table, seed = context.table, context.seed
    part, _ = _some_rows(table, np.flatnonzero(table.frame[name].notna()), seed=seed)
    moments = as_numbers(part.frame[name])
    start = np.quantile(moments, 1 - LATEST)
    late = np.flatnonzero(moments > start)
    early = np.flatnonzero(moments <= start)
    target, values = target_matrix(part), inputs(part, _seen(context, name))
    random = mean_errors(values, target, at_random(len(part)), seed=seed)
    later = [(early, late)] if len(late) and len(early) else []
    honest = mean_errors(values, target, lambda _draw: iter(later), seed=seed)
    # Rows of one moment (a day, say) are alike: they count as one for the interval.
    return price(random, honest, target, coded(part.frame[name], Kind.NUMBER))


def _time_outcome(
    table: Table, names: Sequence[str], epochs: dict[str, str], priced: Sequence[tuple[str, Price]]
) -> Outcome:
    name, first = priced[0]
    costly = _costs(first)
    in_order = [n for n in names if table.frame[n].dropna().is_monotonic_increasing]
    message = (
        f"{counted(len(names), 'feature', 'tells', 'tell')} when, and `time` is not given: {named(names)}."
    )
    if epochs:
        message += f" {named(list(epochs))} counts {next(iter(epochs.values()))} since 1970."
    if in_order:
        message += f" The rows are in the order of {named(in_order)}."
    if costly:
        message += (
            f" On the latest {percent(LATEST)} of rows by {named([name])} a small model that saw only "
            f"earlier rows removes {percent(max(0.0, first.honest))} of the error of guessing, with folds "
            f"drawn at random {percent(max(0.0, first.random))}."
        )
    return Outcome(
        Severity.WARN if in_order or (costly and first.loss >= LOSS_WARN) else Severity.NOTE,
        message,
        plain="The rows have a date: a model meant for the future is to be judged on the latest ones.",
        remedy=f"If it will be used on later rows: {written({'time': name})}.",
        columns=(name, *(n for n in names if n != name)),
        evidence=tuple(
            {
                "column": n,
                "random folds": found.random,
                "latest rows": found.honest,
                "from": found.low,
                "to": found.high,
            }
            for n, found in priced
        ),
    )
