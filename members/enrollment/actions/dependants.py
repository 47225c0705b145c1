"""被扶養者の認定と削除 (健康保険法3条7項, 則38条)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from kumiai.ui.formats import format_wareki
from members.enrollment.actions.common import (
    Person,
    Report,
    known_number,
    lock,
    record_report,
    span,
    touch,
    touch_others,
)
from members.enrollment.actions.entering import check_person, new_member, protect_like, settle
from members.enrollment.actions.errors import UnableToChange
from members.enrollment.actions.names import write_person
from members.enrollment.actions.numbers import hold_numbers, next_branch, renumber
from members.enrollment.actions.spans import FOLLOWS, cancel_row, eligibility_of, same_person
from members.enrollment.enums import ChangeKind, DependantEndReason, EligibilityKind, Relation
from members.enrollment.models import DependantPeriod, EligibilityPeriod, Member


def _insured_until(insured: Member, day: date) -> date | None:
    """Until when the insured person is insured who is so on the day, over periods that follow without a gap."""
    end: date | None = None
    found = False
    for row in eligibility_of(insured):
        if day in row.period or (found and row.period.lower == end):
            found, end = True, row.period.upper
            if row.kind == EligibilityKind.VOLUNTARY and not row.loss_reason:
                end = None  # the two years end it by themselves; the loss then ends the family's days
            if end is None:
                break
    if not found:
        raise UnableToChange(f"被保険者には、{format_wareki(day)}の資格がありません。認定日を直してください。")
    return end


def _check_not_covered(ids: set[int], start: date, end: date | None) -> None:
    """Nobody is a dependant twice, or a dependant and an insured person, on one day. Raises UnableToChange."""
    days = span(start, end)
    own = EligibilityPeriod.objects.select_related("member").filter(member_id__in=ids, period__overlap=days).first()
    if own is not None:
        raise UnableToChange(f"この人は、{known_number(own.member)} の被保険者です。先にその喪失を登録してください。")
    other = DependantPeriod.objects.select_related("member").filter(member_id__in=ids, period__overlap=days).first()
    if other is not None:
        raise UnableToChange(
            f"この人は、{known_number(other.member)} の被扶養者です（{format_wareki(other.period.lower)}から）。"
            "先に削除を登録してください。"
        )


def _check_not_twice(insured: Member, person: Person, day: date) -> None:
    found = (
        DependantPeriod.objects.select_related("member")
        .filter(
            insured=insured,
            period__contains=day,
            member__birth_date=person.birth_date,
            member__family_name=person.family_name,
            member__given_name=person.given_name,
            member__sex=person.sex,
        )
        .first()
    )
    if found is not None:
        raise UnableToChange(f"同じ人が、{known_number(found.member)} の被扶養者として認定されています。")


@transaction.atomic
def certify_dependant(
    *,
    by: Any,
    insured_id: int,
    version: int | None,
    person: Person,
    relation: str,
    report: Report,
    member_id: int | None = None,
    address: dict[str, Any] | None = None,
) -> Member:
    """被扶養者の認定 from the report's day. Returns the dependant's row.

    version: the insured person's. member_id: the same person's earlier row, of this household (taken up again) or of
    another or of their own (a new row joined to it). address: None is the insured person's. A protected insured person's
    dependants are protected too: they live there. Raises StaleVersion, UnableToChange.
    """
    insured = lock(insured_id, version, by=by)
    day = report.effective_date
    if insured.insured_id is not None:
        raise UnableToChange("被扶養者の被扶養者は認定できません。被保険者を選んでください。")
    if relation not in Relation.values:
        raise UnableToChange("続柄を選んでください。")
    check_person(person, day)
    end = _insured_until(insured, day)
    hold_numbers(insured.symbol)
    if member_id is None:
        _check_not_twice(insured, person, day)
        member = _new(insured, person, day, address, earlier=None)
    else:
        before = lock(member_id, None, by=by)
        if before.pk == insured.pk:
            raise UnableToChange("本人を自分の被扶養者にはできません。")
        if before.birth_date != person.birth_date:
            raise UnableToChange("生年月日が、前の登録と違います。同じ人なら、先に前の登録を訂正してください。")
        _check_not_covered(same_person(before), day, end)
        if before.insured_id == insured.pk:
            if (before.symbol, before.number) != (insured.symbol, insured.number):
                renumber(before, symbol=insured.symbol, number=insured.number, branch=next_branch(insured), day=day)
            write_person(before, person)
            member = before
        else:
            member = _new(insured, person, day, address, earlier=before)
            touch(before)
    period = DependantPeriod.objects.create(
        member=member,
        insured=insured,
        relation=relation,
        period=span(day, end),
        end_reason=FOLLOWS if end else "",
        received_date=report.received_date,
    )
    touch(insured)
    record_report(member, ChangeKind.CERTIFIED, report, before={}, after={"period": period.pk}, by=by)
    return member


def _new(
    insured: Member, person: Person, day: date, address: dict[str, Any] | None, *, earlier: Member | None
) -> Member:
    protected = insured.protected or (earlier is not None and earlier.protected)
    member = new_member(
        person,
        symbol=insured.symbol,
        number=insured.number,
        branch=next_branch(insured),
        insured=insured,
        earlier=earlier,
        protected=protected,
    )
    if insured.protected:
        protect_like(member, insured, day)
    elif earlier is not None and earlier.protected:
        protect_like(member, earlier, day)
    settle(member, day, address, like=insured)
    return member


@transaction.atomic
def remove_dependant(*, by: Any, member_id: int, version: int | None, report: Report, reason: str) -> DependantPeriod:
    """被扶養者の削除: no longer a dependant from the report's day on. Raises StaleVersion, UnableToChange."""
    member = lock(member_id, version, by=by)
    if reason not in DependantEndReason.values:
        raise UnableToChange("削除の理由を選んでください。")
    day = report.effective_date
    row = (
        DependantPeriod.objects.select_for_update(of=("self",))
        .filter(member=member)
        .order_by("-period__startswith")
        .first()
    )
    if row is None:
        raise UnableToChange("この人は被扶養者として認定されていません。")
    if row.period.upper is not None and (row.period.upper <= day or row.end_reason != FOLLOWS):
        raise UnableToChange(
            f"この人は、{format_wareki(row.period.upper)}に削除されています（{row.get_end_reason_display()}）。"
        )
    if day <= row.period.lower:
        raise UnableToChange(
            f"認定日は{format_wareki(row.period.lower)}です。その翌日以後の日を入れるか、認定を取り消してください。"
        )
    before = {"end": row.period.upper.isoformat() if row.period.upper else None, "reason": row.end_reason}
    row.period, row.end_reason, row.received_date = span(row.period.lower, day), reason, report.received_date
    row.save(update_fields=["period", "end_reason", "received_date"])
    touch(member)
    record_report(member, ChangeKind.REMOVED, report, before=before, after={"period": row.pk, "reason": reason}, by=by)
    return row


@transaction.atomic
def cancel_removal(*, by: Any, member_id: int, version: int | None, report: Report) -> DependantPeriod:
    """被扶養者の削除の取り消し: a dependant until the insured person's own days end. Raises StaleVersion, UnableToChange."""
    member = lock(member_id, version, by=by)
    row = _last(member)
    if row is None or row.period.upper is None or row.end_reason == FOLLOWS:
        raise UnableToChange("取り消す削除の登録がありません。")
    insured = Member.objects.select_for_update(of=("self",)).get(pk=row.insured_id)
    end = _insured_until(insured, row.period.lower)
    if end is not None and end <= row.period.upper:
        raise UnableToChange("被保険者の資格が、その日までに終わっています。先に喪失日を直してください。")
    ids = same_person(member)
    _check_not_covered(ids, row.period.upper, end)
    before = {"end": row.period.upper.isoformat(), "reason": row.end_reason}
    row.period, row.end_reason = span(row.period.lower, end), FOLLOWS if end else ""
    row.save(update_fields=["period", "end_reason"])
    touch(member)
    touch_others({insured.pk}, but=member.pk)
    record_report(member, ChangeKind.REMOVAL_UNDONE, report, before=before, after={"period": row.pk}, by=by)
    return row


@transaction.atomic
def correct_removal_date(*, by: Any, member_id: int, version: int | None, report: Report) -> DependantPeriod:
    """削除日の訂正届: the report's day is the right one; the reason of the removal stays. Raises StaleVersion,
    UnableToChange."""
    member = lock(member_id, version, by=by)
    row = _last(member)
    day = report.effective_date
    if row is None or row.period.upper is None or row.end_reason == FOLLOWS:
        raise UnableToChange("訂正する削除の登録がありません。")
    removed = row.period.upper
    if day == removed:
        raise UnableToChange("いまの削除の日と同じです。")
    if day <= row.period.lower:
        raise UnableToChange(
            f"認定日は{format_wareki(row.period.lower)}です。その翌日以後の日を入れるか、認定を取り消してください。"
        )
    if day > removed:
        end = _insured_until(Member.objects.get(pk=row.insured_id), row.period.lower)
        if end is not None and end < day:
            raise UnableToChange(
                f"被保険者の資格は、{format_wareki(end)}に終わっています。その日以前の日を入れてください。"
            )
        _check_not_covered(same_person(member), removed, day)
    before = {"end": removed.isoformat(), "reason": row.end_reason}
    row.period = span(row.period.lower, day)
    row.save(update_fields=["period"])
    touch(member)
    after = {"period": row.pk, "end": day.isoformat()}
    record_report(member, ChangeKind.REMOVAL_FIXED, report, before=before, after=after, by=by)
    return row


@transaction.atomic
def cancel_certification(*, by: Any, member_id: int, version: int | None, report: Report) -> DependantPeriod:
    """被扶養者の認定の取り消し: the last period never was; the row stays, without a day. Raises StaleVersion, UnableToChange."""
    member = lock(member_id, version, by=by)
    row = _last(member)
    if row is None:
        raise UnableToChange("取り消す認定の登録がありません。")
    before = {
        "start": row.period.lower.isoformat(),
        "end": row.period.upper.isoformat() if row.period.upper else None,
    }
    cancel_row(row)
    touch(member)
    touch_others({row.insured_id}, but=member.pk)
    record_report(member, ChangeKind.CERTIFICATION_UNDONE, report, before=before, after={"period": row.pk}, by=by)
    return row


@transaction.atomic
def correct_certification_date(*, by: Any, member_id: int, version: int | None, report: Report) -> DependantPeriod:
    """認定日の訂正: the report's day is the right one. Raises StaleVersion, UnableToChange."""
    member = lock(member_id, version, by=by)
    row = _last(member)
    day = report.effective_date
    if row is None:
        raise UnableToChange("この人は被扶養者として認定されていません。")
    if day == row.period.lower:
        raise UnableToChange("いまの認定日と同じです。")
    if row.period.upper is not None and day >= row.period.upper:
        raise UnableToChange(f"削除の日（{format_wareki(row.period.upper)}）より前の日を入れてください。")
    insured = Member.objects.get(pk=row.insured_id)
    _insured_until(insured, day)
    if day < row.period.lower:
        _check_not_covered(same_person(member), day, row.period.lower)
    before = {"start": row.period.lower.isoformat()}
    row.period = span(day, row.period.upper)
    row.save(update_fields=["period"])
    touch(member)
    record_report(member, ChangeKind.CERTIFICATION_FIXED, report, before=before, after={"period": row.pk}, by=by)
    return row


def _last(member: Member) -> DependantPeriod | None:
    return (
        DependantPeriod.objects.select_for_update(of=("self",))
        .filter(member=member)
        .order_by("-period__startswith")
        .first()
    )
