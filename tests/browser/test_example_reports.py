"""The reports of the examples and of a hostile table in a real browser, on phone, desk and paper.

Each report is loaded once, and everything is asked of that page.
"""

import csv
import html
import random
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest
import yaml

from command import nightbook
from helpers.notebook_files import all_notebooks

pytestmark = [pytest.mark.browser, pytest.mark.whole_run]

EXAMPLES = ["breast_cancer", "diabetes", "wine"]
PHONE, DESK = 360, 1280
SMALLEST_LETTERING = 12  # px; what a phone shows without zooming
SUMMARY_BYTES, REPORT_BYTES = 1_000_000, 3_000_000
SUMMARY_PAGES = 2
NAME_CHARACTERS = 2_000


@pytest.fixture(scope="module")
def hostile_reports(tmp_path_factory, hostile):
    """The reports of a run over a table whose every name and value breaks pages."""
    folder = tmp_path_factory.mktemp("hostile")
    table = folder / '<b>&"table".csv'
    chance = random.Random(0)
    names = [text[:NAME_CHARACTERS] for text in hostile]
    with table.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow([*names, "n {{1}}", "out $x$ <i>"])
        for place in range(160):
            shift = place % 2
            values = [
                chance.choice(hostile) if at % 2 else chance.gauss(shift, 1) for at in range(len(names))
            ]
            rows.writerow([*values, chance.gauss(2 * shift, 1), hostile[0] if shift else hostile[4]])
    params = {
        "experiment": "hostile",
        "question": "".join(hostile)[:400],
        "data": str(table),
        "target": "out $x$ <i>",
        "models": ["linear"],
        "budget": {"trials": 3},
        "columns": {names[0]: {"label": "".join(hostile[1:3])[:120], "unit": "<s>"}},
    }
    (folder / "hostile.yaml").write_text(yaml.safe_dump(params, allow_unicode=True), encoding="utf-8")
    done = nightbook("run", str(folder / "hostile.yaml"), reports=folder / "reports")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "reports"


@pytest.fixture(params=[*EXAMPLES, "hostile"])
def run(request, examples):
    reports = request.getfixturevalue("hostile_reports") if request.param == "hostile" else examples
    return (reports / request.param / "latest").resolve()


@pytest.mark.parametrize("notebook", sorted(all_notebooks()))
def test_a_report(run, notebook, open_page, axe_violations, paper):
    path = run / f"{notebook}.html"
    assert path.stat().st_size < (SUMMARY_BYTES if notebook == "06_summary" else REPORT_BYTES)

    shown = open_page(path, width=DESK)
    assert_nothing_runs_and_the_structure_is_sound(shown.page)
    assert_every_link_arrives(shown.page)
    for width in (DESK, PHONE):
        shown.page.set_viewport_size({"width": width, "height": 900})
        assert shown.overflow() <= 0
    assert shown.misdeeds() == []
    if notebook == "06_summary":
        assert_everyone_can_read_it(shown.page)
    assert axe_violations(shown.page) == []
    assert shown.overflow() <= 0  # with all that axe unfolded

    assert paper(shown.page) == []
    if notebook == "06_summary":
        assert pages_of(shown.page.pdf(format="A4")) <= SUMMARY_PAGES


def test_the_index_lists_every_example_and_every_link_arrives(examples, open_page, axe_violations):
    shown = open_page(examples / "index.html", width=PHONE)
    assert shown.misdeeds() == []
    assert shown.overflow() <= 0
    text = shown.page.locator("body").inner_text()
    assert all(name in text for name in EXAMPLES)
    assert_every_link_arrives(shown.page)
    assert axe_violations(shown.page) == []


def assert_nothing_runs_and_the_structure_is_sound(page):
    found = page.evaluate(
        """() => ({
            acting: document.querySelectorAll(
                "script, iframe, object, embed, form, base, link:not([href^='data:'])").length,
            handlers: [...document.querySelectorAll('*')].flatMap(e => [...e.attributes])
                .map(a => a.name).filter(name => name.startsWith('on') || name === 'srcdoc'),
            levels: [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(e => +e.tagName[1]),
            alts: [...document.querySelectorAll('img')].map(e => e.alt),
            folded: [...document.querySelectorAll('summary')]
                .filter(e => !e.parentElement.parentElement.closest('details:not([open])'))
                .map(e => (e.focus(), document.activeElement === e && e.tabIndex >= 0)),
            uncaptioned: [...document.querySelectorAll('main table')]
                .filter(e => !e.caption && !e.closest('details')).length,
        })"""
    )
    assert (found["acting"], found["handlers"], found["uncaptioned"]) == (0, [], 0)
    assert found["levels"].count(1) == 1 and found["levels"][0] == 1
    assert all(later <= before + 1 for before, later in pairwise(found["levels"]))
    assert all(len(alt) > 20 for alt in found["alts"])
    assert found["folded"] and all(found["folded"])


def assert_every_link_arrives(page):
    for address in page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)"):
        target, anchor = urldefrag(address)
        path = Path(unquote(target.removeprefix("file://")))
        assert path.exists(), address
        identity = f'id="{html.escape(unquote(anchor))}"'
        assert not anchor or identity in path.read_text(encoding="utf-8"), address


def assert_everyone_can_read_it(page):
    """On a phone the summary has no code and no small print, and explains the words of the field."""
    assert page.locator("pre, code, .nb-code").count() == 0
    sizes = page.evaluate(
        """() => [...document.querySelectorAll('main *')]
            .filter(node => [...node.childNodes].some(part => part.nodeType === 3 && part.data.trim()))
            .filter(node => node.getClientRects().length)
            .map(node => parseFloat(getComputedStyle(node).fontSize))"""
    )
    assert min(sizes) >= SMALLEST_LETTERING
    text = page.locator("main").inner_text()
    explained = " ".join(page.locator("dt").all_inner_texts()).lower()
    for term in ("ROC AUC", "RMSE", "log loss", "false alarm"):
        assert term.lower() not in text.lower() or term.lower() in explained


def pages_of(printed):
    return printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page ")
