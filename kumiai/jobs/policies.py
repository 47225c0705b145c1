"""May this job be moved now, by this person?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kumiai.jobs.enums import OPEN, JobState
from kumiai.jobs.kinds import kind_of
from kumiai.jobs.models import Job


class NotNow(Exception):
    """The job is not in a state in which this can be done; the sentence is for staff."""


class NotYours(NotNow):
    """Only the person who started the job may do this: it runs under that person's grants."""


def check_can_stop(job: Job, user: Any) -> None:
    if job.state == JobState.STOP_REQUESTED:
        raise NotNow("停止を受け付けています。区切りのよいところで止まります。")
    if job.state not in OPEN:
        raise NotNow(f"この処理は「{job.get_state_display()}」なので、止めるものがありません。")


def check_can_resume(job: Job, user: Any) -> None:
    _check_owner(job, user)
    if job.state not in (JobState.STOPPED, JobState.FAILED):
        raise NotNow("再開できるのは、停止した処理と失敗した処理だけです。")


def check_can_retry_failures(job: Job, user: Any) -> None:
    _check_owner(job, user)
    if job.state != JobState.PARTLY_FAILED:
        raise NotNow("やり直せるのは、一部失敗で終わった処理の失敗の行だけです。")
    if kind_of(job.kind).retry is None:
        raise NotNow("この種類の処理は、行ごとにやり直せません。")


def _check_owner(job: Job, user: Any) -> None:
    if job.owner_id != user.pk:
        raise NotYours("再開とやり直しは、処理を依頼した本人だけができます。")


def _can(check: Callable[[Job, Any], None], job: Job, user: Any) -> bool:
    try:
        check(job, user)
    except (NotNow, LookupError):
        return False
    return True


def can_stop(job: Job, user: Any) -> bool:
    return _can(check_can_stop, job, user)


def can_resume(job: Job, user: Any) -> bool:
    return _can(check_can_resume, job, user)


def can_retry_failures(job: Job, user: Any) -> bool:
    return _can(check_can_retry_failures, job, user)
