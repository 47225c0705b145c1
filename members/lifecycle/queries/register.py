"""What this app asks of the register's periods: by SQL, because they are another app's tables and are read set-based.

Whoever calls stands in a scope; each function says whom it showed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from members.lifecycle.rules.voluntary import LEFT_WORK
from privacy.scope import population, shown


@dataclass(frozen=True)
class Qualification:
    """One period of the qualification of an insured person."""

    period_id: int
    kind: str
    start: date
    end: date | None
    loss_reason: str


@dataclass(frozen=True)
class Leaver:
    """Somebody who lost the compulsory qualification and may still apply."""

    member_id: int
    lost_date: date
    loss_reason: str
    insured_from: date


def rows(statement: str, parameters: dict[str, Any]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def qualifications(member_id: int) -> list[Qualification]:
    """The periods of a member as an insured person, oldest first."""
    shown([member_id])
    found = rows(
        "SELECT id, kind, lower(period), upper(period), loss_reason FROM enrollment_eligibilityperiod "
        "WHERE member_id = %(member)s AND NOT isempty(period) ORDER BY lower(period)",
        {"member": member_id},
    )
    return [Qualification(*row) for row in found]


# The last loss of each person, within the days asked for, after which nothing was entered.
_LEAVERS = """
FROM enrollment_eligibilityperiod p
WHERE p.kind = 'compulsory' AND upper(p.period) BETWEEN %(first)s AND %(last)s AND p.loss_reason = ANY(%(reasons)s)
  AND NOT EXISTS (SELECT 1 FROM enrollment_eligibilityperiod q
                  WHERE q.member_id = p.member_id AND lower(q.period) >= upper(p.period))
  AND NOT EXISTS (SELECT 1 FROM lifecycle_voluntaryterm t
                  WHERE t.member_id = p.member_id AND t.lost_date = upper(p.period) AND t.state <> 'undone')
"""


def leavers(*, first: date, last: date, limit: int, offset: int = 0) -> list[Leaver]:
    """Who lost the compulsory qualification from `first` to `last` by leaving work and has not applied, last due first."""
    found = rows(
        "SELECT p.member_id, upper(p.period), p.loss_reason, lower(p.period)"
        + _LEAVERS
        + "ORDER BY upper(p.period), p.member_id LIMIT %(limit)s OFFSET %(offset)s",
        {"first": first, "last": last, "reasons": sorted(LEFT_WORK), "limit": limit, "offset": offset},
    )
    shown([row[0] for row in found])
    return [Leaver(*row) for row in found]


def count_leavers(*, first: date, last: date) -> int:
    """How many those are."""
    count = rows("SELECT count(*)" + _LEAVERS, {"first": first, "last": last, "reasons": sorted(LEFT_WORK)})[0][0]
    population("lifecycle.leavers", count)
    return count


def covered_on(member_id: int, day: date) -> bool:
    """Whether a member is insured or a dependant on a day."""
    shown([member_id])
    return bool(
        rows(
            "SELECT EXISTS (SELECT 1 FROM enrollment_eligibilityperiod WHERE member_id = %(m)s AND period @> %(d)s::date) "
            "OR EXISTS (SELECT 1 FROM enrollment_dependantperiod WHERE member_id = %(m)s AND period @> %(d)s::date)",
            {"m": member_id, "d": day},
        )[0][0]
    )
