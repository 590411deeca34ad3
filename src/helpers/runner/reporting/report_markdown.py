"""Markdown as HTML that is still to be cleaned: nbconvert's renderer, without its anchors."""

import html
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath


@dataclass(frozen=True)
class Rendered:
    """Markdown as HTML, and the first heading of level 1 that was taken out of it, if asked for."""

    html: str
    title: str


class _Renderer(IPythonRenderer):
    def __init__(self, *, attachments: Mapping[str, Any], raw_html: bool, take_title: bool) -> None:
        super().__init__(escape=not raw_html, exclude_anchor_links=True, attachments=dict(attachments))
        self.take_title = take_title
        self.title = ""

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        if level == 1 and self.take_title and not self.title:
            self.title = text
            return ""
        return str(super().heading(text, level, **attrs))

    def image(self, text: str, url: str, title: str | None = None) -> str:
        # nbconvert gives up on the whole notebook where an attachment is missing.
        name = url.removeprefix("attachment:")
        if name != url and name not in self.attachments:
            return f"<em>[{html.escape(text or name)}: not included]</em>"
        return str(super().image(text, url, title))


def render_markdown(
    source: str,
    *,
    attachments: Mapping[str, Any] | None = None,
    raw_html: bool = True,
    take_title: bool = False,
) -> Rendered:
    """Return Markdown as HTML.

    Parameters
    ----------
    source : str
        The Markdown; formulas between dollar signs stay as they are written.
    attachments : mapping, optional
        The cell's pictures by name.
    raw_html : bool
        Whether HTML in it is HTML (the author wrote it), or text to be shown (computed from data).
    take_title : bool
        Whether the first heading of level 1 is left out and given as `title`.
    """
    renderer = _Renderer(attachments=attachments or {}, raw_html=raw_html, take_title=take_title)
    return Rendered(MarkdownWithMath(renderer=renderer).render(source), renderer.title)
