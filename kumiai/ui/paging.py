"""What stands around a list: the page bar, the chosen conditions, and numbers read from the address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Chip:
    """A chosen condition and the address without it."""

    label: str
    value: str
    url: str


@dataclass(frozen=True)
class PageLink:
    """One entry of the page bar; without a number it stands for numbers left out."""

    number: int | None
    url: str = ""
    current: bool = False


@dataclass(frozen=True)
class Pages:
    """The page bar under a list, and which lines of how many it shows. `open_end`: there are pages behind `last`."""

    number: int
    last: int
    total: int
    open_end: bool
    first_line: int
    last_line: int
    unit: str
    previous_url: str
    next_url: str
    links: tuple[PageLink, ...]


def pages(
    number: int,
    last: int,
    total: int,
    url: Callable[[int], str],
    *,
    unit: str,
    size: int = 50,
    previous_url: str = "",
    next_url: str = "",
    open_end: bool = False,
) -> Pages:
    """The page bar: the ends, the neighbours, and gaps between.

    previous_url, next_url: how the neighbours are reached where that is not by their number. open_end: `last` and `total`
    are only as far as was counted, and the list may be left behind them by `next_url`.
    """
    near = {number - 1, number, number + 1} & set(range(1, max(last, number) + 1))
    wanted = sorted({page for page in (1, 2, last - 1, last) if 1 <= page <= last} | {p for p in near if p <= last})
    if number > last:
        wanted.append(number)
    links: list[PageLink] = []
    for before, page in zip([0, *wanted], wanted, strict=False):
        if page - before > 1:
            links.append(PageLink(None))
        links.append(PageLink(page, url(page), page == number))
    if open_end and number <= last:
        links.append(PageLink(None))
    lines = number * size if open_end else min(number * size, total)
    return Pages(
        number=number,
        last=last,
        total=total,
        open_end=open_end,
        first_line=(number - 1) * size + 1 if total else 0,
        last_line=lines,
        unit=unit,
        previous_url=(previous_url or url(number - 1)) if number > 1 else "",
        next_url=next_url or (url(number + 1) if number < last else ""),
        links=tuple(links),
    )


def integer(text: str | None) -> int | None:
    """A whole number of the address, None for anything else. Beyond 18 digits a number is no key of ours, and
    PostgreSQL would refuse it."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 18 else None


def page_number(text: str | None) -> int:
    """The page that the address asks for; 1 for anything that is no page."""
    return max(1, integer(text) or 1)
