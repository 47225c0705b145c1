"""Reading the access log. Only activities that declare `access_log=True` may."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, QuerySet

from kumiai.accounts.queries import staff_by_id
from privacy.accesslog.models import AccessEvent, Outcome
from privacy.activities import registry


@dataclass(frozen=True)
class Sighting:
    """One line of the access log as staff read it."""

    at: datetime.datetime
    staff: str
    section: str
    activity: str
    way: str
    outcome: Outcome
    operation: str
    reason: str
    reference: str

    @property
    def refused(self) -> bool:
        return self.outcome == Outcome.REFUSED


def _read(events: list[AccessEvent]) -> list[Sighting]:
    staff = staff_by_id(e.actor_id for e in events)
    lines = []
    for event in events:
        user = staff.get(event.actor_id or 0)
        known = registry().get(event.activity)
        lines.append(
            Sighting(
                at=event.at,
                staff=user.name if user else "夜間処理",
                section=user.section.name if user and user.section else "",
                activity=known.title if known else event.activity,
                way=event.way,
                outcome=Outcome(event.outcome),
                operation=event.operation,
                reason=event.reason,
                reference=event.reference,
            )
        )
    return lines


def seen_by(
    member_id: int, *, pages: str = "", since: datetime.datetime | None = None, limit: int = 50, offset: int = 0
) -> list[Sighting]:
    """Who saw this person, newest first. Two statements.

    pages: the beginning of the URL names whose object is the person ("enrollment:member-"), so that an attempt that
    was refused on one of them is in the list too, though nobody was shown.
    """
    events = _events_of(member_id, pages, since).order_by("-at", "-id")
    return _read(list(events[offset : offset + limit]))


def seen_by_count(member_id: int, *, pages: str = "", since: datetime.datetime | None = None) -> tuple[int, int]:
    """(staff, events) that touched this person since a time."""
    rows = _events_of(member_id, pages, since).values_list("actor_id", flat=True)
    actors = list(rows)
    return len(set(actors)), len(actors)


def _events_of(member_id: int, pages: str, since: datetime.datetime | None) -> QuerySet[AccessEvent]:
    found = Q(subjects__contains=[member_id])
    if pages:
        found |= Q(outcome=Outcome.REFUSED, object_id=str(member_id), view__startswith=pages)
    events = AccessEvent.objects.filter(found)
    if since is not None:
        events = events.filter(at__gte=since)
    return events


def recent_subjects(actor_id: int, *, views: list[str], limit: int = 5) -> list[tuple[int, datetime.datetime]]:
    """The people an actor opened last on the named views: (member id, when), newest first, each once.

    The object of the page is what was opened; family shown beside it is not counted as opened.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT object_id::bigint, max(at) FROM (
                SELECT object_id, at FROM accesslog_event
                WHERE actor_id = %s AND view = ANY(%s) AND object_id <> '' AND outcome <> 'refused'
                ORDER BY at DESC LIMIT 200
            ) AS recent GROUP BY object_id ORDER BY max(at) DESC LIMIT %s
            """,
            [actor_id, views, limit],
        )
        return cursor.fetchall()


def keys_exercised_since(at: datetime.datetime) -> set[str]:
    """The published uses ("category.purpose") under which anything was shown or changed since a time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT unnest(uses) FROM accesslog_event WHERE at >= %s AND outcome <> 'refused'", [at]
        )
        return {key for (key,) in cursor.fetchall()}


def last_exercised(actors: Iterable[int], *, since: datetime.datetime) -> dict[str, datetime.datetime]:
    """Published use → when any of these people last exercised it, since a time."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT key, max(at) FROM accesslog_event CROSS JOIN LATERAL unnest(uses) AS key
            WHERE actor_id = ANY(%s) AND at >= %s AND outcome <> 'refused' GROUP BY key
            """,
            [list(actors), since],
        )
        return dict(cursor.fetchall())
