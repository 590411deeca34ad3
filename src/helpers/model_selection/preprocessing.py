"""What each family of models needs done to a table before it can learn; fitted inside the folds.

Four ways, all starting with plain names and types:

- `scaled` for models that measure distances or weights: gaps filled and marked, everything on one scale;
- `plain` for scikit-learn's trees: gaps stay, categories become 0/1 columns;
- `native` for boosting: gaps and categories stay as they are;
- `counted` for naive Bayes: everything becomes a 0/1 column.

Dates become numbers, by skrub; texts and categories of many levels become latent components, and the mean
target of the other rows of the same level. That mean is left out where rows belong together by group or time:
the others would tell too much.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sklearn.base import BaseEstimator
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from helpers.metrics import Task
from helpers.model_selection.components import PrincipalComponents
from helpers.model_selection.encoders import (
    DateParts,
    KnownCategories,
    KnownNumbers,
    LevelCodes,
    PlainColumns,
    QuantileBins,
)
from helpers.model_selection.target_means import TargetMeans
from helpers.model_selection.text_components import TextComponents
from helpers.tables.table import Column, Kind, Table

# Up to here a category gets a 0/1 column a level; past it the levels are read as texts.
FEW_LEVELS = 40
# Up to here boosting takes a category as it is.
NATIVE_LEVELS = 254
# A level needs this share of the rows for a column of its own; the rarer ones share one.
RARE_LEVEL = 0.005
COMPONENTS, LONG_COMPONENTS = 20, 60
# Boosting gets, beside a category as it is, the mean target of its levels from so many levels on.
MEAN_LEVELS = 10
# More classes would make too many columns.
MEAN_CLASSES = 10
# A text whose values repeat so often has levels, too: at least so many rows to a value.
REPEATED = 2.0

_NUMBERS = frozenset({Kind.NUMBER, Kind.BOOLEAN, Kind.EMPTY})


@dataclass(frozen=True)
class _Blocks:
    """The features by their treatment, under their plain names."""

    numbers: Sequence[str]
    categories: Sequence[str]
    dates: Sequence[str]
    texts: Sequence[str]
    means: Sequence[str]


def scaled(table: Table, seed: int) -> Pipeline:
    """Return the preparation for linear models, nearest neighbours and neural networks."""
    blocks = _blocks(table, levels=FEW_LEVELS)
    return _pipeline(
        table,
        [
            ("numbers", _filled_and_scaled(), blocks.numbers),
            ("categories", _one_hot(), blocks.categories),
            ("dates", make_pipeline(DateParts(), _filled_and_scaled()), blocks.dates),
            ("texts", make_pipeline(_texts(seed), StandardScaler()), blocks.texts),
            ("means", make_pipeline(_means(table, seed), StandardScaler()), blocks.means),
        ],
    )


def plain(table: Table, seed: int) -> Pipeline:
    """Return the preparation for a decision tree and a forest, which take gaps but no categories."""
    blocks = _blocks(table, levels=FEW_LEVELS)
    return _pipeline(
        table,
        [
            ("numbers", "passthrough", blocks.numbers),
            ("categories", _one_hot(), blocks.categories),
            ("dates", DateParts(), blocks.dates),
            ("texts", _texts(seed), blocks.texts),
            ("means", _means(table, seed), blocks.means),
        ],
    )


def native(table: Table, seed: int) -> Pipeline:
    """Return the preparation for boosting, which takes gaps and categories; a DataFrame comes out."""
    blocks = _blocks(table, levels=NATIVE_LEVELS)
    steps = _pipeline(
        table,
        [
            ("numbers", KnownNumbers(), blocks.numbers),
            ("categories", KnownCategories(NATIVE_LEVELS), blocks.categories),
            ("dates", make_pipeline(DateParts(), KnownNumbers()), blocks.dates),
            ("texts", _texts(seed), blocks.texts),
            ("means", _means(table, seed), blocks.means),
            ("rotated", PrincipalComponents(seed=seed), blocks.numbers),
        ],
    )
    steps.named_steps["features"].set_output(transform="pandas")
    return steps


def leveled(table: Table, seed: int) -> tuple[Pipeline, list[str]]:
    """Return the preparation for CatBoost, and the names of the features that are codes of levels."""
    blocks = _blocks(table, levels=len(table))
    steps = _pipeline(
        table,
        [
            ("numbers", KnownNumbers(), blocks.numbers),
            ("categories", LevelCodes(len(table)), blocks.categories),
            ("dates", make_pipeline(DateParts(), KnownNumbers()), blocks.dates),
            ("texts", _texts(seed), blocks.texts),
        ],
    )
    steps.named_steps["features"].set_output(transform="pandas")
    return steps, list(blocks.categories)


def counted(table: Table, seed: int) -> Pipeline:
    """Return the preparation for naive Bayes: 0/1 columns, one for each bin or level."""
    blocks = _blocks(table, levels=FEW_LEVELS)
    return _pipeline(
        table,
        [
            ("numbers", QuantileBins(), blocks.numbers),
            ("categories", _one_hot(), blocks.categories),
            ("dates", make_pipeline(DateParts(), QuantileBins()), blocks.dates),
            ("texts", make_pipeline(_texts(seed), QuantileBins()), blocks.texts),
        ],
    )


def numbers(table: Table) -> int:
    """Return how many of the features are numbers."""
    return sum(column.kind in _NUMBERS for column in table.features)


def _blocks(table: Table, *, levels: int) -> _Blocks:
    sorted_out: dict[str, list[str]] = {block: [] for block in _Blocks.__dataclass_fields__}
    for position, column in enumerate(table.features):
        if column.kind in _NUMBERS:
            block = "numbers"
        elif column.kind is Kind.DATE:
            block = "dates"
        elif column.kind is Kind.CATEGORY and table.frame[column.name].nunique() <= levels:
            block = "categories"
        else:
            block = "texts"
        sorted_out[block].append(f"f{position}")
        if _has_means(table, column, min(levels, MEAN_LEVELS) if levels > FEW_LEVELS else levels):
            sorted_out["means"].append(f"f{position}")
    return _Blocks(**sorted_out)


def _pipeline(table: Table, blocks: list[tuple[str, BaseEstimator | str, Sequence[str]]]) -> Pipeline:
    names = [column.name for column in table.features]
    kinds = [column.kind.value for column in table.features]
    features = ColumnTransformer(
        # What a setting names must be there on every table.
        [
            (name, step, list(columns))
            for name, step, columns in blocks
            if columns or isinstance(step, PrincipalComponents)
        ],
        verbose_feature_names_out=False,
        sparse_threshold=0.0,
    )
    return Pipeline([("columns", PlainColumns(names, kinds)), ("features", features)])


def _filled_and_scaled() -> Pipeline:
    fill = SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True)
    return make_pipeline(fill, StandardScaler())


def _one_hot() -> OneHotEncoder:
    return OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=RARE_LEVEL, sparse_output=False)


def _has_means(table: Table, column: Column, levels: int) -> bool:
    """Return whether a column has levels enough, and rows enough to each, to be told by their target."""
    if column.kind not in (Kind.CATEGORY, Kind.TEXT) or len(table.classes) > MEAN_CLASSES:
        return False
    if table.groups is not None or table.times is not None:
        return False
    found = table.frame[column.name].nunique()
    return levels < found <= len(table) / REPEATED


def _means(table: Table, seed: int) -> TargetMeans:
    classes = 0 if table.task is Task.REGRESSION else table.y.nunique()
    return TargetMeans(classes, seed)


def _texts(seed: int) -> TextComponents:
    return TextComponents(COMPONENTS, seed, long_components=LONG_COMPONENTS)
