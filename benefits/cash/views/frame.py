"""What every screen of 現金給付 shares: tabs, who may do what, the case of an address, people on lines."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone

from benefits.cash.activities import CASH_BENEFITS, MATERNITY_ALLOWANCE, SICKNESS_ALLOWANCE
from benefits.cash.models import Case
from benefits.cash.presentation import kinds_of, url_name
from benefits.cash.queries.cases import CaseFile, case_file
from kumiai.accounts.login import clerk_id
from kumiai.ui.paging import page_number, pages
from members.enrollment import queries as register
from members.enrollment.presentation.person import Identity, identity
from privacy.activities import Activity
from privacy.grants import held_by, may
from privacy.seen import population

SIZE = 50
TABS = (
    ("case-list", "申請"),
    ("sickness-certificate-list", "証明の取り込み"),
    ("inquiry-list", "医師への照会"),
    ("number-overview", "情報連携"),
    ("difference-list", "再計算の差"),
    ("month-list", "月次の締切"),
    ("statistics", "統計・予算"),
)
ACTIVITIES: dict[str, Activity] = {
    "sickness": SICKNESS_ALLOWANCE,
    "maternity": MATERNITY_ALLOWANCE,
    "lump": CASH_BENEFITS,
}


def today() -> date:
    return timezone.localdate()


def may_do(request: HttpRequest, activity: Activity, operation: str = "change") -> bool:
    """Whether this person's section may do it, so that no button is offered that would be refused."""
    return may(held_by(clerk_id(request)), activity, operation)


def tabs(current: str) -> list[dict[str, Any]]:
    return [{"label": label, "url": reverse(f"cash:{name}"), "current": name == current} for name, label in TABS]


def people_of(request: HttpRequest, member_ids: Iterable[int | None]) -> dict[int, Any]:
    """The lines of these people as this clerk may see them."""
    ids = sorted({pk for pk in member_ids if pk})
    members = list(register.members_by_id(ids).values())
    return {row.member_id: row for row in register.member_rows(members, user_id=clerk_id(request), on=today())}


def listing(request: HttpRequest, found: Any, link: Any, *, unit: str = "件") -> tuple[list[Any], dict[str, Any]]:
    """The rows of the asked page, and the bar under it; `link` makes the address of a page."""
    total = found.count()
    population("一覧の件数", total)
    last = max(1, -(-total // SIZE))
    number = min(max(1, page_number(request.GET.get("page"))), last)
    rows = list(found[(number - 1) * SIZE : number * SIZE])
    return rows, {"pages": pages(number, last, total, link, unit=unit), "total": total}


def case_url(case: Case, page: str = "detail") -> str:
    return reverse(url_name(case.kind, page), args=[case.pk])


def file_or_404(pk: int, group: str) -> CaseFile:
    """A case under the work it belongs to; under another work there is none of that number."""
    found = case_file(pk)
    if found is None or found.case.kind not in kinds_of(group):
        raise Http404("この番号の申請はありません。")
    return found


def person_of(request: HttpRequest, member_id: int) -> Identity | None:
    """The identity bar of a person; None where the clerk is not named for a protected one."""
    person = register.person(member_id=member_id, user_id=clerk_id(request), on=today())
    if person is None:
        raise Http404("この番号の加入者はいません。")
    return identity(person) if person.visible else None
