"""健診結果: one person's years, lists of what waits for a clerk, files taken in."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q

from health_programs.checkups.enums import DocumentOutcome, InvoiceState, ResultState
from health_programs.checkups.models import (
    ArchiveContent,
    ArchiveDocument,
    CheckupResult,
    Invoice,
    ResultArchive,
    SubmittedIdentity,
)
from health_programs.checkups.queries.paging import without_hidden
from privacy.seen import population

YEARS_SHOWN = 5


def results_of(member_id: int) -> list[CheckupResult]:
    """Every result that counts of one person, the latest first."""
    return list(
        CheckupResult.objects.filter(member_id=member_id, state=ResultState.MATCHED).order_by("-exam_date", "-pk")
    )


def result_of(result_id: int) -> CheckupResult | None:
    return CheckupResult.objects.filter(pk=result_id).first()


def submitted_of(result_id: int) -> SubmittedIdentity | None:
    return SubmittedIdentity.objects.filter(result_id=result_id).first()


def unmatched() -> Any:
    """Results nobody was found for, the oldest first, with what was submitted."""
    return (
        SubmittedIdentity.objects.select_related("result")
        .filter(result__state=ResultState.UNMATCHED)
        .order_by("result__received_at", "pk")
    )


def doubles(user_id: int) -> Any:
    """Second results of a year, with the one that stands."""
    return (
        without_hidden(CheckupResult.objects.all(), user_id)
        .select_related("double_of")
        .filter(state=ResultState.DOUBLE)
        .order_by("-exam_date", "pk")
    )


def waiting() -> dict[str, int]:
    """How much waits for a clerk: unmatched, doubles, invoices. Two statements."""
    found = CheckupResult.objects.aggregate(
        unmatched=Count("pk", filter=Q(state=ResultState.UNMATCHED)),
        doubles=Count("pk", filter=Q(state=ResultState.DOUBLE)),
    )
    open_states = [InvoiceState.NO_RESULT, InvoiceState.PRICE_DIFFERS, InvoiceState.TWICE]
    found["invoices"] = Invoice.objects.filter(state__in=open_states).count()
    population("確認待ち", sum(found.values()))
    return found


def archives() -> Any:
    return ResultArchive.objects.select_related("job").order_by("-uploaded_at", "-pk")


def archive_of(pk: int) -> ResultArchive | None:
    return ResultArchive.objects.select_related("job", "result_map__institution").filter(pk=pk).first()


def bytes_of(archive_id: int) -> bytes:
    return bytes(ArchiveContent.objects.get(archive_id=archive_id).body)


def lines_of(archive_id: int, outcome: str = "") -> Any:
    found = ArchiveDocument.objects.filter(archive_id=archive_id)
    if outcome:
        found = found.filter(outcome=outcome)
    return found.order_by("number")


def failed_lines(archive_id: int) -> list[ArchiveDocument]:
    """Every line or document that could not be read, in the order of the file."""
    found = list(lines_of(archive_id, DocumentOutcome.FAILED).only("number", "name", "problems", "archive_id"))
    population("誤りの一覧", len(found))
    return found


def line_counts(archive_id: int) -> dict[str, int]:
    rows = ArchiveDocument.objects.filter(archive_id=archive_id).values_list("outcome").annotate(n=Count("pk"))
    found = dict(rows)
    population("結果ファイルの内訳", sum(found.values()))
    return found


def invoice_of(pk: int) -> Invoice | None:
    return Invoice.objects.filter(pk=pk).first()


def invoices(user_id: int, state: str) -> Any:
    """Invoices in a state, or "open": those a clerk has to look at."""
    found = without_hidden(Invoice.objects.select_related("archive"), user_id)
    if state == "open":
        found = found.filter(state__in=[InvoiceState.NO_RESULT, InvoiceState.PRICE_DIFFERS, InvoiceState.TWICE])
    else:
        found = found.filter(state=state)
    return found.order_by("-archive_id", "name")
