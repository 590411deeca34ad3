"""The classes of the user's own models: found by module and class, and held against what is asked of them.

A module is looked for where Python looks, and in the repository. Its code runs when it is imported: it is the
user's own, named in the params.
"""

import importlib
import importlib.util
import inspect
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import helpers.files as files
from helpers.errors import Problem, did_you_mean, listed, shortened
from helpers.parameters.model import Parameters
from helpers.parameters.own_model import PATH_WORDS, OwnModel, as_own
from helpers.paths import repository

CLASSIFIER, REGRESSOR = "classifier", "regressor"
_SHOWN = 30


class UnusableClassError(Exception):
    """Why a path leads to no class that can be used: what was found, what was expected, what to do."""

    def __init__(self, given: str, expected: str, remedy: str = "") -> None:
        super().__init__(given)
        self.given, self.expected, self.remedy = given, expected, remedy


def class_of(path: str) -> type[Any]:
    """Return the class that ``module:Class`` names.

    Raises
    ------
    UnusableClassError
        If there is no such module or class, or its module does not run.
    """
    module_name, _, name = path.partition(":")
    _look_in_repository()
    try:
        module = importlib.import_module(module_name)
    except (Exception, SystemExit) as error:
        told = f"{shortened(path)}, which cannot be imported ({type(error).__name__}: {shortened(error)})"
        remedy = "The module must be in the repository, by its path from there, or installed."
        raise UnusableClassError(told, PATH_WORDS, remedy) from error
    found = getattr(module, name, None)
    if not inspect.isclass(found):
        known = [each for each, value in vars(module).items() if inspect.isclass(value)]
        what = "holds no such name" if found is None else "holds no class of that name"
        told = f"{shortened(path)}, but {shortened(module_name)} {what}"
        raise UnusableClassError(told, "a class of scikit-learn's kind", did_you_mean(name, known))
    return found


def made(own: OwnModel) -> Any:
    """Return an unfitted estimator with the parameters of the params.

    Raises
    ------
    UnusableClassError
        If it cannot be made.
    """
    kind = class_of(own.model)
    first = {name: value for name, value in own.parameters.items() if "__" not in name}
    try:
        estimator = kind(**first)
        return estimator.set_params(
            **{key: own.parameters[key] for key in own.parameters if key not in first}
        )
    except Exception as error:
        given = f"{shortened(own.model)}, which cannot be made ({type(error).__name__}: {shortened(error)})"
        raise UnusableClassError(
            given, "a class that takes its parameters, and has defaults for the others"
        ) from error


def kind_of(estimator: Any) -> str:
    """Return ``classifier`` or ``regressor`` as the estimator says of itself, else an empty text."""
    from sklearn.base import is_classifier, is_regressor

    try:
        return CLASSIFIER if is_classifier(estimator) else REGRESSOR if is_regressor(estimator) else ""
    except (AttributeError, TypeError):
        return ""  # no estimator of scikit-learn's at all


def own_problems(params: Parameters, *, task: str, where: str) -> list[Problem]:
    """Return everything that is wrong with the user's own models among `params.models`.

    Parameters
    ----------
    params : Parameters
        Of its parts `models` and `weight`.
    task : str
        As in the params: ``auto`` leaves open which kind of estimator is right.
    where : str
        What messages begin with.
    """
    return [
        problem
        for place, own in enumerate(map(as_own, params.models))
        if own is not None
        for problem in _problems(own, f"{where}: models.{place}", task=task, weight=params.weight)
    ]


def _problems(own: OwnModel, place: str, *, task: str, weight: str | None) -> list[Problem]:
    from sklearn.utils.validation import has_fit_parameter

    try:
        unknown = _unknown_parameters(own, place)
        if unknown:
            return unknown
        estimator = made(own)
    except UnusableClassError as error:
        return [Problem(place, error.given, error.expected, error.remedy)]
    known = estimator.get_params()
    lacking = [name for name in own.space if name not in known]
    problems = [_unknown(f"{place}.space", name, list(known)) for name in lacking]
    kind, name = kind_of(estimator), shortened(own.model)
    if not callable(getattr(estimator, "fit", None)) or not callable(getattr(estimator, "predict", None)):
        problems.append(Problem(place, f"{name}, which has no fit or no predict", "an estimator with both"))
    elif not kind:
        remedy = "Let it inherit from ClassifierMixin or RegressorMixin, before BaseEstimator."
        given = f"{name}, which does not say whether it predicts classes or numbers"
        problems.append(Problem(place, given, "a classifier or a regressor of scikit-learn's kind", remedy))
    elif kind == CLASSIFIER and not hasattr(estimator, "predict_proba"):
        remedy = (
            "Some classes have it with other parameters; else wrap it in sklearn's CalibratedClassifierCV."
        )
        given = f"{name}, which states no probabilities"
        problems.append(Problem(place, given, "a classifier with predict_proba", remedy))
    wanted = {"classification": CLASSIFIER, "regression": REGRESSOR}.get(task, kind)
    if kind and kind != wanted:
        problems.append(Problem(place, f"{name}, a {kind}, for a {task}", f"a {wanted}"))
    if weight is not None and not problems and not has_fit_parameter(estimator, "sample_weight"):
        given = f"{name}, whose fit takes no sample_weight, beside weight: {shortened(weight)}"
        problems.append(Problem(place, given, "a model that can count rows by a weight"))
    return problems


def _unknown_parameters(own: OwnModel, place: str) -> list[Problem]:
    kind = class_of(own.model)
    if not callable(getattr(kind, "get_params", None)) or not callable(getattr(kind, "set_params", None)):
        given = f"{shortened(own.model)}, which has no get_params and set_params"
        remedy = "Let it inherit from sklearn.base.BaseEstimator."
        raise UnusableClassError(given, "an estimator of scikit-learn's kind", remedy)
    taken = inspect.signature(kind).parameters
    if any(each.kind is inspect.Parameter.VAR_KEYWORD for each in taken.values()):
        return []  # XGBoost's and its like say only when they are made what they take
    first = [name for name in own.parameters if "__" not in name and name not in taken]
    return [_unknown(f"{place}.parameters", name, list(taken)) for name in first]


def _unknown(place: str, name: str, known: Sequence[str]) -> Problem:
    given = f"{shortened(name)!r}, which is no parameter of the class"
    return Problem(place, given, f"one of {listed(sorted(known), limit=_SHOWN)}", did_you_mean(name, known))


def trusted_names(models: Sequence[OwnModel]) -> tuple[str, ...]:
    """Return the names of the classes under which a stored model holds them; each can be imported then."""
    kinds = [class_of(own.model) for own in models]
    return tuple(dict.fromkeys(f"{kind.__module__}.{kind.__name__}" for kind in kinds))


def own_source(models: Sequence[OwnModel]) -> str:
    """Return a hash over the source of the packages that the models are in; empty where none is the user's.

    What is installed is told apart by its version, and does not count here. Nothing is imported.
    """
    _look_in_repository()
    parts: list[str | bytes] = []
    for name in sorted({own.model.partition(":")[0].partition(".")[0] for own in models}):
        for path in _files_of(name):
            parts += [str(path), path.read_bytes()]
    return files.hash_of(parts) if parts else ""


def _files_of(package: str) -> Iterator[Path]:
    try:
        spec = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        return
    if spec is None:
        return
    installed = [Path(sysconfig.get_path(name)) for name in ("purelib", "platlib", "stdlib")]
    places = [Path(place) for place in spec.submodule_search_locations or ()]
    for place in places or ([Path(spec.origin)] if spec.has_location and spec.origin else []):
        if not any(place.is_relative_to(folder) for folder in installed):
            yield from sorted(place.rglob("*.py")) if place.is_dir() else [place]


def _look_in_repository() -> None:
    """Let modules of the repository be found, after all others."""
    place = str(repository())
    if place not in sys.path:
        sys.path.append(place)
