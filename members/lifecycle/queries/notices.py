"""Rows for the letters of 年齢到達 and 任意継続: what a file that leaves by the door is made of.

The caller is the door: it asks for recipients, removes who must be removed, and keeps the record. Protected people are
marked, and their address stands in no row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from members.lifecycle.queries.register import rows
from privacy.scope import shown


@dataclass(frozen=True)
class AgeNotice:
    """予告の案内, one letter: to the member at their address; for a dependant, to the insured person's. Abroad `town` is the
    country and `street` the lines as they are written there."""

    member_id: int
    kind: int
    number: str
    name: str
    kana: str
    birth_date: date
    reached_date: date
    event_date: date
    insured_name: str
    employer: str
    postal_code: str
    town: str
    street: str
    dependants: int
    protected: bool


# One statement: people with their address of the day of announcement, the employer, and the dependants who lose with them.
_AGE_NOTICES = """
SELECT m.id, e.kind, m.symbol || '-' || m.number || '-' || m.branch, trim(m.family_name || ' ' || m.given_name),
       trim(m.family_kana || ' ' || m.given_kana), m.birth_date, e.reached_date, e.event_date,
       trim(h.family_name || ' ' || h.given_name), coalesce(w.name, ''),
       coalesce(a.postal_code, ''), coalesce(a.town, ''),
       coalesce(nullif(replace(a.lines, E'\\n', ', '), ''), a.street, ''),
       CASE WHEN e.kind = 75 AND m.insured_id IS NULL THEN
           (SELECT count(*) FROM enrollment_dependantperiod d
            WHERE d.insured_id = m.id AND d.period @> e.reached_date) ELSE 0 END,
       m.protected
FROM lifecycle_ageevent e
JOIN enrollment_member m ON m.id = e.member_id
JOIN enrollment_member h ON h.id = coalesce(m.insured_id, m.id)
LEFT JOIN LATERAL (SELECT p.employer_id FROM enrollment_eligibilityperiod p
                   WHERE p.member_id = h.id AND p.period @> e.reached_date LIMIT 1) q ON true
LEFT JOIN enrollment_employer w ON w.id = q.employer_id
LEFT JOIN LATERAL (SELECT a.postal_code, a.town, a.street, a.lines FROM enrollment_address a
                   WHERE a.member_id = m.id AND NOT a.cancelled AND NOT m.protected
                   ORDER BY upper_inf(a.period) DESC, lower(a.period) DESC LIMIT 1) a ON true
WHERE e.state IN ('announced', 'processed', 'held') AND e.event_date BETWEEN %(first)s AND %(last)s
  AND (%(kind)s::smallint IS NULL OR e.kind = %(kind)s::smallint)
ORDER BY m.symbol_order, m.number_order, m.branch
"""


def age_notices(*, first: date, last: date, kind: int | None = None) -> list[AgeNotice]:
    """Who is to be told, by the day of effect, both days included. One statement."""
    found = [AgeNotice(*row) for row in rows(_AGE_NOTICES, {"first": first, "last": last, "kind": kind})]
    shown(notice.member_id for notice in found)
    return found


@dataclass(frozen=True)
class TermNotice:
    """満了の案内, one letter to who goes on by choice: when the two years end."""

    member_id: int
    number: str
    name: str
    kana: str
    begun_date: date
    last_date: date
    loss_date: date
    postal_code: str
    town: str
    street: str
    protected: bool


_TERM_NOTICES = """
SELECT m.id, m.symbol || '-' || m.number || '-' || m.branch, trim(m.family_name || ' ' || m.given_name),
       trim(m.family_kana || ' ' || m.given_kana), t.lost_date, t.term_end_date - 1, t.term_end_date,
       coalesce(a.postal_code, ''), coalesce(a.town, ''),
       coalesce(nullif(replace(a.lines, E'\\n', ', '), ''), a.street, ''), m.protected
FROM lifecycle_voluntaryterm t
JOIN enrollment_member m ON m.id = t.member_id
LEFT JOIN LATERAL (SELECT a.postal_code, a.town, a.street, a.lines FROM enrollment_address a
                   WHERE a.member_id = m.id AND NOT a.cancelled AND NOT m.protected
                   ORDER BY upper_inf(a.period) DESC, lower(a.period) DESC LIMIT 1) a ON true
WHERE t.state = 'running' AND t.term_end_date BETWEEN %(first)s AND %(last)s
ORDER BY m.symbol_order, m.number_order
"""


def term_notices(*, first: date, last: date) -> list[TermNotice]:
    """Whose two years end, by the day of loss, both days included. One statement."""
    found = [TermNotice(*row) for row in rows(_TERM_NOTICES, {"first": first, "last": last})]
    shown(notice.member_id for notice in found)
    return found
