"""Where values are missing: which columns, and where in the file."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from helpers.style import ACCENT, house_style, new_figure, short, title
from helpers.tables.table import Table
from helpers.wording import count, percent

COLUMNS_SHOWN = 25
BLOCKS = 50


def missing_pattern(table: Table) -> pd.DataFrame:
    """Return the share of missing values by column and place in the file.

    Returns
    -------
    pandas.DataFrame
        One row a column with any gap, the one with most first, at most 25. Columns `column`, `missing` (share
        of all rows) and `block 1` … (share within equal parts of the development rows in file order).
    """
    missing = table.X.isna()
    shares = missing.mean()
    order = shares[shares > 0].sort_values(ascending=False, kind="stable").index[:COLUMNS_SHOWN]
    parts = np.array_split(np.arange(len(table)), min(BLOCKS, len(table)))
    return pd.DataFrame(
        [
            {
                "column": str(name),
                "missing": float(shares[name]),
                **{
                    f"block {place}": float(missing[name].to_numpy()[part].mean())
                    for place, part in enumerate(parts, start=1)
                },
            }
            for name in order
        ]
    )


def missing_figure(pattern: pd.DataFrame) -> Figure:
    """Return the figure of `missing_pattern`: shares as bars, and beside them their places in the file."""
    names = [short(name, 28) for name in pattern["column"]]
    blocks = pattern.drop(columns=["column", "missing"]).to_numpy(float)
    with house_style():
        height = 1.7 + 0.26 * len(names)
        figure, (left, right) = new_figure(1, 2, height=height, sharey=True, width_ratios=[2, 3])
        places = np.arange(len(names))
        left.barh(places, 100 * pattern["missing"], color=ACCENT)
        left.set_yticks(places, names)
        left.set_xlim(0, 100)
        left.invert_yaxis()
        title(left, "Missing values", x="share of rows (%)")
        image = right.imshow(blocks, aspect="auto", cmap="Greys", vmin=0, vmax=1, interpolation="nearest")
        right.set_xticks([0, blocks.shape[1] - 1], ["first rows", "last rows"])
        right.grid(visible=False)
        title(right, "Where in the file", x="development rows in file order")
        bar = figure.colorbar(image, ax=right, label="share missing (%)", ticks=[0, 0.5, 1])
        bar.ax.set_yticklabels(["0", "50", "100"])
    return figure


def missing_words(pattern: pd.DataFrame, *, columns_with_gaps: int) -> str:
    """Return what the figure shows, for those who cannot see it."""
    first = pattern.iloc[0]
    blocks = pattern.drop(columns=["column", "missing"]).to_numpy(float)
    uneven = int((blocks.max(axis=1) - blocks.min(axis=1) > 0.5).sum())
    return (
        f"Bars of the share of missing values in {len(pattern)} of {count(columns_with_gaps, 'feature')} "
        f"with gaps, from {percent(float(first['missing']), digits=1)} in {short(first['column'])} down to "
        f"{percent(float(pattern['missing'].iloc[-1]), digits=1)}; beside them where in the file they are "
        f"missing: in {count(uneven, 'column')} parts of the file differ by more than half of their rows."
    )
