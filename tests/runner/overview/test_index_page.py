import re

import pytest

from helpers.runner.overview.index_page import index_page, overview_of
from helpers.runner.overview.index_parts import duration, moment, report_href, run_row, score_of, verdict_of
from helpers.runner.reporting.report_label import report_label

NOTEBOOKS = ("01_data_quality", "02_exploration", "06_summary")
ESTIMATE = {"value": 0.96, "low": 0.93, "high": 0.99}
BASELINE = {"value": 0.63, "low": 0.6, "high": 0.66}


def record(experiment="trial", run="20261120-061200-000", **changes):
    content = {
        "format": 1,
        "experiment": experiment,
        "run": run,
        "status": "succeeded",
        "started": "2026-11-20T06:12:00.123+00:00",
        "seconds": 41.2,
        "question": "Does it work?",
        "notebooks": {
            name: {"status": "succeeded", "report": f"{name}.html", "error": None} for name in NOTEBOOKS
        },
        "metrics": {"label": "ROC AUC", "higher_is_better": True, "chosen": ESTIMATE, "baseline": BASELINE},
        "verdict": {"word": "use it", "rule": "clear", "reason": "It is clearly better."},
    }
    return {**content, **changes}


def failed(**changes):
    error = {"cell": 7, "line": 3, "cause": "KeyError: 'x'", "what": "The table lacks it."}
    outcomes = {
        "01_data_quality": {"status": "succeeded", "report": "01_data_quality.html", "error": None},
        "02_exploration": {"status": "failed", "report": "02_exploration.html", "error": error},
        "06_summary": {"status": "not run", "report": "06_summary.html", "error": None},
    }
    return record(status="failed", notebooks=outcomes, metrics=None, verdict=None, **changes)


def test_without_runs_the_page_says_how_to_start():
    page = index_page([])
    assert "No experiment has run yet." in page and "nightbook run params/*.yaml" in page
    assert page.count("<h1") == 1


def test_one_run_shows_question_verdict_metric_and_links():
    page = index_page([record()])
    for text in (
        "1 experiment, 1 run. The latest run of it succeeded.",
        "Does it work?",
        '<span class="nb-badge nb-pass">use it</span> It is clearly better.',
        "<b>0.960</b> likely between 0.930 and 0.990",
        "ROC AUC, higher is better; the baseline reaches 0.630",
        "Latest run: 2026-11-20 06:12, succeeded, took 41 s.",
        '<a href="trial/20261120-061200-000/06_summary.html">Summary</a>',
    ):
        assert text in page
    assert "What failed" not in page and "<details" not in page


def test_failures_come_first_with_their_cause_and_a_link_to_the_cell():
    earlier = record(run="20261119-061200-000", started="2026-11-19T06:12:00+00:00")
    page = index_page([earlier, failed(), record("other")])
    assert "2 experiments, 3 runs. The latest run of 1 experiment did not succeed." in page
    assert page.index("What failed") < page.index("What the other experiments say")
    # The experiment that failed is there once: what it says stands under what broke it.
    assert page.count("<h3>trial</h3>") == 1 and page.index("use it") < page.index("What the other")
    assert (
        "<p>Exploration, cell 7, line 3: <code>KeyError: &#39;x&#39;</code> The table lacks it. "
        '<a href="trial/20261120-061200-000/02_exploration.html#error">See the cell'
    ) in page
    assert (
        "Latest run: 2026-11-20 06:12, failed, took 41 s. The verdict above is from 2026-11-19 06:12." in page
    )
    assert "<summary>Both runs" in page


def test_a_failure_that_a_later_run_mended_is_not_listed():
    assert overview_of([failed(), record(run="20261121-061200-000")]).failures == ()


@pytest.mark.parametrize("key", sorted(record()))
@pytest.mark.parametrize("value", [None, "odd", 7, [], {"x": {"y": 1}}])
def test_a_record_that_lacks_or_garbles_a_key_still_has_its_place(key, value):
    assert "<h1>All experiments</h1>" in index_page([record(**{key: value}), record("other")])
    without = {name: content for name, content in record().items() if name != key}
    assert "<h1>All experiments</h1>" in index_page([without])


def test_runs_that_left_hardly_anything_say_what_is_known():
    cut = {"experiment": "a", "run": "20261120-050000-000", "status": "cut off"}
    unreadable = {
        "experiment": "b",
        "run": "20261120-040000-000",
        "status": "unreadable",
        "unreadable": "not JSON <x>",
    }
    page = index_page([cut, unreadable])
    assert "It ended before it could write down why." in page
    assert "Its record cannot be read: <code>not JSON &lt;x&gt;</code>" in page


def test_a_run_that_was_cut_off_names_the_notebook_that_was_running():
    running = {
        "01_data_quality": {"status": "succeeded", "report": "01_data_quality.html"},
        "02_exploration": {"status": "running", "report": "02_exploration.html"},
        "06_summary": {"status": "waiting", "report": "06_summary.html"},
    }
    (failure,) = overview_of([record(status="cut off", notebooks=running)]).failures
    said = "Exploration was running when the run was cut off."
    assert [(problem.where, problem.href) for problem in failure.failure.problems] == [(said, "")]


def test_a_notebook_that_was_cut_off_has_a_report_that_says_so():
    outcome = {"status": "cut off", "report": "02_exploration.html", "error": None}
    (failure,) = overview_of([record(status="cut off", notebooks={"02_exploration": outcome})]).failures
    (problem,) = failure.failure.problems
    assert problem.where == "Exploration was running when the run was cut off."
    assert problem.href == "trial/20261120-061200-000/02_exploration.html#error"
    outcome["error"] = {"cell": 7, "line": None, "cause": "Its runner was killed."}
    (failure,) = overview_of([record(status="cut off", notebooks={"02_exploration": outcome})]).failures
    assert (failure.failure.problems[0].where, failure.failure.problems[0].cause) == (
        "Exploration, cell 7",
        "Its runner was killed.",
    )


def test_it_is_said_where_nothing_was_computed():
    reused = {"status": "succeeded", "report": "06_summary.html", "reused": True}
    all_of_it = record(notebooks=dict.fromkeys(NOTEBOOKS, reused), seconds=0.4)
    said = "All its notebooks were reused from earlier runs: nothing was computed."
    page = index_page([all_of_it, record(run="20261119-061200-000")])
    assert f"Latest run: 2026-11-20 06:12, succeeded, took under 1 s. {said}" in page
    assert "<td>succeeded, reused</td>" in page and page.count("reused") == 3
    part_of_it = record(notebooks={**all_of_it["notebooks"], "mine": {**reused, "reused": False}})
    assert run_row(part_of_it).status == "succeeded"
    assert run_row(record(notebooks={})).status == "succeeded"


def test_beyond_the_newest_experiments_each_is_a_line_that_opens():
    runs = [record(f"experiment {n:02d}", f"20261120-061200-{n:03d}") for n in range(14)]
    runs[0] = {**failed(experiment="experiment 00"), "run": "20261120-061200-000"}
    page = index_page(runs)
    assert page.count('<article class="nb-run">') == 12 and page.count("nb-run nb-brief") == 1
    assert (
        '<summary><h3>experiment 01</h3> <span class="nb-badge nb-pass">use it</span> <span>0.960</span> '
        "<span>2026-11-20 06:12</span></summary>"
    ) in page
    assert page.count("<h3>experiment 00</h3>") == 1  # it failed: it stands at the top
    assert "Experiments that ran earlier" not in index_page(runs[:12])


def test_beyond_the_first_failures_they_are_folded():
    page = index_page([failed(experiment=f"experiment {n:02d}") for n in range(14)])
    assert page.count("nb-run nb-broken") == 14
    assert page.count('<details class="nb-more"><summary>2 more</summary>') == 1


def test_a_thousand_experiments_stay_under_three_megabytes():
    said = {"word": "promising, not yet", "reason": "r" * 500}
    changes = {"question": "q" * 500, "status": "failed", "verdict": said}
    page = index_page([record(f"{n:04d}{'e' * 76}", **changes) for n in range(1000)])
    assert len(page.encode()) < 3_000_000


def test_everything_is_escaped_and_links_are_quoted():
    evil = '"><script>alert(1)</script>'
    run = record(
        evil,
        evil,
        status=evil,
        started=evil,
        question=evil,
        verdict={"word": evil, "reason": evil},
        metrics={"label": evil, "chosen": ESTIMATE, "baseline": BASELINE},
        notebooks={
            evil: {"status": "failed", "report": "a/../b?.html", "error": {"cause": evil, "what": evil}}
        },
    )
    page = index_page([{**run, "status": "failed"}, run])
    assert "<script" not in page
    quoted = "%22%3E%3Cscript%3Ealert%281%29%3C%2Fscript%3E"
    assert f'href="{quoted}/{quoted}/a%2F..%2Fb%3F.html#error"' in page


def test_a_lone_surrogate_can_be_written():
    index_page([record(question="\ud800")]).encode("utf-8")


def test_a_thousand_runs_stay_a_light_page():
    runs = [record(f"experiment {n % 20}", f"20261120-061200-{n:03d}") for n in range(1000)]
    page = index_page(runs)
    assert len(page) < 500_000
    assert page.count("<tr>") == 1020
    assert "20 experiments, 1,000 runs. The latest run of each succeeded." in page


def test_ids_are_unique():
    identities = re.findall(r' id="([^"]*)"', index_page([failed(), record("other")]))
    assert len(identities) == len(set(identities))


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (None, ""),
        ("x", ""),
        (0.2, "under 1 s"),
        (41.2, "41 s"),
        (200, "3 min 20 s"),
        (180, "3 min"),
        (4000, "1 h 07 min"),
    ],
)
def test_durations_are_said_in_words(seconds, expected):
    assert duration(seconds) == expected


def test_moments_are_in_utc_and_fall_back_to_the_run_s_name():
    assert moment({"started": "2026-11-20T01:30:00+02:00"}) == "2026-11-19 23:30"
    assert moment({"started": "garbled"}) == "garbled"
    assert moment({"run": "20261120-050000-000"}) == "20261120-050000-000"


def test_reports_that_are_not_written_yet_are_not_linked():
    running = record(notebooks={"06_summary": {"status": "waiting", "report": "06_summary.html"}})
    assert report_href(running, "06_summary") == ""
    assert run_row(running).href == ""


def test_verdict_and_score_are_absent_where_nothing_was_evaluated():
    assert verdict_of(record(verdict=None)) is None
    assert score_of(record(metrics=None)) is None
    assert score_of(record(metrics={"chosen": {"value": float("nan")}})) is None


def test_the_drawing_says_in_words_what_it_shows_and_spans_its_scale():
    strip = score_of(record()).strip
    assert strip.words == "The model 0.960, likely between 0.930 and 0.990; the baseline 0.630."
    assert (strip.left, strip.right, strip.better) == ("0.600", "0.990", "higher is better →")
    assert (strip.base_low, strip.high) == (80.0, 300.0)
    assert strip.base_low < strip.base < strip.base_high < strip.low < strip.value < strip.high
    assert score_of(record(metrics={"chosen": {"value": 1.0}, "baseline": {"value": 1.0}})).strip is None
    assert score_of(record(metrics={"chosen": {"value": 1.0}, "baseline": None})).strip is None


def test_an_error_has_the_target_s_unit_and_its_direction():
    run = record(
        params={"target": "cost", "columns": {"cost": {"unit": "€"}}},
        metrics={
            "name": "mae",
            "label": "MAE",
            "higher_is_better": False,
            "chosen": {"value": 41.27, "low": 35.2, "high": 48.9},
            "baseline": {"value": 80.0, "low": 70.0, "high": 90.0},
        },
    )
    score = score_of(run)
    assert (score.value, score.interval) == (
        "41\N{NO-BREAK SPACE}€",
        "likely between 35 and 49\N{NO-BREAK SPACE}€",
    )
    assert (score.label, score.baseline) == ("MAE, lower is better", "80\N{NO-BREAK SPACE}€")
    assert (score.strip.left, score.strip.right, score.strip.better) == ("35.2", "90", "← lower is better")
    assert run_row(run).interval == "between 35 and 49\N{NO-BREAK SPACE}€"
    share = {**run, "metrics": {**run["metrics"], "name": "r2"}}
    assert score_of(share).value == "41"


def test_promising_looks_like_a_warning():
    assert verdict_of(record(verdict={"word": "promising, not yet", "reason": "r"})).look == "nb-warn"


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("02_exploration", "Exploration"),
        ("04_model_selection", "Model selection"),
        ("mine", "Mine"),
        ("01_", "01 "),
    ],
)
def test_notebooks_are_called_as_people_say(name, label):
    assert report_label(name) == label.strip() or report_label(name) == name


def test_a_score_that_is_not_of_the_holdout_says_of_what_it_is():
    measured = {"label": "ROC AUC", "higher_is_better": True, "chosen": ESTIMATE, "baseline": BASELINE}
    on_holdout = run_row(record(metrics={**measured, "measured_on": "holdout"}))
    in_folds = run_row(record(metrics={**measured, "measured_on": "cross-validation"}))
    assert on_holdout.interval == "between 0.930 and 0.990"
    assert in_folds.interval == "between 0.930 and 0.990, cross-validation"
