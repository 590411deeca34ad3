"""Figures of the summary: bars drawn as SVG with all lettering outside it, so that text never shrinks.

The drawing stretches with the page; line widths and dots do not. Colours come from classes in
``summary.css``, so that figures follow light and dark.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from helpers.summary.markup import Markup, as_text, element
from helpers.wording import FEW_CASES

SCALE = 1000  # units across a drawing
DOTS_ACROSS = 25


@dataclass(frozen=True)
class Bar:
    """One line of a figure.

    Attributes
    ----------
    label : str
        What it is about.
    text : str
        Its value in words; may be a link.
    value, low, high : float
        The value and its interval on the figure's scale.
    look : str
        ``chosen`` for what the reader should look at, ``beside`` for what it is compared with.
    """

    label: str
    text: str
    value: float
    low: float | None = None
    high: float | None = None
    look: Literal["chosen", "beside"] = "chosen"


def dots(bars: Sequence[Bar], *, top: float, ends: tuple[str, str, str], caption: str) -> Markup:
    """Return a figure with a dot and its interval for each bar on a scale from 0 to `top`.

    Parameters
    ----------
    bars : sequence of Bar
    top : float
        The right end of the scale, above 0.
    ends : tuple of str
        What is written under the left end, the middle and the right end.
    caption : str
        What to notice; may hold links.
    """
    lines = "".join(_line(bar, _dot(bar, top), _described(bar, ends[0], ends[2], top)) for bar in bars)
    axis = element("li", *(element("span", end) for end in ends), class_="nb-axis", aria_hidden="true")
    return _figure(Markup(lines) + axis, caption)


def lengths(bars: Sequence[Bar], *, whole: float, of: str, caption: str) -> Markup:
    """Return a figure with a bar from 0 for each, beside a whole.

    The scale ends at the whole, or at the longest bar where that is longer; then a line marks the whole.

    Parameters
    ----------
    bars : sequence of Bar
    whole : float
        What the bars are to be compared with, above 0.
    of : str
        What that is, as it stands after 'percent of'.
    caption : str
        What to notice; may hold links.
    """
    top = max(whole, *(bar.value for bar in bars))
    mark = f'<path class="nb-whole" d="M{_across(whole, top)} 0V24"/>' if whole < top else ""
    lines = "".join(_line(bar, _length(bar, top) + mark, _compared(bar, whole, of)) for bar in bars)
    return _figure(lines, caption)


def people(share: float, *, cases: int, look: Literal["hit", "miss", "beside"]) -> Markup:
    """Return a dot for each case, of 100 or of all there are where `of_hundred` counts those; `share` filled.

    Parameters
    ----------
    share : float
        Between 0 and 1.
    cases : int
        How many were checked.
    look : str
        Whether the filled ones are ``hit``, ``miss``, or those of what it is compared with, ``beside``.
    """
    total = min(cases, 100) if cases < FEW_CASES or share in (0.0, 1.0) else 100
    filled = round(share * total)
    if 0.0 < share < 1.0 and total == 100:
        filled = min(max(filled, 1), 99)
    marks = "".join(
        f'<circle cx="{10 * (place % DOTS_ACROSS) + 5}" cy="{10 * (place // DOTS_ACROSS) + 5}" '
        + (f'r="4" class="nb-{look}"/>' if place < filled else 'r="3.3"/>')
        for place in range(total)
    )
    height = 10 * math.ceil(total / DOTS_ACROSS)
    return element(
        "svg",
        Markup(marks),
        viewBox=f"0 0 {10 * DOTS_ACROSS} {max(height, 10)}",
        role="img",
        aria_label=f"{filled} of {total} dots filled",
    )


def nice_top(value: float) -> float:
    """Return the end of a scale from 0 that holds `value`: 1, 2 or 5 times a power of ten, or 4 or 8.

    >>> nice_top(73.0), nice_top(0.21), nice_top(10.0), nice_top(0.0)
    (80.0, 0.4, 10.0, 1.0)
    """
    if value <= 0 or not math.isfinite(value):
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    step = next(step for step in (1.0, 2.0, 4.0, 6.0, 8.0, 10.0) if value <= step * power * (1 + 1e-12))
    return step * power


def _figure(lines: str, caption: str) -> Markup:
    content = element("ul", Markup(lines), class_="nb-bars", role="list")
    return element("figure", content, element("figcaption", caption), class_="nb-chart")


def _line(bar: Bar, drawing: str, described: str) -> Markup:
    svg = element(
        "svg", Markup(drawing), viewBox=f"0 0 {SCALE} 24", preserveAspectRatio="none", role="img",
        aria_label=described,
    )  # fmt: skip
    return element(
        "li",
        element("span", bar.label, class_="nb-bar-label"),
        element("span", bar.text, class_="nb-bar-value"),
        svg,
        class_=f"nb-bar nb-{bar.look}",
    )


def _dot(bar: Bar, top: float) -> str:
    grid = "".join(f'<path class="nb-grid" d="M{SCALE * quarter // 4} 0V24"/>' for quarter in range(5))
    interval = ""
    if bar.low is not None and bar.high is not None:
        interval = f'<path class="nb-interval" d="M{_across(bar.low, top)} 12H{_across(bar.high, top)}"/>'
    return f'{grid}{interval}<path class="nb-dot" d="M{_across(bar.value, top)} 12h.01"/>'


def _length(bar: Bar, top: float) -> str:
    return f'<rect class="nb-length" x="0" y="4" width="{max(2.0, _across(bar.value, top)):g}" height="16"/>'


def _across(value: float, top: float) -> float:
    """Return where the value stands across the drawing; values off the scale stand at its end."""
    return round(SCALE * min(max(value / top, 0.0), 1.0), 1)


def _described(bar: Bar, left: str, right: str, top: float) -> str:
    """Return what the drawing of a dot shows, in words."""
    where = f"at {round(100 * bar.value / top)} percent of the scale from {left} to {right}"
    if bar.low is None or bar.high is None:
        return f"{where}, no range"
    return f"{where}, likely from {round(100 * bar.low / top)} to {round(100 * bar.high / top)} percent of it"


def _compared(bar: Bar, whole: float, of: str) -> str:
    """Return what the drawing of a length shows, in words."""
    text = as_text(bar.text) if isinstance(bar.text, Markup) else bar.text
    return f"{bar.label}: {text}, {round(100 * bar.value / whole)} percent of {of}"
