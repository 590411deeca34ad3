import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import helpers.display as display
from helpers.runner.reporting.safe_html import ALLOWED_TAGS, VOID_TAGS, Outline, clean_html


def cleaned(fragment):
    return clean_html(fragment, Outline()).html


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ('<p class="nb-say">2 &lt; 3 &amp; "so"</p>', '<p class="nb-say">2 &lt; 3 &amp; "so"</p>'),
        ("<b onclick=alert(1) ONLOAD='x'>bold</b>", "<b>bold</b>"),
        ("a<script>alert(1)</script>b<SCRIPT src=x>", "ab"),
        ("<style>p{}</style><title>t</title><p>kept</p>", "<p>kept</p>"),
        ("<a href='javascript:alert(1)'>x</a>", "<a>x</a>"),
        ("<a href=' java\nscript:alert(1)'>x</a>", "<a>x</a>"),
        ("<a href='data:text/html,x'>x</a>", "<a>x</a>"),
        ("<a href='05_evaluation.html#metrics'>x</a>", '<a href="05_evaluation.html#metrics">x</a>'),
        ("<a href='https://example.org/?a=1&b=2'>x</a>", '<a href="https://example.org/?a=1&amp;b=2">x</a>'),
        ("<img src='data:image/png;base64,AA' alt=a>", '<img alt="a" src="data:image/png;base64,AA">'),
        ("<img src=x onerror=alert(1)>", "<em>[a picture: not included]</em>"),
        ("<p style='width:3%;position:fixed;fill:url(x);--a:1'>x", '<p style="width:3%;--a:1">x</p>'),
        ("<p tabindex=5 data-x=1 aria-label=y>x</p>", '<p aria-label="y">x</p>'),
        ("</div></main><p>x", "<p>x</p>"),
        ("<ul><li>a<li>b</ul>c", "<ul><li>a<li>b</li></li></ul>c"),
        ("<svg viewBox='0 0 1 1'><title>t</title><path d='M0 0'/></svg>",
         '<svg viewbox="0 0 1 1"><title>t</title><path d="M0 0"></path></svg>'),
        ("<svg><g fill='url(#a)'/><g fill='url(//x)'/></svg>", '<svg><g fill="url(#a)"></g><g></g></svg>'),
        ("<svg><use href='#a'/><use href='x.svg#a'/></svg>", '<svg><use href="#a"></use><use></use></svg>'),
        ("<unknown>text</unknown><!-- c --><? x ?><!x>", "text"),
        ("a\x00b\x1bc\u202e", "abc\u202e"),
    ],
)  # fmt: skip
def test_only_known_tags_and_attributes_are_written(fragment, expected):
    assert cleaned(fragment) == expected


def test_what_was_left_out_is_named_once():
    clean = clean_html("<script>1</script><script>2</script><iframe src=x></iframe><input>", Outline())
    assert clean.html == ""
    assert clean.left_out == (
        "a script",
        "a page within the page",
        "an element called input",
    )


def test_styles_are_left_out_without_a_word():
    assert clean_html("<style>a{}</style><p>x</p>", Outline()).left_out == ()


def test_a_picture_without_words_says_so():
    assert 'alt="A picture without a description"' in cleaned("<img src='data:image/png;base64,AAAA'>")


def test_ids_stay_unique_and_references_follow_theirs():
    outline = Outline()
    outline.claim("a")
    fragment = '<section aria-labelledby="a"><h2 id="a">x</h2><a href="#a">up</a><a href="#b">b</a></section>'
    assert clean_html(fragment, outline).html == (
        '<section aria-labelledby="a-2"><h2 id="a-2">x</h2><a href="#a-2">up</a><a href="#b">b</a></section>'
    )


def test_headings_never_skip_a_level_nor_repeat_the_first():
    outline = Outline()
    assert clean_html("<h1>a</h1><h4>b</h4><h6>c</h6><h2>d</h2>", outline).html == (
        "<h2>a</h2><h3>b</h3><h4>c</h4><h2>d</h2>"
    )


def test_a_bare_table_gets_a_box_that_scrolls_and_a_boxed_one_none():
    assert cleaned("<table><tr><td>1</table>after") == (
        '<div class="nb-table" role="group" tabindex="0"><table><tr><td>1</td></tr></table></div>after'
    )
    boxed = '<div class="nb-table" role="region"><table><tr><td>1</td></tr></table></div>'
    assert cleaned(boxed) == boxed.replace('"region"', '"group" tabindex="0"')


@pytest.mark.parametrize("nesting", ["<div>", "<b><p>", "<table><tr><td>", "<svg><g>", "<a><a>", "<h2><h3>"])
def test_every_tag_that_is_opened_is_closed(nesting):
    written = cleaned(nesting * 50 + "</table></div></p>")
    for tag in ("div", "b", "p", "table", "tr", "td", "svg", "g", "a", "h2", "h3"):
        assert written.count(f"<{tag}>") + written.count(f"<{tag} ") == written.count(f"</{tag}>")


def test_what_our_own_functions_show_passes_unchanged(monkeypatch):
    shown = []
    monkeypatch.setattr(display, "display", lambda data, **options: shown.append(data["text/html"]))
    display.show_page('<section class="card" id="x"><h2 id="y">Q</h2><p>1 &lt; 2</p></section>', text="Q")
    display.say("Plain words.")
    assert [cleaned(html) for html in shown] == shown


SYNTAX = """< > </ /> <!-- --> <![CDATA[ ]]> <? ' " = &lt; &#60; text <script> </script> <svg><style>"""
NAMES = "script style svg math title table td p a img template mglyph noscript"
ATTRIBUTES = (" ", "\x00", " onload=x", " href=javascript:x", " src=x", " id=a", " style=x:y")
PIECES = st.sampled_from([*SYNTAX.split(), *NAMES.split(), *ATTRIBUTES])


@given(st.lists(PIECES, max_size=40).map("".join))
@settings(max_examples=400, deadline=None)
def test_whatever_comes_in_only_known_tags_and_attributes_go_out(fragment):
    written = cleaned(fragment)
    for tag in re.findall(r"<[^>]*>?", written):
        assert re.fullmatch(r'</?[a-z][a-z0-9]*(?: [a-z-]+="[^"<>]*")*>', tag)
        assert re.match(r"</?([a-z0-9]+)", tag)[1] in ALLOWED_TAGS
        assert not re.search(r' (?:on\w+|src)="|="\s*javascript', tag)
    opened = re.findall(r"<([a-z][a-z0-9]*)", written)
    closed = re.findall(r"</([a-z][a-z0-9]*)", written)
    assert sorted(tag for tag in opened if tag not in VOID_TAGS) == sorted(closed)
