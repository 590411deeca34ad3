"""The runs of a grid, collated: which belong together, in which order, and how little the best may mean."""

import pytest

from helpers.runner.overview.index_best import comparison
from helpers.runner.overview.index_failures import Problem, grid_failure_of
from helpers.runner.overview.index_grid import combinations_of, grid_table, labels, parted
from helpers.runner.overview.index_page import index_page, overview_of

HOSTILE = '"><script>alert(1)</script>'


def run(place, variant, *, value=0.9, half=0.03, batch="call", experiment="trial", **changes):
    """The record of one combination; `value` None for one that was not evaluated."""
    stamp = f"20261125-1600{place:02d}-000"
    interval = {"low": None, "high": None} if half is None else {"low": value - half, "high": value + half}
    metrics = {
        "name": "roc_auc",
        "label": "ROC AUC",
        "higher_is_better": True,
        "measured_on": "holdout",
        "chosen": {"value": value, **interval},
        "baseline": {"value": 0.5, "low": 0.45, "high": 0.55},
    }
    content = {
        "experiment": experiment,
        "run": f"{stamp}-{'-'.join(f'{key}=x' for key in variant)}",
        "batch": batch,
        "variant": variant,
        "status": "succeeded",
        "started": f"2026-11-25T16:00:{place:02d}.000+00:00",
        "seconds": 41.2,
        "question": "Does it work?",
        "data": {"fingerprint": "f"},
        "notebooks": {"06_summary": {"status": "succeeded", "report": "06_summary.html"}},
        "metrics": metrics,
        "verdict": {"word": "use it", "reason": "It is clearly better."},
    }
    return {**content, **changes}


def broken(place, variant, **changes):
    error = {"cell": 7, "line": 3, "cause": "KeyError: 'x'", "what": ""}
    notebooks = {
        "04_model_selection": {"status": "failed", "report": "04_model_selection.html", "error": error}
    }
    return run(
        place, variant, status="failed", notebooks=notebooks, **{"metrics": None, "verdict": None, **changes}
    )


def seeds(*values, **changes):
    return [run(place, {"seed": place}, value=value, **changes) for place, value in enumerate(values)]


def words(runs):
    return comparison(runs, combinations_of(runs)).words


def test_runs_of_one_call_that_vary_the_same_keys_are_a_grid():
    one, two = run(1, {"seed": 1}), run(2, {"seed": 2})
    other_call = run(3, {"seed": 3}, batch="later")
    other_keys = run(4, {"models": ["linear"]})
    plain, unknown_call = run(5, {}), run(6, {"seed": 4}, batch="")
    newest_first = [unknown_call, plain, other_keys, other_call, two, one]
    grids, others = parted(newest_first)
    assert grids == [[one, two]]
    assert others == [unknown_call, plain, other_keys, other_call]


def test_no_run_and_one_run_are_no_grid():
    assert parted([]) == ([], [])
    alone = run(1, {"seed": 1})
    assert parted([alone]) == ([], [alone])


def test_rows_stand_as_they_were_asked_for_and_numbers_sort_as_numbers_within_a_millisecond():
    asked = [run(1, {"seed": 3}), run(2, {"seed": 1}), run(3, {"seed": 2})]
    assert parted(asked[::-1])[0] == [asked]
    at_once = [run(1, {"seed": 2}), run(1, {"seed": 10}), run(1, {"seed": 10.5})]
    assert parted(at_once[::-1])[0] == [at_once]


def test_the_table_has_a_column_a_key_and_a_row_a_combination():
    runs = [
        run(0, {"seed": 1, "models": ["linear"]}, value=0.9),
        run(1, {"seed": 1, "models": ["xgboost", "linear"]}, value=0.95),
        broken(2, {"seed": 2, "models": ["linear"]}),
    ]
    table = grid_table(runs, newest=True)
    assert table.title == "Grid over seed and models: 3 combinations, 2026-11-25 16:00"
    assert table.keys == ("seed", "models")
    assert [row.given for row in table.rows] == [("1", "linear"), ("1", "xgboost, linear"), ("2", "linear")]
    assert [row.best for row in table.rows] == [False, True, False]
    assert table.rows[1].combination == "seed=1, models=xgboost, linear"
    best, lost = table.rows[1].run, table.rows[2].run
    assert (best.verdict, best.value, best.interval, best.baseline) == (
        "use it",
        "0.950",
        "between 0.920 and 0.980",
        "0.50",
    )
    assert (best.took, best.status, best.report) == ("41 s", "succeeded", "Summary")
    assert best.href == "trial/20261125-160001-000-seed%3Dx-models%3Dx/06_summary.html"
    assert (lost.verdict, lost.value, lost.status, lost.report) == ("–", "–", "failed", "Model selection")
    assert table.caption == (
        "Varied: seed (2 values) and models (2 values). 3 combinations: 2 succeeded and 1 failed. "
        "Best by ROC AUC, higher is better: seed=1, models=xgboost, linear "
        "(0.950, likely between 0.920 and 0.980). "
        "Both intervals overlap: this does not show that any of them is better than another. "
        "The best of 2 looks better than it is, the more so the more are compared: were all equally good, "
        "by up to about 0.009. Check it on rows that none of them has seen."
    )


def test_only_the_newest_grid_lies_open_and_only_if_it_is_short():
    assert grid_table(seeds(0.9, 0.8), newest=True).unfolded
    assert not grid_table(seeds(0.9, 0.8), newest=False).unfolded
    assert not grid_table(seeds(*[0.9] * 31), newest=True).unfolded


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 0.5, "a"], ["1", "0.5", "a"]),
        ([None, True, False, ""], ["null", "true", "false", "''"]),
        ([["linear"], ["linear", "xgboost"], []], ["linear", "linear, xgboost", "[]"]),
        ([{"folds": 5, "strategy": ["a", 1]}, {}], ["folds: 5, strategy: a, 1", "{}"]),
        (["1", 1, 1], ["1 (1)", "1 (2)", "1 (2)"]),
        (["x" * 99 + "a", "x" * 99 + "b"], [f"{'x' * 39}… (1)", f"{'x' * 39}… (2)"]),
        (["a\n\tb"], ["a b"]),
    ],
)
def test_values_are_short_texts_that_never_look_alike(values, expected):
    assert labels(values) == expected


def test_the_best_follows_the_direction_of_the_metric():
    errors = seeds(3.0, 2.0, half=0.1)
    for record in errors:
        record["metrics"] |= {"name": "mae", "label": "MAE", "higher_is_better": False}
    compared = comparison(errors, combinations_of(errors))
    assert compared.best == {1}
    assert compared.words.startswith(
        "Best by MAE, lower is better: seed=1 (2.00, likely between 1.90 and 2.10)."
    )


def test_equal_ones_share_the_first_place():
    runs = seeds(0.9, 0.8, 0.9)
    assert comparison(runs, combinations_of(runs)).best == {0, 2}
    assert "2 are equal (0.900, likely between 0.870 and 0.930), the first of them seed=0." in words(runs)


def test_it_is_said_how_many_intervals_overlap():
    assert "All 3 intervals overlap: this does not show" in words(seeds(0.90, 0.91, 0.92))
    assert "1 of the 2 other intervals overlaps with its own: it may be as good." in words(
        seeds(0.90, 0.91, 0.5)
    )
    assert "2 of the 3 other intervals overlap with its own: they may be as good." in words(
        seeds(0.90, 0.91, 0.92, 0.5)
    )
    assert "No other interval overlaps with its own." in words(seeds(0.9, 0.5))


def test_missing_intervals_are_said():
    some = [*seeds(0.9, 0.89), run(2, {"seed": 2}, value=0.5, half=None)]
    assert "1 of the other intervals overlaps with its own: it may be as good. 1 has no interval." in words(
        some
    )
    none = seeds(0.9, 0.89, half=None)
    assert words(none) == (
        "Best by ROC AUC, higher is better: seed=0 (0.900). "
        "Nobody can say how far chance moves it: it has no interval. "
        "The best of 2 looks better than it is, the more so the more are compared. "
        "Check it on rows that none of them has seen."
    )


def test_the_more_are_compared_the_more_the_best_is_flattered():
    # Half an interval of 0.03 is a standard error of 0.0153; the expected largest of 5 and 40 errors is
    # 1.18 and 2.16 of them.
    assert "by up to about 0.02." in words(seeds(*[0.9] * 5))
    assert "The best of 40" in words(seeds(*[0.9] * 40))
    assert "by up to about 0.03." in words(seeds(*[0.9] * 40))


def test_other_tables_and_other_rows_are_told():
    runs = seeds(0.9, 0.8)
    assert "differ, so they were not judged on the same rows" not in words(runs)
    runs[0]["data"] = {"fingerprint": "g"}
    assert (
        "Their tables differ, so they were not judged on the same rows: that moves the scores too."
        in words(runs)
    )
    runs[0]["metrics"] = {**runs[0]["metrics"], "baseline": {"value": 0.52}}
    assert "Their tables and baselines differ, so" in words(runs)


@pytest.mark.parametrize("key", ["name", "label", "higher_is_better", "measured_on"])
def test_what_was_not_judged_alike_is_not_compared(key):
    runs = seeds(0.9, 0.8)
    runs[0]["metrics"] = {**runs[0]["metrics"], key: None}
    compared = comparison(runs, combinations_of(runs))
    assert compared.best == frozenset()
    assert (
        compared.words
        == "They were not judged by one metric on one kind of rows, so none is called the best."
    )


def test_without_two_scores_or_a_direction_there_is_no_best():
    lost = [broken(0, {"seed": 0}), broken(1, {"seed": 1})]
    assert words(lost) == "None of them has a score, so there is nothing to compare."
    assert (
        words([lost[0], run(1, {"seed": 1})])
        == "Only one of them has a score, so there is nothing to compare."
    )
    runs = seeds(0.9, 0.8)
    for record in runs:
        record["metrics"] |= {"higher_is_better": None}
    assert words(runs) == "It is not recorded which way the metric is better, so none is called the best."


def test_a_combination_that_failed_is_never_the_best():
    runs = [*seeds(0.8, 0.7), run(2, {"seed": 2}, value=0.99, status="failed")]
    assert comparison(runs, combinations_of(runs)).best == {0}


def test_the_page_collates_the_grid_and_says_that_the_newest_run_is_one_of_it():
    earlier = run(0, {}, batch="", run="20261124-160000-000", started="2026-11-24T16:00:00+00:00")
    page = index_page([earlier, *seeds(0.9, 0.95)])
    assert (
        "Latest run: 2026-11-25 16:00, succeeded, took 41 s. It is one of 2 combinations of a grid: seed=1."
        in page
    )
    assert '<details class="nb-grid" open><summary>Grid over seed: 2 combinations, 2026-11-25 16:00' in page
    assert page.count('<tr class="nb-best">') == 1
    assert '<td>1</td><td>use it</td><td class="n"><small>best</small> 0.950</td>' in page
    assert "<summary>1 run outside of grids" in page
    assert page.count("<tr") == 5  # two heads, two combinations, one other run


def test_earlier_grids_are_folded_behind_the_newest():
    runs = [record for call in "abc" for record in seeds(0.9, 0.8, batch=call)]
    page = index_page(runs)
    assert "<summary>2 earlier grids" in page and page.count('class="nb-grid" open') == 1
    assert "outside of grids" not in page
    assert "<summary>1 earlier grid<" in index_page(runs[:4])


def test_a_grid_that_is_not_the_newest_says_nothing_of_the_latest_run():
    later = run(9, {}, batch="")
    (experiment,) = overview_of([*seeds(0.9, 0.8), later]).experiments
    assert experiment.when == "Latest run: 2026-11-25 16:00, succeeded, took 41 s."
    assert [grid.unfolded for grid in experiment.grids] == [False]


def test_failed_combinations_are_told_at_the_top_and_stay_in_the_table():
    page = index_page([broken(0, {"seed": 0}), *seeds(0.9, 0.8)[1:], run(2, {"seed": 2})])
    assert "1 experiment, 3 runs. The latest run or grid of 1 experiment did not succeed in full." in page
    assert "1 of 3 combinations of a grid did not succeed, 2026-11-25 16:00" in page
    assert "<p>seed=0: Model selection, cell 7, line 3: <code>KeyError: &#39;x&#39;</code>" in page
    assert "<td>0</td><td>–</td>" in page


def test_of_many_failed_combinations_the_first_are_told():
    failure = grid_failure_of("trial", [broken(place, {"seed": place}) for place in range(5)])
    assert failure.status == "5 of 5 combinations of a grid did not succeed"
    assert [problem.where for problem in failure.problems] == [
        "seed=0: Model selection, cell 7, line 3",
        "seed=1: Model selection, cell 7, line 3",
        "seed=2: Model selection, cell 7, line 3",
        "And 2 more combinations, in the table of the grid below.",
    ]
    assert failure.problems[-1] == Problem("", failure.problems[-1].where)
    assert grid_failure_of("trial", seeds(0.9, 0.8)) is None


def test_hostile_keys_and_values_stay_short_text():
    page = index_page([run(0, {HOSTILE: HOSTILE * 50}), run(1, {HOSTILE: [HOSTILE, {HOSTILE: None}]})])
    assert "<script" not in page
    assert "<td>&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&#34;&gt;&lt;script&gt;al…</td>" in page
    assert len(page) < len(index_page(seeds(0.9, 0.8))) + 3_000
    right_to_left = index_page([run(0, {"name": "مرحبا"}), run(1, {"name": "\ud800\u202e"})])
    assert "\u2068مرحبا\u2069" in right_to_left and "\u202e" not in right_to_left
    right_to_left.encode("utf-8")


@pytest.mark.parametrize("odd", [None, "odd", 7, [], {"x": {"y": 1}}, 10**400, float("nan")])
@pytest.mark.parametrize("key", sorted(run(0, {})))
def test_a_record_that_garbles_a_key_still_has_its_place(key, odd):
    runs = seeds(0.9, 0.8, 0.7)
    runs[1][key] = odd
    assert "<h1>All experiments</h1>" in index_page(runs)
    runs[1] = {**seeds(0.9, 0.8)[1], "variant": {"seed": odd}}
    assert "<h1>All experiments</h1>" in index_page(runs)
    runs[1]["metrics"] = {**runs[1]["metrics"], "chosen": {"value": odd, "low": odd, "high": odd}}
    assert "<h1>All experiments</h1>" in index_page(runs)
