"""Grids: what may vary, in which order, and the exact words of what may not."""

import pytest

from helpers.runner.experiments.grid import axes_given, axes_of_file, combinations, too_many

CANNOT = "expected a key that can vary."
SETTING = "It says how a run goes and changes no result: the runs would be the same."
COMMA = "Values that hold a comma stand in a list: --grid 'models=[[linear, xgboost], [linear]]'"
EMPTY = "Write null for no value, '' for empty text."
YAML = "expected YAML with plain values, each key once, no anchors, aliases or tags."


def given(*texts):
    axes, problems = axes_given(texts)
    assert problems == []
    return axes


def wrong(*texts):
    return [str(problem) for problem in axes_given(texts)[1]]


def of_file(block, *, grid=None, overrides=()):
    values = {"seed": 7, "grid": block}
    axes, problems = axes_of_file(values, grid or {}, overrides=overrides, where="p.yaml")
    return axes, [str(problem) for problem in problems], values


@pytest.mark.parametrize(
    ("text", "axes"),
    [
        ("seed=1,2,3", {"seed": [1, 2, 3]}),
        ("seed=1", {"seed": [1]}),
        (" budget . trials = 5 , 10 ", {"budget.trials": [5, 10]}),
        ("models=linear,xgboost", {"models": ["linear", "xgboost"]}),
        ("models=[linear, xgboost]", {"models": ["linear", "xgboost"]}),
        ("models=[[linear,xgboost],[xgboost]]", {"models": [["linear", "xgboost"], ["xgboost"]]}),
        ('positive=["a,b", c]', {"positive": ["a,b", "c"]}),
        ("positive=1,true,'1',null", {"positive": [1, True, "1", None]}),
        ("data=../a/b.csv,😀.csv", {"data": ["../a/b.csv", "😀.csv"]}),
        ("question=a=b,c", {"question": ["a=b", "c"]}),
        ("question=[\"a\\nb\", c]", {"question": ["a\nb", "c"]}),
        ("question=" + "x" * 10_000 + ",y", {"question": ["x" * 10_000, "y"]}),
    ],
)  # fmt: skip
def test_values_are_read_as_yaml(text, axes):
    assert given(text) == axes


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("seed", "--grid: given 'seed'; expected KEY=VALUE,VALUE. For instance: --grid seed=1,2,3"),
        ("=1", "--grid: given '=1'; expected KEY=VALUE,VALUE. For instance: --grid seed=1,2,3"),
        ("a..b=1", "--grid: given 'a..b=1'; expected KEY=VALUE,VALUE. For instance: --grid seed=1,2,3"),
        ("seed=", f"--grid seed: given nothing; expected values separated by commas. {EMPTY}"),
        ("seed= ,", f"--grid seed: given nothing; expected values separated by commas. {EMPTY}"),
        ("seed=[]", f"--grid seed: given nothing; expected values separated by commas. {EMPTY}"),
        ("seed=1,,2", f"--grid seed: given nothing beside a comma; expected values separated by commas. {EMPTY}"),
        ("seed=1,", f"--grid seed: given nothing beside a comma; expected values separated by commas. {EMPTY}"),
        ("seed=1,1", "--grid seed: given seed=1 more than once; expected each value once."),
        ("holdout=0,0.0", "--grid holdout: given holdout=0.0 more than once; expected each value once."),
        ("experiment=a,b", f"--grid experiment: given the key 'experiment'; {CANNOT} The combinations of a file "
         "are runs of one experiment, in its folder."),
        ("grid.seed=1", f"--grid grid.seed: given the key 'grid.seed'; {CANNOT} A grid holds no other grid."),
        ("memory=1,2", f"--grid memory: given the key 'memory'; {CANNOT} {SETTING}"),
        ("timeout.cell=1,2", f"--grid timeout.cell: given the key 'timeout.cell'; {CANNOT} {SETTING}"),
        ("retries=0,1", f"--grid retries: given the key 'retries'; {CANNOT} {SETTING}"),
        ("models=[a],[b]", "--grid models, line 1, column 4: given expected '<document start>', but found ','; "
         f"{YAML} {COMMA}"),
        ("seed=&a 1", f"--grid seed, line 1, column 1: given anchors and aliases are not allowed; {YAML} {COMMA}"),
        ("seed=" + "[" * 5000, f"--grid seed: given nested too deeply; {YAML} {COMMA}"),
    ],
)  # fmt: skip
def test_what_is_no_axis_is_told(text, problem):
    assert wrong(text) == [problem]


def test_every_wrong_text_is_told_and_none_at_great_length():
    texts = ["seed", "memory=1", "x" * 10_000, "experiment." + "y" * 10_000 + "=1,2", "seed=" + "1" * 10_000]
    found = wrong(*texts)
    assert len(found) == 5
    assert max(len(text) for text in found) < 450


def test_a_key_twice():
    expected = ["--grid seed: given the key twice; expected one --grid with all its values."]
    assert wrong("seed=1,2", "seed=3") == expected


def test_the_last_key_changes_fastest():
    assert list(combinations(given("seed=1,2", "models=linear,xgboost"))) == [
        {"seed": 1, "models": "linear"},
        {"seed": 1, "models": "xgboost"},
        {"seed": 2, "models": "linear"},
        {"seed": 2, "models": "xgboost"},
    ]
    assert list(combinations({})) == [{}]


def test_a_block_means_the_same_and_leaves_the_values():
    axes, problems, values = of_file({"seed": [1, 2], "budget.trials": [5]})
    assert (axes, problems, values) == ({"seed": [1, 2], "budget.trials": [5]}, [], {"seed": 7})


def test_the_command_line_replaces_a_key_of_the_block_in_its_place():
    block = {"seed": [1, 1], "models": ["linear"]}
    axes, problems, _ = of_file(block, grid={"goal": [1], "seed": [8, 9]})
    assert problems == []
    assert list(axes.items()) == [("seed", [8, 9]), ("models", ["linear"]), ("goal", [1])]


@pytest.mark.parametrize(
    ("block", "problem"),
    [
        ({"seed": [1, 2, 1, 1]}, "p.yaml: grid.seed: given seed=1 more than once; expected each value once."),
        ({"experiment": ["a"]}, f"p.yaml: grid.experiment: given the key 'experiment'; {CANNOT} The combinations of a "
         "file are runs of one experiment, in its folder."),
        ({"a..b": [1]}, "p.yaml: grid.a..b: given 'a..b'; expected a key, where single dots lead into a section."),
        ({"": [1]}, "p.yaml: grid.: given ''; expected a key, where single dots lead into a section."),
    ],
)  # fmt: skip
def test_a_wrong_block_is_told_and_left_out(block, problem):
    assert of_file(block) == ({}, [problem], {"seed": 7})


@pytest.mark.parametrize("block", [None, 3, [1], {"seed": 1}, {"seed": []}, {"seed": None}, {1: [2]}, "seed"])
def test_what_is_no_grid_at_all_is_left_to_the_check_of_parameters(block):
    assert of_file(block) == ({}, [], {"seed": 7, "grid": block})


def test_two_keys_of_which_one_holds_the_other():
    axes, problems, _ = of_file({"budget.trials": [1], "budget": [2, 3], "budgets": [1]})
    assert axes == {"budget": [2, 3], "budgets": [1]}
    assert problems == ["p.yaml: grid: given budget and budget.trials; expected one of the two."]


def test_a_set_that_the_grid_would_undo():
    overrides = [(["seed"], 3), (["budget", "trials"], 1), (["validation", "folds"], 3)]
    axes, problems, _ = of_file({"seed": [1], "budget": [2], "validation.repeats": [1]}, overrides=overrides)
    assert list(axes) == ["seed", "budget", "validation.repeats"]
    assert problems == [
        "p.yaml: --set seed: given a value where the grid lets seed vary; expected one of the two. One value in "
        "the grid's place: --grid seed=VALUE",
        "p.yaml: --set budget.trials: given a value where the grid lets budget vary; expected one of the two. "
        "One value in the grid's place: --grid budget=VALUE",
    ]


def test_a_thousand_combinations_may_run_and_no_more():
    most = {"seed": list(range(100)), "models": list(range(10))}
    assert too_many({"a.yaml": most, "b.yaml": {}}) == []
    (problem,) = too_many({"a.yaml": most, "b.yaml": {}, "c.yaml": {"seed": [1]}})
    assert str(problem) == (
        "a.yaml, c.yaml: grid: given 1,001 combinations; expected at most 1,000 in a call. "
        "Let fewer keys or values vary."
    )
    (problem,) = too_many({"a.yaml": {str(key): list(range(10)) for key in range(12)}})
    assert problem.given == "1,000,000,000,000 combinations"
