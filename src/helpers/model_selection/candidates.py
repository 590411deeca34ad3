"""The candidate models: what each is, in words for everyone, how it is built, and what a search may vary."""

import importlib.util
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any

from sklearn.pipeline import Pipeline

import helpers.model_selection.builders as builders
import helpers.model_selection.own_models as own_models
import helpers.model_selection.spaces as spaces
from helpers.errors import Problem, UserError, listed
from helpers.metrics import Metric, Task
from helpers.model_selection.fitted import BASELINE, BASELINE_LABEL
from helpers.model_selection.space import Space, within
from helpers.own_classes import own_problems
from helpers.parameters import Parameters
from helpers.parameters.own_model import OwnModel, as_own, name_of
from helpers.wording import joined

Build = Callable[..., Pipeline]
_EVERY_TASK = frozenset(Task)
_CLASSES = frozenset({Task.BINARY, Task.MULTICLASS})
# Of the user's own nothing is known: harder to explain than any single model of ours.
OWN_COMPLEXITY = 50


@dataclass(frozen=True)
class Candidate:
    """One kind of model that the notebook tries.

    Attributes
    ----------
    name : str
        As in `helpers.parameters.model.MODELS`.
    label : str
        Its name in tables and figures.
    plain : str
        What kind of model it is, for everyone: the end of a sentence that begins with "It is".
    family : str
        What it shares with its neighbours: linear, bayes, neighbours, tree, bagging, boosting, network.
    complexity : int
        Rank from 1 (easy to explain and to run) upwards; among equals in score the lowest is chosen.
    build : callable
        ``build(task, table, seed)`` returns an unfitted pipeline whose last step is called ``model``; the
        table is the one that it will be fitted on.
    space : mapping of str to Choice or Range
        What a search may vary, by the pipeline's parameter names.
    tasks : frozenset of Task
        What it can answer.
    rows : int
        Most rows that it is fitted on; more are sampled.
    turn : int
        When it is fitted: those of a low turn first, so that they are done when the seconds are short; first
        what takes no time, then what wins most often, then what errs elsewhere.
    library : str
        What must be installed for it, of the extra `boosters`; empty where nothing more is needed.
    class_space : mapping of str to Choice or Range, optional
        The same where it answers with classes, if it is built of another model for them.
    other_space : mapping of str to Choice or Range, optional
        The same for another way to fit it, searched where its best settings are of that way.
    """

    name: str
    label: str
    plain: str
    family: str
    complexity: int
    build: Build
    space: Space
    tasks: frozenset[Task] = _EVERY_TASK
    rows: int = 200_000
    turn: int = 5
    library: str = ""
    class_space: Space | None = None
    other_space: Space | None = None

    def space_for(self, task: Task, settings: Mapping[str, Any] = MappingProxyType({})) -> Space:
        """Return what a search may vary where it answers the task, around the settings if there are any.

        Empty where there is nothing to vary.
        """
        if self.other_space is not None and within(self.other_space, settings):
            return self.other_space
        own = None if task is Task.REGRESSION else self.class_space
        return self.space if own is None else own

    @property
    def installed(self) -> bool:
        """Whether the library that it needs is there."""
        return not self.library or importlib.util.find_spec(self.library) is not None


_BOOSTING = "many short lists of yes-or-no questions, each of which mends what those before it got wrong"

_ALL = (
    Candidate(
        "linear", "Linear model",
        "a weighted sum of the columns: each counts in proportion to its value",
        "linear", 1, builders.linear, spaces.RIDGE, class_space=spaces.LOGISTIC, turn=1,
    ),
    Candidate(
        "elastic_net", "Elastic net",
        "a weighted sum of the columns that leaves out those it can do without",
        "linear", 2, builders.elastic_net, spaces.ELASTIC_NET, tasks=frozenset({Task.REGRESSION}), turn=2,
    ),
    Candidate(
        "naive_bayes", "Naive Bayes",
        "a tally of how often each value goes with each answer, column by column",
        "bayes", 3, builders.naive_bayes, spaces.NAIVE_BAYES, tasks=_CLASSES, turn=1,
    ),
    Candidate(
        "decision_tree", "Decision tree",
        "a short list of yes-or-no questions, asked one after the other",
        "tree", 4, builders.decision_tree, spaces.DECISION_TREE, turn=1,
    ),
    Candidate(
        "nearest_neighbours", "Nearest neighbours",
        "a look-up of the most similar known cases, whose answers it averages",
        "neighbours", 5, builders.nearest_neighbours, spaces.NEAREST_NEIGHBOURS, rows=20_000, turn=5,
    ),
    Candidate(
        "random_forest", "Random forest",
        "a vote of many lists of yes-or-no questions, each learnt from another part of the data",
        "bagging", 6, builders.random_forest, spaces.RANDOM_FOREST, turn=5,
    ),
    Candidate(
        "extra_trees", "Extra trees",
        "a vote of many lists of yes-or-no questions, whose limits are drawn at random",
        "bagging", 7, builders.extra_trees, spaces.RANDOM_FOREST, turn=4,
    ),
    Candidate(
        "hist_gradient_boosting", "Gradient boosting (scikit-learn)", _BOOSTING,
        "boosting", 8, builders.hist_gradient_boosting, spaces.HIST_GRADIENT_BOOSTING, turn=3,
    ),
    Candidate(
        "xgboost", "Gradient boosting (XGBoost)", _BOOSTING,
        "boosting", 9, builders.xgboost, spaces.XGBOOST, other_space=spaces.XGBOOST_ROTATED, turn=2,
    ),
    Candidate(
        "lightgbm", "Gradient boosting (LightGBM)", _BOOSTING,
        "boosting", 10, builders.lightgbm, spaces.LIGHTGBM, turn=2, library="lightgbm",
    ),
    Candidate(
        "catboost", "Gradient boosting (CatBoost)", _BOOSTING,
        "boosting", 11, builders.catboost, spaces.CATBOOST, turn=3, library="catboost",
    ),
    Candidate(
        "neural_network", "Neural network",
        "small networks of weighted sums, passed through one another, that can bend to fit most shapes",
        "network", 12, builders.neural_network, spaces.NEURAL_NETWORK, other_space=spaces.NETWORK_AT_ONCE,
        rows=50_000, turn=4,
    ),
)  # fmt: skip

CANDIDATES: Mapping[str, Candidate] = MappingProxyType({candidate.name: candidate for candidate in _ALL})

BASELINE_PLAIN = "no model: the same answer for every case, read off the past cases as a whole"


def baseline_candidate(metric: Metric) -> Candidate:
    """Return the baseline as a candidate, so that it goes through the same folds as the others."""
    build = partial(builders.baseline, metric=metric)
    return Candidate(
        BASELINE, BASELINE_LABEL, BASELINE_PLAIN, "baseline", 0, build, MappingProxyType({}), turn=0
    )


def candidates_for(params: Parameters, task: Task) -> list[Candidate]:
    """Return the candidates that the params name, can answer the task and are installed, simplest first.

    Raises
    ------
    UserError
        If one of the user's own is made for another task, or none is left.
    """
    if problems := unfit(params, task, where="parameters"):
        raise UserError(*problems)
    return sorted(_able(params, task), key=lambda found: found.complexity)


def unfit(params: Parameters, task: Task, *, where: str) -> list[Problem]:
    """Return what is wrong with the models that the params name, now that the task is known.

    Of the house's own, those that cannot answer it are no problem as long as others are named beside them.
    """
    kind = "regression" if task is Task.REGRESSION else "classification"
    problems = own_problems(params, task=kind, where=where)
    if problems or _able(params, task):
        return problems
    fitting = [found.name for found in _ALL if task in found.tasks and found.installed]
    remedy = "Or install the extra “boosters”." if not_installed(params, task) else ""
    given = f"{joined([name_of(model) for model in params.models])}, for a {kind}"
    return [Problem(f"{where}: models", given, f"auto, or one of {listed(fitting)}", remedy)]


def _able(params: Parameters, task: Task) -> list[Candidate]:
    return [found for found in _named(params) if task in found.tasks and found.installed]


def left_out(params: Parameters, task: Task) -> list[Candidate]:
    """Return the candidates that the params name and that cannot answer the task."""
    return [found for found in _named(params) if task not in found.tasks]


def not_installed(params: Parameters, task: Task) -> list[Candidate]:
    """Return the candidates that the params name, and whose library is missing."""
    return [found for found in _named(params) if task in found.tasks and not found.installed]


def _named(params: Parameters) -> list[Candidate]:
    own = [as_own(model) for model in params.models]
    return [
        CANDIDATES[name_of(model)] if mine is None else own_candidate(mine)
        for model, mine in zip(params.models, own, strict=True)
    ]


def own_candidate(own: OwnModel) -> Candidate:
    """Return an estimator of the user's own as a candidate."""
    return Candidate(
        own.name, own_models.own_label(own), own_models.own_plain(own), own.name, OWN_COMPLEXITY,
        partial(own_models.build_own, own=own), own_models.own_space(own), tasks=own_models.own_tasks(own),
    )  # fmt: skip
