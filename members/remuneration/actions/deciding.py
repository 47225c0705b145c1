"""決定・改定, 訂正 and 取消: periods that follow each other without a gap of this clerk's making."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from members.enrollment.queries import coverage
from members.remuneration import policies
from members.remuneration.enums import Decision
from members.remuneration.models import StandardRemuneration
from members.remuneration.policies import UnableToSet


@dataclass(frozen=True)
class Set:
    """What is set: from a day on, for a monthly remuneration in yen; grade: as written on the paper, if it was."""

    member_id: int
    first: date
    remuneration: int
    decision: str
    grade: int | None = None


def _standing(member_id: int) -> list[StandardRemuneration]:
    rows = StandardRemuneration.objects.select_for_update().filter(member_id=member_id, cancelled=False)
    return list(rows.order_by("period"))


def _check_insured(given: Set) -> tuple[date, date | None]:
    """The insured time in which the day lies. UnableToSet outside of it."""
    times = coverage.insured_times([given.member_id])[given.member_id]
    found = next((t for t in times if t.start <= given.first and (t.end is None or given.first < t.end)), None)
    if found is None:
        raise UnableToSet(f"{given.first.isoformat()} は、被保険者の資格のない日です。日付を確かめてください。")
    if given.decision == Decision.ACQUISITION and not any(t.start == given.first for t in times):
        raise UnableToSet("資格取得時決定は、資格を取得した日からです（法42条）。資格取得日を入れてください。")
    return found.start, found.end


@transaction.atomic
def set_standard(*, by: Any, given: Set, today: date) -> StandardRemuneration:
    """決定・改定: the period before ends on the day the new one begins; a later one stays. The same again gives what stands.

    Raises UnableToSet for a day without insurance, for a remuneration without a grade and when another decision already
    begins on that day.
    """
    if given.remuneration < 0:
        raise UnableToSet("報酬月額は0円以上です。")
    policies.check_first(given.first, given.decision, today)
    _start, lost_on = _check_insured(given)
    grade = policies.grade_of(given.remuneration, given.grade, given.decision, given.first)
    rows = _standing(given.member_id)
    same = next((row for row in rows if row.period.lower == given.first), None)
    if same is not None:
        if (same.standard, same.decision, same.remuneration) == (
            grade.standard_monthly,
            given.decision,
            given.remuneration,
        ):
            return same
        raise UnableToSet("この日からの標準報酬月額は、すでに決定されています。違うときは「訂正」で直してください。")
    later = next((row for row in rows if row.period.lower > given.first), None)
    end = min((day for day in (later.period.lower if later else None, lost_on) if day is not None), default=None)
    before = next(
        (r for r in rows if r.period.lower < given.first and (r.period.upper is None or given.first < r.period.upper)),
        None,
    )
    if before is not None:
        before.period = (before.period.lower, given.first)
        before.version += 1
        before.save(update_fields=["period", "version"])
    return StandardRemuneration.objects.create(
        member_id=given.member_id, period=(given.first, end), grade=grade.grade, standard=grade.standard_monthly,
        remuneration=given.remuneration, decision=given.decision,
    )  # fmt: skip


def _locked(row_id: int, version: int | None) -> StandardRemuneration:
    row = StandardRemuneration.objects.select_for_update(of=("self",)).filter(pk=row_id, cancelled=False).first()
    if row is None:
        raise UnableToSet("この標準報酬月額は、取り消されているか、ありません。")
    policies.check_version(row, version)
    return row


@transaction.atomic
def correct_standard(
    *, by: Any, row_id: int, version: int | None, remuneration: int, decision: str, today: date
) -> StandardRemuneration:
    """訂正: the remuneration and the kind were wrong from the beginning; the days stay. History keeps what it was."""
    row = _locked(row_id, version)
    policies.check_first(row.period.lower, decision, today)
    grade = policies.grade_of(remuneration, None, decision, row.period.lower)
    row.grade, row.standard, row.remuneration = grade.grade, grade.standard_monthly, remuneration
    row.decision = decision
    row.version += 1
    row.save()
    return row


@transaction.atomic
def cancel_standard(*, by: Any, row_id: int, version: int | None) -> StandardRemuneration:
    """取消: the decision was not made; what held before goes on over its days."""
    row = _locked(row_id, version)
    before = StandardRemuneration.objects.select_for_update().filter(
        member_id=row.member_id, cancelled=False, period__endswith=row.period.lower
    ).first()  # fmt: skip
    row.cancelled = True
    row.version += 1
    row.save(update_fields=["cancelled", "version"])
    if before is not None and row.decision != Decision.ACQUISITION:
        before.period = (before.period.lower, row.period.upper)
        before.version += 1
        before.save(update_fields=["period", "version"])
    return row
