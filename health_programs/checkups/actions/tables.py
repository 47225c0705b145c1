"""CSV of results: received with an institution's map, read line by line, read again after the map was put right."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from health_programs.checkups import policies
from health_programs.checkups.actions.results import problem_rows
from health_programs.checkups.actions.staging import DOCUMENTS, TOTALS, Read, Staged, stage
from health_programs.checkups.activities import CHECKUP_ADMINISTRATION
from health_programs.checkups.enums import ArchiveState, DocumentOutcome, Source
from health_programs.checkups.files.reconcile import compare_lines
from health_programs.checkups.files.result_csv import Opened, RowReader, open_sheet
from health_programs.checkups.models import ArchiveContent, ArchiveDocument, ResultArchive, ResultMap
from health_programs.checkups.policies import UnableToMove
from health_programs.checkups.queries import results as queries
from kumiai.jobs.actions import start_job
from kumiai.tabular.reading import LIMITS
from kumiai.ui.uploads import plain_name
from privacy.seen import population

READ = "checkups.read_archive"
CHUNK = 500


@transaction.atomic
def receive_table(
    *, by: Any, name: str, body: bytes, received_date: date, result_map: ResultMap, announced: int | None = None
) -> ResultArchive:
    """CSVを受け付ける: keep the bytes and begin to read them by the map. What the map does not fit is kept with the reason.

    Raises UnableToMove where exactly these bytes were taken before, or the map is no longer used.
    """
    policies.check_map_in_use(result_map)
    if len(body) > LIMITS.file_bytes:
        raise UnableToMove(f"CSVは{LIMITS.file_bytes // 1024 // 1024}MBまでです。分けて取り込んでください。")
    digest = hashlib.sha256(body).hexdigest()
    known = ResultArchive.objects.filter(digest=digest).count()
    population("受け付け済みのファイル", known)
    if known:
        raise UnableToMove("同じ内容のファイルを受け付け済みです。一覧から前の取り込みを開き、読み直してください。")
    made = ResultArchive(
        source=Source.CSV,
        name=plain_name(name, otherwise="名前のないファイル"),
        size=len(body),
        digest=digest,
        received_date=received_date,
        announced=announced,
        uploaded_by_id=by.pk,
    )
    opened = _opened(made, result_map, body)
    made.save()
    ArchiveContent.objects.create(archive=made, body=body)
    return _begin(made, opened, by)


@transaction.atomic
def read_again(*, by: Any, archive_id: int, result_map: ResultMap) -> ResultArchive:
    """読み直す: the lines that were wrong are read once more, by this map. What was taken stays as it is.

    Raises UnableToMove for an archive, and while the file is being read.
    """
    row = ResultArchive.objects.select_for_update(of=("self",)).get(pk=archive_id)
    policies.check_can_read_again(row)
    policies.check_map_in_use(result_map)
    opened = _opened(row, result_map, queries.bytes_of(row.pk))
    row.save()
    return _begin(row, opened, by)


def _opened(row: ResultArchive, result_map: ResultMap, body: bytes) -> Opened:
    """Look at the whole file by a map, and say so in the row."""
    shape = result_map.shape
    opened = open_sheet(body, shape, row.name)
    row.result_map = result_map
    row.problem, row.notes, row.state = [], problem_rows(opened.notes), ArchiveState.RECEIVED
    if not opened.problem:
        rows = opened.rows(line=opened.first_line, number=opened.first_number, width=shape.width)
        row.documents = sum(1 for _row in rows)
        if not row.documents:
            opened.problem = ["見出しのほかに、行がありません。", "結果の入ったファイルを受け取ってください。"]
    if opened.problem:
        row.problem, row.state = opened.problem, ArchiveState.UNREADABLE
    return opened


def _begin(row: ResultArchive, opened: Opened, by: Any) -> ResultArchive:
    if not opened.problem:
        row.state = ArchiveState.READING
        row.job = start_job(kind=READ, parameters={"archive": row.pk}, activity_code=CHECKUP_ADMINISTRATION.code, by=by)
        row.save(update_fields=["state", "job"])
    return row


def read_lines(row: ResultArchive, *, by_id: int, position: Sequence[int] | None, limit: int = CHUNK) -> Read:
    """The next rows of a table, kept together with the position; a chunk done twice keeps nothing twice.

    position: DOCUMENTS, the line to go on from, the number of the row before it. Lines taken before are left alone.
    """
    assert row.result_map is not None
    if position is not None and position[0] == TOTALS:
        _finish(row)
        return Read([TOTALS, 1], 0, finished=True)
    shape = row.result_map.shape
    opened = open_sheet(queries.bytes_of(row.pk), shape, row.name)
    line, number = (position[1], position[2]) if position else (opened.first_line, opened.first_number)
    rows = list(islice(opened.rows(line=line, number=number, width=shape.width), limit))
    if not rows:
        return Read([TOTALS, 0], 0)
    standing = _standing(row, rows[0].number, rows[-1].number)
    place = row.result_map.institution
    reader = RowReader(
        shape, institution=(place.code, place.name), insurers=[settings.ASSOCIATION["insurer_number"]],
        received=row.received_date,
    )  # fmt: skip
    read = [reader.read(one) for one in rows if one.number not in standing]
    staged = [Staged(one.number, f"{one.number}行目", one.submission, one.problems) for one in read]
    counts = stage(row, staged, by_id=by_id, source=Source.CSV)
    last = rows[-1]
    return Read([DOCUMENTS, last.line - 1 + last.used, last.number], len(rows), counts)


def _standing(row: ResultArchive, first: int, last: int) -> set[int]:
    """Rows that were taken when the file was read before; the wrong ones among them are thrown away, to be read anew."""
    lines = ArchiveDocument.objects.filter(archive=row, number__range=(first, last))
    lines.filter(outcome=DocumentOutcome.FAILED).delete()
    found = set(lines.values_list("number", flat=True))
    population("読み取り済みの行", len(found))
    return found


def _finish(row: ResultArchive) -> None:
    """Lines of the file against what became of them and against what the sender announced."""
    row.counts = queries.line_counts(row.pk)
    row.notes = [*row.notes, *problem_rows(compare_lines(row.documents, sum(row.counts.values()), row.announced))]
    row.state, row.read_at = ArchiveState.READ, timezone.now()
    row.save(update_fields=["notes", "counts", "state", "read_at"])
