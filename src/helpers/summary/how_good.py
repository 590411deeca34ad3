"""How good it is: cards with counts, and a figure with the baseline beside, for each task."""

from typing import Literal

from helpers.metrics import Task
from helpers.results import ClassResult, Estimate
from helpers.summary import places, sentences
from helpers.summary.facts import Facts
from helpers.summary.figures import Bar, dots, nice_top, people
from helpers.summary.markup import Markup, escaped, linked, more
from helpers.summary.names import baseline, baseline_short, cases_of, cases_that
from helpers.summary.parts import card, cards, paragraphs, section
from helpers.wording import (
    FEW_CASES,
    capital,
    count,
    likely_of_hundred,
    measured,
    name,
    number,
    of_hundred,
    with_unit,
)  # fmt: skip

TITLE = "How good is it?"
MODEL = "This model"
RANGE = "The line around the dot is the range that is likely, given how many were checked."
MOST_CLASSES = 8
HUNDRED = ("0", "50", "100 of 100")


def how_good(facts: Facts) -> Markup | None:
    """Return the section, or None where nothing was evaluated."""
    if not facts.evaluation.evaluated:
        return None
    if facts.task is Task.BINARY:
        return _two_classes(facts)
    return _several_classes(facts) if facts.task is Task.MULTICLASS else _numbers(facts)


def _two_classes(facts: Facts) -> Markup | None:
    positive, negative = facts.positive, facts.negative
    if positive is None or negative is None:
        return None
    found = card(
        linked(_big(positive.found, positive.rows), places.CLASSES),
        cases_that(positive.name, facts, "found"),
        _detail(sentences.found_detail(positive), places.CLASSES),
        picture=_people(positive.found, positive.rows, look="hit"),
    )
    alarm = card(
        linked(_big(positive.false_alarm, negative.rows), places.CLASSES),
        cases_that(negative.name, facts, "that raised a false alarm"),
        _detail(sentences.alarm_detail(positive, negative), places.CLASSES),
        picture=_people(positive.false_alarm, negative.rows, look="miss"),
    )
    said = paragraphs(
        [sentences.set_by_costs(facts), sentences.when_it_says(facts), sentences.beside_baseline(facts)]
    )
    return section(
        "how-good", TITLE, _caution(facts), cards(found, alarm), _both_figure(positive, negative, facts), said
    )


def _both_figure(positive: ClassResult, negative: ClassResult, facts: Facts) -> Markup:
    """Return the figure with what is found and what raises a false alarm, each beside the baseline's."""
    fixed = baseline_short(facts)
    sides = (
        ("Found", positive.found, positive.baseline_found, positive.rows),
        ("False alarms", positive.false_alarm, positive.baseline_false_alarm, negative.rows),
    )
    bars = []
    for what, share, beside, rows in sides:
        if facts.selection.chosen != "baseline":
            bars.append(_share_bar(f"{what}: {MODEL.lower()}", share, rows))
        if beside is not None:
            bars.append(_beside(f"{what}: {fixed[:1].lower()}{fixed[1:]}", beside, rows))
    kind, others = cases_of(positive.name, facts), cases_of(negative.name, facts)
    caption = f"Found of 100 {kind}; false alarms of 100 {others}. {RANGE}"
    return dots(bars, top=1.0, ends=HUNDRED, caption=caption)


def _several_classes(facts: Facts) -> Markup:
    rows, overall = facts.evaluation.rows, sentences.overall_share(facts)
    content = []
    if overall.value is not None:
        ends = likely_of_hundred(overall.low, overall.high)
        content.append(
            card(
                linked(_big(overall, rows), places.METRICS),
                "answers right",
                _detail(capital(ends), places.METRICS),
                picture=_people(overall, rows, look="hit"),
            )
        )
    base = sentences.baseline_share(facts)
    if base is not None:
        text = capital(of_hundred(base, cases=rows))
        picture = people(base, cases=rows, look="beside")
        says = f"would be right by {baseline(facts)}"
        content.append(card(linked(text, places.METRICS), says, "", picture=picture))
    ordered = sorted(
        facts.evaluation.classes, key=lambda found: found.found.value if found.found.value is not None else 2
    )
    shown, hidden = ordered[:MOST_CLASSES], ordered[MOST_CLASSES:]
    bars = [_share_bar(name(found.name, limit=40), found.found, found.rows) for found in shown if found.rows]
    order = ", the weakest first" if len({found.found.value for found in shown}) > 1 else ""
    caption = f"Found of each kind{order}. {RANGE}"
    if hidden:
        caption += f" {capital(count(len(hidden), 'more kind'))} did no worse than these."
    figure = dots(bars, top=1.0, ends=HUNDRED, caption=escaped(caption, more("All kinds", places.CLASSES)))
    return section("how-good", TITLE, _caution(facts), cards(*content), figure)


def _numbers(facts: Facts) -> Markup | None:
    errors = facts.evaluation.errors
    if errors is None or errors.typical.value is None:
        return None
    value, ends = measured(errors.typical.value, errors.typical.low, errors.typical.high, unit=facts.unit)
    half = card(
        linked(value, places.ERRORS),
        "half of the answers are off by less than this",
        _detail(capital(ends), places.ERRORS),
    )
    content = [half]
    if errors.nine_of_ten.value is not None:
        most, ends = measured(
            errors.nine_of_ten.value, errors.nine_of_ten.low, errors.nine_of_ten.high, unit=facts.unit
        )
        content.append(
            card(
                linked(most, places.ERRORS),
                "nine of ten answers are off by less than this",
                _detail(capital(ends), places.ERRORS),
            )
        )
    beside = with_unit(number(errors.baseline_typical, digits=2), facts.unit)
    bars = [
        Bar(
            MODEL,
            linked(value, places.ERRORS),
            errors.typical.value,
            errors.typical.low,
            errors.typical.high,
        ),
        Bar(baseline_short(facts), linked(beside, places.METRICS), errors.baseline_typical, look="beside"),
    ]
    top = nice_top(max(errors.baseline_typical, errors.typical.high or errors.typical.value))
    axis = ("0", number(top / 2), with_unit(number(top), facts.unit))
    figure = dots(bars, top=top, ends=axis, caption="Half of the answers are off by less than this.")
    return section(
        "how-good",
        TITLE,
        _caution(facts),
        cards(*content),
        figure,
        paragraphs([sentences.errors_in_proportion(facts)]),
    )


def _detail(text: str, place: str) -> Markup:
    """Return what stands small below a number, with a link; nothing where there is nothing to say."""
    return linked(text, place) if text else Markup("")


def _caution(facts: Facts) -> Markup:
    return paragraphs([sentences.caution(facts)])


def _people(share: Estimate, cases: int, *, look: Literal["hit", "miss"]) -> Markup:
    return people(share.value, cases=cases, look=look) if share.value is not None else Markup("")


def _big(share: Estimate, cases: int) -> str:
    return "–" if share.value is None else capital(of_hundred(share.value, cases=cases))


def _share_bar(label: str, share: Estimate, cases: int) -> Bar:
    value = share.value or 0.0
    text = "–" if share.value is None else _in_line(share.value, cases)
    return Bar(label, linked(text, places.CLASSES), value, share.low, share.high)


def _beside(label: str, share: float, cases: int) -> Bar:
    return Bar(label, linked(_in_line(share, cases), places.METRICS), share, look="beside")


def _in_line(share: float, cases: int) -> str:
    """Return a share as a figure's lines give it: all and none 'of 100' too, so that lines compare."""
    if cases >= FEW_CASES and share in (0.0, 1.0):
        return f"{100 * share:.0f} of 100"
    return capital(of_hundred(share, cases=cases))
