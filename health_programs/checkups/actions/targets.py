"""Who is due: counted for a whole year, kept up when the register changes, with exclusions by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from health_programs.checkups.models import CheckupKind, Target, TargetExclusion, YearPlan
from health_programs.checkups.policies import UnableToMove
from health_programs.checkups.rules import ages
from health_programs.checkups.rules.eligibility import KindRule, Person, due
from kumiai.jobs.actions import start_job
from members.enrollment.queries import coverage
from privacy.seen import shown

COUNT = "checkups.count_targets"
CHUNK = 1_000
OLDEST = 130
FIELDS = ("age", "insured", "all_year", "since", "until", "employer_id", "gone")


def rule_of(kind: CheckupKind) -> KindRule:
    """The rule that a kind of examination stands for."""
    return KindRule(kind.age_from, kind.age_to, kind.sex, kind.relation, kind.ends_at_75)


def born_within(kinds: Sequence[CheckupKind], year: int) -> tuple[date, date]:
    """The first and last birth date that any of the kinds can concern in a fiscal year."""
    youngest = min((kind.age_from for kind in kinds), default=0)
    oldest = max((kind.age_to + 1 for kind in kinds), default=OLDEST)
    return date(year - oldest, 4, 1), date(year + 1 - youngest, 4, 1)


@transaction.atomic
def open_year(*, by: Any, fiscal_year: int) -> YearPlan:
    """年度を始める: the plan of a fiscal year; a year begun already is given back."""
    made, _new = YearPlan.objects.get_or_create(
        fiscal_year=fiscal_year, defaults={"voucher_until": ages.last_day(fiscal_year)}
    )
    return made


@transaction.atomic
def start_count(*, by: Any, plan: YearPlan) -> YearPlan:
    """対象者を確かめる: a job looks through the register. While one runs no second begins."""
    from health_programs.checkups.activities import CHECKUP_ADMINISTRATION

    plan = YearPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    if plan.job is not None and plan.job.is_open:
        raise UnableToMove("対象者を確かめている途中です。終わるまでお待ちください。")
    plan.job = start_job(
        kind=COUNT, parameters={"year": plan.fiscal_year}, activity_code=CHECKUP_ADMINISTRATION.code, by=by
    )
    plan.save(update_fields=["job"])
    return plan


@transaction.atomic
def count_some(*, fiscal_year: int, after: int, limit: int = CHUNK) -> tuple[int | None, int, dict[str, int]]:
    """The next people of the register: new targets, changed ones, those no longer due.

    Returns (the last id looked at or None at the end, how many were looked at, code → rows). Only what differs is
    written, so counting again changes nothing.
    """
    kinds = list(CheckupKind.objects.filter(active=True))
    first, last = ages.first_day(fiscal_year), ages.last_day(fiscal_year) + timedelta(days=1)
    born_from, born_to = born_within(kinds, fiscal_year)
    people, reached = coverage.coverings(
        after=after, limit=limit, born_from=born_from, born_to=born_to, since=first, until=last
    )
    if reached is None:
        return None, 0, {}
    standing = {
        (row.member_id, row.kind_id): row
        for row in Target.objects.filter(fiscal_year=fiscal_year, member_id__gt=after, member_id__lte=reached)
    }
    new: list[Target] = []
    changed: list[Target] = []
    wanted: set[tuple[int, int]] = set()
    for one in people:
        person = Person(one.birth_date, one.sex, one.insured, one.covered)
        for kind in kinds:
            found = due(person, rule_of(kind), fiscal_year)
            if found is None:
                continue
            wanted.add((one.member_id, kind.pk))
            values = {
                "age": found.age, "insured": one.insured, "all_year": found.all_year, "since": found.since,
                "until": found.until, "employer_id": one.employer_id, "gone": False,
            }  # fmt: skip
            row = standing.get((one.member_id, kind.pk))
            if row is None:
                new.append(Target(member_id=one.member_id, fiscal_year=fiscal_year, kind=kind, **values))
            elif any(getattr(row, name) != value for name, value in values.items()):
                for name, value in values.items():
                    setattr(row, name, value)
                changed.append(row)
    gone = [row for place, row in standing.items() if place not in wanted and not row.gone]
    for row in gone:
        row.gone = True
    Target.objects.bulk_create(new)
    Target.objects.bulk_update([*changed, *gone], FIELDS)
    return reached, len(people), {"new": len(new), "changed": len(changed), "gone": len(gone)}


@transaction.atomic
def finish_count(*, fiscal_year: int, counts: dict[str, int]) -> None:
    """Write down when the year was last looked through, and the totals."""
    YearPlan.objects.filter(fiscal_year=fiscal_year).update(counted_at=timezone.now(), counts=counts)


@transaction.atomic
def exclude(*, by: Any, member_id: int, fiscal_year: int, reason: str, note: str) -> TargetExclusion:
    """対象から除く (告示3号). Raises UnableToMove where it stands already, or for a year without a plan."""
    if not YearPlan.objects.filter(fiscal_year=fiscal_year).exists():
        raise UnableToMove("この年度の計画がありません。先に対象者を確かめてください。")
    try:
        with transaction.atomic():
            return TargetExclusion.objects.create(
                member_id=member_id, fiscal_year=fiscal_year, reason=reason, note=note, entered_by_id=by.pk
            )
    except IntegrityError:
        raise UnableToMove("この年度の除外は登録済みです。") from None


@transaction.atomic
def end_exclusion(*, by: Any, exclusion_id: int, member_id: int) -> None:
    """除外を取り消す."""
    shown([member_id])
    TargetExclusion.objects.filter(pk=exclusion_id, member_id=member_id, ended=False).update(ended=True)
