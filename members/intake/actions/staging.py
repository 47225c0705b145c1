"""Writing lines: what each says and would do, by COPY; of protected people apart."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from members.intake.models import ImportFile, ProtectedStagedRow, StagedRow
from privacy.scope import population

COLUMNS = (
    "import_file_id number step identity raw values differences messages operations outcome member_id member_version "
    "protected corrected"
).split()
MOST_IDENTITY = 200
VEILED_REMEDY = "指名された担当者が内容を確かめられます。"


@dataclass
class Staged:
    """One line to be written; the fields of `StagedRow`. guard: the protected person it is about, or None."""

    number: int
    outcome: str
    step: int = 0
    identity: str = ""
    raw: list[str] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)
    differences: list[list[str]] = field(default_factory=list)
    messages: list[list[str]] = field(default_factory=list)
    operations: tuple[str, ...] = ()
    member_id: int | None = None
    member_version: int | None = None
    guard: int | None = None

    def open_part(self) -> tuple[Any, ...]:
        """What stands in the open table; of a protected person nothing they wrote."""
        kept = self.guard is None
        return (
            _json(self.raw if kept else []),
            _json(self.values if kept else {}),
            _json(self.differences if kept else []),
            _json(self.messages if kept else veiled(self.messages)),
        )


def veiled(messages: Sequence[Sequence[str]]) -> list[list[str]]:
    """The messages without a value in them: neither the cell nor a sentence that repeats it."""
    return [[column, title, "", general, VEILED_REMEDY, general] for column, title, _v, _w, _r, general in messages]


def storable(text: str) -> str:
    """NUL is no character of PostgreSQL: a line that holds one is an error, is only shown, and is still compared."""
    return text.replace("\0", "␀")


_encode = json.JSONEncoder(ensure_ascii=False).encode


def _json(value: Any) -> str:
    return _encode(value).replace("\\u0000", "␀") if value else "[]" if isinstance(value, list) else "{}"


def write_lines(file: ImportFile, lines: Sequence[Staged]) -> None:
    """Two statements and COPY, however many lines."""
    if not lines:
        return
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY intake_stagedrow ({', '.join(COLUMNS)}) FROM STDIN") as copy,
    ):
        for line in lines:
            copy.write_row(
                (file.pk, line.number, line.step, line.identity[:MOST_IDENTITY], *line.open_part(),
                 "{" + ",".join(line.operations) + "}", line.outcome, line.member_id, line.member_version,
                 line.guard is not None, "{}")
            )  # fmt: skip
    population("intake.staged", len(lines))
    apart = {line.number: (line, line.guard) for line in lines if line.guard is not None}
    if apart:
        ids = dict(StagedRow.objects.filter(import_file=file, number__in=list(apart)).values_list("number", "pk"))
        ProtectedStagedRow.objects.bulk_create(
            ProtectedStagedRow(
                row_id=ids[number], member_id=guard, raw=json.loads(_json(line.raw)),
                values=json.loads(_json(line.values)), differences=json.loads(_json(line.differences)),
                messages=json.loads(_json(line.messages)),
            )
            for number, (line, guard) in apart.items()
        )  # fmt: skip


def clear_lines(file: ImportFile) -> None:
    """Throw the lines away: they are made anew from the bytes, or not needed any more."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM intake_protectedstagedrow p USING intake_stagedrow s WHERE p.row_id = s.id AND s.import_file_id = %s",
            [file.pk],
        )
        cursor.execute("DELETE FROM intake_stagedrow WHERE import_file_id = %s", [file.pk])
        population("intake.cleared", max(cursor.rowcount, 0))
