"""Good configurations in a fixed order, tried before a search draws its own.

Each is another way to be good, and not a better one: together they cover tables that a candidate's own
settings do not fit (Salinas and Erickson, TabRepo, AutoML 2024). They are few, so that every trial counts:
first what wins most often, boosting with nearly all rows and columns, the same with the principal components
of the numbers beside them, boosting with a strong penalty, and with shallow trees, then a network that reads
numbers in the other way, other networks and forests, and the simple models with another penalty; a forest
that looks at most columns takes longest, and comes last.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from helpers.metrics import Metric, Task
from helpers.model_selection.builders import STEADY_NETWORK
from helpers.model_selection.candidates import Candidate
from helpers.model_selection.comparison import distance, ranked
from helpers.model_selection.cross_validation import CandidateResult
from helpers.model_selection.networks import AT_ONCE, BATCHES
from helpers.model_selection.preprocessing import numbers
from helpers.model_selection.proper import proper_metric, turned
from helpers.model_selection.spaces import ROTATED
from helpers.tables.table import Table

Settings = Mapping[str, Any]

# Past so many rows a configuration that takes long is left out.
MANY_ROWS = 20_000
# Where boosting with its own settings goes on for so many rounds on so many rows, larger trees come first.
MANY_ROUNDS, ENOUGH_ROWS = 400, 5_000
# A candidate that loses so much more than the best with its own settings is not tried with others: the most
# that other settings spare is 16 % (a network of pieces on phoneme).
FAR_BEHIND = 0.4
# Of fewer numbers the components say what the numbers do.
LEAST_ROTATED = 2
BOOSTING = "boosting"
_EVERY_TASK = frozenset(Task)
_CLASSES = frozenset({Task.BINARY, Task.MULTICLASS})


@dataclass(frozen=True)
class _Entry:
    """A candidate's name and its settings; which tables it is for, and whether its trees are large."""

    name: str
    settings: Settings
    tasks: frozenset[Task] = _EVERY_TASK
    slow: bool = False
    large: bool = False

    @property
    def rotated(self) -> bool:
        """Whether it reads the principal components of the numbers, too."""
        return ROTATED.keys() <= self.settings.keys()


def _model(**values: Any) -> Settings:
    return MappingProxyType({f"model__{name}": value for name, value in values.items()})


_REGRESSION = frozenset({Task.REGRESSION})
# All is said: where rows belong together, or answers are many, a network's own settings are others.
_USUAL_NETWORK: Settings = MappingProxyType({"method": BATCHES, "units": 128, "alpha": 0.1, "left_out": 0.2})
_NEARLY_ALL = _model(max_depth=6, min_child_weight=1.0, subsample=0.9, colsample_bynode=0.8)
_ENTRIES = (
    _Entry("xgboost", _NEARLY_ALL),
    _Entry("xgboost", MappingProxyType({**_NEARLY_ALL, **ROTATED})),
    _Entry("xgboost", _model(max_depth=6, min_child_weight=1.0, subsample=0.6, colsample_bynode=0.4,
                             reg_lambda=10.0)),
    _Entry("xgboost", _model(max_depth=3, learning_rate=0.08, min_child_weight=1.0, reg_lambda=3.0)),
    _Entry("neural_network", _model(**_USUAL_NETWORK, pieces=True), _CLASSES),
    _Entry("neural_network", _model(**_USUAL_NETWORK, pieces=False), _REGRESSION),
    _Entry("catboost", _model(depth=4, l2_leaf_reg=1.0)),
    _Entry("hist_gradient_boosting", _model(max_leaf_nodes=31, min_samples_leaf=10, l2_regularization=10.0),
           large=True),
    _Entry("lightgbm", _model(num_leaves=64, min_child_samples=5, colsample_bytree=0.6, reg_lambda=5.0),
           large=True),
    _Entry("extra_trees", _model(max_features=1.0, min_samples_leaf=2), _REGRESSION),
    _Entry("extra_trees", _model(max_features=0.5, min_samples_leaf=1), _CLASSES),
    _Entry("catboost", _model(depth=8, l2_leaf_reg=5.0), slow=True),
    _Entry("neural_network", _model(**STEADY_NETWORK), slow=True),
    _Entry("lightgbm", _model(num_leaves=8, min_child_samples=20, reg_lambda=0.1)),
    _Entry("linear", _model(C=0.1), _CLASSES),
    _Entry("xgboost", _model(max_depth=8), large=True),
    # Where a weaker penalty is better at all, pieces are, too: concrete 17 % less, Computers 16 %.
    _Entry("neural_network", _model(method=AT_ONCE, units=32, alpha=0.1, pieces=True), _REGRESSION,
           slow=True),
    _Entry("nearest_neighbours", _model(n_neighbors=40, weights="distance")),
    _Entry("linear", _model(C=10.0), _CLASSES),
    _Entry("hist_gradient_boosting", _model(max_leaf_nodes=6, min_samples_leaf=5, l2_regularization=0.1)),
    _Entry("random_forest", _model(max_features=0.66, min_samples_leaf=3), slow=True),
)  # fmt: skip


def portfolio(
    results: Sequence[CandidateResult], table: Table, *, metric: Metric, trials: int
) -> list[tuple[Candidate, Settings]]:
    """Return the configurations to try, the most promising first.

    Parameters
    ----------
    results : sequence of CandidateResult
        The candidates with their own settings. Those without a score, and those that are far behind, are not
        tried again. Where boosting goes on for many rounds on many rows, its larger trees come first; where
        a candidate that is no boosting leads, its other configurations come before all.
    table : Table
        The development rows: its task and size say what is worth a trial.
    metric : Metric
        What is scored; the candidates are held against each other by its `proper_metric`.
    trials : int
        The most to return.

    Returns
    -------
    list of (Candidate, settings)
        All different, and but for a network of rows that belong together different from the candidates' own
        settings; settings are plain values.
    """
    by = proper_metric(metric)
    able = ranked([turned(found) for found in results if not found.failed], by)
    known = {found.candidate.name: found.candidate for found in able if not _far_behind(found, able[0], by)}
    ahead = able[0].candidate.name if able and able[0].candidate.family != BOOSTING else ""
    rounds = max((found.rounds for found in able), default=0)
    much_to_learn = rounds >= MANY_ROUNDS and len(table) > ENOUGH_ROWS
    found = [
        (known[entry.name], entry.settings)
        for entry in sorted(
            _ENTRIES, key=lambda entry: (entry.name != ahead, not (entry.large and much_to_learn))
        )
        if entry.name in known and _is_for(entry, known[entry.name], table)
    ]
    return found[:trials]


def _is_for(entry: _Entry, candidate: Candidate, table: Table) -> bool:
    """Return whether the table is one for the entry, and the candidate, as it was demanded, can be so."""
    if entry.rotated and (candidate.other_space is None or numbers(table) < LEAST_ROTATED):
        return False
    return table.task in entry.tasks and not (entry.slow and len(table) > MANY_ROWS)


def _far_behind(found: CandidateResult, best: CandidateResult, metric: Metric) -> bool:
    own, least = (distance(each.mean, metric=metric) for each in (found, best))
    return own > (1 + FAR_BEHIND) * least
