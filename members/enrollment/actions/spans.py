"""Writing periods: losing, moving, cancelling, and what that does to those who depend on them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q

from members.enrollment.actions.common import span
from members.enrollment.enums import DependantEndReason
from members.enrollment.models import ConcurrentEmployment, DependantPeriod, EligibilityPeriod, Member
from members.enrollment.rules.bounds import Effect, Span, moved

FOLLOWS = DependantEndReason.INSURED_LEFT


def eligibility_of(member: Member) -> list[EligibilityPeriod]:
    """The member's own periods, the first one first, locked."""
    return list(
        EligibilityPeriod.objects.select_for_update(of=("self",)).filter(member=member).order_by("period__startswith")
    )


def cancel_row(row: Any) -> None:
    """A cancelled period holds no day; what it was stands in the history."""
    row.cancelled = True
    row.period = DateRange(empty=True)
    row.save(update_fields=["cancelled", "period"])


def dependants_of(insured: Member) -> list[DependantPeriod]:
    """Every period of somebody under this insured person, locked."""
    return list(DependantPeriod.objects.select_for_update(of=("self",)).filter(insured=insured).order_by("pk"))


def as_span(row: DependantPeriod) -> Span:
    return Span(row.pk, row.period.lower, row.period.upper, row.end_reason == FOLLOWS)


def concurrent_of(member: Member) -> list[ConcurrentEmployment]:
    return list(ConcurrentEmployment.objects.select_for_update(of=("self",)).filter(member=member).order_by("pk"))


def apply_effect(row: DependantPeriod, effect: Effect) -> None:
    """Write what became of a dependant's period."""
    if effect.cancelled:
        cancel_row(row)
        return
    row.period = span(effect.start, effect.end)
    if effect.follows:
        row.end_reason = FOLLOWS
    elif row.end_reason == FOLLOWS:
        row.end_reason = ""
    row.save(update_fields=["period", "end_reason"])


def covered_elsewhere(row: DependantPeriod, start: date, end: date | None) -> bool:
    """Whether the person of a dependant's period is covered otherwise in these days: under another row of theirs, or here."""
    member = row.member
    ids = same_person(member)
    days = span(start, end)
    if EligibilityPeriod.objects.filter(member_id__in=ids, period__overlap=days).exists():
        return True
    return DependantPeriod.objects.filter(member_id__in=ids, period__overlap=days).exclude(pk=row.pk).exists()


def same_person(member: Member) -> set[int]:
    """Every row of the register that is this person: earlier and later ones, and those merged into it."""
    found = {member.pk}
    edge = {member.pk}
    while edge:
        rows = Member.objects.filter(Q(pk__in=edge) | Q(earlier__in=edge) | Q(merged_into__in=edge))
        ids: set[int] = set()
        for row in rows:
            ids |= {row.pk} | {pk for pk in (row.earlier_id, row.merged_into_id) if pk is not None}
        edge = ids - found
        found |= ids
    return found


def move_bounds(
    insured: Member,
    *,
    old: tuple[date, date | None],
    new: tuple[date, date | None],
) -> tuple[set[int], list[dict[str, Any]]]:
    """The insured person's days `old` became `new`: move those of the family. Returns (people, what stood before)."""
    rows = {row.pk: row for row in dependants_of(insured)}
    effects = moved(map(as_span, rows.values()), old_start=old[0], old_end=old[1], new_start=new[0], new_end=new[1])
    people: set[int] = set()
    before = []
    for effect in effects:
        row = rows[effect.span.key]
        longer = not effect.cancelled and (effect.end or date.max) > (row.period.upper or date.max)
        if longer and covered_elsewhere(row, row.period.upper, effect.end):
            continue  # found another household or work meanwhile: that stands
        before.append(
            {
                "dependant": row.pk,
                "start": row.period.lower.isoformat(),
                "end": row.period.upper.isoformat() if row.period.upper else None,
                "reason": row.end_reason,
            }
        )
        apply_effect(row, effect)
        people.add(row.member_id)
    for job in concurrent_of(insured):
        start, end = max(job.period.lower, new[0]), min(job.period.upper or date.max, new[1] or date.max)
        if job.period.lower < old[0] or (old[1] is not None and job.period.lower >= old[1]):
            continue
        if job.period.upper == old[1]:
            end = new[1] or date.max
        if start >= end:
            cancel_row(job)
        else:
            job.period = span(start, None if end == date.max else end)
            job.save(update_fields=["period"])
    return people, before


def restore_dependants(before: list[dict[str, Any]]) -> set[int]:
    """Bring back dependants' periods that a loss had cancelled altogether, where nothing took their place."""
    people = set()
    for was in before:
        row = DependantPeriod.with_cancelled.filter(pk=was["dependant"], cancelled=True).first()
        if row is None:
            continue
        start = date.fromisoformat(was["start"])
        end = date.fromisoformat(was["end"]) if was["end"] else None
        if covered_elsewhere(row, start, end):
            continue
        row.cancelled, row.period, row.end_reason = False, span(start, end), was["reason"]
        row.save(update_fields=["cancelled", "period", "end_reason"])
        people.add(row.member_id)
    return people
