"""The planters do what they say, on a few rows that can be checked by eye; the judging and counting too."""

import numpy as np
import pandas as pd
import pytest
from benchmarks.planted.bases import base_names, base_table
from benchmarks.planted.cases import FAULTS, CleanCase, FaultCase
from benchmarks.planted.fault import Fault, Planted, answers, is_number, strongest_number
from benchmarks.planted.judge import Answer, Said, naming
from benchmarks.planted.score import Move, Score, earlier_to_later, inputs, move, scored, whole_groups
from benchmarks.planted.tables import alarms, by_fault, case_table, verdict

from helpers.findings import Severity
from helpers.metrics import Task

ROWS = 40
NOTE, WARN, STOP = Severity.NOTE, Severity.WARN, Severity.STOP


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)


@pytest.fixture(scope="module")
def numbers() -> pd.DataFrame:
    y = np.arange(ROWS, dtype=float)
    return pd.DataFrame({"a": y + 1, "b": np.tile([3.0, 1.0, 2.0, 4.0], ROWS // 4), "y": y})


@pytest.fixture(scope="module")
def classes(numbers: pd.DataFrame) -> pd.DataFrame:
    return numbers.assign(y=np.where(numbers["y"] < ROWS // 2, "no", "yes").astype(object))


def planted(name: str, frame: pd.DataFrame, strength: float, rng: np.random.Generator) -> Planted:
    found = next(each for each in FAULTS if each.name == name)
    return found.plant(frame, "y", strength, rng)


def changed(found: Planted, name: str) -> pd.Series:
    """The cells of the column that differ from those before the fault."""
    assert found.before is not None
    after, before = found.frame[name].astype(str), found.before[name].astype(str)
    return found.frame[name][after != before]


# every planter ------------------------------------------------------------------------------------------------


def test_names_are_different_and_strengths_at_least_three() -> None:
    assert len({each.name for each in FAULTS}) == len(FAULTS)
    assert all(len(set(each.strengths)) >= 3 for each in FAULTS)


@pytest.mark.parametrize("each", FAULTS, ids=lambda each: each.name)
def test_each_planter_names_columns_that_are_there_and_leaves_the_base_alone(
    each: Fault, numbers: pd.DataFrame, classes: pd.DataFrame, rng: np.random.Generator
) -> None:
    base = numbers if Task.REGRESSION in each.tasks else classes
    copy = base.copy()
    found = each.plant(base, "y", each.strengths[-1], rng)
    pd.testing.assert_frame_equal(base, copy)
    assert set(found.columns) <= set(found.frame.columns)
    assert found.frame.columns[-1] == "y"
    assert found.kinds
    for rows in (found.together, found.moment):
        assert rows is None or len(rows) == len(found.frame)


def test_the_same_generator_plants_the_same(numbers: pd.DataFrame) -> None:
    twice = [planted("negative ages", numbers, 0.05, np.random.default_rng(3)).frame for _ in range(2)]
    pd.testing.assert_frame_equal(*twice)


# values -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "marker"),
    [
        ("'?'", "?"),
        ("a blank", " "),
        ("' - '", " - "),
        ("'NA'", "NA"),
        ("-200", -200),
        ("99999999", 99_999_999),
    ],
)
def test_markers_replace_their_share_of_a_column_of_numbers(
    name: str, marker: object, numbers: pd.DataFrame, rng: np.random.Generator
) -> None:
    found = planted(f"missing as {name} among numbers", numbers, 0.2, rng)
    assert changed(found, found.columns[0]).tolist() == [marker] * 8


def test_a_level_named_none_keeps_its_rows(numbers: pd.DataFrame, rng: np.random.Generator) -> None:
    found = planted("a level named 'None'", numbers, 0.1, rng)
    assert (found.frame["alley"] == "None").sum() == 4
    assert found.before is not None
    assert ((found.before["alley"] == "absent") == (found.frame["alley"] == "None")).all()


def test_structural_gaps_are_exactly_where_the_other_column_says_no(
    numbers: pd.DataFrame, rng: np.random.Generator
) -> None:
    found = planted("structurally missing", numbers, 0.25, rng)
    assert (found.frame[found.columns[0]].isna() == (found.frame["fitted"] == "no")).all()
    assert found.frame["fitted"].value_counts().to_dict() == {"yes": 30, "no": 10}


def test_gaps_that_tell_the_target_are_where_it_is_high(
    classes: pd.DataFrame, rng: np.random.Generator
) -> None:
    found = planted("missing tells the target", classes, 1.0, rng)
    gaps = found.frame[found.columns[0]].isna()
    assert gaps[classes["y"] == "yes"].all()
    assert gaps[classes["y"] == "no"].sum() <= 2


@pytest.mark.parametrize(
    ("way", "is_so"),
    [
        ("case", lambda new, old: new != old and new.lower() == old.lower()),
        ("a space", lambda new, old: new != old and new.strip() == old),
        ("one letter", lambda new, old: abs(len(new) - len(old)) <= 1),
    ],
)
def test_spellings(way: str, is_so: object, numbers: pd.DataFrame, rng: np.random.Generator) -> None:
    found = planted(f"categories differ by {way}", numbers, 0.2, rng)
    cells = changed(found, "material")
    assert 6 <= len(cells) <= 8  # a typo may put the letter in that was there
    assert found.before is not None
    assert all(is_so(new, found.before["material"][row]) for row, new in cells.items())


def test_units(numbers: pd.DataFrame, rng: np.random.Generator) -> None:
    text = planted("units mixed as text", numbers, 0.2, rng).frame["heft"]
    assert text.str.fullmatch(r"\d+\.\d (kg|lb)").all()
    assert text.str.endswith("lb").sum() == 8
    silent = planted("units mixed silently", numbers, 1000.0, rng)
    assert silent.before is not None
    factors = (silent.frame["heft"] / silent.before["heft"]).round()
    assert factors.value_counts().to_dict() == {1.0: 36, 1000.0: 4}


def test_dates(numbers: pd.DataFrame, rng: np.random.Generator) -> None:
    two = planted("dates written in two orders", numbers, 0.2, rng)
    assert two.before is not None
    day_first = pd.to_datetime(two.before["enrolled"]).dt.strftime("%d/%m/%Y")
    assert 4 <= (two.frame["enrolled"] != day_first).sum() <= 8
    unsure = planted("dates that parse two ways", numbers, 4, rng).frame["enrolled"]
    assert unsure.str[:2].isin(["01", "02", "03", "04"]).all()


def test_caps_and_far_values(numbers: pd.DataFrame, rng: np.random.Generator) -> None:
    capped = planted("capped target", numbers, 0.7, rng).frame["y"]
    assert (capped.max(), (capped == capped.max()).sum()) == (27.0, 13)
    ages = changed(planted("negative ages", numbers, 0.05, rng), "age")
    assert len(ages) == 2
    assert (ages < 0).all()
    assert changed(planted("heights of 999", numbers, 0.05, rng), "height").tolist() == [999, 999]
    far = planted("decimal point slipped", numbers, 100.0, rng)
    assert far.before is not None
    assert (far.frame["heft"] / far.before["heft"]).round().value_counts().to_dict() == {1.0: 39, 100.0: 1}


# columns ------------------------------------------------------------------------------------------------------


def test_repeating_columns(numbers: pd.DataFrame, rng: np.random.Generator) -> None:
    linear = planted("column linear in another", numbers, 1.0, rng)
    assert linear.frame["again"].tolist() == (32 + 1.8 * numbers[linear.columns[0]]).tolist()
    one = planted("column one-to-one with another", numbers, 1.0, rng).frame
    assert set(one.groupby("material")["again"].nunique()) == {1}
    prefix = planted("column that is the prefix of another", numbers, 1.0, rng).frame
    assert (prefix["district"].str[:2] == prefix["area_code"]).all()


def test_codes_and_names(numbers: pd.DataFrame, rng: np.random.Generator) -> None:
    codes = planted("codes stored as numbers", numbers, 5, rng).frame["branch"]
    assert (codes.dtype.kind, codes.nunique()) == ("i", 5)
    for style in (1, 2, 3):
        assert planted("identifier", numbers, style, rng).frame["member_no"].is_unique
    assert planted("constant column", numbers, 1.0, rng).frame["state"].tolist() == ["active"] * ROWS


# rows and the target ------------------------------------------------------------------------------------------


def test_copies_repeat_rows_and_say_which(numbers: pd.DataFrame, rng: np.random.Generator) -> None:
    found = planted("copies of rows", numbers, 0.5, rng)
    assert (len(found.frame), found.frame.duplicated().sum()) == (60, 20)
    assert found.together is not None
    assert (found.frame["y"].to_numpy() == found.together).all()
    named = planted("copies with identifiers of their own", numbers, 0.5, rng).frame
    assert named["receipt"].is_unique
    assert named.drop(columns="receipt").duplicated().sum() == 20


def test_contradictions(classes: pd.DataFrame, rng: np.random.Generator) -> None:
    found = planted("equal rows with different targets", classes, 0.1, rng).frame
    assert (found.groupby(["a", "b"])["y"].nunique() == 2).sum() == 4


def test_unequal_and_rare_classes(classes: pd.DataFrame, rng: np.random.Generator) -> None:
    unequal = planted("unequal classes", classes, 0.1, rng)
    assert sorted(unequal.frame["y"].value_counts()) == [6, 20]  # six is the least that is left
    assert unequal.before is not None
    assert len(unequal.before) == 26
    rare = planted("a rare class", classes, 3, rng).frame["y"]
    assert (rare == "unclear").sum() == 3
    capitals = planted("classes differ by case", classes, 0.1, rng).frame["y"]
    assert capitals.isin(["YES", "NO"]).sum() == 4
    assert planted("target missing", classes, 0.1, rng).frame["y"].isna().sum() == 4


# leaks --------------------------------------------------------------------------------------------------------


def test_leaks_in_one_column(numbers: pd.DataFrame, classes: pd.DataFrame, rng: np.random.Generator) -> None:
    copy = planted("noisy copy of the target", numbers, 0.01, rng).frame
    assert copy["index_b"].corr(copy["y"]) > 0.999
    words = planted("copy of the target as words", classes, 0.0, rng).frame
    assert set(zip(words["stage"], words["y"], strict=True)) == {("stage A", "no"), ("stage B", "yes")}
    bent = planted("transformed target", numbers, 0.0, rng).frame["decay"]
    assert bent.is_monotonic_decreasing
    hashed = planted("hashed target", classes, 5, rng).frame
    assert set(hashed.groupby("batch_key")["y"].nunique()) == {1}
    level = planted("a level of one class only", classes, 0.6, rng).frame
    assert set(level.loc[level["desk"] == "closing", "y"]) == {"yes"}


def test_leaks_in_two_columns(numbers: pd.DataFrame, classes: pd.DataFrame, rng: np.random.Generator) -> None:
    parts = planted("target is a difference", numbers, 0.0, rng).frame
    assert (parts["reading_new"] - parts["reading_old"]).to_numpy() == pytest.approx(parts["y"], abs=0.002)
    summed = planted("target is a sum", numbers, 3, rng).frame
    assert summed[["part_1", "part_2", "part_3"]].sum(axis=1).to_numpy() == pytest.approx(summed["y"])
    larger = planted("two columns compared decide the class", classes, 0.0, rng).frame
    assert ((larger["paid"] > larger["due"]) == (larger["y"] == "yes")).all()
    crossed = planted("two columns crossed decide the class", classes, 0.0, rng).frame
    assert ((crossed["sent_by"] == crossed["closed_by"]) == (crossed["y"] == "yes")).all()


# order and groups ---------------------------------------------------------------------------------------------


def test_order(numbers: pd.DataFrame, rng: np.random.Generator) -> None:
    shuffled = numbers.sample(frac=1, random_state=0).reset_index(drop=True)
    found = planted("file sorted by the target", shuffled, 0.0, rng)
    assert found.frame["y"].is_monotonic_increasing
    assert found.together is not None
    assert np.bincount(found.together).tolist() == [8] * 5
    assert planted("sorted, with a row number", shuffled, 0.0, rng).frame["entry"].is_monotonic_increasing
    dated = planted("future rows are harder", shuffled, 1.0, rng)
    assert dated.moment is not None
    assert dated.frame["opened"].iloc[np.argsort(dated.moment)].is_monotonic_increasing


@pytest.mark.parametrize(
    ("words", "pattern"),
    [
        ("a text of its own", r"P(\d+)"),
        ("numbers from one", r"(\d+)"),
        ("large numbers", r"(\d+)"),
        ("a prefix of an identifier", r"(\d+)_\d+"),
        ("a suffix of an identifier", r"\d+-(\d+)"),
        ("the middle of an identifier", r"v\d+/(\d+)/\d+"),
    ],
)
def test_groups_are_named_by_their_column(
    words: str, pattern: str, classes: pd.DataFrame, rng: np.random.Generator
) -> None:
    found = planted(f"groups in {words}", classes, 3, rng)
    assert found.together is not None
    names = found.frame["tag"].astype(str).str.extract(f"^{pattern}$")[0]
    assert names.notna().all()
    assert set(names.groupby(found.together).nunique()) == {1}
    assert names.value_counts().tolist() == [3] * ROWS
    assert set(found.frame["y"].groupby(found.together).nunique()) == {1}


# bases --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["iris", "two classes, few rows", "numbers, few rows"])
def test_bases_are_clean_in_what_can_be_counted(name: str) -> None:
    base = base_table(name, seed=1)
    again = base_table(name, seed=1)
    pd.testing.assert_frame_equal(base.frame, again.frame)
    assert not base.frame.drop(columns=list(base.unseen)).duplicated().any()
    assert base.frame[base.target].notna().all()
    assert is_number(base.frame, base.target) is (base.task is Task.REGRESSION)
    assert base.frame.isna().mean().max() < 0.1
    place = np.corrcoef(np.arange(len(base.frame)), answers(base.frame, base.target))[0, 1]
    assert abs(place) < 0.3


def test_bases_by_task() -> None:
    assert base_names(tasks=frozenset({Task.REGRESSION})) == [
        "numbers, few rows",
        "diabetes",
        "numbers, many rows",
    ]


def test_strongest_number_is_one_of_the_two_best(rng: np.random.Generator) -> None:
    y = np.arange(ROWS)
    frame = pd.DataFrame({"a": y, "b": -y, "c": np.tile(np.arange(10), 4), "d": y % 2, "y": y})
    assert {strongest_number(frame, "y", rng) for _ in range(20)} == {"a", "b"}


# score --------------------------------------------------------------------------------------------------------


def test_inputs_are_read_plainly() -> None:
    frame = pd.DataFrame(
        {"n": [1, None], "w": ["b", None], "d": ["2020-01-02", "1970-01-01"], "m": ["1", "?"]}
    )
    values, categories = inputs(frame)
    assert values.tolist()[0] == [1, 0, 18263, 0]
    assert np.isnan(values[1, :2]).all()
    assert values[1, 2:].tolist() == [0, 1]
    assert categories.tolist() == [False, True, False, True]


def test_a_move_is_beyond_the_larger_error() -> None:
    assert Move(Score(0.9, 0.01), Score(0.8, 0.09)).is_beyond_error
    assert not Move(Score(0.9, 0.01), Score(0.8, 0.11)).is_beyond_error
    assert Move(Score(0.7, 0.01), Score(0.8, 0.01)).is_beyond_error
    assert not Move(Score(0.7, 0.01), Score(0.8, 0.01), by_split=True).is_beyond_error


def test_a_copy_of_the_target_moves_the_score(classes: pd.DataFrame, rng: np.random.Generator) -> None:
    guess = pd.concat([classes.assign(a=classes["b"])] * 2, ignore_index=True)
    leak = planted("copy of the target as words", guess, 0.0, rng)
    asked = []

    def clean_score(unseen: tuple[str, ...], accuracy: bool) -> Score:
        asked.append((unseen, accuracy))
        return scored(guess, "y", unseen=unseen, seed=0, accuracy=accuracy)

    found = move(leak, "y", clean_score=clean_score, unseen=("id",), seed=0)
    assert asked == [(("id",), False)]
    assert found.flattered.mean == 1.0
    assert found.is_beyond_error


def test_whole_groups_stay_on_one_side() -> None:
    groups = np.repeat(np.arange(10), 4)
    folds = list(whole_groups(groups, 0))
    assert sorted(np.concatenate([test for _, test in folds])) == list(range(40))
    assert all(not set(groups[train]) & set(groups[test]) for train, test in folds)
    assert [len(test) for _, test in folds] == [8] * 5


def test_later_rows_are_predicted_from_earlier_ones() -> None:
    order = np.arange(20)[::-1]
    found = [(len(train), sorted(test)) for train, test in earlier_to_later(order)]
    assert found == [(10, [8, 9]), (12, [6, 7]), (14, [4, 5]), (16, [2, 3]), (18, [0, 1])]


# judging and counting -----------------------------------------------------------------------------------------


def said(severity: Severity, *columns: str, code: str = "Q1", kind: str = "leak") -> Said:
    return Said(code, kind, severity, columns)


def heard(*found: Said) -> Answer:
    return Answer(found)


def fault_of(*columns: str, **options: object) -> Planted:
    return Planted(pd.DataFrame(), columns, frozenset({"leak", "order"}), **options)


def test_naming_needs_kind_and_column() -> None:
    found = [said(NOTE, "a"), said(WARN, "a", "b"), said(STOP, "c"), said(STOP, "a", kind="other")]
    assert naming(heard(*found), fault_of("a"), ()) == [said(WARN, "a", "b"), said(NOTE, "a")]


def test_what_was_said_of_the_clean_table_does_not_count() -> None:
    before = [said(NOTE, "a")]
    assert naming(heard(said(NOTE, "a")), fault_of("a"), before) == []
    assert naming(heard(said(NOTE, "a", "b")), fault_of("b"), before) == [said(NOTE, "a", "b")]
    assert naming(heard(said(WARN, "a")), fault_of("a"), before) == [said(WARN, "a")]
    assert naming(heard(said(NOTE)), fault_of(), [said(NOTE)]) == []
    assert naming(heard(said(NOTE)), fault_of(), ()) == [said(NOTE)]


def test_a_refusal_names_the_fault_if_it_names_its_column() -> None:
    refusal = Answer((), refused="planted: target: given 'outcome', of which only one value is left")
    assert naming(refusal, fault_of("outcome"), ()) == [said(STOP, "outcome", code="refused", kind="refused")]
    assert naming(refusal, fault_of("a"), ()) == []


def test_all_columns_or_none() -> None:
    both = fault_of("a", "b", all_columns=True)
    assert naming(heard(said(STOP, "a")), both, ()) == []
    assert naming(heard(said(STOP, "a", "b", "c")), both, ()) == [said(STOP, "a", "b", "c")]
    order = fault_of("a", without_column=frozenset({"order"}))
    assert naming(heard(said(NOTE, kind="order"), said(NOTE)), order, ()) == [said(NOTE, kind="order")]


def test_counting() -> None:
    moved, still = (Move(Score(0.9, 0.01), Score(honest, 0.01)) for honest in (0.8, 0.9))
    cases = [
        FaultCase("f", 1.0, "b", 0, 9, moved, (said(STOP, "a"), said(NOTE, "a")), Answer(())),
        FaultCase("f", 1.0, "b", 1, 9, moved, (), Answer(())),
        FaultCase("f", 1.0, "b", 2, 9, still, (said(NOTE, "a"),), Answer(())),
    ]
    clean = [
        CleanCase("b", 0, 9, 10, Answer((said(STOP, "x", "y"), said(WARN)))),
        CleanCase("b", 1, 9, 30, Answer((said(NOTE),))),
    ]
    table = case_table(cases)
    assert by_fault(table).to_dict("records") == [
        {"fault": "f", "strength": 1.0, "cases": 3, "moved": 2, "named": 2, "moved and named": 1,
         "stop": 1, "warn": 0, "note": 1, "missed": 1}
    ]  # fmt: skip
    told = alarms(clean)
    assert told["severity"].tolist() == ["stop", "warn", "note"]
    assert told["tables"].tolist() == [1, 1, 1]
    assert told["share"].tolist() == [0.5, 0.5, 0.5]
    assert verdict(clean, table) == [
        "Faults that move the score by more than its standard error: 1 of 2 named, 50.0% (9.5% to 90.5%); "
        "goal at least 95%: NOT MET",
        "False stops: 2 in 40 clean columns, 10.00 (2.76 to 33.01) in 200; goal under 1: NOT MET",
        "Findings of stop or warn on 2 clean tables: 1.00 a table, at most 2; goal under 3 on each: met",
    ]
