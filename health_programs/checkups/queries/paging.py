"""One page of a list, and who the people on it are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from members.enrollment import queries as enrollment
from members.enrollment.queries import MemberRow
from privacy.seen import population

SIZE = 50


@dataclass(frozen=True)
class Page:
    """Rows of one page of a list with its total."""

    rows: list[Any]
    number: int
    last: int
    total: int

    @property
    def page(self) -> int:
        return self.number

    @property
    def pages(self) -> int:
        return self.last


def page_of(found: Any, number: int, *, total: int | None = None, size: int = SIZE) -> Page:
    """One page of an ordered queryset. Two statements, one where the total is known."""
    total = found.count() if total is None else total
    population("一覧の件数", total)
    last = max(1, -(-total // size))
    number = min(max(1, number), last)
    return Page(list(found[(number - 1) * size : number * size]), number, last, total)


def without_hidden(rows: Any, user_id: int) -> Any:
    """Rows of a list by state or level, without protected people this clerk is not named for: where they stand would
    tell what the list tells."""
    return rows.exclude(member_id__in=enrollment.hidden_from(user_id).values("pk"))


def people(member_ids: Iterable[int | None], *, user_id: int, on: date) -> dict[int, MemberRow]:
    """The lines of these people as the clerk may see them. Five statements for any number."""
    ids = sorted({pk for pk in member_ids if pk})
    members = list(enrollment.members_by_id(ids).values())
    return {row.member_id: row for row in enrollment.member_rows(members, user_id=user_id, on=on)}
