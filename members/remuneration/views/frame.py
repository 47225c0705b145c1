"""What the screens of standard remuneration share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from kumiai.accounts.login import clerk_id
from kumiai.ui.paging import page_number, pages
from members.enrollment import queries as register
from members.remuneration.activities import STANDARD_REMUNERATION
from privacy.grants import held_by, may
from privacy.seen import population

SIZE = 50
TABS = (("standard-list", "標準報酬月額"), ("file-list", "取り込み"))


def today() -> date:
    return timezone.localdate()


def may_change(request: HttpRequest) -> bool:
    return may(held_by(clerk_id(request)), STANDARD_REMUNERATION, "change")


def tabs(current: str) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": reverse(f"remuneration:{name}"), "current": name == current} for name, label in TABS
    ]


def people_of(request: HttpRequest, member_ids: Iterable[int | None]) -> dict[int, Any]:
    ids = sorted({pk for pk in member_ids if pk})
    members = list(register.members_by_id(ids).values())
    return {row.member_id: row for row in register.member_rows(members, user_id=clerk_id(request), on=today())}


def listing(request: HttpRequest, found: Any, link: Callable[[int], str], *, unit: str = "件") -> tuple[list[Any], Any]:
    """The rows of the asked page, and the bar under it."""
    total = found.count()
    population("一覧の件数", total)
    last = max(1, -(-total // SIZE))
    number = min(max(1, page_number(request.GET.get("page"))), last)
    rows = list(found[(number - 1) * SIZE : number * SIZE])
    return rows, {"pages": pages(number, last, total, link, unit=unit), "total": total}
