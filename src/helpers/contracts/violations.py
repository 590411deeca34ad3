"""A table held against a contract: each violation counted, with examples."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.config import ValidationDepth, config_context
from pandera.errors import SchemaError, SchemaErrorReason, SchemaErrors

from helpers.contracts.delivered import Delivered
from helpers.contracts.fitting import KIND_WORDS, WHOLE, fitted, is_whole, wanted_kind
from helpers.errors import Problem, listed, nearest, shortened
from helpers.tables.levels import as_text
from helpers.wording import count, number

EXAMPLES = 3
VALUE_CHARACTERS = 40
NAMES_SHOWN = 6
DIGITS = 8
_WARNING = "a warning"
# How a check's statistics are told; any other check is told by pandera's own words.
_SAID = {
    "greater_than": "values above {min_value}",
    "greater_than_or_equal_to": "values of at least {min_value}",
    "less_than": "values below {max_value}",
    "less_than_or_equal_to": "values of at most {max_value}",
    "equal_to": "the value {value}",
    "not_equal_to": "another value than {value}",
    "in_range": "values from {min_value} to {max_value}",
    "isin": "one of {allowed_values}",
    "notin": "none of {forbidden_values}",
}
_EXPECTED = {
    SchemaErrorReason.SERIES_CONTAINS_NULLS: "a value in every row",
    SchemaErrorReason.SERIES_CONTAINS_DUPLICATES: "no value twice",
    SchemaErrorReason.COLUMN_NOT_IN_SCHEMA: "no column that the contract does not name",
    SchemaErrorReason.COLUMN_NOT_ORDERED: "the columns in the contract's order",
    SchemaErrorReason.INVALID_COLUMN_NAME: "a column whose name fits this pattern",
}
_HOW = {
    SchemaErrorReason.SERIES_CONTAINS_NULLS: "without a value",
    SchemaErrorReason.SERIES_CONTAINS_DUPLICATES: "with a value that another row has, too",
    SchemaErrorReason.DUPLICATES: "that repeat another",
}


@dataclass(frozen=True)
class Violation:
    """One way in which a table breaks its contract.

    Attributes
    ----------
    column : str
        The column; empty where it is about the table as a whole.
    expected : str
        What the contract asks for.
    given : str
        What there is, where it is not about single rows.
    rows, of : int
        How many rows break it, of how many.
    how : str
        How these rows break it.
    examples : sequence of (int, str)
        Up to three of them: the row, counted from 1 in the table as read, and its value.
    warning : bool
        Whether the contract only asks to be told of it (pandera's ``raise_warning``).
    """

    column: str
    expected: str
    given: str = ""
    rows: int = 0
    of: int = 0
    how: str = "with something else"
    examples: Sequence[tuple[int, str]] = ()
    warning: bool = False

    @property
    def counted(self) -> str:
        """What there is, in words, without the value of any row."""
        return self.given or f"{self.rows:,} of {count(self.of, 'row')} {self.how}"

    @property
    def said(self) -> str:
        """What there is, in words, with the examples."""
        shown = ", ".join(f"{value} in row {row}" if value else f"row {row}" for row, value in self.examples)
        return f"{self.counted} ({shown})" if shown else self.counted


def violations(table: Delivered, schema: pa.DataFrameSchema) -> list[Violation]:
    """Return every way in which the table breaks the contract, column by column in the contract's order."""
    named = _named(table, schema)
    found = _absent(table, schema)
    frame = {name: column.series for name, column in table.columns.items()}
    checked = {}
    for name, column in named.items():
        fit = None if column.dtype is None else fitted(table.columns[name], str(column.dtype))
        if fit is None or not fit.misfits.any():
            frame[name] = frame[name] if fit is None else fit.series
            checked[name] = column
        else:
            found.append(_misfit(name, str(column.dtype), table, fit.misfits))
    # One violation a column of the wrong kind is enough: its other checks mean nothing.
    found += _by_pandera(pd.DataFrame(frame, copy=False), _to_check(schema, checked, list(named)))
    order = {name: place for place, name in enumerate(dict.fromkeys(["", *schema.columns, *named]))}
    return sorted(found, key=lambda each: order.get(each.column, len(order)))


def problems(found: Sequence[Violation], *, contract: str, where: str) -> list[Problem]:
    """Return the violations that refuse the table, each as a problem with its remedy.

    Parameters
    ----------
    found : sequence of Violation
        All violations.
    contract : str
        As in the params.
    where : str
        What messages begin with, the params file for instance.
    """
    remedy = (
        f"Mend the table, edit {shortened(contract)}, or write it anew: nightbook contract "
        f"{shortened(where)} --force."
    )
    return [
        Problem(
            f"{where}: contract: {shortened(each.column)}" if each.column else f"{where}: contract",
            each.said,
            each.expected,
            remedy,
        )
        for each in found
        if not each.warning
    ]


def _named(table: Delivered, schema: pa.DataFrameSchema) -> dict[str, pa.Column]:
    """Return by column of the table what the contract says of it; its names may be patterns."""
    return {
        each: column
        for name, column in schema.columns.items()
        for each in ([other for other in table.columns if re.match(name, other)] if column.regex else [name])
        if each in table.columns
    }


def _absent(table: Delivered, schema: pa.DataFrameSchema) -> list[Violation]:
    found = []
    for name, column in schema.columns.items():
        if column.regex or not column.required or name in table.columns:
            continue
        near = nearest(name, [other for other in table.columns if other not in schema.columns])
        given = "no such column" + (
            f" (there is {shortened(near, limit=VALUE_CHARACTERS)!r})" if near else ""
        )
        found.append(Violation(name, "this column", given))
    return found


def _misfit(name: str, dtype: str, table: Delivered, misfits: pd.Series) -> Violation:
    column = table.columns[name]
    wanted = wanted_kind(dtype)
    expected = WHOLE if is_whole(dtype) else KIND_WORDS[wanted] if wanted is not None else dtype
    values = column.series[misfits]
    examples = _examples(values.drop_duplicates())
    return Violation(name, expected, rows=int(misfits.sum()), of=table.rows, examples=examples)


def _to_check(
    schema: pa.DataFrameSchema, checked: Mapping[str, pa.Column], named: Sequence[str]
) -> pa.DataFrameSchema:
    """Return the schema of what is left to pandera: no dtypes, no absent columns, no column that misfits."""
    columns = {
        name: _plain(name, checked[name]) if name in checked else pa.Column(None, nullable=True)
        for name in named
    }
    patterns = [column for column in schema.columns.values() if column.regex and column.required]
    columns |= {column.name: pa.Column(None, nullable=True, regex=True) for column in patterns}
    return pa.DataFrameSchema(
        columns,
        checks=[_counted(check) for check in schema.checks],
        index=schema.index,
        strict=schema.strict is True,  # 'filter' would change the table
        ordered=schema.ordered,
        unique=[name for name in schema.unique if name in named] if schema.unique else None,
        unique_column_names=False,
    )


def _plain(name: str, column: pa.Column) -> pa.Column:
    return pa.Column(
        None, [_counted(check) for check in column.checks], nullable=column.nullable, unique=column.unique,
        name=name,
    )  # fmt: skip


def _counted(check: Any) -> Any:
    """Return the check such that all its failures are counted, warnings among them."""
    # pandera hands back a copy of the check that failed: what it is called by is all that can mark it.
    check.error = _WARNING if check.raise_warning else None
    check.raise_warning = False
    check.n_failure_cases = None
    return check


def _by_pandera(frame: pd.DataFrame, schema: pa.DataFrameSchema) -> list[Violation]:
    try:
        # Whatever the environment says of pandera's own switches: a contract is never half checked.
        with config_context(validation_enabled=True, validation_depth=ValidationDepth.SCHEMA_AND_DATA):
            schema.validate(frame, lazy=True)
    except SchemaErrors as error:
        return [_violation(each, frame) for each in error.schema_errors]
    return []


def _violation(error: SchemaError, frame: pd.DataFrame) -> Violation:
    name = getattr(error.schema, "name", None)
    column = str(name) if isinstance(error.schema, pa.Column) and name is not None else ""
    warning = getattr(error.check, "error", None) == _WARNING
    expected = _expected(error)
    cases = error.failure_cases
    if not isinstance(cases, pd.DataFrame) or "index" not in cases or cases["index"].isna().all():
        given = _given(error)
        return Violation(column, expected, given, warning=warning)
    rows = np.unique(cases["index"].to_numpy(dtype=np.int64))
    how = _HOW.get(error.reason_code, Violation.how)
    if not column or error.reason_code is SchemaErrorReason.SERIES_CONTAINS_NULLS:
        examples = [(int(row) + 1, "") for row in rows[:EXAMPLES]]
    else:
        values = frame.loc[rows, column]
        examples = _examples(values if error.reason_code in _HOW else values.drop_duplicates())
    return Violation(
        column, expected, rows=len(rows), of=len(frame), how=how, examples=examples, warning=warning
    )


def _expected(error: SchemaError) -> str:
    """Return what the contract asks for, in words."""
    if error.reason_code is SchemaErrorReason.DUPLICATES:
        return f"no combination of {listed(list(error.schema.unique), limit=NAMES_SHOWN)} twice"
    if error.reason_code in _EXPECTED:
        return _EXPECTED[error.reason_code]
    check = error.check
    if not isinstance(check, pa.Check):
        return shortened(check, limit=200)
    statistics = {key: _shown(value) for key, value in (check.statistics or {}).items()}
    if check.name in _SAID:
        return _SAID[check.name].format(**statistics)
    return f"{check.name}({', '.join(f'{key}={value}' for key, value in statistics.items())})"


def _shown(value: Any) -> str:
    if isinstance(value, (list, tuple, set, frozenset, pd.Index)):
        return listed([_value(item) for item in value], limit=NAMES_SHOWN)
    return _value(value)


def _given(error: SchemaError) -> str:
    """Return what there is, where pandera names no rows."""
    if error.reason_code is SchemaErrorReason.INVALID_COLUMN_NAME:
        return "no such column"
    if error.reason_code in _EXPECTED:
        return f"the column {_value(error.failure_cases)}"
    if error.reason_code is SchemaErrorReason.CHECK_ERROR:
        return f"a check that cannot be made ({shortened(error.failure_cases, limit=200)})"
    return "values that do not fit as a whole"


def _examples(values: pd.Series) -> list[tuple[int, str]]:
    few = values.head(EXAMPLES)
    return [(int(row) + 1, _value(value)) for row, value in zip(few.index, few, strict=True)]


def _value(value: Any) -> str:
    """Return a value as it can stand in a message: text in quotation marks, cut to a length."""
    if isinstance(value, bool) or value is None or value is pd.NaT:
        return str(value).lower()
    if isinstance(value, (int, float)) or hasattr(value, "dtype"):
        whole = float(value).is_integer()
        return number(float(value)) if whole else f"{float(value):.{DIGITS}g}".replace("-", "−")
    if isinstance(value, pd.Timestamp):
        return as_text(value).removesuffix("T00:00:00")
    return repr(shortened(value, limit=VALUE_CHARACTERS))
