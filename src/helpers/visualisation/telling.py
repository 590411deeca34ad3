"""How much of the target one feature, or a few together, tell: the cross-validated score of a shallow tree.

One measure for every task, so that features of all kinds stand in one list: the share of the target's
variation that the tree predicts on rows that it has not seen. For classes the target is one indicator a class
and the share is a Brier skill score; for numbers it is R² of the target's ranks, so that a few extreme values
do not decide. 0 tells nothing, 1 tells all; a useless feature comes out slightly below 0.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats
from scipy.stats.contingency import association
from sklearn.tree import DecisionTreeRegressor

from helpers.metrics import Task
from helpers.tables.sample import sampled
from helpers.tables.table import Table
from helpers.visualisation.classes import shown_classes
from helpers.visualisation.drawable import Drawable, Form, drawable

TRIAL_ROWS = 2_000
FOLDS = 5
DEPTH = 4
LEAF_SHARE = 0.01
LEAF_ROWS = 5
NOTHING = 1e-12  # squared error a row below which a target does not vary
FALSE_ALARM = 0.05  # of "tells something", over all features of a table together
TWO_SIDED = 1.96  # standard errors on either side of a 95 % interval
ALIKE = 0.9  # features whose ranks correlate more than this show the same thing
ALIKE_CATEGORIES = 0.7  # and categories with a Cramér's V above this


@dataclass(frozen=True)
class Trial:
    """The rows on which features are tried, cut into folds once for all of them.

    Attributes
    ----------
    features : mapping of str to Drawable
        The features with at least two values, by column name.
    blocks : mapping of str to numpy.ndarray
        Each feature as a tree takes it: rows × 1 for numbers and dates (their ranks; missing stay NaN),
        rows × levels for categories.
    truth : numpy.ndarray
        The target, rows × outputs.
    folds, clusters : numpy.ndarray
        Each row's fold, and its group (itself where the table has no groups).
    baseline : numpy.ndarray
        Each row's squared error when the mean of the other folds is predicted.
    constant : tuple of str
        The columns with fewer than two values.
    """

    features: Mapping[str, Drawable]
    blocks: Mapping[str, np.ndarray]
    truth: np.ndarray
    folds: np.ndarray
    clusters: np.ndarray
    baseline: np.ndarray
    constant: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.truth)

    @property
    def outputs(self) -> np.ndarray:
        """The target as scikit-learn wants it: one dimension where there is one output."""
        return self.truth.ravel() if self.truth.shape[1] == 1 else self.truth


def trial(table: Table, *, seed: int, rows: int = TRIAL_ROWS) -> Trial:
    """Return at most `rows` rows of the table, ready to try features on."""
    part = sampled(table, seed=seed, rows=rows)
    drawn = [drawable(part, column) for column in part.features]
    features = {item.column.name: item for item in drawn if item.varies}
    blocks = {name: _block(item) for name, item in features.items()}
    truth = _truth(part)
    generator = np.random.default_rng(seed)
    clusters = (
        np.arange(len(part)) if part.groups is None else pd.factorize(part.groups, use_na_sentinel=False)[0]
    )
    folds = _folds(clusters, truth, grouped=part.groups is not None, generator=generator)
    baseline = _out_of_fold_errors(np.zeros((len(part), 1)), truth, folds)
    constant = tuple(item.column.name for item in drawn if not item.varies)
    return Trial(features, blocks, truth, folds, clusters, baseline, constant)


def errors(trial: Trial, columns: Sequence[str]) -> np.ndarray:
    """Return each row's squared error under a shallow tree on the columns, fitted on the other folds."""
    X = np.hstack([trial.blocks[name] for name in columns])
    return _out_of_fold_errors(X, trial.truth, trial.folds)


def told(trial: Trial, worse: np.ndarray, better: np.ndarray) -> tuple[float, float]:
    """Return by what share of the target's variation errors shrink from `worse` to `better`, and its error.

    The standard error takes rows (or groups, where there are any) as drawn independently.
    """
    total = float(trial.baseline.sum())
    if total <= NOTHING * len(trial):
        return 0.0, 0.0
    gains = np.bincount(trial.clusters, weights=worse - better)
    spread = float(gains.std(ddof=1)) * np.sqrt(len(gains)) if len(gains) > 1 else 0.0
    return float(gains.sum()) / total, float(spread) / total


def telling_features(trial: Trial) -> pd.DataFrame:
    """Rank the features by what each alone tells about the target.

    Returns
    -------
    pandas.DataFrame
        One row a feature, most telling first; ``column``, ``title``, ``form``, ``told`` (share of the
        target's variation, at most 1), ``low`` and ``high`` (95 % interval), ``certain`` (whether it is above
        0 beyond chance, corrected for the number of features). Constant and empty columns are left out.
    """
    rows = []
    for name, feature in trial.features.items():
        share, error = told(trial, trial.baseline, errors(trial, [name]))
        interval = (share - TWO_SIDED * error, share + TWO_SIDED * error)
        certain = share > strictness(len(trial.features)) * error
        rows.append((name, feature.title, feature.form.value, share, *interval, certain))
    ranking = pd.DataFrame(rows, columns=["column", "title", "form", "told", "low", "high", "certain"])
    return ranking.sort_values("told", ascending=False, kind="stable", ignore_index=True)


def strictness(tried: int) -> float:
    """Return how many standard errors above 0 is beyond chance after `tried` trials (Bonferroni)."""
    return float(stats.norm.ppf(1 - FALSE_ALARM / max(tried, 1)))


def worth_showing(trial: Trial, ranking: pd.DataFrame, *, limit: int) -> tuple[list[str], dict[str, str]]:
    """Choose the features to draw: the most telling ones that do not all show the same.

    Returns
    -------
    chosen : list of str
        At most `limit` columns. Of those that tell something beyond chance, each that is not alike one
        chosen before; the single most telling one where none does.
    twins : dict of str to str
        Each column that was passed over to the chosen one that it is alike.
    """
    certain = ranking.loc[ranking["certain"], "column"]
    chosen: list[str] = []
    twins: dict[str, str] = {}
    for name in certain if len(certain) else ranking["column"].head(1):
        if len(chosen) == limit:
            break
        twin = next((other for other in chosen if alike(trial.features[name], trial.features[other])), None)
        if twin is None:
            chosen.append(name)
        else:
            twins[name] = twin
    return chosen, twins


def alike(one: Drawable, other: Drawable) -> bool:
    """Return whether two features show the same: ranks that correlate, or categories that go together.

    The limits are `ALIKE` for the correlation of ranks and `ALIKE_CATEGORIES` for Cramér's V.
    """
    if one.form is Form.CATEGORY and other.form is Form.CATEGORY:
        counts = pd.crosstab(one.series.to_numpy(), other.series.to_numpy()).to_numpy()
        return bool(association(counts, method="cramer") > ALIKE_CATEGORIES)
    if Form.CATEGORY in (one.form, other.form):
        return False
    both = one.series.notna() & other.series.notna()
    ranks = [stats.rankdata(item.series[both]) for item in (one, other)]
    if both.sum() < 3 or any(np.ptp(rank) == 0 for rank in ranks):
        return False
    return bool(abs(np.corrcoef(*ranks)[0, 1]) > ALIKE)


def _block(feature: Drawable) -> np.ndarray:
    if feature.form is Form.CATEGORY:
        return pd.get_dummies(feature.series).to_numpy(dtype=float)
    # A tree sees only the order, and keeps numbers in 32 bits: ranks lose nothing, epoch seconds would.
    return feature.series.rank(method="dense").to_numpy(dtype=float)[:, None]


def _truth(table: Table) -> np.ndarray:
    if table.task is Task.REGRESSION:
        ranks = stats.rankdata(table.y.to_numpy(dtype=float)) / len(table)
        return np.asarray(ranks, dtype=float)[:, None]
    return pd.get_dummies(shown_classes(table).labels).to_numpy(dtype=float)


def _folds(
    clusters: np.ndarray, truth: np.ndarray, *, grouped: bool, generator: np.random.Generator
) -> np.ndarray:
    """Return each row's fold: groups stay together, classes are dealt out evenly."""
    if grouped and clusters.max() > 0:
        dealt = generator.permutation(clusters.max() + 1) % FOLDS
        return np.asarray(dealt[clusters])
    order = np.lexsort((generator.random(len(truth)), truth.argmax(axis=1)))
    folds = np.empty(len(truth), dtype=int)
    folds[order] = np.arange(len(truth)) % FOLDS
    return folds


def _out_of_fold_errors(X: np.ndarray, truth: np.ndarray, folds: np.ndarray) -> np.ndarray:
    predicted = np.zeros_like(truth)
    for fold in np.unique(folds):
        held, rest = folds == fold, folds != fold
        if not rest.any():
            predicted[held] = truth.mean(axis=0)
            continue
        leaf = max(LEAF_ROWS, int(LEAF_SHARE * rest.sum()))
        tree = DecisionTreeRegressor(max_depth=DEPTH, min_samples_leaf=leaf, random_state=0)
        predicted[held] = tree.fit(X[rest], truth[rest]).predict(X[held]).reshape(held.sum(), -1)
    return np.asarray(((truth - predicted) ** 2).sum(axis=1))
