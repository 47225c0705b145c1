"""Reads of 年齢到達: a month with its counts, one event, what to announce."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from members.enrollment.queries import member_rows
from members.lifecycle.enums import AgeKind, AgeState
from members.lifecycle.models import AgeEvent, NightRun
from members.lifecycle.rules.terms import first_of_next_month
from privacy.scope import population

PAGE = 50
MOST_PRINTED = 500


@dataclass(frozen=True)
class EventLine:
    """One line of the list: the event and the person as the clerk may see them."""

    event: AgeEvent
    person: Any


@dataclass
class EventPage:
    lines: list[EventLine] = field(default_factory=list)
    total: int = 0
    page: int = 1
    pages: int = 1


def events_in(month: date, *, kind: int | None = None, state: str = "") -> QuerySet[AgeEvent]:
    """The events that take effect in a month (its first day)."""
    events = AgeEvent.objects.filter(event_date__gte=month, event_date__lt=first_of_next_month(month))
    if kind:
        events = events.filter(kind=kind)
    if state:
        events = events.filter(state=state)
    return events


def month_counts(month: date) -> dict[tuple[int, str], int]:
    """(age, state) → how many in a month. One statement."""
    found = events_in(month).values("kind", "state").annotate(count=Count("pk")).order_by()
    counts = {(row["kind"], row["state"]): row["count"] for row in found}
    population("lifecycle.ages.month", sum(counts.values()))
    return counts


def held_count() -> int:
    """How many wait for a clerk, in whatever month."""
    count = AgeEvent.objects.filter(state=AgeState.HELD).count()
    population("lifecycle.ages.held", count)
    return count


def held_months() -> list[date]:
    """The months in which somebody waits for a clerk."""
    months = AgeEvent.objects.filter(state=AgeState.HELD).dates("event_date", "month")
    found = list(months)
    population("lifecycle.ages.held_months", len(found))
    return found


def _lines(events: list[AgeEvent], *, user_id: int, today: date) -> list[EventLine]:
    people = {row.member_id: row for row in member_rows([e.member for e in events], user_id=user_id, on=today)}
    return [EventLine(event, people[event.member_id]) for event in events]


def event_page(
    month: date, *, kind: int | None, state: str, page: int, total: int, user_id: int, today: date
) -> EventPage:
    """A page of a month by day, age and number. Five statements, however many lines."""
    pages = max(1, -(-total // PAGE))
    page = min(max(page, 1), pages)
    events = _ordered(events_in(month, kind=kind, state=state))
    lines = _lines(list(events[(page - 1) * PAGE : page * PAGE]), user_id=user_id, today=today)
    return EventPage(lines, total, page, pages)


def _ordered(events: QuerySet[AgeEvent]) -> QuerySet[AgeEvent]:
    return events.select_related("member").order_by(
        "event_date", "kind", "member__symbol_order", "member__number_order", "member__branch"
    )


def printed(month: date, *, kind: int | None, state: str, user_id: int, today: date) -> list[EventLine]:
    """A month to print, at most MOST_PRINTED lines."""
    events = _ordered(events_in(month, kind=kind, state=state))
    return _lines(list(events[:MOST_PRINTED]), user_id=user_id, today=today)


def event(event_id: int) -> AgeEvent | None:
    """An event with its member."""
    return AgeEvent.objects.select_related("member").filter(pk=event_id).first()


def events_of_member(member_id: int) -> list[AgeEvent]:
    """Every age event of a member, by day: for the member's timeline."""
    return list(AgeEvent.objects.filter(member_id=member_id).order_by("event_date"))


def last_night() -> NightRun | None:
    """The last night whose work was finished."""
    return NightRun.objects.filter(finished_at__isnull=False).order_by("-day").first()


@dataclass(frozen=True)
class Coming:
    """What the first page says of the ages: waiting for a clerk, taking effect this month and next."""

    held: int
    losing_soon: int
    by_kind: dict[int, int]


def coming(today: date) -> Coming:
    """Counts for the first page: open events until the end of next month, by age. One statement."""
    until = first_of_next_month(first_of_next_month(today))
    open_states = Q(state__in=[AgeState.PLANNED, AgeState.ANNOUNCED], event_date__lt=until)
    found = AgeEvent.objects.aggregate(
        held=Count("pk", filter=Q(state=AgeState.HELD)),
        **{f"age_{kind}": Count("pk", filter=open_states & Q(kind=kind)) for kind in AgeKind.values},
    )
    population("lifecycle.ages.coming", sum(found.values()))
    return Coming(
        found["held"],
        found[f"age_{AgeKind.ELDERLY_CARE.value}"],
        {kind: found[f"age_{kind}"] for kind in AgeKind.values},
    )
