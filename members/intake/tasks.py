"""The two long works of an import: 検査 and 反映. A chunk is one transaction in the scope of the activity."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kumiai.jobs.kinds import Chunk, register
from kumiai.jobs.models import Job
from members.intake import actions
from members.intake.actions.applying import APPLY, left_to_apply
from members.intake.actions.checking import CHECK, sheet_of
from members.intake.enums import Outcome
from members.intake.models import ImportFile

LABELS = {str(value): str(label) for value, label in Outcome.choices}


@dataclass(frozen=True)
class Clerk:
    """Whose work it is: actions ask for nothing but the number."""

    pk: int


def _file(job: Job) -> ImportFile:
    return ImportFile.objects.select_related("employer").get(pk=job.parameters["file"])


def _lines(job: Job) -> int:
    """How many lines the text has: rows are fewer where cells have line breaks, the head and empty lines do not count."""
    return max(len(sheet_of(_file(job)).lines) - 1, 0)


def check_chunk(job: Job, position: Any, stop: Callable[[], bool]) -> Chunk:
    """Some thousand lines checked and staged."""
    file = _file(job)
    line, number = position or (None, 0)
    checked = actions.check_some(file=file, user_id=job.owner_id, line=line, number=number, stop=stop)
    if checked.finished:
        actions.finish_check(file=file)
    # The position moves even when nothing but empty lines was left.
    at = [checked.line, checked.number]
    return Chunk(at if at != position else None, done=checked.done, counts=checked.counts, finished=checked.finished)


def apply_chunk(job: Job, position: Any, stop: Callable[[], bool]) -> Chunk:
    """Some hundred lines done. Which are left, the lines say themselves; the position only counts."""
    applied = actions.apply_some(file=_file(job), by=Clerk(job.owner_id), stop=stop)
    return Chunk(
        (position or 0) + 1,
        done=applied.done,
        failures=tuple(applied.failures),
        counts=applied.counts,
        finished=applied.finished,
    )


register(
    CHECK,
    "取り込みファイルの検査",
    total=_lines,
    chunk=check_chunk,
    counts=LABELS,
)

register(
    APPLY,
    "取り込みの反映",
    total=lambda job: left_to_apply(_file(job)),
    chunk=apply_chunk,
    counts={code: LABELS[code] for code in ("new", "changed")},
    errors={
        "stale": "確かめたあとに、ほかの職員が保存しました。",
        "refused": "台帳の決まりに合いません。取り込みの行に理由があります。",
        "protected": "指名された担当者だけが扱えます。",
        "taken": "同じ番号か同じ期間の登録が、いま行われました。",
    },
)
