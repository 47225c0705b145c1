"""The scope around one chunk of a job: named in settings.JOB_CHUNK_CONTEXT, so that kumiai.jobs need not know the kernel."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from privacy.scope import Refused, Scope, Way, record_refusal, scope


@contextmanager
def chunk_scope(activity_code: str, user_id: int | None, operation: str) -> Iterator[Scope]:
    """The activity of the job, for one chunk: data, intent and resume position commit together, and each chunk proves
    the grant of its operation again. A refusal is on record like one of a screen, in a transaction after the rollback.
    """
    way = Way(name="一括処理", view="job")
    try:
        with scope(activity_code, user_id, operation=operation, way=way) as opened:
            yield opened
    except Refused as refusal:
        record_refusal(user_id=user_id, activity=refusal.activity, operation=operation, way=way, reason=refusal.reason)
        raise
