"""The user's own estimators: what is accepted, what is refused in which words, and how one takes part."""

import sys

import numpy as np
import pandas as pd
import pytest

import helpers.own_classes as own_classes
from helpers.errors import UserError
from helpers.metrics import METRICS, Task
from helpers.model_selection.candidates import candidates_for
from helpers.model_selection.cross_validation import Deadline, evaluate
from helpers.model_selection.fitted import load_model, save_model
from helpers.model_selection.fitting import fit_candidate
from helpers.model_selection.own_models import trusted_types
from helpers.model_selection.search import search
from helpers.model_selection.space import Choice, Range
from helpers.own_classes import own_source
from helpers.parameters.cell import literal
from helpers.parameters.check import checked
from helpers.parameters.own_model import own_models
from helpers.tables.folds import Folds
from helpers.tables.table import Column, Kind, Role, Table

LEAST = {"experiment": "churn", "question": "Who leaves?", "data": "customers.csv", "target": "Churn"}
RMSE = METRICS["rmse"]
SOURCE = '''
import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin

class Shrunk(RegressorMixin, BaseEstimator):
    """Half of the mean of the target, or another share of it."""
    def __init__(self, share=0.5, rounds=3, kind="mean"):
        self.share, self.rounds, self.kind = share, rounds, kind
    def fit(self, X, y):
        self.mean_ = self.share * float(np.mean(y))
        return self
    def predict(self, X):
        return np.full(len(X), self.mean_)

class Silent(ClassifierMixin, BaseEstimator):
    def fit(self, X, y): return self
    def predict(self, X): return [0] * len(X)

class Nameless(BaseEstimator):
    def fit(self, X, y): return self
    def predict(self, X): return [0] * len(X)

class Mute(RegressorMixin, BaseEstimator):
    pass

class Bare:
    pass

class Needy(RegressorMixin, BaseEstimator):
    def __init__(self, must):
        self.must = must
'''


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package of the user's with a module of estimators."""
    (tmp_path / "mypackage").mkdir()
    (tmp_path / "mypackage" / "__init__.py").write_text("")
    (tmp_path / "mypackage" / "models.py").write_text(SOURCE)
    (tmp_path / "mypackage" / "broken.py").write_text("raise RuntimeError('<b>no')")
    monkeypatch.setattr(own_classes, "repository", lambda: tmp_path)
    monkeypatch.setattr("sys.path", [*sys.path])
    yield tmp_path / "mypackage"
    for name in [name for name in sys.modules if name.partition(".")[0] == "mypackage"]:
        del sys.modules[name]


def params(models, **values):
    return checked({**LEAST, "models": models, **values}, where="p.yaml")


def problems(models, **values):
    with pytest.raises(UserError) as caught:
        params(models, **values)
    return [str(problem).removeprefix("p.yaml: ") for problem in caught.value.problems]


def test_what_cannot_be_used_is_refused_all_at_once(package):
    paths = ["nowhere.to:Be", "broken:X", "models:Shrunc", "models:Silent", "models:Nameless", "models:Mute",
             "models:Bare", "models:Needy"]  # fmt: skip
    found = problems(["linear", *(path if "." in path else f"mypackage.{path}" for path in paths)], seed=-1)
    assert found[0].startswith("seed: ")
    remedy = "The module must be in the repository, by its path from there, or installed."
    expected = "expected module:Class, for instance sklearn.svm:SVC"
    assert found[1:] == [
        "models.1: given nowhere.to:Be, which cannot be imported (ModuleNotFoundError: No module named 'nowhere'); "
        f"{expected}. {remedy}",
        "models.2: given mypackage.broken:X, which cannot be imported (RuntimeError: <b>no); "
        f"{expected}. {remedy}",
        "models.3: given mypackage.models:Shrunc, but mypackage.models holds no such name; expected a class of "
        "scikit-learn's kind. Did you mean 'Shrunk'?",
        "models.4: given mypackage.models:Silent, which states no probabilities; expected a classifier with "
        "predict_proba. Some classes have it with other parameters; else wrap it in sklearn's "
        "CalibratedClassifierCV.",
        "models.5: given mypackage.models:Nameless, which does not say whether it predicts classes or numbers; "
        "expected a classifier or a regressor of scikit-learn's kind. Let it inherit from ClassifierMixin or "
        "RegressorMixin, before BaseEstimator.",
        "models.6: given mypackage.models:Mute, which has no fit or no predict; expected an estimator with both.",
        "models.7: given mypackage.models:Bare, which has no get_params and set_params; expected an estimator of "
        "scikit-learn's kind. Let it inherit from sklearn.base.BaseEstimator.",
        "models.8: given mypackage.models:Needy, which cannot be made (TypeError: Needy.__init__() missing 1 "
        "required positional argument: 'must'); expected a class that takes its parameters, and has defaults for "
        "the others.",
    ]  # fmt: skip


def test_parameters_and_spaces_must_exist(package):
    own = {"model": "mypackage.models:Shrunk", "parameters": {"shar": 1}}
    assert problems([own]) == [
        "models.0.parameters: given 'shar', which is no parameter of the class; expected one of kind, rounds, "
        "share. Did you mean 'share'?"
    ]
    own = {"model": "mypackage.models:Shrunk", "space": {"round": [1, 2], "what": {"values": [1]}}}
    assert problems([own], task="classification") == [
        "models.0.space: given 'round', which is no parameter of the class; expected one of kind, rounds, share. "
        "Did you mean 'rounds'?",
        "models.0.space: given 'what', which is no parameter of the class; expected one of kind, rounds, share.",
        "models.0: given mypackage.models:Shrunk, a regressor, for a classification; expected a classifier.",
    ]


def test_one_that_cannot_count_weights_is_refused_beside_them():
    neighbours = "sklearn.neighbors:KNeighborsRegressor"
    assert problems(["sklearn.svm:SVR", neighbours], weight="w") == [
        f"models.1: given {neighbours}, whose fit takes no sample_weight, beside weight: w; expected a model "
        "that can count rows by a weight.",
    ]
    assert params([neighbours]).models == [neighbours]


ENDS = "expected [lowest, highest], a mapping with low and high (and log, whole), or one with values."


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ([1], f"given [1]; {ENDS}"),
        ({"low": 1}, f"given {{'low': 1}}; {ENDS}"),
        ([2, 1], "given {'low': 2, 'high': 1}; expected a lowest value below the highest."),
        ({"low": 0, "high": 1, "log": True}, "given {'low': 0, 'high': 1, 'log': True}; expected a lowest value "
         "above 0, where log is true."),
        ({"low": 0.5, "high": 2, "whole": True}, "given {'low': 0.5, 'high': 2, 'whole': True}; expected whole "
         "numbers as ends, where whole is true."),
    ],
)  # fmt: skip
def test_a_space_must_be_right(part, told):
    own = {"model": "sklearn.svm:SVR", "space": {"C": part}}
    assert problems([own]) == [f"models.0.space.C: {told}"]


def test_other_names_are_refused():
    assert problems(["svm"])[0].startswith("models: given ['svm']; expected auto, or some of linear, ")
    assert problems([{"model": "svm"}]) == [
        "models.0.model: given 'svm'; expected module:Class, for instance sklearn.svm:SVC."
    ]
    assert problems([{"model": "sklearn.svm:SVR", "labl": "x"}]) == [
        "models.0.labl: given the unknown key 'labl'; expected one of model, label, plain, parameters, space, "
        "preparation. Did you mean 'label'?"
    ]
    twice = problems(["sklearn.svm:SVR", {"model": "sklearn.svm:SVR"}])
    assert twice[0].startswith(
        "models: given ['sklearn.svm:SVR', {'model': 'sklearn.svm:SVR'}]; expected auto, "
    )


def table():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"x": rng.normal(size=40), "target": np.full(40, 2.0) + rng.normal(size=40) / 100})
    roles = {"x": Role.FEATURE, "target": Role.TARGET}
    return Table(
        frame, {name: Column(name, Kind.NUMBER, role, name) for name, role in roles.items()}, Task.REGRESSION
    )


def test_one_takes_part_in_the_comparison_and_the_search(package):
    own = {
        "model": "mypackage.models:Shrunk", "label": "Shrunk <mean>", "parameters": {"rounds": 4},
        "space": {"share": [0, 2], "rounds": [1, 9], "kind": {"values": ["mean", "median"]}},
    }  # fmt: skip
    given = params(["linear", own], task="regression")
    assert checked({**LEAST, **given.model_dump(mode="json")}, where="x") == given
    assert eval(literal(given.model_dump(mode="json")["models"]))[0] == "linear"
    found = candidates_for(given, Task.REGRESSION)[-1]
    assert (found.name, found.label) == ("mypackage.models:Shrunk (Shrunk <mean>)", "Shrunk <mean>")
    assert found.plain == "a model of our own, called Shrunk <mean>"
    assert found.space == {
        "model__share": Range(0, 2), "model__rounds": Range(1, 9, whole=True),
        "model__kind": Choice(("mean", "median")),
    }  # fmt: skip
    with pytest.raises(
        UserError,
        match=r"^parameters: models\.1: given mypackage\.models:Shrunk, a regressor, "
        r"for a classification; expected a classifier\.$",
    ):
        candidates_for(given, Task.BINARY)
    positions = np.arange(40)
    folds = Folds(((positions[:20], positions[20:]), (positions[20:], positions[:20])), "random", 2, 1, "")
    options = {"metric": RMSE, "seed": 0, "deadline": Deadline(60)}
    results = [evaluate(table(), found, folds, **options)]
    assert results[0].validation == pytest.approx([1.0, 1.0], abs=0.02)  # half of 2 is off by 1
    tried = search(table(), results, folds, trials=8, **options)
    assert min(trial.validation.mean() for trial in tried.trials) < 0.5


def test_a_stored_one_is_loaded_where_the_params_name_it(package, tmp_path):
    given, path = params(["mypackage.models:Shrunk"]), tmp_path / "model.skops"
    model = fit_candidate(candidates_for(given, Task.REGRESSION)[0], table(), seed=0)
    save_model(model, path)
    with pytest.raises(UserError, match=r"no model of ours holds: mypackage\.models\.Shrunk"):
        load_model(path)
    assert trusted_types(given) == ("mypackage.models.Shrunk",)
    loaded = load_model(path, trusted=trusted_types(given))
    assert list(loaded.predict(table().X).values) == list(model.predict(table().X).values)


def test_one_thread_and_the_runs_seed_unless_the_params_say_otherwise():
    forest = {
        "model": "sklearn.ensemble:RandomForestRegressor",
        "parameters": {"n_jobs": 2, "n_estimators": 5},
    }
    built = candidates_for(params([forest]), Task.REGRESSION)[0].build(Task.REGRESSION, table(), 7)
    model = built.named_steps["model"]
    assert (model.n_jobs, model.random_state, model.n_estimators) == (2, 7, 5)


def test_auto_takes_those_of_the_house_beside_ones_own():
    given = params(["auto", "sklearn.svm:SVR"])
    assert given.models[0] == "linear" and given.models[-1] == "sklearn.svm:SVR"
    assert params({"model": "sklearn.svm:SVR"}).models == own_models(["sklearn.svm:SVR"])


def test_the_source_of_ones_own_package_counts_and_that_of_installed_ones_does_not(package):
    mine = own_models(["mypackage.models:Shrunk", "sklearn.svm:SVR"])
    before = own_source(mine)
    (package / "models.py").write_text(SOURCE + "# changed")
    assert before and own_source(mine) not in ("", before)
    assert own_source(own_models(["sklearn.svm:SVR", "nowhere:X"])) == ""
