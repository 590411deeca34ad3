"""The page: one function a section, from facts to an escaped fragment of HTML."""

from collections.abc import Sequence

from helpers.display import show_page
from helpers.results import Verdict
from helpers.summary import checks, costs, drivers, failures, next_steps, places, sentences
from helpers.summary.card_text import Card, as_markup
from helpers.summary.facts import Facts
from helpers.summary.glossary import terms_in
from helpers.summary.how_good import how_good
from helpers.summary.markup import Markup, as_text, element, escaped, linked, numbers_linked
from helpers.summary.parts import paragraphs, section
from helpers.summary.verdict import RULES, Rule
from helpers.wording import capital

__all__ = [
    "how_good", "how_sure", "mistakes_cost", "model_card", "opening", "show", "what_could_be_wrong",
    "what_drives_it", "what_next", "where_it_fails", "whole", "words_used",
]  # fmt: skip

_PLACES = {
    "findings of leakage": places.QUALITY_FINDINGS,
    "findings of the data's quality": places.QUALITY_FINDINGS,
    "interval against the baseline": places.METRICS,
    "goal": places.METRICS,
    "costs": places.COSTS,
    "size of the holdout": places.HOLDOUT,
    "use of the holdout": places.HOLDOUT,
    "calibration": places.CALIBRATION,
    "weak slices": places.SLICES,
    "fairness": places.FAIRNESS,
    "all of the above": places.METRICS,
}
_LOOK = {"use it": "use", "promising, not yet": "promising", "do not use": "not", "cannot tell": "unknown"}


def opening(facts: Facts, verdict: Verdict) -> Markup:
    """Return the verdict with its reason and the rules that led to it; the page's heading is the question."""
    box = element(
        "div",
        element("p", capital(verdict.word), class_="nb-word"),
        element("p", numbers_linked(verdict.reason, _PLACES[_deciding(verdict).looks_at])),
        _rules(facts, verdict),
        class_=f"nb-verdict nb-verdict-{_LOOK[verdict.word]}",
    )
    return element("section", box, class_="nb-summary", aria_label="The verdict")


def how_sure(facts: Facts) -> Markup:
    """Return on how many unseen cases the numbers rest, and what the verdict compared."""
    if not facts.evaluation.evaluated:
        said = [sentences.not_measured(facts), sentences.from_cross_validation(facts)]
        return section("how-sure", "How good is it, and how sure is that?", paragraphs(said))
    first = [sentences.checked_on(facts), sentences.one_case_more(facts)]
    return section(
        "how-sure", "How sure is that?",
        paragraphs(first), paragraphs([sentences.by_the_metric(facts), sentences.goal(facts)]),
    )  # fmt: skip


def mistakes_cost(facts: Facts) -> Markup | None:
    """Return what mistakes cost, where the params say what each costs."""
    said = costs.of_mistakes(facts)
    if said is None:
        return None
    return section("costs", "What does a mistake cost?", paragraphs([said, costs.threshold(facts)]))


def what_drives_it(facts: Facts) -> Markup | None:
    """Return what kind of model answers, and the columns that it relies on."""
    said = paragraphs([drivers.what_answers(facts)])
    figure = drivers.figure(facts) or ""
    rest = paragraphs([drivers.shared_weight(facts), drivers.the_rest(facts)])
    return section("drivers", "What drives it?", said, figure, rest) if said or figure or rest else None


def where_it_fails(facts: Facts) -> Markup | None:
    """Return the mistakes and the groups of cases in which they gather."""
    if not facts.evaluation.evaluated:
        return None
    groups = failures.weak_groups(facts)
    listed = element("ul", *(element("li", group) for group in groups)) if groups else ""
    lead = failures.weak_lead(facts)
    said = [failures.mistakes(facts), lead or failures.no_group(facts), failures.suspect(facts)]
    return section("failures", "Where does it fail?", paragraphs(said), listed)


def what_could_be_wrong(facts: Facts) -> Markup:
    """Return the table of what was checked before the numbers are believed."""
    head = element("tr", *(element("th", title, scope="col") for title in ("Checked", "Result")))
    rows = (
        element(
            "tr",
            element("th", check.question, scope="row"),
            element(
                "td", element("span", check.mark, class_=f"nb-mark nb-mark-{check.mark}"), " ",
                linked(check.result, check.place),
            ),
        )
        for check in checks.all_checks(facts)
    )  # fmt: skip
    said = "What was checked before the numbers are believed"
    caption = element("caption", said)
    table = element("table", caption, element("thead", head), element("tbody", *rows))
    box = element("div", table, class_="nb-table nb-checks", role="region", aria_label=said, tabindex="0")
    return section("doubts", "What could be wrong?", box)


def what_next(facts: Facts, verdict: Verdict) -> Markup | None:
    """Return what to do next, numbered."""
    steps = next_steps.next_steps(facts, verdict)
    return (
        section("next", "What next?", element("ol", *(element("li", step) for step in steps)))
        if steps
        else None
    )


def words_used(facts: Facts, shown: Sequence[Markup | None]) -> Markup | None:
    """Return the glossary of the terms that the fragments shown so far use."""
    text = "\n".join(as_text(fragment, without_folded=True) for fragment in shown if fragment)
    terms = terms_in(text, facts)
    items = (element("div", element("dt", word), element("dd", meaning)) for word, meaning in terms)
    return section("words", "Words used here", element("dl", *items)) if terms else None


def model_card(card: Card) -> Markup:
    """Return the model card, folded: it is for whoever takes the model over."""
    return as_markup(card)


def show(*fragments: Markup | None) -> None:
    """Show the sections that there are."""
    for fragment in fragments:
        if fragment:
            show_page(fragment, text=as_text(fragment))


def whole(facts: Facts, verdict: Verdict) -> list[Markup]:
    """Return every section that applies, in the order of the page."""
    shown = [
        opening(facts, verdict), how_good(facts), how_sure(facts), mistakes_cost(facts),
        what_drives_it(facts), where_it_fails(facts), what_could_be_wrong(facts), what_next(facts, verdict),
    ]  # fmt: skip
    return [fragment for fragment in [*shown, words_used(facts, shown)] if fragment]


def _deciding(verdict: Verdict) -> Rule:
    """Return the row of the decision table that gave the verdict."""
    return next(rule for rule in RULES if rule.name == verdict.rule)


def _rules(facts: Facts, verdict: Verdict) -> Markup:
    """Return the decision table, folded: the row that decided, what was not examined, and the other rows."""
    decided = _deciding(verdict)
    before = RULES[: RULES.index(decided)]
    unknown = [rule.unknown for rule in before if rule.examined(facts) is False]
    settled = [rule.otherwise for rule in before if rule.examined(facts)]
    intro = element(
        "p",
        "Rules are asked in a fixed order; the first that applies gives the verdict. "
        "A fixed answer is the same for every case, given without looking.",
    )
    summary = element("summary", "How this verdict was reached")
    parts = [
        element("p", "This rule decided: ", element("b", f"{decided.plain}: {decided.word}"), "."),
        _listed("Not examined:", unknown),
        _listed("What the rules before it found:", settled),
    ]
    return element("details", summary, *parts, intro, class_="nb-rules")


def _listed(lead: str, said: Sequence[str]) -> Markup:
    if not said:
        return Markup("")
    return escaped(element("p", lead), element("ul", *(element("li", f"{text}.") for text in said)))
