"""What ran last, what it changed, whether that is real, and the line over an experiment's runs."""

import pytest

from helpers.comparing.results import Changed, Comparison, Named, PairedMetric
from helpers.results import Estimate
from helpers.runner.overview.index_changes import last_runs
from helpers.runner.overview.index_page import index_page
from helpers.runner.overview.index_trend import trend_of

DONE = {"06_summary": {"status": "succeeded", "report": "06_summary.html"}}
HOSTILE = "<img src=x onerror=alert(1)>{{ 7*7 }}\u202e" + "z" * 5_000


def metrics(value):
    return {
        "name": "roc_auc", "label": "ROC AUC", "higher_is_better": True, "measured_on": "holdout",
        "chosen": {"value": value, "low": value - 0.03, "high": value + 0.03}, "baseline": {"value": 0.5},
    }  # fmt: skip


def run(experiment, started, *, value=0.9, compared=None, **changes):
    content = {
        "experiment": experiment, "run": f"{started:%Y%m%d-%H%M%S}-000" if not isinstance(started, str) else started,
        "started": started, "status": "succeeded", "question": "Why?", "notebooks": DONE,
        "metrics": metrics(value), "comparison": compared,
    }  # fmt: skip
    return {**content, **changes}


def compared(low, value, high, **changes):
    def estimate(middle, reach=0.03):
        return Estimate(value=middle, low=middle - reach, high=middle + reach)

    metric = PairedMetric(
        metric="roc_auc", first=estimate(0.9), second=estimate(0.9 + value),
        difference=Estimate(value=value, low=low, high=high), margin=0.01, better=0.5, same=0.3, worse=0.2,
    )  # fmt: skip
    before = Named(experiment="x", run="before", started="2026-11-20T22:10:00+00:00")
    found = Comparison(
        first=before, second=before, parameters=[], table=[], surroundings=[], findings=[], rows=400, units=400,
        metrics=[metric],
    )  # fmt: skip
    return found.model_copy(update=changes).model_dump(mode="json")


def test_what_ran_last_is_what_began_within_twelve_hours():
    reused = {"06_summary": {"status": "succeeded", "reused": True}}
    found = last_runs({
        "churn": [run("churn", "2026-11-21T06:00:00+00:00"), run("churn", "2026-11-20T17:59:00+00:00")],
        "sales": [
            run("sales", "2026-11-20T18:00:00+00:00", status="failed"),
            run("sales", "2026-11-20T18:30:00+00:00", notebooks=reused),
        ],
        "old": [run("old", "no time")],
    })  # fmt: skip
    assert found is not None and found.words == (
        "Since 2026-11-20 18:00: 3 runs of 2 experiments, 2 succeeded and 1 failed. "
        "1 of them computed nothing: all was reused from earlier runs."
    )
    assert found.rule == (
        "A page cannot know when you looked last: what began in the 12 hours before the newest run counts as new."
    )
    assert last_runs({}) is None and last_runs({"old": [run("old", "no time")]}) is None


def test_real_changes_come_first_and_what_cannot_be_compared_says_why():
    now = "2026-11-21T06:00:00+00:00"
    asked = [Changed(key="seed", first="0", second="1")]
    found = last_runs({
        "chance": [run("chance", now, compared=compared(-0.01, 0.01, 0.03))],
        "better": [run("better", now, compared=compared(0.01, 0.02, 0.03, parameters=asked))],
        "worse": [run("worse", now, compared=compared(-0.03, -0.02, -0.01, table=[Changed(key="rows", first="1", second="2")]))],
        "apart": [run("apart", now, compared=compared(0, 0, 0, why_not="they read different tables"))],
        "first": [run("first", now)],
        "damaged": [run("damaged", now, compared={"no": "comparison"}), run("damaged", "2026-11-01T00:00:00+00:00")],
    })  # fmt: skip
    assert found is not None
    assert [(row.experiment, row.says, row.asked) for row in found.changes] == [
        ("worse", "Worse", "the table (rows)"),
        ("better", "Better", "seed"),
        ("chance", "May be chance", "nothing in the parameters or the table"),
    ]
    row = found.changes[1]
    assert (row.difference, row.now, row.before) == (
        "+0.020 (0.010 to 0.030)",
        "0.920 (0.890 to 0.950)",
        "0.900 (0.870 to 0.930)",
    )
    assert (row.metric, row.rows, row.against) == (
        "ROC AUC, higher is better",
        "400 rows",
        "2026-11-20 22:10",
    )
    assert found.remarks == (
        "apart cannot be compared with its run of 2026-11-20 22:10: they read different tables.",
        "Succeeded for the first time, with nothing to compare: first.",
    )
    assert "What changed" in index_page([run("better", now, compared=compared(0.01, 0.02, 0.03))])


def test_hostile_names_stay_texts():
    asked = [Changed(key=HOSTILE, first=HOSTILE, second=HOSTILE)]
    now = "2026-11-21T06:00:00+00:00"
    page = index_page([
        run(HOSTILE, now, compared=compared(0.01, 0.02, 0.03, parameters=asked), status="succeeded"),
        run("other", now, compared=compared(0, 0, 0, why_not=HOSTILE)),
        run("failed", now, status=HOSTILE, metrics={**metrics(0.9), "label": HOSTILE}),
    ])  # fmt: skip
    assert "<img" not in page and "{{" in page and len(page) < 90_000


def test_the_line_over_the_runs_says_the_same_in_words():
    days = [run("churn", f"2026-11-{20 + day}", value=value) for day, value in enumerate((0.8, 0.9, 0.85))]
    other = run("churn", "2026-11-24", metrics={**metrics(0.1), "measured_on": "cross-validation"})
    varied = run("churn", "2026-11-24", variant={"seed": 3})
    reused = run("churn", "2026-11-24", notebooks={"06_summary": {"reused": True}})
    found = trend_of([other, varied, reused, *reversed(days)], days[-1])
    assert found is not None
    assert found.words == (
        "ROC AUC over 3 runs, from old to new: 0.800, 0.900, 0.850; lowest 0.800, highest 0.900."
    )
    assert (found.points, found.x, found.y) == ("5.0,31.0 80.0,5.0 155.0,18.0", 155.0, 18.0)
    many = trend_of([run("churn", "x", value=0.5)] * 40, run("churn", "x"))
    assert many is not None and many.words.startswith(
        "ROC AUC over 30 runs, the last 8 from old to new: 0.500,"
    )
    assert trend_of(days[:1], days[0]) is None


@pytest.mark.parametrize("value", [None, "x", float("inf")])
def test_a_line_leaves_out_what_is_no_number(value):
    broken = run("churn", "x", metrics={**metrics(0.9), "chosen": {"value": value}})
    assert trend_of([broken, run("churn", "x"), broken], run("churn", "x")) is None
