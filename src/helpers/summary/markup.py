"""HTML built so that text is always escaped: only what these functions return counts as markup."""

import html
from html.parser import HTMLParser

_BLOCKS = frozenset(
    {"p", "h1", "h2", "li", "tr", "dt", "dd", "div", "figure", "figcaption", "caption", "summary"}
)
_SILENT = frozenset({"svg"})


class Markup(str):
    """HTML that is safe to show as it stands. Joining it to a plain `str` gives a plain `str` again."""

    __slots__ = ()


def escaped(*parts: str) -> Markup:
    """Return the parts one after the other, all that is not markup already escaped."""
    return Markup("".join(part if isinstance(part, Markup) else html.escape(part) for part in parts))


def element(tag: str, *content: str, **attributes: str | None) -> Markup:
    """Return an element; a trailing underscore in an attribute's name is left out, one inside is a hyphen.

    Attributes that are None are left out.
    """
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{html.escape(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Markup(f"<{tag}{given}>{escaped(*content)}</{tag}>")


def linked(text: str, place: str) -> Markup:
    """Return a number as a quiet link to the place in a technical report where it was computed."""
    return element("a", text, href=place)


def more(text: str, place: str) -> Markup:
    """Return a link, after a space, to more than is shown here; print leaves it out."""
    return escaped(" ", element("a", text, href=place, class_="nb-all"))


def with_range(value: str, ends: str, place: str) -> Markup:
    """Return a linked value with the range that is likely in brackets, where there is one."""
    return escaped(linked(value, place), f" ({ends})" if ends else "")


class _Reader(HTMLParser):
    """Collects the text of markup, a line for each block; drawings are left out."""

    def __init__(self, silent: frozenset[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self.left_out = silent
        self.silent = 0

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in self.left_out
        if tag in _BLOCKS:
            self.lines.append("")
        elif tag in {"td", "th"} or (tag == "span" and self.lines[-1]):
            self.lines[-1] += " "

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in self.left_out
        if tag in _BLOCKS:
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.lines[-1] += data


def as_text(fragment: str, *, without_folded: bool = False) -> str:
    """Return what the markup says, as plain text with one line for each block."""
    reader = _Reader(_SILENT | {"details"} if without_folded else _SILENT)
    reader.feed(fragment)
    reader.close()
    lines = (" ".join(line.split(" ")).strip() for line in reader.lines)
    return "\n".join(" ".join(part for part in line.split(" ") if part) for line in lines if line)
