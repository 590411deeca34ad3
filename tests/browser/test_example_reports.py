"""The reports of the examples in a real browser: nothing runs, nothing is fetched, every link arrives."""

import html
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest

from helpers.notebook_files import all_notebooks

pytestmark = [pytest.mark.browser, pytest.mark.whole_run]

EXAMPLES = ["breast_cancer", "diabetes", "wine"]
SMALLEST_LETTERING = 12  # px; what a phone shows without zooming


@pytest.fixture(params=EXAMPLES)
def run(request, examples):
    return (examples / request.param / "latest").resolve()


@pytest.mark.parametrize("notebook", sorted(all_notebooks()))
def test_a_report_runs_nothing_fetches_nothing_and_fits_a_phone(run, notebook, open_page):
    for width in (360, 1280):
        shown = open_page(run / f"{notebook}.html", width=width)
        assert shown.misdeeds() == []
        assert shown.overflow() <= 0
        assert shown.page.locator("h1").count() == 1
        assert shown.page.locator("script, iframe, object, form, link:not([href^='data:'])").count() == 0
        pictures = shown.page.locator("img")
        alts = [pictures.nth(number).get_attribute("alt") or "" for number in range(pictures.count())]
        assert all(len(alt) > 20 for alt in alts)


@pytest.mark.parametrize("notebook", sorted(all_notebooks()))
def test_every_link_of_a_report_arrives(run, notebook, open_page):
    page = open_page(run / f"{notebook}.html").page
    for address in page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)"):
        target, anchor = urldefrag(address)
        path = Path(unquote(target.removeprefix("file://")))
        assert path.exists(), address
        identity = f'id="{html.escape(unquote(anchor))}"'
        assert not anchor or identity in path.read_text(encoding="utf-8"), address


def test_the_summary_on_a_phone_has_no_code_and_no_small_print(run, open_page):
    page = open_page(run / "06_summary.html", width=390).page
    assert page.locator("pre, code, .nb-code").count() == 0
    sizes = page.evaluate(
        """() => [...document.querySelectorAll('main *')]
            .filter(node => [...node.childNodes].some(part => part.nodeType === 3 && part.data.trim()))
            .filter(node => node.getClientRects().length)
            .map(node => parseFloat(getComputedStyle(node).fontSize))"""
    )
    assert min(sizes) >= SMALLEST_LETTERING


def test_a_word_of_the_field_in_the_summary_is_explained(run, open_page):
    page = open_page(run / "06_summary.html", width=390).page
    text = page.locator("main").inner_text()
    explained = " ".join(page.locator("dt").all_inner_texts()).lower()
    for term in ("ROC AUC", "RMSE", "log loss", "false alarm"):
        assert term.lower() not in text.lower() or term.lower() in explained


def test_the_summary_prints_on_two_pages(run, open_page):
    page = open_page(run / "06_summary.html").page
    printed = page.pdf(format="A4")
    assert printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page ") <= 2


def test_the_index_lists_every_example_and_every_link_arrives(examples, open_page):
    shown = open_page(examples / "index.html", width=360)
    assert shown.misdeeds() == []
    assert shown.overflow() <= 0
    text = shown.page.locator("body").inner_text()
    assert all(name in text for name in EXAMPLES)
    for address in shown.page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)"):
        target, _ = urldefrag(address)
        assert Path(unquote(target.removeprefix("file://"))).exists(), address
