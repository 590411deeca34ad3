"""The pieces that sections of the page are made of."""

from collections.abc import Sequence

from helpers.summary.markup import Markup, element, escaped


def section(identity: str, heading: str, *content: str) -> Markup:
    """Return a section with its heading, which links can lead to."""
    return element("section", element("h2", heading, id=identity), *content, class_="nb-summary")


def paragraphs(said: Sequence[Markup | None]) -> Markup:
    """Return the sentences that apply as one paragraph, or nothing where none does."""
    parts = [part for part in said if part]
    if not parts:
        return Markup("")
    text = parts[0]
    for part in parts[1:]:
        text = escaped(text, " ", part)
    return element("p", text)


def card(big: str, says: str, detail: str, *, picture: str = Markup("")) -> Markup:
    """Return a card: a number as large as it matters, what it counts, and how sure it is."""
    more = element("span", detail, class_="nb-detail") if detail else Markup("")
    return element("div", element("b", big), element("span", says), picture, more, class_="nb-card")


def cards(*content: Markup) -> Markup:
    """Return cards side by side, or below each other where the page is narrow."""
    return element("div", *content, class_="nb-cards")
