"""What every screen of this app shares: the tabs, who may do what, one page of a list."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from kumiai.accounts.login import clerk_id
from kumiai.ui.paging import page_number, pages
from members.enrollment import queries as register
from members.payments.activities import BENEFIT_PAYMENT
from privacy.grants import held_by, may
from privacy.seen import population

SIZE = 50
TABS = (("run-list", "支払の回"), ("account-waiting", "確認待ちの口座"))


def may_do(request: HttpRequest, operation: str = "change") -> bool:
    """Whether this person's section may do it, so that no button is offered that would be refused."""
    return may(held_by(clerk_id(request)), BENEFIT_PAYMENT, operation)


def tabs(current: str) -> list[dict[str, Any]]:
    return [{"label": label, "url": reverse(f"payments:{name}"), "current": name == current} for name, label in TABS]


def people_of(request: HttpRequest, member_ids: Iterable[int | None]) -> dict[int, Any]:
    """The lines of these people as this clerk may see them."""
    ids = sorted({pk for pk in member_ids if pk})
    members = list(register.members_by_id(ids).values())
    rows = register.member_rows(members, user_id=clerk_id(request), on=today())
    return {row.member_id: row for row in rows}


def today() -> date:
    return timezone.localdate()


def listing(request: HttpRequest, found: Any, *, unit: str, personal: bool = True) -> tuple[list[Any], dict[str, Any]]:
    """The rows of the asked page, and the bar under it."""
    total = found.count()
    if personal:
        population("一覧の件数", total)
    last = max(1, -(-total // SIZE))
    number = min(max(1, page_number(request.GET.get("page"))), last)
    rows = list(found[(number - 1) * SIZE : number * SIZE])
    bar = pages(number, last, total, lambda n: f"?page={n}" if n > 1 else "?", unit=unit)
    return rows, {"pages": bar, "total": total}
