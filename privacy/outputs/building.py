"""The job that makes a file: freeze the people, build rows part by part, assemble once.

Killed anywhere it goes on from the last part; a request has bytes and a digest only when the last chunk committed.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from kumiai.accounts.queries import staff_by_id
from kumiai.jobs.kinds import Chunk
from kumiai.jobs.models import Job
from kumiai.tabular.writing import csv_bytes, replacements
from privacy.outputs import queries
from privacy.outputs.characters import missing_in
from privacy.outputs.door import pass_people, pass_rows, stored_value, unregistered_rows
from privacy.outputs.enums import Encoding, FileFormat, OutputState, Removal
from privacy.outputs.kinds import Document, FileKind, Footer, Order, Row, kind_of
from privacy.outputs.models import Output
from privacy.outputs.people import people
from privacy.outputs.rules.filenames import filename
from privacy.outputs.rules.records import duty_to_record
from privacy.seen import population, shown

PART = 1000
SUBJECT_BATCH = 5000


def _output_of(job: Job) -> Output:
    """The request, locked: somebody who withdraws it waits for the end of this chunk."""
    rows = Output.objects.select_for_update(of=("self",)).select_related("recipient", "agreement")
    return rows.get(pk=job.parameters["output"])


def freeze(job: Job) -> int:
    """Fix who goes out, in parts of up to 1,000; how many. Asked once, in the job's first transaction."""
    output = _output_of(job)
    kind = kind_of(output.file_kind)
    passed = pass_people(kind, queries.order_of(output, timezone.localdate()))
    part = queries.shelf_models(kind)[0]
    part.objects.bulk_create(
        part(output=output, number=number, members=list(passed.members[start : start + PART]))
        for number, start in enumerate(range(0, len(passed.members), PART))
    )
    Output.objects.filter(pk=output.pk).update(removed=_counts(passed.removed))
    population(kind.title, len(passed.members))
    return len(passed.members)


def _counts(removed: Mapping[Removal, int]) -> dict[str, int]:
    return {str(reason.value): count for reason, count in removed.items() if count}


def chunk(job: Job, position: Any, stop: Callable[[], bool]) -> Chunk:
    """One part, or after the last one the file itself."""
    output = _output_of(job)
    kind = kind_of(output.file_kind)
    number = position or 0
    if output.state != OutputState.PREPARING:
        return Chunk(number + 1, 0, finished=True)  # withdrawn meanwhile
    order = queries.order_of(output, timezone.localdate())
    part = queries.shelf_models(kind)[0].objects.filter(output=output.pk, number=number).first()
    if part is None:
        assemble(output, kind, order, timezone.localtime())
        return Chunk(number + 1, 0, finished=True)
    if not kind.counts_only:
        rows, dropped = pass_rows(kind, order, kind.build(order, part.members), part.members)
        part.rows = [_staged(kind, order, row) for row in rows]
        part.save(update_fields=["rows"])
        shown(member for row in rows for member in row.members)
        _add_removed(output, dropped)
    population(kind.title, len(part.members))
    return Chunk(number + 1, len(part.members))


def _staged(kind: FileKind, order: Order, row: Row) -> list[Any]:
    cells = [stored_value(row.values.get(column.code)) for column in kind.chosen(order.columns)]
    return [row.member_id, list(row.also), cells]


def _add_removed(output: Output, dropped: Mapping[Removal, int]) -> None:
    if dropped:
        total = Counter(output.removed) + Counter(_counts(dropped))
        Output.objects.filter(pk=output.pk).update(removed=dict(total))


def _rows(kind: FileKind, output: Output, order: Order) -> list[Row]:
    """Every row of the file, from the parts; a statistic is counted now, over all the people that stayed."""
    parts = list(queries.shelf_models(kind)[0].objects.filter(output=output.pk).order_by("number"))
    if kind.counts_only:
        members = [member for part in parts for member in part.members]
        made = list(kind.build(order, members)) if members else []
        return pass_rows(kind, order, made, members)[0]
    codes = [column.code for column in kind.chosen(order.columns)]
    return [
        Row(member, dict(zip(codes, cells, strict=True)), tuple(also))
        for part in parts
        for member, also, cells in part.rows
    ]


def _unregistered(kind: FileKind, order: Order) -> list[Row]:
    """The rows about people who are not in the register, with the chosen columns, as the others are staged."""
    codes = [column.code for column in kind.chosen(order.columns)]
    return [
        Row(None, {code: stored_value(row.values.get(code)) for code in codes})
        for row in unregistered_rows(kind, order)
    ]


def assemble(output: Output, kind: FileKind, order: Order, at: datetime) -> None:
    """Make the bytes, keep them with their digest and whom they are about, and offer them, in one transaction."""
    part, content, subject = queries.shelf_models(kind)
    rows = _rows(kind, output, order)
    apart = _unregistered(kind, order)
    rows += apart
    part.objects.filter(output=output.pk).delete()
    if not rows:
        Output.objects.filter(pk=output.pk).update(state=OutputState.EMPTY, built_at=at, row_count=0, subject_count=0)
        return
    document = _document(output, kind, order, rows, at)
    body = render(kind, document)
    lost = []
    if order.format == FileFormat.CSV and order.encoding == Encoding.CP932:
        lost = [[r.character, r.instead, r.count] for r in replacements(_cells(document))]
    elif order.format == FileFormat.PDF:
        lost = [[missing.sign, missing.instead, missing.rows] for missing in missing_in(order, rows)]
    content.objects.create(output=output, body=body, replaced=lost)
    ids = sorted({member for row in rows for member in row.members})
    _keep_subjects(subject, output, ids)
    second_person, days = output.second_person, queries.setting_of(kind)[1]
    Output.objects.filter(pk=output.pk).update(
        state=OutputState.WAITING if second_person else OutputState.READY,
        built_at=at,
        expires_at=at + timedelta(days=days),
        row_count=len(rows),
        unregistered_count=len(apart),
        subject_count=len(ids),
        digest=hashlib.sha256(body).hexdigest(),
        size=len(body),
        replaced_count=sum(entry[2] for entry in lost),
        filename=kind.named(order) if kind.named else _filename(output, document),
    )
    shown(ids)
    population(kind.title, len(rows))


def _document(output: Output, kind: FileKind, order: Order, rows: list[Row], at: datetime) -> Document:
    staff = staff_by_id([output.requested_by_id])[output.requested_by_id]
    footer = Footer(
        number=output.pk,
        activity=kind.activity.title,
        purposes=tuple(kind.activity.labels),
        recipient=order.addressee.name,
        staff=f"{staff.staff_number} {staff.name}",
        at=at,
        count=len(rows),
        unit=kind.unit,
    )
    removed = {Removal(reason): count for reason, count in Output.objects.get(pk=output.pk).removed.items()}
    return Document(kind.title, order, kind.chosen(order.columns), rows, footer, removed)


def _cells(document: Document) -> list[list[Any]]:
    return [[row.values.get(column.code) for column in document.columns] for row in document.rows]


def render(kind: FileKind, document: Document) -> bytes:
    """The bytes: by the wing's renderer, or the door's own CSV with its foot."""
    renderer = kind.formats[document.order.format]
    if renderer is not None:
        return renderer(document)
    head = [column.title for column in document.columns]
    return csv_bytes(
        head,
        _cells(document),
        foot=[document.footer.line],
        encoding="cp932" if document.order.encoding == Encoding.CP932 else "utf8",
    )


def _filename(output: Output, document: Document) -> str:
    staff_number = document.footer.staff.split(" ", 1)[0]
    return filename(
        number=output.pk,
        title=document.title,
        recipient_code=document.order.addressee.code,
        activity=document.footer.activity,
        staff_number=staff_number,
        at=document.footer.at,
        count=document.footer.count,
        unit=document.footer.unit,
        extension=document.order.format.value,
    )


def _keep_subjects(subject: Any, output: Output, ids: list[int]) -> None:
    """Whom the file is about; with number and name where the law asks for them in the record (規則20条1項1号ハ)."""
    names: Mapping[int, Any] = {}
    recipient = output.recipient
    if recipient is not None:
        duty = duty_to_record(
            recipient_kind=recipient.kind,
            basis=output.basis,
            public_body=recipient.public_body,
            abroad=recipient.abroad,
        )
        if duty.due:
            names = people().named(ids)
    subject.objects.bulk_create(
        (
            subject(output=output, member_id=member, designation=names[member].line if member in names else "")
            for member in ids
        ),
        batch_size=SUBJECT_BATCH,
    )
