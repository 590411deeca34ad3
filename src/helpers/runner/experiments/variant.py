"""What tells the runs of a grid apart: in words, in a folder's name, and in what is said of problems."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import yaml

import helpers.files as files
from helpers.errors import Problem

Variant = Mapping[str, Any]

LONGEST_VALUE = 60
LONGEST_VALUE_IN_FOLDER = 24
LONGEST_SUFFIX = 80
HASH_CHARACTERS = 8


def label(variant: Variant) -> str:
    """Return the variant on one line, for instance ``seed=1 models=linear``; two variants never look alike.

    A value is written as in a params file; one that is long or not printable is cut and told apart by a hash.
    """
    return " ".join(f"{_one_line(key)}={_one_line(_as_yaml(value))}" for key, value in variant.items())


def folder_suffix(variant: Variant) -> str:
    """Return the variant for the end of a folder's name, for instance ``-seed=1-models=linear``.

    It is safe in any file system, at most 80 characters long, and empty without a variant. Two variants may
    share it: the folder's name is unique by its time.
    """
    pairs = [f"-{_safe(key)}={_safe(_as_yaml(value))}" for key, value in variant.items()]
    return "".join(pairs)[:LONGEST_SUFFIX]


def same(value: Any) -> str:
    """Return text that is equal for values that mean the same: 1 and 1.0, but not 1 and true."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value)


def told_once(found: Sequence[tuple[Variant, Sequence[Problem]]], *, where: str) -> list[Problem]:
    """Return the problems of all variants of a params file, each once, naming what they have in common.

    Parameters
    ----------
    found : sequence of (variant, problems)
        Every variant that was looked at, and what is wrong with it.
    where : str
        The params file, with which the problems' places begin.

    Returns
    -------
    list of Problem
        What is wrong with every variant as it stands; what is wrong with some names them behind the file.
    """
    marks = [{key: same(value) for key, value in variant.items()} for variant, _ in found]
    having: dict[Problem, list[int]] = {}
    for number, (_, problems) in enumerate(found):
        for problem in dict.fromkeys(problems):
            having.setdefault(problem, []).append(number)
    told = []
    for problem, numbers in having.items():
        if len(numbers) < len(found):
            said = _said_of(numbers, [variant for variant, _ in found], marks)
            problem = replace(problem, where=problem.where.replace(where, f"{where} ({said})", 1))
        told.append(problem)
    return told


def _said_of(numbers: Sequence[int], variants: Sequence[Variant], marks: Sequence[dict[str, str]]) -> str:
    """Name the variants with these numbers: by the values that they alone share, else by the first."""
    first = numbers[0]
    shared = {
        key: mark for key, mark in marks[first].items() if all(marks[other][key] == mark for other in numbers)
    }
    if sum(shared.items() <= mark.items() for mark in marks) == len(numbers):
        return label({key: variants[first][key] for key in shared})
    more = f" and {len(numbers) - 1} more" if len(numbers) > 1 else ""
    return f"{label(variants[first])}{more}"


def _as_yaml(value: Any) -> str:
    text: str = yaml.safe_dump(
        value, default_flow_style=True, allow_unicode=True, width=math.inf, sort_keys=False
    )
    return text.removesuffix("\n").removesuffix("\n...")


def _one_line(text: str) -> str:
    shown = "".join(ch if ch.isprintable() else " " for ch in text)
    if shown == text and len(text) <= LONGEST_VALUE:
        return text
    mark = files.hash_of([text])[:HASH_CHARACTERS]
    return f"{shown[: LONGEST_VALUE - HASH_CHARACTERS - 1]}…{mark}"


def _safe(text: str) -> str:
    safe = re.sub(r"[^A-Za-z0-9._-]+", "_", text)
    return (safe.strip("_") or "_")[:LONGEST_VALUE_IN_FOLDER]
