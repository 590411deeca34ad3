"""Long vocabularies inside a fitted estimator as one text each: skops writes dicts and lists item by item.

A vocabulary of 100,000 pieces of words makes some 50 MB of JSON that way, and minutes of saving and loading.
"""

import copy
import json
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator

# Shorter ones are left as they are.
LONG = 100
_MARK = "helpers: packed"


def packed(value: Any) -> Any:
    """Return an estimator (or list, tuple, dict of such) with long vocabularies packed; the given one stays.

    Only what leads to a vocabulary is copied.
    """
    if _is_vocabulary(value):
        return {_MARK: "vocabulary", "text": json.dumps({text: int(place) for text, place in value.items()})}
    if isinstance(value, np.ndarray) and value.dtype == object and value.ndim == 1 and _are_texts(value):
        return {_MARK: "array", "text": json.dumps(value.tolist())}
    if isinstance(value, list) and _are_texts(value):
        return {_MARK: "list", "text": json.dumps(value)}
    return _through(value, packed)


def unpacked(value: Any) -> Any:
    """Return what `packed` was given."""
    if isinstance(value, dict) and _MARK in value:
        content = json.loads(value["text"])
        return np.array(content, dtype=object) if value[_MARK] == "array" else content
    return _through(value, unpacked)


def _through(value: Any, change: Any) -> Any:
    """Return the value with its parts changed; the same object where nothing changes."""
    if isinstance(value, BaseEstimator):
        parts = {name: change(part) for name, part in vars(value).items()}
        changed = {name: part for name, part in parts.items() if part is not vars(value)[name]}
        if not changed:
            return value
        fresh = copy.copy(value)
        vars(fresh).update(changed)
        return fresh
    if isinstance(value, dict):
        entries = {key: change(part) for key, part in value.items()}
        return entries if any(entries[key] is not value[key] for key in value) else value
    if type(value) in (list, tuple):
        items = [change(part) for part in value]
        same = all(new is old for new, old in zip(items, value, strict=True))
        return value if same else type(value)(items)
    return value


def _is_vocabulary(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and len(value) >= LONG
        and all(isinstance(key, str) for key in value)
        and all(isinstance(place, (int, np.integer)) for place in value.values())
    )


def _are_texts(value: Any) -> bool:
    return len(value) >= LONG and all(type(item) is str for item in value)
