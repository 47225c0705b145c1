"""回答ファイルの取り込み: each line finds its result by 管理番号; what finds none is kept and shown."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from health_programs.checkups.actions.online_eligibility import follow
from health_programs.checkups.actions.results import problem_rows
from health_programs.checkups.activities import ONLINE_ELIGIBILITY_LINK
from health_programs.checkups.enums import AnswerOutcome, AnswerState, LinkBatchState, LinkState
from health_programs.checkups.files.online_eligibility import Form, read_file
from health_programs.checkups.models import AnswerContent, AnswerFile, AnswerLine, LinkBatch, LinkLine
from health_programs.checkups.policies import UnableToMove
from health_programs.checkups.queries import online_eligibility as queries
from kumiai.jobs.actions import start_job
from kumiai.ui.uploads import plain_name
from privacy.seen import population

READ = "checkups.link_answer"
CHUNK = 500


@dataclass
class Read:
    """What one chunk did; reached: rows read so far."""

    reached: int
    done: int
    counts: dict[str, int] = field(default_factory=dict)
    finished: bool = False


@transaction.atomic
def receive(*, by: Any, name: str, body: bytes) -> AnswerFile:
    """回答ファイルを受け付ける. Raises UnableToMove where exactly these bytes were taken before."""
    digest = hashlib.sha256(body).hexdigest()
    known = AnswerFile.objects.filter(digest=digest).count()
    population("受け付け済みの回答", known)
    if known:
        raise UnableToMove("同じ内容の回答ファイルを受け付け済みです。一覧から、前の回答を開いてください。")
    found = read_file(Form.ANSWER, body)
    made = AnswerFile(
        name=plain_name(name, otherwise="名前のないファイル"),
        digest=digest,
        problems=problem_rows(found.problems),
        received_by_id=by.pk,
    )
    if not found.rows:
        made.state = AnswerState.UNREADABLE
    made.save()
    AnswerContent.objects.create(file=made, body=body)
    if found.rows:
        made.job = start_job(
            kind=READ, parameters={"answer": made.pk}, activity_code=ONLINE_ELIGIBILITY_LINK.code, by=by
        )
        made.save(update_fields=["job"])
    return made


def rows_in(file_id: int) -> int:
    """How many lines of an answer can be read."""
    return len(read_file(Form.ANSWER, queries.answer_bytes(file_id)).rows)


@transaction.atomic
def read_some(*, file_id: int, start: int, limit: int = CHUNK) -> Read:
    """The next lines of an answer, settled together with the position."""
    file = AnswerFile.objects.select_for_update(of=("self",)).get(pk=file_id)
    if start == 0:
        _follow_fetched()
    everything = read_file(Form.ANSWER, queries.answer_bytes(file.pk)).rows
    rows = everything[start : start + limit]
    waiting = LinkLine.objects.select_for_update(of=("self",)).filter(reference__in=[row.reference for row in rows])
    lines = {line.reference: line for line in waiting}
    counts: Counter[str] = Counter()
    unused: list[AnswerLine] = []
    for row in rows:
        line, values = lines.get(row.reference), row.values
        code, message = values.get("error_code", ""), values.get("message", "")
        if line is None or line.state != LinkState.SENT:
            sent = line is not None and line.state not in (LinkState.WAITING, LinkState.DROPPED)
            outcome = AnswerOutcome.SETTLED if sent else AnswerOutcome.UNKNOWN
            unused.append(
                AnswerLine(
                    file=file,
                    number=row.line,
                    reference=row.reference,
                    outcome=outcome,
                    error_code=code,
                    message=message,
                )  # fmt: skip
            )
            counts[outcome] += 1
            continue
        accepted = values["state"] == "accepted"
        line.state = LinkState.ACCEPTED if accepted else LinkState.REJECTED
        line.error_code, line.message = ("", "") if accepted else (code, message)
        line.answered_date = date.fromisoformat(values["answered_date"]) if values.get("answered_date") else None
        line.save(update_fields=["state", "error_code", "message", "answered_date"])
        counts[AnswerOutcome.ACCEPTED if accepted else AnswerOutcome.REJECTED] += 1
    AnswerLine.objects.bulk_create(unused)
    told = {str(code): count for code, count in counts.items()}
    file.counts = dict(Counter(file.counts) + Counter(told))
    finished = start + len(rows) >= len(everything)
    if finished:
        file.state = AnswerState.READ
    file.save(update_fields=["counts", "state"])
    return Read(start + len(rows), len(rows), told, finished)


def _follow_fetched() -> None:
    """Batches whose file was fetched without anybody recording it wait for answers as well."""
    for batch in LinkBatch.objects.filter(state=LinkBatchState.ASKED):
        if queries.fetched_at(batch) is not None:
            follow(batch_id=batch.pk)
