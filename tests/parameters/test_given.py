"""What a notebook was given."""

from helpers.parameters.given import given_values

CELL = 'experiment: str = "default"\npositive: str = "malignant"\nseed: int = 0\n'
DEFAULTS = {"experiment": "default", "positive": "malignant", "seed": 0, "other": 1}


def test_the_cell_alone():
    namespace = {**DEFAULTS, "In": ["", CELL]}
    assert given_values(namespace) == {"experiment": "default", "positive": "malignant", "seed": 0}


def test_injected_values_without_an_experiment_change_the_cell():
    namespace = {**DEFAULTS, "seed": 3, "In": ["", CELL, "# Parameters\nseed = 3\n"]}
    assert given_values(namespace) == {"experiment": "default", "positive": "malignant", "seed": 3}


def test_an_injected_experiment_replaces_the_cell():
    source = '# Parameters\nexperiment = "mine"\nseed = 4\nown = [1]\n'
    namespace = {**DEFAULTS, "experiment": "mine", "seed": 4, "own": [1], "In": ["", CELL, source]}
    assert given_values(namespace) == {"experiment": "mine", "seed": 4}


def test_without_ipython():
    assert given_values(DEFAULTS) == {"experiment": "default", "positive": "malignant", "seed": 0}
