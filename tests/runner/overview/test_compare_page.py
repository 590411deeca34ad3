"""The page and the terminal's lines of a comparison: hostile texts stay texts."""

import pytest

from helpers.comparing.results import Changed, Comparison, FindingChange, Named, PairedMetric
from helpers.results import Estimate
from helpers.runner.commands.compare import lines_of
from helpers.runner.overview.compare_page import compare_page, file_name

HOSTILE = "<script>alert('x')</script>]]>{{ 7*7 }}\n\u202eabc" + "y" * 10_000


def estimate(value, low, high):
    return Estimate(value=value, low=low, high=high)


@pytest.fixture
def found():
    metric = PairedMetric(
        metric="roc_auc", first=estimate(0.84, 0.81, 0.87), second=estimate(0.86, 0.83, 0.89),
        difference=estimate(0.02, 0.005, 0.035), margin=0.01, better=0.9, same=0.0996, worse=0.0004,
    )  # fmt: skip
    return Comparison(
        first=Named(experiment="churn", run="20260101-000000-000", started="2026-01-01T00:00:00+00:00", status="succeeded"),
        second=Named(experiment="churn", run="20260102-000000-000", status="failed"),
        parameters=[Changed(key="seed", first="0", second="1")], table=[], surroundings=[], findings=[],
        rows=100, units=40, metrics=[metric],
    )  # fmt: skip


def test_lines_of_a_comparison(found):
    assert lines_of(found) == [
        "First:   churn/20260101-000000-000 (succeeded)",
        "Second:  churn/20260102-000000-000 (failed)",
        "",
        "By ROC AUC the second run is better by 0.020 (likely between 0.005 and 0.035), on the 100 holdout rows that "
        "both were judged on. Probability of better 90 %, of practically the same 10 %, of worse under 1 %; a "
        "difference of at most 0.010 counts as practically the same.",
        "Both are judged on the same 100 holdout rows of 40 groups; whole groups are drawn.",
        "",
        "metric                    first                  second  difference, more is better  P(better)  P(same)   P(worse)  says",
        "ROC AUC  0.840 (0.810 to 0.870)  0.860 (0.830 to 0.890)     +0.020 (0.005 to 0.035)       90 %     10 %  under 1 %  Better",
        "",
        "Parameters:",
        "  seed: 0 → 1",
        "Table: the same",
        "Surroundings: the same model, versions and state of the repository",
        "Findings: the same",
    ]  # fmt: skip


def test_the_page_shows_verdict_metrics_and_drawing(found):
    page = compare_page(found, hrefs=("../churn/a/06_summary.html", ""))
    for said in (
        "By ROC AUC the second run is better by 0.020",
        '<a href="../churn/a/06_summary.html">churn/20260101-000000-000</a>',
        "2026-01-01 00:00, succeeded",
        '<td class="n">+0.020 (0.005 to 0.035)</td><td><span class="nb-badge nb-pass">Better</span></td><td class="n">90 %</td><td class="n">10 %</td>',
        'aria-label="Difference in ROC AUC, more is better: +0.020 (0.005 to 0.035); no difference is 0."',
        "Both read the same table.",
    ):
        assert said in page
    assert page.count("<h1") == 1


def test_without_a_pair_the_page_gives_no_difference(found):
    page = compare_page(found.model_copy(update={"why_not": "they read different tables"}))
    assert "The metrics cannot be compared: they read different tables." in page
    assert "P(better)" not in page and "Difference" not in page


def test_hostile_texts_stay_texts_and_short(found):
    finding = FindingChange(change="gained", severity="stop", code="Q1", columns=[HOSTILE], message=HOSTILE)
    changed = Changed(key=HOSTILE, first=HOSTILE, second=HOSTILE)
    named = Named(experiment=HOSTILE, run="../../etc")
    hostile = found.model_copy(
        update={"first": named, "findings": [finding], "parameters": [changed], "surroundings": [changed], "table": [changed]}
    )  # fmt: skip
    page = compare_page(hostile)
    assert "<script" not in page and "{{" in page and "49" not in page and len(page) < 60_000
    assert all(len(line) < 500 and "\n" not in line for line in lines_of(hostile))
    assert file_name(hostile).count("/") == 0 and len(file_name(hostile)) < 220
    assert file_name(found) == "churn_20260101-000000-000--churn_20260102-000000-000.html"
