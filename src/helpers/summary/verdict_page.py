"""The decision table as a page of documentation, built from the rules themselves."""

from helpers.summary.facts import SMALL_SHARE
from helpers.summary.verdict import FEWEST_CASES, FEWEST_OF_A_CLASS, FEWEST_WITHOUT_GOAL, RULES, Rule
from helpers.wording import capital, percent

_LEAD = (
    "# How a verdict is reached\n\n"
    "The summary of a run ends in one of four words: use it · promising, not yet · do not use · cannot tell. "
    "They come from this table. Its rows are asked from the top; the first that applies gives the verdict, "
    "and its name is recorded in `run.json` beside the reason. The summary lists, folded, which rows were "
    "asked before, and which could not be examined.\n\n"
    "Intervals are 95 % intervals on the holdout; a gain is paired, the model minus the baseline on the same "
    f"rows. A gain is small below {percent(SMALL_SHARE)} of the way from the baseline to a perfect score. “A "
    "fixed answer” is the baseline: the same answer for every case. Thresholds: "
    f"{FEWEST_CASES} checked cases, {FEWEST_WITHOUT_GOAL} where no `goal` says what is enough, "
    f"{FEWEST_OF_A_CLASS} of each of two classes.\n\n"
    "| | row | decides by | applies when | verdict |\n| --- | --- | --- | --- | --- |\n"
)
_END = (
    "\nThis page is written by `tools/verdict_table.py` from `src/helpers/summary/verdict.py`; a test "
    "compares the two, and each row has a test of its own in `tests/summary/test_summary_verdict.py`.\n"
)


def verdict_page() -> str:
    """Return the page as Markdown."""
    return _LEAD + "".join(_row(number, rule) for number, rule in enumerate(RULES, start=1)) + _END


def _row(number: int, rule: Rule) -> str:
    return f"| {number} | {rule.name} | {rule.looks_at} | {capital(rule.plain)} | **{rule.word}** |\n"
