import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from helpers.summary import page
from helpers.summary.facts import Facts
from helpers.summary.figures import Bar, dots, lengths, nice_top, people
from helpers.summary.glossary import terms_in
from helpers.summary.markup import as_text, element, escaped, linked
from helpers.summary.verdict import decide

HOSTILE = "<script>alert(1)</script>\"'&]]>{{x}}$a$\n😀 نعم <b onclick=x>" + "y" * 10_000


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.attributes: set[str] = set()
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.add(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def fragments(facts: Facts) -> str:
    return "".join(page.whole(facts, decide(facts)))


@pytest.fixture(params=["binary", "several", "regression", "unchecked"])
def facts(request):
    return request.getfixturevalue(request.param)


def test_each_task_gives_well_formed_sections_without_style_or_script(facts):
    tags = Tags()
    tags.feed(fragments(facts))
    assert not tags.open
    assert not tags.seen & {"script", "style", "img", "iframe", "h1"}
    assert not {name for name in tags.attributes if name.startswith("on") or name == "style"}


def test_sections_are_in_the_order_of_the_page(binary, unchecked):
    headings = [re.sub("<[^>]*>", "", found) for found in re.findall("<h2.*?</h2>", fragments(binary))]
    assert headings == [
        "How good is it?", "How sure is that?", "What does a mistake cost?", "What drives it?",
        "Where does it fail?", "What could be wrong?", "What next?", "Words used here",
    ]  # fmt: skip
    assert "How good is it, and how sure is that?" in fragments(unchecked)
    assert "What does a mistake cost?" not in fragments(unchecked)


def test_hostile_names_are_text_and_are_cut(binary):
    classes = [
        found.model_copy(update={"name": HOSTILE if found.name == "malignant" else f"{HOSTILE}2"})
        for found in binary.evaluation.classes
    ]
    importance = [found.model_copy(update={"label": HOSTILE}) for found in binary.evaluation.importance]
    evaluation = binary.evaluation.model_copy(
        update={"classes": classes, "positive": HOSTILE, "importance": importance}
    )
    written = fragments(replace(binary, target=HOSTILE, evaluation=evaluation))
    assert "<script" not in written
    assert "<b onclick" not in written
    assert "&lt;script&gt;alert(1)" in written
    assert len(written) < 40_000


def test_the_verdict_shows_its_rules_up_to_the_one_that_decided(unchecked):
    opening = page.opening(decide(unchecked))
    assert as_text(opening).splitlines() == [
        "Cannot tell",
        "No cases were kept aside, so nobody knows how it does on cases that it has never seen.",
        "How this verdict was reached",
        "These rules are asked in this order; the first that applies gives the verdict. "
        "A fixed answer is the same for every case, given without looking.",
        "Something was found in the table that gives the answer away: no",
        "A fault was found in the table that must be mended first: no",
        "It was not checked on cases that it had never seen: yes: cannot tell",
    ]


def test_cards_of_two_classes(binary):
    text = as_text(page.how_good(binary) or "")
    assert "98 of 100 malignant cases found 41 of the 42 checked; likely at least 87 of 100" in text
    assert (
        "3 of 100 benign cases that raised a false alarm 2 of the 72 checked; likely at most 10 of 100"
        in text
    )
    assert "Found: always “benign” None of 42" in text
    assert "False alarms: always “benign” None of 72" in text


def test_cards_of_several_classes_and_numbers(several, regression):
    text = as_text(page.how_good(several) or "")
    assert "95 of 100 answers right Likely between 86 and 99 of 100" in text
    assert "40 of 100 would be right by always answering “class_1”" in text
    assert text.index("class_1 92 of 100") < text.index("class_2 15 of 16") < text.index("class_0 All 20")
    text = as_text(page.how_good(regression) or "")
    assert (
        "41\u00a0points half of the answers are off by less than this Likely between 35 and 49\u00a0points"
        in text
    )
    assert "88\u00a0points nine of ten answers are off by less than this" in text
    assert "Always the average 62\u00a0points" in text


def test_classes_beyond_eight_are_counted(several):
    many = [several.evaluation.classes[0].model_copy(update={"name": f"kind {place}"}) for place in range(10)]
    facts = replace(several, evaluation=several.evaluation.model_copy(update={"classes": many}))
    text = as_text(page.how_good(facts) or "")
    assert "kind 7" in text
    assert "kind 8" not in text
    assert "2 more kinds did no worse than these." in text


def test_glossary_explains_only_what_is_used(binary, regression):
    words = [word for word, _ in terms_in("ROC AUC of 114 cases, a false alarm", binary)]
    assert words == ["Case", "False alarm", "ROC AUC"]
    meaning = dict(terms_in("a false alarm", binary))["False alarm"]
    assert meaning == "one of the benign cases that it calls “malignant”"
    assert terms_in("nothing to explain", regression) == []
    assert "False alarm" not in as_text(
        page.words_used(regression, page.whole(regression, decide(regression))) or ""
    )


def test_words_in_folded_rules_are_not_explained(regression):
    shown = page.whole(regression, decide(regression))[:-1]
    assert "Probability" not in as_text(page.words_used(regression, shown) or "")


def test_figures_say_what_they_show():
    bars = [Bar("this <model>", "97 of 100", 0.97, 0.91, 0.99), Bar("other", "none", 0.0, look="beside")]
    drawn = dots(bars, top=1.0, ends=("0", "50", "100"), caption="A caption")
    assert (
        'aria-label="at 97 percent of the scale from 0 to 100, likely from 91 to 99 percent of it"' in drawn
    )
    assert 'aria-label="at 0 percent of the scale from 0 to 100, no range"' in drawn
    assert "this &lt;model&gt;" in drawn
    assert "<text" not in drawn
    drawn = lengths([Bar("a", "", 4.0), Bar("b", "", 1.0)], caption="A caption")
    assert 'aria-label="the longest bar"' in drawn
    assert 'aria-label="25 percent as long as the first"' in drawn


@pytest.mark.parametrize(
    ("share", "cases", "filled", "total"),
    [(0.976, 42, 98, 100), (1.0, 42, 42, 42), (0.0, 500, 0, 100), (0.999, 5000, 99, 100),
     (0.001, 5000, 1, 100), (0.625, 8, 5, 8)],
)  # fmt: skip
def test_people_are_filled_as_the_words_count_them(share, cases, filled, total):
    drawn = people(share, cases=cases, good=True)
    assert drawn.count('class="nb-hit"') == filled
    assert drawn.count("<circle") == total
    assert f'aria-label="{filled} of {total} dots filled"' in drawn


def test_scales_end_at_round_numbers():
    assert [nice_top(value) for value in (73.0, 0.21, 10.0, 10.1, 0.0)] == [80.0, 0.4, 10.0, 20.0, 1.0]


def test_markup_escapes_all_that_is_not_markup():
    assert element("p", "a < b", element("b", "&"), class_='x"y') == (
        '<p class="x&quot;y">a &lt; b<b>&amp;</b></p>'
    )
    assert escaped("<i>", linked("1 < 2", "x.html#y")) == '&lt;i&gt;<a href="x.html#y">1 &lt; 2</a>'
    assert element("p", "a", title=None) == "<p>a</p>"
