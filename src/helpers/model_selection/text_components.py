"""Texts as numbers, and a memory by which several preparations of the same rows learn a column once."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any, Self, TypeVar

import joblib
import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

from helpers.model_selection.encoders import FrameTransformer

# Texts are read up to here: what tells rows apart stands early, and long ones would take minutes.
TEXT_CHARACTERS = 400
# Past this mean length texts are read by words.
LONG_TEXT = 60
NGRAMS = 10_000
# What the texts have in common is learnt from so many different ones.
TEXTS_LEARNT = 20_000

Made = TypeVar("Made")
Floats = npt.NDArray[np.float64]
Learnt = tuple[TfidfVectorizer | None, TruncatedSVD | None]


class TextMemory:
    """What was learnt of text columns and made of them, shared by threads; a clone is the memory itself.

    Parameters
    ----------
    limit : int
        Bytes of numbers that may be kept; what is past it is made again each time.
    """

    def __init__(self, limit: int = 2**28) -> None:
        self.limit = limit
        self._kept: dict[str, Any] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def once(self, key: str, make: Callable[[], Made], *, size: Callable[[Made], int]) -> Made:
        """Return what is kept under the key, made where there is none."""
        with self._lock:
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            if key in self._kept:
                kept: Made = self._kept[key]
                return kept
            made = make()
            with self._lock:
                if size(made) <= self.limit:
                    self.limit -= size(made)
                    self._kept[key] = made
            return made

    def __sklearn_clone__(self) -> Self:
        """Return the same: clones of a transformer share what is remembered."""
        return self


class TextComponents(FrameTransformer):
    """Turn texts into a few numbers: latent components of their n-grams, and their length.

    The same as skrub's StringEncoder, but for three things: each different text is read once; only the most
    frequent n-grams are kept, which makes a stored model small; and texts of few n-grams have fewer
    components. Short texts are read by their characters, so that other spellings are near; long ones by
    their words.

    Parameters
    ----------
    components : int
        Numbers a column of short texts becomes at most, besides the length.
    long_components : int
        And one of long texts, which say more.
    seed : int
        Seed of the decomposition.
    memory : TextMemory, optional
        Where to look for what others learnt of the same texts; the results are the same without.
    """

    def __init__(
        self,
        components: int = 20,
        seed: int = 0,
        *,
        long_components: int = 60,
        memory: TextMemory | None = None,
    ) -> None:
        self.components = components
        self.long_components = long_components
        self.seed = seed
        self.memory = memory

    def fit(self, X: pd.DataFrame, y: Any = None) -> Self:  # noqa: ARG002
        """Learn the components of each column; one without any text has its length alone."""
        self.columns_ = list(X.columns)
        texts = [_text(X[name]) for name in self.columns_]
        self.keys_ = [self._key(text) for text in texts]
        self.encoders_ = [
            self._once(key, partial(self._learnt, text), size=_nothing)
            for key, text in zip(self.keys_, texts, strict=True)
        ]
        self.names_ = [
            f"{name}_{part}"
            for name, (_, components) in zip(self.columns_, self.encoders_, strict=True)
            for part in ("length", *range(components.n_components if components else 0))
        ]
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """Return the lengths and components as float64; a text of unknown n-grams has zeros."""
        blocks = []
        for name, learnt_from, encoder in zip(self.columns_, self.keys_, self.encoders_, strict=True):
            text = _text(X[name])
            key = f"{learnt_from} {self._key(text)}"
            blocks.append(self._once(key, partial(_components, text, *encoder), size=_bytes))
        return pd.DataFrame(np.hstack(blocks), index=X.index, columns=self.names_)

    def __getstate__(self) -> dict[str, Any]:
        """Return what is stored: not what was remembered on the way."""
        return {**super().__getstate__(), "memory": None}

    def _key(self, text: pd.Series) -> str:
        """Return what the column's texts are told by in the memory; nothing where there is none."""
        if self.memory is None:
            return ""
        return str(
            joblib.hash((text.to_numpy(dtype=object), self.components, self.long_components, self.seed))
        )

    def _once(self, key: str, make: Callable[[], Made], *, size: Callable[[Made], int]) -> Made:
        return make() if self.memory is None else self.memory.once(key, make, size=size)

    def _learnt(self, text: pd.Series) -> Learnt:
        texts = text[text.str.strip() != ""].unique()
        if len(texts) > TEXTS_LEARNT:
            texts = np.random.default_rng(self.seed).choice(texts, TEXTS_LEARNT, replace=False)
        long = len(texts) > 0 and np.mean([len(each) for each in texts]) > LONG_TEXT
        options = {"analyzer": "word"} if long else {"analyzer": "char_wb", "ngram_range": (3, 4)}
        grams = TfidfVectorizer(max_features=NGRAMS, dtype=np.float32, sublinear_tf=True, **options)
        try:
            counted = grams.fit_transform(texts)
        except ValueError:  # not one text, or none with a word in it
            return None, None
        most = self.long_components if long else self.components
        size = min(most, min(counted.shape) - 1)
        if size < 1:
            return None, None
        return grams, TruncatedSVD(size, random_state=self.seed).fit(counted)


def _nothing(_made: object) -> int:
    return 0


def _bytes(made: Floats) -> int:
    return made.nbytes


def _text(values: pd.Series) -> pd.Series:
    return values.fillna("").astype("str").str.slice(0, TEXT_CHARACTERS)


def _components(text: pd.Series, grams: TfidfVectorizer | None, components: TruncatedSVD | None) -> Floats:
    """Return rows × (length, components) of the texts."""
    codes, texts = pd.factorize(text)
    blocks = [np.array([[float(len(each))] for each in texts]).reshape(-1, 1)]
    if grams is not None and components is not None and len(texts):
        blocks.append(components.transform(grams.transform(texts)).astype(float))
    return np.asarray(np.hstack(blocks)[codes])


def remember(estimator: BaseEstimator | None, memory: TextMemory | None) -> None:
    """Let every `TextComponents` within the unfitted estimator use the memory, or none."""
    if estimator is None:
        return
    for part in estimator.get_params(deep=True).values():
        if isinstance(part, TextComponents):
            part.memory = memory
