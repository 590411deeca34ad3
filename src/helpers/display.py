"""What a notebook shows: tables with captions, figures with alternative texts, sentences; all escaped."""

import base64
import html
import io
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from IPython.display import display
from matplotlib.figure import Figure
from PIL import Image

from helpers.errors import shortened
from helpers.findings import Finding, by_severity
from helpers.wording import count, number

FIGURE_COLOURS = 128
CELL_CHARACTERS = 160


def say(text: str) -> None:
    """Show a computed sentence."""
    display({"text/plain": text, "text/html": f'<p class="nb-say">{html.escape(text)}</p>'}, raw=True)


def show_table(
    frame: pd.DataFrame,
    *,
    caption: str,
    formats: Mapping[str, str] | None = None,
    limit: int | None = 30,
    anchor: str = "",
) -> None:
    """Show a table with its caption; numbers stand right, text is cut at 160 characters.

    Parameters
    ----------
    frame : pandas.DataFrame
        What to show; the index is left out, so reset it where it says something.
    caption : str
        What the table says, with units.
    formats : mapping of str to str, optional
        Column to a format specification such as ``.1%`` or ``,.0f``; others get sensible digits.
    limit : int or None
        How many rows to show at most; the caption says how many there are.
    anchor : str
        An id that links can lead to.
    """
    shown = frame if limit is None else frame.head(limit)
    if len(shown) < len(frame):
        caption = f"{caption} The first {len(shown):,} of {count(len(frame), 'row')}."
    content = _table_html(shown, caption, dict(formats or {}), anchor)
    display({"text/plain": f"{caption}\n{shown.to_string(index=False)}", "text/html": content}, raw=True)


def show_figure(figure: Figure, *, alt: str, caption: str = "", anchor: str = "") -> None:
    """Show a figure as a compact picture and close it.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure, with its title and units.
    alt : str
        What it shows, computed from its data, for those who cannot see it.
    caption : str
        What to notice.
    anchor : str
        An id that links can lead to.
    """
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        # A name may hold characters, emoji for one, that the figures' font lacks; a box stands for them.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure.savefig(buffer, format="png", dpi=180)
    width, height = (round(inches * 100) for inches in figure.get_size_inches())
    plt.close(figure)
    metadata = {"alt": alt, "caption": caption, "anchor": anchor, "width": width, "height": height}
    display(
        {"image/png": _compact(buffer.getvalue()), "text/plain": f"[figure] {alt}"},
        raw=True,
        metadata={"image/png": metadata},
    )


def show_findings(findings: Sequence[Finding], *, caption: str, anchor: str = "") -> None:
    """Show findings as a list, the most serious first, each with its remedy and its evidence folded."""
    items = "".join(_finding_html(finding) for finding in by_severity(findings))
    identity = f' id="{html.escape(anchor)}"' if anchor else ""
    head = f'<p class="nb-caption">{html.escape(caption)}</p>'
    content = f'<section class="nb-findings"{identity}>{head}{items}</section>'
    text = "\n".join(
        f"{finding.severity}: {finding.code} {finding.message}" for finding in by_severity(findings)
    )
    display({"text/plain": f"{caption}\n{text}", "text/html": content}, raw=True)


def show_page(fragment: str, *, text: str) -> None:
    """Show a fragment of HTML that our own, escaping, functions built; `text` says the same in words."""
    display({"text/plain": text, "text/html": fragment}, raw=True)


def _compact(png: bytes) -> str:
    """Return the picture with a palette of its own, base64-coded: about a third of the size."""
    with Image.open(io.BytesIO(png)) as picture:
        small = picture.convert("RGB").quantize(FIGURE_COLOURS, dither=Image.Dither.NONE)
        buffer = io.BytesIO()
        small.save(buffer, format="png", optimize=True)
    return base64.b64encode(buffer.getvalue()).decode("ascii")


def _table_html(frame: pd.DataFrame, caption: str, formats: dict[str, str], anchor: str) -> str:
    numeric = {name: pd.api.types.is_numeric_dtype(frame[name].dtype) for name in frame.columns}
    head = "".join(
        f'<th scope="col"{_number_class(numeric[name])}>{html.escape(shortened(name))}</th>'
        for name in frame.columns
    )
    rows = "".join(
        "<tr>"
        + "".join(
            f"<td{_number_class(numeric[name])}>{_cell(value, formats.get(str(name)))}</td>"
            for name, value in zip(frame.columns, row, strict=True)
        )
        + "</tr>"
        for row in frame.itertuples(index=False, name=None)
    )
    identity = f' id="{html.escape(anchor)}"' if anchor else ""
    label = html.escape(caption)
    return (
        f'<div class="nb-table" role="region" aria-label="{label}" tabindex="0"{identity}><table>'
        f"<caption>{label}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _number_class(is_number: bool) -> str:
    return ' class="n"' if is_number else ""


def _cell(value: Any, specification: str | None) -> str:
    if value is None or value is pd.NaT or (isinstance(value, float) and pd.isna(value)):
        return "–"
    if specification and isinstance(value, (int, float)):
        return html.escape(format(value, specification))
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return html.escape(shortened(value, limit=CELL_CHARACTERS))
    return html.escape(number(value))


def _finding_html(finding: Finding) -> str:
    severity = finding.severity.value
    columns = ", ".join(shortened(name, limit=60) for name in finding.columns[:8])
    more = f" and {len(finding.columns) - 8} more" if len(finding.columns) > 8 else ""
    where = f'<p class="nb-columns">Columns: {html.escape(columns + more)}</p>' if columns else ""
    remedy = f'<p class="nb-remedy">What to do: {html.escape(finding.remedy)}</p>' if finding.remedy else ""
    evidence = ""
    if finding.evidence:
        table = _table_html(
            pd.DataFrame(list(finding.evidence)).head(20), f"Evidence for {finding.code}", {}, ""
        )
        evidence = f"<details><summary>Evidence for {html.escape(finding.code)}</summary>{table}</details>"
    badge = f'<span class="nb-badge">{severity}</span> <b>{html.escape(finding.code)}</b>'
    kind = severity.replace(" ", "-")
    return (
        f'<article class="nb-finding nb-{kind}"><p>{badge} {html.escape(finding.message)}</p>'
        f"{where}{remedy}{evidence}</article>"
    )
