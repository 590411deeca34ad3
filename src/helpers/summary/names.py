"""What the summary calls the rows, the classes and the baseline."""

import re

from helpers.metrics import Task
from helpers.summary.facts import Facts
from helpers.wording import name, plural, quoted

CASE = "case"  # one row of the table: the word that people from any field use
_WORD = re.compile(r"[^\W\d_]{3,}([ -][^\W\d_]+){0,2}")
_ANSWERS = frozenset(
    {"yes", "true", "false", "nan", "none", "not", "unknown", "other", "positive", "negative"}
)
LONGEST_WORD = 24
ABSOLUTE = frozenset({"mae", "median_absolute_error"})
# What these judge is probabilities, and the baseline's are the shares of the classes.
OF_PROBABILITIES = frozenset({"log_loss", "brier_score"})


def counted(amount: int) -> str:
    """Return so many cases: '1 case', '114 cases'."""
    return f"{amount:,} {CASE if amount == 1 else plural(CASE)}"


def cases_of(name_: str, facts: Facts, *, amount: int = 2) -> str:
    """Return what cases of a class are called.

    'malignant cases' where the class is a plain word, 'cases where Churn is “Yes”' where the class alone
    says too little, and the class in quotation marks where it is long or has other characters.
    """
    return _case(name_, facts, "", amount)


def cases_that(name_: str, facts: Facts, did: str) -> str:
    """Return cases of a class with what happened to them.

    'malignant cases found', or 'cases found where Churn is “Yes”'.
    """
    return _case(name_, facts, f" {did}", 2)


def is_word(name_: str) -> bool:
    """Whether a class's name can stand before 'cases': a plain word that says enough alone."""
    return bool(len(name_) <= LONGEST_WORD and _WORD.fullmatch(name_) and name_.lower() not in _ANSWERS)


def _case(name_: str, facts: Facts, did: str, amount: int) -> str:
    noun = CASE if amount == 1 else plural(CASE)
    if is_word(name_):
        return f"{name_} {noun}{did}"
    return f"{noun}{did} where {name(facts.target, limit=40)} is {quoted(name_)}"


def baseline(facts: Facts) -> str:
    """Return what the baseline does, as it stands in a sentence: 'always answering “benign”'."""
    if facts.task is Task.REGRESSION:
        return f"always guessing the {_middle(facts)}"
    return (
        f"always answering {quoted(facts.frequent)}"
        if facts.frequent
        else "always giving the most frequent answer"
    )


def baseline_scored(facts: Facts) -> str:
    """Return what the baseline does where the headline metric counts, as it stands in a sentence."""
    if facts.metric.name in OF_PROBABILITIES:
        return "always stating how common each answer is"
    return baseline(facts)


def baseline_short(facts: Facts) -> str:
    """Return the baseline's name in a figure."""
    if facts.task is Task.REGRESSION:
        return f"Always the {_middle(facts)}"
    return f"Always {quoted(facts.frequent, limit=20)}" if facts.frequent else "Always the most frequent"


def _middle(facts: Facts) -> str:
    """Return which middle the baseline of a regression guesses: it follows the metric."""
    return "middle value" if facts.metric.name in ABSOLUTE else "average"
