"""The only writers of the register."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from members.enrollment import policies, queries, search
from members.enrollment.enums import ChangeKind
from members.enrollment.models import (
    Address,
    AddressFields,
    ChangeReport,
    Member,
    NameToken,
    ProtectedAddress,
    ProtectedChange,
)
from privacy.scope import current_scope

NAME_FIELDS = ("family_name", "given_name", "family_kana", "given_kana")
ADDRESS_KINDS = (ChangeKind.ADDRESS_CHANGE, ChangeKind.ADDRESS_CORRECTION)
ADDRESS_FIELDS = ("postal_code", "town", "street", "abroad")


class UnableToChange(Exception):
    """The change cannot be made; the text is a sentence for the clerk."""


class StaleVersion(UnableToChange):
    """Somebody saved meanwhile. `current` is what stands now, by field."""

    def __init__(self, current: dict[str, Any], version: int, changed_by: int | None, changed_at: Any) -> None:
        super().__init__("あなたが開いたあとに、ほかの職員が保存しました。")
        self.current = current
        self.version = version
        self.changed_by = changed_by
        self.changed_at = changed_at


@dataclass(frozen=True)
class Report:
    """The document behind a change: when it arrived, from which day it holds, a remark."""

    received_date: date
    effective_date: date
    note: str = ""


def _lock(member_id: int, version: int, *, by: Any, current: Any) -> Member:
    """The member, locked; StaleVersion when it was saved since the clerk opened it."""
    member = Member.objects.select_for_update(of=("self",)).get(pk=member_id)
    policies.check_may_handle(by.pk, member)
    if member.version != version:
        last = member.history.order_by("-history_date").first()
        raise StaleVersion(
            current(member), member.version, last.history_user_id if last else None, last.history_date if last else None
        )
    return member


def _receipt_number(day: date) -> str:
    """The next receipt number of the month: R8-11-0412."""
    prefix = f"R{day.year - 2018}-{day.month:02d}-"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"enrollment.receipt.{prefix}"])
        cursor.execute(
            "SELECT coalesce(max(substr(receipt_number, %s)::integer), 0) FROM enrollment_changereport "
            "WHERE receipt_number LIKE %s",
            [len(prefix) + 1, prefix + "%"],
        )
        return f"{prefix}{cursor.fetchone()[0] + 1:04d}"


def _report(member: Member, kind: ChangeKind, report: Report, *, before: dict, after: dict, by: Any) -> ChangeReport:
    scope = current_scope()
    # The address of a protected member stands in no open table, not even as what was replaced.
    kept_apart = member.protected and kind in ADDRESS_KINDS
    made = ChangeReport.objects.create(
        member=member,
        kind=kind,
        receipt_number=_receipt_number(report.received_date),
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


def names_of(member: Member) -> dict[str, str]:
    return {field: getattr(member, field) for field in NAME_FIELDS}


def _write_name(member: Member, names: dict[str, str]) -> None:
    """Write a name with its search keys and tokens."""
    for field, value in names.items():
        setattr(member, field, value)
    member.name_key, member.kana_key = search.name_keys(*(names[field] for field in NAME_FIELDS))
    member.version += 1
    member.save(update_fields=[*NAME_FIELDS, "name_key", "kana_key", "version"])
    NameToken.objects.filter(member=member).delete()
    NameToken.objects.bulk_create(
        NameToken(member=member, token=token) for token in search.tokens(member.name_key, member.kana_key)
    )


@transaction.atomic
def change_name(
    *, by: Any, member_id: int, version: int, names: dict[str, str], report: Report, correction: bool = False
) -> ChangeReport:
    """氏名変更届, or 氏名訂正 when the name was registered wrongly. Names are stored as typed.

    Raises StaleVersion, UnableToChange when nothing differs.
    """
    member = _lock(member_id, version, by=by, current=names_of)
    before = names_of(member)
    if names == before:
        raise UnableToChange("いまの氏名と同じです。変わるところを入力してください。")
    _write_name(member, names)
    kind = ChangeKind.NAME_CORRECTION if correction else ChangeKind.NAME_CHANGE
    return _report(member, kind, report, before=before, after=names, by=by)


def address_model(member: Member) -> type[AddressFields]:
    """Where the member's address lives: protected people have a table of their own."""
    return ProtectedAddress if member.protected else Address


def current_address(member: Member) -> AddressFields | None:
    """The address without an end, or None."""
    return (
        address_model(member)
        .objects.filter(member=member, cancelled=False, period__upper_inf=True)  # type: ignore[attr-defined, misc]
        .first()
    )


def address_values(address: AddressFields | None) -> dict[str, Any]:
    return {field: getattr(address, field) for field in ADDRESS_FIELDS} if address else {}


def _current_address_of(member: Member) -> dict[str, Any]:
    return address_values(current_address(member))


def _touch(member: Member) -> None:
    member.version += 1
    member.save(update_fields=["version"])


@transaction.atomic
def change_address(*, by: Any, member_id: int, version: int, address: dict[str, Any], report: Report) -> ChangeReport:
    """住所変更届: the present address ends the day the new one begins.

    Raises StaleVersion; UnableToChange when the day is not after the present address's own beginning.
    """
    member = _lock(member_id, version, by=by, current=_current_address_of)
    present = current_address(member)
    before = address_values(present)
    if address == before:
        raise UnableToChange("いまの住所と同じです。変わるところを入力してください。")
    if present is not None:
        if report.effective_date <= present.period.lower:
            raise UnableToChange(
                f"いまの住所は {present.period.lower:%Y-%m-%d} からです。"
                "その翌日より後の日を入れるか、「住所を訂正」から直してください。"
            )
        present.period = DateRange(present.period.lower, report.effective_date, "[)")
        present.save(update_fields=["period"])
    model = address_model(member)
    new = model(member=member, period=DateRange(report.effective_date, None, "[)"), **address)  # type: ignore[misc]
    new.save()
    _touch(member)
    ids = {"closed": present.pk if present else None, "opened": new.pk}
    return _report(member, ChangeKind.ADDRESS_CHANGE, report, before=before | ids, after=address, by=by)


@transaction.atomic
def correct_address(*, by: Any, member_id: int, version: int, address: dict[str, Any], report: Report) -> ChangeReport:
    """住所訂正: the present address was registered wrongly; its period stays."""
    member = _lock(member_id, version, by=by, current=_current_address_of)
    present = current_address(member)
    if present is None:
        raise UnableToChange("訂正する住所がありません。「住所を変更」から登録してください。")
    before = address_values(present)
    if address == before:
        raise UnableToChange("いまの住所と同じです。変わるところを入力してください。")
    for field, value in address.items():
        setattr(present, field, value)
    present.save(update_fields=list(address))
    _touch(member)
    return _report(
        member, ChangeKind.ADDRESS_CORRECTION, report, before=before | {"row": present.pk}, after=address, by=by
    )


def check_can_cancel(report: ChangeReport) -> None:
    """Raises UnableToChange when the change is cancelled already or another change of the same thing followed."""
    if report.cancelled_at:
        raise UnableToChange("この届は取り消し済みです。")
    kinds = {
        ChangeKind.NAME_CHANGE: (ChangeKind.NAME_CHANGE, ChangeKind.NAME_CORRECTION),
        ChangeKind.NAME_CORRECTION: (ChangeKind.NAME_CHANGE, ChangeKind.NAME_CORRECTION),
        ChangeKind.ADDRESS_CHANGE: (ChangeKind.ADDRESS_CHANGE, ChangeKind.ADDRESS_CORRECTION),
        ChangeKind.ADDRESS_CORRECTION: (ChangeKind.ADDRESS_CHANGE, ChangeKind.ADDRESS_CORRECTION),
    }.get(ChangeKind(report.kind))
    if kinds is None:
        raise UnableToChange("この届は、ここでは取り消せません。")
    later = ChangeReport.objects.filter(
        member_id=report.member_id, kind__in=kinds, cancelled_at__isnull=True, pk__gt=report.pk
    )
    if later.exists():
        raise UnableToChange("このあとに、同じ項目の別の届があります。新しいものから取り消してください。")


@transaction.atomic
def cancel_change(*, by: Any, report_id: int, version: int) -> ChangeReport:
    """取り消し: put back what the report replaced. The report and every row stay, marked.

    Raises StaleVersion, UnableToChange.
    """
    report = ChangeReport.objects.select_for_update(of=("self",)).get(pk=report_id)
    member = _lock(report.member_id, version, by=by, current=names_of)
    check_can_cancel(report)
    queries.fill_contents([report])
    kind = ChangeKind(report.kind)
    if kind in (ChangeKind.NAME_CHANGE, ChangeKind.NAME_CORRECTION):
        _write_name(member, {field: report.before[field] for field in NAME_FIELDS})
    elif kind == ChangeKind.ADDRESS_CORRECTION:
        row = address_model(member).objects.get(pk=report.before["row"])  # type: ignore[attr-defined]
        for field in ADDRESS_FIELDS:
            setattr(row, field, report.before[field])
        row.save(update_fields=list(ADDRESS_FIELDS))
        _touch(member)
    else:
        model = address_model(member)
        opened = model.objects.get(pk=report.before["opened"])  # type: ignore[attr-defined]
        opened.cancelled = True
        opened.save(update_fields=["cancelled"])
        if report.before["closed"] is not None:
            closed = model.objects.get(pk=report.before["closed"])  # type: ignore[attr-defined]
            closed.period = DateRange(closed.period.lower, None, "[)")
            closed.save(update_fields=["period"])
        _touch(member)
    report.cancelled_at = timezone.now()
    report.cancelled_by_id = by.pk
    report.save(update_fields=["cancelled_at", "cancelled_by_id"])
    return report


@transaction.atomic
def save_search(*, by: Any, terms: str) -> Any:
    """Keep what a clerk searched for under an opaque number; searches of more than a day ago are thrown away."""
    from members.enrollment.models import SavedSearch

    SavedSearch.objects.filter(created_at__lt=timezone.now() - SavedSearch.KEPT_FOR).delete()
    return SavedSearch.objects.create(owner_id=by.pk, terms=terms)
