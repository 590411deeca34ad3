"""What a stored model knows of the table that it learnt from, so that new rows are read as those were."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from helpers.findings import Finding
from helpers.parameters import Parameters
from helpers.parameters.section import Scalar
from helpers.tables.kind_remarks import DAY_FIRST, FORMAT, MIXED, ORDER
from helpers.tables.levels import levels_of
from helpers.tables.missing import is_code_list
from helpers.tables.numbers import Mark
from helpers.tables.table import Kind, Table

DateOrder = Literal["day first", "month first", "either"]
# So many levels of a column are named, the most frequent first; the rest is only counted.
LEVELS_NAMED = 200
PLUS_SIGNS = frozenset({"+", "++", "+++"})
_SIGN = "sign "


@dataclass(frozen=True)
class ColumnContract:
    """One column that the model reads.

    Attributes
    ----------
    name : str
        Its name in the table.
    kind : Kind
        What its values are.
    declared : bool
        Whether the params declared the kind; then words such as 'NA' are levels.
    mark : '.' or ','
        The decimal mark of its numbers written as text.
    sign : str
        The currency or percent sign that stood beside them; empty where none did.
    order : str
        How dates such as 03/04/2015 were read; 'either' where the column contradicted itself, so that new
        ones in this form cannot be read for sure.
    stray : tuple of str
        Texts among numbers or dates that counted as missing.
    codes, plus : bool
        Whether it lists two-letter codes (NA is one of them), and whether '+' is a level (then '-' is one).
    missing : tuple
        Values that the params declare as missing.
    replace : mapping of str to str
        Levels that the params write another way.
    limits : tuple of two floats or None, or None
        Outside of them a number is missing.
    low, high : float or None
        The range seen: numbers, or for dates seconds since 1970.
    levels : tuple of str
        The levels seen, the most frequent first, at most 200.
    level_count : int
        How many levels were seen.
    missing_share : float
        Share of the development rows without a value.
    """

    name: str
    kind: Kind
    declared: bool = False
    mark: Mark = "."
    sign: str = ""
    order: DateOrder = "month first"
    stray: tuple[str, ...] = ()
    codes: bool = False
    plus: bool = False
    missing: tuple[Scalar, ...] = ()
    replace: Mapping[str, str] | None = None
    limits: tuple[float | None, float | None] | None = None
    low: float | None = None
    high: float | None = None
    levels: tuple[str, ...] = ()
    level_count: int = 0
    missing_share: float = 0.0


@dataclass(frozen=True)
class InputContract:
    """The columns that new rows must have, in the model's order; others are ignored."""

    columns: tuple[ColumnContract, ...]

    @property
    def names(self) -> list[str]:
        """The columns' names."""
        return [column.name for column in self.columns]

    def to_json(self) -> str:
        """Return the contract as JSON text."""
        return json.dumps([asdict(column) for column in self.columns], ensure_ascii=True)

    @classmethod
    def from_json(cls, text: str) -> "InputContract":
        """Return the contract that `to_json` wrote.

        Raises
        ------
        ValueError, TypeError, KeyError
            If the text is no contract.
        """
        return cls(tuple(_column(content) for content in json.loads(text)))


def _column(content: dict[str, Any]) -> ColumnContract:
    tuples = {name: tuple(content[name]) for name in ("stray", "missing", "levels")}
    limits = content["limits"]
    return ColumnContract(
        **{
            **content,
            **tuples,
            "kind": Kind(content["kind"]),
            "limits": None if limits is None else tuple(limits),
        }
    )


def input_contract(table: Table, params: Parameters, findings: Iterable[Finding]) -> InputContract:
    """Return what new rows must be for a model of the table's features.

    Parameters
    ----------
    table : Table
        The development rows.
    params : Parameters
        What they declare under `clean`.
    findings : iterable of Finding
        Those of reading the table; they say how numbers and dates were written.
    """
    said = _said(findings)
    return InputContract(
        tuple(
            _contract_of(
                table.frame[column.name], column.name, column.kind, params, said.get(column.name, [])
            )
            for column in table.features
        )
    )


def _said(findings: Iterable[Finding]) -> dict[str, list[tuple[str, Mapping[str, Any]]]]:
    """Return by column what was remarked on it: the rule's code and its evidence."""
    found: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}
    for finding in findings:
        for row in finding.evidence:
            if finding.code in (FORMAT.code, MIXED.code, ORDER.code, DAY_FIRST.code):
                found.setdefault(str(row["column"]), []).append((finding.code, row))
    return found


def _contract_of(
    values: pd.Series, name: str, kind: Kind, params: Parameters, said: list[tuple[str, Mapping[str, Any]]]
) -> ColumnContract:
    forms = ", ".join(str(row["form"]) for code, row in said if code == FORMAT.code).split(", ")
    limits = params.clean.limits.get(name)
    words = kind in (Kind.CATEGORY, Kind.TEXT)
    levels = levels_of(pd.Series(values.dropna().unique(), dtype="str")) if words else None
    low, high = (None, None) if words else seen_range(values)
    counted = values.value_counts() if kind is Kind.CATEGORY else pd.Series(dtype="int64")
    counted = counted[counted > 0]
    return ColumnContract(
        name=name,
        kind=kind,
        declared=name in params.clean.types,
        mark="," if "decimal comma" in forms else ".",
        sign="".join(form.removeprefix(_SIGN) for form in forms if form.startswith(_SIGN)),
        order=_order(said),
        stray=tuple(str(row["value"]) for code, row in said if code == MIXED.code),
        codes=levels is not None and is_code_list(levels),
        plus=levels is not None and bool(PLUS_SIGNS & set(levels.stripped.to_pylist())),
        missing=(*params.clean.missing.get(name, []), *params.clean.missing.get("*", [])),
        replace=params.clean.replace.get(name),
        limits=(limits[0], limits[1]) if limits is not None else None,
        low=low,
        high=high,
        levels=tuple(str(level) for level in counted.index[:LEVELS_NAMED]),
        level_count=len(counted),
        missing_share=float(values.isna().mean()),
    )


def _order(said: list[tuple[str, Mapping[str, Any]]]) -> DateOrder:
    for code, row in said:
        if code == DAY_FIRST.code:
            return "day first"
        if code == ORDER.code and row["order"] == "contradictory":
            return "either"
    return "month first"


def seen_range(values: pd.Series) -> tuple[float | None, float | None]:
    """Return the lowest and the highest value; dates as seconds since 1970, None where there is none."""
    known = values.dropna()
    if not len(known):
        return None, None
    numbers = as_numbers(known)
    return float(np.min(numbers)), float(np.max(numbers))


def as_numbers(values: pd.Series) -> np.ndarray:
    """Return numbers as float64, dates as seconds since 1970, NaN where there is no value."""
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        micro = values.to_numpy(dtype="datetime64[us]")
        return np.where(np.isnat(micro), np.nan, micro.astype(np.int64) / 1e6)
    return values.to_numpy(dtype=np.float64, na_value=np.nan)
