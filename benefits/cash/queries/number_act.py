"""番号法に基づく情報連携: which decided cases have no copy yet, what was sent, what came back, and the record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Max, Min, OuterRef, Q, QuerySet, Subquery

from benefits.cash.enums import LinkBatchState, LinkContent, LinkState, Outcome
from benefits.cash.models import (
    AccountAnswer,
    BenefitCopy,
    Case,
    Decision,
    LinkAnswerFile,
    LinkAnswerLine,
    LinkBatch,
    LinkInquiry,
    LinkRecord,
    PensionAnswer,
)
from benefits.cash.queries.cases import open_to_case
from privacy.outputs.enums import OutputState
from privacy.outputs.models import Output
from privacy.seen import population

FILES = {LinkContent.COPIES: "cash.number_copies", LinkContent.INQUIRIES: "cash.number_inquiries"}
ROWS: dict[str, type[BenefitCopy] | type[LinkInquiry]] = {
    LinkContent.COPIES: BenefitCopy,
    LinkContent.INQUIRIES: LinkInquiry,
}
OPEN = (LinkBatchState.COLLECTED, LinkBatchState.ASKED)
GONE = (OutputState.REFUSED, OutputState.WITHDRAWN, OutputState.EMPTY, OutputState.DESTROYED)


def _changed() -> QuerySet[Case]:
    """Cases with a decision that no copy has told, none of them on the way or waiting for a clerk."""
    told = BenefitCopy.objects.filter(case=OuterRef("pk")).exclude(state=LinkState.DROPPED).order_by("-pk")
    rows = Case.objects.filter(decisions__isnull=False).annotate(
        decided=Max("decisions__pk"),
        told=Subquery(told.values("decision_id")[:1]),
        told_state=Subquery(told.values("state")[:1]),
    )
    news = (
        Q(told__isnull=True) | Q(told_state=LinkState.RESEND) | Q(told_state=LinkState.ACCEPTED, decided__gt=F("told"))
    )
    granted = Decision.objects.filter(outcome=Outcome.GRANT).values("case_id")
    return rows.filter(news, pk__in=granted)


def untold(limit: int) -> list[Case]:
    """The cases whose copy is to be registered, changed or cancelled, the earliest first."""
    return list(_changed().order_by("pk")[:limit])


def untold_count() -> int:
    count = _changed().count()
    population("副本を送る給付", count)
    return count


def decisions_among(case_ids: Sequence[int]) -> dict[int, list[Decision]]:
    """Case id → its decisions in their order, each with its calculation. One statement."""
    found: dict[int, list[Decision]] = {pk: [] for pk in case_ids}
    for row in (
        Decision.objects.filter(case_id__in=case_ids).select_related("calculation").order_by("case_id", "serial")
    ):
        found[row.case_id].append(row)
    return found


def accepted_among(case_ids: Sequence[int]) -> dict[int, BenefitCopy]:
    """Case id → the latest copy that was accepted."""
    rows = BenefitCopy.objects.filter(case_id__in=case_ids, state=LinkState.ACCEPTED).order_by("case_id", "-pk")
    return {row.case_id: row for row in rows.distinct("case_id")}


def batch_of(pk: int) -> LinkBatch | None:
    return LinkBatch.objects.filter(pk=pk).first()


def batches() -> QuerySet[LinkBatch]:
    return LinkBatch.objects.order_by("-pk")


def open_batches() -> dict[str, LinkBatch]:
    """Content → the batch that has not been sent yet."""
    return {row.content: row for row in LinkBatch.objects.filter(state__in=OPEN)}


def lines_of(batch: LinkBatch) -> QuerySet[Any]:
    """Lines of a batch in the order of its file."""
    return ROWS[batch.content].objects.select_related("case").filter(batch=batch).order_by("number")


def counts_of(batches_asked: Sequence[LinkBatch]) -> dict[int, dict[str, int]]:
    """Batch id → state → lines. Two statements."""
    found: dict[int, dict[str, int]] = {row.pk: {} for row in batches_asked}
    for content, model in ROWS.items():
        ids = [row.pk for row in batches_asked if row.content == content]
        rows = model.objects.filter(batch_id__in=ids).values_list("batch_id", "state")
        for batch, state, count in rows.annotate(Count("pk")).order_by():
            found[batch][state] = count
    population("連携の内訳", sum(sum(one.values()) for one in found.values()))
    return found


@dataclass(frozen=True)
class Standing:
    """How far the link has come. oldest: when the oldest batch without all its answers was sent."""

    untold: int
    copies: dict[str, int]
    inquiries: dict[str, int]
    oldest: datetime | None


def standing() -> Standing:
    counts = {
        content: dict(model.objects.values_list("state").annotate(Count("pk")).order_by())
        for content, model in ROWS.items()
    }
    population("連携の状態", sum(sum(one.values()) for one in counts.values()))
    waiting = Q(copies__state=LinkState.SENT) | Q(inquiries__state=LinkState.SENT)
    oldest = LinkBatch.objects.filter(waiting).aggregate(at=Min("sent_at"))["at"]
    population("回答を待つ回", 1 if oldest else 0)
    return Standing(untold_count(), counts[LinkContent.COPIES], counts[LinkContent.INQUIRIES], oldest)


def errors(content: str, user_id: int) -> QuerySet[Any]:
    """Lines that came back with an error, the oldest first; those of protected people only for who is named for them."""
    rows = ROWS[content].objects.select_related("case").filter(state=LinkState.REJECTED)
    return rows.filter(open_to_case(user_id)).order_by("answered_date", "pk")


def error_counts(user_id: int) -> dict[str, int]:
    counts = {content: errors(content, user_id).count() for content in ROWS}
    population("連携のエラー", sum(counts.values()))
    return counts


def row_of(content: str, pk: int) -> Any:
    return ROWS[content].objects.select_related("case").filter(pk=pk).first()


# --- Inquiries ----------------------------------------------------------------------------------------------------------

FOLDERS: dict[str, tuple[str, Q]] = {
    "waiting": ("送付前", Q(state=LinkState.WAITING)),
    "sent": ("回答待ち", Q(state=LinkState.SENT)),
    "found": ("取り入れ待ち", Q(state=LinkState.ACCEPTED, finding="found", use="")),
    "done": ("済み", Q(state=LinkState.ACCEPTED) & ~Q(finding="found", use="")),
}


def inquiries(folder: str, user_id: int) -> QuerySet[LinkInquiry]:
    rows = LinkInquiry.objects.select_related("case").filter(FOLDERS[folder][1]).filter(open_to_case(user_id))
    return rows.order_by("-answered_date", "-pk") if folder == "done" else rows.order_by("asked_at", "pk")


def inquiry_counts(user_id: int) -> dict[str, int]:
    """How many each folder holds. One statement."""
    asked = {name: Count("pk", filter=wanted) for name, (_label, wanted) in FOLDERS.items()}
    counts = LinkInquiry.objects.filter(open_to_case(user_id)).aggregate(**asked)
    population("情報の照会", sum(counts.values()))
    return counts


def inquiries_of(case_id: int) -> list[LinkInquiry]:
    return list(LinkInquiry.objects.filter(case_id=case_id).order_by("-pk"))


def pensions_of(inquiry_ids: Sequence[int]) -> dict[int, list[PensionAnswer]]:
    found: dict[int, list[PensionAnswer]] = {}
    for row in PensionAnswer.objects.filter(inquiry_id__in=inquiry_ids).order_by("first", "pk"):
        found.setdefault(row.inquiry_id, []).append(row)
    return found


def accounts_of(inquiry_ids: Sequence[int]) -> dict[int, AccountAnswer]:
    return {row.inquiry_id: row for row in AccountAnswer.objects.filter(inquiry_id__in=inquiry_ids)}


def to_be_asked() -> QuerySet[LinkInquiry]:
    """Inquiries that no batch holds yet, the earliest first."""
    return LinkInquiry.objects.select_related("case").filter(state=LinkState.WAITING, batch__isnull=True).order_by("pk")


# --- Answers and the record ---------------------------------------------------------------------------------------------


def answers() -> QuerySet[LinkAnswerFile]:
    return LinkAnswerFile.objects.order_by("-pk")


def answer_of(pk: int) -> LinkAnswerFile | None:
    return LinkAnswerFile.objects.filter(pk=pk).first()


def unused_lines(file: LinkAnswerFile) -> list[LinkAnswerLine]:
    return list(LinkAnswerLine.objects.filter(file=file).order_by("number"))


def records(user_id: int, *, since: date | None = None, until: date | None = None) -> QuerySet[LinkRecord]:
    """情報提供等の記録, the latest first; of protected people only for who is named for them."""
    rows = LinkRecord.objects.select_related("case").filter(open_to_case(user_id))
    if since is not None:
        rows = rows.filter(at__date__gte=since)
    if until is not None:
        rows = rows.filter(at__date__lte=until)
    return rows.order_by("-at", "-pk")


def records_of(case_id: int) -> list[LinkRecord]:
    return list(LinkRecord.objects.filter(case_id=case_id).order_by("-at", "-pk"))


def case_of(pk: int) -> Case | None:
    return Case.objects.filter(pk=pk).first()


def file_gone(batch: LinkBatch) -> bool:
    """Whether the batch's file ended without ever having left."""
    return bool(Output.objects.filter(pk=batch.output_id or 0, fetched_at__isnull=True, state__in=GONE)[:1])


def fetched_at(batch: LinkBatch) -> datetime | None:
    """When the batch's file left; None while it has not."""
    found = Output.objects.filter(pk=batch.output_id or 0, fetched_at__isnull=False).first()
    return found.fetched_at if found else None
