"""再計算: every decided case computed again with what the register says now; what differs is listed, nothing is changed."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from benefits.cash.activities import CASH_BENEFITS, MATERNITY_ALLOWANCE, SICKNESS_ALLOWANCE
from benefits.cash.models import Calculation, Case, Decision, Recalculation
from benefits.cash.queries import assessing
from benefits.cash.rules.assessment import UnableToCalculate
from benefits.cash.rules.kinds import Kind
from benefits.cash.rules.states import State
from kumiai.jobs.actions import start_job
from kumiai.jobs.models import Job
from privacy.activities import Activity

RECALCULATE = "cash.recalculate"
CHUNK = 200
GROUPS: dict[str, tuple[Activity, tuple[Kind, ...]]] = {
    "sickness": (SICKNESS_ALLOWANCE, (Kind.SICKNESS,)),
    "maternity": (MATERNITY_ALLOWANCE, (Kind.MATERNITY,)),
    "lump": (
        CASH_BENEFITS,
        (
            Kind.CHILDBIRTH, Kind.FAMILY_CHILDBIRTH, Kind.FUNERAL, Kind.FUNERAL_COST, Kind.FAMILY_FUNERAL,
            Kind.TRANSPORT, Kind.FAMILY_TRANSPORT,
        ),
    ),
}  # fmt: skip
STATES = (State.APPROVED, State.IN_PAYMENT, State.PAID, State.CLOSED)


def start(*, by: Any, group: str) -> Job:
    """再計算を始める, of one work; a job does it."""
    activity, _kinds = GROUPS[group]
    return start_job(kind=RECALCULATE, parameters={"group": group}, activity_code=activity.code, by=by)


def decided(group: str) -> Any:
    """The decided cases of a work that were granted."""
    kinds = [kind.value for kind in GROUPS[group][1]]
    granted = Decision.objects.filter(outcome="grant").values("case_id")
    return Case.objects.filter(kind__in=kinds, state__in=STATES, pk__in=granted)


@transaction.atomic
def recalculate_some(*, group: str, after: int, limit: int = CHUNK) -> tuple[int | None, int, dict[str, int]]:
    """The next cases by id: (the last id looked at or None, how many, counts). A dozen statements for all of them."""
    ids = [case.pk for case in decided(group).filter(pk__gt=after).order_by("pk")[:limit]]
    if not ids:
        return None, 0, {}
    dossiers = assessing.gather(ids)
    rows = Decision.objects.filter(case_id__in=ids, outcome="grant").select_related("calculation").order_by("serial")
    latest: dict[int, Calculation] = {row.case_id: row.calculation for row in rows if row.calculation is not None}
    standing = {row.case_id: row for row in Recalculation.objects.filter(case_id__in=ids, standing=True)}
    made, ended, counts = [], [], {"same": 0, "different": 0, "unable": 0}
    for pk in ids:
        calculation, known = latest[pk], standing.get(pk)
        now, unable = _now(dossiers[pk])
        word = "unable" if unable else "same" if now == calculation.total else "different"
        counts[word] += 1
        if known is not None and (known.calculation_id, known.after, known.unable) == (calculation.pk, now, unable):
            continue
        if known is not None:
            known.standing = False
            ended.append(known)
        if word != "same":
            made.append(
                Recalculation(
                    case_id=pk, member_id=calculation.member_id, calculation=calculation, before=calculation.total,
                    after=now, unable=unable, found_at=timezone.now(),
                )
            )  # fmt: skip
    Recalculation.objects.bulk_update(ended, ["standing"])
    Recalculation.objects.bulk_create(made)
    return ids[-1], len(ids), {word: number for word, number in counts.items() if number}


def _now(dossier: assessing.Dossier) -> tuple[int | None, str]:
    """The yen due as everything stands now, or why that cannot be said."""
    try:
        return assessing.compute(dossier).total, ""
    except UnableToCalculate as unable:
        return None, str(unable)[:300]
