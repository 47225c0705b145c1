"""結果ファイルの取り込み: the bytes kept as they came, read document by document, invoices matched with results."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone

from health_programs.checkups.actions.results import problem_rows
from health_programs.checkups.actions.staging import CLAIMS, DOCUMENTS, TOTALS, Read, Staged, stage
from health_programs.checkups.actions.tables import READ, read_lines
from health_programs.checkups.activities import CHECKUP_ADMINISTRATION
from health_programs.checkups.enums import ArchiveState, InvoiceState, ResultState, Source
from health_programs.checkups.files.archive import Archive, Kind, open_archive
from health_programs.checkups.files.checkup_xml import read_document
from health_programs.checkups.files.claim_xml import read_claim
from health_programs.checkups.files.documents import Claim, Problem
from health_programs.checkups.files.package import open_package
from health_programs.checkups.files.reconcile import Counted, compare
from health_programs.checkups.models import (
    ArchiveContent,
    CheckupResult,
    ContractPrice,
    Invoice,
    ResultArchive,
    SubmittedIdentity,
)
from health_programs.checkups.policies import UnableToMove
from health_programs.checkups.queries import results as queries
from kumiai.jobs.actions import start_job
from kumiai.ui.uploads import plain_name
from privacy.seen import population

CHUNK = 200


@transaction.atomic
def receive(*, by: Any, name: str, body: bytes, received_date: date) -> ResultArchive:
    """ファイルを受け付ける: keep the bytes and begin to read. An archive that cannot be opened is kept with the reason.

    Raises UnableToMove where exactly these bytes were taken before.
    """
    digest = hashlib.sha256(body).hexdigest()
    known = ResultArchive.objects.filter(digest=digest).count()
    population("受け付け済みのファイル", known)
    if known:
        raise UnableToMove("同じ内容のファイルを受け付け済みです。一覧から、前の取り込みを開いてください。")
    shown_name = plain_name(name, otherwise="名前のないファイル")
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
    """How many files of results and claims an archive holds; of a table, its lines."""
    row = queries.archive_of(archive_id)
    if row is not None and row.source == Source.CSV:
        return row.documents
    archive = open_archive(queries.bytes_of(archive_id), "")
    with archive:
        return len(archive.of(Kind.DOCUMENT)) + len(archive.of(Kind.CLAIM))


@transaction.atomic
def read_some(*, archive_id: int, by_id: int, position: Sequence[int] | None, limit: int = CHUNK) -> Read:
    """The next files of an archive, kept together with the position; a chunk done twice keeps nothing twice."""
    row = ResultArchive.objects.select_for_update(of=("self",)).get(pk=archive_id)
    if row.source == Source.CSV:
        return read_lines(row, by_id=by_id, position=position)
    phase, start = position or (DOCUMENTS, 0)
    archive = open_archive(queries.bytes_of(archive_id), row.name)
    with archive:
        if phase == DOCUMENTS:
            done, counts = _documents(row, archive, start, limit, by_id)
            more = start + done < len(archive.of(Kind.DOCUMENT))
            return Read([DOCUMENTS, start + done] if more else [CLAIMS, 0], done, counts)
        if phase == CLAIMS:
            done = _claims(row, archive, start, limit)
            more = start + done < len(archive.of(Kind.CLAIM))
            return Read([CLAIMS, start + done] if more else [TOTALS, 0], done)
    _finish(row)
    return Read([TOTALS, 1], 0, finished=True)


def _documents(row: ResultArchive, archive: Archive, start: int, limit: int, by_id: int) -> tuple[int, dict[str, int]]:
    members = archive.of(Kind.DOCUMENT)[start : start + limit]
    own = [settings.ASSOCIATION["insurer_number"]]
    read: list[Staged] = []
    for place, member in enumerate(members, start=start + 1):
        data = archive.read(member)
        if isinstance(data, Problem):
            read.append(Staged(place, member.file, None, (data,)))
        else:
            found = read_document(data, member.file, insurers=own)
            read.append(Staged(place, member.file, found.submission, found.problems))
    return len(members), stage(row, read, by_id=by_id, source=Source.XML)


def _claims(row: ResultArchive, archive: Archive, start: int, limit: int) -> int:
    members = archive.of(Kind.CLAIM)[start : start + limit]
    read: list[tuple[str, Claim, int]] = []
    problems: list[Problem] = []
    for member in members:
        data = archive.read(member)
        if isinstance(data, Problem):
            problems.append(data)
            continue
        claim, _lines, by_other, found = read_claim(data, member.file)
        problems += found
        if claim is not None:
            read.append((member.file, claim, by_other))
    Invoice.objects.bulk_create(_invoices(row, read))
    if problems:
        row.notes = [*row.notes, *problem_rows(problems)]
        row.save(update_fields=["notes"])
    return len(members)


def _invoices(row: ResultArchive, read: Sequence[tuple[str, Claim, int]]) -> list[Invoice]:
    """Invoices with the results they belong to: same place, number, birth date and reading, of this file or one before.
    Three statements for any number."""
    results = _claimed_results([claim for _name, claim, _by_other in read])
    claimed = set(Invoice.objects.filter(result__in=results.values()).values_list("result_id", flat=True))
    population("請求のある結果", len(claimed))
    prices = _prices({claim.institution_code for _name, claim, _by_other in read})
    made = []
    for name, claim, by_other in read:
        invoice = Invoice(
            archive=row, name=name[:200], institution_code=claim.institution_code, unit_price=claim.unit_price,
            copayment=claim.copayment, by_other=by_other, claimed=claim.claimed, state=InvoiceState.NO_RESULT,
            exam_date=claim.exam_date,
        )  # fmt: skip
        made.append(invoice)
        result = results.get(_person_of(claim))
        if result is None:
            continue
        invoice.result, invoice.member_id, invoice.exam_date = result, result.member_id, result.exam_date
        invoice.contracted = next(
            (one.price for one in prices.get(claim.institution_code, ()) if result.exam_date in one.period), None
        )
        differs = invoice.contracted is not None and invoice.contracted != claim.unit_price
        invoice.state = (
            InvoiceState.TWICE
            if result.pk in claimed
            else InvoiceState.PRICE_DIFFERS
            if differs
            else InvoiceState.MATCHED
        )
        claimed.add(result.pk)
    return made


Person = tuple[str, str, str, str, date]


def _person_of(claim: Claim) -> Person:
    identity = claim.identity
    return (claim.institution_code, identity.symbol, identity.number, identity.kana, identity.birth_date)


def _claimed_results(claims: Sequence[Claim]) -> dict[Person, CheckupResult]:
    """Whom a claim names → the latest result of that person from that place."""
    rows = SubmittedIdentity.objects.select_related("result").filter(
        number__in={claim.identity.number for claim in claims},
        birth_date__in={claim.identity.birth_date for claim in claims},
    )
    found = {}
    for one in rows.exclude(result__state=ResultState.WITHDRAWN).order_by("result__exam_date", "pk"):
        found[one.result.institution_code, one.symbol, one.number, one.kana, one.birth_date] = one.result
    return found


def _prices(codes: set[str]) -> dict[str, list[ContractPrice]]:
    """Institution → contract prices of 特定健診, of the first kind first."""
    found: dict[str, list[ContractPrice]] = {}
    prices = ContractPrice.objects.select_related("institution").filter(
        institution__code__in=codes, kind__statutory=True
    )
    for price in prices.order_by("kind__order", "pk"):
        found.setdefault(price.institution.code, []).append(price)
    return found


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
