"""A table against its contract: each violation with its count, examples and remedy, word by word."""

import pandera.pandas as pa
import pytest

from helpers.contracts.inference import inferred_schema
from helpers.contracts.violations import problems, violations

REMEDY = (
    "Mend the table, edit params/e.contract.yaml, or write it anew: nightbook contract params/e.yaml --force."
)


def said(table, columns, **more):
    schema = columns if isinstance(columns, pa.DataFrameSchema) else pa.DataFrameSchema(columns, **more)
    found = problems(violations(table, schema), contract="params/e.contract.yaml", where="params/e.yaml")
    assert all(each.remedy == REMEDY for each in found)
    return [
        f"{each.where.removeprefix('params/e.yaml: contract')}: {each.given}; {each.expected}"
        for each in found
    ]


def test_everything_at_once_in_the_contract_s_order(deliver):
    good = deliver(
        id="key", key=["k1", "k2", "k3", "k4"], age=[20, 70, 33, 41], full=[1.5, 2.5, 3.5, 4.5], gone=[1, 2, 3, 5],
        when=["2024-01-01", "2024-01-31", "2024-01-03", "2024-01-04"], flag=["yes", "no", "no", "yes"],
        colour=["red", "blue", "red", "blue"], size=[3, 2, 5, 7],
    )  # fmt: skip
    bad = deliver(
        id="key", key=["k1", "k1", "k3", "k4"], age=[20, 900, -4, 900], full=[1.5, None, 3.5, 4.5], gon=[1, 2, 3, 5],
        when=["2024-01-01", "1950-06-01", "2024-01-03", "2024-01-04"], flag=["yes", "maybe", "no", "yes"],
        colour=["red", "<b>\nx", "green", "blue"], size=["3 kg", "2 kg", "5", "7"],
        declared={"when": "date", "size": "category"},
    )  # fmt: skip
    assert said(bad, inferred_schema(good)) == [
        ": key: 2 of 4 rows with a value that another row has, too ('k1' in row 1, 'k1' in row 2); no value twice",
        ": age: 3 of 4 rows with something else (900 in row 2, −4 in row 3); values from 0 to 120",
        ": full: 1 of 4 rows without a value (row 2); a value in every row",
        ": gone: no such column (there is 'gon'); this column",
        ": when: 1 of 4 rows with something else (1950-06-01 in row 2); values from 2023-12-02 to 2029-02-04",
        ": flag: 1 of 4 rows with something else ('maybe' in row 2); two values, true and false",
        ": colour: 2 of 4 rows with something else ('<b> x' in row 2, 'green' in row 3); one of 'blue', 'red'",
        ": size: 2 of 4 rows with something else ('3 kg' in row 1, '2 kg' in row 2); numbers",
    ]


@pytest.mark.parametrize(
    ("values", "declared", "dtype", "expected"),
    [
        ([1, 2, 2], "number", "float64", []),
        ([1, 0, 1], "boolean", "float64", []),
        ([0, 0, 0], "number", "boolean", []),
        ([None, None, None], "category", "float64", []),
        (["a", "b", "a"], "text", "category", []),
        (["a", "b", "a"], "category", "str", []),
        (["007", "008", "009"], "category", "float64", [": x: 3 of 3 rows with something else ('007' in row 1, '008' in row 2, '009' in row 3); numbers"]),
        ([1.5, 2.0, 3.0], "number", "int64", [": x: 1 of 3 rows with something else (1.5 in row 1); whole numbers"]),
        ([1, 2, 5], "number", "category", [": x: 3 of 3 rows with something else (1 in row 1, 2 in row 2, 5 in row 3); categories"]),
        ([1, 2, 5], "number", "datetime64[ns]", [": x: 3 of 3 rows with something else (1 in row 1, 2 in row 2, 5 in row 3); dates"]),
        (["2024-01-01", "soon", "soon"], "category", "datetime64[ns]", [": x: 2 of 3 rows with something else ('soon' in row 2); dates"]),
        (["2024-01-01", "2024-01-02", "2024-01-03"], "date", "boolean", [": x: 3 of 3 rows with something else (2024-01-01 in row 1, 2024-01-02 in row 2, 2024-01-03 in row 3); two values, true and false"]),
    ],
)  # fmt: skip
def test_kinds(deliver, values, declared, dtype, expected):
    column = pa.Column(dtype, nullable=True)
    assert said(deliver(x=values, declared={"x": declared}), {"x": column}) == expected


def test_what_only_pandera_knows_is_checked_as_well(deliver):
    table = deliver(a=["xa", "b", "xa"], n=[1, 2, 2], m=[3, 9, 9], declared={"n": "number", "m": "number"})
    columns = {
        "a": pa.Column(None, [pa.Check.str_startswith("x"), pa.Check.unique_values_eq(["xa"])]),
        "z_.*": pa.Column(None, regex=True),
        "[km]": pa.Column("float64", [pa.Check.lt(9)], regex=True),
        "n": pa.Column("float64", [pa.Check.str_length(1, 2)]),
        "maybe": pa.Column("float64", required=False),
    }
    assert said(table, columns, unique=["n", "m"]) == [
        ": 2 of 3 rows that repeat another (row 2, row 3); no combination of n, m twice",
        ": a: 1 of 3 rows with something else ('b' in row 2); str_startswith(string='x')",
        ": a: values that do not fit as a whole; unique_values_eq(values='xa')",
        ": z_.*: no such column; a column whose name fits this pattern",
        ': n: a check that cannot be made (AttributeError("Can only use .str accessor with string values, not floating")); str_length(min_value=1, max_value=2, exact_value=none)',
        ": m: 2 of 3 rows with something else (9 in row 2); values below 9",
    ]  # fmt: skip


def test_further_columns_are_refused_only_where_the_contract_says_so(deliver):
    table = deliver(a=[1.5, 2.5], b=[1.5, 2.5])
    assert said(table, {"a": pa.Column("float64")}) == []
    assert said(table, {"a": pa.Column("float64")}, strict=True) == [
        ": the column 'b'; no column that the contract does not name"
    ]


def test_a_warning_is_found_and_refuses_nothing(deliver):
    soft = pa.Column("float64", [pa.Check.ge(2, raise_warning=True), pa.Check.le(9)])
    (found,) = violations(deliver(a=[1.5, 2.5]), pa.DataFrameSchema({"a": soft}))
    assert (found.warning, found.said) == (True, "1 of 2 rows with something else (1.5 in row 1)")
    assert problems([found], contract="c", where="w") == []


def test_many_and_long_values_are_shortened(deliver):
    table = deliver(x=[f"{'<i>' * 40}{i}" for i in range(9)], declared={"x": "category"})
    (line,) = said(table, {"x": pa.Column("category", [pa.Check.isin([f"l{i}" for i in range(50)])])})
    assert line.startswith(": x: 9 of 9 rows with something else ('<i><i>")
    assert line.endswith("; one of 'l0', 'l1', 'l2', 'l3', 'l4', 'l5' and 44 more")
    assert line.count(" in row ") == 3 and len(line) < 320
