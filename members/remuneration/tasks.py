"""Long work of standard remuneration: the lines of a file applied."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from kumiai.jobs.kinds import Chunk, register
from kumiai.jobs.models import Job
from members.remuneration import queries
from members.remuneration.actions import importing
from members.remuneration.enums import Outcome


def check_chunk(job: Job, position: Any, stop: Callable[[], bool]) -> Chunk:
    """Some hundred lines of a file looked at; which are left, the rows say themselves."""
    done, counts = importing.check_some(file_id=job.parameters["file"], today=timezone.localdate())
    return Chunk((position or 0) + 1, done=done, counts=counts, finished=not done)


register(
    importing.CHECK,
    "標準報酬の取り込みの確認",
    total=lambda job: queries.waiting_lines(job.parameters["file"], Outcome.WAITING),
    chunk=check_chunk,
    counts={str(value): str(label) for value, label in Outcome.choices},
)


def apply_chunk(job: Job, position: Any, stop: Callable[[], bool]) -> Chunk:
    """Some hundred lines of a file, each set or told why not."""
    reached, done, counts = importing.apply_some(
        file_id=job.parameters["file"], after=position or 0, today=timezone.localdate()
    )
    return Chunk(position if reached is None else reached, done=done, counts=counts, finished=reached is None)


register(
    importing.APPLY,
    "標準報酬の取り込み",
    total=lambda job: queries.waiting_lines(job.parameters["file"]),
    chunk=apply_chunk,
    counts={str(value): str(label) for value, label in Outcome.choices},
)
