"""What every change of the register shares: the person, the document, the lock, the report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from members.enrollment import policies
from members.enrollment.actions.errors import StaleVersion, UnableToChange
from members.enrollment.actions.receipts import mint_receipt_number
from members.enrollment.enums import ChangeKind
from members.enrollment.models import ChangeReport, Member, ProtectedChange
from members.enrollment.queries import veiled_number
from privacy.scope import current_scope

NAME_FIELDS = ("family_name", "given_name", "family_kana", "given_kana")
OTHER_NAME_FIELDS = ("common_name", "alphabet_name", "kana_unknown")
ADDRESS_KINDS = (ChangeKind.ADDRESS_CHANGE, ChangeKind.ADDRESS_CORRECTION, ChangeKind.MAILING_ADDRESS)


@dataclass(frozen=True)
class Person:
    """Who somebody is, as a report says it. sex: 1 or 2. Names are stored as typed."""

    family_name: str
    given_name: str
    family_kana: str
    given_kana: str
    birth_date: date
    sex: str
    common_name: str = ""
    alphabet_name: str = ""
    kana_unknown: bool = False

    @property
    def names(self) -> dict[str, str]:
        return {field: getattr(self, field) for field in NAME_FIELDS}

    @property
    def other_names(self) -> dict[str, Any]:
        return {field: getattr(self, field) for field in OTHER_NAME_FIELDS}


@dataclass(frozen=True)
class Report:
    """The document behind a change: when it arrived, from which day it holds, a remark.

    receipt_number: where a filing received one already; "" gives the next of the month.
    """

    received_date: date
    effective_date: date
    note: str = ""
    receipt_number: str = ""


def known_number(member: Member) -> str:
    """The number of somebody in a sentence; of a protected person only as every clerk may see it."""
    return veiled_number(member) if member.protected else member.card_number


def span(start: date, end: date | None) -> DateRange:
    """[start, end); None runs on."""
    return DateRange(start, end, "[)")


def nothing(_member: Member) -> dict[str, Any]:
    """For changes that a clerk does not choose between field by field."""
    return {}


def lock(
    member_id: int,
    version: int | None,
    *,
    by: Any,
    current: Callable[[Member], dict[str, Any]] = nothing,
) -> Member:
    """The member, locked; StaleVersion when it was saved since the clerk opened it (`version` None: no page was opened).

    Raises PermissionDenied of a protected member for a clerk who is not named; the night (by.pk None) handles everybody.
    """
    member = Member.objects.select_for_update(of=("self",)).filter(pk=member_id).first()
    if member is None:
        raise UnableToChange("この加入者は登録されていません。")
    if by.pk is not None:
        policies.check_may_handle(by.pk, member)
    if member.merged_into_id is not None:
        raise UnableToChange("この登録は、重複のため別の登録に統合されています。統合先の登録で行ってください。")
    if version is not None and member.version != version:
        last = member.history.order_by("-history_date").first()
        raise StaleVersion(
            current(member), member.version, last.history_user_id if last else None, last.history_date if last else None
        )
    return member


def touch(member: Member) -> None:
    """One version further, so that a page opened before is seen to be old."""
    member.version += 1
    member.save(update_fields=["version"])


def touch_others(ids: set[int], *, but: int) -> None:
    """The same for people who are changed along with somebody, in the order of their ids so that no two wait in a ring."""
    for other in Member.objects.select_for_update(of=("self",)).filter(pk__in=ids - {but}).order_by("pk"):
        touch(other)


def record_report(
    member: Member, kind: ChangeKind, report: Report, *, before: dict[str, Any], after: dict[str, Any], by: Any
) -> ChangeReport:
    """Keep the document with what it replaced."""
    scope = current_scope()
    # The address of a protected member stands in no open table, not even as what was replaced.
    kept_apart = member.protected and kind in ADDRESS_KINDS
    made = ChangeReport.objects.create(
        member=member,
        kind=kind,
        receipt_number=report.receipt_number or mint_receipt_number(report.received_date),
        received_date=report.received_date,
        effective_date=report.effective_date,
        note=report.note,
        before={} if kept_apart else before,
        after={} if kept_apart else after,
        access_event=scope.seen.event if scope else None,
        entered_by_id=by.pk,
    )
    if kept_apart:
        ProtectedChange.objects.create(member=member, report=made, before=before, after=after)
    return made


def mark_cancelled(report: ChangeReport, *, by: Any) -> None:
    """The document stays on record as one that was taken back."""
    report.cancelled_at = timezone.now()
    report.cancelled_by_id = by.pk
    report.save(update_fields=["cancelled_at", "cancelled_by_id"])


def last_report(member: Member, kinds: tuple[ChangeKind, ...], period_id: int) -> ChangeReport | None:
    """The last document of these kinds about a period that was not taken back."""
    return (
        ChangeReport.objects.select_for_update(of=("self",))
        .filter(member=member, kind__in=kinds, cancelled_at__isnull=True, after__period=period_id)
        .order_by("-pk")
        .first()
    )
