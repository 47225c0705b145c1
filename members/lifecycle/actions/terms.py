"""任意継続 by night: terms that two years have ended, and terms that the register knows better."""

from __future__ import annotations

from datetime import date

from django.db import connection, transaction

from members.enrollment.enums import LossReason
from members.lifecycle.actions import voluntary
from members.lifecycle.actions.qualification import NIGHT
from members.lifecycle.enums import EndKind, TermState
from members.lifecycle.models import VoluntaryTerm
from members.lifecycle.policies import UnableToRecord
from members.lifecycle.rules import voluntary as rules
from privacy.scope import population, shown

CHUNK = 1000
EXPIRED = 100
"""Losses a scope."""

# A qualification lost by another way (75 years, a report of death, an import): the term follows the register.
_FOLLOW = """
UPDATE lifecycle_voluntaryterm t
SET state = CASE WHEN found.ended <= %(today)s THEN 'ended' ELSE 'ending' END, end_kind = found.kind,
    end_fact_date = found.ended, end_date = found.ended, version = t.version + 1
FROM (
    SELECT t.id, upper(p.period) AS ended, coalesce(k.kind, '') AS kind
    FROM lifecycle_voluntaryterm t JOIN enrollment_eligibilityperiod p ON p.id = t.eligibility_id
    LEFT JOIN unnest(%(reasons)s::text[], %(kinds)s::text[]) AS k (reason, kind) ON k.reason = p.loss_reason
    WHERE t.state = 'running' AND NOT upper_inf(p.period) AND p.loss_reason <> ''
    LIMIT %(chunk)s
    FOR UPDATE OF t SKIP LOCKED
) found
WHERE t.id = found.id
RETURNING t.member_id
"""

_CLOSE = """
UPDATE lifecycle_voluntaryterm t SET state = 'ended', version = t.version + 1
WHERE t.id IN (SELECT t.id FROM lifecycle_voluntaryterm t WHERE t.state = 'ending' AND t.end_date <= %(today)s
               LIMIT %(chunk)s FOR UPDATE OF t SKIP LOCKED)
RETURNING t.member_id
"""

# Periods of 任意継続 that came in another way (an import, a 届): the term is watched from here on.
_UNWATCHED = """
SELECT p.id, p.member_id, lower(p.period) FROM enrollment_eligibilityperiod p
WHERE p.kind = 'voluntary' AND (upper_inf(p.period) OR upper(p.period) > %(today)s)
  AND NOT EXISTS (SELECT 1 FROM lifecycle_voluntaryterm t WHERE t.eligibility_id = p.id)
  AND NOT EXISTS (SELECT 1 FROM lifecycle_voluntaryterm t WHERE t.member_id = p.member_id
                  AND t.state IN ('running', 'ending'))
LIMIT %(chunk)s
"""

KIND_OF_REASON = {
    LossReason.TERM_ENDED: EndKind.TERM,
    LossReason.DEATH: EndKind.DEATH,
    LossReason.NON_PAYMENT: EndKind.NON_PAYMENT,
    LossReason.OTHER_INSURER: EndKind.INSURED,
    LossReason.AGE_75: EndKind.ELDERLY,
    LossReason.DISABILITY_65: EndKind.ELDERLY,
    LossReason.WITHDRAWAL: EndKind.WITHDRAWAL,
}


def _update(name: str, statement: str, parameters: dict) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters | {"chunk": CHUNK})
        members = [row[0] for row in cursor.fetchall()]
    shown(members)
    population(f"lifecycle.{name}", len(members))
    return len(members)


def follow_register(today: date) -> int:
    """Terms whose qualification was lost otherwise. One statement."""
    parameters = {
        "today": today,
        "reasons": [str(reason.value) for reason in KIND_OF_REASON],
        "kinds": [str(kind.value) for kind in KIND_OF_REASON.values()],
    }
    return _update("followed", _FOLLOW, parameters)


def close_ended(today: date) -> int:
    """Terms whose day of loss, entered ahead, has come. One statement."""
    return _update("closed", _CLOSE, {"today": today})


def watch(today: date) -> int:
    """Terms for periods of 任意継続 that were entered elsewhere; their instalments from this day on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('lifecycle.watch'))")
        cursor.execute(_UNWATCHED, {"today": today, "chunk": 100})
        found = cursor.fetchall()
    shown([member for _period, member, _start in found])
    for period, member, start in found:
        term = VoluntaryTerm.objects.create(
            member_id=member,
            eligibility_id=period,
            lost_date=start,
            loss_reason="",
            received_date=start,
            deadline_date=start,
            term_end_date=rules.term_end(start).day,
            state=TermState.RUNNING,
            note="ほかの届から登録",
        )
        voluntary.make_instalments(term, since=today)
    return len(found)


def expire_due(today: date) -> int:
    """Terms whose two years have passed, at most EXPIRED: ended on their day. One that the register cannot end stays on
    the worklist, overdue; how many is in the record of the access."""
    due = list(
        VoluntaryTerm.objects.filter(state=TermState.RUNNING, term_end_date__lte=today)
        .order_by("term_end_date", "pk")
        .values_list("pk", "member_id")
    )
    shown([member for _term, member in due])
    ended = unable = 0
    for term_id, _member in due:
        if ended == EXPIRED:
            break
        try:
            with transaction.atomic():
                ended += voluntary.expire(by=NIGHT, term_id=term_id, today=today) is not None
        except UnableToRecord:
            unable += 1
    population("lifecycle.unable_to_expire", unable)
    return ended
