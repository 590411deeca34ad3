"""New rows held against the contract of a model: typed as the model reads them, or each reason why not."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.errors import Problem, did_you_mean, listed, shortened
from helpers.prediction.contract import ColumnContract, InputContract
from helpers.prediction.reading import read_column
from helpers.tables.levels import as_text
from helpers.tables.table import Kind
from helpers.wording import count

EXAMPLES = 3
EXAMPLE_CHARACTERS = 40
_HELD = {
    Kind.NUMBER: ("a number", "numbers"),
    Kind.BOOLEAN: ("yes or no", "yes and no, true and false, or 1 and 0"),
    Kind.DATE: ("a date", "dates"),
}
_ORDERS = {
    "day first": "dates, those such as 31/01/2015 with the day first",
    "month first": "dates, those such as 01/31/2015 with the month first",
    "either": "dates that can be read in one way only, such as 2015-01-31",
}


@dataclass
class Misfits:
    """The cells of one column that its kind cannot hold, gathered over the parts of a table."""

    cells: int = 0
    first_row: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, series: pd.Series, misfit: NDArray[np.bool_], *, before: int) -> None:
        """Count the misfits of a part that has so many rows before it."""
        places = np.flatnonzero(misfit)
        if not len(places):
            return
        if not self.cells:
            self.first_row = before + int(places[0]) + 1
        self.cells += len(places)
        for place in places[: 20 * EXAMPLES]:
            text = shortened(repr(as_text(series.iloc[place])), limit=EXAMPLE_CHARACTERS)
            if len(self.examples) < EXAMPLES and text not in self.examples:
                self.examples.append(text)


class NewRows:
    """Reads the parts of a table one after the other and remembers what does not fit.

    Parameters
    ----------
    contract : InputContract
        What the model reads.
    """

    def __init__(self, contract: InputContract) -> None:
        self.contract = contract
        self.rows = 0
        self._misfits = {name: Misfits() for name in contract.names}
        self._seen: dict[str, None] = {}

    @property
    def fits(self) -> bool:
        """Whether everything read so far fits."""
        return not any(found.cells for found in self._misfits.values())

    @property
    def missing(self) -> list[str]:
        """The model's columns that no part had."""
        return [name for name in self.contract.names if name not in self._seen]

    @property
    def ignored(self) -> list[str]:
        """Columns that the model does not read."""
        known = set(self.contract.names)
        return [name for name in self._seen if name not in known]

    def read(self, frame: pd.DataFrame, *, others: Sequence[str] = ()) -> pd.DataFrame:
        """Return the part's rows typed as the model reads them; what does not fit is missing and counted.

        Parameters
        ----------
        frame : pandas.DataFrame
            Raw values. A column that it does not have is missing in each of its rows.
        others : sequence of str
            Columns of the table that were not read.
        """
        raw = frame.set_axis([str(name) for name in frame.columns], axis=1).reset_index(drop=True)
        self._seen |= dict.fromkeys([*raw.columns, *others])
        typed = {column.name: self._column(raw, column) for column in self.contract.columns}
        self.rows += len(raw)
        return pd.DataFrame(typed, index=raw.index)

    def _column(self, raw: pd.DataFrame, column: ColumnContract) -> pd.Series:
        name = column.name
        series = raw[name] if name in raw.columns else pd.Series(None, index=raw.index, dtype="str")
        read = read_column(series, column)
        self._misfits[name].add(series, read.misfit, before=self.rows)
        return read.values  # noqa: PD011

    def problems(self, where: str) -> list[Problem]:
        """Return everything that does not fit; `where` names the table."""
        found = []
        if self.missing:
            remedy = " ".join(
                f"For {shortened(name)}: {hint}"
                for name in self.missing
                if (hint := did_you_mean(name, self.ignored))
            )
            given, expected = f"no column {listed(self.missing)}", self._expected()
            found.append(Problem(where, given, expected, remedy))
        by_name = {column.name: column for column in self.contract.columns}
        return found + [
            _problem(where, by_name[name], misfits)
            for name, misfits in self._misfits.items()
            if misfits.cells
        ]

    def _expected(self) -> str:
        return f"the {count(len(self.contract.columns), 'column')} that the model reads"


def _problem(where: str, column: ColumnContract, misfits: Misfits) -> Problem:
    what, expected = _HELD[column.kind]
    if column.kind is Kind.DATE:
        expected = _ORDERS[column.order]
    shown = ", ".join(misfits.examples)
    first = "" if misfits.cells == 1 else " first"
    where_found = f"{first} in row {misfits.first_row:,} ({shown})"
    given = f"{count(misfits.cells, 'value')} that cannot be read as {what},{where_found}"
    return Problem(f"{where}: {shortened(column.name)}", given, f"{expected}, as the model learnt from")
