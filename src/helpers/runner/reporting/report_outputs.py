"""What a code cell gave, as the few kinds of things that a report can show. Nothing here runs or fetches."""

import base64
import html
import re
import struct
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from helpers.errors import shortened
from helpers.runner.reporting.safe_html import Outline, clean_html, printable
from helpers.wording import count, joined

TEXT_CHARACTERS = 40_000
HEADLINE_CHARACTERS = 300
ERROR_ANCHOR = "error"

_PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")
_PRIORITY = ("text/html", "image/svg+xml", *_PICTURES, "text/markdown", "text/latex", "text/plain")
_SCRIPTED = re.compile(r"application/javascript|application/vnd\..*|text/vnd\..*")
_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\^_])")
_VISIBLE = re.compile(r"<(?:img|svg|hr|meter|progress)\b")
_OBJECT = re.compile(r"<[^>]*>\s*")
_PNG_START = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Markup:
    """HTML that is clean already."""

    kind: ClassVar[str] = "markup"
    html: str


@dataclass(frozen=True)
class Figure:
    """A picture with what it shows in words; sizes in CSS pixels, 0 where they are unknown."""

    kind: ClassVar[str] = "figure"
    source: str
    alt: str
    caption: str
    anchor: str
    width: int
    height: int


@dataclass(frozen=True)
class Text:
    """Text as it was printed; `stream` is stdout, stderr or result."""

    kind: ClassVar[str] = "text"
    text: str
    stream: str


@dataclass(frozen=True)
class Failure:
    """The error that a cell ended with."""

    kind: ClassVar[str] = "failure"
    headline: str
    traceback: str
    anchor: str


@dataclass(frozen=True)
class Note:
    """What is not shown, and why."""

    kind: ClassVar[str] = "note"
    text: str


Shown = Markup | Figure | Text | Failure | Note
MarkdownToHtml = Callable[[str], str]


def shown_outputs(
    outputs: Iterable[Mapping[str, Any]],
    *,
    outline: Outline,
    markdown: MarkdownToHtml,
    expected_error: bool = False,
) -> list[Shown]:
    """Return the outputs of one cell as what a report shows, in order.

    Parameters
    ----------
    outputs : iterable of mapping
        Outputs as nbformat 4 describes them.
    outline : Outline
        The page's ids and headings so far; what the outputs add is added to it.
    markdown : callable
        Renders Markdown that was computed, so that HTML in it is text.
    expected_error : bool
        Whether the cell was meant to end with an error, which then is none of the notebook.
    """
    shown: list[Shown] = []
    for output in outputs:
        kind = output.get("output_type")
        if kind == "stream":
            _add_stream(shown, output)
        elif kind == "error":
            shown.append(_failure(output, outline, expected=expected_error))
        else:
            shown += _data(output, outline, markdown)
    return shown


def plain_text(text: str, *, limit: int = TEXT_CHARACTERS) -> str:
    """Return what a terminal would show of `text`: no colours, and only the end of overwritten lines.

    Of more than `limit` characters the middle is left out, and the text says how much.
    """
    bare = _ANSI.sub("", text).replace("\r\n", "\n")
    bare = printable("\n".join(line.rstrip("\r").rpartition("\r")[2] for line in bare.split("\n")))
    if len(bare) <= limit:
        return bare
    half = limit // 2
    return f"{bare[:half]}\n… {count(len(bare) - 2 * half, 'character')} left out here …\n{bare[-half:]}"


def _add_stream(shown: list[Shown], output: Mapping[str, Any]) -> None:
    stream, text = str(output.get("name", "stdout")), _joined_text(output.get("text", ""))
    last = shown[-1] if shown else None
    if isinstance(last, Text) and last.stream == stream:
        shown[-1] = Text(plain_text(f"{last.text}{text}"), stream)
    elif text.strip():
        shown.append(Text(plain_text(text), stream))


def _failure(output: Mapping[str, Any], outline: Outline, *, expected: bool) -> Failure:
    name, value = str(output.get("ename", "")) or "Error", plain_text(str(output.get("evalue", "")))
    headline = f"{name}: {value}" if value.strip() else name
    traceback = plain_text("\n".join(str(line) for line in output.get("traceback", ())))
    if traceback.strip() == headline.strip():
        traceback = ""
    # The reserved id goes to the first error that nobody expected; links from other pages lead to it.
    first = not expected and ERROR_ANCHOR not in outline.ids
    return Failure(headline, traceback, outline.claim(ERROR_ANCHOR) if first else "")


def _data(output: Mapping[str, Any], outline: Outline, markdown: MarkdownToHtml) -> list[Shown]:
    bundle: Mapping[str, Any] = output.get("data", {})
    scripted = sorted(kind for kind in bundle if _SCRIPTED.fullmatch(kind))
    left_out = [f"an interactive part ({kind})" for kind in scripted]
    shown: list[Shown] = []
    for kind in (kind for kind in _PRIORITY if kind in bundle):
        one, dropped = _one(kind, output, outline, markdown)
        left_out += [part for part in dropped if part not in left_out]
        if one is not None:
            shown.append(one)
            break
    if not shown and not left_out and bundle:
        left_out = [f"a part of the kind {shortened(kind, limit=60)}" for kind in sorted(bundle)]
    if left_out:
        reason = "A report runs no script and fetches nothing."
        shown.append(Note(f"Left out here: {joined(left_out)}. {reason}"))
    return shown


def _one(
    kind: str, output: Mapping[str, Any], outline: Outline, markdown: MarkdownToHtml
) -> tuple[Shown | None, tuple[str, ...]]:
    content = _joined_text(output["data"][kind])
    if kind in {"text/html", "text/markdown"}:
        clean = clean_html(content if kind == "text/html" else markdown(content), outline)
        return (Markup(clean.html) if _says_something(clean.html) else None), clean.left_out
    if kind.startswith("image/"):
        return _figure(kind, content, output, outline), ()
    return Text(plain_text(content), "result"), ()


def _figure(kind: str, content: str, output: Mapping[str, Any], outline: Outline) -> Figure:
    metadata = output.get("metadata", {})
    said = metadata.get(kind)
    said = said if isinstance(said, Mapping) else {}
    if kind == "image/svg+xml":
        # As a picture, an SVG runs no script and fetches nothing, whatever is in it.
        content = base64.b64encode(content.encode("utf-8", "replace")).decode("ascii")
    content = "".join(content.split())
    width, height = _pixels(said.get("width")), _pixels(said.get("height"))
    if not (width and height):
        width, height = _size_of_png(content)
    anchor = str(said.get("anchor") or "")
    return Figure(
        source=f"data:{kind};base64,{content}",
        alt=printable(str(said.get("alt") or _words_for(output["data"]))),
        caption=printable(str(said.get("caption") or "")),
        anchor=outline.claim(anchor) if anchor else "",
        width=width,
        height=height,
    )


def _words_for(bundle: Mapping[str, Any]) -> str:
    words = plain_text(_joined_text(bundle.get("text/plain", ""))).strip()
    return words if words and not _OBJECT.fullmatch(words) else "A figure without a description"


def _says_something(clean: str) -> bool:
    return bool(_VISIBLE.search(clean) or html.unescape(re.sub(r"<[^>]*>", "", clean)).strip())


def _pixels(value: object) -> int:
    return round(value) if isinstance(value, (int, float)) and 0 < value < 1e5 else 0


def _size_of_png(content: str) -> tuple[int, int]:
    try:
        head = base64.b64decode(content[:32], validate=True)
    except ValueError:
        return 0, 0
    if len(head) < 24 or not head.startswith(_PNG_START):
        return 0, 0
    width, height = struct.unpack(">II", head[16:24])
    return int(width), int(height)


def _joined_text(content: object) -> str:
    return "".join(map(str, content)) if isinstance(content, list) else str(content)
