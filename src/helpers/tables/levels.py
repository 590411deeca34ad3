"""A column as its distinct texts and where each stands: whatever is found out is found out once a text."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Texts: TypeAlias = Any  # a pyarrow array of strings, none of them null

PLAIN_NUMBER = r"^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$"


@dataclass(frozen=True)
class Levels:
    """The distinct texts of a column, in order of first appearance.

    Attributes
    ----------
    texts : pyarrow string array
        The distinct texts as read.
    codes : int array, one a row
        The position of the row's text in `texts`; −1 where there is no text at all (a null).
    """

    texts: Texts
    codes: NDArray[np.int64]

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """How many rows hold each text."""
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.texts)).astype(np.int64)

    @cached_property
    def stripped(self) -> Texts:
        """The texts without white space around them."""
        return pc.utf8_trim_whitespace(self.texts)

    @cached_property
    def lower(self) -> Texts:
        """The stripped texts in lower case."""
        return pc.utf8_lower(self.stripped)

    @cached_property
    def plain_numbers(self) -> NDArray[np.bool_]:
        """Whether each text is a number as programs write it, with a decimal point or without."""
        return matches(self.stripped, PLAIN_NUMBER)

    @cached_property
    def plain_values(self) -> NDArray[np.float64]:
        """The plain numbers, NaN for every other text."""
        values = np.full(len(self.texts), np.nan)
        known = self.stripped.filter(pa.array(self.plain_numbers))
        values[self.plain_numbers] = floats(known)
        return values

    def objects(self) -> NDArray[Any]:
        """Return the texts as Python strings, in a new array."""
        return np.array(self.texts.to_pylist(), dtype=object)

    def rows(self, mask: NDArray[np.bool_]) -> int:
        """Return how many rows hold one of the texts of `mask`."""
        return int(self.counts[mask].sum())

    def spread(self, values: NDArray[Any], *, missing: Any) -> NDArray[Any]:
        """Return one value a row from one value a text."""
        return np.append(values, np.array([missing], dtype=values.dtype))[self.codes]


def levels_of(series: pd.Series) -> Levels:
    """Return the levels of a column of text, or of anything else turned into text.

    Notes
    -----
    Whole floats are written without a decimal point, dates in ISO form, lists and mappings as JSON.
    """
    if not isinstance(series.dtype, pd.StringDtype):
        series = series.map(as_text, na_action="ignore").astype("str")
    codes, uniques = pd.factorize(series, use_na_sentinel=True)
    return Levels(pa.array(uniques.to_numpy(dtype=object), type=pa.string()), codes.astype(np.int64))


def as_text(value: Any) -> str:
    """Return a single value as the text that a person would have typed for it."""
    if isinstance(value, str):
        return well_formed(value)
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, (list, dict, tuple)):
        return well_formed(json.dumps(value, ensure_ascii=False, default=str))
    if isinstance(value, (float, np.floating)) and float(value).is_integer() and abs(float(value)) < 1e15:
        return str(int(value))
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value)


def well_formed(text: str) -> str:
    """Return the text with '?' for half a character, which JSON can hold and no file can."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def floats(texts: Texts) -> NDArray[np.float64]:
    """Return texts that are all plain numbers as floats."""
    return np.asarray(pc.cast(pc.utf8_ltrim(texts, "+"), pa.float64()).to_numpy(zero_copy_only=False))


def matches(texts: Texts, pattern: str) -> NDArray[np.bool_]:
    """Return for each text whether the regular expression is found in it."""
    return np.asarray(pc.match_substring_regex(texts, pattern), dtype=bool)


def among(texts: Texts, words: frozenset[str]) -> NDArray[np.bool_]:
    """Return for each text whether it is one of the words."""
    return np.asarray(pc.is_in(texts, value_set=pa.array(sorted(words), type=pa.string())), dtype=bool)
