"""取り消し of a change of name, address, 送付先, sex: put back what the document replaced. Every row stays, marked."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from members.enrollment import queries
from members.enrollment.actions.addresses import address_model, current_address, current_mailing, mailing_model
from members.enrollment.actions.common import (
    ADDRESS_KINDS,
    NAME_FIELDS,
    OTHER_NAME_FIELDS,
    lock,
    mark_cancelled,
    span,
    touch,
)
from members.enrollment.actions.errors import UnableToChange
from members.enrollment.actions.names import names_of, write_name
from members.enrollment.enums import ChangeKind
from members.enrollment.models import ChangeReport, Member, ProtectedChange

_NAME = (ChangeKind.NAME_CHANGE, ChangeKind.NAME_CORRECTION)
_ADDRESS = (ChangeKind.ADDRESS_CHANGE, ChangeKind.ADDRESS_CORRECTION)
SAME_THING = {
    ChangeKind.NAME_CHANGE: _NAME,
    ChangeKind.NAME_CORRECTION: _NAME,
    ChangeKind.ADDRESS_CHANGE: _ADDRESS,
    ChangeKind.ADDRESS_CORRECTION: _ADDRESS,
    ChangeKind.OTHER_NAMES: (ChangeKind.OTHER_NAMES,),
    ChangeKind.SEX_CHANGE: (ChangeKind.SEX_CHANGE,),
    ChangeKind.MAILING_ADDRESS: (ChangeKind.MAILING_ADDRESS,),
}
"""What is cancelled here, and which documents are about the same thing."""
GONE = "この届が登録した内容は、いまの台帳にありません（保護の開始などで移されています）。個別に訂正してください。"


def check_can_cancel(report: ChangeReport) -> None:
    """Raises UnableToChange when the change is cancelled already or another change of the same thing followed."""
    if report.cancelled_at:
        raise UnableToChange("この届は取り消し済みです。")
    kinds = SAME_THING.get(ChangeKind(report.kind))
    if kinds is None:
        raise UnableToChange("この届は、ここでは取り消せません。取消届で取り消してください。")
    later = ChangeReport.objects.filter(
        member_id=report.member_id, kind__in=kinds, cancelled_at__isnull=True, pk__gt=report.pk
    )
    if later.exists():
        raise UnableToChange("このあとに、同じ項目の別の届があります。新しいものから取り消してください。")


def _row(model: Any, member: Member, pk: Any) -> Any:
    """A row that this member's document wrote; UnableToChange when it is not where it was."""
    row = model.objects.select_for_update(of=("self",)).filter(pk=pk, member=member).first() if pk else None
    if row is None:
        raise UnableToChange(GONE)
    return row


def _undo_period(model: Any, member: Member, before: dict[str, Any], present: Any) -> None:
    """Take back a row that was opened, and let the one that it closed run on."""
    if before.get("opened") is not None:
        opened = _row(model, member, before["opened"])
        opened.cancelled = True
        opened.save(update_fields=["cancelled"])
    elif present is not None:
        raise UnableToChange(GONE)
    if before.get("closed") is not None:
        closed = _row(model, member, before["closed"])
        closed.period = span(closed.period.lower, None)
        closed.save(update_fields=["period"])


def _put_back(report: ChangeReport, member: Member) -> None:
    kind, before = ChangeKind(report.kind), report.before
    if kind in _NAME:
        write_name(member, {field: before[field] for field in NAME_FIELDS})
    elif kind == ChangeKind.OTHER_NAMES:
        write_name(member, {field: before[field] for field in OTHER_NAME_FIELDS})
    elif kind == ChangeKind.SEX_CHANGE:
        member.sex = before["sex"]
        member.version += 1
        member.save(update_fields=["sex", "version"])
    elif kind == ChangeKind.ADDRESS_CORRECTION:
        row = _row(address_model(member), member, before.get("row"))
        fields = [field for field in before if field != "row"]
        for field in fields:
            setattr(row, field, before[field])
        row.save(update_fields=fields)
        touch(member)
    elif kind == ChangeKind.MAILING_ADDRESS:
        _undo_period(mailing_model(member), member, before, current_mailing(member))
        touch(member)
    else:
        _undo_period(address_model(member), member, before, current_address(member))
        touch(member)


@transaction.atomic
def cancel_change(*, by: Any, report_id: int, version: int) -> ChangeReport:
    """取り消し: put back what the report replaced. The report and every row stay, marked.

    Raises StaleVersion, UnableToChange.
    """
    report = ChangeReport.objects.select_for_update(of=("self",)).get(pk=report_id)
    member = lock(report.member_id, version, by=by, current=names_of)
    check_can_cancel(report)
    queries.fill_contents([report])
    kept_apart = ProtectedChange.objects.filter(report=report).exclude(before={}, after={}).exists()
    moved_apart = report.kind in ADDRESS_KINDS and kept_apart != member.protected
    if moved_apart or not report.before:
        raise UnableToChange(GONE)
    _put_back(report, member)
    # fill_contents put protected contents into the instance: only the mark is saved.
    mark_cancelled(report, by=by)
    return report
