import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from helpers.results import Estimate, GroupImportanceResult, Verdict
from helpers.summary import page
from helpers.summary.facts import Facts
from helpers.summary.figures import Bar, dots, lengths, nice_top, people
from helpers.summary.glossary import terms_in
from helpers.summary.markup import as_text, element, escaped, linked, numbers_linked
from helpers.summary.verdict import RULES, decide

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
    opening = page.opening(unchecked, decide(unchecked))
    assert as_text(opening).splitlines() == [
        "Cannot tell",
        "No cases were kept aside, so nobody knows how it does on cases that it has never seen.",
        "How this verdict was reached",
        "This rule decided: It was not checked on cases that it had never seen: cannot tell.",
        "What the rules before it found:",
        "Nothing was found in the table that gives the answer away.",
        "No fault was found in the table that must be mended first.",
        "Rules are asked in a fixed order; the first that applies gives the verdict. "
        "A fixed answer is the same for every case, given without looking.",
    ]


def folded(facts: Facts, lead: str) -> list[str]:
    """Return the lines below a line of the folded rules."""
    lines = as_text(page.opening(facts, decide(facts))).splitlines()
    after = lines[lines.index(lead) + 1 :]
    ends = [place for place, line in enumerate(after) if line.endswith(":") or line.startswith("Rules are")]
    return after[: ends[0]]


def test_what_was_not_examined_is_said_before_what_was(binary):
    evaluation = binary.evaluation.model_copy(
        update={
            "slices_examined": False,
            "costs": None,
            "calibration": binary.evaluation.calibration.model_copy(update={"verdict": "cannot tell"}),
        }
    )
    assert folded(replace(binary, evaluation=evaluation, findings=()), "Not examined:") == [
        "Whether something in the table gives the answer away.",
        "Whether it is good enough: no goal was given.",
        "What its mistakes cost: no costs were given.",
        "Whether the probabilities that it states are off: too few cases.",
        "Whether it does worse for some kinds of cases: too few cases.",
    ]


def test_rules_that_do_not_concern_the_table_are_left_out(regression, binary):
    of_numbers = folded(regression, "What the rules before it found:")
    assert "No group of cases was found on which it does no better than a fixed answer." in of_numbers
    assert not any("kinds" in line or "probabilities" in line or "goal" in line for line in of_numbers)
    assert "It was checked on at least 10 cases of both kinds." in folded(
        binary, "What the rules before it found:"
    )


def test_every_rule_but_the_last_says_what_holds_otherwise():
    assert all(rule.otherwise for rule in RULES[:-1])


def test_cards_of_two_classes(binary):
    text = as_text(page.how_good(binary) or "")
    assert "98 of 100 malignant cases found 41 of the 42 checked; likely at least 88 of 100" in text
    assert (
        "3 of 100 benign cases that raised a false alarm 2 of the 72 checked; likely between 1 and 10 of 100"
        in text
    )
    assert "Found: always “benign” 0 of 100" in text
    assert "False alarms: always “benign” 0 of 100" in text


def test_cards_of_several_classes_and_numbers(several, regression):
    text = as_text(page.how_good(several) or "")
    assert "95 of 100 answers right Likely between 86 and 98 of 100" in text
    assert "40 of 100 would be right by always answering “class_1”" in text
    assert text.index("class_1 92 of 100") < text.index("class_2 15 of 16") < text.index("class_0 100 of 100")
    text = as_text(page.how_good(regression) or "")
    assert (
        "41\u00a0points half of the answers are off by less than this Likely between 35 and 49\u00a0points"
        in text
    )
    assert "88\u00a0points nine of ten answers are off by less than this" in text
    assert "Half of the answers are off by less than this." in text
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


def test_the_metric_is_explained_with_the_classes(binary, several):
    assert dict(terms_in("ROC AUC", binary))["ROC AUC"] == (
        "given one malignant case and one benign case, how often it gives the malignant one the higher "
        "probability; 0.5 is guessing, 1 is perfect"
    )
    classes = [
        found.model_copy(update={"name": "Yes" if found.name == "malignant" else "No"})
        for found in binary.evaluation.classes
    ]
    evaluation = binary.evaluation.model_copy(update={"classes": classes, "positive": "Yes"})
    facts = replace(binary, evaluation=evaluation, target="Churn")
    assert dict(terms_in("ROC AUC", facts))["ROC AUC"] == (
        "given one case where Churn is “Yes” and one case where Churn is “No”, how often it gives the first "
        "the higher probability; 0.5 is guessing, 1 is perfect"
    )
    assert dict(terms_in("a probability", several))["Probability"] == (
        "how sure the model says it is; of 100 cases given 80 %, about 80 should turn out so"
    )


def test_always_the_same_answer_is_drawn_in_grey(several):
    shown = str(page.how_good(several))
    assert shown.count('class="nb-beside"') == 40
    assert "nb-miss" not in shown


def test_links_to_more_can_be_left_out_of_print(several):
    assert '<a href="05_evaluation.html#classes" class="nb-all">All kinds</a>' in str(page.how_good(several))


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
    bars = [Bar("a <b>", "4.0 (3 to 5)", 4.0), Bar("b", "1.0", 1.0)]
    drawn = lengths(bars, whole=8.0, of="the whole gain", caption="A caption")
    assert 'aria-label="a &lt;b&gt;: 4.0 (3 to 5), 50 percent of the whole gain"' in drawn
    assert 'width="500"' in drawn
    assert "nb-whole" not in drawn
    drawn = lengths(bars, whole=2.0, of="the whole gain", caption="A caption")
    assert 'aria-label="a &lt;b&gt;: 4.0 (3 to 5), 200 percent of the whole gain"' in drawn
    assert 'width="250"' in drawn
    assert drawn.count('<path class="nb-whole" d="M500.0 0V24"/>') == 2


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_verdict_of_every_rule_can_be_shown(binary, rule):
    shown = as_text(
        page.opening(binary, Verdict(word=rule.word, rule=rule.name, reason="Because of 7 cases."))
    )
    assert "Because of 7 cases." in shown and rule.word.capitalize() in shown


def test_the_columns_stand_beside_the_whole_gain(binary, regression):
    shown = str(page.what_drives_it(binary))
    assert 'aria-label="Largest perimeter: 0.050 (0.030 to 0.070), 10 percent of the whole gain"' in shown
    assert "Largest perimeter 0.050 (0.030 to 0.070)\nDeepest dents 0.033 (0.010 to 0.050)" in as_text(shown)
    assert (
        "How much worse ROC AUC gets when a column is shuffled among the cases. A full bar is the whole gain "
        "over always answering “benign”: 0.491. It shows what the model relies on, not what causes the "
        "outcome. All columns\n1 other column makes no clear difference alone."
    ) in as_text(shown)
    assert "Body mass index 9.0 (5.0 to 13.0\u00a0points)" in as_text(page.what_drives_it(regression) or "")


def test_columns_that_count_for_more_than_the_whole_gain(regression):
    more = regression.evaluation.importance[0].model_copy(
        update={"worse_by": Estimate(value=30.0, low=19.0, high=38.0)}
    )
    facts = replace(regression, evaluation=regression.evaluation.model_copy(update={"importance": [more]}))
    shown = str(page.what_drives_it(facts))
    assert "Body mass index: 30 (19 to 38\u00a0points), 145 percent of the whole gain" in shown
    assert (
        "The upright line marks the whole gain over always guessing the average: 21\u00a0points."
        in as_text(shown)
    )


def test_without_a_gain_the_longest_bar_is_the_scale(binary):
    facts = replace(binary, evaluation=binary.evaluation.model_copy(update={"metrics": []}))
    shown = str(page.what_drives_it(facts))
    assert "Deepest dents: 0.033 (0.010 to 0.050), 66 percent of the longest bar" in shown
    assert "the whole gain" not in shown


def test_columns_that_say_the_same_are_told_together(binary):
    def shown(*groups):
        found = [
            GroupImportanceResult(
                columns=columns, label="", worse_by=Estimate(value=value, low=low, high=2 * value)
            )
            for columns, value, low in groups
        ]
        facts = replace(binary, evaluation=binary.evaluation.model_copy(update={"group_importance": found}))
        return as_text(page.what_drives_it(facts))

    named = [found.column for found in binary.evaluation.importance[:2]]
    assert "say much the same" not in shown()
    assert "say much the same" not in shown((named, 0.1, -0.01))
    assert (
        "“Largest perimeter” and “Deepest dents” say much the same, so that each can stand in for the others: "
        "shuffled together they make ROC AUC worse by 0.10 (0.05 to 0.20). So do 1 other group of columns"
    ).replace("So do 1", "So does 1") in shown((named, 0.1, 0.05), (["x", "<b>"], 0.02, 0.01))
    assert "“a”, “b”, “c” and 2 more columns say much the same" in shown((list("abcde"), 0.1, 0.05))


@pytest.mark.parametrize(
    ("share", "cases", "filled", "total"),
    [(0.976, 42, 98, 100), (1.0, 42, 42, 42), (0.0, 500, 0, 100), (0.999, 5000, 99, 100),
     (0.001, 5000, 1, 100), (0.625, 8, 5, 8)],
)  # fmt: skip
def test_people_are_filled_as_the_words_count_them(share, cases, filled, total):
    drawn = people(share, cases=cases, look="hit")
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


def test_the_reason_leads_to_where_its_numbers_were_computed(binary, unchecked):
    few = replace(binary, evaluation=binary.evaluation.model_copy(update={"rows": 20}))
    assert 'It was checked on only <a href="05_evaluation.html#holdout">20</a> cases;' in page.opening(
        few, decide(few)
    )
    assert "<a " not in page.opening(unchecked, decide(unchecked))


class Unlinked(HTMLParser):
    """Collects the numbers that stand outside links, where a reader may ask where they come from.

    What a word means, what a rule asks for and the scale of a figure are not computed; "100" is what counts
    are given of.
    """

    APART = frozenset({"a", "dd", "details"})

    def __init__(self) -> None:
        super().__init__()
        self.around: list[tuple[str, dict[str, str | None]]] = []
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.around.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.around.pop()[0] == tag

    def handle_data(self, data):
        apart = any(tag in self.APART or "aria-hidden" in attrs for tag, attrs in self.around)
        if not apart and set(re.findall(r"(?<!\w)\d[\d,.]*", re.sub("“.*?”", "", data))) - {"100"}:
            self.found.append(data)


def unlinked(facts: Facts) -> list[str]:
    reader = Unlinked()
    reader.feed(fragments(facts))
    return reader.found


def test_every_number_is_a_link(facts, binary, several):
    assert unlinked(facts) == []
    for changes in ({"rows": 20}, {"slices_examined": False}, {"openings": 3, "looks": 3}):
        assert unlinked(replace(binary, evaluation=binary.evaluation.model_copy(update=changes))) == []
    for given in (binary, several):
        asked = given.params.model_copy(update={"goal": 0.95})
        assert unlinked(replace(given, params=asked)) == []


def test_a_number_is_linked_with_what_belongs_to_it():
    said = "About 3rd and v1.2, 1,250\u00a0€ (likely between 40 and 60 of 100), −0.5 and 20\u00a0% of 7."
    assert numbers_linked(said, "x.html#y") == escaped(
        "About 3rd and v1.2, ", linked("1,250\u00a0€", "x.html#y"), " (",
        linked("likely between 40 and 60 of 100", "x.html#y"), "), ",
        linked("−0.5 and 20\u00a0% of 7", "x.html#y"), ".",
    )  # fmt: skip


def test_amounts_in_figures_and_mistakes_lead_to_their_places(binary):
    assert '<a href="05_evaluation.html#importance">0.050 (0.030 to 0.070)</a>' in (
        page.what_drives_it(binary) or ""
    )
    assert '<a href="05_evaluation.html#metrics">0.491</a>' in (page.what_drives_it(binary) or "")
    missed = 'it missed <a href="05_evaluation.html#confusion">1</a> malignant case'
    assert missed in (page.where_it_fails(binary) or "")
    assert '<a href="05_evaluation.html#classes">41 of the 42 checked; likely at least 88 of 100</a>' in (
        page.how_good(binary) or ""
    )


def test_the_weakest_first_is_said_only_where_one_is_weaker(several):
    assert "Found of each kind, the weakest first." in (page.how_good(several) or "")
    same = [found.model_copy(update={"found": Estimate(value=1.0)}) for found in several.evaluation.classes]
    all_right = replace(several, evaluation=several.evaluation.model_copy(update={"classes": same}))
    assert "Found of each kind. The line" in (page.how_good(all_right) or "")
