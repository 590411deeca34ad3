"""The page over all runs in Chromium: wide grids and hostile values scroll in their tables, not the page."""

import pytest

from helpers.runner.overview.index_page import index_page

pytestmark = pytest.mark.browser


def run(place, experiment, *, status="succeeded", **changes):
    estimate = {"value": 0.9, "low": 0.87, "high": 0.93}
    return {
        "experiment": experiment,
        "run": f"20261125-16{place // 60:02d}{place % 60:02d}-000",
        "status": status,
        "started": f"2026-11-25T16:{place // 60:02d}:{place % 60:02d}+00:00",
        "seconds": 41.2,
        "question": "Does it work?",
        "notebooks": {"06_summary": {"status": status, "report": "06_summary.html"}},
        "metrics": {
            "name": "roc_auc",
            "higher_is_better": True,
            "chosen": estimate,
            "baseline": {"value": 0.5},
        },
        "verdict": {"word": "use it", "reason": "It is clearly better."},
        **changes,
    }


@pytest.fixture
def page(tmp_path, hostile):
    """A page with many experiments, one of them a grid over hostile keys and values."""
    runs = [
        run(place % 60, f"experiment {place:03d}", status="failed" if place % 2 else "succeeded")
        for place in range(60)
    ]
    for place, value in enumerate(hostile):
        variant = dict.fromkeys(hostile, value)
        runs.append(run(1000 + place, "hostile", variant={**variant, "place": place}, batch="call"))
        runs.append(run(1020 + place, value, question=value))
    path = tmp_path / "index.html"
    path.write_text(index_page(runs), encoding="utf-8")
    return path


@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_never_scrolls_sideways_and_does_nothing(open_page, page, width):
    watched = open_page(page, width=width)
    assert watched.overflow() == 0
    watched.page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    assert watched.overflow() == 0
    assert watched.misdeeds() == []


def test_a_folded_experiment_opens_without_a_script(open_page, page):
    watched = open_page(page)
    folded = watched.page.locator("details.nb-brief").first
    assert not folded.locator("p.nb-when").is_visible()
    folded.locator("summary").first.click()
    assert folded.locator("p.nb-when").is_visible()
