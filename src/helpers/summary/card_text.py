"""A model card's parts, and the two ways to write them: Markdown for files, markup for the report."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from helpers.summary.markup import Markup, element, escaped, linked
from helpers.wording import name

LONGEST_CELL = 400
# What Markdown or the HTML in it could take for more than text.
_SPECIAL = re.compile(r"([\\`*_\[\]<>|~$&#])")


@dataclass(frozen=True)
class Listing:
    """A small table: the titles of its columns, and rows of as many texts; `caption` says what it shows."""

    caption: str
    titles: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Part:
    """One part of the card; `place` is where in the technical reports its numbers were computed."""

    heading: str
    says: tuple[str, ...]
    listing: Listing | None = None
    place: str = ""


@dataclass(frozen=True)
class Card:
    """A model card."""

    title: str
    parts: tuple[Part, ...]


def as_markdown(card: Card) -> str:
    """Return the card as Markdown; names and values from the table stay text in it."""
    lines = [f"# {_text(card.title)}"]
    for part in card.parts:
        lines += ["", f"## {_text(part.heading)}"]
        for said in part.says:
            lines += ["", _text(said)]
        if part.listing:
            lines += ["", f"{_text(part.listing.caption)}:", "", *_table(part.listing)]
        if part.place:
            lines += ["", f"[Where this was computed]({part.place})"]
    return "\n".join(lines) + "\n"


def as_markup(card: Card) -> Markup:
    """Return the card as a folded section of the report."""
    parts = [piece for part in card.parts for piece in _pieces(part)]
    folded = element("details", element("summary", "Show the model card"), *parts)
    heading = element("h2", "Model card", id="model-card")
    return element("section", heading, folded, class_="nb-summary nb-rules")


def _pieces(part: Part) -> Sequence[Markup]:
    pieces = [element("h3", part.heading), *(element("p", said) for said in part.says)]
    if part.listing:
        head = element("tr", *(element("th", title, scope="col") for title in part.listing.titles))
        rows = (
            element(
                "tr", element("th", row[0], scope="row"), *(element("td", cell) for cell in row[1:])
            )
            for row in part.listing.rows
        )  # fmt: skip
        caption = element("caption", part.listing.caption)
        table = element("table", caption, element("thead", head), element("tbody", *rows))
        label = part.listing.caption
        pieces.append(element("div", table, class_="nb-table", role="region", aria_label=label, tabindex="0"))
    if part.place:
        pieces.append(escaped(element("p", linked("Where this was computed", part.place))))
    return pieces


def _table(listing: Listing) -> list[str]:
    ruled = "| " + " | ".join("---" for _ in listing.titles) + " |"
    rows = ("| " + " | ".join(map(_text, row)) + " |" for row in (listing.titles, *listing.rows))
    first, *rest = rows
    return [first, ruled, *rest]


def _text(said: str) -> str:
    """Return a text on one line, with whatever Markdown would read as more than text made harmless."""
    return _SPECIAL.sub(r"\\\1", name(said, limit=LONGEST_CELL))
