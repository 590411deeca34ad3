"""Columns of words: categories, free text, and codes that name rows."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.tables.identifiers import texts_name_rows
from helpers.tables.levels import Levels
from helpers.tables.table import Kind

# Free text has more levels than this …
TEXT_LEVELS = 50
# … and is either phrases of so many words on average, of which this share of the rows are distinct …
PHRASE_WORDS = 2
PHRASE_DISTINCT_SHARE = 0.5
# … or sentences, which may repeat more.
SENTENCE_WORDS = 5
SENTENCE_DISTINCT_SHARE = 0.05
TEXTS_LOOKED_AT = 2_000


def kind_of_words(levels: Levels, missing: NDArray[np.bool_], *, name: str) -> Kind:
    """Return whether texts are identifiers, free text or categories."""
    if texts_name_rows(levels, missing, name=name):
        return Kind.IDENTIFIER
    rows, distinct = levels.rows(~missing), int((~missing).sum())
    if distinct <= TEXT_LEVELS:
        return Kind.CATEGORY
    some = np.flatnonzero(~missing)[:TEXTS_LOOKED_AT]
    words = np.mean([len(str(text).split()) for text in levels.stripped.take(some).to_pylist()])
    phrases = words >= PHRASE_WORDS and distinct >= PHRASE_DISTINCT_SHARE * rows
    sentences = words >= SENTENCE_WORDS and distinct >= SENTENCE_DISTINCT_SHARE * rows
    return Kind.TEXT if phrases or sentences else Kind.CATEGORY


def series_of_words(levels: Levels, missing: NDArray[np.bool_], kind: Kind) -> pd.Series:
    """Return the texts as a column: categories in sorted order, or `str`."""
    texts = levels.objects()
    if kind is not Kind.CATEGORY:
        texts[missing] = None
        return pd.Series(levels.spread(texts, missing=None), dtype="str")
    kept = np.flatnonzero(~missing)
    order = kept[np.argsort(texts[kept], kind="stable")]
    position = np.full(len(texts), -1, dtype=np.int64)
    position[order] = np.arange(len(order))
    categories = pd.Index(texts[order], dtype="str")
    return pd.Series(pd.Categorical.from_codes(levels.spread(position, missing=-1), categories=categories))
