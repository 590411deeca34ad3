"""Prices of suspects on tables where it is known what each is worth."""

import numpy as np
import pytest

from helpers.data_quality.context import Context
from helpers.data_quality.leak_findings import price_words, strong_finding, with_prices
from helpers.data_quality.leak_prices import LeakPrices
from helpers.data_quality.prices_report import advice_words, splits_table, suspects_table, suspects_words
from helpers.data_quality.run import examine
from helpers.data_quality.split_advice import SplitAdvice
from helpers.findings import Severity


@pytest.fixture(scope="module")
def leaky():
    """Rows whose class hangs weakly on x; gift states it, and gaps of g come with class a alone."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=400)
    y = np.where(x + rng.normal(size=400) > 0, "a", "b")
    return y, {
        "gift": np.where(y == "a", 5.0, 7.0) + rng.normal(size=400) / 9,
        "x": x,
        "g": np.where((y == "a") & (rng.random(400) < 0.7), np.nan, rng.normal(size=400)),
    } | {f"n{i}": rng.normal(size=400) for i in range(3)}


@pytest.fixture(scope="module")
def examined(leaky, make_table, develop):
    y, columns = leaky
    development = develop(make_table(y.tolist(), columns))
    return development, examine(development, advice=SplitAdvice())


def test_each_suspect_has_its_score_with_and_without(examined):
    _, found = examined
    gift = next(each for each in found.suspects if each.columns == ("gift",))
    assert (gift.what, gift.code, gift.severity, gift.lines) == (
        "column",
        "Q151",
        Severity.STOP,
        {"drop": ["gift"]},
    )
    assert gift.decision == "gives the answer away"
    assert gift.price.flattered.value > 0.99 > 0.9 > gift.price.honest.value > 0.6
    gaps = next(each for each in found.suspects if each.what == "gaps")
    assert (gaps.columns, gaps.decision) == (("g",), "too much hangs on it")
    assert gaps.price.is_sure


def test_findings_tell_the_price_of_their_dearest_suspect(examined):
    _, found = examined
    leak = next(each for each in found.findings if each.code == "Q151")
    gift = next(each for each in found.suspects if each.columns == ("gift",))
    assert leak.message.endswith(f" {price_words(gift)}")
    assert price_words(gift).startswith("With 'gift' a small model reaches AUC 1.00 (0.99")
    order = next(each for each in found.findings if each.code == "Q154")
    assert "small model" not in order.message


def test_what_is_merely_strong_is_noted(examined):
    _, found = examined
    strong = next(each for each in found.findings if each.code == "Q155")
    assert strong.severity is Severity.NOTE
    assert strong.columns[0] == "x"
    assert " strong and, as far as the rows tell, honestly so: 'x'" in strong.message
    assert next(each for each in found.suspects if each.columns == ("x",)).decision == "merely strong"


def test_noise_has_no_strong_column_and_few_rows_do_not_apply(make_table, develop):
    rng = np.random.default_rng(0)
    columns = {name: rng.normal(size=200) for name in "abc"}
    context = Context(develop(make_table(rng.normal(size=200).tolist(), columns)), advice=SplitAdvice())
    prices = LeakPrices(context, [])
    assert (prices.suspects, prices.strong) == ([], [])
    silent = strong_finding(prices)
    assert (silent.severity, silent.message) == (
        Severity.PASS,
        "No single feature surely costs a small model 2 % of the error of guessing.",
    )
    few = Context(develop(make_table([0.0, 1.0], {"a": [1.0, 2.0]})), advice=SplitAdvice())
    assert LeakPrices(few, []).strong == LeakPrices(few, []).suspects == []
    assert strong_finding(LeakPrices(few, [])).severity is Severity.NOT_APPLICABLE
    assert with_prices([silent], []) == [silent]


def test_the_tables_say_what_was_priced(examined):
    development, found = examined
    table = suspects_table(found.suspects)
    assert list(table) == ["suspect", "decision", "AUC with", "AUC without", "lost", "to take it out"]
    assert table.iloc[0]["decision"] in ("gives the answer away (Q151)", "gives the answer away (Q102)")
    row = table[table["suspect"] == "'gift'"].iloc[0]
    assert row["to take it out"] == "drop: [gift]"
    assert suspects_words(found.suspects, rows=400) == (
        f"{len(found.suspects)} suspects: the score of one small forest with and without each, on the same five "
        "folds of 400 rows, beside the strongest features that nothing speaks against; in brackets 95 % "
        "intervals. 'Lost' is in shares of the error of guessing."
    )
    assert splits_table(SplitAdvice()).empty
    assert (
        advice_words(SplitAdvice(), development)
        == "Nothing asks for a split other than the none one that was made."
    )
    assert advice_words(SplitAdvice(failed="ValueError: no room"), development) == (
        "Whether a split other than the none one that was made is needed is unknown: the ways of splitting could not "
        "be compared (ValueError: no room)."
    )
