"""Runs jobs chunk by chunk, so that a kill at any moment loses nothing and repeats nothing.

A chunk is one transaction: the domain's rows and the job's position commit together, or neither does. The position
moves only for the worker that holds the claim (compare and swap), so that a task delivered twice, late or out of order,
or a worker thought dead, cannot do the same rows again. Time is the database's, never a worker's clock.
"""

from __future__ import annotations

import logging
import os
import time
import traceback
import uuid
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Now
from django.utils.module_loading import import_string

from kumiai.jobs.actions import send, start_job
from kumiai.jobs.enums import CLAIMED, JobState
from kumiai.jobs.kinds import CODE, Chunk, Kind, UnableToDescribeJob, checked_position, kind_of, register
from kumiai.jobs.models import Job, JobFailure

__all__ = ["Chunk", "reap", "register", "run", "start"]

logger = logging.getLogger(__name__)

# First key of the advisory locks of jobs; the second is the job's id, folded to 31 bits.
LOCK_SPACE = 0x6A6F6273
# A worker that committed nothing for this long, and holds no chunk open, is taken for dead.
HEARTBEAT_SECONDS = 60
# Taken up this often without moving one step, a job fails instead of killing one worker after the other.
ATTEMPTS = 5
# How many failed rows one chunk of a retry takes.
RETRY_ROWS = 500
# A stop is looked for at most this often inside a chunk.
STOP_EVERY_SECONDS = 0.5


class ClaimLost(Exception):
    """Another worker has the job. What this one did in its chunk is rolled back."""


def start(kind: str, owner: Any, parameters: Mapping[str, Any], activity_code: str) -> Job:
    """Create a job and send it, by its id alone, when the caller's transaction has committed."""
    return start_job(kind=kind, parameters=parameters, activity_code=activity_code, by=owner)


def heartbeat_seconds() -> int:
    return getattr(settings, "JOB_HEARTBEAT_SECONDS", HEARTBEAT_SECONDS)


@cache
def _hook(path: str) -> Callable[[str, int | None, str], AbstractContextManager[Any]]:
    return import_string(path)


def chunk_context(job: Job) -> AbstractContextManager[Any]:
    """The transaction around one chunk: the scope of the job's activity for its owner, where a hook is given."""
    path = getattr(settings, "JOB_CHUNK_CONTEXT", "")
    return _hook(path)(job.activity_code, job.owner_id, kind_of(job.kind).operation) if path else transaction.atomic()


def run(job_id: int) -> None:
    """Do what is left of a job. Returns at once when there is nothing to do or somebody else does it."""
    job = _claim(job_id)
    if job is None:
        return
    try:
        kind = kind_of(job.kind)
    except LookupError as problem:
        _log_place(job_id, problem)
        _finish(job, JobState.FAILED, error_code="unknown_kind")
        return
    try:
        if job.total is None:
            _count(job, kind)
        while not _step(job, kind):
            pass
    except ClaimLost:
        logger.info("job %s: another worker has it", job_id)
    except (OperationalError, InterfaceError) as problem:
        # The database went away or refused for the moment. The claim stays; the reaper sends the job again.
        logger.warning("job %s: %s, to be taken up again", job_id, type(problem).__name__)
    except PermissionDenied as refusal:
        logger.warning("job %s: refused, %s", job_id, type(refusal).__name__)
        _finish(job, JobState.FAILED, error_code="refused")
    except Exception as problem:  # noqa: BLE001  (whatever a domain raises ends its job, not the worker)
        _log_place(job_id, problem)
        _finish(job, JobState.FAILED, error_code="error")


def _log_place(job_id: int, problem: BaseException) -> None:
    """Class and place of an error. Its message and its values may hold a name, so they are not logged."""
    last = traceback.extract_tb(problem.__traceback__)[-1]
    logger.error("job %s: %s at %s:%s", job_id, type(problem).__name__, os.path.basename(last.filename), last.lineno)


# --- The claim ----------------------------------------------------------------------------------------------
def _try_lock(job_id: int) -> bool:
    """The lock a chunk holds until its transaction ends; it dies with the worker's connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s::integer, %s::integer)", [LOCK_SPACE, job_id % 2**31])
        return cursor.fetchone()[0]


def _is_abandoned() -> Q:
    return Q(heartbeat_at__lt=Now() - timedelta(seconds=heartbeat_seconds()))


def _claim(job_id: int) -> Job | None:
    """Take the job: one that waits, or one whose worker is gone. None when there is nothing to take."""
    with transaction.atomic():
        if not _try_lock(job_id):
            return None
        claim = uuid.uuid4()
        moved = Job.objects.filter(pk=job_id)
        taken = moved.filter(state=JobState.ACCEPTED).update(state=JobState.RUNNING, claim=claim, attempts=1)
        if not taken:
            left = moved.filter(_is_abandoned(), state__in=CLAIMED)
            taken = left.update(claim=claim, attempts=F("attempts") + 1)
        if not taken:
            return None
        Job.objects.filter(pk=job_id).update(
            heartbeat_at=Now(), run_started_at=Now(), started_at=Coalesce("started_at", Now())
        )
        job = Job.objects.get(pk=job_id)
        Job.objects.filter(pk=job_id).update(run_started_done=job.progress_done)
        if job.attempts <= ATTEMPTS:
            return job
    _finish(job, JobState.FAILED, error_code="no_progress")
    return None


def _mine(job: Job):
    return Job.objects.filter(pk=job.pk, claim=job.claim)


def _hold(job: Job) -> None:
    """Inside the chunk's transaction: this worker, and nobody else, works on the job until it ends."""
    if not _try_lock(job.pk):
        raise ClaimLost


def _finish(job: Job, state: str, *, error_code: str = "") -> None:
    """End this run. The claim goes, the position stays, so that the job can be resumed."""
    fields: dict[str, Any] = {"state": state, "error_code": error_code, "claim": None, "finished_at": Now()}
    if state in (JobState.SUCCEEDED, JobState.PARTLY_FAILED):
        fields["retrying"] = False
    _mine(job).update(**fields)


# --- The chunks ---------------------------------------------------------------------------------------------
def _count(job: Job, kind: Kind) -> None:
    """Ask the domain once how many rows there are, under the job's own activity."""
    with chunk_context(job):
        _hold(job)
        job.total = int(kind.total(job))
        if not _mine(job).update(total=job.total, heartbeat_at=Now()):
            raise ClaimLost


def _stop_asked(job: Job) -> bool:
    state = _mine(job).values_list("state", flat=True).first()
    if state is None:
        raise ClaimLost
    return state == JobState.STOP_REQUESTED


def _stop_flag(job: Job) -> Callable[[], bool]:
    """For long chunks: says whether to return early with what is done. Costs one small read in half a second."""
    last = {"at": time.monotonic(), "asked": False}

    def stop() -> bool:
        if not last["asked"] and time.monotonic() - last["at"] >= STOP_EVERY_SECONDS:
            last["asked"], last["at"] = _stop_asked(job), time.monotonic()
        return bool(last["asked"])

    return stop


def _step(job: Job, kind: Kind) -> bool:
    """One chunk. True when this run is over: finished or stopped. The end commits with the last rows."""
    if _stop_asked(job):
        _finish(job, JobState.STOPPED)
        return True
    with chunk_context(job):
        _hold(job)
        finished = _retry_chunk(job, kind) if job.retrying else _chunk(job, kind)
        if finished:
            failed = JobFailure.objects.filter(job=job, resolved_at=None).exists()
            _finish(job, JobState.PARTLY_FAILED if failed else JobState.SUCCEEDED)
    return finished


def _chunk(job: Job, kind: Kind) -> bool:
    result = _checked(kind.chunk(job, job.position, _stop_flag(job)))
    if not result.finished and result.position == job.position:
        raise UnableToDescribeJob("位置が進まない区切りです。")
    new = _store_failures(job, result.failures)
    _advance(
        job,
        position=result.position,
        done=job.done + result.done,
        failed=job.failed + new,
        counts=_added(job.counts, result.counts),
    )
    return result.finished


def _retry_chunk(job: Job, kind: Kind) -> bool:
    """The failed rows after the last one tried, in ascending order; those that fail no longer are marked resolved."""
    waiting = JobFailure.objects.filter(job=job, resolved_at=None, row_number__gt=job.retry_row)
    rows = tuple(waiting.order_by("row_number").values_list("row_number", flat=True)[:RETRY_ROWS])
    if not rows:
        return True
    if kind.retry is None:
        raise LookupError("この種類の処理は、行ごとにやり直せません。")
    result = _checked(kind.retry(job, rows, _stop_flag(job)))
    tried = rows[: result.done]
    if not tried or not {row for row, _code in result.failures} <= set(tried):
        raise UnableToDescribeJob("やり直した行数と失敗の行が合いません。")
    _store_failures(job, result.failures)
    resolved = set(tried) - {row for row, _code in result.failures}
    gone = JobFailure.objects.filter(job=job, row_number__in=resolved, resolved_at=None).update(resolved_at=Now())
    _advance(
        job,
        retry_row=tried[-1],
        retry_done=job.retry_done + len(tried),
        failed=job.failed - gone,
        counts=_added(job.counts, result.counts),
    )
    return False


def _advance(job: Job, **fields: Any) -> None:
    """Move on, in the chunk's own transaction, if the claim is still this worker's and nobody moved before."""
    standing = _mine(job).filter(done=job.done, failed=job.failed, retry_row=job.retry_row)
    if not standing.update(heartbeat_at=Now(), attempts=0, **fields):
        raise ClaimLost
    for name, value in fields.items():
        setattr(job, name, value)


def _store_failures(job: Job, failures: tuple[tuple[int, str], ...]) -> int:
    """Note the failed rows. Returns how many there are in this chunk."""
    rows = dict(failures)
    JobFailure.objects.bulk_create(
        [JobFailure(job=job, row_number=row, error_code=code) for row, code in rows.items()],
        update_conflicts=True,
        unique_fields=["job", "row_number"],
        update_fields=["error_code"],
    )
    return len(rows)


def _checked(result: Chunk) -> Chunk:
    """Refuse a result that would put anything but numbers and codes into the job."""
    checked_position(result.position)
    codes = [code for _row, code in result.failures] + list(result.counts)
    numbers = [row for row, _code in result.failures] + list(result.counts.values()) + [result.done]
    if not all(isinstance(code, str) and CODE.match(code) for code in codes):
        raise UnableToDescribeJob("誤りと内訳には、符号のほかは入れられません。")
    if not all(type(number) is int and number >= 0 for number in numbers) or len(result.failures) > result.done:
        raise UnableToDescribeJob("件数が合いません。")
    return result


def _added(before: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    return {code: before.get(code, 0) + more.get(code, 0) for code in [*before, *(c for c in more if c not in before)]}


# --- What nobody works on -----------------------------------------------------------------------------------
def reap() -> int:
    """Send again the jobs that wait unsent or whose worker is gone. Returns how many were sent.

    A worker in a long chunk holds the job's lock and is left alone by `_claim`, however old its heartbeat.
    """
    old = Now() - timedelta(seconds=heartbeat_seconds())
    unsent = Q(sent_at__isnull=True, created_at__lt=old) | Q(sent_at__lt=old)
    waiting = Job.objects.filter(Q(state=JobState.ACCEPTED) | (Q(state__in=CLAIMED) & _is_abandoned()))
    ids = list(waiting.filter(unsent).order_by("pk").values_list("pk", flat=True)[:1000])
    for job_id in ids:
        send(job_id)
    return len(ids)
