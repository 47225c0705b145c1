"""事業所の合併・分割: the people of one employer, or some of them, go on with another from a day (法36条かっこ書き, 則31条)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from members.enrollment import policies, queries_people
from members.enrollment.actions.common import Report
from members.enrollment.actions.eligibility import employer_on, transfer
from members.enrollment.actions.errors import UnableToChange
from members.enrollment.enums import EligibilityKind
from members.enrollment.models import DependantPeriod, EligibilityPeriod, MoveList
from members.enrollment.rules.numbers import parse_card_number
from privacy.scope import population, shown

CHUNK = 50
KEEP, NEW = "keep", "new"
ERRORS = {
    "protected": "保護対象の加入者です。指名された担当者が、加入者のページから事業所の変更を登録してください。",
    "unable": "その日に続いている資格がないか、もう変わっています。加入者のページで確かめてください。",
}


@dataclass(frozen=True)
class MovePlan:
    """Who would move, counted before anything moves. left: typed numbers that are nobody of the employer on the day."""

    list_id: UUID
    insured: int
    dependants: int
    protected: int
    left: tuple[str, ...]


def _ids_of(employer_id: int, day: date) -> set[int]:
    """Insured people who work for the employer on the day, and did before it."""
    found = EligibilityPeriod.objects.filter(
        employer_id=employer_id, kind=EligibilityKind.COMPULSORY, period__contains=day
    ).exclude(period__startswith=day)
    return set(found.values_list("member_id", flat=True))


def _typed(lines: Iterable[str], allowed: set[int]) -> tuple[set[int], tuple[str, ...]]:
    chosen: set[int] = set()
    left: list[str] = []
    for line in filter(None, (line.strip() for line in lines)):
        number = parse_card_number(line)
        member = queries_people.find_by_number(number.symbol, number.number, "00") if number else None
        if member is None or member.pk not in allowed:
            left.append(line)
        else:
            chosen.add(member.pk)
    return chosen, tuple(left)


@transaction.atomic
def plan_move(*, by: Any, from_id: int, to_id: int, day: date, numbers: Iterable[str] | None = None) -> MovePlan:
    """Freeze whom a merger (numbers None: everybody) or a split (these numbers) moves, and count them.

    Raises UnableToChange when the employers are the same, not ours on the day, or nobody is left.
    """
    if from_id == to_id:
        raise UnableToChange("別の事業所を選んでください。")
    employer_on(to_id, day)
    MoveList.objects.filter(created_at__lt=timezone.now() - MoveList.KEPT_FOR).delete()
    allowed = _ids_of(from_id, day)
    chosen, left = (allowed, ()) if numbers is None else _typed(numbers, allowed)
    if not chosen:
        raise UnableToChange("その日に移る人がいません。事業所と日、番号を確かめてください。")
    list_id = uuid4()
    MoveList.objects.bulk_create(
        [MoveList(list_id=list_id, owner_id=by.pk, member_id=pk) for pk in sorted(chosen)], batch_size=1000
    )
    shown(chosen)
    family = DependantPeriod.objects.filter(insured_id__in=chosen, period__contains=day)
    dependants = family.values("member_id").distinct().count()
    population("employers.move", len(chosen) + dependants)
    guarded = list(MoveList.objects.filter(list_id=list_id, member__protected=True).values_list("member_id", flat=True))
    named = policies.named_members(by.pk, guarded)
    return MovePlan(list_id, len(chosen), dependants, len(set(guarded) - named), left)


def count_move(list_id: str) -> int:
    """How many people a frozen list holds."""
    count = MoveList.objects.filter(list_id=list_id).count()
    population("employers.move", count)
    return count


def move_chunk(
    *,
    by: Any,
    list_id: str,
    after: int,
    counted: int,
    to_id: int,
    day: date,
    received: date,
    numbering: str,
) -> tuple[int | None, int, tuple[tuple[int, str], ...]]:
    """The next people of a frozen list: (last row, people handled, (place in the list, error) of those who could not move).

    after: the last row handled; counted: how many rows were before it.

    Each moves on its own: one who cannot leaves the others alone. Somebody moved already (a chunk begun again) is told as
    unable only when the new employer is not theirs.
    """
    rows = list(MoveList.objects.filter(list_id=list_id, owner_id=by.pk, pk__gt=after).order_by("pk")[:CHUNK])
    failures = []
    for place, row in enumerate(rows, start=counted + 1):
        report = Report(received_date=received, effective_date=day, note="事業所の合併・分割")
        try:
            with transaction.atomic():
                if not _moved(row.member_id, to_id, day):
                    transfer(
                        by=by,
                        member_id=row.member_id,
                        version=None,
                        employer_id=to_id,
                        report=report,
                        number="" if numbering == NEW else None,
                    )
        except PermissionDenied:
            failures.append((place, "protected"))
        except UnableToChange:
            failures.append((place, "unable"))
    return (rows[-1].pk if rows else None), len(rows), tuple(failures)


def members_left(*, list_id: UUID, by: Any, to_id: int, day: date) -> list[int]:
    """Of a clerk's own frozen list, the members who are not with the new employer on the day, in the order of the list."""
    rows = MoveList.objects.filter(list_id=list_id, owner_id=by.pk).order_by("pk")
    wanted = [row.member_id for row in rows]
    moved = EligibilityPeriod.objects.filter(employer_id=to_id, period__contains=day, member_id__in=wanted)
    there = {row.member_id for row in moved}
    return [pk for pk in wanted if pk not in there]


def _moved(member_id: int, to_id: int, day: date) -> bool:
    return EligibilityPeriod.objects.filter(member_id=member_id, employer_id=to_id, period__contains=day).exists()
