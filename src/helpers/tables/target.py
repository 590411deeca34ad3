"""The target: which task it makes, its classes by name, and which of two classes is the positive one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.errors import listed
from helpers.findings import Finding, Severity
from helpers.metrics import Task
from helpers.parameters.section import Scalar
from helpers.tables.kinds import BOOLEAN_PAIRS, Cells, Typed
from helpers.tables.levels import Levels, as_text
from helpers.tables.table import Kind

# Whole numbers with more different values than this are a quantity, with fewer they are classes.
MOST_NUMBER_CLASSES = 20
POSITIVE_WORDS = frozenset(
    {"1", "true", "t", "yes", "y", "positive", "pos", "case", "event", "present", "on"}
)
NEGATIONS = ("not ", "no ", "non-", "non ", "not_", "no_", "non_", "un")
_TRUE = frozenset({"true", "t", "yes", "y", "on", "1", "1.0"})
_FALSE = frozenset({"false", "f", "no", "n", "off", "0", "0.0"})


@dataclass(frozen=True)
class Labels:
    """The target's values.

    Attributes
    ----------
    y : pandas.Series
        Class names (object, None where missing) or float64.
    task : Task
        The task that they make.
    reason : str
        Why, where it was not declared and could have been another; else empty.
    """

    y: pd.Series
    task: Task
    reason: str = ""

    @property
    def classes(self) -> tuple[str, ...]:
        """The class names in sorted order; empty for a regression."""
        return () if self.task is Task.REGRESSION else tuple(sorted(self.y.dropna().unique()))


def is_numeric(target: Typed) -> bool:
    """Tell whether the target's values are numbers, whatever else they are."""
    return target.kind is not Kind.DATE and pd.api.types.is_numeric_dtype(target.series.dtype)


def labels_of(cells: Cells, target: Typed, *, task: str) -> Labels:
    """Return the target's values for the declared or, with ``auto``, the inferred task.

    Notes
    -----
    Numbers are a regression if some have a fraction or if there are more than 20 different ones. The caller
    has checked that the column can be what is declared.
    """
    numbers = target.series.dropna() if is_numeric(target) and target.kind is not Kind.BOOLEAN else None
    distinct = 0 if numbers is None else numbers.nunique()
    fractions = numbers is not None and bool((numbers != np.floor(numbers)).any())
    if task == "regression" or (
        task == "auto" and numbers is not None and (fractions or distinct > MOST_NUMBER_CLASSES)
    ):
        return Labels(target.series.astype("float64"), Task.REGRESSION)
    names = class_names(cells, target)
    found = Task.BINARY if names.nunique() <= 2 else Task.MULTICLASS
    reason = ""
    if task == "auto" and found is Task.MULTICLASS and numbers is not None:
        reason = f"its values are {distinct} different whole numbers"
    return Labels(names, found, reason)


def class_names(cells: Cells, target: Typed) -> pd.Series:
    """Return the target's values as text: as written, without white space around; numbers without a tail."""
    if not isinstance(cells, Levels) or (is_numeric(target) and not _is_words(cells, target)):
        if isinstance(cells, pd.Series) and pd.api.types.is_bool_dtype(cells.dtype):
            texts = cells.map(str, na_action="ignore")
        else:
            texts = pd.Series(target.series).map(as_text, na_action="ignore")
        return texts.astype(object).where(target.series.notna(), None).reset_index(drop=True)
    stripped = np.asarray(cells.stripped.to_pylist(), dtype=np.object_)
    if target.kind is Kind.BOOLEAN:
        stripped = _commonest_spelling(cells, stripped)
    return pd.Series(cells.spread(stripped, missing=None), dtype=object).where(target.series.notna(), None)


def _is_words(levels: Levels, target: Typed) -> bool:
    words = {word for pair in BOOLEAN_PAIRS for word in pair}
    return target.kind is Kind.BOOLEAN and any(text in words for text in levels.lower.to_pylist())


def _commonest_spelling(levels: Levels, stripped: np.ndarray) -> np.ndarray:
    """Return 'Yes' for 'yes', 'YES' and 'Yes' where that is the most frequent."""
    lower = levels.lower.to_pylist()
    order = sorted(range(len(lower)), key=lambda at: int(levels.counts[at]))
    spelling = {lower[at]: stripped[at] for at in order}
    return np.array([spelling[word] for word in lower], dtype=object)


def matching_class(value: Scalar, classes: Sequence[str]) -> str | None:
    """Return the class that a value of the params means, or None.

    YAML turns ``yes`` and ``true`` into a boolean and ``1`` into a number; both are compared by what they
    mean: true fits 'Yes', 'True' and '1', 1 fits '1', '1.0' and 'True'.
    """
    text = str(value).strip()
    if text in classes:
        return text
    for same in (lambda name: name.strip().lower() == text.lower(), lambda name: _same_number(name, text)):
        found = [name for name in classes if same(name)]
        if len(found) == 1:
            return found[0]
    words = next((group for group in (_TRUE, _FALSE) if text.lower() in group), frozenset())
    found = [name for name in classes if name.strip().lower() in words]
    return found[0] if len(found) == 1 else None


def _same_number(one: str, other: str) -> bool:
    try:
        return float(one) == float(other)
    except ValueError:
        return False


def assumed_positive(y: pd.Series, classes: Sequence[str]) -> tuple[str, str]:
    """Return which of two classes to find, and why: the one that says yes, else the rarer one."""
    words = [name for name in classes if name.strip().lower() in POSITIVE_WORDS]
    if len(words) == 1:
        return words[0], "its name says yes"
    lower = [name.strip().lower() for name in classes]
    for name, own, other in zip(classes, lower, reversed(lower), strict=True):
        if any(other == negation + own for negation in NEGATIONS):
            return name, "the other one's name is its negation"
    counts = y.value_counts()
    rarer = min(classes, key=lambda name: (int(counts.get(name, 0)), name))
    return rarer, "it is the rarer one"


def task_finding(name: str, labels: Labels) -> Finding:
    """Return the finding that says which task was assumed."""
    return Finding(
        "T133", "assumption", Severity.NOTE,
        f"The target {name!r} was taken for {len(labels.classes)} classes: {labels.reason}.",
        "The values to predict are few whole numbers and were treated as separate answers.",
        "If they are amounts, set task: regression.", (name,),
    )  # fmt: skip


def positive_finding(name: str, positive: str, why: str, classes: Sequence[str]) -> Finding:
    """Return the finding that says which class was assumed to be the positive one."""
    return Finding(
        "T134", "assumption", Severity.NOTE,
        f"The class to find was taken to be {positive!r} of {listed(classes)}, because {why}.",
        f"The case to find was taken to be {positive!r}.",
        "Set positive in the params file if it is the other one.", (name,),
    )  # fmt: skip
