"""The one look of all figures: palette, sizes, lettering. Nothing here changes global settings for good."""

import textwrap
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, cast

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.rcsetup import cycler

INK = "#1b2430"
SOFT = "#5b6675"
LINE = "#d9dee5"
ACCENT = "#0b5c8a"
GOOD = "#0b6e4f"
BAD = "#b3541e"
MID = "#9aa6b2"

# Okabe and Ito (2008), darkened a little where white paper needs it; neighbours differ in grey.
PALETTE: tuple[str, ...] = (
    "#0b5c8a",
    "#e69f00",
    "#0b6e4f",
    "#cc79a7",
    "#56b4e9",
    "#b3541e",
    "#5b6675",
    "#b8a400",
)
MARKERS: tuple[str, ...] = ("o", "s", "^", "D", "v", "P", "X", "*")
SEQUENTIAL = "cividis"
LETTERING = 12.5  # a figure 7.2 inches wide is 340 pixels wide on a phone, where this is 8 pixels high

_SETTINGS: Mapping[str, Any] = MappingProxyType(
    {
        "figure.dpi": 100,
        "savefig.dpi": 180,
        "figure.facecolor": "white",
        "axes.facecolor": "white",
        "axes.edgecolor": LINE,
        "axes.labelcolor": INK,
        "axes.titlecolor": INK,
        "axes.titlesize": LETTERING + 1,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "axes.labelsize": LETTERING + 0.5,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "axes.axisbelow": True,
        "axes.prop_cycle": cycler(color=PALETTE),
        "grid.color": LINE,
        "grid.linewidth": 0.7,
        "xtick.color": SOFT,
        "ytick.color": SOFT,
        "xtick.labelsize": LETTERING,
        "ytick.labelsize": LETTERING,
        "legend.frameon": False,
        "legend.fontsize": LETTERING,
        "font.family": ["DejaVu Sans"],
        "font.size": LETTERING,
        "text.color": INK,
        # Column names and values are shown as they are: a dollar sign in them is no formula.
        "text.parse_math": False,
        "lines.linewidth": 1.8,
        "image.cmap": SEQUENTIAL,
    }
)


@contextmanager
def house_style() -> Iterator[None]:
    """Draw with the house's look inside the block, and leave global settings as they were."""
    with mpl.rc_context(cast("Any", _SETTINGS)):
        yield


def new_figure(
    rows: int = 1, columns: int = 1, *, width: float = 7.2, height: float = 4.0, **options: Any
) -> tuple[Figure, Any]:
    """Return a figure and its axes (one, or an array) in the house's look; sizes in inches.

    Call it inside `house_style`. 7.2 inches is the width of a report's text.
    """
    figure, axes = plt.subplots(rows, columns, figsize=(width, height), layout="constrained", **options)
    return figure, axes


def colours(count: int) -> list[str]:
    """Return `count` colours, from the palette while it lasts, else evenly from the sequential map."""
    if count <= len(PALETTE):
        return list(PALETTE[:count])
    scale = mpl.colormaps[SEQUENTIAL]
    return [mpl.colors.to_hex(scale(step / (count - 1))) for step in range(count)]


def short(text: object, limit: int = 32) -> str:
    """Return `text` on one line, printable, and cut in its middle to at most `limit` characters."""
    clean = "".join(ch if ch.isprintable() else " " for ch in str(text))
    if len(clean) <= limit:
        return clean
    head = (limit - 1) * 2 // 3
    return f"{clean[:head]}…{clean[len(clean) - (limit - 1 - head) :]}"


def wrapped(text: object, width: int = 70) -> str:
    """Return `text` as lines of at most `width` characters, for titles."""
    return textwrap.fill(short(text, 400), width)


def heading(figure: Figure, text: str) -> None:
    """Set the title of a figure of several axes, at its left edge."""
    figure.suptitle(text, x=0.01, ha="left", fontweight="bold")


def title(axes: Axes, text: str, *, x: str = "", y: str = "") -> None:
    """Set the axes' title and axis labels; write units in brackets."""
    axes.set_title(wrapped(text))
    axes.set_xlabel(x)
    axes.set_ylabel(y)
