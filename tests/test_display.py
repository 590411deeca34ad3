"""What a notebook shows: escaped, captioned, and with an alternative text."""

import base64
import io

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from PIL import Image

import helpers.display as display
import helpers.style as style
from helpers.findings import Finding, Severity

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def shown(monkeypatch):
    """Collect what is displayed."""
    outputs = []

    def collect(data, *, raw, metadata=None):
        outputs.append((data, metadata))

    monkeypatch.setattr(display, "display", collect)
    return outputs


def test_a_sentence_is_escaped(shown):
    display.say(f"a {HOSTILE}")
    assert shown[0][0] == {
        "text/plain": f"a {HOSTILE}",
        "text/html": '<p class="nb-say">a &lt;script&gt;alert(1)&lt;/script&gt;</p>',
    }


def test_a_table_has_caption_header_cells_and_right_aligned_numbers(shown):
    frame = pd.DataFrame({HOSTILE: ["x", None], "n": [1234.5678, float("nan")], "share": [0.256, 1.0]})
    display.show_table(frame, caption="A <b>", formats={"share": ".1%"}, anchor="here")
    content = shown[0][0]["text/html"]
    assert content == (
        '<div class="nb-table" role="region" aria-label="A &lt;b&gt;" tabindex="0" id="here"><table>'
        "<caption>A &lt;b&gt;</caption><thead><tr>"
        '<th scope="col">&lt;script&gt;alert(1)&lt;/script&gt;</th><th scope="col" class="n">n</th>'
        '<th scope="col" class="n">share</th></tr></thead><tbody>'
        '<tr><td>x</td><td class="n">1,235</td><td class="n">25.6%</td></tr>'
        '<tr><td>–</td><td class="n">–</td><td class="n">100.0%</td></tr></tbody></table></div>'
    )


def test_a_long_table_says_how_long(shown):
    display.show_table(pd.DataFrame({"a": range(50)}), caption="Rows.", limit=2)
    assert "Rows. The first 2 of 50 rows." in shown[0][0]["text/html"]
    assert shown[0][0]["text/html"].count("<tr>") == 3


def test_a_figure_is_a_small_picture_with_its_alternative_text_and_is_closed(shown):
    with style.house_style():
        figure, axes = style.new_figure(width=7.2, height=3.0)
        axes.plot([1, 2], [3, 4])
        axes.set_title("$x^2$ 漢字 👩‍🔬")
    display.show_figure(figure, alt="A line rises.", caption="Look.", anchor="line")
    data, metadata = shown[0]
    assert metadata == {
        "image/png": {
            "alt": "A line rises.",
            "caption": "Look.",
            "anchor": "line",
            "width": 720,
            "height": 300,
        }
    }
    with Image.open(io.BytesIO(base64.b64decode(data["image/png"]))) as picture:
        assert picture.size == (1296, 540)
        assert picture.mode == "P"
    assert len(data["image/png"]) < 60_000
    assert plt.get_fignums() == []


def test_findings_come_most_serious_first_with_remedy_and_evidence(shown):
    findings = [
        Finding("Q2", "k", Severity.NOTE, "later", "p"),
        Finding("Q1", "k", Severity.STOP, HOSTILE, "p", "Drop it.", (HOSTILE,), ({HOSTILE: HOSTILE},)),
    ]
    display.show_findings(findings, caption="Found.")
    content = shown[0][0]["text/html"]
    assert content.index("Q1") < content.index("Q2")
    assert "What to do: Drop it." in content and "<details><summary>Evidence for Q1</summary>" in content
    assert "<script" not in content


def test_the_house_style_leaves_global_settings_as_they_were():
    before = dict(plt.rcParams)
    with style.house_style():
        assert plt.rcParams["axes.titleweight"] == "bold"
        assert plt.rcParams["text.parse_math"] is False
    assert dict(plt.rcParams) == before


def test_names_are_cut_in_the_middle_and_colours_differ():
    assert style.short("abcdefghij", 7) == "abcd…ij"
    assert style.short("a\nb", 7) == "a b"
    assert len(set(style.colours(8))) == 8
    assert len(set(style.colours(20))) == 20
