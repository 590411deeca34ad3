"""Reports and the page over all runs, opened in a real browser."""

import io
from itertools import pairwise

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from PIL import Image

import helpers.display as display
from helpers.findings import Finding, Severity
from helpers.runner.overview.index_page import index_page
from helpers.runner.reporting.render import ReportContext, render_report
from helpers.runner.reporting.report_parameters import shown_parameters

pytestmark = pytest.mark.browser

WIDTHS = (360, 1280, 3840)
PLANTED = "<script>document.title='run'</script><img src=x onerror=alert(1)><iframe src='https://example.invalid'></iframe>"


def cell(source, outputs=(), **metadata):
    return new_code_cell(source, outputs=list(outputs), metadata=metadata)


def hostile_outputs(hostile):
    """Show everything that `helpers.display` can show, with hostile names and values."""
    frame = pd.DataFrame({name: list(hostile) for name in hostile} | {"n": range(len(hostile))})
    display.show_table(frame, caption=hostile[0] + hostile[-1], anchor="table")
    findings = [
        Finding("Q1", "x", severity, text, text, text, (text, text), ({text: text, "n": 1},))
        for severity, text in zip([*Severity, *Severity], hostile, strict=False)
    ]
    display.show_findings(findings, caption=hostile[1], anchor="findings")
    for text in hostile:
        display.say(text)
    figure, axes = plt.subplots(figsize=(7.2, 4))
    axes.plot([1, 2], [3, 4])
    display.show_figure(
        figure, alt=hostile[0] + hostile[-1], caption=hostile[1] + hostile[-1], anchor=hostile[1]
    )


def parameters(hostile):
    """The foot's list of parameters, with hostile values under hostile names."""
    values = {"data": list(hostile), "target": hostile[-1], "columns": {text: text for text in hostile}}
    return shown_parameters({**values, "seed": 0})


@pytest.fixture
def write_report(tmp_path, displayed, save_notebook, hostile):
    """Write a report of hostile names and values, and of what foreign libraries leave in a notebook."""
    foreign = [
        new_output("stream", name="stdout", text="\n".join(hostile)),
        new_output("stream", name="stderr", text=hostile[0]),
        new_output("display_data", data={"text/html": PLANTED + "<table><tr><td>x</td></tr></table>"}),
        new_output("display_data", data={"application/javascript": "alert(1)"}),
        new_output(
            "display_data", data={"image/svg+xml": f"<svg xmlns='http://www.w3.org/2000/svg'>{PLANTED}</svg>"}
        ),
        new_output("display_data", data={"text/markdown": "\n\n".join(hostile)}),
        new_output("display_data", data={"text/latex": hostile[0], "text/plain": hostile[1]}),
        new_output("error", ename="KeyError", evalue=hostile[1], traceback=list(hostile)),
    ]
    notebook = save_notebook(
        new_markdown_cell(f"# Title {hostile[0]}\n\n{PLANTED}\n\n## {hostile[1]}\n#### Deep {hostile[-1]}"),
        cell("seed = 1", tags=["parameters"]),
        cell("\n".join(f"{text!r}" for text in hostile), displayed(lambda: hostile_outputs(hostile))),
        cell("foreign()", foreign),
    )
    evil = "".join(hostile)
    pairs = ((hostile[0], evil), ("Seed", "7"))

    def written(audience):
        out = tmp_path / f"{audience}.html"
        context = ReportContext(
            evil, hostile[0], hostile[1], evil, audience, pairs, pairs, evil, parameters(hostile)
        )
        render_report(notebook, out, context=context)
        return out

    return written


@pytest.fixture
def index(tmp_path, hostile):
    """The page over runs whose every text is hostile."""
    evil = "".join(hostile)
    outcome = {
        "status": "failed",
        "report": evil,
        "error": {"cell": 1, "line": 2, "cause": evil, "what": evil},
    }
    run = {
        "experiment": hostile[-1],
        "run": hostile[0],
        "status": "failed",
        "started": "2026-11-20T06:12:00+00:00",
        "seconds": 41.2,
        "question": evil,
        "notebooks": {evil: outcome, "06_summary": outcome},
        "metrics": {
            "label": evil,
            "chosen": {"value": 0.9, "low": 0.8, "high": 1.0},
            "baseline": {"value": 0.5},
        },
        "verdict": {"word": evil, "reason": evil},
    }
    out = tmp_path / "index.html"
    out.write_text(
        index_page([run, {**run, "experiment": hostile[0], "status": "succeeded"}, run]), encoding="utf-8"
    )
    return out


@pytest.fixture(params=["engineers", "everyone"])
def report(request, write_report):
    return write_report(request.param)


@pytest.fixture(params=["engineers", "everyone", "index"])
def any_page(request, write_report, index):
    return index if request.param == "index" else write_report(request.param)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_of_hostile_texts_runs_nothing_fetches_nothing_and_keeps_its_width(
    any_page, open_page, scheme
):
    for width in WIDTHS:
        watched = open_page(any_page, width=width, scheme=scheme)
        assert watched.misdeeds() == []
        assert watched.overflow() <= 0
        assert watched.page.title() != "run"


def test_no_script_no_handler_and_sound_structure(any_page, open_page):
    page = open_page(any_page).page
    assert page.locator("script, iframe, object, embed, form, base, link:not([rel=icon])").count() == 0
    assert page.evaluate(
        "[...document.querySelectorAll('*')].flatMap(e => [...e.attributes]).map(a => a.name)"
        ".filter(name => name.startsWith('on') || name === 'srcdoc')"
    ) == []  # fmt: skip
    assert page.locator("h1").count() == 1
    assert page.locator("main").count() == 1
    assert page.locator("img:not([alt]), img[alt='']").count() == 0
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(e => +e.tagName[1])")
    assert levels[0] == 1
    assert all(later <= before + 1 for before, later in pairwise(levels))
    identities = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(identities) == len(set(identities))
    broken = page.evaluate(
        "[...document.querySelectorAll('a[href^=\"#\"]')].map(a => decodeURIComponent(a.hash.slice(1)))"
        ".filter(id => !document.getElementById(id))"
    )
    assert broken == []


def test_hostile_texts_are_shown_as_they_are(report, open_page, hostile):
    page = open_page(report).page
    said = page.locator(".nb-say").all_inner_texts()
    assert said[0] == hostile[0] and said[1] == hostile[1]
    assert said[3] == hostile[3]
    assert len(said[-1]) == len(hostile[-1])


def test_every_folded_part_opens_by_keyboard(any_page, open_page):
    page = open_page(any_page).page
    parts = page.locator("details:not(details details)")
    assert parts.count() > 0
    for number in range(parts.count()):
        part = parts.nth(number)
        before = part.evaluate("e => e.open")
        part.locator("> summary").focus()
        page.keyboard.press("Enter")
        assert part.evaluate("e => e.open") is not before
        assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_what_scrolls_sideways_is_a_table_or_text_and_the_keyboard_reaches_it(report, open_page):
    page = open_page(report, width=360).page
    page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true })")
    scrolling = page.evaluate(
        "[...document.querySelectorAll('body *')].filter(e => e.scrollWidth > e.clientWidth + 1"
        " && ['auto', 'scroll'].includes(getComputedStyle(e).overflowX))"
        ".map(e => [e.tagName === 'PRE' || e.classList.contains('nb-table'), e.tabIndex])"
    )
    assert scrolling and all(known and index == 0 for known, index in scrolling)
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def test_the_dark_scheme_is_dark_and_figures_stand_on_a_dimmed_sheet(report, open_page):
    page = open_page(report, scheme="dark").page
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(19, 26, 34)"
    sheet = page.locator(".nb-paper").first
    with Image.open(io.BytesIO(sheet.screenshot())) as picture:
        middle = picture.convert("RGB").getpixel((picture.width // 2, 4))
    assert len(set(middle)) == 1 and 210 <= middle[0] <= 235


def test_axe_finds_nothing_and_tab_reaches_every_folded_part(any_page, open_page, axe_violations):
    page = open_page(any_page, width=360).page
    folded = page.evaluate("document.querySelectorAll('summary').length")
    assert axe_violations(page) == []  # which unfolds all
    page.evaluate("document.activeElement.blur()")
    reached = set()
    for _ in range(page.evaluate("document.querySelectorAll('a, summary, [tabindex]').length") + 1):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                "document.activeElement.tagName === 'SUMMARY'"
                " ? [...document.querySelectorAll('summary')].indexOf(document.activeElement) : -1"
            )
        )
    assert reached - {-1} == set(range(folded))


def test_focus_is_visible(any_page, open_page):
    page = open_page(any_page).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "nb-skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_on_paper_there_is_no_code_and_nothing_is_cut(report, open_page, paper):
    assert paper(open_page(report).page) == []
