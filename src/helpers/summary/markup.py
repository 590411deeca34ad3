"""HTML built so that text is always escaped: only what these functions return counts as markup."""

import html
import re
from html.parser import HTMLParser

_BLOCKS = frozenset(
    {"p", "h1", "h2", "li", "tr", "dt", "dd", "div", "figure", "figcaption", "caption", "summary"}
)
_SILENT = frozenset({"svg"})
_ONE = r"[-−]?\d+(?:,\d{3})*(?:\.\d+)?(?:\s?%|\u00a0[^\s.,;:()]+)?"
# A number, or a count of so many, or a range, with what belongs to it: one link and not three.
_NUMBER = re.compile(rf"(?<![\w.])(?:(?:about|likely|between) )*{_ONE}(?: (?:of|and|to) {_ONE})*(?![\w])")


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


def numbers_linked(text: str, place: str) -> Markup:
    """Return plain text in which each number is a quiet link to the place where it was computed.

    >>> numbers_linked("It missed 3 of 42, and between 1 and 10 of 100 are likely.", "x.html#y")
    'It missed <a href="x.html#y">3 of 42</a>, and <a href="x.html#y">between 1 and 10 of 100</a> are likely.'
    """
    parts, done = [], 0
    for found in _NUMBER.finditer(text):
        parts += [escaped(text[done : found.start()]), linked(found[0], place)]
        done = found.end()
    return escaped(*parts, text[done:])


def more(text: str, place: str) -> Markup:
    """Return a link, after a space, to more than is shown here; print leaves it out."""
    return escaped(" ", element("a", text, href=place, class_="nb-all"))


def with_range(value: str, ends: str, place: str) -> Markup:
    """Return a linked value with the range that is likely in brackets, where there is one."""
    return linked(f"{value} ({ends})" if ends else value, place)


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
