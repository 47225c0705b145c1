"""Long work of the register: the people of an employer that was merged or split."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from kumiai.accounts.queries import staff_by_id
from kumiai.jobs.kinds import Chunk, register
from members.enrollment.actions import moving

EMPLOYER_MOVE = "enrollment.employer_move"


def _total(job: Any) -> int:
    return moving.count_move(job.parameters["list"])


def _chunk(job: Any, position: Any, _stop: Callable[[], bool]) -> Chunk:
    """Fifty people a transaction. position: the last row and how many were done. Failures: the place in the list."""
    parameters = job.parameters
    after, counted = position or [0, 0]
    last, done, failures = moving.move_chunk(
        by=staff_by_id([job.owner_id])[job.owner_id],
        list_id=parameters["list"],
        after=after,
        counted=counted,
        to_id=parameters["employer"],
        day=date.fromisoformat(parameters["day"]),
        received=date.fromisoformat(parameters["received"]),
        numbering=parameters["numbering"],
    )
    return Chunk(
        position=[last if last is not None else after, counted + done],
        done=done,
        failures=failures,
        counts={"moved": done - len(failures)},
        finished=done < moving.CHUNK,
    )


register(
    EMPLOYER_MOVE,
    "事業所の合併・分割による異動",
    total=_total,
    chunk=_chunk,
    errors=moving.ERRORS,
    counts={"moved": "異動"},
    codes=[moving.KEEP, moving.NEW],
)
