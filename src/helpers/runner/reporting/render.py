"""Executed notebooks to self-contained HTML through nbconvert. Its import takes seconds: import this late."""

import threading
import warnings
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import HTMLExporter
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.preprocessors import Preprocessor

import helpers.files as files
from helpers.errors import Problem, UserError
from helpers.runner.reporting.report_page import ReportContext, report_page
from helpers.runner.reporting.report_parameters import shown_parameters

__all__ = ["ReportContext", "ReportPreprocessor", "render_report", "templates_folder"]

TEMPLATE = "nightbook"

_rendering = threading.Lock()


class ReportPreprocessor(Preprocessor):
    """Puts the prepared page into the template's resources; the template's conf.json names this class.

    That is why ``jupyter nbconvert --template nightbook`` gives the same, and as harmless, a page: what the
    runner would add is then taken from the notebook's metadata.
    """

    def preprocess(self, notebook: Any, resources: Any) -> tuple[Any, Any]:
        """Add the page for `notebook` to `resources`; the notebook stays as it is."""
        context = resources.get("report_context") or _context_of(notebook, resources)
        resources["page"] = report_page(notebook, context)
        return notebook, resources


class _ReportExporter(HTMLExporter):
    def from_notebook_node(self, nb: Any, resources: Any = None, **kw: Any) -> tuple[str, Any]:
        # HTMLExporter parses the finished page once more, to add alternative texts that ours has already.
        page, resources = super(HTMLExporter, self).from_notebook_node(nb, resources, **kw)
        return str(page), resources


def templates_folder() -> Path:
    """Return the folder that holds the template `nightbook`."""
    return Path(__file__).parents[1] / "templates"


def render_report(executed: Path, out: Path, *, context: ReportContext) -> None:
    """Write the report of an executed notebook, atomically.

    Several threads may render at once; they take turns.

    Parameters
    ----------
    executed : Path
        The executed notebook; one that failed or was cut off is shown as far as it came.
    out : Path
        The HTML file to write.
    context : ReportContext
        What the notebook does not know: experiment, question, audience, provenance, other reports.

    Raises
    ------
    UserError
        If `executed` is not a notebook.
    """
    notebook = _read(executed)
    with _rendering:
        page, _ = _exporter().from_notebook_node(
            notebook, {"report_context": context, "report_name": out.name}
        )
    # A lone surrogate, which UTF-8 cannot hold, is shown by its number.
    files.write_bytes(out, page.encode("utf-8", "backslashreplace"))


@cache
def _exporter() -> TemplateExporter:
    return _ReportExporter(template_name=TEMPLATE, extra_template_basedirs=[str(templates_folder())])


def _read(path: Path) -> Any:
    try:
        with warnings.catch_warnings():
            # Notebooks from before nbformat 4.5 have cells without ids, which a report does not need.
            warnings.simplefilter("ignore", nbformat.warnings.MissingIDFieldWarning)
            return nbformat.read(path, as_version=4)
    except (ValueError, AttributeError, KeyError, nbformat.ValidationError) as error:
        raise UserError(
            Problem(
                str(path), f"a file that is not a notebook ({error})", "an executed notebook (nbformat 4)"
            )
        ) from error


def _context_of(notebook: Any, resources: Any) -> ReportContext:
    said = notebook.metadata.get("nightbook", {})
    parameters = notebook.metadata.get("papermill", {}).get("parameters", {})
    return ReportContext(
        title=str(resources.get("metadata", {}).get("name") or "Notebook"),
        experiment=str(parameters.get("experiment") or ""),
        question=str(parameters.get("question") or ""),
        audience=str(said.get("audience") or "engineers"),
        parameters=shown_parameters(parameters),
    )
