"""Conditions of the member list as they stand in the address: filters, order and page, never anything personal.

Names, numbers and birth dates are searched by POST and become an opaque id (`search`); everything here is impersonal and
may be bookmarked, shared and logged.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

STATES = {
    "active": "有効",
    "voluntary": "任意継続",
    "ended": "喪失",
    "all": "すべて",
}
"""資格 filter. Without a choice the list shows who is covered on the base date."""
KINDS = {
    "": "すべて",
    "insured": "被保険者",
    "dependant": "被扶養者",
}
SORTS = {
    "number": "記号-番号-枝番",
    "kana": "カナ",
    "birth": "生年月日",
}
DEFAULT_STATE = "active"
DEFAULT_SORT = "number"


@dataclass(frozen=True)
class Conditions:
    """What the clerk chose. `on` None means today; `sort` may begin with "-" for the reverse order."""

    state: str = DEFAULT_STATE
    employer: int | None = None
    kind: str = ""
    on: date | None = None
    search: UUID | None = None
    sort: str = DEFAULT_SORT
    page: int = 1

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "Conditions":
        """Conditions from the address; what cannot be understood is as if it were not there."""
        sort = query.get("sort", "")
        return cls(
            state=query["state"] if query.get("state") in STATES else DEFAULT_STATE,
            employer=_integer(query.get("employer")),
            kind=query["kind"] if query.get("kind") in KINDS else "",
            on=_date(query.get("on")),
            search=_uuid(query.get("search")),
            sort=sort if sort.removeprefix("-") in SORTS else DEFAULT_SORT,
            page=max(1, _integer(query.get("page")) or 1),
        )

    def query(self, **changes) -> str:
        """The query string with `changes`, defaults left out; any change but the page goes back to page 1."""
        if changes and "page" not in changes:
            changes["page"] = 1
        chosen = replace(self, **changes)
        pairs = {
            "state": chosen.state if chosen.state != DEFAULT_STATE else "",
            "employer": chosen.employer or "",
            "kind": chosen.kind,
            "on": chosen.on.isoformat() if chosen.on else "",
            "search": str(chosen.search) if chosen.search else "",
            "sort": chosen.sort if chosen.sort != DEFAULT_SORT else "",
            "page": chosen.page if chosen.page > 1 else "",
        }
        return "?" + urlencode({name: value for name, value in pairs.items() if value != ""})

    @property
    def narrowed(self) -> bool:
        """Whether anything was chosen that keeps people out of the list."""
        return (self.state, self.employer, self.kind, self.on, self.search) != (DEFAULT_STATE, None, "", None, None)

    def cleared(self) -> str:
        return self.query(state=DEFAULT_STATE, employer=None, kind="", on=None, search=None)

    def heads(self) -> list["Head"]:
        """The sortable heads of the table, by column."""
        result = []
        for name, label in SORTS.items():
            if self.sort == name:
                result.append(Head(name, label, "ascending", self.query(sort="-" + name)))
            elif self.sort == "-" + name:
                result.append(Head(name, label, "descending", self.query(sort=name)))
            else:
                result.append(Head(name, label, "none", self.query(sort=name)))
        return result


@dataclass(frozen=True)
class Head:
    """A sortable head: its column, its word, how it is sorted now (the value of aria-sort), where it leads."""

    name: str
    label: str
    order: str
    url: str


@dataclass(frozen=True)
class Chip:
    """A chosen condition and the address without it."""

    label: str
    value: str
    url: str


def chips(conditions: Conditions, *, employer_name: str = "", search_terms: str = "", on_text: str = "") -> list[Chip]:
    """The chosen conditions in the order of the fields."""
    found = []
    if conditions.search:
        found.append(Chip("検索", search_terms or "この検索はもう使えません", conditions.query(search=None)))
    if conditions.state != DEFAULT_STATE:
        found.append(Chip("資格", STATES[conditions.state], conditions.query(state=DEFAULT_STATE)))
    if conditions.employer:
        found.append(Chip("事業所", employer_name or "見つからない事業所", conditions.query(employer=None)))
    if conditions.kind:
        found.append(Chip("区分", KINDS[conditions.kind], conditions.query(kind="")))
    if conditions.on:
        found.append(Chip("基準日", on_text or conditions.on.isoformat(), conditions.query(on=None)))
    return found


@dataclass(frozen=True)
class PageLink:
    """One entry of the page bar; without a number it stands for numbers left out."""

    number: int | None
    url: str = ""
    current: bool = False


@dataclass(frozen=True)
class Pages:
    """The page bar under a list, and which lines of how many it shows."""

    number: int
    last: int
    total: int
    first_line: int
    last_line: int
    unit: str
    previous_url: str
    next_url: str
    links: tuple[PageLink, ...]


def pages(number: int, last: int, total: int, url: Callable[[int], str], *, unit: str, size: int = 50) -> Pages:
    """The page bar: the ends, the neighbours, and gaps between."""
    wanted = sorted({1, 2, number - 1, number, number + 1, last - 1, last} & set(range(1, last + 1)))
    links: list[PageLink] = []
    for before, page in zip([0, *wanted], wanted, strict=False):
        if page - before > 1:
            links.append(PageLink(None))
        links.append(PageLink(page, url(page), page == number))
    return Pages(
        number=number,
        last=last,
        total=total,
        first_line=(number - 1) * size + 1 if total else 0,
        last_line=min(number * size, total),
        unit=unit,
        previous_url=url(number - 1) if number > 1 else "",
        next_url=url(number + 1) if number < last else "",
        links=tuple(links),
    )


def _integer(text: str | None) -> int | None:
    # Beyond 18 digits a number is no key of ours, and PostgreSQL would refuse it.
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 18 else None


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
