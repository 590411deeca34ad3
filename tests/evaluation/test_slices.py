from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import helpers.evaluation.slice_tests as slice_tests
import helpers.evaluation.slices as slices
from helpers.evaluation.slice_candidates import candidates
from helpers.evaluation.slices import weak_slices
from helpers.tables.table import Kind, Table

MakeTable = Callable[..., Table]
LEVELS = ["<b>x</b>", "$y$", "value", "z\n"]


def _rows(make_table: MakeTable, rows: int, seed: int) -> Table:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({f"x{place}": rng.normal(size=rows) for place in range(6)})
    frame["level"] = pd.Categorical(rng.choice(LEVELS, rows))
    frame["yes"] = rng.integers(0, 2, rows).astype(float)
    frame["y"] = rng.normal(size=rows)
    return make_table(
        frame, kinds={"level": Kind.CATEGORY, "yes": Kind.BOOLEAN}, labels={"x0": ("Perimeter", "mm")}
    )


def test_groups_of_each_kind_of_column_in_words(make_table: MakeTable) -> None:
    frame = pd.DataFrame(
        {
            "size": [1.0, 2, 3, 4, 5, 6, 7, np.nan],
            "few": [0.0, 1, 0, 1, 0, 1, 0, 1],
            "level": pd.Categorical(["<b>", "<b>", "<b>", "$", "$", "$", None, "$"]),
            "member": [1.0, 0, 1, 0, 1, 0, 1, 0],
            "when": pd.to_datetime([f"2024-01-0{day}" for day in range(1, 9)]),
            "note": ["a"] * 8,
            "y": range(8),
        }
    )
    kinds = {"level": Kind.CATEGORY, "member": Kind.BOOLEAN, "when": Kind.DATE, "note": Kind.TEXT}
    table = make_table(frame, kinds=kinds, labels={"size": ("Size", "mm")})
    found = {part.description: part.inside for part in candidates(table, seen=np.ones(8, dtype=bool))}
    assert list(found) == [
        "Size up to 2 mm", "Size above 2 and up to 4 mm", "Size above 4 and up to 5 mm", "Size above 5 mm",
        "Size missing", "few 0", "few 1", "level “$”", "level “<b>”", "level missing", "member “yes”",
        "member “no”", "when up to 2024-01-02", "when above 2024-01-02 and up to 2024-01-04",
        "when above 2024-01-04 and up to 2024-01-06", "when above 2024-01-06",
    ]  # fmt: skip
    assert found["Size above 2 and up to 4 mm"].tolist() == [
        False,
        False,
        True,
        True,
        False,
        False,
        False,
        False,
    ]
    assert found["level missing"].tolist() == [False] * 6 + [True, False]


def test_a_planted_weakness_is_found_confirmed_and_described(make_table: MakeTable) -> None:
    rows = _rows(make_table, 600, seed=1)
    weak = rows.frame["x0"] > 0.67
    errors = (np.random.default_rng(2).random(600) < np.where(weak, 0.6, 0.1)).astype(float)
    found = weak_slices(rows, errors, measure="error rate", seed=0)
    first = found.results[0]
    assert first.confirmed
    assert first.column == "x0"
    assert first.description.startswith("Perimeter above 0.") and first.description.endswith(" mm")
    assert first.inside.value is not None and first.inside.value > 0.45
    assert first.outside.value is not None and first.outside.value < 0.2
    assert first.rows == pytest.approx(150, abs=30)
    assert found.table["p_corrected"].iloc[0] < 0.001
    assert found.examined
    assert first.p_corrected == found.table["p_corrected"].iloc[0]
    assert first.rows_confirming == found.table["rows_confirming"].iloc[0]
    assert 0 < first.rows_confirming < first.rows
    assert (found.rows, found.finding, found.confirming) == (600, 300, 300)


def test_planted_large_errors_are_found_too(make_table: MakeTable) -> None:
    rows = _rows(make_table, 400, seed=3)
    scale = np.where(rows.frame["level"].astype(str) == "$y$", 4.0, 1.0)
    errors = np.abs(np.random.default_rng(4).normal(size=400)) * scale
    found = weak_slices(rows, errors, measure="mean absolute error", seed=0)
    assert [part.description for part in found.results if part.confirmed] == ["level “$y$”"]


@pytest.mark.slow
@pytest.mark.parametrize(("measure", "runs"), [("error rate", 80), ("mean absolute error", 20)])
def test_on_pure_noise_at_most_one_search_in_twenty_confirms_a_group(
    make_table: MakeTable, monkeypatch: pytest.MonkeyPatch, measure: slice_tests.Measure, runs: int
) -> None:
    monkeypatch.setattr(slice_tests, "PERMUTATIONS", 499)
    monkeypatch.setattr(slices, "DRAWS", 50)
    alarms = 0
    for run in range(runs):
        rows, rng = _rows(make_table, 160, seed=run), np.random.default_rng(1_000 + run)
        errors = (
            (rng.random(160) < 0.2).astype(float) if measure == "error rate" else rng.exponential(size=160)
        )
        alarms += any(part.confirmed for part in weak_slices(rows, errors, measure=measure, seed=run).results)
    assert alarms <= stats.binom.ppf(0.99, runs, 0.05)


def test_a_column_that_is_constant_within_groups_is_no_weak_slice_by_group_luck(
    make_table: MakeTable,
) -> None:
    alarms = 0
    for run in range(60):
        rng = np.random.default_rng(run)
        team = np.repeat(np.arange(24), 10)
        frame = pd.DataFrame({"x": rng.normal(size=24)[team], "y": rng.normal(size=240)})
        errors = (rng.random(240) < rng.beta(0.5, 1.5, size=24)[team]).astype(float)
        found = weak_slices(make_table(frame), errors, measure="error rate", seed=run, groups=pd.Series(team))
        alarms += any(part.confirmed for part in found.results)
    assert alarms <= 6


def test_too_few_rows_and_no_mistakes_find_nothing(make_table: MakeTable) -> None:
    few = weak_slices(_rows(make_table, 30, seed=0), np.ones(30), measure="error rate", seed=0)
    assert (few.results, len(few.table), few.finding, few.confirming) == ((), 0, 15, 15)
    assert not few.examined
    perfect = weak_slices(_rows(make_table, 200, seed=0), np.zeros(200), measure="error rate", seed=0)
    assert perfect.results == ()
    assert not perfect.examined


def test_large_holdouts_are_sampled(make_table: MakeTable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slices, "MOST_ROWS", 100)
    rows = _rows(make_table, 300, seed=0)
    errors = np.random.default_rng(0).integers(0, 2, 300).astype(float)
    groups = pd.Series(np.arange(300) // 3, index=rows.frame.index)
    assert weak_slices(rows, errors, measure="error rate", seed=0, groups=groups).rows == 100


def test_a_small_difference_among_many_rows_is_not_worth_naming(make_table: MakeTable) -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {"level": pd.Categorical(rng.choice(["a", "b", "c"], 40_000)), "y": rng.normal(size=40_000)}
    )
    rows = make_table(frame, kinds={"level": Kind.CATEGORY})
    errors = (rng.random(40_000) < np.where(frame["level"] == "a", 0.33, 0.30)).astype(float)
    found = weak_slices(rows, errors, measure="error rate", seed=0)
    assert found.table["p_corrected"].iloc[0] < 0.05
    assert not found.results[0].confirmed


def test_a_group_of_most_rows_is_no_slice(make_table: MakeTable) -> None:
    frame = pd.DataFrame({"member": np.repeat([1.0, 0.0], [300, 100]), "y": np.arange(400.0)}).sample(
        frac=1, random_state=0
    )
    rows = make_table(frame.reset_index(drop=True), kinds={"member": Kind.BOOLEAN})
    errors = np.random.default_rng(0).random(400) < np.where(rows.frame["member"] == 1.0, 0.5, 0.05)
    assert weak_slices(rows, errors.astype(float), measure="error rate", seed=0).results == ()


def test_the_baselines_value_stands_beside_the_models(make_table: MakeTable) -> None:
    rows = _rows(make_table, 600, seed=1)
    weak = rows.frame["x0"] > 0.67
    errors = (np.random.default_rng(2).random(600) < np.where(weak, 0.6, 0.1)).astype(float)
    worse = weak_slices(rows, errors, measure="error rate", seed=0, baseline=np.ones(600))
    assert worse.results[0].baseline_inside == 1.0
    assert not worse.results[0].no_better_than_baseline
    equal = weak_slices(rows, errors, measure="error rate", seed=0, baseline=errors)
    assert equal.results[0].no_better_than_baseline
