"""The words that a reader may not know, explained; the page shows only those that it used."""

import re
from dataclasses import dataclass

from helpers.metrics import METRICS, Metric
from helpers.summary.facts import Facts
from helpers.summary.names import cases_of, is_word
from helpers.wording import capital, quoted


@dataclass(frozen=True)
class Term:
    """A word and what it means.

    Attributes
    ----------
    word : str
        As the glossary shows it.
    pattern : str
        Regular expression that finds it in the page's text.
    meaning : str
        In words that need no explanation themselves.
    """

    word: str
    pattern: str
    meaning: str


_TERMS: tuple[Term, ...] = (
    Term("Case", r"\bcases?\b", "one row of the table, for instance one person, one order or one day"),
    Term(
        "False alarm", r"\bfalse alarms?\b",
        "it names a case that is none",
    ),
    Term(
        "Likely between", r"\blikely (between|at least|at most)\b",
        "how far chance could have moved the number: if the check were repeated with other cases like these, "
        "about 95 of 100 such ranges would hold the true value",
    ),
    Term(
        "Cross-validation", r"\b[Cc]ross-validation\b",
        "the cases are cut into parts, and each part is answered by a model that has not seen it",
    ),
    Term("Model", r"\bmodels?\b", "the rule that the computer worked out from past cases"),
    Term(
        "Probability", r"\bprobabilit(y|ies)\b",
        "how sure the model says it is; of 100 cases given 80 %, about 80 should turn out so",
    ),
    Term("Confirmed", r"\bconfirmed\b", "seen again in other cases, and more than chance alone would do"),
)  # fmt: skip


def terms_in(text: str, facts: Facts) -> list[tuple[str, str]]:
    """Return the words of the glossary that the text uses, with their meanings, in alphabetical order.

    The headline metric is explained in the words of `helpers.metrics`; a metric's name counts only as a
    whole word.
    """
    used = [(term.word, _for_task(term, facts)) for term in _TERMS if re.search(term.pattern, text)]
    used += [
        (capital(metric.label), _of_metric(metric, facts))
        for metric in METRICS.values()
        if metric is facts.metric and re.search(rf"(?<!\w){re.escape(metric.label)}(?!\w)", text)
    ]
    return sorted(used, key=lambda item: item[0].lower())


def _of_metric(metric: Metric, facts: Facts) -> str:
    """Return a metric's meaning, for ROC AUC with this table's own classes."""
    positive, negative = facts.positive, facts.negative
    if metric.name != "roc_auc" or positive is None or negative is None:
        return metric.plain
    one, other = (cases_of(found.name, facts, amount=1) for found in (positive, negative))
    first = f"the {positive.name} one" if is_word(positive.name) else "the first"
    return (
        f"given one {one} and one {other}, how often it gives {first} the higher probability; "
        "0.5 is guessing, 1 is perfect"
    )


def _for_task(term: Term, facts: Facts) -> str:
    """Return the term's meaning, with this table's own classes where that makes it plainer."""
    positive, negative = facts.positive, facts.negative
    if term.word == "False alarm" and positive and negative:
        return f"one of the {cases_of(negative.name, facts)} that it calls {quoted(positive.name)}"
    return term.meaning
