"""Conditions of the member list as they stand in the address: filters, order and page, never anything personal.

Names, numbers and birth dates are searched by POST and become an opaque id (`search`); everything here is impersonal and
may be bookmarked, shared and logged.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from kumiai.ui.formats import ERAS, LAST_YEAR
from kumiai.ui.paging import Chip, integer, page_number

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
FIRST_DAY = ERAS[-1][3]
LAST_DAY = date(LAST_YEAR, 12, 31)
"""Days a base date may be: those with a name in the Japanese calendar."""
UNREADABLE = "?"
"""Stands in the address for a base date that was typed and could not be understood, without repeating it."""
DEFAULT_STATE = "active"
DEFAULT_SORT = "number"


@dataclass(frozen=True)
class Conditions:
    """What the clerk chose. `on` None means today, `misread` that a day was given which is none; `sort` may begin with
    "-" for the reverse order. `after`, `before`: the member a page goes on from. `count_all`: count to the last."""

    state: str = DEFAULT_STATE
    employer: int | None = None
    kind: str = ""
    on: date | None = None
    search: UUID | None = None
    sort: str = DEFAULT_SORT
    page: int = 1
    after: int | None = None
    before: int | None = None
    count_all: bool = False
    misread: bool = False

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "Conditions":
        """Conditions from the address; what cannot be understood is as if it were not there."""
        sort = query.get("sort", "")
        on = _date(query.get("on"))
        return cls(
            state=query["state"] if query.get("state") in STATES else DEFAULT_STATE,
            employer=integer(query.get("employer")),
            kind=query["kind"] if query.get("kind") in KINDS else "",
            on=on,
            search=_uuid(query.get("search")),
            sort=sort if sort.removeprefix("-") in SORTS else DEFAULT_SORT,
            page=page_number(query.get("page")),
            after=integer(query.get("after")),
            before=integer(query.get("before")),
            count_all=query.get("count") == "all",
            misread=bool(query.get("on")) and on is None,
        )

    def query(self, **changes) -> str:
        """The query string with `changes`, defaults left out; any change but the page goes back to page 1."""
        if changes:
            changes = {"page": 1, "after": None, "before": None} | changes
        chosen = replace(self, **changes)
        pairs = {
            "state": chosen.state if chosen.state != DEFAULT_STATE else "",
            "employer": chosen.employer or "",
            "kind": chosen.kind,
            "on": chosen.on.isoformat() if chosen.on else UNREADABLE if chosen.misread else "",
            "search": str(chosen.search) if chosen.search else "",
            "sort": chosen.sort if chosen.sort != DEFAULT_SORT else "",
            "page": chosen.page if chosen.page > 1 else "",
            "after": chosen.after or "",
            "before": chosen.before or "",
            "count": "all" if chosen.count_all else "",
        }
        return "?" + urlencode({name: value for name, value in pairs.items() if value != ""})

    @property
    def narrowed(self) -> bool:
        """Whether anything was chosen that keeps people out of the list."""
        return (self.state, self.employer, self.kind, self.on, self.search) != (DEFAULT_STATE, None, "", None, None)

    def cleared(self) -> str:
        return self.query(state=DEFAULT_STATE, employer=None, kind="", on=None, search=None, misread=False)

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


def _date(text: str | None) -> date | None:
    """A day of the address as 2026-11-22; None for what is no day, or none that the Japanese calendar names."""
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        return None
    return day if day and FIRST_DAY <= day <= LAST_DAY else None


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
