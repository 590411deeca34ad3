"""The page of `nightbook compare` in Chromium: hostile texts do nothing, tables scroll and the page does not."""

import pytest

from helpers.comparing.results import Changed, Comparison, FindingChange, Named, PairedMetric
from helpers.results import Estimate
from helpers.runner.overview.compare_page import compare_page

pytestmark = pytest.mark.browser


@pytest.fixture
def page(tmp_path, hostile):
    """A comparison in which every text is hostile."""
    value = Estimate(value=0.9, low=0.87, high=0.93)
    difference = Estimate(value=0.01, low=-0.01, high=0.03)
    metric = PairedMetric(
        metric="roc_auc", first=value, second=value, difference=difference, margin=0.01, better=0.5, same=0.4,
        worse=0.1,
    )  # fmt: skip
    changed = [Changed(key=text, first=text, second=text) for text in hostile]
    findings = [
        FindingChange(change="gained", severity="warn", code="Q1", columns=list(hostile), message=text)
        for text in hostile
    ]
    named = Named(experiment=hostile[0], run=hostile[-1], started=hostile[1], status="succeeded")
    found = Comparison(
        first=named, second=named, parameters=changed, table=changed, surroundings=changed, findings=findings,
        rows=113, units=113, notes=list(hostile), metrics=[metric],
    )  # fmt: skip
    path = tmp_path / "compare.html"
    path.write_text(compare_page(found), encoding="utf-8")
    return path


@pytest.mark.parametrize("width", [1280, 360])
def test_the_page_never_scrolls_sideways_and_does_nothing(open_page, page, width):
    watched = open_page(page, width=width)
    assert watched.overflow() == 0
    assert watched.misdeeds() == []
