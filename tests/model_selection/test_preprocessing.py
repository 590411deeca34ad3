import pickle
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import helpers.model_selection.preprocessing as preprocessing
from helpers.metrics import Task, default_metric
from helpers.model_selection.candidates import CANDIDATES
from helpers.model_selection.cross_validation import Deadline, evaluate
from helpers.model_selection.encoders import LevelCodes
from helpers.model_selection.text_components import TextComponents, TextMemory, remember
from helpers.tables.folds import Folds
from helpers.tables.table import Column, Kind, Role

WAYS = (preprocessing.scaled, preprocessing.plain, preprocessing.native, preprocessing.counted)
ROWS = 24
HALF = ROWS // 2
# The first fold learns from rows whose columns may be all missing, and is asked about rows that are not.
FOLDS = Folds(((np.arange(HALF), np.arange(HALF, ROWS)),), "time", 1, 1, "")


def late(values):
    """Return the values with the first half missing."""
    values = pd.Series(values)
    values[:HALF] = None
    return values


def hostile(case):
    """Return columns and kinds of a table that real files do hold."""
    words = pd.Series([f"words {row % 5} <b>" for row in range(ROWS)], dtype="str")
    dates = pd.Series(pd.date_range("2024-01-01", periods=ROWS, freq="D"))
    levels = pd.Series(list("ab") * HALF, dtype="str")
    numbers = np.arange(ROWS, dtype=float)
    cases = {
        "names": ({"a[<]": np.arange(ROWS) % 7, "index": np.ones(ROWS), "x" * 10_000: np.arange(ROWS)}, {}),
        "missing while learning": (
            {"x": late(numbers), "t": late(words), "d": late(dates), "c": late(levels).astype("category")},
            {"t": Kind.TEXT, "d": Kind.DATE, "c": Kind.CATEGORY},
        ),
        "one constant": ({"x": np.ones(ROWS)}, {}),
        "nothing at all": ({"x": np.full(ROWS, np.nan)}, {"x": Kind.EMPTY}),
        "text only": ({"x": words}, {"x": Kind.TEXT}),
        "empty texts": ({"x": pd.Series(["", " "] * HALF, dtype="str")}, {"x": Kind.TEXT}),
        "every level new": ({"x": pd.Categorical([str(row) for row in range(ROWS)])}, {"x": Kind.CATEGORY}),
        "infinite and huge": ({"x": np.where(np.arange(ROWS) % 5 == 0, np.inf, 1e300)}, {}),
        "time zone": ({"x": dates.dt.tz_localize("Europe/Berlin")}, {"x": Kind.DATE}),
    }  # fmt: skip
    return cases[case]


CASES = (
    "names", "missing while learning", "one constant", "nothing at all", "text only", "empty texts",
    "every level new", "infinite and huge", "time zone",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("task", list(Task))
def test_every_candidate_takes_hostile_tables(task, case, make_table, few_trees):
    columns, kinds = hostile(case)
    table, metric = make_table(task, columns, kinds=kinds), default_metric(task)
    for name, candidate in CANDIDATES.items():
        if task in candidate.tasks and candidate.installed:
            found = evaluate(
                table,
                candidate,
                FOLDS,
                metric=metric,
                seed=0,
                deadline=Deadline(60),
                settings=few_trees(name),
            )
            assert (name, found.failed, found.notes) == (name, "", ())


@pytest.mark.parametrize("way", WAYS)
def test_what_is_learnt_is_learnt_in_the_fold(way, make_table):
    """Other rows to predict change nothing of what was fitted."""
    columns = {"x": np.arange(ROWS, dtype=float), "c": pd.Categorical(list("abc") * (ROWS // 3))}
    table = make_table(Task.REGRESSION, columns, kinds={"c": Kind.CATEGORY})
    fitted = way(table, 0).fit(table.X.head(HALF))
    alone = np.asarray(fitted.transform(table.X.iloc[[3]]), dtype=float)
    changed = pd.concat([table.X.iloc[[3]], table.X.tail(3).assign(x=1e9)])
    assert np.asarray(fitted.transform(changed), dtype=float)[0].tolist() == alone[0].tolist()


@pytest.mark.parametrize("way", WAYS)
def test_columns_come_out_under_plain_names(way, make_table):
    table = make_table(Task.REGRESSION, {"a[<]": np.arange(30.0), "b\n": np.arange(30.0) % 3})
    names = way(table, 0).fit(table.X).named_steps["features"].get_feature_names_out()
    assert all(str(name).startswith("f") and not set(str(name)) & set("[]<\n") for name in names)


def test_scaled_fills_with_the_median_and_marks_gaps(make_table):
    table = make_table(Task.REGRESSION, {"x": [1.0, 2.0, np.nan, 9.0]})
    prepared = preprocessing.scaled(table, 0).fit_transform(table.X)
    filled = np.array([1.0, 2.0, 2.0, 9.0])
    assert prepared[:, 0] == pytest.approx((filled - filled.mean()) / filled.std())
    assert prepared[:, 1] == pytest.approx((np.array([0, 0, 1, 0]) - 0.25) / np.sqrt(0.25 * 0.75))


def test_native_keeps_gaps_and_codes_levels_by_frequency(make_table):
    table = make_table(
        Task.REGRESSION,
        {"x": [1.0, np.nan, 3.0, 4.0], "c": pd.Categorical(["b", "b", "a", None])},
        kinds={"c": Kind.CATEGORY},
    )
    fitted = preprocessing.native(table, 0).fit(table.X)
    prepared = fitted.transform(table.X)
    assert prepared["f0"].isna().tolist() == [False, True, False, False]
    assert prepared["f1"].cat.codes.tolist() == [0, 0, 1, -1]
    unseen = table.X.assign(c=pd.Categorical(["a", "z", "z", "b"]))
    assert fitted.transform(unseen)["f1"].cat.codes.tolist() == [1, -1, -1, 0]


def test_counted_puts_each_number_into_one_bin_and_gaps_into_none(make_table):
    table = make_table(Task.BINARY, {"x": [1.0, 2.0, 3.0, np.nan]})
    prepared = preprocessing.counted(table, 0).fit_transform(table.X)
    assert prepared.sum(axis=1).tolist() == [1, 1, 1, 0]
    assert prepared[0].tolist() != prepared[2].tolist()


def test_many_levels_are_read_as_texts(make_table):
    rows = 100
    table = make_table(
        Task.REGRESSION,
        {"c": pd.Categorical([f"level {row}" for row in range(rows)])},
        kinds={"c": Kind.CATEGORY},
    )
    names = preprocessing.scaled(table, 0).fit(table.X).named_steps["features"].transformers_
    assert names[0][0] == "texts"


def test_levels_become_whole_numbers_the_most_frequent_first():
    fitted = LevelCodes().fit(pd.DataFrame({"c": pd.Series(["b", "a", "b", None], dtype=object)}))
    found = fitted.transform(pd.DataFrame({"c": pd.Series(["a", "b", "new", None], dtype=object)}))
    assert list(found["c"]) == [1, 0, -1, -1]


def test_texts_become_their_length_and_components():
    texts = pd.DataFrame({"t": pd.Series(["red wine", "red vine", "blue sky", None], dtype=object)})
    found = TextComponents(2).fit_transform(texts)
    assert list(found["t_length"]) == [8.0, 8.0, 8.0, 0.0]
    wine, vine, sky, _ = found[["t_0", "t_1"]].to_numpy()
    assert np.linalg.norm(wine - vine) < np.linalg.norm(wine - sky)
    assert found.iloc[3].tolist() == [0.0, 0.0, 0.0]


def test_long_texts_have_more_components():
    rng = np.random.default_rng(0)
    words = [f"word{k}" for k in range(200)]
    long = pd.DataFrame({"t": [" ".join(rng.choice(words, 20)) for _ in range(80)]}, dtype=object)
    short = pd.DataFrame({"t": [" ".join(rng.choice(words, 2)) for _ in range(80)]}, dtype=object)
    made = TextComponents(5, long_components=12)
    assert made.fit_transform(long).shape == (80, 13)
    assert made.fit_transform(short).shape == (80, 6)


def test_several_preparations_learn_a_text_column_once():
    texts = pd.DataFrame({"t": pd.Series(["red wine", "red vine", "blue sky", None] * 3, dtype=object)})
    alone = TextComponents(2).fit_transform(texts)
    pipeline = make_pipeline(TextComponents(2), StandardScaler())
    memory = TextMemory()
    remember(pipeline, memory)
    first = clone(pipeline)[0].fit(texts)
    second = clone(pipeline)[0].fit(texts)
    assert first.encoders_[0] is second.encoders_[0]
    assert first.transform(texts).equals(alone)
    assert second.transform(texts).equals(alone)
    other = clone(pipeline)[0].fit(texts.iloc[:3])
    assert other.encoders_[0] is not first.encoders_[0]
    # What does not fit is made again each time, and is the same.
    full = TextComponents(2, memory=TextMemory(limit=0)).fit(texts)
    assert full.transform(texts).equals(alone)
    assert pickle.loads(pickle.dumps(first)).memory is None
    remember(pipeline, None)
    assert pipeline[0].memory is None


def test_means_are_for_levels_of_enough_rows_and_not_within_groups(make_table):
    rows = 200
    columns = {"c": pd.Categorical([f"level {row % 60}" for row in range(rows)])}
    table = make_table(Task.REGRESSION, columns, kinds={"c": Kind.CATEGORY})
    blocks = [name for name, _, _ in preprocessing.plain(table, 0).named_steps["features"].transformers]
    assert blocks == ["texts", "means"]
    frame = table.frame.assign(g=np.arange(rows) // 4)
    grouped = replace(
        table, frame=frame, columns={**table.columns, "g": Column("g", Kind.NUMBER, Role.GROUP, "g")}
    )
    blocks = [name for name, _, _ in preprocessing.plain(grouped, 0).named_steps["features"].transformers]
    assert blocks == ["texts"]
