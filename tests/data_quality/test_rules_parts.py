import numpy as np
import pytest
from sklearn.datasets import load_iris, load_wine

from helpers.data_quality.parts import parts_of_number
from helpers.data_quality.rules_parts import target_parts
from helpers.findings import Severity


@pytest.fixture
def noise():
    return np.random.default_rng(0)


def test_a_target_that_is_a_sum_stops(make_table, ask, noise):
    columns = {name: noise.normal(size=200) for name in ("taste", "smell", "other")}
    y = np.round(columns["taste"] + columns["smell"], 3)
    found = ask(target_parts, make_table(y.tolist(), columns))
    assert found.severity is Severity.STOP
    assert found.message == (
        "The target is a sum of 2 features: 'taste', 'smell'. With fitted weights R² is above 0.9999 "
        "on rows not "
        "learnt from."
    )
    assert found.remedy == "Leave the parts out unless they are known beforehand: drop: [taste, smell]."
    assert found.columns == ("taste", "smell")


def test_a_target_that_is_a_product_stops(make_table, ask, noise):
    price, amount = noise.lognormal(size=200), noise.lognormal(size=200)
    found = ask(target_parts, make_table((price * amount).tolist(), {"price": price, "amount": amount}))
    assert found.severity is Severity.STOP
    assert found.message.startswith("The target is a product of 2 features: 'price', 'amount'.")


def test_one_huge_value_makes_no_sum(make_table, noise):
    x, y = noise.normal(size=200), noise.normal(size=200)
    x[0] = y[0] = x[1] = y[1] = 1e9
    assert parts_of_number(make_table(y.tolist(), {"x": x})) is None


def test_a_good_model_is_no_sum(make_table, ask, noise):
    x = noise.normal(size=200)
    found = ask(target_parts, make_table((x + 0.05 * noise.normal(size=200)).tolist(), {"x": x}))
    assert (found.severity, found.message) == (
        Severity.PASS,
        "The target is no sum or product of features (R² above 0.9999 was asked for).",
    )


def test_categories_that_decide_the_class_together_stop(make_table, ask, noise):
    drug, diet = noise.choice(["d1", "d2"], 300), noise.choice(["e1", "e2"], 300)
    y = np.char.add(drug, diet)
    found = ask(
        target_parts, make_table(y.tolist(), {"drug": drug, "diet": diet, "x": noise.normal(size=300)})
    )
    assert found.severity is Severity.STOP
    assert found.message == (
        "2 features decide the class together (each combination of their values has one class): "
        "'diet', 'drug'. "
        "They remove over 99.9 % (at least 99.0 %) of the error of guessing on rows not learnt from, the best of "
        "them alone 33.4 %."
    )
    assert found.remedy == "If they are part of how the outcome is defined: drop: [diet, drug]."


def test_three_columns_and_a_difference_are_found_too(make_table, ask, noise):
    parts = {name: noise.choice(["p", "q"], 400) for name in "abc"}
    three = ask(target_parts, make_table(["".join(row) for row in zip(*parts.values(), strict=True)], parts))
    assert sorted(three.columns) == ["a", "b", "c"]
    home, away = noise.normal(size=600), noise.normal(size=600)
    y = np.where(home > away, "home", "away")
    difference = ask(target_parts, make_table(y.tolist(), {"home": home, "away": away}))
    assert difference.severity is Severity.STOP
    assert "(by their difference)" in difference.message


def test_noise_decides_nothing(make_table, ask, noise):
    columns = {name: noise.choice(["p", "q"], 300) for name in "abc"}
    found = ask(target_parts, make_table(noise.choice(["s", "t"], 300).tolist(), columns))
    assert (found.severity, found.message) == (
        Severity.PASS,
        "No two or three features decide the class together.",
    )


def test_parts_need_rows_and_columns(make_table, ask, noise):
    few = ask(target_parts, make_table(list("ab") * 10, {"x": range(20)}))
    assert (few.severity, few.message) == (
        Severity.NOT_APPLICABLE,
        "Fewer than 50 development rows: too few to tell an exact rule from chance.",
    )
    one = ask(target_parts, make_table(noise.choice(["a", "b"], 60).tolist(), {"x": noise.normal(size=60)}))
    assert (one.severity, one.message) == (
        Severity.NOT_APPLICABLE,
        "Fewer than two features are left that do not give the target away alone.",
    )
    words = ask(target_parts, make_table(noise.normal(size=60).tolist(), {"city": ["Rome", "Oslo"] * 30}))
    assert (words.severity, words.message) == (
        Severity.NOT_APPLICABLE,
        "There are no features of numbers that could add up to the target.",
    )


def test_a_target_that_is_nearly_a_difference_warns(make_table, ask, noise):
    first, gain = 3 * noise.normal(size=300), noise.normal(size=300)
    columns = {"old": first, "new": first + gain + 0.05 * noise.normal(size=300), "x": noise.normal(size=300)}
    found = ask(target_parts, make_table(gain.tolist(), columns))
    assert (found.severity, found.columns) == (Severity.WARN, ("old", "new"))
    assert found.message.startswith(
        "The target is nearly a sum of 2 features: 'old', 'new'. With fitted weights R² "
    )


def test_columns_that_nearly_decide_together_warn(make_table, ask, noise):
    sent, closed = noise.choice(["agent", "branch"], 600), noise.choice(["agent", "branch"], 600)
    same = (sent == closed) ^ (noise.random(600) < 0.05)
    columns = {"sent": sent, "closed": closed, "x": noise.normal(size=600)}
    found = ask(target_parts, make_table(np.where(same, "fraud", "fine").tolist(), columns))
    assert (found.severity, set(found.columns)) == (Severity.WARN, {"sent", "closed"})
    assert found.message.startswith(
        "2 features nearly decide the class together (each combination of their values"
    )
    assert found.plain == "A few columns together nearly state the answer."


def test_one_class_of_several_may_be_decided(make_table, ask, noise):
    due, kind = 9 * noise.normal(size=900), noise.choice(["a", "b", "c"], 900)
    late = noise.random(900) < 0.4
    columns = {"due": due, "paid": due + np.where(late, 1, -1) * noise.uniform(0.5, 2, 900)}
    found = ask(target_parts, make_table(np.where(late, "late", kind).tolist(), columns))
    assert found.severity is Severity.STOP
    assert found.message.startswith(
        "2 features decide whether the class is 'late' together (by their difference)"
    )


@pytest.mark.parametrize("load", [load_iris, load_wine])
def test_a_class_that_one_column_tells_is_not_told_by_two(make_table, ask, load):
    bunch = load(as_frame=True)
    found = ask(target_parts, make_table([f"c{k}" for k in bunch.target], dict(bunch.data.items())))
    assert found.severity is Severity.PASS
