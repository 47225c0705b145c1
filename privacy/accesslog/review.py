"""Reads for the review of the log: the events of some days, filtered, and what each clerk did in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import BooleanField, IntegerField, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from kumiai.accounts.models import User
from kumiai.accounts.queries import staff_by_id
from privacy.accesslog.models import AccessEvent, LogReview, Outcome
from privacy.activities import registry

PAGE = 50
# So many people at once on one page or in one file is worth a look.
MANY = 50
# The association's hours in Tokyo; what lies outside is marked, not forbidden.
OPENS, CLOSES = time(7), time(21)


@dataclass(frozen=True)
class Wanted:
    """What of the log is asked for. Days are inclusive, in Tokyo."""

    first: date
    last: date
    actor: int | None = None
    activity: str = ""
    outcome: str = ""
    member: int | None = None
    only: str = ""

    @property
    def begins(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.first, time.min))

    @property
    def ends(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.last + timedelta(days=1), time.min))


@dataclass(frozen=True)
class Line:
    """One event as the privacy officer reads it: how many people, never who."""

    event: AccessEvent
    staff: str
    section: str
    activity: str
    people: int
    outside_hours: bool

    @property
    def refused(self) -> bool:
        return self.event.outcome == Outcome.REFUSED

    @property
    def many(self) -> bool:
        return self.people >= MANY


def is_outside_hours(at: datetime) -> bool:
    """Whether a moment lies outside the association's hours or on a Saturday or Sunday, in Tokyo."""
    local = timezone.localtime(at)
    return local.weekday() >= 5 or not OPENS <= local.time() < CLOSES


def _events(wanted: Wanted) -> QuerySet[AccessEvent]:
    events = AccessEvent.objects.filter(at__gte=wanted.begins, at__lt=wanted.ends)
    if wanted.actor is not None:
        events = events.filter(actor_id=wanted.actor)
    if wanted.activity:
        events = events.filter(activity=wanted.activity)
    if wanted.outcome:
        events = events.filter(outcome=wanted.outcome)
    if wanted.member is not None:
        events = events.filter(subjects__contains=[wanted.member])
    if wanted.only == "many":
        events = events.annotate(people=RawSQL("cardinality(subjects)", (), IntegerField())).filter(people__gte=MANY)
    if wanted.only == "outside":
        constant = RawSQL(_OUTSIDE, (), BooleanField())  # noqa: S611  (a constant of this file)
        events = events.annotate(outside=constant).filter(outside=True)
    return events


_LOCAL = "(at AT TIME ZONE 'Asia/Tokyo')"
_OUTSIDE = (
    f"(extract(isodow FROM {_LOCAL}) >= 6 OR {_LOCAL}::time < '{OPENS:%H:%M}' OR {_LOCAL}::time >= '{CLOSES:%H:%M}')"
)


def events_page(wanted: Wanted, *, after: tuple[datetime, int] | None = None) -> tuple[list[Line], bool]:
    """The newest events that fit, or those older than `after`; and whether there are more. Two statements."""
    events = _events(wanted)
    if after is not None:
        # (at, id) is the order: everything strictly before the last line shown.
        events = events.filter(at__lte=after[0]).exclude(at=after[0], id__gte=after[1])
    found = list(events.order_by("-at", "-id")[: PAGE + 1])
    return _lines(found[:PAGE]), len(found) > PAGE


def one_event(pk: int) -> Line | None:
    """One event of the log; None when there is none of that number. Two statements."""
    found = _lines(list(AccessEvent.objects.filter(id=pk)[:1]))
    return found[0] if found else None


def _lines(events: list[AccessEvent]) -> list[Line]:
    staff = staff_by_id(event.actor_id for event in events)
    return [_line(event, staff.get(event.actor_id or 0)) for event in events]


def _line(event: AccessEvent, person: User | None) -> Line:
    known = registry().get(event.activity)
    return Line(
        event,
        person.name if person else "夜間処理",
        person.section.name if person and person.section else "",
        known.title if known else event.activity,
        len(event.subjects),
        is_outside_hours(event.at),
    )


@dataclass(frozen=True)
class ClerkSummary:
    """What one clerk did in the days asked for: pages, people shown (each page anew), and what is worth a look."""

    actor_id: int | None
    staff: str
    section: str
    events: int
    people: int
    changed: int
    exported: int
    refused: int
    many: int
    outside: int


def summary(wanted: Wanted) -> list[ClerkSummary]:
    """One line a clerk, most events first. Two statements over the days asked for."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT actor_id, count(*), coalesce(sum(cardinality(subjects)), 0),
                   count(*) FILTER (WHERE outcome = 'changed'), count(*) FILTER (WHERE operation = 'export'),
                   count(*) FILTER (WHERE outcome = 'refused'), count(*) FILTER (WHERE cardinality(subjects) >= %s),
                   count(*) FILTER (WHERE {_OUTSIDE})
            FROM accesslog_event WHERE at >= %s AND at < %s AND (%s::bigint IS NULL OR actor_id = %s::bigint)
            GROUP BY actor_id ORDER BY count(*) DESC, actor_id
            """,  # noqa: S608  (constants only)
            [MANY, wanted.begins, wanted.ends, wanted.actor, wanted.actor],
        )
        rows = cursor.fetchall()
    staff = staff_by_id(row[0] for row in rows)
    return [
        ClerkSummary(
            row[0],
            staff[row[0]].name if row[0] in staff else "夜間処理",
            _section(staff.get(row[0] or 0)),
            *(int(number) for number in row[1:]),
        )
        for row in rows
    ]


def _section(person: User | None) -> str:
    return person.section.name if person and person.section else ""


def months_to_review(*, today: date, count: int = 6) -> list[tuple[date, LogReview | None]]:
    """The last full months, newest first, each with its review if there is one."""
    months = []
    month = today.replace(day=1)
    for _n in range(count):
        month = (month - timedelta(days=1)).replace(day=1)
        months.append(month)
    made = {review.month: review for review in LogReview.objects.filter(month__in=months).select_related(None)}
    return [(month, made.get(month)) for month in months]


def counts_of(wanted: Wanted) -> dict[str, Any]:
    """The totals of the days, as they are kept with a review."""
    lines = summary(wanted)
    fields = ("events", "people", "changed", "exported", "refused", "many", "outside")
    return {name: sum(getattr(line, name) for line in lines) for name in fields} | {"staff": len(lines)}


def last_day_of(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
