"""The pages as they are written (Markdown) and as they are shown (HTML).

A page is docs/guide/<slug>.md: one heading of the first order, then headings of the second, which are its contents.
It reads in any viewer of Markdown too: pictures and other pages are named by relative path and rewritten here.
Markup in the text is shown as text: the parser makes no HTML that it was given.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

FOLDER = Path(settings.BASE_DIR) / "docs" / "guide"


@dataclass(frozen=True)
class Page:
    """One page: its title, the sentence under it, its headings, and the HTML of the rest."""

    slug: str
    title: str
    lead: str
    headings: tuple[str, ...]
    body: SafeString


@cache
def slugs() -> tuple[str, ...]:
    """The pages in their order."""
    return tuple(sorted(path.stem for path in FOLDER.glob("[0-9][0-9]-*.md")))


@cache
def page(slug: str) -> Page:
    """A page, read and made once a process. `slug` must be one of slugs()."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse((FOLDER / f"{slug}.md").read_text(encoding="utf-8"))
    # Heading and first paragraph are three tokens each: open, text, close.
    title, lead, rest = tokens[1].content, tokens[4].content, tokens[6:]
    headings = tuple(_prepare(rest))
    body = parser.renderer.render(rest, parser.options, {})
    return Page(slug, title, lead, headings, mark_safe(body))  # noqa: S308  (made by the parser, which escapes the text)


def _prepare(tokens: list[Token]) -> list[str]:
    """Gives headings their ids, tables the portal's look, pictures and links their addresses; tells the headings."""
    headings: list[str] = []
    for number, token in enumerate(tokens):
        if token.type == "heading_open":
            text = tokens[number + 1].content
            token.attrSet("id", text)
            if token.tag == "h2":
                headings.append(text)
        elif token.type == "table_open":
            token.attrSet("class", "table")
        elif token.type == "th_open":
            token.attrSet("scope", "col")
        for child in token.children or []:
            if child.type == "image":
                child.attrSet("src", static(f"guide/{Path(str(child.attrs['src'])).name}"))
            elif child.type == "link_open":
                child.attrSet("href", _address(str(child.attrs["href"])))
    return headings


def _address(written: str) -> str:
    """The portal's address of a link to another page (`04-filings.md#期限の時計`); others stay as they are."""
    parts = urlsplit(written)
    if not parts.path.endswith(".md"):
        return written
    address = reverse("guide:guide-page", args=[Path(parts.path).stem])
    return f"{address}#{quote(parts.fragment, safe='%')}" if parts.fragment else address
