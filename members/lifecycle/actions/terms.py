"""任意継続 by night: terms that two years have ended, and terms that the register knows better."""

from __future__ import annotations

from datetime import date

from django.db import connection, transaction

from members.enrollment.enums import LossReason
from members.lifecycle.actions import voluntary
from members.lifecycle.actions.instalments import instalments_for
from members.lifecycle.actions.qualification import NIGHT
from members.lifecycle.enums import EndKind, TermState
from members.lifecycle.models import VoluntaryInstalment, VoluntaryTerm
from members.lifecycle.policies import UnableToRecord
from members.lifecycle.queries import voluntary as queries
from members.lifecycle.rules import voluntary as rules
from privacy.scope import population, shown

CHUNK = 1000
EXPIRED = 100
"""Losses a scope."""
WATCHED = 40
"""Terms a scope, of 24 instalments at most."""

# The register knows better: a qualification lost by another way (75 years, a report of death, an import), an
# acquisition or a loss that was cancelled, a person registered twice whose rows went to the other registration.
_FOLLOW = """
UPDATE lifecycle_voluntaryterm t
SET member_id = found.member_id, state = found.state, end_kind = found.kind, end_fact_date = found.fact,
    end_date = found.ended, version = t.version + 1
FROM (
    SELECT t.id, p.member_id,
           CASE WHEN isempty(p.period) THEN 'undone' WHEN p.loss_reason = '' THEN 'running'
                WHEN upper(p.period) <= %(today)s THEN 'ended' ELSE 'ending' END AS state,
           CASE WHEN p.loss_reason = '' OR isempty(p.period) THEN '' ELSE coalesce(k.kind, '') END AS kind,
           CASE WHEN p.loss_reason <> '' AND NOT isempty(p.period) THEN upper(p.period) END AS fact,
           CASE WHEN p.loss_reason <> '' AND NOT isempty(p.period) THEN upper(p.period) END AS ended
    FROM lifecycle_voluntaryterm t JOIN enrollment_eligibilityperiod p ON p.id = t.eligibility_id
    LEFT JOIN unnest(%(reasons)s::text[], %(kinds)s::text[]) AS k (reason, kind) ON k.reason = p.loss_reason
    WHERE t.state IN ('running', 'ending', 'ended') AND (
        p.member_id <> t.member_id OR isempty(p.period)
        OR (t.state = 'running' AND p.loss_reason <> '')
        OR (t.state IN ('ending', 'ended') AND p.loss_reason = '')
        OR (t.state IN ('ending', 'ended') AND t.end_date IS DISTINCT FROM upper(p.period)))
    LIMIT %(chunk)s
    FOR UPDATE OF t SKIP LOCKED
) found
WHERE t.id = found.id
RETURNING t.member_id
"""

_FOLLOW_INSTALMENTS = """
UPDATE lifecycle_voluntaryinstalment i SET member_id = found.member_id
FROM (
    SELECT i.id, t.member_id FROM lifecycle_voluntaryinstalment i JOIN lifecycle_voluntaryterm t ON t.id = i.term_id
    WHERE i.member_id <> t.member_id LIMIT %(chunk)s FOR UPDATE OF i SKIP LOCKED
) found
WHERE i.id = found.id
RETURNING i.member_id
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
    """Terms whose qualification the register changed otherwise. Two statements."""
    parameters = {
        "today": today,
        "reasons": [str(reason.value) for reason in KIND_OF_REASON],
        "kinds": [str(kind.value) for kind in KIND_OF_REASON.values()],
    }
    return _update("followed", _FOLLOW, parameters) + _update("moved", _FOLLOW_INSTALMENTS, {})


def close_ended(today: date) -> int:
    """Terms whose day of loss, entered ahead, has come. One statement."""
    return _update("closed", _CLOSE, {"today": today})


def watch(today: date) -> int:
    """Terms for periods of 任意継続 that were entered elsewhere; their instalments from this day on. At most WATCHED, so
    that their instalments are fewer than CHUNK. Five statements."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('lifecycle.watch'))")
        cursor.execute(_UNWATCHED, {"today": today, "chunk": WATCHED})
        found = cursor.fetchall()
    shown([member for _period, member, _start in found])
    population("lifecycle.watched", len(found))
    if not found:
        return 0
    terms = VoluntaryTerm.objects.bulk_create(
        VoluntaryTerm(
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
        for period, member, start in found
    )
    first = min(term.lost_date for term in terms)
    closed = queries.closed_between(first, max(term.lost_date for term in terms) + queries.TERM_DAYS)
    VoluntaryInstalment.objects.bulk_create(row for term in terms for row in instalments_for(term, closed, since=today))
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
