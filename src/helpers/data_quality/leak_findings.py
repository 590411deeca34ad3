"""What the prices of suspects add to the findings: their words, and the columns that are merely strong."""

from collections.abc import Sequence
from dataclasses import replace

from helpers.data_quality.leak_prices import FEWEST_ROWS, STRONG, LeakPrices, Suspect
from helpers.data_quality.phrases import counted, named
from helpers.findings import SERIOUS, Finding, Severity
from helpers.wording import percent

STRONG_CODE, STRONG_KIND = "Q155", "strong_column"
# Of splits the findings tell the price themselves.
TOLD = ("Q161", "Q162", "Q163")


def with_prices(findings: Sequence[Finding], suspects: Sequence[Suspect]) -> list[Finding]:
    """Return the findings, each that suspects something with the price of its dearest suspect."""
    dearest: dict[str, Suspect] = {}
    for suspect in sorted(suspects, key=lambda each: -each.price.loss):
        if suspect.code not in TOLD:
            dearest.setdefault(suspect.code, suspect)
    return [
        replace(finding, message=f"{finding.message} {price_words(dearest[finding.code])}")
        if finding.code in dearest and finding.severity in SERIOUS
        else finding
        for finding in findings
    ]


def price_words(suspect: Suspect) -> str:
    """Return what a small model scores with and without the suspect, in a sentence."""
    price = suspect.price
    what = {
        "gaps": f"the gaps of {named(suspect.columns)}",
        "row order": "a row's place",
    }.get(suspect.what, named(suspect.columns))
    return f"With {what} a small model reaches {price.measure} {price.flattered}, without {price.honest}."


def strong_finding(prices: LeakPrices) -> Finding:
    """Return the finding on columns that a model cannot do without, though none gives the answer away."""
    strong = prices.strong
    if not prices.apply:
        reason = f"Fewer than {FEWEST_ROWS} development rows, or no feature to leave out."
        return Finding(STRONG_CODE, STRONG_KIND, Severity.NOT_APPLICABLE, reason, reason)
    if not strong:
        silent = f"No single feature surely costs a small model {percent(STRONG)} of the error of guessing."
        return Finding(STRONG_CODE, STRONG_KIND, Severity.PASS, silent, silent)
    names = tuple(suspect.columns[0] for suspect in strong)
    return Finding(
        STRONG_CODE,
        STRONG_KIND,
        Severity.NOTE,
        f"{counted(len(names), 'feature', 'is', 'are')} strong and, as far as the rows tell, honestly so: "
        f"{named(names)}. {price_words(strong[0])}",
        "The result hangs most on a few columns: make sure that they are known beforehand.",
        "Nothing, if they are known when the model is used.",
        names,
        tuple(
            {
                "column": suspect.columns[0],
                f"{suspect.price.measure}, with": str(suspect.price.flattered),
                f"{suspect.price.measure}, without": str(suspect.price.honest),
            }
            for suspect in strong
        ),
    )
