"""A `parameters` cell with other values: types, comments and order stay."""

import json

import pytest

from helpers.notebook_files import all_notebooks, read_notebook
from helpers.parameters.cell import literal, parameters_cell
from helpers.parameters.check import checked
from helpers.runner.lab.filled_cell import filled_cell

VALUES = {"experiment": "new", "question": "Why?", "data": "t.csv", "target": "y"}
REQUIRED = [
    'experiment: str = "new"  # name of the experiment, and of its folder under reports/',
    'question: str = "Why?"  # what you want to know, in words for everyone',
    'data: list = ["t.csv"]  # a file, a list or pattern of files, sklearn:NAME, or the address of a database',
    'target: str = "y"  # the column to predict',
]


def params(**more):
    return checked({**VALUES, **more}, where="x")


@pytest.mark.parametrize("name", sorted(all_notebooks()))
def test_the_repositorys_notebooks_get_the_models_own_cell(name):
    notebook = read_notebook(all_notebooks()[name].path)
    cells = json.loads(notebook.path.read_text())["cells"]
    (source,) = ("".join(one["source"]) for one in cells if "parameters" in one["metadata"].get("tags", ()))
    assert filled_cell(source, params(seed=5), own={}) == parameters_cell(params(seed=5))


def test_types_comments_and_order_stay():
    source = (
        "# mine\nalpha: float = 0.5  # ä é\nseed: int = 0; beta = [\n  1,  # one\n  2,\n]  # all\nfree = 1"
    )
    got = filled_cell(source, params(seed=5), own={"alpha": 2.0, "beta": ["ö"]})
    assert got.split("\n") == [
        "# mine", "alpha: float = 2.0  # ä é", 'seed: int = 5; beta = ["ö"]  # all', "free = 1", *REQUIRED,
    ]  # fmt: skip


def test_known_names_that_the_cell_lacks_are_added_unless_they_have_their_default():
    assert filled_cell("", params(), own={}).split("\n") == REQUIRED
    assert filled_cell("", params(goal=0.9, holdout=0.2), own={}).split("\n") == [
        *REQUIRED,
        "goal: float = 0.9  # the value of the metric that would be good enough",
    ]


def test_a_name_whose_value_has_no_place_of_its_own_is_set_below():
    got = filled_cell("alpha = seed = 1\nbeta: int", params(), own={"alpha": 2, "beta": 3}).split("\n")
    assert got[:3] == ["alpha = seed = 1", "beta: int = 3", "alpha = 2"]
    assert "seed: int = 0  # seed of everything random" in got


def test_results_go_where_those_by_hand_go():
    assert filled_cell('run_folder = "elsewhere"', params(), own={}).split("\n")[0] == 'run_folder = ""'


def test_a_literal_is_python_also_where_json_has_none():
    given = {"unit": "€", "limits": [None, float("inf"), True]}
    assert literal(given) == '{"unit": "€", "limits": [None, float("inf"), True]}'


def test_any_text_reads_back_as_it_was():
    hostile = "a \"b\" 'c' \u2028 \x85 \\ 😀\n# {x} $y"
    names = {}
    exec(filled_cell('question: str = "old"  # ä', params(question=hostile), own={"alpha": hostile}), names)
    assert (names["question"], names["alpha"], names["target"]) == (hostile, hostile, "y")
