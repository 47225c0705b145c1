"""Who is written to about 年齢到達 and 任意継続: what the letters of the door are made of, less the address.

The caller is the door: it removes who must be removed, proves who the letters are for, and keeps the record.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from members.lifecycle.queries.register import rows
from privacy.scope import shown


@dataclass(frozen=True)
class AgeNotice:
    """予告の案内, one letter to the person themselves. dependants: who lose the qualification with them, at 75."""

    member_id: int
    kind: int
    birth_date: date
    reached_date: date
    event_date: date
    dependant: bool
    dependants: int


_AGE_NOTICES = """
SELECT m.id, e.kind, m.birth_date, e.reached_date, e.event_date, m.insured_id IS NOT NULL,
       CASE WHEN e.kind = 75 AND m.insured_id IS NULL THEN
           (SELECT count(*) FROM enrollment_dependantperiod d
            WHERE d.insured_id = m.id AND d.period @> e.reached_date) ELSE 0 END
FROM lifecycle_ageevent e
JOIN enrollment_member m ON m.id = e.member_id
WHERE e.state IN ('announced', 'processed') AND e.event_date BETWEEN %(first)s AND %(last)s
  AND (%(kind)s::smallint IS NULL OR e.kind = %(kind)s::smallint)
ORDER BY m.symbol_order, m.number_order, m.branch, e.event_date
"""


def age_notices(*, first: date, last: date, kind: int | None = None) -> list[AgeNotice]:
    """Who is to be told, by the day of effect, both days included. One statement.

    Nobody who waits for a decision of the staff (要確認), nor who was let go (取りやめ): nothing is known to tell them.
    """
    found = [AgeNotice(*row) for row in rows(_AGE_NOTICES, {"first": first, "last": last, "kind": kind})]
    shown(notice.member_id for notice in found)
    return found


@dataclass(frozen=True)
class TermNotice:
    """満了の案内: when the two years of who goes on by choice end."""

    member_id: int
    begun_date: date
    last_date: date
    loss_date: date


_TERM_NOTICES = """
SELECT m.id, t.lost_date, t.term_end_date - 1, t.term_end_date
FROM lifecycle_voluntaryterm t JOIN enrollment_member m ON m.id = t.member_id
WHERE t.state = 'running' AND t.term_end_date BETWEEN %(first)s AND %(last)s
ORDER BY m.symbol_order, m.number_order
"""


def term_notices(*, first: date, last: date) -> list[TermNotice]:
    """Whose two years end, by the day of loss, both days included. One statement."""
    found = [TermNotice(*row) for row in rows(_TERM_NOTICES, {"first": first, "last": last})]
    shown(notice.member_id for notice in found)
    return found


@dataclass(frozen=True)
class LossNotice:
    """資格喪失の通知: that going on by choice has ended, or was never begun, when and by what."""

    member_id: int
    begun_date: date
    loss_date: date
    end_kind: str
    fact_date: date | None


_LOSS_NOTICES = """
SELECT m.id, t.lost_date, coalesce(t.end_date, t.lost_date), t.end_kind, t.end_fact_date
FROM lifecycle_voluntaryterm t JOIN enrollment_member m ON m.id = t.member_id
WHERE t.state IN ('ending', 'ended', 'never') AND t.end_kind NOT IN ('', 'death')
  AND coalesce(t.end_date, t.lost_date) BETWEEN %(first)s AND %(last)s
ORDER BY m.symbol_order, m.number_order, t.lost_date
"""


def loss_notices(*, first: date, last: date) -> list[LossNotice]:
    """Whose going on has ended, by the day of loss, both days included; nobody who died. One statement."""
    found = [LossNotice(*row) for row in rows(_LOSS_NOTICES, {"first": first, "last": last})]
    shown(notice.member_id for notice in found)
    return found


@dataclass(frozen=True)
class UnpaidNotice:
    """未納の照会: the months of a running term that were due and are neither paid nor excused."""

    member_id: int
    months: tuple[date, ...]
    due_date: date
    first: bool


_UNPAID_NOTICES = """
SELECT m.id, array_agg(i.month ORDER BY i.month), min(i.due_date), bool_or(i.first)
FROM lifecycle_voluntaryinstalment i
JOIN lifecycle_voluntaryterm t ON t.id = i.term_id AND t.state = 'running'
JOIN enrollment_member m ON m.id = t.member_id
WHERE i.paid_date IS NULL AND NOT i.excused AND i.due_date < %(on)s
GROUP BY m.id, m.symbol_order, m.number_order
ORDER BY m.symbol_order, m.number_order
"""


def unpaid_notices(*, on: date) -> list[UnpaidNotice]:
    """Who has let a due date pass without paying and without an accepted reason, as of a day. One statement."""
    found = [
        UnpaidNotice(member, tuple(months), due, first)
        for member, months, due, first in rows(_UNPAID_NOTICES, {"on": on})
    ]
    shown(notice.member_id for notice in found)
    return found


# --- What the door asks before it believes the lists above --------------------------------------------------------------


def births_of(ids: Iterable[int]) -> dict[int, date]:
    """Member id → birth date, by the register itself."""
    found = dict(rows("SELECT id, birth_date FROM enrollment_member WHERE id = ANY(%(ids)s)", {"ids": list(ids)}))
    shown(found)
    return found


def periods_of(ids: Iterable[int]) -> dict[int, list[tuple[str, date, date | None]]]:
    """Member id → kind, first day and last day + 1 of every period as an insured person, by the register itself."""
    found: dict[int, list[tuple[str, date, date | None]]] = {}
    statement = (
        "SELECT member_id, kind, lower(period), upper(period) FROM enrollment_eligibilityperiod "
        "WHERE NOT isempty(period) AND member_id = ANY(%(ids)s)"
    )
    for member, kind, start, end in rows(statement, {"ids": list(ids)}):
        found.setdefault(member, []).append((kind, start, end))
    shown(found)
    return found
