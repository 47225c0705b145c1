"""Long work of cash benefits, and the night: what the bank did is taken over, accounts nobody took in are forgotten."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from celery import shared_task
from django.utils import timezone

from benefits.cash.actions import certificates, deciding, number_answers, recalculating
from benefits.cash.activities import CASH_BENEFITS, NUMBER_ACT_LINK
from benefits.cash.enums import LineOutcome
from benefits.cash.queries import cases, certificate_files
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


@dataclass(frozen=True)
class Clerk:
    """Whose work it is: actions ask for nothing but the number."""

    pk: int


def check_certificates_chunk(job: Job, position: Any, stop: Callable[[], bool]) -> Chunk:
    """Some lines of an employer's file looked at; which are left, the rows say themselves."""
    done, counts = certificates.check_some(
        by=Clerk(job.owner_id), file_id=job.parameters["file"], today=timezone.localdate()
    )
    return Chunk((position or 0) + 1, done=done, counts=counts, finished=not done)


def apply_certificates_chunk(job: Job, position: Any, stop: Callable[[], bool]) -> Chunk:
    """Some lines of an employer's file, each entered into its case or told why not."""
    done, counts = certificates.apply_some(
        by=Clerk(job.owner_id), file_id=job.parameters["file"], today=timezone.localdate()
    )
    return Chunk((position or 0) + 1, done=done, counts=counts, finished=not done)


register(
    certificates.CHECK,
    "事業主の証明の確認",
    total=lambda job: certificate_files.lines_waiting(job.parameters["file"], LineOutcome.WAITING),
    chunk=check_certificates_chunk,
    counts={str(value): str(label) for value, label in LineOutcome.choices},
)
register(
    certificates.APPLY,
    "事業主の証明の取り込み",
    total=lambda job: certificate_files.lines_waiting(job.parameters["file"]),
    chunk=apply_certificates_chunk,
    counts={str(value): str(label) for value, label in LineOutcome.choices},
)


def run_night() -> int:
    """Every payment's result taken over, chunk by chunk, each in a scope of its own; accounts of old answers forgotten; how
    many cases moved."""
    with scope(CASH_BENEFITS, None, operation="view", way=WAY):
        chunks = list(cases.in_payment())
    moved = 0
    for some in chunks:
        with scope(CASH_BENEFITS, None, operation="change", way=WAY):
            moved += deciding.follow_payments(by=None, case_ids=some)
    with scope(NUMBER_ACT_LINK, None, operation="change", way=WAY):
        number_answers.forget_accounts(today=timezone.localdate())
    return moved


@shared_task(name="cash.night", acks_late=True, reject_on_worker_lost=True, activity=CASH_BENEFITS)
def night() -> None:
    """支払の結果 of the day before, taken over into the cases."""
    run_night()
