"""年齢到達 by night: plan, announce, follow the register, process what needs nobody's judgement.

Set-based: each function does at most CHUNK rows in one statement and says how many, so that the night opens a scope a
chunk and stops when a chunk is empty. Whatever was done stays done; running again finds nothing left. The law is in
rules/ages.py alone: the statements receive birth dates and days as arrays. Raw SQL, because a month of a million members is
one statement, and because the register's periods are another app's tables.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import connection

from members.lifecycle.rules import ages
from privacy.scope import population, shown

CHUNK = 1000
CAUGHT_UP = timedelta(days=92)
"""How far back a missed night, or a member registered late, is still caught up."""

# What follows from each birth date: the arrays of rules/ages.py as a table.
_DATES = """unnest(%(kinds)s::smallint[], %(births)s::date[], %(reached)s::date[], %(events)s::date[])
            AS d (kind, birth, reached, event)"""


def _covered(day: str, member: str) -> str:
    """SQL: the member is insured or a dependant on the day. Scalar probes, which an index answers member by member; two
    EXISTS within an OR would be hashed over both whole tables."""
    return f"""coalesce(
        (SELECT p.id FROM enrollment_eligibilityperiod p WHERE p.member_id = {member} AND p.period @> {day} LIMIT 1),
        (SELECT p.id FROM enrollment_dependantperiod p WHERE p.member_id = {member} AND p.period @> {day} LIMIT 1)
    ) IS NOT NULL"""


# Who turns 75 must have been covered the day before: on the day itself a loss entered ahead has ended the period.
_EVENT_DAY = "CASE WHEN e.kind = 75 THEN e.reached_date ELSE e.event_date END"

_PLAN = f"""
INSERT INTO lifecycle_ageevent (member_id, kind, reached_date, event_date, state, reason, planned_at)
SELECT m.id, d.kind, d.reached, d.event, 'planned', '', now()
FROM {_DATES}
JOIN enrollment_member m ON m.birth_date = d.birth
WHERE NOT EXISTS (SELECT 1 FROM lifecycle_ageevent e WHERE e.member_id = m.id AND e.kind = d.kind)
  AND {_covered("CASE WHEN d.kind = 75 THEN d.reached ELSE d.event END", "m.id")}
LIMIT %(chunk)s
ON CONFLICT (member_id, kind) DO NOTHING
RETURNING member_id
"""

# A birth date was corrected: the event moves with it and is announced anew.
_MOVE = f"""
UPDATE lifecycle_ageevent e
SET reached_date = found.reached, event_date = found.event, state = 'planned', reason = '', announced_at = NULL
FROM (
    SELECT e.id, d.reached, d.event
    FROM {_DATES}
    JOIN enrollment_member m ON m.birth_date = d.birth
    JOIN lifecycle_ageevent e ON e.member_id = m.id AND e.kind = d.kind AND e.event_date <> d.event
    WHERE e.state IN ('planned', 'announced', 'held') OR (e.state = 'cancelled' AND e.reason <> 'by_hand')
    LIMIT %(chunk)s
    FOR UPDATE OF e SKIP LOCKED
) found
WHERE e.id = found.id
RETURNING e.member_id
"""

_NO_LONGER_BORN = f"""
UPDATE lifecycle_ageevent e SET state = 'cancelled', reason = 'birth_corrected'
WHERE e.id IN (
    SELECT e.id FROM lifecycle_ageevent e JOIN enrollment_member m ON m.id = e.member_id
    LEFT JOIN {_DATES} ON d.kind = e.kind AND d.birth = m.birth_date
    WHERE e.state IN ('planned', 'announced', 'held') AND e.event_date BETWEEN %(first)s AND %(last)s AND d.birth IS NULL
    LIMIT %(chunk)s
    FOR UPDATE OF e SKIP LOCKED
)
RETURNING e.member_id
"""

_NO_LONGER_COVERED = f"""
UPDATE lifecycle_ageevent e SET state = 'cancelled', reason = 'not_covered'
WHERE e.id IN (
    SELECT e.id FROM lifecycle_ageevent e
    WHERE e.state IN ('planned', 'announced', 'held') AND NOT ({_covered(_EVENT_DAY, "e.member_id")})
    LIMIT %(chunk)s
    FOR UPDATE OF e SKIP LOCKED
)
RETURNING e.member_id
"""

# A loss was cancelled: the event stands again.
_COVERED_AGAIN = f"""
UPDATE lifecycle_ageevent e SET state = 'planned', reason = '', announced_at = NULL
WHERE e.id IN (
    SELECT e.id FROM lifecycle_ageevent e
    WHERE e.state = 'cancelled' AND e.reason = 'not_covered' AND e.event_date BETWEEN %(first)s AND %(last)s
      AND {_covered(_EVENT_DAY, "e.member_id")}
    LIMIT %(chunk)s
    FOR UPDATE OF e SKIP LOCKED
)
RETURNING e.member_id
"""

_ANNOUNCE = """
UPDATE lifecycle_ageevent e SET state = 'announced', announced_at = now()
WHERE e.id IN (
    SELECT e.id FROM lifecycle_ageevent e WHERE e.state = 'planned' AND e.event_date <= %(until)s
    LIMIT %(chunk)s FOR UPDATE OF e SKIP LOCKED
)
RETURNING e.member_id
"""

# Care insurance and the care of the old are for those who live in Japan (介護保険法9条, 高確法50条): a clerk looks.
_HOLD = """
UPDATE lifecycle_ageevent e SET state = 'held', reason = 'abroad'
WHERE e.id IN (
    SELECT e.id FROM lifecycle_ageevent e
    WHERE e.state IN ('planned', 'announced') AND e.event_date <= %(today)s AND e.kind <> 70 AND coalesce(
        (SELECT a.id FROM enrollment_address a WHERE a.member_id = e.member_id AND a.abroad AND NOT a.cancelled
         AND a.period @> e.event_date LIMIT 1),
        (SELECT a.id FROM enrollment_protectedaddress a WHERE a.member_id = e.member_id AND a.abroad
         AND NOT a.cancelled AND a.period @> e.event_date LIMIT 1)) IS NOT NULL
    LIMIT %(chunk)s FOR UPDATE OF e SKIP LOCKED
)
RETURNING e.member_id
"""

# 40, 65 and 70 change no qualification: the day has come, and premiums and certificates read the event.
_PROCESS = """
UPDATE lifecycle_ageevent e SET state = 'processed', processed_at = now(), announced_at = coalesce(announced_at, now())
WHERE e.id IN (
    SELECT e.id FROM lifecycle_ageevent e
    WHERE e.state IN ('planned', 'announced') AND e.event_date <= %(today)s AND e.kind <> 75
    LIMIT %(chunk)s FOR UPDATE OF e SKIP LOCKED
)
RETURNING e.member_id
"""


def _run(name: str, statement: str, parameters: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters | {"chunk": CHUNK})
        members = [row[0] for row in cursor.fetchall()]
    shown(members)
    population(f"lifecycle.{name}", len(members))
    return len(members)


def _window(today: date) -> dict[str, Any]:
    """The days of effect the night looks after, and what follows from every birth date that falls in them."""
    first, last = today - CAUGHT_UP, ages.planned_until(today)
    rows = [
        (age, birth, found.reached, found.effective)
        for age in ages.AGES
        for birth, found in ages.births_effective(age, first, last).items()
    ]
    kinds, births, reached, events = (list(column) for column in zip(*rows, strict=True))
    return {"kinds": kinds, "births": births, "reached": reached, "events": events, "first": first, "last": last}


def plan(today: date) -> int:
    """Plan the events of the coming months, and those of members registered late. One statement."""
    return _run("planned", _PLAN, _window(today))


def move(today: date) -> int:
    """Events of members whose birth date was corrected go to their new day. One statement."""
    return _run("moved", _MOVE, _window(today))


def give_up(today: date) -> int:
    """Events of members who are no longer due: birth date corrected, or not covered on the day. Two statements."""
    window = _window(today)
    return _run("not_born", _NO_LONGER_BORN, window) + _run("not_covered", _NO_LONGER_COVERED, window)


def take_up(today: date) -> int:
    """Events of members whose loss was cancelled stand again. One statement."""
    return _run("taken_up", _COVERED_AGAIN, _window(today))


def announce(today: date) -> int:
    """What takes effect within a month is announced. One statement."""
    return _run("announced", _ANNOUNCE, {"until": ages.announced_until(today)})


def hold(today: date) -> int:
    """What has come for people living abroad waits for a clerk. One statement."""
    return _run("held", _HOLD, {"today": today})


def process(today: date) -> int:
    """40, 65 and 70 whose day has come. One statement."""
    return _run("processed", _PROCESS, {"today": today})
