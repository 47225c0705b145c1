"""二以上勤務: working for two employers at once (則1条の3, 2条, 37条), and which one is the chosen one."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from kumiai.ui.formats import format_wareki
from members.enrollment.actions.common import Report, lock, record_report, span, touch
from members.enrollment.actions.eligibility import employer_on
from members.enrollment.actions.errors import UnableToChange
from members.enrollment.actions.spans import concurrent_of, eligibility_of
from members.enrollment.enums import AcquisitionReason, ChangeKind, EligibilityKind, LossReason
from members.enrollment.models import ConcurrentEmployment, EligibilityPeriod, Member


def _held(member: Member, report: Report) -> EligibilityPeriod:
    for row in eligibility_of(member):
        if row.kind == EligibilityKind.COMPULSORY and report.effective_date in row.period:
            return row
    raise UnableToChange("その日に、事業所に使用されている被保険者の資格がありません。")


@transaction.atomic
def add_concurrent(
    *,
    by: Any,
    member_id: int,
    version: int | None,
    report: Report,
    employer_id: int | None = None,
    outside_name: str = "",
    outside_insurer: str = "",
) -> ConcurrentEmployment:
    """二以上事業所勤務届: from the day also employed elsewhere, with us or outside. The employer of the 資格 is the chosen one.

    Raises StaleVersion, UnableToChange.
    """
    member = lock(member_id, version, by=by)
    day = report.effective_date
    held = _held(member, report)
    if (employer_id is None) == (outside_name == ""):
        raise UnableToChange("当組合の事業所か、ほかの事業所の名称の、どちらか一つを入れてください。")
    employer = employer_on(employer_id, day) if employer_id is not None else None
    if employer is not None and employer.pk == held.employer_id:
        raise UnableToChange("主たる事業所と同じです。もう一方の事業所を選んでください。")
    for row in concurrent_of(member):
        same = row.employer_id == employer_id and row.outside_name == outside_name
        if same and (row.period.upper is None or row.period.upper > day):
            raise UnableToChange(f"この事業所は、{format_wareki(row.period.lower)}から登録されています。")
    made = ConcurrentEmployment.objects.create(
        member=member,
        employer=employer,
        outside_name=outside_name,
        outside_insurer=outside_insurer,
        period=span(day, held.period.upper),
        received_date=report.received_date,
    )
    touch(member)
    record_report(member, ChangeKind.CONCURRENT, report, before={}, after={"concurrent": made.pk}, by=by)
    return made


def _concurrent(member: Member, concurrent_id: int, report: Report) -> ConcurrentEmployment:
    row = next((row for row in concurrent_of(member) if row.pk == concurrent_id), None)
    if row is None or report.effective_date not in row.period:
        raise UnableToChange("その日に続いている二以上勤務がありません。")
    return row


@transaction.atomic
def end_concurrent(
    *, by: Any, member_id: int, version: int | None, concurrent_id: int, report: Report
) -> ConcurrentEmployment:
    """二以上勤務の終わり: from the day on only the chosen employer. Raises StaleVersion, UnableToChange."""
    member = lock(member_id, version, by=by)
    row = _concurrent(member, concurrent_id, report)
    if report.effective_date <= row.period.lower:
        raise UnableToChange(
            f"二以上勤務は{format_wareki(row.period.lower)}からです。その翌日以後の日を入れてください。"
        )
    before = {"end": row.period.upper.isoformat() if row.period.upper else None}
    row.period = span(row.period.lower, report.effective_date)
    row.save(update_fields=["period"])
    touch(member)
    record_report(member, ChangeKind.CONCURRENT_END, report, before=before, after={"concurrent": row.pk}, by=by)
    return row


@transaction.atomic
def choose_main_employer(
    *, by: Any, member_id: int, version: int | None, concurrent_id: int, report: Report
) -> EligibilityPeriod:
    """主たる事業所の選択: from the day the other employer is the chosen one and this one the other. Both must be ours.

    The person stays insured: the 資格 changes its employer on one day and the family runs on. Raises StaleVersion,
    UnableToChange.
    """
    member = lock(member_id, version, by=by)
    day = report.effective_date
    held = _held(member, report)
    row = _concurrent(member, concurrent_id, report)
    if row.employer_id is None:
        raise UnableToChange(
            "当組合でない事業所を主たる事業所にすると、当組合の資格はなくなります。資格喪失届から登録してください。"
        )
    if day <= held.period.lower or day <= row.period.lower:
        raise UnableToChange("両方の事業所に勤め始めた日の翌日以後の日を入れてください。")
    end, reason, other_end = held.period.upper, held.loss_reason, row.period.upper
    held.period, held.loss_reason = span(held.period.lower, day), LossReason.TRANSFER
    held.save(update_fields=["period", "loss_reason"])
    opened = EligibilityPeriod.objects.create(
        member=member,
        employer_id=row.employer_id,
        kind=EligibilityKind.COMPULSORY,
        period=span(day, end),
        acquisition_reason=AcquisitionReason.TRANSFER,
        loss_reason=reason,
        received_date=report.received_date,
    )
    row.period = span(row.period.lower, day)
    row.save(update_fields=["period"])
    ConcurrentEmployment.objects.create(
        member=member, employer_id=held.employer_id, period=span(day, other_end), received_date=report.received_date
    )
    touch(member)
    before = {"closed": held.pk, "employer": held.employer_id}
    after = {"period": opened.pk, "employer": opened.employer_id}
    record_report(member, ChangeKind.MAIN_EMPLOYER, report, before=before, after=after, by=by)
    return opened
