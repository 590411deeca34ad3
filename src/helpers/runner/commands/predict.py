"""`nightbook predict`."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from helpers.errors import listed
from helpers.prediction.score import Scored, Tell, score_table
from helpers.prediction.usable import UsableModel, usable_model
from helpers.wording import count, percent

IGNORED_SHOWN = 6


def predict_command(run: str, table: str, *, out: str) -> int:
    """Score the rows of a table with a run's model and say what was written; return 0.

    Parameters
    ----------
    run : str
        An experiment, ``experiment/run``, a run's folder, or a model's file.
    table : str
        The table to score.
    out : str
        Where to write, a CSV or Parquet file.

    Raises
    ------
    UserError
        If there is no such model, the table does not fit it, or the file cannot be written.
    """
    usable = usable_model(run)
    with _progress() as tell:
        scored = score_table(usable, table, Path(out).expanduser(), tell=tell)
    sys.stdout.write("".join(f"{line}\n" for line in lines_of(usable, scored, out=out)))
    return 0


def lines_of(usable: UsableModel, scored: Scored, *, out: str) -> list[str]:
    """Return what was done, as lines for a terminal or a log."""
    model = usable.model
    lines = [f"Model: {model.label} of {usable.title}, fitted on {count(model.rows, 'row')}; {usable.rule()}"]
    lines += [f"Beware: {sentence}" for sentence in usable.beware]
    if scored.ignored:
        names = listed(list(scored.ignored), limit=IGNORED_SHOWN)
        lines.append(f"Ignored: {count(len(scored.ignored), 'column')} that it does not read ({names}).")
    share, alarms = (
        percent(scored.unlike / max(scored.rows, 1), digits=1),
        percent(usable.unlike.rate, digits=1),
    )
    lines.append(
        f"Wrote {out}: {count(scored.rows, 'row')}, {scored.unlike:,} of them ({share}) unlike those that "
        f"it learnt from; of rows like them at most about {alarms} would be flagged."
    )
    return lines


@contextmanager
def _progress() -> Iterator[Tell]:
    """Show how far the table was read where somebody looks on."""
    if not sys.stderr.isatty():
        yield lambda _done, _rows: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (BarColumn(), TextColumn("{task.fields[rows]:,} rows"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=1.0, rows=0)
        yield lambda done, rows: bar.update(task, completed=done, rows=rows)
