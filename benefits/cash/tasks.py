"""Long work of cash benefits, and the night: what the bank did is taken over into the cases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from celery import shared_task

from benefits.cash.actions import deciding, recalculating
from benefits.cash.activities import CASH_BENEFITS
from benefits.cash.queries import cases
from kumiai.jobs.kinds import Chunk, register
from kumiai.jobs.models import Job
from privacy.scope import Way, scope
from privacy.seen import population

WAY = Way(name="夜間処理", view="cash.night")


def _total(job: Job) -> int:
    count = recalculating.decided(job.parameters["group"]).count()
    population("決定した申請", count)
    return int(count)


def recalculate_chunk(job: Job, position: Any, stop: Callable[[], bool]) -> Chunk:
    """Some hundred decided cases computed again."""
    reached, done, counts = recalculating.recalculate_some(group=job.parameters["group"], after=position or 0)
    return Chunk(position if reached is None else reached, done=done, counts=counts, finished=reached is None)


register(
    recalculating.RECALCULATE,
    "決定した給付の再計算",
    total=_total,
    chunk=recalculate_chunk,
    counts={"same": "同じ額", "different": "違う額", "unable": "計算できない"},
    codes=recalculating.GROUPS,
)


def run_night() -> int:
    """Every payment's result taken over, chunk by chunk, each in a scope of its own; how many cases moved."""
    with scope(CASH_BENEFITS, None, operation="view", way=WAY):
        chunks = list(cases.in_payment())
    moved = 0
    for some in chunks:
        with scope(CASH_BENEFITS, None, operation="change", way=WAY):
            moved += deciding.follow_payments(by=None, case_ids=some)
    return moved


@shared_task(name="cash.night", acks_late=True, reject_on_worker_lost=True, activity=CASH_BENEFITS)
def night() -> None:
    """支払の結果 of the day before, taken over into the cases."""
    run_night()
