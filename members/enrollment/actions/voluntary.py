"""任意継続 in the register (健康保険法3条4項, 37条, 38条). Who may apply is decided by the rules of the application."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from kumiai.ui.formats import format_wareki
from members.enrollment.actions.common import Report, lock, record_report, span, touch, touch_others
from members.enrollment.actions.eligibility import lose_period, period_to_lose
from members.enrollment.actions.errors import UnableToChange
from members.enrollment.actions.spans import FOLLOWS, covered_elsewhere, dependants_of, eligibility_of
from members.enrollment.enums import AcquisitionReason, ChangeKind, EligibilityKind, LossReason
from members.enrollment.models import DependantPeriod, EligibilityPeriod
from members.enrollment.rules.qualification import voluntary_term


@transaction.atomic
def enter_voluntary(*, by: Any, member_id: int, version: int | None, report: Report) -> EligibilityPeriod:
    """任意継続 from the day the compulsory qualification was lost (法3条4項), two years at most (法38条1号).

    The report's day is that day. The family that lost its days with the loss goes on from it. Raises StaleVersion,
    UnableToChange.
    """
    member = lock(member_id, version, by=by)
    periods = eligibility_of(member)
    latest = periods[-1] if periods else None
    if latest is None or latest.kind != EligibilityKind.COMPULSORY or not latest.loss_reason:
        raise UnableToChange("強制の資格の喪失が登録されていません。先に資格喪失届を登録してください。")
    lost = latest.period.upper
    if report.effective_date != lost:
        raise UnableToChange(
            f"任意継続は、資格を喪失した日（{format_wareki(lost)}）から始まります。その日を入れてください。"
        )
    period = EligibilityPeriod.objects.create(
        member=member,
        employer=None,
        kind=EligibilityKind.VOLUNTARY,
        period=span(lost, voluntary_term(lost)),
        acquisition_reason=AcquisitionReason.VOLUNTARY,
        received_date=report.received_date,
    )
    people = set()
    for row in dependants_of(member):
        if row.period.upper != lost or row.end_reason != FOLLOWS or covered_elsewhere(row, lost, None):
            continue
        DependantPeriod.objects.create(
            member_id=row.member_id,
            insured=member,
            relation=row.relation,
            period=span(lost, None),
            received_date=report.received_date,
        )
        people.add(row.member_id)
    touch(member)
    touch_others(people, but=member.pk)
    record_report(member, ChangeKind.VOLUNTARY, report, before={}, after={"period": period.pk}, by=by)
    return period


@transaction.atomic
def end_voluntary(*, by: Any, member_id: int, version: int | None, report: Report, reason: str) -> EligibilityPeriod:
    """任意継続の喪失 on the report's day (法38条), which may be to come. Raises StaleVersion, UnableToChange."""
    member = lock(member_id, version, by=by)
    if reason not in LossReason.values:
        raise UnableToChange("喪失の理由を選んでください。")
    period = period_to_lose(member, report.effective_date)
    if period.kind != EligibilityKind.VOLUNTARY:
        raise UnableToChange("この人は任意継続ではありません。資格喪失届から登録してください。")
    return lose_period(
        member, period, report.effective_date, reason=reason, report=report, by=by, kind=ChangeKind.VOLUNTARY_END
    )
