"""What free texts hold: their form, their most frequent words, and which of these go with the target."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from helpers.errors import listed
from helpers.exploration.effects import FALSE_DISCOVERIES, Effects
from helpers.exploration.figures import grid_of_panels
from helpers.exploration.indicators import indicator_effects
from helpers.exploration.readings import name
from helpers.exploration.sampling import sampled
from helpers.exploration.shown import q_text
from helpers.intervals import wilson
from helpers.style import ACCENT, INK, LETTERING, heading, house_style, short
from helpers.tables.table import Column, Kind, Role, Table
from helpers.wording import count, number, percent

TEXT_ROWS = 20_000
COLUMNS_READ = 2
WORDS_COMPARED = 60
WORDS_DRAWN = 10
WORDS_NAMED = 3
SHORTEST_WORD = 3  # shorter ones are mostly 'a', 'of', 'in', in many languages
SMALLEST_SHARE = 0.01
CHARACTERS_READ = 2_000
SENTENCE_WORDS = 8
PANEL_HEIGHT = 3.8

WORD = re.compile(r"\w+(?:['’-]\w+)*")
FORMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("web address", re.compile(r"(https?://|www\.)\S+")),
    ("e-mail address", re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")),
    ("structured text", re.compile(r"[\[{<].*[\]}>]", re.DOTALL)),
    ("number", re.compile(r"[+-]?[\d.,\s]*\d\s*\S{0,6}")),
    ("single word or code", re.compile(r"\S+")),
)
SHORT_FORM, LONG_FORM = "a few words", "sentences"
FORMATS = {"rows": ".1%", "strength": ".2f", "effect": ".3f", "low": ".3f", "high": ".3f"}


@dataclass(frozen=True)
class Words:
    """The words of one text column.

    Attributes
    ----------
    column : Column
        The column.
    forms : pandas.Series
        The share of the texts that have each form, the most frequent first.
    repeated : float
        The share of texts that stand in more than one row.
    frame : pandas.DataFrame
        One row a word, the most frequent first. Columns: ``word``, ``rows`` (share of the texts that hold
        it), ``low rows``, ``high rows`` (95 % interval).
    effects : Effects
        What holding each word has to do with the target.
    texts : int
        How many texts were read.
    note : str
        What to say of the sample; empty where all were read.
    """

    column: Column
    forms: "pd.Series[float]"
    repeated: float
    frame: pd.DataFrame
    effects: Effects
    texts: int
    note: str


def words(table: Table, names: Sequence[str], *, seed: int) -> tuple[list[Words], int]:
    """Return the words of the first 2 text columns among those named, and how many columns were left out.

    Of more than 20,000 rows, so many are drawn; of long texts the first 2,000 characters are read. Words have
    at least 3 characters, and upper and lower case are one.
    """
    columns = [table.columns[name] for name in names]
    texts = [column for column in columns if column.kind is Kind.TEXT and column.role is Role.FEATURE]
    sample = sampled(table, rows=TEXT_ROWS, seed=seed)
    found = [_words(sample.table, column, sample.note, seed=seed) for column in texts[:COLUMNS_READ]]
    kept = [words for words in found if words is not None]
    return kept, max(0, len(texts) - COLUMNS_READ)


def form(text: str) -> str:
    """Return what one text looks like.

    >>> form("https://example.org/a"), form("12.5 kg"), form("b-17"), form("red apples")
    ('web address', 'number', 'single word or code', 'a few words')
    """
    cut = text.strip()[:CHARACTERS_READ]
    for found, pattern in FORMS:
        if pattern.fullmatch(cut):
            return found
    return LONG_FORM if len(cut.split()) >= SENTENCE_WORDS else SHORT_FORM


def word_table(found: Words) -> pd.DataFrame:
    """Return the most frequent words, their share of the texts, and what they have to do with the target."""
    known = found.effects.frame.set_index("column")
    shown = found.frame.head(WORDS_DRAWN)
    rows = known.loc[shown["word"]].reset_index(drop=True)
    return pd.DataFrame(
        {
            "word": shown["word"].to_numpy(), "rows": shown["rows"].to_numpy(), "strength": rows["strength"],
            "what it says": rows["reading"], "measure": rows["measure"], "effect": rows["effect"],
            "low": rows["low"], "high": rows["high"], "q": rows["q"].map(_q),
        }
    )  # fmt: skip


def word_caption(found: Words) -> str:
    """Return what the table of words holds, and on which texts it rests."""
    return (
        f"The most frequent words of {name(found.column.label)}, of {count(found.texts, 'text')}: the share "
        "that holds each, and the target in texts with it ('yes') against those without ('no'); q is "
        f"corrected for all {count(len(found.frame), 'word')} compared. {found.note}"
    ).strip()


def stored_words(found: Sequence[Words]) -> pd.DataFrame:
    """Return every word compared, of every column read, with its share and its effect."""
    parts = [
        words.frame.merge(words.effects.frame.rename(columns={"column": "word"}), on="word").assign(
            column=words.column.name
        )
        for words in found
    ]
    return pd.concat(parts, ignore_index=True)


def text_words(found: Words) -> str:
    """Return what the texts look like, which words they hold most, and which of them go with the target."""
    title = name(found.column.name)
    form_name, share = str(found.forms.index[0]), float(found.forms.iloc[0])
    said = f"{title} holds mostly {form_name} ({percent(share)} of {count(found.texts, 'text')})"
    said += f"; {percent(found.repeated)} of the texts stand in more than one row."
    if found.frame.empty:
        return f"{said} No word is in {percent(SMALLEST_SHARE)} of them or more."
    top = [f"{name(word)} {percent(rows)}" for word, rows in _pairs(found.frame.head(WORDS_NAMED))]
    said += f" Most frequent words: {listed(top, limit=WORDS_NAMED)}."
    compared, related = found.effects.compared, found.effects.related
    if related.empty:
        return f"{said} None of {count(len(compared), 'word')} compared has to do with the target."
    telling = [
        f"{name(row['column'])} ({row['measure']} {number(row['effect'])}, {row['reading']})"
        for row in related.head(WORDS_NAMED).to_dict("records")
    ]
    verb = "has" if len(related) == 1 else "have"
    return (
        f"{said} {len(related)} of {count(len(compared), 'word')} {verb} to do with the target (q up to "
        f"{FALSE_DISCOVERIES}); most: {'; '.join(telling)}."
    )


def word_figure(found: Sequence[Words]) -> Figure:
    """Return bars of the most frequent words, one panel a column, with 95 % intervals."""
    with house_style():
        figure, grid = grid_of_panels(len(found), panel_height=PANEL_HEIGHT)
        for axes, words in zip(grid.flat, found, strict=False):
            drawn = words.frame.head(WORDS_DRAWN).iloc[::-1]
            places = np.arange(len(drawn))
            axes.barh(places, 100 * drawn["rows"], color=ACCENT, height=0.7)
            axes.hlines(places, 100 * drawn["low rows"], 100 * drawn["high rows"], color=INK, linewidth=1.5)
            axes.set_yticks(places, [short(word, 16) for word in drawn["word"]])
            axes.set_title(short(words.column.label, 28), fontsize=LETTERING)
            axes.set_xlabel("texts with it (%)", fontsize=LETTERING)
            axes.xaxis.set_major_locator(MaxNLocator(4))
            axes.grid(visible=False, axis="y")
        heading(figure, "The most frequent words")
    return figure


def figure_caption(found: Sequence[Words]) -> str:
    """Return what the bars of the figure are, and on which rows they rest."""
    return f"Bars are shares of texts that hold the word, lines their 95 % intervals. {found[0].note}".strip()


def word_alt(found: Sequence[Words]) -> str:
    """Say which words are drawn, for those who cannot see them."""
    parts = [
        f"{name(words.column.label)}: "
        + ", ".join(f"{name(word)} {percent(rows)}" for word, rows in _pairs(words.frame.head(WORDS_DRAWN)))
        for words in found
    ]
    return f"Bars of the share of texts that hold each of the most frequent words. {'; '.join(parts)}."


def _words(table: Table, column: Column, note: str, *, seed: int) -> Words | None:
    known = table.rows(table.frame[column.name].notna())
    texts = [str(text) for text in known.frame[column.name]]
    if not texts:
        return None
    forms = pd.Series([form(text) for text in texts]).value_counts(normalize=True)
    held = [_distinct_words(text) for text in texts]
    common = _common(held, texts=len(texts), barred=table.target.name)
    place = {word: number for number, word in enumerate(common)}
    holds = np.zeros((len(texts), len(common)), dtype=bool)
    for row, found in enumerate(held):
        holds[row, [place[word] for word in found if word in place]] = True
    rows = holds.sum(axis=0)
    low, high = wilson(rows, np.full(len(common), len(texts)))
    shares = {"word": common, "rows": rows / len(texts), "low rows": low, "high rows": high}
    effects = indicator_effects(known, {word: holds[:, place[word]] for word in common}, seed=seed)
    repeated = float(pd.Series(texts).duplicated(keep=False).mean())
    return Words(column, forms, repeated, pd.DataFrame(shares), effects, len(texts), note)


def _distinct_words(text: str) -> set[str]:
    found = WORD.findall(text[:CHARACTERS_READ].casefold())
    return {word for word in found if len(word) >= SHORTEST_WORD and not word.isdigit()}


def _common(held: Iterable[set[str]], *, texts: int, barred: str) -> list[str]:
    """Return the most frequent words, those as frequent by name; `barred` names the target's own column."""
    counted = Counter(word for found in held for word in found)
    counted.pop(barred, None)
    order = sorted(counted, key=lambda word: (-counted[word], word))
    return [word for word in order[:WORDS_COMPARED] if counted[word] >= SMALLEST_SHARE * texts]


def _pairs(frame: pd.DataFrame) -> list[tuple[str, float]]:
    return list(zip(frame["word"], frame["rows"], strict=True))


def _q(value: float) -> str:
    return "–" if np.isnan(value) else q_text(value)


def read_of(read: Sequence[Words], left_out: int) -> str:
    """Return how many text columns were read and why not more."""
    if not read:
        return "No column holds free text."
    if not left_out:
        return f"Read were the words of {count(len(read), 'text column')}: all there are."
    total = count(len(read) + left_out, "text column")
    return (
        f"Read were the words of the {len(read)} that matter most to the target, of {total}; more would "
        "not be read."
    )
