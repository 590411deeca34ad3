"""A database's rows as a frame, with the types that files have: built chunk by chunk, each chunk compact.

Whole numbers stay whole; numerics become floats, unless they have more digits than a float holds, when they
are texts, as codes in a file of text are. Dates and times are in UTC. Booleans, arrays, JSON and bytes are
texts.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd
import pyarrow as pa

from helpers.errors import Problem, UserError
from helpers.findings import Finding, Severity
from helpers.tables.database_address import Address, read_address
from helpers.tables.database_query import orders_rows
from helpers.tables.database_rows import RowsDigest, open_rows
from helpers.tables.levels import as_text
from helpers.tables.table_size import Allowed, ColumnSize, array_size

# From here on floats leave out whole numbers.
EXACT_WHOLE = 2**53
# What is read takes at least so many times as much once its columns are typed.
AFTER_READING = 2
_MOMENT = pa.timestamp("us")
_UTC_MOMENT = pa.timestamp("us", tz="UTC")

FEWER_ROWS = "Let the query give fewer rows or columns, or take more memory."


def read_database(
    item: str, query: str, *, where: str, query_where: str, allowed: Allowed
) -> tuple[pd.DataFrame, str, str, tuple[Finding, ...]]:
    """Return the table that a query gives.

    Parameters
    ----------
    item : str
        The address as the params write it.
    query : str
        One statement that reads.
    where, query_where : str
        What messages on the address, and on the query, begin with.
    allowed : Allowed
        How much memory the rows may take; where they pass that, reading stops.

    Returns
    -------
    tuple
        The frame; what people call it; a hash over columns and rows in their order; and findings.

    Raises
    ------
    UserError
        As `open_rows`, and if there are no rows or too many for the memory.
    """
    address = read_address(item, where=where)
    chunks: list[list[pa.Array]] = []
    sizes: list[ColumnSize] = []
    taken = count = 0
    with open_rows(address, query, where=where, query_where=query_where) as rows:
        digest = RowsDigest(rows.names)
        for chunk in rows.chunks:
            digest.add(chunk)
            chunks.append([array_of(column) for column in zip(*chunk, strict=True)])
            sizes = sizes or [array_size(array) for array in chunks[-1]]
            taken += sum(array.nbytes for array in chunks[-1])
            count += len(chunk)
            # By the first rows, and by what is there already if later ones are longer.
            needed = max(sum(size.bytes_of(count) for size in sizes), AFTER_READING * taken)
            what = f"a query of more than {count:,} rows"
            allowed.refuse(needed, what, where=query_where, remedy=FEWER_ROWS)
    if not chunks:
        raise UserError(Problem(query_where, "a query that gives no rows", "a table with rows"))
    columns = {place: joined_arrays(list(column)) for place, column in enumerate(zip(*chunks, strict=True))}
    chunks.clear()
    frame = pd.DataFrame({place: column.to_pandas() for place, column in columns.items()})
    frame = frame.set_axis(list(rows.names), axis=1)
    return frame, f"query of {address.name}", digest.hexdigest(), _findings(query, address)


def _findings(query: str, address: Address) -> tuple[Finding, ...]:
    if orders_rows(query):
        return ()
    return (
        Finding(
            "T109", "row_order", Severity.NOTE,
            f"The query of {address.name} has no ORDER BY: the database may give the same rows in another "
            "order next time, which is then another table.",
            "The database was not asked for a fixed order of the rows.",
            "Add ORDER BY with columns that tell every row apart.",
        ),
    )  # fmt: skip


def array_of(values: Sequence[Any]) -> pa.Array:
    """Return values of one column as an Arrow array of the narrowest type that keeps them all."""
    types = {type(value) for value in values} - {type(None)}
    if not types:
        return pa.nulls(len(values))
    if types <= {int, float, Decimal}:
        return _numbers(values, whole=types == {int})
    if types == {date}:
        return pa.array(values, pa.date32()).cast(_MOMENT)
    if types == {timedelta}:
        return pa.array(values, pa.duration("us"))
    if types == {datetime}:
        zones = {value.tzinfo is not None for value in values if value is not None}
        if zones == {False}:
            return pa.array(values, _MOMENT)
        if zones == {True}:
            # pyarrow does not always count an offset in.
            moments = [None if value is None else value.astimezone(UTC) for value in values]
            return pa.array(moments, _UTC_MOMENT)
    return _texts(values)


def joined_arrays(chunks: Sequence[pa.Array]) -> pa.ChunkedArray:
    """Return the chunks of one column in one type: as texts where they are of different kinds."""
    types = {chunk.type for chunk in chunks} - {pa.null()}
    if not types:
        return pa.chunked_array(chunks, pa.null())
    if types == {pa.int64(), pa.float64()}:
        common = pa.float64()
    else:
        common = types.pop() if len(types) == 1 else pa.string()
    return pa.chunked_array(list(_as_type(chunks, common)), common)


def _as_type(chunks: Sequence[pa.Array], wanted: pa.DataType) -> Iterator[pa.Array]:
    for chunk in chunks:
        if chunk.type == wanted:
            yield chunk
        elif chunk.type == pa.null() or wanted != pa.string():
            yield chunk.cast(wanted)
        else:
            yield _texts(chunk.to_pylist())


def _numbers(values: Sequence[Any], *, whole: bool) -> pa.Array:
    """Return numbers as int64 or float64, those with more digits than these hold as texts."""
    if any(_too_long(value) for value in values):
        return _texts(values)
    if whole:
        return pa.array(values, pa.int64())
    return pa.array([None if value is None else float(value) for value in values], pa.float64())


def _too_long(value: Any) -> bool:
    if isinstance(value, int):
        return abs(value) >= EXACT_WHOLE
    if not isinstance(value, Decimal) or not value.is_finite():
        return False
    return abs(value) >= EXACT_WHOLE and value == value.to_integral_value()


def _texts(values: Sequence[Any]) -> pa.Array:
    return pa.array([None if value is None else _text(value) for value in values], pa.string())


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return as_text(bytes(value) if isinstance(value, (bytearray, memoryview)) else value)
