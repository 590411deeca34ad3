"""One word written in several ways, found while the table is read: yes and no, and classes left out as rare.

Everything else of the kind is for the rules of notebook 01, which see the levels that are left.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from helpers.errors import listed, shortened
from helpers.findings import Finding, Severity
from helpers.tables.kinds import Cells
from helpers.tables.levels import Levels
from helpers.wording import count


def plain_spelling(text: str) -> str:
    """Return the text without differences of case, of spaces and of Unicode forms.

    >>> plain_spelling("  New   York "), plain_spelling("new york")
    ('new york', 'new york')
    """
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())


def plain_spellings(texts: Sequence[object] | pd.Index) -> pa.LargeStringArray:
    """Return `plain_spelling` of each text; quick for millions."""
    strings = pa.array(pd.Index(texts).astype("str"), pa.large_string())
    plain = pc.utf8_normalize(strings, form="NFKC")
    plain = pc.replace_substring_regex(pc.utf8_lower(plain), pattern=r"\pZ+|\s+", replacement=" ")
    return pc.utf8_trim_whitespace(plain)


def ways_of(cells: Cells) -> dict[str, int]:
    """Return the rows of each text of a column of yes and no whose words are written in several ways.

    Returns
    -------
    dict of str to int
        All spellings of such a word, without spaces around, the most frequent first; empty where each word is
        written in one way.
    """
    if not isinstance(cells, Levels):
        return {}
    rows: dict[str, int] = {}
    for text, size in zip(cells.stripped.to_pylist(), cells.counts.tolist(), strict=True):
        rows[text] = rows.get(text, 0) + size
    words = [plain_spelling(text) for text in rows]
    several = {text: size for text, size in rows.items() if text and words.count(plain_spelling(text)) > 1}
    return dict(sorted(several.items(), key=lambda each: (-each[1], each[0])))


def folded_finding(ways: Mapping[str, Mapping[str, int]]) -> list[Finding]:
    """Return the finding on columns of yes and no whose words were written in several ways, if there are any.

    Parameters
    ----------
    ways : mapping of str to mapping of str to int
        By column what `ways_of` gives.
    """
    several = {name: texts for name, texts in ways.items() if texts}
    if not several:
        return []
    name, texts = next(iter(several.items()))
    shown = listed([f"{shortened(text)!r} ({count(size, 'row')})" for text, size in texts.items()])
    message = (
        f"Yes or no is written in several ways in {count(len(several), 'column')}, for instance {shown} "
    )
    message += f"in {shortened(name)!r}; they were read as the same."
    evidence = [
        {"column": column, "text": text, "rows": size}
        for column, found in several.items()
        for text, size in found.items()
    ]
    return [
        Finding(
            "T124", "category_variants", Severity.NOTE, message,
            "Yes or no is written in several ways; they were read as the same.",
            "Write them in one way where the table is made, so that other programs read them alike.",
            tuple(several), tuple(evidence),
        )
    ]  # fmt: skip


def rare_variants_finding(column: str, rare: Mapping[str, int], kept: Iterable[str]) -> list[Finding]:
    """Return the finding on rare classes that are other classes written differently, if there are any.

    Parameters
    ----------
    column : str
        The target.
    rare : mapping of str to int
        The classes left out with their rows.
    kept : iterable of str
        The other classes, the most frequent first.
    """
    meant: dict[str, str] = {}
    for name in kept:
        meant.setdefault(plain_spelling(name), name)
    same = {name: meant[plain_spelling(name)] for name in rare if plain_spelling(name) in meant}
    if not same:
        return []
    first = next(iter(same))
    rows = count(sum(rare[name] for name in same), "row")
    verb = "seems to be another class" if len(same) == 1 else "seem to be other classes"
    message = (
        f"Of the classes left out as rare, {len(same)} {verb} in capitals or with other spaces ({rows}), "
    )
    message += f"for instance {shortened(first)!r} for {shortened(same[first])!r}."
    return [
        Finding(
            "T135", "category_variants", Severity.WARN, message,
            "Some answers are written in several ways; the rarer ways were left out.",
            "Write each class in one way, as the key clean.replace does.",
            (column,),
            tuple({"class": name, "rows": rare[name], "seems to mean": same[name]} for name in same),
            {"clean": {"replace": {column: same}}},
        )
    ]  # fmt: skip
