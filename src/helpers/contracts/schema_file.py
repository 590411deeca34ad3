"""A contract's file: a pandera schema in pandera's own YAML, read strictly and written so that it reads back.

Everything that this format can express is checked; what would change the table instead of checking it is
refused.
"""

import math
import os
from collections.abc import Sequence
from typing import Any

import pandera.pandas as pa
import yaml
from pandera.io.pandas_io import deserialize_schema, serialize_schema

from helpers.contracts.fitting import wanted_kind
from helpers.errors import Problem, UserError, did_you_mean, listed, shortened
from helpers.paths import from_repository
from helpers.strict_yaml import read_yaml_file

# A table of thousands of columns has a long contract.
MAX_BYTES = 10_000_000
# What pandera would do to a table instead of refusing it.
CHANGING = ("add_missing_columns", "drop_invalid_rows")
# What a schema of other tools may say beside what pandera writes of this one.
_MORE_KEYS = ("version", "metadata", "dataframe_library")
_COLUMN_KEYS = (
    "title", "description", "dtype", "nullable", "unique", "required", "regex", "checks", "name", "coerce",
    "default", "report_duplicates", "drop_invalid_rows", "metadata",
)  # fmt: skip
# Other names that pandera has for some of its checks.
_ALIASES = ("between", "eq", "ne", "gt", "ge", "lt", "le")
# To YAML as it is read here `no` is a text, which Python takes for true.
_SWITCHES = ("nullable", "unique", "required", "regex", "coerce", "drop_invalid_rows")
_TABLE_SWITCHES = ("strict", "coerce", "ordered", "unique_column_names", *CHANGING)
_ANEW = "Write one by: nightbook contract PARAMS."


def read_schema(contract: str, *, where: str) -> pa.DataFrameSchema:
    """Return the schema that the contract's file holds.

    Parameters
    ----------
    contract : str
        As in the params.
    where : str
        What messages begin with: the params file and the key.

    Raises
    ------
    UserError
        If there is no such file, or it holds no schema that can be checked.
    """
    path = from_repository(contract)
    if not os.path.exists(path):  # noqa: PTH110 - Path.exists raises for a name that cannot be
        given = f"{shortened(contract)!r}, which does not exist"
        raise UserError(Problem(where, given, "a file of `nightbook contract`", _ANEW))
    content = read_yaml_file(path, limit=MAX_BYTES)
    place = shortened(contract)
    if not isinstance(content, dict) or not isinstance(content.get("columns"), dict):
        raise UserError(_no_schema(place, "no pandera schema: there are no columns in it"))
    # A name such as 2019 is a number to YAML, and text to the table.
    content["columns"] = {
        str(name): {} if column is None else column for name, column in content["columns"].items()
    }
    _check_keys(content, place)
    try:
        schema: pa.DataFrameSchema = deserialize_schema(content)  # type: ignore[no-untyped-call]
    except Exception as error:  # pandera tells what is wrong with a schema by errors of every type
        raise UserError(_no_schema(place, _words_of(error))) from None
    _check_dtypes(schema, place)
    return schema


def written(schema: pa.DataFrameSchema, *, header: Sequence[str]) -> str:
    """Return the text of the contract's file: the lines of the header as comments, then the schema."""
    body = yaml.dump(
        serialize_schema(schema), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=math.inf
    )
    return "".join(f"# {line}\n" for line in header) + body


class _Dumper(yaml.SafeDumper):
    """SafeDumper that quotes what some version of YAML takes for a number, and never writes aliases."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML's own name
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    plain = text[:1].isalpha() and text.isprintable()
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if plain else '"')


_Dumper.add_representer(str, _text)


def _check_keys(content: dict[Any, Any], place: str) -> None:
    """Refuse what pandera would pass over in silence, misread, or do to the table."""
    known = [*serialize_schema(pa.DataFrameSchema({}), minimal=False), *_MORE_KEYS]
    problems = _unknown_keys(content, known, place)
    checks = [*type(pa.Check).CHECK_FUNCTION_REGISTRY, *_ALIASES]
    parts = {place: content}
    for name, column in content["columns"].items():
        where = f"{place}: {shortened(name)}"
        if not isinstance(column, dict):
            problems.append(
                Problem(where, shortened(repr(column)), "keys and values: dtype, nullable, checks")
            )
            continue
        parts[where] = column
        problems += _unknown_keys(column, [*_COLUMN_KEYS, *checks], where)
        beside = [str(key) for key in column if key in checks]
        if column.get("checks") is not None and beside:
            given = f"checks beside {listed(beside)}"
            problems.append(Problem(where, given, "all checks under checks, or none of them"))
    for where, part in parts.items():
        problems += _wrong_values(part, where, switches=_TABLE_SWITCHES if part is content else _SWITCHES)
    if content.get("schema_type", "dataframe") != "dataframe" or content.get("api", "pandas") != "pandas":
        kind = f"{content.get('schema_type', '')} {content.get('api', '')}".strip()
        problems.append(_no_schema(place, f"a schema of another kind ({shortened(kind)})"))
    if problems:
        raise UserError(*problems)


def _unknown_keys(part: dict[Any, Any], known: Sequence[str], place: str) -> list[Problem]:
    return [
        Problem(
            place,
            f"the unknown key {shortened(repr(key))}",
            f"one of {listed(known, limit=len(known))}",
            did_you_mean(str(key), known),
        )
        for key in part
        if key not in known
    ]


def _wrong_values(part: dict[Any, Any], place: str, *, switches: Sequence[str]) -> list[Problem]:
    """Return the switches that are no booleans, and those that are none for a contract."""
    problems = [
        Problem(place, f"{key}: {shortened(repr(part[key]))}", "true or false")
        for key in switches
        if part.get(key) is not None and not isinstance(part[key], bool)
    ]
    problems += [
        Problem(place, f"{key}: true", "a contract, which checks a table and changes nothing in it")
        for key in CHANGING
        if part.get(key) is True
    ]
    if part.get("default") is not None:
        problems.append(Problem(place, "a default", "a contract, which fills nothing in"))
    if part.get("index") is not None:
        problems.append(Problem(place, "an index", "columns; the rows of a table are only numbered"))
    return problems


def _check_dtypes(schema: pa.DataFrameSchema, place: str) -> None:
    problems = [
        Problem(
            f"{place}: {shortened(name)}",
            f"the dtype {column.dtype}",
            "float64, int64, boolean, category, datetime64[ns] or str",
        )
        for name, column in schema.columns.items()
        if column.dtype is not None and wanted_kind(str(column.dtype)) is None
    ]
    if problems:
        raise UserError(*problems)


def _no_schema(place: str, given: str) -> Problem:
    return Problem(place, given, "a pandera schema for pandas, in pandera's YAML format", _ANEW)


def _words_of(error: Exception) -> str:
    text = shortened(error, limit=200)
    return f"a schema that cannot be read ({type(error).__name__}: {text})"
