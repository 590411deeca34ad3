"""What tells the runs of a grid apart: labels, folders, problems told once."""

import re

import pytest

from helpers.errors import Problem
from helpers.runner.experiments.variant import folder_suffix, label, told_once

LONG = "x" * 10_000


@pytest.mark.parametrize(
    ("value", "shown", "suffix"),
    [
        (1, "1", "1"),
        (0.25, "0.25", "0.25"),
        (-3, "-3", "-3"),
        (True, "true", "true"),
        (None, "null", "null"),
        ("linear", "linear", "linear"),
        ("1", "'1'", "1"),
        ("", "''", "_"),
        (["linear", "xgboost"], "[linear, xgboost]", "linear_xgboost"),
        ({"trials": 3, "seconds": 5.0}, "{trials: 3, seconds: 5.0}", "trials_3_seconds_5.0"),
        ("../a\\b:c*?", "../a\\b:c*?", ".._a_b_c"),
        ("😀", "😀", "_"),
        ("a\nb", "'a    b'…b0833dac", "a_b"),
        ("\x1b[31m", '"\\e[31m"', "e_31m"),
        ("\udc80", '"\\uDC80"', "uDC80"),
        (LONG, "x" * 51 + "…9af0de84", "x" * 24),
    ],
)
def test_a_value_in_words_and_in_a_folders_name(value, shown, suffix):
    assert label({"seed": value}) == f"seed={shown}"
    assert folder_suffix({"seed": value}) == f"-seed={suffix}"


def test_several_keys():
    variant = {"seed": 1, "budget.trials": 5, "columns.Größe in m.label": "a"}
    assert label(variant) == "seed=1 budget.trials=5 columns.Größe in m.label=a"
    assert folder_suffix(variant) == "-seed=1-budget.trials=5-columns.Gr_e_in_m.label=a"
    assert (label({}), folder_suffix({})) == ("", "")


def test_different_values_never_look_alike():
    values = [
        LONG,
        LONG + "x",
        "a\nb",
        "a    b",
        "'a    b'",
        "a\n\nb",
        1,
        "1",
        True,
        "true",
        None,
        "null",
        [1],
        "[1]",
    ]
    assert len({label({"seed": value}) for value in values}) == len(values)


def test_a_suffix_is_safe_and_short():
    suffix = folder_suffix({f"key{n}/😀": LONG for n in range(10)})
    assert len(suffix) == 80
    assert re.fullmatch(r"(-[A-Za-z0-9._=-]+)", suffix)


def told(*found):
    pairs = [(variant, [Problem(f"p.yaml: {key}", "x", "y") for key in keys]) for variant, keys in found]
    return [problem.where for problem in told_once(pairs, where="p.yaml")]


A1, A2, B1, B2 = ({"seed": seed, "models": name} for seed in (1, 2) for name in ("linear", "xgboost"))


def test_a_problem_of_every_combination_is_told_once_and_names_none():
    assert told((A1, ["k"]), (A2, ["k"])) == ["p.yaml: k"]
    assert told(({}, ["k", "k", "l"])) == ["p.yaml: k", "p.yaml: l"]
    assert told((A1, []), (A2, [])) == told() == []


def test_a_problem_of_some_names_what_these_alone_share():
    assert told((A1, ["k"]), (A2, ["k"]), (B1, []), (B2, [])) == ["p.yaml (seed=1): k"]
    assert told((A1, []), (A2, ["k"]), (B1, []), (B2, ["k"])) == ["p.yaml (models=xgboost): k"]
    assert told((A1, []), (A2, ["k"]), (B1, []), (B2, [])) == ["p.yaml (seed=1 models=xgboost): k"]


def test_a_problem_of_combinations_that_share_nothing_names_the_first():
    assert told((A1, ["k"]), (A2, []), (B1, []), (B2, ["k"])) == [
        "p.yaml (seed=1 models=linear and 1 more): k"
    ]
    three = told((A1, ["k"]), (A2, ["k"]), (B1, ["k"]), (B2, []))
    assert three == ["p.yaml (seed=1 models=linear and 2 more): k"]


def test_one_and_true_are_not_the_same():
    assert told(({"positive": 1}, []), ({"positive": True}, ["k"])) == ["p.yaml (positive=true): k"]
