"""What the letters say, and to whom: read for the door."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from benefits.cash.models import Case, Death, Decision, Instalment
from benefits.cash.queries.cases import SOURCE
from benefits.cash.rules.kinds import Kind
from members.enrollment.queries import members_by_id
from members.payments.queries import payments_of


@dataclass(frozen=True)
class Told:
    """One decision as its letter needs it."""

    member_id: int
    patient_id: int
    addressee: str
    values: dict[str, Any]
    steps: list[dict[str, str]]
    parts: list[dict[str, Any]]


def decisions(
    *, decision: int | None, since: date | None, until: date | None, member_id: int | None = None
) -> list[Decision]:
    """One decision, or those of a span of days, both included; of one person if asked."""
    rows = Decision.objects.select_related("case", "calculation")
    if decision:
        rows = rows.filter(pk=decision)
    elif since and until:
        rows = rows.filter(decided_date__gte=since, decided_date__lte=until)
    else:
        return []
    if member_id is not None:
        rows = rows.filter(member_id=member_id)
    return list(rows.order_by("decided_date", "pk"))


def told(rows: Sequence[Decision]) -> list[Told]:
    """The letters of decisions. Three statements beside those that gave the rows."""
    deaths = {row.case_id: row for row in Death.objects.filter(case_id__in=[row.case_id for row in rows])}
    parts: dict[int, list[dict[str, Any]]] = {}
    standing = Instalment.objects.filter(recovery__decision__in=[row.pk for row in rows], replaced=False)
    for part in standing.select_related("recovery").order_by("number"):
        line = {"number": part.number, "due": part.due_date.isoformat(), "amount": part.amount}
        parts.setdefault(part.recovery.decision_id, []).append(line)
    names = _patients(row.case for row in rows)
    return [_told(row, deaths.get(row.case_id), parts.get(row.pk, []), names) for row in rows]


def _patients(cases: Iterable[Case]) -> dict[int, str]:
    ids = sorted({case.patient_id for case in cases if case.patient_id != case.member_id})
    return {pk: member.name for pk, member in members_by_id(ids).items()} if ids else {}


def _told(row: Decision, death: Death | None, parts: list[dict[str, Any]], names: dict[int, str]) -> Told:
    case, calculation = row.case, row.calculation
    # To whoever asked for the burial of an insured person; the deceased gets no letter.
    heir = death.claimant if death is not None and case.benefit is not Kind.FAMILY_FUNERAL else ""
    values = {
        "decision": row.pk,
        "outcome": row.outcome,
        "kind": case.kind,
        "case_number": case.number,
        "patient": names.get(case.patient_id, ""),
        "first": case.first,
        "last": case.last,
        "decided_date": row.decided_date,
        "due": row.due,
        "amount": row.amount,
        "extra": calculation.extra if calculation is not None else 0,
        "to_institution": calculation.to_institution if calculation is not None else 0,
        "reason": row.reason,
    }
    steps = list(calculation.steps) if calculation is not None and row.outcome != "refuse" else []
    return Told(case.member_id, case.patient_id, heir, values, steps, parts)


def paid(*, decision: int | None, since: date | None, until: date | None, member_id: int | None = None) -> list[Told]:
    """Decisions whose payment the bank has made, in a span of days of transfer; `paid_date` and the yen are those of the payment."""
    rows = Decision.objects.select_related("case", "calculation").filter(outcome="grant", amount__gt=0)
    if decision:
        rows = rows.filter(pk=decision)
    elif since and until:
        # A payment is made within a year of its decision; the day of transfer itself is asked of the payments below.
        rows = rows.filter(decided_date__lte=until)
    else:
        return []
    if member_id is not None:
        rows = rows.filter(member_id=member_id)
    found = list(rows.order_by("decided_date", "pk"))
    facts = payments_of(SOURCE, [row.pk for row in found])
    made = {}
    for pk, attempts in facts.items():
        last = attempts[-1]
        if last.paid_on and (decision or (since and until and since <= last.paid_on <= until)):
            made[pk] = last
    letters = told([row for row in found if row.pk in made])
    for one in letters:
        fact = made[one.values["decision"]]
        one.values["paid_date"], one.values["amount"] = fact.paid_on, fact.amount
    return letters


def owners(ids: Sequence[int]) -> dict[int, set[int]]:
    """Of each of these people the decisions on applications of their own: asked of the cases, not of the decisions."""
    found: dict[int, set[int]] = {}
    for case in Case.objects.filter(member_id__in=list(ids)).prefetch_related("decisions"):
        found.setdefault(case.member_id, set()).update(row.pk for row in case.decisions.all())
    return found
