"""Short words for the tests of the register's actions: who, by which document, what stands afterwards."""

from __future__ import annotations

from datetime import date
from typing import Any

from members.enrollment import actions
from members.enrollment.activities import MEMBER_ADMINISTRATION
from members.enrollment.models import DependantPeriod, EligibilityPeriod, Member
from privacy.scope import scope

HANAKO = actions.Person("丸山", "花子", "マルヤマ", "ハナコ", date(1990, 2, 3), "2")
TARO = actions.Person("丸山", "太郎", "マルヤマ", "タロウ", date(1988, 5, 6), "1")
CHILD = actions.Person("丸山", "空", "マルヤマ", "ソラ", date(2020, 7, 8), "1")


def report(day: date, **values: Any) -> actions.Report:
    """A document received on 20 November 2026 that holds from the day."""
    return actions.Report(received_date=date(2026, 11, 20), effective_date=day, **values)


def change(user: Any, action: Any, **values: Any) -> Any:
    """An action in the scope of the clerk's work."""
    with scope(MEMBER_ADMINISTRATION, user, operation="change"):
        return action(by=user, **values)


def days_of(owner: Any, member: Member) -> list[tuple]:
    """(kind, first day, day of loss, reason) of what stands, the first one first."""
    with owner():
        rows = EligibilityPeriod.objects.filter(member=member).order_by("period__startswith")
        return [(r.kind, r.period.lower, r.period.upper, r.loss_reason) for r in rows]


def family_days(owner: Any, member: Member) -> list[tuple]:
    """(first day, day of removal, reason) of a dependant."""
    with owner():
        rows = DependantPeriod.objects.filter(member=member).order_by("period__startswith")
        return [(r.period.lower, r.period.upper, r.end_reason) for r in rows]


def fresh(owner: Any, member: Member) -> Member:
    with owner():
        return Member.objects.get(pk=member.pk)
