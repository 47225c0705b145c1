"""審査: the moves before a decision, and the calculation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from benefits.cash import policies
from benefits.cash.actions.cases import refresh_findings
from benefits.cash.actions.common import locked, moved
from benefits.cash.models import Calculation, Case, CaseDocument, CaseFinding
from benefits.cash.policies import UnableToProcess
from benefits.cash.queries import assessing
from benefits.cash.rules.assessment import Computed, UnableToCalculate, parameters_used
from benefits.cash.rules.daily import Row, group
from benefits.cash.rules.kinds import Kind
from benefits.cash.rules.working import Working

PLAIN = frozenset(
    {"request_documents", "start_review", "review_again", "withhold", "resume", "withdraw", "correct", "reopen"}
)
"""Moves that only move: what else they ask is in the rule of the move itself."""


@transaction.atomic
def move_case(*, by: Any, case_id: int, version: int | None, name: str, reason: str = "") -> Case:
    """One of the plain moves. Raises UnableToProcess with why not, and Stale."""
    if name not in PLAIN:
        raise UnableToProcess("この動きは、この画面からはできません。")
    case = locked(case_id, version)
    policies.check_can_move(case, name, by, reason)
    case = moved(case, name=name, by=by, reason=reason, refusal_proposed=False)
    if name in ("start_review", "resume", "correct", "reopen"):
        refresh_findings(case)
    return case


def run_rows(kind: Kind, rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Days as stretches of equal ones, as they are kept with the calculation."""
    return [
        {
            "kind": kind.value,
            "first": run.first.isoformat(),
            "last": run.last.isoformat(),
            "days": run.days,
            "status": run.status.value,
            "rate": run.rate,
            "deducted": run.deducted,
            "each": run.each,
            "subtotal": run.subtotal,
        }
        for run in group(rows)
    ]


def calculation_of(case: Case, computed: Computed, *, serial: int, by: Any) -> Calculation:
    """The row that keeps a computation, not saved."""
    addition = Kind.MATERNITY_ADDITION if case.benefit is Kind.MATERNITY else Kind.SICKNESS_ADDITION
    runs = run_rows(case.benefit, computed.rows) + run_rows(addition, computed.extra_rows)
    return Calculation(
        case=case, member_id=case.member_id, serial=serial, amount=computed.amount, extra=computed.extra,
        to_institution=computed.to_institution, in_advance=computed.in_advance, withheld=computed.withheld,
        refused=computed.refused[:300], warning=computed.warning[:300], paid_days=computed.paid_days,
        remaining=computed.remaining, term=computed.term, daily=computed.daily,
        steps=Working(computed.steps).as_rows(), runs=runs, parameters=parameters_used(computed.steps, case.first),
        calculated_by_id=by.pk if by is not None else None,
    )  # fmt: skip


def computed_now(case: Case) -> Computed:
    """The computation as everything stands now. Raises UnableToProcess with the sentence of what is missing."""
    try:
        return assessing.compute(assessing.gather([case.pk])[case.pk])
    except UnableToCalculate as unable:
        raise UnableToProcess(f"計算できません。{unable}") from unable


def latest_calculation(case: Case) -> Calculation | None:
    return Calculation.objects.filter(case=case).order_by("-serial").first()


@transaction.atomic
def calculate_case(*, by: Any, case_id: int, version: int | None) -> Calculation:
    """計算する: the checks anew, then the amounts with their working. Raises UnableToProcess and Stale."""
    case = locked(case_id, version)
    policies.check_can_move(case, "calculate", by)
    refresh_findings(case)
    computed = computed_now(case)
    last = latest_calculation(case)
    row = calculation_of(case, computed, serial=last.serial + 1 if last else 1, by=by)
    row.save()
    moved(case, name="calculate", by=by, refusal_proposed=False)
    return row


@transaction.atomic
def submit_case(*, by: Any, case_id: int, version: int | None, reason: str = "") -> Case:
    """決裁に回す: complete, checked and computed. Raises UnableToProcess and Stale."""
    case = locked(case_id, version)
    policies.check_can_move(case, "submit", by, reason)
    policies.check_complete(
        list(CaseDocument.objects.filter(case=case).order_by("pk")), list(CaseFinding.objects.filter(case=case))
    )
    policies.check_can_submit(latest_calculation(case))
    return moved(case, name="submit", by=by, reason=reason, submitted_by_id=by.pk, refusal_proposed=False)


@transaction.atomic
def propose_refusal(*, by: Any, case_id: int, version: int | None, reason: str) -> Case:
    """不支給として決裁に回す, with the reason that will stand in the letter. Raises UnableToProcess and Stale."""
    case = locked(case_id, version)
    policies.check_can_move(case, "propose_refusal", by, reason)
    return moved(case, name="propose_refusal", by=by, reason=reason, submitted_by_id=by.pk, refusal_proposed=True)


def same_result(row: Calculation, computed: Computed) -> bool:
    """Whether a computation gives again what was kept."""
    return (row.amount, row.extra, row.to_institution, row.in_advance, row.withheld, row.refused) == (
        computed.amount,
        computed.extra,
        computed.to_institution,
        computed.in_advance,
        computed.withheld,
        computed.refused[:300],
    )
