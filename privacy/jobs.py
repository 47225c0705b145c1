"""The scope around one chunk of a job: named in settings.JOB_CHUNK_CONTEXT, so that kumiai.jobs need not know the kernel."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from privacy.scope import Way, scope


def chunk_scope(activity_code: str, user_id: int | None) -> AbstractContextManager[Any]:
    """The activity of the job, for one chunk: data, intent and resume position commit together, and each chunk proves
    the grant again."""
    return scope(activity_code, user_id, operation="change", way=Way(name="一括処理", view="job"))
