"""結果ファイルの取り込み: the bytes kept as they came, read document by document, invoices matched with results."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone

from health_programs.checkups.actions.results import problem_rows, take
from health_programs.checkups.enums import ArchiveState, DocumentOutcome, InvoiceState, ResultState, Source
from health_programs.checkups.files.archive import Archive, Kind, open_archive
from health_programs.checkups.files.checkup_xml import read_document
from health_programs.checkups.files.claim_xml import read_claim
from health_programs.checkups.files.documents import Claim, Problem
from health_programs.checkups.files.package import open_package
from health_programs.checkups.files.reconcile import Counted, compare
from health_programs.checkups.models import (
    ArchiveContent,
    ArchiveDocument,
    ContractPrice,
    Invoice,
    ResultArchive,
    SubmittedIdentity,
)
from health_programs.checkups.policies import UnableToMove
from health_programs.checkups.queries import results as queries
from kumiai.jobs.actions import start_job
from privacy.seen import population

READ = "checkups.read_archive"
CHUNK = 200
DOCUMENTS, CLAIMS, TOTALS = 0, 1, 2


@dataclass
class Read:
    """What one chunk did; position as the job stores it."""

    position: list[int]
    done: int
    counts: dict[str, int] = field(default_factory=dict)
    finished: bool = False


def safe_name(name: str) -> str:
    """The name of a file as it is shown: without folders and control characters."""
    last = re.split(r"[\\/]", name)[-1]
    return re.sub(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]", "", last).strip()[-200:] or "名前のないファイル"


@transaction.atomic
def receive(*, by: Any, name: str, body: bytes, received_date: date) -> ResultArchive:
    """ファイルを受け付ける: keep the bytes and begin to read. An archive that cannot be opened is kept with the reason.

    Raises UnableToMove where exactly these bytes were taken before.
    """
    from health_programs.checkups.activities import CHECKUP_ADMINISTRATION

    digest = hashlib.sha256(body).hexdigest()
    if ResultArchive.objects.filter(digest=digest).exists():
        raise UnableToMove("同じ内容のファイルを受け付け済みです。一覧から、前の取り込みを開いてください。")
    shown_name = safe_name(name)
    package = open_package(body, shown_name, insurers=[settings.ASSOCIATION["insurer_number"]])
    made = ResultArchive(
        source=Source.XML,
        name=shown_name,
        size=len(body),
        digest=digest,
        received_date=received_date,
        documents=len(package.archive.of(Kind.DOCUMENT)),
        notes=problem_rows(package.problems) if package.readable else [],
        uploaded_by_id=by.pk,
    )
    if not package.readable:
        made.state = ArchiveState.UNREADABLE
        first = package.problems[0]
        made.problem = [first.what, first.remedy]
    package.close()
    made.save()
    ArchiveContent.objects.create(archive=made, body=body)
    if made.state != ArchiveState.UNREADABLE:
        made.state = ArchiveState.READING
        made.job = start_job(
            kind=READ, parameters={"archive": made.pk}, activity_code=CHECKUP_ADMINISTRATION.code, by=by
        )
        made.save(update_fields=["state", "job"])
    return made


def documents_in(archive_id: int) -> int:
    """How many files of results and claims an archive holds."""
    archive = open_archive(queries.bytes_of(archive_id), "")
    with archive:
        return len(archive.of(Kind.DOCUMENT)) + len(archive.of(Kind.CLAIM))


@transaction.atomic
def read_some(*, archive_id: int, by: Any, position: Sequence[int] | None, limit: int = CHUNK) -> Read:
    """The next files of an archive, kept together with the position; a chunk done twice keeps nothing twice."""
    phase, start = position or (DOCUMENTS, 0)
    row = ResultArchive.objects.select_for_update(of=("self",)).get(pk=archive_id)
    archive = open_archive(queries.bytes_of(archive_id), row.name)
    with archive:
        if phase == DOCUMENTS:
            done, counts = _documents(row, archive, start, limit, by)
            more = start + done < len(archive.of(Kind.DOCUMENT))
            return Read([DOCUMENTS, start + done] if more else [CLAIMS, 0], done, counts)
        if phase == CLAIMS:
            done = _claims(row, archive, start, limit)
            more = start + done < len(archive.of(Kind.CLAIM))
            return Read([CLAIMS, start + done] if more else [TOTALS, 0], done)
    _finish(row)
    return Read([TOTALS, 1], 0, finished=True)


def _documents(row: ResultArchive, archive: Archive, start: int, limit: int, by: Any) -> tuple[int, dict[str, int]]:
    members = archive.of(Kind.DOCUMENT)[start : start + limit]
    own = [settings.ASSOCIATION["insurer_number"]]
    lines: list[ArchiveDocument] = []
    good, places = [], []
    for place, member in enumerate(members, start=start + 1):
        data = archive.read(member)
        problems: Sequence[Problem]
        submission = None
        if isinstance(data, Problem):
            problems = (data,)
        else:
            read = read_document(data, member.file, insurers=own)
            submission, problems = read.submission, read.problems
        line = ArchiveDocument(
            archive=row, number=place, name=member.file[:200], outcome=DocumentOutcome.FAILED,
            problems=problem_rows(problems),
        )  # fmt: skip
        lines.append(line)
        if submission is not None:
            good.append(submission)
            places.append(line)
    for line, taken in zip(places, take(by_id=by.pk, submissions=good), strict=True):
        line.outcome, line.result = taken.outcome, taken.result
        line.problems = [*line.problems, *taken.problems]
    ArchiveDocument.objects.bulk_create(lines)
    counts: dict[str, int] = {}
    for line in lines:
        counts[str(line.outcome)] = counts.get(str(line.outcome), 0) + 1
    return len(members), counts


def _claims(row: ResultArchive, archive: Archive, start: int, limit: int) -> int:
    members = archive.of(Kind.CLAIM)[start : start + limit]
    made, problems = [], []
    for member in members:
        data = archive.read(member)
        if isinstance(data, Problem):
            problems.append(data)
            continue
        claim, _lines, by_other, found = read_claim(data, member.file)
        problems += found
        if claim is not None:
            made.append(_invoice(row, member.file, claim, by_other))
    Invoice.objects.bulk_create(made)
    if problems:
        row.notes = [*row.notes, *problem_rows(problems)]
        row.save(update_fields=["notes"])
    return len(members)


def _invoice(row: ResultArchive, name: str, claim: Claim, by_other: int) -> Invoice:
    """An invoice with the result it belongs to: same place, number, birth date and reading, of this archive or before."""
    identity = claim.identity
    found = (
        SubmittedIdentity.objects.select_related("result")
        .filter(
            number=identity.number, symbol=identity.symbol, birth_date=identity.birth_date, kana=identity.kana,
            result__institution_code=claim.institution_code,
        )
        .exclude(result__state=ResultState.WITHDRAWN)
        .order_by("-result__exam_date", "-pk")
        .first()
    )  # fmt: skip
    invoice = Invoice(
        archive=row, name=name[:200], institution_code=claim.institution_code, unit_price=claim.unit_price,
        copayment=claim.copayment, by_other=by_other, claimed=claim.claimed, state=InvoiceState.NO_RESULT,
        exam_date=claim.exam_date,
    )  # fmt: skip
    if found is None:
        return invoice
    result = found.result
    invoice.result, invoice.member_id, invoice.exam_date = result, result.member_id, result.exam_date
    invoice.state = InvoiceState.MATCHED
    price = (
        ContractPrice.objects.filter(
            institution__code=claim.institution_code, kind__statutory=True, period__contains=result.exam_date
        )
        .order_by("kind__order", "pk")
        .first()
    )
    if price is not None:
        invoice.contracted = price.price
        if claim.unit_price != price.price:
            invoice.state = InvoiceState.PRICE_DIFFERS
    if Invoice.objects.filter(result=result).exists():
        invoice.state = InvoiceState.TWICE
    return invoice


def _finish(row: ResultArchive) -> None:
    """The totals of the sender against what lay in the archive; what became of everything."""
    package = open_package(queries.bytes_of(row.pk), row.name)
    claims = len(package.archive.of(Kind.CLAIM))
    sums = Invoice.objects.filter(archive=row).aggregate(
        rows=Count("pk"), cost=Sum("unit_price"), payment=Sum("copayment"), by_other=Sum("by_other"),
        claimed=Sum("claimed"),
    )  # fmt: skip
    population("請求の合計", sums["rows"])
    counted = Counted(
        len(package.archive.of(Kind.DOCUMENT)), claims, whole=sums["rows"] == claims, cost=sums["cost"] or 0,
        payment=sums["payment"] or 0, by_other=sums["by_other"] or 0, claimed=sums["claimed"] or 0,
    )  # fmt: skip
    row.notes = [*row.notes, *problem_rows(compare(package.index, package.summary, counted, name=row.name))]
    package.close()
    row.counts = queries.line_counts(row.pk)
    row.state, row.read_at = ArchiveState.READ, timezone.now()
    row.save(update_fields=["notes", "counts", "state", "read_at"])


@transaction.atomic
def settle_invoice(*, by: Any, invoice_id: int, note: str) -> Invoice:
    """請求を確かめた: an invoice that did not fit is settled by a clerk, with what was found out."""
    invoice = Invoice.objects.select_for_update(of=("self",)).get(pk=invoice_id)
    if invoice.state in (InvoiceState.MATCHED, InvoiceState.SETTLED):
        raise UnableToMove("この請求は確かめ済みです。")
    invoice.state, invoice.note = InvoiceState.SETTLED, note
    invoice.settled_by_id, invoice.settled_at = by.pk, timezone.now()
    invoice.save(update_fields=["state", "note", "settled_by_id", "settled_at"])
    return invoice
