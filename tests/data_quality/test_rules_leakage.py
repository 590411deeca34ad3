import re

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris, load_wine

from helpers.data_quality.context import Context
from helpers.data_quality.rules_leakage import deciding_level, model_output, target_leak
from helpers.findings import Severity


@pytest.fixture
def noise():
    return np.random.default_rng(0)


def classes(noise, rows=300):
    return noise.choice(["a", "b"], rows)


def test_a_column_that_states_the_class_stops(make_table, ask, noise):
    y = classes(noise)
    columns = {"gift": np.where(y == "a", 5.0, 7.0) + noise.normal(size=300) / 9, "x": noise.normal(size=300)}
    found = ask(target_leak, make_table(y.tolist(), columns))
    assert found.severity is Severity.STOP
    assert found.message == (
        "1 feature predicts the target nearly perfectly alone: 'gift'. 'gift' removes 100.0 % (99.0 "
        "% to 100.0 %) "
        "of the error of guessing on rows not learnt from; surely 95 % gives the answer away."
    )
    assert found.plain == (
        "A column all but states the answer, so that the result would look far better than it is."
    )
    assert found.remedy == (
        "If it is known only after the outcome, leave it out: drop: [gift]. If it names a person or "
        "a thing whose "
        "rows share one answer, give it as `group`."
    )
    assert found.columns == ("gift",)


def test_a_monotone_copy_of_a_number_stops_whatever_its_scale(make_table, ask, noise):
    y = noise.lognormal(0, 3, 500)
    found = ask(target_leak, make_table(y.tolist(), {"copy": np.log(y), "x": noise.normal(size=500)}))
    assert found.severity is Severity.STOP
    assert found.columns == ("copy",)


def test_a_category_that_states_the_class_stops(make_table, ask, noise):
    y = classes(noise)
    found = ask(target_leak, make_table(y.tolist(), {"outcome": np.where(y == "a", "won", "lost")}))
    assert found.severity is Severity.STOP


@pytest.mark.parametrize("load", [load_iris, load_wine, load_breast_cancer, load_diabetes])
def test_strong_columns_of_clean_tables_are_no_leaks(make_table, ask, load):
    bunch = load(as_frame=True)
    y = bunch.target.astype(float) if load is load_diabetes else bunch.target.map(lambda k: f"c{k}")
    found = ask(target_leak, make_table(y.tolist(), dict(bunch.data.items())))
    assert found.severity is Severity.PASS
    assert re.fullmatch(
        r"No feature alone gives the target away; the strongest, '.+', removes [\d.]+ % \([\d.]+ % to "
        r"[\d.]+ %\) of "
        r"the error of guessing\.",
        found.message,
    )


def test_rare_levels_are_no_leak(make_table, ask, noise):
    names = [f"n{i}" for i in noise.integers(0, 250, 300)]
    assert ask(target_leak, make_table(classes(noise).tolist(), {"name": names})).severity is Severity.PASS


def test_a_column_far_above_all_others_warns(make_table, ask, noise):
    y = classes(noise, 600)
    hint = np.where(noise.random(600) < 0.05, noise.choice(["a", "b"], 600), y)
    columns = {"hint": hint} | {f"x{i}": noise.normal(size=600) for i in range(4)}
    found = ask(target_leak, make_table(y.tolist(), columns))
    assert found.severity is Severity.WARN
    assert re.fullmatch(
        r"1 feature stands far above all others: 'hint'\. 'hint' alone removes [\d.]+ % \([\d.]+ % to "
        r"[\d.]+ %\) of "
        r"the error of guessing, the next best, 'x\d', (under )?\d %\.",
        found.message,
    )
    assert found.remedy == (
        "If the value is known only after the outcome, or recorded because of it, leave it out: drop: [hint]."
    )


def test_leaks_need_rows_and_features(make_table, ask):
    few = ask(target_leak, make_table(list("ab") * 10, {"x": range(20)}))
    assert (few.severity, few.message) == (
        Severity.NOT_APPLICABLE,
        "Fewer than 30 development rows: a leak cannot be told from chance.",
    )


def test_a_sample_says_so_and_is_the_same_every_time(make_table, develop):
    rng = np.random.default_rng(0)
    x = rng.normal(size=20_100)
    table = make_table(np.where(x > 0, "a", "b").tolist(), {"x": x})
    first, second = (target_leak(table, Context(develop(table), seed=3)) for _ in range(2))
    assert first == second
    assert first[0].message.endswith(" Measured on 20,000 of 20,100 rows, drawn at random.")


def test_a_column_of_probabilities_warns(make_table, ask, noise):
    p = noise.random(2_000)
    y = np.where(noise.random(2_000) < p, "yes", "no")
    found = ask(model_output, make_table(y.tolist(), {"p": p, "x": noise.normal(size=2_000)}))
    assert found.severity is Severity.WARN
    assert found.message == (
        "1 feature reads like the answer of another model: 'p'. Among rows with a value near p in "
        "'p', a share of "
        "about p is of class 'yes' (within 5 %)."
    )
    assert found.remedy == ("Unless that model will be run for new rows too, and never saw these: drop: [p].")


def test_shares_that_are_no_probabilities_pass(make_table, ask, noise):
    x = noise.random(2_000)
    y = np.where(noise.random(2_000) < 0.5 + (x - 0.5) / 4, "yes", "no")
    found = ask(model_output, make_table(y.tolist(), {"x": x}))
    assert (found.severity, found.message) == (
        Severity.PASS,
        "No feature reads like the probability of a class, as another model would state it.",
    )
    number = ask(model_output, make_table(x.tolist(), {"x": x}))
    assert (number.severity, number.message) == (
        Severity.NOT_APPLICABLE,
        "The target is a number; probabilities of a class are looked for here.",
    )


def test_the_answer_that_goes_with_a_probability_is_named_too(make_table, ask, noise):
    p = noise.random(2_000)
    y = np.where(noise.random(2_000) < p, "yes", "no")
    columns = {"p": p, "said": 1.0 * (p > 0.5), "coin": 1.0 * (noise.random(2_000) > 0.5)}
    found = ask(model_output, make_table(y.tolist(), columns))
    assert found.columns == ("p", "said")
    assert found.message.endswith(" 'said' says on which side of a limit it is.")
    assert found.remedy.endswith("drop: [p, said].")


def test_a_level_that_rules_a_class_out_is_noted(make_table, ask, noise):
    level = np.repeat(["cash", "card"], 100)
    y = np.where(level == "cash", "no", np.where(noise.random(200) < 0.5, "yes", "no"))
    found = ask(deciding_level, make_table(y.tolist(), {"way": level}))
    assert found.severity is Severity.NOTE
    assert re.fullmatch(
        r"1 column has levels in which a class never occurs: 'way'; for instance none of 100 rows with 'cash' "
        r"in 'way' is 'yes', though \d\d % of the others are\.",
        found.message,
    )


def test_levels_that_chance_explains_pass_and_numbers_do_not_apply(make_table, ask):
    # Of ten rows none is 'b' by chance once in a thousand tables: 2^-10.
    table = make_table(["a"] * 10 + list("ab") * 10, {"c": ["x"] * 10 + ["y"] * 20})
    found = ask(deciding_level, table)
    assert (found.severity, found.message) == (
        Severity.PASS,
        "In no level of a category is a class absent that chance would have put there.",
    )
    number = ask(deciding_level, make_table([1.0, 2.0], {"c": ["x", "y"]}))
    assert number.message == "The target is a number; levels that leave one class are looked for here."
    none = ask(deciding_level, make_table(["a", "b"], {"x": [1.0, 2.0]}))
    assert none.message == "There is no other column of categories or of two values."
