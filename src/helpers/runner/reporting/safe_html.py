"""Foreign HTML made harmless: only known tags and attributes are written again, everything else is left out.

Nothing of the input is copied. Text and attribute values are escaped as they are written, no tag is written
whose content a browser would not parse as markup, and every tag is closed where it was opened. So whatever a
browser makes of the result, it holds no other elements and attributes than those listed here.
"""

import html
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ALLOWED_TAGS = _words(
    """
    a abbr article aside b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt
    em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li mark meter nav ol p pre progress
    q s samp section small span strong sub summary sup table tbody td tfoot th thead time tr tt u ul var wbr

    svg g path line rect circle ellipse polyline polygon text tspan title desc defs lineargradient
    radialgradient stop clippath marker pattern symbol use

    math mrow mi mn mo ms mtext mspace mfrac msqrt mroot msub msup msubsup munder mover munderover mtable mtr
    mtd mpadded mphantom menclose
    """
)
VOID_TAGS = _words("br col hr img wbr")

# Left out together with what stands between their tags.
_DROPPED_WHOLE = _words(
    """
    annotation annotation-xml applet audio canvas foreignobject frameset head iframe noembed noframes noscript
    object script select style template textarea title video
    """
)
_LEFT_OUT_ALONE = _words("button embed form input")
_OF_NO_INTEREST = _words("annotation annotation-xml head noscript style title")
_NAMES = {
    "script": "a script",
    "iframe": "a page within the page",
    "form": "a form",
}

_ALLOWED_ATTRIBUTES = _words(
    """
    align alt class colspan datetime dir height high lang low max min open optimum reversed role rowspan scope
    span start title type value width

    clip-path clip-rule cx cy d display dominant-baseline dx dy fill fill-opacity fill-rule font-family
    font-size font-weight fx fy gradienttransform gradientunits letter-spacing marker-end marker-mid
    marker-start markerheight markerunits markerwidth offset opacity orient paint-order pathlength
    patternunits points preserveaspectratio r refx refy rotate rx ry shape-rendering stop-color stop-opacity
    stroke stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-opacity stroke-width
    text-anchor textlength transform vector-effect viewbox x x1 x2 y y1 y2

    columnalign fence mathvariant rowalign separator stretchy
    """
)
_REFERENCES = _words("aria-controls aria-describedby aria-labelledby headers href")
_ARIA = re.compile(r"aria-[a-z]+")
_STYLE_PROPERTIES = _words(
    """
    background background-color border-color color fill flex-grow font-style font-weight grid-column height
    max-width min-width opacity stroke text-align vertical-align width
    """
)
_STYLE_VALUE = re.compile(r"(?!.*url)[\w\s.,%#()+*/-]*", re.ASCII | re.IGNORECASE | re.DOTALL)
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_REMOTE = re.compile(r"url\s*\(\s*[^#\s]", re.IGNORECASE)
_LINK_SCHEMES = frozenset({"http", "https", "mailto"})
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/=\s]*")
_CONTROL = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127))
_HEADING = re.compile(r"h[1-6]")
_CUSTOM_PROPERTY = re.compile(r"--[a-z][a-z-]*")
_TABLE_BOX = '<div class="nb-table" role="group" tabindex="0">'


@dataclass
class Outline:
    """What must be right over a whole page: ids are unique, and no heading skips a level.

    Attributes
    ----------
    ids : set of str
        The ids given so far.
    level : int
        The level of the last heading; the page's own h1 comes first.
    """

    ids: set[str] = field(default_factory=set)
    level: int = 1

    def claim(self, wanted: str) -> str:
        """Return `wanted`, or with a number behind it where it is taken, as an id that is now taken."""
        base = "-".join(wanted.split()) or "part"
        identity, again = base, 1
        while identity in self.ids:
            again += 1
            identity = f"{base}-{again}"
        self.ids.add(identity)
        return identity

    def place(self, level: int) -> int:
        """Return the level for a heading meant as `level`: at least 2, at most one below the last."""
        self.level = min(max(level, 2), self.level + 1)
        return self.level


@dataclass(frozen=True)
class Clean:
    """HTML without anything that acts, and what had to be left out, in words."""

    html: str
    left_out: tuple[str, ...]


def clean_html(fragment: str, outline: Outline) -> Clean:
    """Return `fragment` with known tags and attributes only, its ids and headings fitted to the page.

    Tables get a box of their own that scrolls sideways, unless they stand in one already. Pictures keep their
    data; those that a browser would have to fetch are left out. Scripts, styles and forms are left out.
    """
    cleaner = _Cleaner(outline)
    markup, tail = _closed_part(printable(fragment))
    cleaner.feed(markup)
    cleaner.close()
    cleaner.handle_data(html.unescape(tail))
    return cleaner.finished()


def printable(text: str) -> str:
    """Return `text` without the control characters that HTML cannot hold."""
    return text.translate(_CONTROL)


def _closed_part(fragment: str) -> tuple[str, str]:
    """Return the part in which every tag may be closed, and the text after it.

    HTMLParser looks for the end of what is never closed again and again: 400 kB of it took two minutes.
    """
    end = fragment.rfind("-->") + 1
    fragment = fragment[:end] + fragment[end:].replace("<!--", "&lt;!--")
    fragment = fragment.replace("<![", "&lt;![")
    cut = fragment.rfind(">") + 1
    return fragment[:cut], fragment[cut:]


@dataclass(frozen=True)
class _Open:
    tag: str
    closing: str
    scrolls: bool


class _Cleaner(HTMLParser):
    def __init__(self, outline: Outline) -> None:
        super().__init__(convert_charrefs=True)
        self.outline = outline
        self.parts: list[str] = []
        self.open: list[_Open] = []
        self.skipped: list[str] = []
        self.left_out: dict[str, None] = {}
        self.renamed: dict[str, str] = {}
        self.references: list[tuple[int, str, str]] = []  # index in parts, attribute, value

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.skipped:
            self.skipped += [tag] * (tag == self.skipped[-1])
        elif tag in _DROPPED_WHOLE and not (tag == "title" and self._inside("svg")):
            self.skipped.append(tag)
            self._leave_out(tag)
        elif tag in _LEFT_OUT_ALONE:
            self._leave_out(tag)
        elif tag in ALLOWED_TAGS:
            values: dict[str, str] = {}
            for name, value in attrs:
                values.setdefault(name, value or "")
            self._write_picture(values) if tag == "img" else self._write_tag(tag, values)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # In SVG `<path/>` is closed; in HTML the slash means nothing, and closing at once is what was meant.
        self.handle_starttag(tag, attrs)
        if tag not in VOID_TAGS:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.skipped:
            if tag == self.skipped[-1]:
                self.skipped.pop()
        elif self._inside(tag):
            while self.open:
                last = self.open.pop()
                self.parts.append(last.closing)
                if last.tag == tag:
                    return

    def handle_data(self, data: str) -> None:
        if not self.skipped:
            self.parts.append(html.escape(data, quote=False))

    def finished(self) -> Clean:
        while self.open:
            self.parts.append(self.open.pop().closing)
        for index, name, value in self.references:
            self.parts[index] = f' {name}="{html.escape(self._renamed_in(name, value))}"'
        return Clean("".join(self.parts), tuple(self.left_out))

    def _inside(self, tag: str) -> bool:
        return any(opened.tag == tag for opened in self.open)

    def _leave_out(self, tag: str) -> None:
        if tag not in _OF_NO_INTEREST:
            self.left_out[_NAMES.get(tag, f"an element called {tag}")] = None

    def _write_picture(self, values: dict[str, str]) -> None:
        if _PICTURE.fullmatch(values.get("src", "").strip()):
            self._write_tag("img", {"alt": "A picture without a description", **values})
        else:
            # A browser would have to fetch it; it is missed where it stood.
            self.parts.append(f"<em>[{html.escape(values.get('alt') or 'a picture')}: not included]</em>")

    def _write_tag(self, tag: str, values: dict[str, str]) -> None:
        scrolls = "nb-table" in values.get("class", "").split()
        if scrolls:
            # A region is a landmark, which must be rare and bear a name of its own; tables are many.
            values = {**values, "role": "group", "tabindex": "0"}
        name = f"h{self.outline.place(int(tag[1]))}" if _HEADING.fullmatch(tag) else tag
        closing = f"</{name}>"
        if tag == "table" and not any(opened.scrolls for opened in self.open):
            self.parts.append(_TABLE_BOX)
            closing, scrolls = f"{closing}</div>", True
        self.parts.append(f"<{name}")
        for attribute, value in values.items():
            self._write_attribute(tag, attribute, value)
        self.parts.append(">")
        if tag not in VOID_TAGS:
            self.open.append(_Open(tag, closing, scrolls))

    def _write_attribute(self, tag: str, name: str, value: str) -> None:
        if name == "style":
            value = _harmless_style(value)
        if not _acceptable(tag, name, value):
            return
        if name == "id":
            given = self.outline.claim(value)
            self.renamed.setdefault(value, given)
            value = given
        elif name in _REFERENCES:
            self.references.append((len(self.parts), name, value))
        self.parts.append(f' {name}="{html.escape(value)}"')

    def _renamed_in(self, name: str, value: str) -> str:
        if name == "href":
            return f"#{self.renamed.get(value[1:], value[1:])}" if value.startswith("#") else value
        return " ".join(self.renamed.get(part, part) for part in value.split())


def _acceptable(tag: str, name: str, value: str) -> bool:
    if name == "href":
        return tag in {"a", "use"} and _is_link(value, only_here=tag == "use")
    if name == "src":
        return tag == "img"
    if name == "tabindex":
        return value in {"0", "-1"}
    if name in {"id", "style"}:
        return bool(value)
    known = name in _ALLOWED_ATTRIBUTES or name in _REFERENCES or bool(_ARIA.fullmatch(name))
    return known and not _REMOTE.search(value)


def _is_link(value: str, *, only_here: bool) -> bool:
    bare = "".join(value.split())
    if only_here:
        return bare.startswith("#")
    scheme = _SCHEME.match(bare)
    return scheme is None or scheme[1].lower() in _LINK_SCHEMES


def _harmless_style(style: str) -> str:
    kept = []
    for declaration in style.split(";"):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        known = name.lower() in _STYLE_PROPERTIES or _CUSTOM_PROPERTY.fullmatch(name)
        if known and value and _STYLE_VALUE.fullmatch(value):
            kept.append(f"{name}:{value}")
    return ";".join(kept)
