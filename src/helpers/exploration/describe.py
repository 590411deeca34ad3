"""Each variable by itself: one table a kind, and one overview of all. Counts are exact, over all rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from helpers.exploration.readings import NAME_CHARACTERS
from helpers.exploration.views import NO, YES, days, finite, lengths
from helpers.style import short
from helpers.tables.table import Column, Kind, Table
from helpers.wording import count, number, percent

QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
# How much wider 50 % to 99 % of a distribution is than 50 % to 75 %: 3.4 times for a normal one, 5.6 times
# for an exponential one, 9.6 times for a lognormal one with σ = 1.
HEAVY_TAIL = 8.0
TOP_LEVELS = 10
RARE_LEVEL = 5
MOST_ROWS = 0.9
ROWS_SPLIT = 100_000
HAIR = 1e-9  # sums of shares miss round ones by as little
SATURDAY = 5  # days of the week count from Monday, 0

NUMBER_COLUMNS = (
    "column", "role", "values", "missing", "distinct", "mean", "standard deviation", "lowest", "1 %", "5 %",
    "25 %", "median", "75 %", "95 %", "99 %", "highest", "zeros", "skewness", "heavy tail",
)  # fmt: skip
CATEGORY_COLUMNS = (
    "column", "role", "values", "missing", "levels", "most frequent", "its share", "second",
    "share of second", "share of top 10", "levels for 90 %", "rare levels", "once",
)  # fmt: skip
DATE_COLUMNS = (
    "column", "role", "values", "missing", "distinct", "earliest", "median", "latest", "days",
    "longest gap", "at weekends",
)  # fmt: skip
TEXT_COLUMNS = (
    "column", "role", "values", "missing", "distinct", "shortest", "median length", "longest", "median words",
)  # fmt: skip
OVERVIEW_COLUMNS = ("column", "role", "kind", "missing", "distinct", "typical values")


@dataclass(frozen=True)
class Description:
    """The variables of a table, one row each, in the order asked for.

    Attributes
    ----------
    overview : pandas.DataFrame
        Every column. Columns: `OVERVIEW_COLUMNS`; ``missing`` is a share.
    numbers, categories, dates, texts : pandas.DataFrame
        The columns of each kind; booleans are among the categories. ``levels for 90 %`` is how many of the
        most frequent levels hold 90 % of the rows, ``rare levels`` have fewer than 5 rows, ``once`` one;
        ``longest gap`` is the most days between a date and the next one. Lengths count characters; skewness
        is the third standardised moment; ``heavy tail`` says on which side the outer values lie far out.
    """

    overview: pd.DataFrame
    numbers: pd.DataFrame
    categories: pd.DataFrame
    dates: pd.DataFrame
    texts: pd.DataFrame


def describe(table: Table, names: Sequence[str]) -> Description:
    """Return what is in the columns named, over all rows of the table."""
    columns = [table.columns[name] for name in names]
    series = {column.name: table.frame[column.name] for column in columns}

    def rows(*kinds: Kind) -> list[tuple[Column, pd.Series]]:
        return [(column, series[column.name]) for column in columns if column.kind in kinds]

    numbers = _frame(NUMBER_COLUMNS, [_number_row(*pair) for pair in rows(Kind.NUMBER)])
    levelled = rows(Kind.CATEGORY, Kind.BOOLEAN)
    categories = _frame(CATEGORY_COLUMNS, [_category_row(*pair) for pair in levelled])
    dates = _frame(DATE_COLUMNS, [_date_row(*pair) for pair in rows(Kind.DATE)])
    texts = _frame(TEXT_COLUMNS, [_text_row(*pair) for pair in rows(Kind.TEXT)])
    known = {row["column"]: row for part in (numbers, categories, dates, texts) for row in _records(part)}
    lines = [_overview_row(column, series[column.name], known.get(column.name)) for column in columns]
    return Description(_frame(OVERVIEW_COLUMNS, lines), numbers, categories, dates, texts)


def reading_order(table: Table, ranked: Sequence[str]) -> list[str]:
    """Return the target, then the features as ranked, then every other column of the table."""
    first = [table.target.name, *ranked]
    known = set(first)
    return [*first, *(name for name in table.columns if name not in known)]


def heavy_tail(quantiles: dict[float, float]) -> str:
    """Return on which side the tail is heavy: ``upper``, ``lower``, ``both`` or nothing.

    A side is heavy where its outer half (median to the outermost 1 %) is over 8 times as wide as its inner
    half (median to the quartile). Where the inner half has no width, most rows share one value, and the
    side is not called heavy.
    """
    middle = quantiles[0.5]
    upper = _is_heavy(quantiles[0.99] - middle, quantiles[0.75] - middle)
    lower = _is_heavy(middle - quantiles[0.01], middle - quantiles[0.25])
    return {(True, True): "both", (True, False): "upper", (False, True): "lower"}.get((upper, lower), "")


def _is_heavy(outer: float, inner: float) -> bool:
    return inner > 0 and outer > HEAVY_TAIL * inner


def _frame(columns: tuple[str, ...], rows: list[dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(columns))


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def _common(column: Column, values: pd.Series) -> dict[str, Any]:
    present = int(values.notna().sum())
    missing = 1 - present / len(values) if len(values) else 0.0
    return {"column": column.name, "role": column.role.value, "values": present, "missing": missing}


def _number_row(column: Column, values: pd.Series) -> dict[str, Any]:
    numbers = finite(values)
    ordered = np.sort(numbers[~np.isnan(numbers)])
    row = _common(column, values)
    if len(ordered) == 0:
        return row | {"distinct": 0, "heavy tail": ""}
    mean, deviation, skewness = _moments(ordered)
    quantiles = dict(zip(QUANTILES, map(float, np.quantile(ordered, QUANTILES)), strict=True))
    named = {
        "median" if share == 0.5 else f"{share * 100:.0f} %": value for share, value in quantiles.items()
    }
    return row | named | {
        "distinct": 1 + int(np.count_nonzero(ordered[1:] != ordered[:-1])),
        "mean": mean, "standard deviation": deviation, "skewness": skewness,
        "lowest": float(ordered[0]), "highest": float(ordered[-1]),
        "zeros": float(np.count_nonzero(ordered == 0)) / len(ordered), "heavy tail": heavy_tail(quantiles),
    }  # fmt: skip


def _moments(numbers: np.ndarray) -> tuple[float, float, float]:
    """Return mean, standard deviation (n − 1) and skewness, scaled so that huge values do not overflow."""
    scale = float(max(abs(numbers[0]), abs(numbers[-1]))) or 1.0
    scaled = numbers / scale
    centred = scaled - scaled.mean()
    variance = float(np.mean(centred**2))
    skewness = float(np.mean(centred**3)) / variance**1.5 if variance > 1e-24 else float("nan")
    deviation = float(scaled.std(ddof=1)) * scale if len(numbers) > 1 else float("nan")
    return float(scaled.mean()) * scale, deviation, skewness


def _category_row(column: Column, values: pd.Series) -> dict[str, Any]:
    if column.kind is Kind.BOOLEAN:
        values = values.map({0.0: NO, 1.0: YES})
    sizes = values.value_counts()
    sizes = sizes[sizes > 0]
    row = _common(column, values) | {"levels": len(sizes), "rare levels": int((sizes < RARE_LEVEL).sum())}
    total = int(sizes.sum())
    for name, share, place in (("most frequent", "its share", 0), ("second", "share of second", 1)):
        if len(sizes) > place:
            row |= {name: str(sizes.index[place]), share: float(sizes.iloc[place]) / total}
    if not total:
        return row | {"share of top 10": float("nan")}
    covered = np.cumsum(sizes.to_numpy()) / total
    return row | {
        "share of top 10": float(covered[min(TOP_LEVELS, len(covered)) - 1]), "once": int((sizes == 1).sum()),
        "levels for 90 %": 1 + int(np.searchsorted(covered, MOST_ROWS - HAIR)),
    }  # fmt: skip


def _date_row(column: Column, values: pd.Series) -> dict[str, Any]:
    row = _common(column, values) | {"distinct": int(values.nunique())}
    if row["values"] == 0:
        return row
    earliest, median, latest = values.min(), values.quantile(0.5), values.max()
    moments = np.unique(days(values.dropna()))
    return row | {
        "earliest": _moment(earliest), "median": _moment(median), "latest": _moment(latest),
        "days": float(moments[-1] - moments[0]),
        "longest gap": float(np.diff(moments).max()) if len(moments) > 1 else 0.0,
        "at weekends": float((values.dropna().dt.day_of_week >= SATURDAY).mean()),
    }  # fmt: skip


def _moment(found: Any) -> str:
    moment = pd.Timestamp(found)
    if moment == moment.normalize():
        return moment.date().isoformat()
    return moment.isoformat(sep=" ", timespec="minutes")


def _text_row(column: Column, values: pd.Series) -> dict[str, Any]:
    row = _common(column, values) | {"distinct": int(values.nunique())}
    if row["values"] == 0:
        return row
    sizes = lengths(values)
    words = np.median(_word_counts(values.dropna()))
    return row | {
        "shortest": int(np.nanmin(sizes)), "median length": float(np.nanmedian(sizes)),
        "longest": int(np.nanmax(sizes)), "median words": float(words),
    }  # fmt: skip


def _word_counts(texts: pd.Series) -> np.ndarray:
    """Return how many words each text has; part by part, since lists of words are large."""
    parts = []
    for first in range(0, len(texts), ROWS_SPLIT):
        trimmed = pc.utf8_trim_whitespace(pa.array(texts.iloc[first : first + ROWS_SPLIT], pa.large_string()))
        counted = pc.list_value_length(pc.utf8_split_whitespace(trimmed)).to_numpy(zero_copy_only=False)
        parts.append(np.where(pc.equal(trimmed, "").to_numpy(zero_copy_only=False), 0, counted))
    return np.concatenate(parts)


def _overview_row(column: Column, values: pd.Series, known: dict[str, Any] | None) -> dict[str, Any]:
    row = _common(column, values) | {"kind": column.kind.value}
    if known is None:
        distinct = int(values.nunique())
        return row | {"distinct": distinct, "typical values": "" if distinct else "no value"}
    distinct = known["levels"] if "levels" in known else known["distinct"]
    return row | {"distinct": distinct, "typical values": _typical(column, known)}


def _typical(column: Column, row: dict[str, Any]) -> str:
    """Say in a few words what values a column usually has."""
    if row["values"] == 0:
        return "no value"
    if column.kind is Kind.NUMBER:
        low, middle, high = (number(row[name]) for name in ("5 %", "median", "95 %"))
        return f"about {middle}, mostly {low} to {high} {short(column.unit, 12)}".strip()
    if column.kind is Kind.DATE:
        return f"{row['earliest']} to {row['latest']}"
    if column.kind is Kind.TEXT:
        return f"{count(round(row['median words']), 'word')}, up to {row['longest']} characters"
    share = percent(row["its share"])
    return f"mostly ‘{short(row['most frequent'], NAME_CHARACTERS)}’ ({share})"
