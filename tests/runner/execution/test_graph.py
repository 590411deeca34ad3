"""The order of the notebooks."""

from pathlib import Path

import pytest

from helpers.errors import UserError
from helpers.notebook_files import NotebookFile
from helpers.runner.execution.graph import chosen_notebooks


def books(**needs):
    return {
        name: NotebookFile(name, Path(f"{name}.ipynb"), tuple(n), False, "engineers")
        for name, n in needs.items()
    }


def test_each_after_what_it_needs():
    assert list(chosen_notebooks(books(a=["c"], b=[], c=["b"]))) == ["b", "c", "a"]


def test_only_brings_what_it_needs():
    assert list(chosen_notebooks(books(a=["c"], b=[], c=[]), only=["a"])) == ["c", "a"]


def test_unknown_names():
    with pytest.raises(UserError) as caught:
        chosen_notebooks(books(evaluation=["zzz"]), only=["evalution"])
    assert [str(problem) for problem in caught.value.problems] == [
        "--only: given 'evalution'; expected notebooks among evaluation. Did you mean 'evaluation'?",
        "evaluation.ipynb: metadata.nightbook.needs: given 'zzz'; expected notebooks among evaluation.",
    ]


def test_a_circle():
    with pytest.raises(UserError, match="given a → b → a; expected needs that do not go round in a circle"):
        chosen_notebooks(books(a=["b"], b=["a"]))
