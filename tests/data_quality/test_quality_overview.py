import numpy as np
import pandas as pd

from helpers.data_quality.overview import columns_table, overview_table, quality_result, split_table
from helpers.tables.table import Kind, Role

NAN = float("nan")


def small(make_table):
    return make_table(
        ["a", "b", "b", "b"],
        {
            "x": [1.0, NAN, 4.0, 4.0],
            "city": ["Rome", "Oslo", "Oslo", "Oslo"],
            "when": pd.to_datetime(["2020-01-02", "2020-01-01", "2020-01-03", "2020-01-03"]),
            "key": ["<k1>", "k2", "k3", "k3"],
            "none": [NAN] * 4,
        },
        kinds={"key": Kind.IDENTIFIER, "none": Kind.EMPTY},
        roles={"key": Role.ID, "none": Role.UNUSED},
    )


def test_result_for_the_run_record(make_table, develop):
    result = quality_result(develop(small(make_table)))
    assert result.model_dump() == {
        "rows": 4,
        "columns": 6,
        "development_rows": 4,
        "holdout_rows": 0,
        "missing_share": 5 / 24,
        "duplicate_rows": 1,
        "has_id": True,
        "has_group": False,
        "has_time": False,
    }


def test_table_at_a_glance(make_table, develop):
    found = overview_table(develop(small(make_table))).set_index("what")["value"]
    assert found.to_dict() == {
        "data": "made.csv",
        "rows read": "4",
        "columns read": "6",
        "development rows": "4",
        "holdout rows, sealed": "0",
        "target": "y",
        "task": "two classes; to find: a",
        "features": "3 (1 number, 1 category and 1 date)",
        "columns that models do not see": "1 id and 1 unused",
        "fingerprint": "f" * 12,
    }


def test_columns_at_a_glance(make_table):
    found = columns_table(small(make_table)).set_index("column")
    assert found["values"].to_dict() == {
        "x": "1 to 4, median 4",
        "city": "Oslo (3), Rome (1)",
        "when": "2020-01-01 to 2020-01-03",
        "key": "k3 (2), <k1> (1), k2 (1)",
        "none": "",
        "y": "b (3), a (1)",
    }
    assert "label" not in found
    assert found.loc["x", ["kind", "role", "missing", "distinct"]].tolist() == ["number", "feature", 0.25, 2]


def test_unique_texts_are_shown_as_examples(make_table):
    table = make_table([1.0, 2.0], {"note": ["x" * 200, "b"]}, kinds={"note": Kind.TEXT})
    shown = columns_table(table)["values"].iloc[0]
    assert shown == f"for instance {'x' * 39}…, b"


def test_split_in_words(make_table, develop):
    words = split_table(develop(small(make_table))).set_index("what")["value"]
    assert words["target in the development rows"] == "b 3 and a 1"
    assert words["why"] == "holdout is 0"
    many = make_table([f"c{i}" for i in range(10)], {"x": np.arange(10.0)})
    assert split_table(develop(many))["value"].iloc[-1].endswith("c7 1 and 2 other classes")
    number = make_table([1.0, 2.0, 9.0], {"x": np.arange(3.0)})
    assert split_table(develop(number))["value"].iloc[-1] == "1 to 9, median 2"
