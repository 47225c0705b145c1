"""Reads of the import: files, lines, maps. Without side effects."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from members.enrollment.queries import named_members, whom_to_ask
from members.intake.enums import FileState, Outcome
from members.intake.models import ColumnMap, ImportContent, ImportFile, ProtectedStagedRow, StagedRow
from privacy.scope import population

PAGE = 50


@dataclass(frozen=True)
class FilePage:
    """A page of imports, newest first."""

    files: list[ImportFile]
    total: int
    page: int
    pages: int
    known: bool


def file_list(*, kind: str = "", state: str = "", page: int = 1) -> FilePage:
    """取り込みの一覧. `known`: whether there is any at all. Three statements."""
    every = ImportFile.objects.all()
    wanted = every
    if kind:
        wanted = wanted.filter(kind=kind)
    if state == "open":
        wanted = wanted.exclude(state__in=[FileState.APPLIED, FileState.GIVEN_UP])
    elif state:
        wanted = wanted.filter(state=state)
    total = wanted.count()
    population("intake.files", total)
    pages = max(1, -(-total // PAGE))
    page = min(max(page, 1), pages)
    files = list(wanted.select_related("employer", "job").order_by("-pk")[(page - 1) * PAGE : page * PAGE])
    return FilePage(files, total, page, pages, bool(total) or every.exists())


def file_of(pk: int) -> ImportFile | None:
    return ImportFile.objects.select_related("employer", "job", "column_map", "replaces").filter(pk=pk).first()


def bytes_of(file: ImportFile) -> bytes:
    """What came, byte for byte."""
    return bytes(ImportContent.objects.get(import_file=file).body)


def same_bytes(digest: str, kind: str) -> ImportFile | None:
    """The last import of the very same file as the same kind that was not given up."""
    found = ImportFile.objects.filter(digest=digest, kind=kind).exclude(
        state__in=[FileState.GIVEN_UP, FileState.UNREADABLE]
    )
    return found.order_by("-pk").first()


def column_maps() -> QuerySet[ColumnMap]:
    """Every saved map, by kind and name."""
    return ColumnMap.objects.order_by("kind", "title")


@dataclass(frozen=True)
class Line:
    """A line as one clerk may see it. Of a protected person only whom to ask, unless the clerk is named."""

    row: StagedRow
    hidden: bool
    whom: str = ""


@dataclass(frozen=True)
class LinePage:
    lines: list[Line]
    total: int
    page: int
    pages: int


def _matching(file: ImportFile, outcomes: Iterable[str]) -> QuerySet[StagedRow]:
    return StagedRow.objects.filter(import_file=file, outcome__in=list(outcomes))


def line_page(
    file: ImportFile, outcomes: Iterable[str], *, page: int, user_id: int, today: Any, size: int = PAGE
) -> LinePage:
    """Lines of these outcomes in the order of the file. At most five statements, however many lines."""
    wanted = _matching(file, outcomes)
    total = wanted.count()
    population("intake.lines", total)
    pages = max(1, -(-total // size))
    page = min(max(page, 1), pages)
    rows = list(wanted.select_related("member").order_by("number")[(page - 1) * size : page * size])
    return LinePage(as_seen(rows, user_id=user_id, today=today), total, page, pages)


def as_seen(rows: list[StagedRow], *, user_id: int, today: Any) -> list[Line]:
    """The lines with the contents of protected people filled in for named clerks, and veiled for the others."""
    contents = {
        one.row_id: one for one in ProtectedStagedRow.objects.filter(row_id__in=[r.pk for r in rows if r.protected])
    }
    # Whoever became protected after the check is veiled all the same, though the line stands in the open table.
    since = {row.pk: row.member_id for row in rows if row.member is not None and row.member.protected}
    guards = sorted({one.member_id for one in contents.values()} | {pk for pk in since.values() if pk is not None})
    named = named_members(user_id, guards) if guards else set()
    ask = whom_to_ask(guards, today) if guards else {}
    lines = []
    for row in rows:
        kept = contents.get(row.pk)
        guard = kept.member_id if kept is not None else since.get(row.pk)
        if guard is None:
            lines.append(Line(row, hidden=row.protected))
        elif guard in named:
            if kept is not None:
                fill(row, kept)
            lines.append(Line(row, hidden=False))
        else:
            lines.append(Line(row, hidden=True, whom=ask.get(guard, "")))
    return lines


def fill(row: StagedRow, kept: ProtectedStagedRow) -> None:
    """Put the contents of a protected person into the line in memory; it is never saved so."""
    row.raw, row.values, row.differences, row.corrected = kept.raw, kept.values, kept.differences, kept.corrected
    # What became of the line when it was applied stands in the open table alone.
    row.messages = kept.messages or row.messages


def line_of(file_id: int, number: int) -> StagedRow | None:
    return (
        StagedRow.objects.select_related("import_file", "member").filter(import_file_id=file_id, number=number).first()
    )


def counts_of(file: ImportFile) -> tuple[dict[str, int], int]:
    """Outcome → lines, and how many were applied. One statement."""
    found = (
        StagedRow.objects.filter(import_file=file)
        .values("outcome")
        .annotate(lines=Count("pk"), applied=Count("pk", filter=Q(applied_at__isnull=False)))
    )
    rows = list(found.order_by())
    counts = {row["outcome"]: row["lines"] for row in rows}
    population("intake.lines", sum(counts.values()))
    return counts, sum(row["applied"] for row in rows)


def error_lines(file: ImportFile) -> list[StagedRow]:
    """Every line with an error, in the order of the file."""
    rows = StagedRow.objects.filter(import_file=file, outcome=Outcome.ERROR)
    return list(rows.only("number", "messages", "member_id", "protected").order_by("number"))
