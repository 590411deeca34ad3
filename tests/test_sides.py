"""The split that the table itself asks for, where the params leave it open."""

import json

import numpy as np
import pandas as pd
import pytest

import helpers.sides as sides_module
from helpers.errors import Problem, UserError
from helpers.parameters.check import checked
from helpers.sides import advised_sides


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """Thirty animals of ten rows: features and target tell the animal, and nothing else tells the target."""
    rng, who = np.random.default_rng(0), np.repeat(np.arange(30), 10)
    features = rng.normal(size=(30, 4))[who] + 0.01 * rng.normal(size=(300, 4))
    frame = pd.DataFrame(features, columns=list("abcd"))
    frame["animal"] = [f"{300 + each}_{number % 10}" for number, each in enumerate(who)]
    frame["y"] = rng.normal(size=30)[who]
    path = tmp_path_factory.mktemp("table") / "animals.csv"
    frame.to_csv(path, index=False)
    return path


def params(path, **values):
    given = {"experiment": "e", "question": "q", "data": str(path), "target": "y"}
    return checked(given | values, where="p")


@pytest.fixture(scope="module")
def advised(table, tmp_path_factory):
    kept = tmp_path_factory.mktemp("kept")
    return advised_sides(params(table), kept=kept), kept


def test_rows_that_belong_together_are_kept_on_one_side(advised):
    sides, _ = advised
    split = sides.development.split
    assert (split.strategy, split.column, sides.development.advised_split) == ("group", "animal", True)
    assert "by the first part of 'animal'" in split.reason
    assert (
        "because validation is auto and a split at random flatters a small model: R² of ranks" in split.reason
    )
    groups = [set(side.frame["animal"]) for side in (sides.development.table, sides.holdout)]
    assert groups[0].isdisjoint(groups[1])
    assert len(groups[0] | groups[1]) == 30


def test_what_was_measured_is_kept_for_the_next_notebook(advised, table, monkeypatch):
    sides, kept = advised
    monkeypatch.setattr(sides_module, "split_advice", None)  # would be an error if it were called
    again = advised_sides(params(table), kept=kept)
    assert again.advice == sides.advice
    assert again.advice.advised is again.advice.options[again.advice.chosen]
    assert again.development.split == sides.development.split


def test_a_damaged_file_is_no_advice(advised, table):
    sides, kept = advised
    (path,) = kept.glob("splits/*.json")
    path.write_text(json.dumps({"options": 1}))
    assert advised_sides(params(table), kept=kept).advice == sides.advice


@pytest.mark.parametrize(
    "declared",
    [{"validation": "random"}, {"group": "a"}, {"id": "animal"}, {"group": "animal", "group_parts": [1]}],
)
def test_what_the_params_declare_is_not_questioned(declared, table):
    sides = advised_sides(params(table, **declared))
    assert (sides.advice, sides.development.advised_split) == (None, False)
    if "group_parts" in declared:
        assert sorted(set(sides.development.table.groups))[0].startswith("3")
        assert sides.development.split.strategy == "group"


def test_an_error_of_the_advice_leaves_the_split_as_it_is(table, monkeypatch):
    def broken(*_args, **_options):
        raise ValueError("why")

    monkeypatch.setattr(sides_module, "split_advice", broken)
    sides = advised_sides(params(table))
    assert (sides.advice.failed, sides.development.split.strategy) == ("ValueError: why", "stratified")


def test_a_split_that_leaves_too_little_is_not_made(advised, table, monkeypatch):
    _, kept = advised
    whole = sides_module.split_look

    def refuses_groups(look, given, *, where):
        if given.group is not None:
            raise UserError(Problem(where, "one class", "two"))
        return whole(look, given, where=where)

    monkeypatch.setattr(sides_module, "split_look", refuses_groups)
    sides = advised_sides(params(table), kept=kept)
    assert (sides.development.split.strategy, sides.development.advised_split) == ("stratified", False)
    assert sides.advice.advised.columns == ("animal",)


def test_parts_that_no_text_has_are_refused(table):
    with pytest.raises(UserError) as error:
        advised_sides(params(table, group="animal", group_parts=[3]), where="p.yaml")
    assert str(error.value) == (
        "p.yaml: group_parts: given [3], but no value of 'animal' has so many parts; expected parts that the "
        "texts have. Parts are counted from 1 and separated by spaces or one of _ - . / : # (a value: '300_0')."
    )
    with pytest.raises(UserError, match="group_parts: given \\[1\\]; expected the key group beside it"):
        params(table, group_parts=[1])
