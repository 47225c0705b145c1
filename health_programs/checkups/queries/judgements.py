"""Reads of 階層化, 要医療 and 対象者リスト."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count

from health_programs.checkups.enums import FollowState
from health_programs.checkups.models import (
    CheckupResult,
    FollowUp,
    Referral,
    Stratification,
)
from health_programs.checkups.queries.paging import without_hidden
from privacy.seen import population


def years_with_results() -> list[int]:
    """Fiscal years that have results, the latest first."""
    years = list(CheckupResult.objects.order_by("-fiscal_year").values_list("fiscal_year", flat=True).distinct())
    population("健診の年度", len(years))
    return years


def level_counts(year: int, user_id: int) -> dict[str, int]:
    """Level → people of a year. One statement."""
    judged = without_hidden(Stratification.objects.filter(fiscal_year=year, current=True), user_id)
    rows = judged.values_list("level").annotate(n=Count("pk"))
    found = dict(rows)
    population("階層化の人数", sum(found.values()))
    return found


def levels(year: int, level: str, user_id: int) -> Any:
    return (
        without_hidden(Stratification.objects.select_related("result"), user_id)
        .filter(fiscal_year=year, current=True, level=level)
        .order_by("-result__exam_date", "pk")
    )


def judgements_of(member_id: int) -> list[Stratification]:
    """Every judgement of one person, the latest first: those in force and the earlier ones."""
    return list(Stratification.objects.filter(member_id=member_id).order_by("-fiscal_year", "-judged_at", "-pk"))


def follow_counts(year: int, user_id: int) -> dict[str, int]:
    """State of follow-up → people of a year."""
    cases = without_hidden(Referral.objects.filter(fiscal_year=year), user_id)
    rows = cases.values_list("state").annotate(n=Count("pk"))
    found = dict(rows)
    population("要医療の人数", sum(found.values()))
    return found


def referrals(year: int, state: str, user_id: int) -> Any:
    """Cases of a year in a state, the urgent first, then those to be looked at soonest."""
    return (
        without_hidden(Referral.objects.select_related("result"), user_id)
        .filter(fiscal_year=year, state=state)
        .order_by("rank", "due_date", "pk")
    )


def due(year: int, today: date, user_id: int) -> Any:
    """Cases whose day to look again has come, the urgent first, then the longest waiting."""
    return (
        without_hidden(Referral.objects.select_related("result"), user_id)
        .filter(fiscal_year=year, due_date__lte=today, state__in=[FollowState.OPEN, FollowState.RECOMMENDED])
        .order_by("rank", "due_date", "pk")
    )


def overdue(year: int, today: date, user_id: int) -> int:
    found = due(year, today, user_id).count()
    population("期日を過ぎた要医療", found)
    return int(found)


def referrals_of(member_id: int) -> list[Referral]:
    return list(Referral.objects.select_related("result").filter(member_id=member_id).order_by("-fiscal_year", "-pk"))


def follow_ups_of(member_id: int) -> dict[int, list[FollowUp]]:
    """Case → what was written, the latest first."""
    found: dict[int, list[FollowUp]] = {}
    for one in FollowUp.objects.filter(member_id=member_id).order_by("-date", "-pk"):
        found.setdefault(one.referral_id, []).append(one)
    return found
