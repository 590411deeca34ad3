"""A whole table scored part by part: read, held against the contract, predicted, written; or nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from helpers.errors import Problem, UserError, shortened
from helpers.prediction.chunks import parts_of
from helpers.prediction.new_rows import NewRows
from helpers.prediction.output import Output
from helpers.prediction.part import Part
from helpers.prediction.usable import UNLIKE, UsableModel

Tell = Callable[[float, int], None]


@dataclass(frozen=True)
class Scored:
    """What was written: how many rows, how many unlike the model's own, and which columns were ignored."""

    rows: int
    unlike: int
    ignored: tuple[str, ...]


def score_table(
    usable: UsableModel, table: str, out: Path, *, tell: Tell = lambda _done, _rows: None
) -> Scored:
    """Write the predictions for a table's rows to `out`.

    Parameters
    ----------
    usable : UsableModel
        The model.
    table : str
        A file, or ``sklearn:NAME``; as large as it may be, only a part is in memory.
    out : Path
        A CSV or Parquet file, which gets its name when it is whole.
    tell : callable
        Is told after each part the share of the table that was read, and the rows.

    Raises
    ------
    UserError
        If the table does not fit the model's contract, with each reason and over all its rows; nothing is
        written then. Or if it cannot be read, or `out` not be written.
    """
    _refuse_same(table, out)
    rows = NewRows(usable.contract)
    parts = parts_of(table, wanted=usable.contract.names)
    with Output(out) as output:
        problems: list[Problem] = []
        try:
            unlike = _write(usable, parts, rows, output, tell)
        except UserError as error:
            problems += error.problems
        if rows.rows:
            problems += rows.problems(shortened(table))
        if problems:
            raise UserError(*problems)
        output.finish()
    return Scored(rows.rows, unlike, tuple(rows.ignored))


def _write(usable: UsableModel, parts: Iterator[Part], rows: NewRows, output: Output, tell: Tell) -> int:
    """Write the answers as long as everything fits; return how many rows are unlike the model's own."""
    unlike = 0
    for part in parts:
        typed = rows.read(part.frame, others=part.others)
        # A misfit ends the writing, but not the reading: what else does not fit is to be told, too.
        if rows.fits and not (part.even and rows.missing):
            answers = usable.answers(typed)
            unlike += int(answers[UNLIKE].sum())
            output.write(answers)
        tell(part.done, rows.rows)
    return unlike


def _refuse_same(table: str, out: Path) -> None:
    try:
        same = out.exists() and out.samefile(Path(table).expanduser())
    except (OSError, ValueError):
        return  # one of them cannot be looked at, which is told when it is opened
    if same:
        raise UserError(Problem("--out", f"{shortened(out)}, which is the table itself", "another file"))
