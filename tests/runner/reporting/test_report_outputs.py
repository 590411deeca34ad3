import base64
import struct

import pytest

from helpers.runner.reporting.report_outputs import (
    Failure,
    Figure,
    Markup,
    Note,
    Text,
    plain_text,
    shown_outputs,
)
from helpers.runner.reporting.safe_html import Outline

NO_SCRIPT = "A report runs no script and fetches nothing."


def shown(*outputs, **options):
    return shown_outputs(outputs, outline=Outline(), markdown=lambda source: f"<p>{source}</p>", **options)


def bundle(metadata=None, **data):
    data = {name.replace("__", "/").replace("_", "."): content for name, content in data.items()}
    return {"output_type": "display_data", "data": data, "metadata": metadata or {}}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("10 %\r100 %\nnext\r\n", "100 %\nnext\n"),
        ("bell\x07 null\x00", "bell null"),
    ],
)
def test_text_is_what_a_terminal_would_show(given, expected):
    assert plain_text(given) == expected


def test_long_text_loses_its_middle_and_says_so():
    assert (
        plain_text("a" * 10 + "b" * 100 + "c" * 10, limit=20)
        == f"{'a' * 10}\n… 100 characters left out here …\n{'c' * 10}"
    )


def test_streams_of_a_kind_are_joined():
    outputs = [
        {"output_type": "stream", "name": name, "text": text}
        for name, text in [("stdout", "a"), ("stdout", ["b", "c"]), ("stderr", "d"), ("stdout", "  \n")]
    ]
    assert shown(*outputs) == [Text("abc", "stdout"), Text("d", "stderr")]


def test_the_first_unexpected_error_gets_the_anchor():
    error = {
        "output_type": "error",
        "ename": "KeyError",
        "evalue": "'x'",
        "traceback": ["\x1b[1mline\x1b[0m"],
    }
    assert shown(error, error) == [
        Failure("KeyError: 'x'", "line", "error"),
        Failure("KeyError: 'x'", "line", ""),
    ]
    assert shown(error, expected_error=True) == [Failure("KeyError: 'x'", "line", "")]


def test_a_traceback_that_only_repeats_the_error_is_left_out():
    error = {"output_type": "error", "ename": "UserError", "evalue": "no", "traceback": ["UserError: no"]}
    assert shown(error) == [Failure("UserError: no", "", "error")]


def test_a_figure_keeps_its_words_and_sizes():
    said = {
        "image/png": {"alt": "A rises.", "caption": "Note A.", "anchor": "map", "width": 720, "height": 400}
    }
    assert shown(bundle(said, image__png="AA\nAA", text__plain="[figure]")) == [
        Figure("data:image/png;base64,AAAA", "A rises.", "Note A.", "map", 720, 400)
    ]


def test_a_foreign_figure_is_measured_and_has_no_words():
    head = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR" + struct.pack(">II", 640, 480)
    content = base64.b64encode(head + b"\x00" * 9).decode()
    (figure,) = shown(bundle(image__png=content, text__plain="<Figure size 640x480 with 1 Axes>"))
    assert (figure.alt, figure.width, figure.height) == ("A figure without a description", 640, 480)


@pytest.mark.parametrize("content", ["", "!!!", "AAAA", '"><script>'])
def test_a_broken_picture_breaks_nothing(content):
    (figure,) = shown(bundle(image__png=content))
    assert (figure.width, figure.height) == (0, 0)


def test_html_comes_before_pictures_and_is_cleaned():
    assert shown(bundle(text__html="<p onclick=x>a</p>", image__png="AAAA")) == [Markup("<p>a</p>")]


def test_a_script_is_left_out_with_a_note():
    assert shown(bundle(text__html="<div></div><script>x</script>")) == [
        Note(f"Left out here: a script. {NO_SCRIPT}")
    ]


def test_where_html_was_only_a_script_the_picture_is_shown():
    figure, note = shown(bundle(text__html="<script>x</script>", image__png="AAAA"))
    assert figure.source == "data:image/png;base64,AAAA"
    assert note == Note(f"Left out here: a script. {NO_SCRIPT}")


def test_javascript_and_widgets_are_left_out_with_a_note():
    assert shown(bundle(application__javascript="alert(1)")) == [
        Note(f"Left out here: an interactive part (application/javascript). {NO_SCRIPT}")
    ]
    output = bundle(text__plain="Slider(5)")
    output["data"]["application/vnd.jupyter.widget-view+json"] = {"model_id": "x"}
    assert shown(output) == [
        Text("Slider(5)", "result"),
        Note(f"Left out here: an interactive part (application/vnd.jupyter.widget-view+json). {NO_SCRIPT}"),
    ]


def test_an_unknown_kind_is_named():
    assert shown(bundle(application__pdf="x")) == [
        Note(f"Left out here: a part of the kind application/pdf. {NO_SCRIPT}")
    ]


def test_an_svg_becomes_a_picture_in_which_nothing_runs():
    output = bundle(text__plain="<Figure>")
    output["data"]["image/svg+xml"] = "<svg><script>alert(1)</script></svg>"
    (figure,) = shown(output)
    assert figure.source == "data:image/svg+xml;base64,PHN2Zz48c2NyaXB0PmFsZXJ0KDEpPC9zY3JpcHQ+PC9zdmc+"
