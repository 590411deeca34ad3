import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell

from helpers.errors import UserError
from helpers.paths import repository
from helpers.runner.reporting.render import ReportContext, render_report, templates_folder

CONTEXT = ReportContext("Fallback", "trial", "20261120-061200-000", "Does it work?")


def code(source="1", *outputs, count=1, tags=(), **metadata):
    metadata = {"tags": list(tags), **metadata}
    return new_code_cell(source, outputs=list(outputs), execution_count=count, metadata=metadata)


def printed(text):
    return new_output("stream", name="stdout", text=text)


@pytest.fixture
def report(tmp_path):
    def rendered(*cells, context=CONTEXT, **metadata):
        path = tmp_path / "sample.ipynb"
        nbformat.write(new_notebook(cells=list(cells), metadata=metadata), path)
        render_report(path, tmp_path / "sample.html", context=context)
        return (tmp_path / "sample.html").read_text(encoding="utf-8")

    return rendered


def main_of(page):
    return re.search(r'<main id="content">(.*)</main>', page, re.DOTALL)[1]


def test_the_page_forbids_scripts_and_fetching_before_anything_else(report):
    page = report()
    assert page.startswith('<!doctype html>\n<html lang="en">')
    first = page.index("Content-Security-Policy")
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in page
    assert first < page.index("<style") and "<script" not in page


def test_the_first_heading_is_the_title_and_the_others_are_the_contents(report):
    page = report(
        new_markdown_cell("# A *title* & more\n\ntext"),
        new_markdown_cell("## What next?\n#### Deep\n# Again"),
    )
    assert page.count("<h1") == 1
    assert "<h1>A title &amp; more</h1>" in page
    assert '<h2 id="What-next?">What next?</h2>' in page
    assert '<h3 id="Deep">Deep</h3>' in page
    assert '<h2 id="Again">Again</h2>' in page
    assert '<li class="nb-level-2"><a href="#What-next%3F">What next?</a></li>' in page
    assert "<title>A title &amp; more · trial</title>" in page


def test_a_notebook_without_a_heading_takes_the_context_s_title(report):
    assert "<h1>Fallback</h1>" in report(new_markdown_cell("text"))


def test_headings_of_the_same_text_and_anchors_of_outputs_get_ids_of_their_own(report):
    table = new_output("display_data", data={"text/html": '<p id="Findings">x</p>'})
    page = report(new_markdown_cell("# T\n## Findings\n## Findings"), code("show()", table))
    assert re.findall(r'id="(Findings[^"]*)"', page) == ["Findings-2", "Findings-3", "Findings"]


def test_everyone_reads_the_question_and_no_code(report):
    everyone = replace(CONTEXT, audience="everyone")
    page = report(new_markdown_cell("# Summary"), code("secret = 1", printed("hello")), context=everyone)
    assert "<h1>Does it work?</h1>" in page and "<bdi>Summary</bdi>" in page
    assert "secret" not in page and 'class="nb-code"' not in page
    assert "<summary>Messages of the program</summary>" in page


@pytest.mark.parametrize(("characters", "tag"), [(200, "<h1>"), (201, '<h1 class="nb-long">')])
def test_a_question_as_long_as_a_text_is_set_as_one(report, characters, tag):
    question = "W" * characters
    page = report(context=replace(CONTEXT, audience="everyone", question=question))
    assert f"{tag}{question}</h1>" in page


def test_engineers_find_the_code_folded(report):
    page = main_of(report(code("print('<b>')", count=3)))
    assert page.count('<details class="nb-code"><summary>Code <span>[3]</span></summary>') == 1
    assert "&lt;b&gt;" in page and "<b>" not in page


@pytest.mark.parametrize(
    ("tag", "label"),
    [("parameters", "Parameters and their defaults"), ("injected-parameters", "Parameters of this run")],
)
def test_parameters_are_folded_under_their_name(report, tag, label):
    assert f"<summary>{label} <span>[1]</span></summary>" in report(code("seed = 1", tags=[tag]))


@pytest.mark.parametrize(
    ("tag", "source_there", "output_there", "folded"),
    [
        ("remove-cell", False, False, ""),
        ("remove_cell", False, False, ""),
        ("remove-input", False, True, ""),
        ("remove-output", True, False, ""),
        ("hide-input", True, True, ""),
        ("hide-output", True, True, "<summary>Output</summary>"),
        ("hide-cell", True, True, "<summary>Cell</summary>"),
    ],
)
def test_the_field_s_tags_are_honoured(report, tag, source_there, output_there, folded):
    page = main_of(report(code("source", printed("output"), tags=[tag])))
    assert ("source" in page, ">output</pre>" in page) == (source_there, output_there)
    assert folded in page


def test_a_cell_that_failed_is_shown_whatever_its_tags(report):
    error = new_output("error", ename="ValueError", evalue="x", traceback=[])
    page = main_of(report(code("1", error, tags=["remove-cell"])))
    assert '<div class="nb-failure" id="error">' in page


def test_papermill_s_own_error_cells_are_replaced_by_the_banner(report):
    error = new_output(
        "error", ename="ValueError", evalue="<no>", traceback=["\x1b[31mValueError\x1b[0m: <no>"]
    )
    tagged = new_markdown_cell("Execution encountered", metadata={"tags": ["papermill-error-cell-tag"]})
    page = report(tagged, code("1", error), code("2", count=None), code("3", count=None))
    assert "Execution encountered" not in page
    assert "A cell ended with <code>ValueError: &lt;no&gt;</code>." in page
    assert page.count('href="#error"') == page.count('id="error"') == 1
    assert page.index('href="#error"') < page.index('id="error"')
    assert page.count("This cell was not run.") == 1


def test_the_runner_s_banner_comes_first_where_the_notebook_says_nothing(report):
    page = report(code("1"), context=replace(CONTEXT, banner="The kernel died in cell 3 & left."))
    assert page.index("The kernel died in cell 3 &amp; left.") < page.index("<main")
    assert page.count('id="error"') == 1 and 'href="#error"' not in page


def test_an_expected_error_makes_no_banner(report):
    error = new_output("error", ename="ValueError", evalue="x", traceback=[])
    page = report(code("1", error, tags=["raises-exception"]))
    assert 'class="nb-banner"' not in page and "ValueError: x" in page


def test_raw_html_in_markdown_is_cleaned_and_computed_markdown_is_text(report):
    shown = new_output("display_data", data={"text/markdown": "**b** <script>alert(1)</script>"})
    page = main_of(report(new_markdown_cell("x <script>1</script><u onclick=x>y</u>"), code("show()", shown)))
    assert "<u>y</u>" in page and "<script" not in page and "onclick" not in page
    assert "<strong>b</strong> &lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_missing_attachment_is_said(report):
    assert "<em>[plan: not included]</em>" in report(new_markdown_cell("![plan](attachment:x.png)"))


def test_pictures_from_elsewhere_are_not_fetched(report):
    page = main_of(report(new_markdown_cell("![plan](http://example.invalid/x.png)")))
    assert "<img" not in page and "<em>[plan: not included]</em>" in page


def test_raw_cells_are_shown_as_text(report):
    assert "&lt;b&gt;raw&lt;/b&gt;" in report(
        new_raw_cell("<b>raw</b>", metadata={"raw_mimetype": "text/html"})
    )


def test_links_to_the_other_reports_mark_this_one(report):
    reports = (("01_data_quality", "01_data_quality.html"), ("06_summary", "sample.html"))
    page = report(context=replace(CONTEXT, reports=reports))
    assert '<a href="01_data_quality.html">Data quality</a>' in page
    assert '<span aria-current="page">Summary</span>' in page


def test_everything_the_context_brings_is_escaped(report):
    evil = '"><script>alert(1)</script>'
    context = ReportContext(evil, evil, evil, evil, "engineers", ((evil, evil),), ((evil, evil),), evil)
    page = report(context=context)
    assert "<script" not in page
    everyone = report(context=replace(context, audience="everyone"))
    assert "<script" not in everyone


def test_a_lone_surrogate_is_shown_by_its_number(tmp_path):
    cell = code("1", printed("a"))
    notebook = new_notebook(cells=[cell])
    path = tmp_path / "odd.ipynb"
    path.write_text(json.dumps(notebook).replace('"a"', '"\\ud800"'), encoding="ascii")
    render_report(path, tmp_path / "odd.html", context=CONTEXT)
    assert "\\ud800" in (tmp_path / "odd.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("content", ["", "{}", "[1]", "not json"])
def test_a_file_that_is_no_notebook_is_refused(tmp_path, content):
    path = tmp_path / "x.ipynb"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UserError, match="a file that is not a notebook"):
        render_report(path, tmp_path / "x.html", context=CONTEXT)
    assert not (tmp_path / "x.html").exists()


def test_threads_that_render_at_once_do_not_mix_their_pages(tmp_path):
    def one(number):
        path = tmp_path / f"{number}.ipynb"
        nbformat.write(
            new_notebook(cells=[new_markdown_cell(f"# Title {number}"), code(f"x = {number}")]), path
        )
        out = tmp_path / f"{number}.html"
        render_report(path, out, context=replace(CONTEXT, experiment=f"experiment-{number}"))
        return f"<title>Title {number} · experiment-{number}</title>" in out.read_text(encoding="utf-8")

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(one, range(24)))


def installed_data_files(prefix):
    """Copy the data files that pyproject.toml names to where an installation puts them."""
    project = tomllib.loads((repository() / "pyproject.toml").read_text(encoding="utf-8"))
    for folder, patterns in project["tool"]["setuptools"]["data-files"].items():
        (prefix / folder).mkdir(parents=True)
        for path in (path for pattern in patterns for path in repository().glob(pattern)):
            shutil.copy(path, prefix / folder)


@pytest.mark.slow
def test_plain_nbconvert_finds_the_installed_template_and_gives_the_same_harmless_page(tmp_path):
    installed_data_files(tmp_path / "prefix")
    script = new_output("display_data", data={"text/html": "<script>alert(1)</script><p onclick=x>shown</p>"})
    parameters = {"experiment": "trial", "question": "Why?", "seed": 7}
    notebook = new_notebook(
        cells=[new_markdown_cell("# Title"), code("1", script)],
        metadata={"papermill": {"parameters": parameters}},
    )
    (tmp_path / "elsewhere").mkdir()
    nbformat.write(notebook, tmp_path / "elsewhere" / "plain.ipynb")
    command = [sys.executable, "-m", "nbconvert", "--to", "html", "--template", "nightbook", "plain.ipynb"]
    place = {"JUPYTER_PATH": str(tmp_path / "prefix" / "share" / "jupyter")}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("JUPYTER")}
    subprocess.run(
        command, cwd=tmp_path / "elsewhere", env=environment | place, check=True, capture_output=True
    )
    page = (tmp_path / "elsewhere" / "plain.html").read_text(encoding="utf-8")
    assert "<h1>Title</h1>" in page and "<p>shown</p>" in page and "Why?" in page
    assert "Parameters: 1 set, 0 left at their defaults" in page
    assert "<script" not in page and "onclick" not in page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "paper"),
    [
        *((ink, paper) for ink in ("ink", "soft", "accent") for paper in ("paper", "wash")),
        *((tone, f"{tone}-wash") for tone in ("good", "warn", "stop", "accent")),
        *((tone, "paper") for tone in ("good", "warn", "stop")),
        *((ink, "stop-wash") for ink in ("ink", "soft", "accent")),
        *((tone, "wash") for tone in ("good", "warn")),
    ],
)
def test_text_stands_out_from_its_ground(scheme, ink, paper):
    css = (templates_folder() / "nightbook" / "report.css").read_text(encoding="utf-8")
    light, dark = re.findall(r":root \{\n(.*?)\n\s*\}", css, re.DOTALL)[:2]
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6})", light))
    if scheme == "dark":
        colours |= dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6})", dark))
    assert contrast(colours[ink], colours[paper]) >= 4.5


def contrast(one, other):
    """Return the contrast ratio of WCAG 2.2."""
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def luminance(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    shares = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
