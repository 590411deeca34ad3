"""Notebooks as files: what they say of themselves, and what is wrong with broken ones."""

import json

import pytest

from helpers.errors import UserError
from helpers.notebook_files import all_notebooks, read_notebook, read_notebooks
from tiny_notebooks import write_notebook


def problem(path):
    with pytest.raises(UserError) as caught:
        read_notebook(path)
    return str(caught.value)


def test_what_a_notebook_declares(tmp_path):
    cell = 'a: int = 1  # help\nb = "x"\nc: float = None\nd: list | None = None\ne = unknown()\nf, g = 1, 2'
    write_notebook(
        tmp_path, "07_own", needs=["01_a"], parameters=cell, opens_holdout=True, audience="everyone"
    )
    found = read_notebook(tmp_path / "07_own.ipynb")
    assert (found.name, found.needs, found.opens_holdout, found.audience) == (
        "07_own",
        ("01_a",),
        True,
        "everyone",
    )
    assert found.parameters == {"a": int, "b": str, "c": float, "d": None, "e": None}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "given a file that is not JSON; expected a Jupyter notebook."),
        ("[]", "given JSON that is no such notebook; expected a Jupyter notebook of nbformat 4."),
        ('{"nbformat": 3, "cells": []}', "given JSON that is no such notebook; expected a Jupyter notebook of nbformat 4."),
        ('{"nbformat": 4}', "given JSON that is no such notebook; expected a Jupyter notebook of nbformat 4."),
        ('{"nbformat": 4, "cells": [], "metadata": {"nightbook": {"needs": "a"}}}',
         "metadata.nightbook.needs: given 'a'; expected a list of notebooks' names."),
    ],
)  # fmt: skip
def test_a_broken_file_is_one_clear_problem(tmp_path, content, said):
    path = tmp_path / "x.ipynb"
    path.write_text(content)
    assert problem(path).endswith(said)


def test_a_folder_and_a_syntax_error(tmp_path):
    (tmp_path / "dir.ipynb").mkdir()
    assert "given a file that cannot be read" in problem(tmp_path / "dir.ipynb")
    write_notebook(tmp_path, "bad", parameters="a = = 1")
    assert problem(tmp_path / "bad.ipynb") == (
        "bad.ipynb: parameters cell: given line 1: invalid syntax; expected Python assignments."
    )


def test_one_broken_file_does_not_hide_the_others(tmp_path):
    write_notebook(tmp_path, "02_b")
    write_notebook(tmp_path, "01_a")
    (tmp_path / "03_c.ipynb").write_text("{")
    found, problems = read_notebooks(tmp_path)
    assert list(found) == ["01_a", "02_b"] == list(all_notebooks(tmp_path))
    assert len(problems) == 1


def test_a_real_file_reads_back(tmp_path):
    write_notebook(tmp_path, "x", cells=["1"])
    assert len(json.loads((tmp_path / "x.ipynb").read_text())["cells"]) == 2
