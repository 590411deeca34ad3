"""A contract's file: what is written reads back, in pandera too; what is wrong is one clear error."""

import pandera.pandas as pa
import pytest

from helpers.contracts.schema_file import read_schema, written
from helpers.errors import UserError

HOSTILE = [
    "No", "yes", "null", "~", "", "1", "0o17", "1e5", "1_000", "12:30", "2020-01-01", ".5", "=", "<<",
    "<script>alert('x')</script>", 'a "b"', "x\ny", "\u2028", "\x07\u202e", "é 日本 😀", " sp ", "a: b # c", "*a",
    "&b", "- x", "!!python/object:os.system", "x" * 300,
]  # fmt: skip
GOOD = "columns:\n  a:\n    dtype: float64\n"


def problem(tmp_path, text):
    path = tmp_path / "c.yaml"
    path.write_text(text)
    with pytest.raises(UserError) as caught:
        read_schema(str(path), where="params/e.yaml: contract")
    (found,) = caught.value.problems
    return str(found).replace(str(path), "c.yaml")


def test_hostile_names_and_levels_survive_in_our_reading_and_in_pandera_s(tmp_path):
    columns = {
        name: pa.Column("category", [pa.Check.isin(HOSTILE)], nullable=True, description=name or None)
        for name in HOSTILE
    }
    path = tmp_path / "c.yaml"
    path.write_text(written(pa.DataFrameSchema(columns), header=["a line"]))
    for schema in (read_schema(str(path), where="w"), pa.DataFrameSchema.from_yaml(path)):
        assert list(schema.columns) == HOSTILE
        assert all(column.nullable for column in schema.columns.values())
        assert all(
            column.checks[0].statistics["allowed_values"] == HOSTILE for column in schema.columns.values()
        )


def test_an_edited_file_may_leave_out_and_say_what_pandera_can(tmp_path):
    path = tmp_path / "c.yaml"
    path.write_text(
        "columns:\n  2019:\n  when:\n    dtype: datetime64[ns]\n    checks:\n"
        "    - {min_value: 2020-01-01, options: {check_name: greater_than_or_equal_to}}\n"
        "  m_.*:\n    regex: true\n    in_range: {min_value: 0, max_value: 1, raise_warning: true}\n"
        "strict: true\nunique: [when]\n"
    )
    schema = read_schema(str(path), where="w")
    assert list(schema.columns) == ["2019", "when", "m_.*"]
    assert [len(column.checks) for column in schema.columns.values()] == [0, 1, 1]
    assert schema.strict is True and schema.unique == ["when"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [", "c.yaml, line 1, column 5: given expected the node content, but found '<stream end>'; expected YAML with plain values, each key once, no anchors, aliases or tags."),
        ("columns: !!python/object/apply:os.system ['true']", "c.yaml, line 1, column 10: given a tag, which would build an object; expected YAML with plain values, each key once, no anchors, aliases or tags."),
        ("", "c.yaml: given no pandera schema: there are no columns in it; expected a pandera schema for pandas, in pandera's YAML format. Write one by: nightbook contract PARAMS."),
        ("experiment: e\ndata: t.csv\n", "c.yaml: given no pandera schema: there are no columns in it; expected a pandera schema for pandas, in pandera's YAML format. Write one by: nightbook contract PARAMS."),
        (GOOD + "api: polars\n", "c.yaml: given a schema of another kind (polars); expected a pandera schema for pandas, in pandera's YAML format. Write one by: nightbook contract PARAMS."),
        (GOOD + "drop_invalid_rows: true\n", "c.yaml: given drop_invalid_rows: true; expected a contract, which checks a table and changes nothing in it."),
        (GOOD + "    nullable: no\n", "c.yaml: a: given nullable: 'no'; expected true or false."),
        (GOOD + "    in_range: {min_value: 1}\n", "c.yaml: given a schema that cannot be read (TypeError: in_range() missing required argument: 'max_value'); expected a pandera schema for pandas, in pandera's YAML format. Write one by: nightbook contract PARAMS."),
        (GOOD.replace("float64", "timedelta64[ns]"), "c.yaml: a: given the dtype timedelta64[ns]; expected float64, int64, boolean, category, datetime64[ns] or str."),
        (GOOD + "    gt: 1\n    checks: []\n", "c.yaml: a: given checks beside gt; expected all checks under checks, or none of them."),
    ],
)  # fmt: skip
def test_a_wrong_file_is_one_clear_error(tmp_path, text, said):
    assert problem(tmp_path, text) == said


def test_a_key_that_pandera_would_pass_over_is_refused_with_the_nearest(tmp_path):
    said = problem(tmp_path, GOOD + "    nulable: true\n")
    assert said.startswith("c.yaml: a: given the unknown key 'nulable'; expected one of title,")
    assert said.endswith("Did you mean 'nullable'?")


def test_no_file_is_told_with_the_key():
    with pytest.raises(UserError) as caught:
        read_schema("params/none.contract.yaml", where="params/e.yaml: contract")
    assert str(caught.value) == (
        "params/e.yaml: contract: given 'params/none.contract.yaml', which does not exist; expected a file of "
        "`nightbook contract`. Write one by: nightbook contract PARAMS."
    )
