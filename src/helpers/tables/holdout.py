"""The one way to the holdout rows; each opening is counted in the experiment's ledger."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from helpers.errors import Problem, UserError
from helpers.notebook_files import NotebookFile
from helpers.parameters import Parameters
from helpers.tables.ledger import Looks, append_line, is_noted, looks, params_key
from helpers.tables.prepare import Development
from helpers.tables.table import Table

__all__ = ["Looks", "looks", "open_holdout", "params_key"]


def open_holdout(
    params: Parameters,
    *,
    read: Callable[[], tuple[Development, Table]],
    notebook: NotebookFile,
    run: str,
    ledger: Path,
) -> Table:
    """Return the holdout rows, after writing to the ledger that they were opened.

    A notebook that is started again in the same run, because its machine failed, opens them but once.

    Parameters
    ----------
    params : Parameters
        The experiment; with ``holdout: 0`` the table is empty and nothing is written.
    read : callable
        Returns both sides of the split; called only if the notebook may open it.
    notebook : NotebookFile
        The notebook that asks; its metadata must say ``opens_holdout``.
    run : str
        The name of the run's folder, for the ledger.
    ledger : Path
        The experiment's ``ledger.jsonl``.

    Raises
    ------
    UserError
        If the notebook may not open the holdout.
    """
    if not notebook.opens_holdout:
        raise UserError(
            Problem(
                f"{notebook.path.name}: metadata.nightbook.opens_holdout", "nothing", "true",
                "The holdout rows are sealed: only the notebook that evaluates the chosen model opens them, "
                "since whoever looks before choosing measures too well.",
            )
        )  # fmt: skip
    development, holdout = read()
    opening = {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "run": run,
        "notebook": notebook.name,
        "key": development.split.key,
        "params": params_key(params),
        "fingerprint": development.info.fingerprint,
    }
    if len(holdout) and not is_noted(ledger, opening):
        append_line(ledger, opening)
    return holdout
