"""連絡先の申出: telephone and mail of a member, by period."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from kumiai.ui.formats import format_wareki
from members.enrollment.actions.common import Report, lock, record_report, touch
from members.enrollment.actions.errors import UnableToChange
from members.enrollment.actions.spans import span
from members.enrollment.enums import ChangeKind, ContactKind
from members.enrollment.models import ChangeReport, ContactPoint, Member, ProtectedContact


def contacts_of(member: Member) -> dict[str, Any]:
    """Kind → the contact without an end, in the table that holds them for this member."""
    model: Any = ProtectedContact if member.protected else ContactPoint
    rows = model.objects.filter(member=member, period__upper_inf=True).order_by("period", "pk")
    return {row.kind: row for row in rows}


def _standing(member: Member) -> dict[str, Any]:
    return {kind: row.value for kind, row in contacts_of(member).items()}


@transaction.atomic
def set_contact(*, by: Any, member_id: int, version: int, kind: str, value: str, report: Report) -> ChangeReport:
    """From the day on the member is reached there; an empty value ends it. Raises StaleVersion, UnableToChange.

    The report names the rows and no value, so that it tells nothing of a protected member.
    """
    member = lock(member_id, version, by=by, current=_standing)
    model: Any = ProtectedContact if member.protected else ContactPoint
    present = contacts_of(member).get(kind)
    if value == (present.value if present else ""):
        raise UnableToChange("いまの登録と同じです。変わるところを入力してください。")
    day = report.effective_date
    if present is not None:
        if day <= present.period.lower:
            raise UnableToChange(
                f"いまの連絡先は{format_wareki(present.period.lower)}からです。その翌日以後の日を入れてください。"
            )
        present.period = span(present.period.lower, day)
        present.save(update_fields=["period"])
    opened = model.objects.create(member=member, kind=kind, value=value, period=span(day, None)) if value else None
    touch(member)
    rows = {"closed": present.pk if present else None, "opened": opened.pk if opened else None}
    after = {"contact": str(ContactKind(kind).label)}
    return record_report(member, ChangeKind.CONTACT_CHANGE, report, before=rows, after=after, by=by)
