import numpy as np
import pandas as pd
import pytest

from helpers.errors import UserError
from helpers.findings import Severity
from helpers.metrics import Task
from helpers.parameters.check import checked
from helpers.tables.prepare import both_sides, load_development
from helpers.tables.table import Kind, Role

HOSTILE = ["<script>alert(1)</script>", "a\n\"b'", "😀 $x$ [<]", "{{ }} {0} %s", "index", "n" * 10_000]


@pytest.fixture
def load(tmp_path):
    def read(frame, **values):
        path = tmp_path / "t.csv"
        frame.to_csv(path, index=False)
        given = {"experiment": "e", "question": "q", "data": str(path), "target": "y"} | values
        return both_sides(checked(given, where="p"), where="p")

    return read


@pytest.fixture
def frame():
    random = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "id": [f"c{n:03d}" for n in range(100)],
            "x": random.normal(size=100).round(3),
            "k": random.choice(["u", "v", "w"], 100),
            "g": np.repeat(np.arange(20), 5) * 1.5,
            "t": pd.date_range("2020-01-01", periods=100).strftime("%Y-%m-%d"),
            "empty": "",
            "y": np.where(np.arange(100) % 4 == 0, "sick", "well"),
        }
    )


def finding(development, code):
    return next((found for found in development.findings if found.code == code), None)


def test_the_two_sides(load, frame):
    development, holdout = load(frame)
    table = development.table
    assert (len(table), len(holdout)) == (80, 20)
    assert sorted([*table.frame.index, *holdout.frame.index]) == list(range(100))
    assert (table.task, table.classes, table.positive) == (Task.BINARY, ("sick", "well"), "sick")
    assert {column.name: (column.kind, column.role) for column in table.columns.values()} == {
        "id": (Kind.IDENTIFIER, Role.UNUSED),
        "x": (Kind.NUMBER, Role.FEATURE),
        "k": (Kind.CATEGORY, Role.FEATURE),
        "g": (Kind.NUMBER, Role.FEATURE),
        "t": (Kind.DATE, Role.FEATURE),
        "empty": (Kind.EMPTY, Role.UNUSED),
        "y": (Kind.CATEGORY, Role.TARGET),
    }
    assert list(holdout.frame) == list(table.frame) == list(table.columns)
    assert (development.info.name, development.info.rows, development.info.columns) == ("t.csv", 100, 7)
    split = development.split
    assert (split.strategy, split.development_rows, split.holdout_rows) == ("stratified", 80, 20)
    assert table.y.map(type).eq(str).all()


def test_load_development_keeps_no_holdout_row(load, frame, tmp_path):
    _, holdout = load(frame)
    given = {"experiment": "e", "question": "q", "data": str(tmp_path / "t.csv"), "target": "y"}
    development = load_development(checked(given, where="p"))
    held = set(holdout.frame["id"])
    assert not held & set(development.table.frame["id"])
    assert not any(name in repr(vars(development)) for name in held)


def test_categories_of_the_holdout_alone_are_not_shown(load, frame):
    frame["k"] = [f"k{n}" for n in range(100)]
    frame["k"] = frame["k"].str.replace("k", "level ")
    development, holdout = load(frame, clean={"types": {"k": "category"}})
    seen = development.table.frame["k"].cat.categories.tolist()
    assert len(seen) == 80
    assert holdout.frame["k"].cat.categories.tolist()[:80] == seen
    assert holdout.frame["k"].notna().all()


def test_the_split_depends_neither_on_seed_nor_on_drop_nor_on_the_order_of_rows(load, frame):
    one, held = load(frame)
    for values in (
        {"seed": 7},
        {"drop": ["x"]},
        {"columns": {"x": "X"}},
        {"clean": {"limits": {"x": [-1, 1]}}},
    ):
        other, other_held = load(frame, **values)
        assert other.split.key == one.split.key
        assert other_held.frame.index.tolist() == held.frame.index.tolist()
    _, shuffled = load(frame.sample(frac=1, random_state=3))
    assert set(shuffled.frame["id"]) == set(held.frame["id"])
    assert load(frame, holdout=0.3)[0].split.key != one.split.key


def test_an_id_keeps_rows_on_their_side_in_a_longer_table(load, frame):
    _, held = load(frame.head(60), id="id")
    _, longer = load(frame, id="id")
    assert set(held.frame["id"]) == set(longer.frame["id"]) & set(frame["id"].head(60))
    assert longer.columns["id"].role is Role.ID


def test_groups_and_times(load, frame):
    development, held = load(frame, group="g")
    assert development.split.strategy == "group"
    assert set(held.frame["g"]).isdisjoint(development.table.frame["g"])
    development, held = load(frame, time="t", group="g")
    assert held.frame.index.tolist() == list(range(80, 100))
    assert development.split.reason == "the latest 20 % of the rows, from 2020-03-21 on"
    assert development.table.times.iloc[0] == pd.Timestamp("2020-01-01")
    development, _ = load(frame.assign(g=frame["x"].index % 20), time="t", group="g")
    assert finding(development, "T155").message == "20 groups on both sides, because the split goes by time."


def test_no_holdout(load, frame):
    development, held = load(frame, holdout=0)
    assert (len(development.table), len(held), development.split.strategy) == (100, 0, "none")
    assert finding(development, "T154") is None


def test_rows_without_a_target_and_rare_classes_are_left_out_and_counted(load, frame):
    frame.loc[[1, 2], "y"] = ["", "NA"]
    frame.loc[[3, 5], "y"] = "odd"
    development, held = load(frame)
    assert (len(development.table) + len(held), development.info.rows) == (96, 100)
    assert finding(development, "T131").message == "2 rows of 100 without a value of the target y left out."
    assert finding(development, "T132").message == (
        "1 class of y (odd; 2 rows) left out, with fewer than 10 rows each: too few to learn and to check."
    )
    assert development.cleaning.to_dict("records") == [
        {"step": "target missing", "column": "y", "changed": 2, "before": "100 rows", "after": "98 rows"},
        {"step": "rare class", "column": "y", "changed": 2, "before": "98 rows", "after": "96 rows"},
    ]
    assert not {1, 2, 3, 5} & {*development.table.frame.index, *held.frame.index}


def test_declared_cleaning(load, frame):
    frame = pd.concat([frame, frame.head(2)], ignore_index=True)
    frame.loc[0, "x"] = -200
    clean = {
        "missing": {"x": [-200], "*": ["w"]},
        "limits": {"g": [0, 15]},
        "types": {"g": "number", "k": "text"},
    }
    development, _ = load(frame, clean=clean | {"duplicates": "drop"}, holdout=0)
    log = development.cleaning.set_index(["step", "column"])
    assert log.loc[("missing", "x"), "changed"] == 1
    assert log.loc[("missing", "k"), "changed"] == (frame["k"] == "w").sum()
    assert log.loc[("limits", "g"), ["changed", "before", "after"]].tolist() == [
        45,
        "0 missing",
        "45 missing",
    ]
    assert log.loc[("types", "k"), ["before", "after"]].tolist() == ["category", "text"]
    assert log.loc[("duplicates", ""), ["changed", "before", "after"]].tolist() == [1, "102 rows", "101 rows"]
    assert development.table.columns["k"].kind is Kind.TEXT
    assert finding(development, "T141").severity is Severity.NOTE


def test_repeats_across_the_split(load, frame):
    twice = pd.concat(
        [frame.assign(id=[f"a{n}" for n in range(100)]), frame.assign(id=[f"b{n}" for n in range(100)])]
    )
    development, _ = load(twice)
    assert finding(development, "T154").message == (
        "No holdout row repeats a development row (identifiers aside)."
    )
    development, _ = load(twice, id="id")
    found = finding(development, "T154")
    assert (found.kind, found.severity) == ("duplicates_across_split", Severity.WARN)
    assert (
        "repeat a development row (identifiers aside): the evaluation is too good by that." in found.message
    )


def test_a_class_that_only_the_latest_rows_have_is_left_out(load, frame):
    frame.loc[85:, "y"] = "new"
    development, held = load(frame, time="t")
    assert development.table.classes == ("sick", "well")
    assert held.frame.index.tolist() == list(range(80, 85))
    assert finding(development, "T153").message == (
        "1 class of y (new) only in rows to be held out; 15 rows left out, as no model can learn them."
    )


def test_a_class_that_no_holdout_row_has_is_said(load, frame):
    frame.loc[:20, "y"] = "old"
    development, _ = load(frame, time="t")
    assert finding(development, "T152").message == (
        "No holdout row is of 1 class (old), so the evaluation says nothing of them."
    )


def test_a_split_that_leaves_one_class_is_refused(load, frame):
    frame["y"] = np.where(np.arange(100) < 80, "a", "b")
    with pytest.raises(
        Exception, match="p: holdout: given a split that leaves only the class 'a' to learn from"
    ):
        load(frame, time="t")


def test_a_feature_without_a_value_in_the_development_rows_is_not_used(load, frame):
    frame["late"] = [np.nan] * 80 + list(range(20))
    development, _ = load(frame, time="t")
    late = development.table.columns["late"]
    assert (late.kind, late.role) == (Kind.EMPTY, Role.UNUSED)


def test_hostile_names_and_values(load, frame):
    hostile = frame.rename(columns=dict(zip(["x", "k", "g", "t", "empty", "id"], HOSTILE, strict=True)))
    hostile["y"] = np.where(np.arange(100) % 2, "<b>yes</b>\n\"'{}", "ไม่ 😀 %s")
    development, held = load(hostile)
    assert set(HOSTILE) <= set(development.table.frame)
    assert development.table.classes == ("<b>yes</b>\n\"'{}", "ไม่ 😀 %s")
    assert len(held) == 20


def test_a_table_from_a_european_office(tmp_path):
    path = tmp_path / "t.csv"
    lines = [
        f"{n % 28 + 1:02d}.{n % 12 + 1:02d}.2020;{n}.{n % 7}00,50;{n * 3},{n % 10};Größe {n % 3}"
        for n in range(1, 61)
    ]
    path.write_bytes("\r\n".join(["Tag;Umsatz;Maß;Art", *lines]).encode("cp1252"))
    given = {"experiment": "e", "question": "q", "data": str(path), "target": "Umsatz", "holdout": 0}
    development = load_development(checked(given, where="p"))
    frame = development.table.frame
    assert frame["Umsatz"].iloc[1] == 2200.5
    assert frame["Maß"].iloc[1] == 6.2
    assert frame["Tag"].iloc[12] == pd.Timestamp("2020-02-14")
    assert frame["Art"].iloc[0] == "Größe 1"
    assert [found.code for found in development.findings] == ["T101", "T102", "T104", "T117"]


def test_utf_16_with_tabs(tmp_path):
    path = tmp_path / "t.tsv"
    path.write_bytes(("x\ty\n" + "".join(f"{n}.5\t{'äö'[n % 2]}\n" for n in range(40))).encode("utf-16"))
    given = {"experiment": "e", "question": "q", "data": str(path), "target": "y"}
    assert load_development(checked(given, where="p")).table.classes == ("ä", "ö")


def test_extreme_tables(load):
    random = np.random.default_rng(0)
    thirty = pd.DataFrame({"x": random.normal(size=30), "y": random.normal(size=30)})
    development, held = load(thirty)
    assert (len(development.table), len(held), development.table.task) == (24, 6, Task.REGRESSION)
    wide = pd.DataFrame(random.normal(size=(40, 500)), columns=[f"x{n}" for n in range(500)])
    assert len(load(wide.assign(y=random.normal(size=40)))[0].table.features) == 500


def test_labels_and_units_reach_the_columns(load, frame):
    development, _ = load(frame, columns={"x": {"label": "Length", "unit": "mm"}})
    assert development.table.columns["x"].title == "Length (mm)"


BUNDLED = [
    ("iris", "multiclass", 3),
    ("breast_cancer", "binary", 2),
    ("diabetes", "regression", 0),
    ("digits", "multiclass", 10),
]


@pytest.mark.parametrize(("name", "task", "classes"), BUNDLED)
def test_bundled_tables(name, task, classes):
    given = {"experiment": "e", "question": "q", "data": f"sklearn:{name}", "target": "target"}
    table = load_development(checked(given, where="p")).table
    assert (table.task.value, len(table.classes)) == (task, classes)


def test_findings_can_be_stored(load, frame):
    development, _ = load(frame.assign(x=np.where(frame["x"] > 1, "?", frame["x"].astype(str))))
    assert all(found.to_dict()["message"] for found in development.findings)


def test_numbers_too_large_to_reckon_with_are_missing_and_said(load, frame):
    large = frame.assign(wide=[2e300, -1e300, *np.arange(len(frame) - 2, dtype=float)])
    development, _ = load(large)
    found = finding(development, "T142")
    assert found.message == (
        "2 numbers beyond ±1e+100 in 1 column read as missing: sums of their squares cannot be held."
    )
    assert found.severity is Severity.WARN and found.columns == ("wide",)
    assert development.table.frame["wide"].abs().max() < 1e100


def test_a_target_too_large_to_reckon_with_is_refused(load, frame):
    large = frame.assign(size=np.linspace(-1e300, 1e300, len(frame)))
    with pytest.raises(
        UserError, match=r"with values as large as 1e\+300; expected numbers of at most 1e\+100"
    ):
        load(large, target="size")
