"""Conditions of the lists as they stand in the address: a month, an age, a state, a tab, a page; nothing personal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from kumiai.ui.paging import Chip
from members.lifecycle.enums import AgeKind, AgeState
from members.lifecycle.rules.terms import add_months

MONTHS_AROUND = (-3, 3)
"""The months the list offers, from and until, counted from this one: as far as the night plans."""


@dataclass(frozen=True)
class AgeConditions:
    """What the clerk chose of 年齢到達."""

    month: date
    this_month: date
    kind: int | None = None
    state: str = ""
    page: int = 1

    @classmethod
    def from_query(cls, query: Mapping[str, str], today: date) -> AgeConditions:
        """What cannot be understood is as if it were not there."""
        this = today.replace(day=1)
        kind = query.get("kind", "")
        page = query.get("page", "")
        return cls(
            month=_month(query.get("month", "")) or this,
            this_month=this,
            kind=int(kind) if kind in {str(value) for value in AgeKind.values} else None,
            state=query.get("state", "") if query.get("state") in AgeState.values else "",
            page=int(page) if page.isascii() and page.isdigit() and 0 < len(page) < 7 else 1,
        )

    def query(self, **changes: object) -> str:
        chosen = replace(self, **({"page": 1} | changes))  # type: ignore[arg-type]
        pairs = {
            "month": f"{chosen.month:%Y-%m}" if chosen.month != chosen.this_month else "",
            "kind": str(chosen.kind or ""),
            "state": chosen.state,
            "page": str(chosen.page) if chosen.page > 1 else "",
        }
        return "?" + urlencode({name: value for name, value in pairs.items() if value})

    @property
    def months(self) -> list[date]:
        first, last = MONTHS_AROUND
        return sorted({self.month, *(add_months(self.this_month, n) for n in range(first, last + 1))})

    @property
    def chips(self) -> list[Chip]:
        found = []
        if self.kind:
            found.append(Chip("年齢", str(AgeKind(self.kind).label), self.query(kind=None)))
        if self.state:
            found.append(Chip("状態", str(AgeState(self.state).label), self.query(state="")))
        return found

    @property
    def cleared(self) -> str:
        return self.query(kind=None, state="")


def _month(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return None


@dataclass(frozen=True)
class Cell:
    """A count of the month's table and the list behind it."""

    count: int
    url: str
    state: str
    current: bool


@dataclass(frozen=True)
class CountRow:
    """One age of the month's table."""

    kind: int
    label: str
    meaning: str
    cells: tuple[Cell, ...]
    total: int


def count_rows(
    conditions: AgeConditions, counts: Mapping[tuple[int, str], int], meanings: Mapping[AgeKind, str]
) -> list[CountRow]:
    """The month's table: an age a line, a state a column."""
    rows = []
    for kind in AgeKind:
        cells = tuple(
            Cell(
                counts.get((kind.value, state.value), 0),
                conditions.query(kind=kind.value, state=state.value),
                state.value,
                (conditions.kind, conditions.state) == (kind.value, state.value),
            )
            for state in AgeState
        )
        rows.append(CountRow(kind.value, str(kind.label), meanings[kind], cells, sum(cell.count for cell in cells)))
    return rows
