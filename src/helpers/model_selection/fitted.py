"""A fitted model as every later notebook uses it: columns in, predictions out, and a file without pickle.

Classes are coded as whole numbers inside, over the classes that the fitted rows held, because XGBoost reads
nothing else; probabilities come back with a column for every class of the table, zero where a fit never saw
the class.
"""

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import skops.io as skops
from sklearn.base import BaseEstimator
from sklearn.dummy import DummyClassifier, DummyRegressor
from skops.io.exceptions import UntrustedTypesFoundException
from threadpoolctl import threadpool_limits

import helpers.files as files
import helpers.model_selection.weighting as weighting
from helpers.errors import Problem, UserError, listed
from helpers.metrics import Metric, Task
from helpers.prediction.contract import InputContract
from helpers.prediction.intervals import Intervals
from helpers.prediction.packing import packed, unpacked
from helpers.prediction.unlike import Unlike
from helpers.scoring import Prediction
from helpers.tables.table import Table

FORMAT = 2
BASELINE = "baseline"
BASELINE_LABEL = "Baseline"

# The types beyond scikit-learn's plain ones that a model of ours may hold. A file that names any other is
# refused, whatever it says of itself.
TRUSTED_TYPES: tuple[str, ...] = (
    "catboost.core.CatBoostClassifier",
    "catboost.core.CatBoostRegressor",
    "collections.OrderedDict",
    "functools.partial",
    "helpers.model_selection.components.PrincipalComponents",
    "helpers.model_selection.encoders.DateParts",
    "helpers.model_selection.encoders.KnownCategories",
    "helpers.model_selection.encoders.KnownNumbers",
    "helpers.model_selection.encoders.LevelCodes",
    "helpers.model_selection.encoders.Limited",
    "helpers.model_selection.encoders.PlainColumns",
    "helpers.model_selection.encoders.QuantileBins",
    "helpers.model_selection.networks.Networks",
    "helpers.model_selection.smoothed_tree.SmoothedTree",
    "helpers.model_selection.smoothed_votes.SmoothedExtraTrees",
    "helpers.model_selection.smoothed_votes.SmoothedForest",
    "helpers.model_selection.smoothed_votes.SmoothedNeighbours",
    "helpers.model_selection.target_means.TargetMeans",
    "helpers.model_selection.text_components.TextComponents",
    "helpers.model_selection.weighted_ensemble.WeightedEnsemble",
    "lightgbm.basic.Booster",
    "lightgbm.sklearn.LGBMClassifier",
    "lightgbm.sklearn.LGBMRegressor",
    "numpy.dtype",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.neural_network._stochastic_optimizers.AdamOptimizer",
    "sklearn.tree._tree.Tree",
    "sklearn.utils.validation.check_array",
    "skrub._datetime_encoder.DatetimeEncoder",
    "skrub._to_str.ToStr",
    "xgboost.core.Booster",
    "xgboost.sklearn.XGBClassifier",
    "xgboost.sklearn.XGBRegressor",
)


@dataclass(frozen=True)
class FittedModel:
    """A model fitted on rows of one table, and what it needs to know of that table.

    Attributes
    ----------
    name, label : str
        The candidate's name in params (or ``baseline``), and its name for people.
    task : Task
        What it answers.
    classes : tuple of str
        All classes of the table, in its order; empty for a regression.
    seen : tuple of str
        The classes that the fitted rows held; the estimator's code 0 stands for the first of them.
    positive : str or None
        For two classes the one to find.
    target : str
        The column that it predicts.
    columns : mapping of str to str
        The features that it reads, in their order, with the kind of each.
    rows : int
        How many rows it was fitted on.
    estimator : sklearn.base.BaseEstimator
        The fitted pipeline; reads the features as `Table.X` holds them.
    contract : InputContract or None
        How raw rows are to be read; None where the model is not made to be used on new tables.
    intervals : Intervals or None
        How far from its predictions the truth lies.
    unlike : Unlike or None
        Tells rows unlike those that it was fitted on.
    """

    name: str
    label: str
    task: Task
    classes: tuple[str, ...]
    seen: tuple[str, ...]
    positive: str | None
    target: str
    columns: Mapping[str, str]
    rows: int
    estimator: BaseEstimator
    contract: InputContract | None = None
    intervals: Intervals | None = None
    unlike: Unlike | None = None

    def predict(self, X: pd.DataFrame) -> Prediction:
        """Return the answers for rows that hold at least the model's columns; others are ignored.

        Raises
        ------
        UserError
            If columns are missing.
        """
        missing = [name for name in self.columns if name not in X.columns]
        if missing:
            raise UserError(
                Problem(
                    "table to predict",
                    f"no column {listed(missing)}",
                    f"the {len(self.columns)} columns that the model was fitted on",
                )
            )
        if len(X) == 0:
            return self._nothing(X.index)
        features = X[list(self.columns)]
        with threadpool_limits(1):
            if self.task is Task.REGRESSION:
                return Prediction(np.asarray(self.estimator.predict(features), dtype=float), None)
            stated = self.estimator.predict_proba(features)
            return stated_as(stated, seen=self.seen, classes=self.classes, index=X.index)

    def _nothing(self, index: pd.Index) -> Prediction:
        if self.task is Task.REGRESSION:
            return Prediction(np.empty(0), None)
        table = pd.DataFrame(0.0, index=index, columns=pd.Index(self.classes, dtype=object))
        return Prediction(np.empty(0, dtype=object), table)


def stated_as(
    stated: npt.NDArray[Any], *, seen: tuple[str, ...], classes: tuple[str, ...], index: pd.Index
) -> Prediction:
    """Return probabilities as a prediction: the most probable class, the first of equals.

    Parameters
    ----------
    stated : numpy.ndarray
        Rows × the classes that were `seen` in fitting, in their order.
    seen, classes : tuple of str
        Those, and all of the table; a class that was not seen has the probability 0.
    index : pandas.Index
        Of the rows.
    """
    # float64 before dividing: a sum of float32 need not be 1 to the digits that metrics look at.
    known = np.asarray(stated, dtype=float)
    shares = np.zeros((len(index), len(classes)))
    shares[:, [classes.index(name) for name in seen]] = known / known.sum(axis=1, keepdims=True)
    frame = pd.DataFrame(shares, index=index, columns=pd.Index(classes, dtype=object))
    return Prediction(np.asarray(classes, dtype=object)[shares.argmax(axis=1)], frame)


def coded(table: Table, *, name: str) -> tuple[npt.NDArray[Any], tuple[str, ...]]:
    """Return the target as numbers that every model reads, and the classes that its codes stand for.

    Raises
    ------
    ValueError
        If the rows of a classification hold fewer than two classes and the candidate is no baseline.
    """
    if table.task is Task.REGRESSION:
        return table.y.to_numpy(dtype=float), ()
    codes = pd.Index(table.classes, dtype=object).get_indexer(pd.Index(table.y, dtype=object))
    present, target = np.unique(codes, return_inverse=True)
    if len(present) < 2 and name != BASELINE:
        raise ValueError("the rows to learn from hold one class only")
    return target, tuple(table.classes[code] for code in present)


def fit_model(estimator: BaseEstimator, table: Table, *, name: str, label: str) -> FittedModel:
    """Return `estimator` fitted on the table's rows, single-threaded so that sums do not depend on cores.

    Parameters
    ----------
    estimator : sklearn estimator
        Unfitted; it is fitted in place. A classifier gets whole numbers from 0 as its classes.
    table : Table
        The rows to learn from.
    name, label : str
        The candidate's name in params and its name for people.

    Raises
    ------
    ValueError
        If the rows of a classification hold fewer than two classes and the estimator is no baseline.
    """
    target, seen = coded(table, name=name)
    with threadpool_limits(1):
        estimator.fit(table.X, target, **weighting.fit_options(estimator, table))
    columns = {column.name: column.kind.value for column in table.features}
    return FittedModel(
        name, label, table.task, table.classes, seen, table.positive, table.target.name, columns, len(table),
        estimator,
    )  # fmt: skip


def baseline_estimator(task: Task, metric: Metric | None = None) -> BaseEstimator:
    """Return what guesses without looking: shares of classes, or mean (for absolute errors median)."""
    if task is not Task.REGRESSION:
        return DummyClassifier(strategy="prior")
    absolute = metric is not None and metric.name in ("mae", "median_absolute_error")
    return DummyRegressor(strategy="median" if absolute else "mean")


def fit_baseline(table: Table, metric: Metric | None = None) -> FittedModel:
    """Return the baseline fitted on the table's rows.

    Parameters
    ----------
    table : Table
        The rows to learn shares, mean or median from.
    metric : Metric, optional
        What it will be judged by; decides between mean and median.
    """
    return fit_model(baseline_estimator(table.task, metric), table, name=BASELINE, label=BASELINE_LABEL)


def save_model(model: FittedModel, path: Path) -> None:
    """Write the model to `path` atomically, as a compressed skops file."""
    content = {
        "format": FORMAT,
        "name": model.name,
        "label": model.label,
        "task": model.task.value,
        "classes": list(model.classes),
        "seen": list(model.seen),
        "positive": model.positive,
        "target": model.target,
        # Two lists and not a mapping: names of columns may be anything, keys of a schema may not.
        "columns": list(model.columns),
        "kinds": list(model.columns.values()),
        "rows": model.rows,
        "estimator": packed(model.estimator),
        "contract": None if model.contract is None else model.contract.to_json(),
        "intervals": None if model.intervals is None else model.intervals.to_plain(),
        "unlike": None if model.unlike is None else model.unlike.to_plain(),
    }
    files.write_bytes(path, skops.dumps(content, compression=zipfile.ZIP_DEFLATED, compresslevel=6))


def load_model(path: Path, *, trusted: Sequence[str] = ()) -> FittedModel:
    """Return the model that `path` holds; nothing in the file is executed.

    Parameters
    ----------
    path : Path
        The file.
    trusted : sequence of str
        Types that it may hold beside those of the house: `own_models.trusted_types` of the run's params,
        never what the file says of itself.

    Raises
    ------
    UserError
        If the file is missing, is no model, names types that a model of ours never holds, or is of another
        format.
    """
    expected = "a model that 04_model_selection stored"
    if not path.is_file():
        raise UserError(Problem(str(path), "no such file", expected))
    data = path.read_bytes()
    try:
        unknown = sorted(set(skops.get_untrusted_types(data=data)) - {*TRUSTED_TYPES, *trusted})
        if unknown:
            raise UserError(
                Problem(
                    str(path),
                    f"a file that asks for types no model of ours holds: {listed(unknown)}",
                    expected,
                    "It was not loaded; do not trust where it came from.",
                )
            )
        content = skops.loads(data, trusted=[*TRUSTED_TYPES, *trusted])
        return _from_content(content, path, expected)
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, UntrustedTypesFoundException) as error:
        raise UserError(Problem(str(path), f"a file that cannot be read ({error})", expected)) from error


def _from_content(content: Any, path: Path, expected: str) -> FittedModel:
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise UserError(
            Problem(str(path), "something else or another format", f"{expected}, format {FORMAT}")
        )
    contract, intervals, unlike = content["contract"], content["intervals"], content["unlike"]
    return FittedModel(
        name=content["name"],
        label=content["label"],
        task=Task(content["task"]),
        classes=tuple(content["classes"]),
        seen=tuple(content["seen"]),
        positive=content["positive"],
        target=content["target"],
        columns=dict(zip(content["columns"], content["kinds"], strict=True)),
        rows=int(content["rows"]),
        estimator=unpacked(content["estimator"]),
        contract=None if contract is None else InputContract.from_json(contract),
        intervals=None if intervals is None else Intervals.from_plain(intervals),
        unlike=None if unlike is None else Unlike.from_plain(unlike),
    )
