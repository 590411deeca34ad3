"""How each candidate is built: its preparation, and settings that are right for most tables.

The sizes follow the rows that the model will be fitted on, so that small tables are not overfitted and large
ones are done in seconds. Everything runs on one thread.
"""

import importlib
import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sklearn.base import BaseEstimator
from sklearn.ensemble import (
    ExtraTreesRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestRegressor,
)
from sklearn.linear_model import ElasticNetCV, LogisticRegression, RidgeCV
from sklearn.naive_bayes import MultinomialNB
from sklearn.neighbors import KNeighborsRegressor
from sklearn.pipeline import Pipeline
from sklearn.tree import DecisionTreeRegressor
from xgboost import XGBClassifier, XGBRegressor

import helpers.model_selection.preprocessing as preprocessing
from helpers.metrics import Metric, Task
from helpers.model_selection.early_stopping import held_back
from helpers.model_selection.encoders import Limited
from helpers.model_selection.fitted import baseline_estimator
from helpers.model_selection.networks import AT_ONCE, Networks
from helpers.model_selection.smoothed_tree import SmoothedTree
from helpers.model_selection.smoothed_votes import SmoothedExtraTrees, SmoothedForest, SmoothedNeighbours
from helpers.tables.table import Table

# Up to so many rows a forest has so many trees: of more rows each takes long, and they differ less.
TREES = ((5_000, 200), (10_000, 100), (math.inf, 60))
# A tree of a random forest, and one of extra trees, sees at most so many rows. Of 11,000 to 32,000 rows sixty
# trees of all of them take about as long as a hundred of 10,000 each: extra trees lose up to 19 % less
# (letter) and 0.7 % more (gss_wages), random forests of 20,000 rows up to 5 % less (diamonds). Those of all
# rows lose another 3 % less there, and the mix does not need them.
ROWS_A_FOREST_TREE, ROWS_AN_EXTRA_TREE = 20_000, 50_000
# Up to so many rows a leaf of extra trees that tell a number holds so many. With a row for each 2,000 they
# lost 0.1 to 36 % more on seven tables of 6,000 to 32,000 rows.
LEAVES = ((4_000, 1), (math.inf, 2))
# The most rounds of boosting: early stopping ends far below it but where there is much to learn.
BOOSTING_ROUNDS = 1_000
# Boosting grows a tree a class and round: so many trees in all.
BOOSTING_TREES = 3_000
# Rounds where there are too few rows to find a good number.
FIXED_ROUNDS = 100
FEWEST_ROUNDS = 30
# With more columns a forest of classes looks at few of them a cut: more would take long.
FOREST_COLUMNS = 200
# Past so many rows or classes boosting takes larger steps, and is done in fewer rounds.
MANY_ROWS = 50_000
MANY_CLASSES = 4
SMALL_STEP, LARGE_STEP = 0.05, 0.1
# Where so many classes leave few rounds, steps are larger: both multiply to this, up to the largest step.
BOOSTING_WAY, LARGEST_STEP = 25, 0.3
# Scikit-learn's takes longest a tree: of so many classes it takes steps twice as large, half as often.
TOO_MANY_CLASSES = 8
# CatBoost's time goes with rows, rounds and classes. So many together take about ten seconds; where that
# leaves few rounds it takes larger steps, so that steps and rounds multiply to the same.
CATBOOST_WORK = 20_000_000
# Each of several classes costs it as much as so many answers of one kind.
CATBOOST_CLASS = 3
CATBOOST_WAY, CATBOOST_STEPS = 60, (0.05, 0.3)
# A cut of CatBoost looks at this share of the columns, where they are many.
CATBOOST_COLUMNS, CATBOOST_SHARE = 20, 0.5
# CatBoost tells columns of so few levels by the level itself, and others by its mean target.
MOST_LEVELS_APART = 10
NEIGHBOURS = 15
PENALTIES = 30
# Up to so many rows there are so many networks.
NETWORKS = ((1_500, 5), (20_000, 3), (math.inf, 1))
# Of more answers, rows times classes, there is more to learn than a network of the usual size holds.
MANY_ANSWERS, LARGE_NETWORK = 100_000, MappingProxyType({"units": 256, "left_out": 0.1})
STEADY_NETWORK: Mapping[str, Any] = MappingProxyType(
    {"method": AT_ONCE, "units": 16, "alpha": 3.0, "pieces": False}
)


def baseline(task: Task, _table: Table, _seed: int, *, metric: Metric) -> Pipeline:
    """Return what guesses without looking at the columns."""
    return Pipeline([("model", baseline_estimator(task, metric))])


def linear(task: Task, table: Table, seed: int) -> Pipeline:
    """Return logistic regression, or ridge regression with its penalty chosen by leave-one-out."""
    if task is Task.REGRESSION:
        model: BaseEstimator = RidgeCV(alphas=[0.01, 0.1, 1.0, 10.0, 100.0, 1_000.0])
    else:
        model = LogisticRegression(C=1.0, max_iter=2_000)
    return _with(preprocessing.scaled(table, seed), model)


def elastic_net(_task: Task, table: Table, seed: int) -> Pipeline:
    """Return a linear regression that leaves columns out, with its penalty chosen by cross-validation."""
    model = ElasticNetCV(l1_ratio=[0.5, 0.95], alphas=PENALTIES, cv=5, max_iter=2_000, tol=1e-3)
    return _with(preprocessing.scaled(table, seed), model)


def naive_bayes(task: Task, table: Table, seed: int) -> Pipeline:
    """Return naive Bayes over bins and levels; on 0/1 blocks the multinomial model is the categorical one."""
    if task is Task.REGRESSION:
        raise ValueError("it answers with classes, and the target is a number")
    return _with(preprocessing.counted(table, seed), MultinomialNB())


def nearest_neighbours(task: Task, table: Table, seed: int) -> Pipeline:
    """Return the mean of the nearest rows, by distance on scaled columns."""
    kind = KNeighborsRegressor if task is Task.REGRESSION else SmoothedNeighbours
    model = kind(n_neighbors=min(NEIGHBOURS, max(1, len(table) // 3)), weights="distance", algorithm="brute")
    return _with(preprocessing.scaled(table, seed), model)


def decision_tree(task: Task, table: Table, seed: int) -> Pipeline:
    """Return a tree small enough to be read."""
    kind = DecisionTreeRegressor if task is Task.REGRESSION else SmoothedTree
    model = kind(max_depth=6, min_samples_leaf=_at_most_share(table, 10), random_state=seed)
    return _with(preprocessing.plain(table, seed), model)


def random_forest(task: Task, table: Table, seed: int) -> Pipeline:
    """Return a forest whose trees end in two rows, and see a part of the rows where there are many.

    With a row a leaf for each 2,000 it lost 0.1 to 39 % more on ten tables of 6,000 to 32,000 rows.
    """
    share = min(1.0, ROWS_A_FOREST_TREE / max(1, len(table)))
    options = {"min_samples_leaf": 2, "max_samples": share, "n_jobs": 1, "random_state": seed}
    if task is Task.REGRESSION:
        model: BaseEstimator = RandomForestRegressor(_by_rows(TREES, table), max_features=0.33, **options)
    else:
        model = SmoothedForest(_by_rows(TREES, table), max_features=_columns_a_cut(table, 0.33), **options)
    return _with(preprocessing.plain(table, seed), model)


def extra_trees(task: Task, table: Table, seed: int) -> Pipeline:
    """Return a forest whose trees cut at random places: each is worse, and all differ more."""
    # Classes that are easily told apart need small leaves; such trees are small anyway.
    of_classes = max(2, min(20, len(table) // 8_000))
    leaf = _by_rows(LEAVES, table) if task is Task.REGRESSION else of_classes
    options: dict[str, Any] = {"min_samples_leaf": leaf, "n_jobs": 1, "random_state": seed}
    if len(table) > ROWS_AN_EXTRA_TREE:
        options |= {"bootstrap": True, "max_samples": ROWS_AN_EXTRA_TREE / len(table)}
    if task is Task.REGRESSION:
        model: BaseEstimator = ExtraTreesRegressor(_by_rows(TREES, table), max_features=0.5, **options)
    else:
        model = SmoothedExtraTrees(_by_rows(TREES, table), max_features=_columns_a_cut(table, 1.0), **options)
    return _with(preprocessing.plain(table, seed), model)


def hist_gradient_boosting(task: Task, table: Table, seed: int) -> Pipeline:
    """Return scikit-learn's boosting over binned values, with gaps and categories as they are."""
    kind = HistGradientBoostingRegressor if task is Task.REGRESSION else HistGradientBoostingClassifier
    times = 2 if len(table.classes) >= TOO_MANY_CLASSES else 1
    model = kind(
        # Of few rows each of its rounds takes long, and smaller steps gain it little.
        learning_rate=times * LARGE_STEP,
        max_iter=max(FEWEST_ROUNDS, _rounds(table, seed) // times),
        max_leaf_nodes=15,
        # Each cut looks at half of the columns, which makes trees that differ more.
        max_features=0.5,
        min_samples_leaf=_at_most_share(table, 20),
        l2_regularization=1.0,
        early_stopping=False,
        categorical_features="from_dtype",
        random_state=seed,
    )
    return _with(preprocessing.native(table, seed), model)


def xgboost(task: Task, table: Table, seed: int) -> Pipeline:
    """Return XGBoost with small trees on parts of rows and columns."""
    kind = XGBRegressor if task is Task.REGRESSION else XGBClassifier
    model = kind(
        n_estimators=_rounds(table, seed),
        learning_rate=_step(table),
        max_depth=5,
        min_child_weight=1.0,
        subsample=0.8,
        # Half of the columns a cut: on fourteen of twenty tables better than 0.8 a tree, on average 0.7 %.
        colsample_bynode=0.5,
        tree_method="hist",
        enable_categorical=True,
        # One level against all others: sets of levels learn the rows by heart.
        max_cat_to_onehot=preprocessing.NATIVE_LEVELS + 1,
        n_jobs=1,
        random_state=seed,
    )
    return _with(preprocessing.native(table, seed), model)


def lightgbm(task: Task, table: Table, seed: int) -> Pipeline:
    """Return LightGBM, whose trees grow where they gain most."""
    library = importlib.import_module("lightgbm")
    kind = library.LGBMRegressor if task is Task.REGRESSION else library.LGBMClassifier
    model = kind(
        n_estimators=_rounds(table, seed),
        learning_rate=_step(table),
        num_leaves=24,
        min_child_samples=_at_most_share(table, 15),
        subsample=0.8,
        subsample_freq=1,
        colsample_bytree=0.8,
        reg_lambda=1.0,
        n_jobs=1,
        deterministic=True,
        force_row_wise=True,
        verbosity=-1,
        random_state=seed,
    )
    return _with(preprocessing.native(table, seed), model)


def catboost(task: Task, table: Table, seed: int) -> Pipeline:
    """Return CatBoost, which reads categories by the targets of the rows before."""
    library = importlib.import_module("catboost")
    kind = library.CatBoostRegressor if task is Task.REGRESSION else library.CatBoostClassifier
    preparation, categories = preprocessing.leveled(table, seed)
    answers = 1 if _trees_a_round(table) == 1 else CATBOOST_CLASS * _trees_a_round(table)
    affordable = max(FEWEST_ROUNDS, CATBOOST_WORK // (max(1, len(table)) * answers))
    model = kind(
        iterations=min(_rounds(table, seed), affordable),
        learning_rate=min(max(CATBOOST_WAY / affordable, CATBOOST_STEPS[0]), CATBOOST_STEPS[1]),
        depth=6,
        rsm=CATBOOST_SHARE if len(table.features) > CATBOOST_COLUMNS else 1.0,
        # Combinations of levels take most of its time on wide tables, and gain little.
        max_ctr_complexity=1,
        one_hot_max_size=MOST_LEVELS_APART,
        cat_features=categories,
        thread_count=1,
        allow_writing_files=False,
        verbose=False,
        random_seed=seed,
    )
    return _with(preparation, model)


def neural_network(task: Task, table: Table, seed: int) -> Pipeline:
    """Return several networks, whose answers are averaged: one alone depends much on where it starts.

    Where rows belong together by group or time, those left out say too late when to stop: they know their
    neighbours. Such networks are steady ones that need no telling. To tell a number, the others read numbers
    in pieces: of seventeen tables they lose up to 15 % less on twelve, and up to 5 % more on five. To tell
    classes apart that is better on half of the tables only, and much worse on some of the others.
    """
    number = _by_rows(NETWORKS, table)
    options: Mapping[str, Any] = {"pieces": task is Task.REGRESSION}
    if table.groups is not None or table.times is not None:
        options = STEADY_NETWORK
    elif len(table) * len(table.classes) > MANY_ANSWERS:
        options = LARGE_NETWORK
    model = Networks(networks=number, classifier=task is not Task.REGRESSION, random_state=seed, **options)
    return Pipeline([*preprocessing.scaled(table, seed).steps, ("limits", Limited()), ("model", model)])


def _with(preparation: Pipeline, model: BaseEstimator) -> Pipeline:
    return Pipeline([*preparation.steps, ("model", model)])


def _rounds(table: Table, seed: int) -> int:
    most = FIXED_ROUNDS if held_back(table, seed=seed) is None else BOOSTING_ROUNDS
    return max(FEWEST_ROUNDS, min(most, BOOSTING_TREES // _trees_a_round(table)))


def _trees_a_round(table: Table) -> int:
    return len(table.classes) if table.task is Task.MULTICLASS else 1


def _by_rows(numbers: Sequence[tuple[float, int]], table: Table) -> int:
    return next(number for most, number in numbers if len(table) <= most)


def _columns_a_cut(table: Table, share: float) -> float | str:
    """Return how many of the columns a forest of classes looks at for a cut: a share, of very many the root.

    Where few columns tell anything, or one is spread over many levels, the square root mostly looks at others
    (on ten tables random forests lost 10 % less with a third). Cuts at random places need more to pick from:
    with all columns, and two rows a leaf, extra trees lose less than with a third on twelve of thirteen.
    """
    return share if len(table.features) <= FOREST_COLUMNS else "sqrt"


def _step(table: Table) -> float:
    small = len(table) <= MANY_ROWS and len(table.classes) < MANY_CLASSES
    needed = BOOSTING_WAY * _trees_a_round(table) / BOOSTING_TREES
    return max(SMALL_STEP if small else LARGE_STEP, min(LARGEST_STEP, needed))


def _at_most_share(table: Table, rows: int) -> int:
    """Return `rows`, or a twentieth of a table too small for it."""
    return max(1, min(rows, len(table) // 20))
