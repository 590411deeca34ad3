"""An executed notebook as the page that the template prints: title, contents, cells, and where it failed."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from helpers.errors import shortened
from helpers.runner.reporting.report_label import report_label
from helpers.runner.reporting.report_markdown import render_markdown
from helpers.runner.reporting.report_outputs import (
    ERROR_ANCHOR,
    HEADLINE_CHARACTERS,
    Failure,
    Markup,
    Shown,
    shown_outputs,
)
from helpers.runner.reporting.report_parameters import ShownParameter
from helpers.runner.reporting.safe_html import Outline, clean_html

CONTENTS_LEVELS = ("2", "3")
ID_CHARACTERS = 80
HEADING_CHARACTERS = 200

_RESERVED = ("content", "contents", "provenance")
_PAPERMILL_ERROR = "papermill-error-cell-tag"
_EXPECTED_ERROR = "raises-exception"
_HEADING = re.compile(r"<h([2-6])((?: [^>]*)?)>(.*?)</h\1>", re.DOTALL)
_ID = re.compile(r' id="([^"]*)"')
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class ReportContext:
    """What the runner knows of a report and the notebook does not.

    Attributes
    ----------
    title : str
        The report's name, used where the notebook has no heading of its own.
    experiment, run : str
        Whose report it is.
    question : str
        What the experiment asks; the heading of a report for everyone.
    audience : str
        ``everyone``, who see no code, or ``engineers``.
    provenance : tuple of (label, value)
        What the foot of the page says of where it comes from.
    reports : tuple of (name, href)
        The run's other reports.
    banner : str
        What went wrong with the run, where the notebook itself cannot say so; empty where nothing did.
    parameters : tuple of ShownParameter
        What the experiment set, and the defaults that it left.
    """

    title: str
    experiment: str = ""
    run: str = ""
    question: str = ""
    audience: str = "engineers"
    provenance: tuple[tuple[str, str], ...] = ()
    reports: tuple[tuple[str, str], ...] = ()
    banner: str = ""
    parameters: tuple[ShownParameter, ...] = ()

    @property
    def given(self) -> int:
        """How many parameters differ from their defaults."""
        return sum(parameter.given for parameter in self.parameters)


@dataclass(frozen=True)
class Heading:
    """One line of the contents list."""

    level: int
    anchor: str
    text: str


@dataclass(frozen=True)
class Cell:
    """One cell as it is shown; `code` and `html` are clean HTML.

    `folded` folds the whole cell under that name; `label` is what the folded code is called.
    """

    kind: str
    html: str = ""
    code: str = ""
    label: str = ""
    count: int | None = None
    outputs: tuple[Shown, ...] = ()
    outputs_folded: bool = False
    folded: str = ""
    not_run: bool = False

    @property
    def failure(self) -> str:
        """The error that this cell ended with and nobody expected, on a line; empty if there is none."""
        headlines = [
            output.headline for output in self.outputs if isinstance(output, Failure) and output.anchor
        ]
        return shortened(headlines[0], limit=HEADLINE_CHARACTERS) if headlines else ""


@dataclass(frozen=True)
class Page:
    """A report, ready to print.

    `kicker` stands above the title and `subtitle` under it; `failed` is the first cell that ended with an
    error, and `has_error_anchor` says whether an output already bears the id that links to errors lead to.
    """

    title: str
    kicker: str
    subtitle: str
    context: ReportContext
    contents: tuple[Heading, ...]
    cells: tuple[Cell, ...]
    failed: Cell | None
    has_error_anchor: bool

    @staticmethod
    def label(name: str) -> str:
        """Return what people call a notebook: ``02_exploration`` is 'Exploration'."""
        return report_label(name)

    @property
    def has_long_title(self) -> bool:
        """Whether the title is a text, which in the letters of a heading would fill a page."""
        return len(self.title) > HEADING_CHARACTERS

    @property
    def for_everyone(self) -> bool:
        """Whether code and tracebacks are left out."""
        return self.context.audience == "everyone"


class _Builder:
    def __init__(self, context: ReportContext, lexer: Any) -> None:
        self.everyone = context.audience == "everyone"
        self.lexer = lexer
        self.outline = Outline()
        self.title = ""

    def cell(self, cell: Mapping[str, Any]) -> Cell | None:
        tags = _tags(cell)
        if tags & {"remove-cell", _PAPERMILL_ERROR}:
            return None
        if cell["cell_type"] == "code":
            return self._code(cell, tags)
        if cell["cell_type"] == "markdown":
            return self._markdown(cell, tags)
        return Cell("raw", html=html.escape(cell["source"]), folded="Unformatted text")

    def _markdown(self, cell: Mapping[str, Any], tags: set[str]) -> Cell:
        rendered = render_markdown(
            cell["source"], attachments=cell.get("attachments"), take_title=not self.title
        )
        self.title = self.title or _text_of(rendered.title)
        clean = clean_html(rendered.html, self.outline).html
        return Cell("markdown", html=clean, folded="Text" if "hide-cell" in tags else "")

    def _code(self, cell: Mapping[str, Any], tags: set[str]) -> Cell:
        source = cell["source"]
        outputs = shown_outputs(
            () if "remove-output" in tags else cell.get("outputs", ()),
            outline=self.outline,
            markdown=lambda text: render_markdown(text, raw_html=False).html,
            expected_error=_EXPECTED_ERROR in tags,
        )
        no_code = self.everyone or "remove-input" in tags or not source.strip()
        ran = cell.get("execution_count") is not None or bool(cell.get("outputs"))
        return Cell(
            "code",
            code="" if no_code else highlight(source, self.lexer, HtmlFormatter(nowrap=True)),
            label=_label(tags),
            count=cell.get("execution_count"),
            outputs=tuple(outputs),
            outputs_folded="hide-output" in tags,
            folded="Cell" if "hide-cell" in tags else "",
            not_run=bool(source.strip()) and not ran,
        )


def report_page(notebook: Mapping[str, Any], context: ReportContext) -> Page:
    """Return the page for an executed notebook.

    Parameters
    ----------
    notebook : mapping
        A notebook as nbformat 4 describes it, each source one text.
    context : ReportContext
        What the runner adds.
    """
    builder = _Builder(context, _lexer(notebook.get("metadata", {})))
    for name in _RESERVED:
        builder.outline.claim(name)
    cells = [shown for cell in notebook["cells"] if (shown := builder.cell(cell)) is not None]
    # Anchors that notebooks chose come first; headings take what is left.
    cells, contents = _with_heading_anchors(cells, builder.outline)
    failed = next((cell for cell in cells if cell.failure), None)
    everyone = context.audience == "everyone"
    own = builder.title or context.title
    return Page(
        title=context.question if everyone and context.question else own,
        kicker=own if everyone and context.question else "",
        subtitle="" if everyone else context.question,
        context=context,
        contents=tuple(contents),
        cells=tuple(_not_run_once(cells)),
        failed=failed,
        has_error_anchor=ERROR_ANCHOR in builder.outline.ids,
    )


def _tags(cell: Mapping[str, Any]) -> set[str]:
    metadata = cell.get("metadata", {})
    tags = {str(tag).replace("_", "-") for tag in metadata.get("tags", ())}
    if any(output.get("output_type") == "error" for output in cell.get("outputs", ())):
        # Where something went wrong is shown, whatever the author wanted hidden.
        tags -= {"remove-cell", "remove-output", "hide-cell", "hide-output"}
    if metadata.get("jupyter", {}).get("outputs_hidden"):
        tags.add("hide-output")
    return tags


def _label(tags: set[str]) -> str:
    if "injected-parameters" in tags:
        return "Parameters of this run"
    return "Parameters and their defaults" if "parameters" in tags else "Code"


def _lexer(metadata: Mapping[str, Any]) -> Any:
    language = metadata.get("language_info", {})
    name = str(language.get("pygments_lexer") or language.get("name") or "ipython3")
    try:
        return get_lexer_by_name("ipython3" if name == "python" else name)
    except ClassNotFound:
        return get_lexer_by_name("text")


def _text_of(markup: str) -> str:
    return html.unescape(_TAG.sub("", markup)).strip()


def _with_heading_anchors(cells: list[Cell], outline: Outline) -> tuple[list[Cell], list[Heading]]:
    contents: list[Heading] = []
    anchored = []
    for cell in cells:
        outputs = tuple(
            Markup(_anchored(output.html, outline, contents)) if isinstance(output, Markup) else output
            for output in cell.outputs
        )
        body = _anchored(cell.html, outline, contents) if cell.kind == "markdown" else cell.html
        anchored.append(replace(cell, html=body, outputs=outputs))
    return anchored, contents


def _anchored(clean: str, outline: Outline, contents: list[Heading]) -> str:
    def with_anchor(found: re.Match[str]) -> str:
        level, attributes, inside = found.groups()
        text = _text_of(inside)
        given = _ID.search(attributes)
        # JupyterLab's rule, so that links between headings work there and here.
        anchor = html.unescape(given[1]) if given else outline.claim(text[:ID_CHARACTERS])
        if level in CONTENTS_LEVELS and text:
            contents.append(Heading(int(level), anchor, shortened(text, limit=HEADLINE_CHARACTERS)))
        return found[0] if given else f'<h{level} id="{html.escape(anchor)}"{attributes}>{inside}</h{level}>'

    return _HEADING.sub(with_anchor, clean)


def _not_run_once(cells: list[Cell]) -> list[Cell]:
    code = [cell for cell in cells if cell.kind == "code"]
    said_before = [cell for before, cell in pairwise(code) if before.not_run and cell.not_run]
    return [
        replace(cell, not_run=cell.not_run and not any(cell is one for one in said_before)) for cell in cells
    ]
