"""What people do to jobs: start, stop, resume, retry."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from kumiai.jobs import policies
from kumiai.jobs.enums import JobState
from kumiai.jobs.kinds import checked_parameters, kind_of
from kumiai.jobs.models import Job

logger = logging.getLogger(__name__)


@transaction.atomic
def start_job(*, kind: str, parameters: Mapping[str, Any], activity_code: str, by: Any) -> Job:
    """Take long work in. It is sent to a worker, by its id alone, once the caller's transaction has committed."""
    registered = kind_of(kind)
    job = Job.objects.create(
        owner=by,
        kind=registered.name,
        title=registered.title,
        activity_code=activity_code,
        parameters=checked_parameters(registered, parameters),
    )
    send_on_commit(job.pk)
    return job


@transaction.atomic
def stop_job(*, job: Job, by: Any) -> None:
    """Ask a running job to stop after its chunk; one that waits is stopped at once."""
    policies.check_can_stop(job, by)
    waiting = Job.objects.filter(pk=job.pk, state=JobState.ACCEPTED)
    if not waiting.update(state=JobState.STOPPED, finished_at=Now()):
        Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(state=JobState.STOP_REQUESTED)


@transaction.atomic
def resume_job(*, job: Job, by: Any) -> None:
    """Go on from the stored position."""
    policies.check_can_resume(job, by)
    _accept_again(Job.objects.filter(pk=job.pk, state=job.state))


@transaction.atomic
def retry_failures(*, job: Job, by: Any) -> None:
    """Try the failed rows, and only those, again."""
    policies.check_can_retry_failures(job, by)
    rows = job.failures.filter(resolved_at=None).count()
    _accept_again(
        Job.objects.filter(pk=job.pk, state=job.state),
        retrying=True,
        retry_row=0,
        retry_total=rows,
        retry_done=0,
    )


def _accept_again(found: Any, **fields: Any) -> None:
    """Does nothing when somebody moved the job meanwhile: pressing twice is harmless."""
    ids = list(found.values_list("pk", flat=True))
    if ids and found.update(
        state=JobState.ACCEPTED, attempts=0, error_code="", finished_at=None, sent_at=None, **fields
    ):
        send_on_commit(ids[0])


def send_on_commit(job_id: int) -> None:
    transaction.on_commit(partial(send, job_id))


def send(job_id: int) -> None:
    """Hand the id to the broker. A broker that is away loses nothing: the reaper sends what was not taken up."""
    from kumiai.jobs.tasks import run_job

    Job.objects.filter(pk=job_id).update(sent_at=Now())
    try:
        run_job.apply_async((job_id,), retry=False)
    except Exception as problem:  # noqa: BLE001  (kombu, redis and the network each raise their own)
        logger.warning("job %s not sent: %s", job_id, type(problem).__name__)
