"""What an action would do, found by doing it and taking it back before anything is kept.

The list a clerk reads before saving is then never another than what is saved.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from members.enrollment import neighbours, policies
from members.enrollment.models import (
    Address,
    ChangeReport,
    ConcurrentEmployment,
    DependantPeriod,
    EligibilityPeriod,
    Member,
    ProtectedAddress,
)


@dataclass(frozen=True)
class Line:
    """One thing that changes: of whom, what, the days before and after (None: not there)."""

    member_id: int
    branch: str
    name: str
    what: str
    before: tuple[date, date | None] | None
    after: tuple[date, date | None] | None


@dataclass(frozen=True)
class Preview:
    """Everything an action touches. reports: documents that hold from the day on. others: what other apps keep."""

    lines: tuple[Line, ...]
    reports: tuple[ChangeReport, ...]
    others: tuple[neighbours.Touched, ...]
    numbers: tuple[tuple[str, str], ...]


class _TakeBack(Exception):
    """Ends the trial."""


def _household(member_ids: set[int]) -> list[Member]:
    """The people an action on these members can touch: they and whoever depends on them."""
    ids = set(member_ids)
    for pk in member_ids:
        ids |= set(DependantPeriod.with_cancelled.filter(insured_id=pk).values_list("member_id", flat=True))
    return list(Member.objects.filter(pk__in=ids).order_by("symbol_order", "number_order", "branch"))


def _snapshot(people: list[Member]) -> dict[tuple[str, int], tuple[int, str, tuple[date, date | None]]]:
    ids = [person.pk for person in people]
    found: dict[tuple[str, int], tuple[int, str, tuple[date, date | None]]] = {}

    def keep(key: str, rows: Any, words: Callable[[Any], str]) -> None:
        for row in rows:
            found[key, row.pk] = (row.member_id, words(row), (row.period.lower, row.period.upper))

    keep(
        "eligibility",
        EligibilityPeriod.objects.select_related("employer").filter(member_id__in=ids),
        lambda row: f"資格（{row.employer.name if row.employer else row.get_kind_display()}）",
    )
    keep(
        "dependant",
        DependantPeriod.objects.filter(member_id__in=ids),
        lambda row: f"被扶養者（{row.get_relation_display()}）",
    )
    keep("concurrent", ConcurrentEmployment.objects.filter(member_id__in=ids), lambda _row: "二以上勤務")
    for model in (Address, ProtectedAddress):
        keep(model.__name__, model.objects.filter(member_id__in=ids, cancelled=False), lambda _row: "住所")
    return found


def preview(action: Callable[..., Any], *, by: Any, members: set[int], since: date, **values: Any) -> Preview:
    """What `action(by=by, **values)` would change of these members and their families, in words, with nothing changed.

    Of protected people for whom the clerk is not named there is no name. Raises what the action raises.
    """
    people = _household(members)
    before = _snapshot(people)
    after: dict[tuple[str, int], tuple[int, str, tuple[date, date | None]]] = {}
    numbers: list[tuple[str, str]] = []
    try:
        with transaction.atomic():
            action(by=by, **values)
            now = _household(members)
            after = _snapshot(now)
            old = {person.pk: person.card_number for person in people}
            numbers = [
                (old[person.pk], person.card_number)
                for person in now
                if person.pk in old and old[person.pk] != person.card_number
            ]
            people = [*people, *(person for person in now if person.pk not in old)]
            raise _TakeBack
    except _TakeBack:
        pass
    named = policies.named_members(by.pk, [person.pk for person in people if person.protected])
    shown = {p.pk: (p.branch, p.name if not p.protected or p.pk in named else "保護対象の加入者") for p in people}
    lines = []
    for key in dict.fromkeys([*before, *after]):
        was, becomes = before.get(key), after.get(key)
        if was == becomes:
            continue
        member_id, what, _days = becomes or was  # type: ignore[misc]
        branch, name = shown[member_id]
        lines.append(Line(member_id, branch, name, what, was[2] if was else None, becomes[2] if becomes else None))
    lines.sort(key=lambda line: (line.branch, line.what, line.before or line.after))
    ids = {person.pk for person in people}
    return Preview(
        tuple(lines), tuple(reports_since(ids, since)), tuple(neighbours.touched(ids, since)), tuple(numbers)
    )


def reports_since(member_ids: set[int], since: date) -> list[ChangeReport]:
    """Documents about these members that hold from the day or later and were not taken back, the first one first."""
    found = ChangeReport.objects.filter(
        member_id__in=member_ids, effective_date__gte=since, cancelled_at__isnull=True
    ).select_related("member")
    return list(found.order_by("effective_date", "pk"))
