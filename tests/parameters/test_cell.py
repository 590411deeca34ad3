"""The `parameters` cell says what the model says, and reads back as it was."""

import ast

from helpers.parameters.cell import parameters_cell
from helpers.parameters.check import checked
from helpers.parameters.model import Parameters

HOSTILE = "a \"quoted\" 'name'\n</script> = $x$ {{ }} 😀 \\"


def test_the_cell_reads_back_as_the_same_parameters():
    params = checked(
        {"experiment": "x", "question": HOSTILE, "data": "t.csv", "target": HOSTILE + "!",
         "columns": {HOSTILE: {"label": HOSTILE[:40]}}, "costs": {"unit": "€", "mistake": 2.5},
         "memory": {HOSTILE: 2}, "timeout": 60, "retries": 0, "grid": {HOSTILE: [HOSTILE, None, 1.5, [True]]}},
        where="x",
    )  # fmt: skip
    names = {}
    exec(parameters_cell(params), names)
    assert checked({key: names[key] for key in Parameters.model_fields}, where="x") == params
    assert names["run_folder"] == ""


def test_each_line_is_a_typed_literal_with_a_help_text():
    lines = parameters_cell(
        checked({"experiment": "x", "question": "y", "data": "z", "target": "t"}, where="x")
    )
    tree = ast.parse(lines)
    assert all(isinstance(statement, ast.AnnAssign) for statement in tree.body)
    assert len(tree.body) == len(lines.splitlines()) - 1 == len(Parameters.model_fields) + 1
    assert all("  # " in line for line in lines.splitlines()[1:])
