"""Reads of the job screens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from kumiai.jobs.enums import JobState
from kumiai.jobs.kinds import Kind, kind_of
from kumiai.jobs.models import Job, JobFailure

HOME_JOBS = 5


@dataclass(frozen=True)
class Share:
    """A part of the result: word, rows, and its place on a strip of 1,000 units."""

    code: str
    label: str
    rows: int
    start: int
    width: int


def jobs_of(user: Any) -> QuerySet[Job]:
    """What this person may see, newest first."""
    return Job.objects.visible_to(user).select_related("owner").order_by("-pk")


def jobs_for_home(user: Any) -> list[Job]:
    """One's own: those under way, those that ended with something to do, those that ended well since yesterday."""
    own = Job.objects.filter(owner=user)
    to_do = Q(state=JobState.PARTLY_FAILED) | Q(state=JobState.FAILED) | Q(state=JobState.STOPPED)
    well = Q(state=JobState.SUCCEEDED, finished_at__gt=Now() - timedelta(days=1))
    found: list[Job] = []
    for jobs in (own.open(), own.filter(to_do), own.filter(well)):
        found += list(jobs.order_by("-pk")[: HOME_JOBS - len(found)])
    return found


def registered_kind(job: Job) -> Kind | None:
    """None for jobs of a kind that no longer exists."""
    try:
        return kind_of(job.kind)
    except LookupError:
        return None


def shares_of(job: Job) -> list[Share]:
    """The result as parts of a strip, in the order the kind names them; the failed rows last."""
    kind = registered_kind(job)
    labels = dict(kind.counts) if kind else {}
    parts = [(code, label, job.counts.get(code, 0)) for code, label in labels.items()]
    if parts or job.failed:
        parts.append(("failed", "誤り", job.failed))
    whole = sum(rows for _code, _label, rows in parts)
    return list(_placed(parts, whole))


def _placed(parts: list[tuple[str, str, int]], whole: int) -> Iterator[Share]:
    passed = 0
    for code, label, rows in parts:
        start = passed * 1000 // whole if whole else 0
        passed += rows
        end = passed * 1000 // whole if whole else 0
        yield Share(code, label, rows, start, max(end - start, 2 if rows else 0))


def failures_of(job: Job) -> QuerySet[JobFailure]:
    """Rows that still fail, in the order of the file."""
    return job.failures.filter(resolved_at=None).order_by("row_number")


def error_sentence(job: Job, code: str) -> str:
    """What the kind says about an error code; the code itself when it says nothing."""
    kind = registered_kind(job)
    return kind.errors.get(code, code) if kind else code
