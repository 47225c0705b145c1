"""取り込み: a CSV read and checked line by line, shown, then applied by a job; the same file once."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from django.db import transaction

from kumiai.jobs.actions import start_job
from kumiai.ui.uploads import plain_name
from members.enrollment.queries import find_by_number
from members.remuneration.actions.deciding import Set, set_standard
from members.remuneration.activities import STANDARD_REMUNERATION
from members.remuneration.enums import FileState, Outcome
from members.remuneration.files.decisions import read_decisions
from members.remuneration.models import RemunerationFile, RemunerationLine, StandardRemuneration
from members.remuneration.policies import UnableToSet

CHECK, APPLY = "remuneration.check", "remuneration.apply"
MOST_LINES = 20_000
CHUNK = 200


@transaction.atomic
def receive_file(*, by: Any, name: str, body: bytes, today: date) -> RemunerationFile:
    """Take in a file: a job checks every line, nothing is applied. The same bytes again give the file that stands.

    Raises UnableToSet for a file of which nothing can be read.
    """
    digest = hashlib.sha256(body).hexdigest()
    known = RemunerationFile.objects.filter(digest=digest).first()
    if known is not None:
        return known
    found = read_decisions(body)
    if found.problem:
        raise UnableToSet(found.problem)
    if not found.lines:
        raise UnableToSet("見出しの下に行がありません。")
    if len(found.lines) > MOST_LINES:
        raise UnableToSet(f"{len(found.lines):,}行あります。{MOST_LINES:,}行までに分けてください。")
    file = RemunerationFile.objects.create(
        name=plain_name(name, otherwise="標準報酬.csv"),
        digest=digest,
        line_count=len(found.lines),
        received_by_id=by.pk,
    )
    job = start_job(kind=CHECK, parameters={"file": file.pk}, activity_code=STANDARD_REMUNERATION.code, by=by)
    file.job_id = job.pk
    file.save(update_fields=["job_id"])
    RemunerationLine.objects.bulk_create(
        [
            RemunerationLine(
                file=file, line=line.line, values=line.values, sentence="　".join(line.problems)[:400],
                outcome=Outcome.ERROR if line.problems else Outcome.WAITING,
            )
            for line in found.lines
        ],
        batch_size=2_000,
    )  # fmt: skip
    return file


@transaction.atomic
def check_some(*, file_id: int, today: date) -> tuple[int, dict[str, int]]:
    """The next lines looked at: how many, and counts. When none waits, the file is ready to be applied."""
    file = RemunerationFile.objects.select_for_update().get(pk=file_id)
    rows = list(RemunerationLine.objects.filter(file=file, outcome=Outcome.WAITING).order_by("line")[:CHUNK])
    if not rows:
        if file.state == FileState.CHECKING:
            file.state = FileState.CHECKED
            file.save(update_fields=["state"])
        return 0, {}
    counts: dict[str, int] = {}
    for row in rows:
        _check(row, today)
        row.save(update_fields=["member", "outcome", "sentence"])
        counts[row.outcome] = counts.get(row.outcome, 0) + 1
    return len(rows), counts


def _check(row: RemunerationLine, today: date) -> None:
    """Try what the import would do with a line, and take it back."""
    row.outcome = Outcome.ERROR
    member = find_by_number(row.values["symbol"], row.values["number"])
    if member is None:
        row.sentence = "記号・番号：この番号の被保険者はいません。番号を確かめてください。"
        return
    row.member = member
    first = date.fromisoformat(row.values["first"])
    twin = RemunerationLine.objects.filter(
        file_id=row.file_id, member=member, line__lt=row.line, values__first=row.values["first"]
    ).exclude(outcome=Outcome.ERROR).first()  # fmt: skip
    if twin is not None:
        row.sentence = f"{twin.line}行目と同じ人の同じ日です。どちらか一方にしてください。"
        return
    standing = StandardRemuneration.objects.filter(member=member, cancelled=False, period__startswith=first).first()
    try:
        with transaction.atomic():
            set_standard(by=None, given=_set(row), today=today)
            raise _Tried
    except _Tried:
        row.outcome = Outcome.SAME if standing is not None else Outcome.NEW
    except UnableToSet as unable:
        row.sentence = str(unable)[:400]


class _Tried(Exception):
    """The check did what the import would do; it is taken back."""


def _set(row: RemunerationLine) -> Set:
    values = row.values
    return Set(
        member_id=row.member_id or 0, first=date.fromisoformat(values["first"]), remuneration=int(values["remuneration"]),
        decision=values["decision"], grade=int(values["grade"]) if values.get("grade") else None,
    )  # fmt: skip


@transaction.atomic
def start_apply(*, by: Any, file_id: int) -> RemunerationFile:
    """登録を始める: the good lines, by a job. Pressed twice it starts once."""
    file = RemunerationFile.objects.select_for_update().get(pk=file_id)
    if file.state in (FileState.APPLYING, FileState.APPLIED):
        return file
    if file.state == FileState.CHECKING:
        raise UnableToSet("まだ確かめています。終わってから登録してください。")
    if file.state == FileState.DISCARDED:
        raise UnableToSet("取りやめた取り込みです。ファイルを直して、取り込み直してください。")
    if RemunerationLine.objects.filter(file=file, outcome=Outcome.NEW).first() is None:
        raise UnableToSet("登録できる新しい決定の行がありません。")
    job = start_job(kind=APPLY, parameters={"file": file.pk}, activity_code=STANDARD_REMUNERATION.code, by=by)
    file.state, file.job_id = FileState.APPLYING, job.pk
    file.save(update_fields=["state", "job_id"])
    return file


@transaction.atomic
def discard_file(*, by: Any, file_id: int) -> RemunerationFile:
    """取りやめる, before anything was applied."""
    file = RemunerationFile.objects.select_for_update().get(pk=file_id)
    if file.state not in (FileState.CHECKED, FileState.CHECKING):
        raise UnableToSet("登録を始めた取り込みは、取りやめられません。")
    file.state = FileState.DISCARDED
    file.save(update_fields=["state"])
    return file


@transaction.atomic
def apply_some(*, file_id: int, after: int, today: date) -> tuple[int | None, int, dict[str, int]]:
    """The next lines: (the last line applied or None, how many, counts). Each line stands for itself."""
    rows = list(
        RemunerationLine.objects.filter(file_id=file_id, outcome=Outcome.NEW, line__gt=after)
        .select_related("member").order_by("line")[:CHUNK]
    )  # fmt: skip
    counts: dict[str, int] = {}
    for row in rows:
        try:
            with transaction.atomic():
                set_standard(by=None, given=_set(row), today=today)
            row.outcome = Outcome.APPLIED
        except UnableToSet as unable:
            row.outcome, row.sentence = Outcome.ERROR, str(unable)[:400]
        row.save(update_fields=["outcome", "sentence"])
        counts[row.outcome] = counts.get(row.outcome, 0) + 1
    if not rows:
        RemunerationFile.objects.filter(pk=file_id).update(state=FileState.APPLIED)
        return None, 0, counts
    return rows[-1].line, len(rows), counts
