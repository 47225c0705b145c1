"""オンライン資格確認への連携: what has to be sent, how far each result has come, what the answers said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q

from health_programs.checkups.enums import LinkAction, LinkBatchState, LinkState, ResultState
from health_programs.checkups.models import AnswerContent, AnswerFile, AnswerLine, CheckupResult, LinkBatch, LinkLine
from health_programs.checkups.queries.paging import without_hidden
from privacy.outputs.enums import OutputState
from privacy.outputs.models import Output
from privacy.seen import population

YEARS = 5
FILE = "checkups.online_eligibility"
OPEN = (LinkBatchState.COLLECTING, LinkBatchState.COLLECTED, LinkBatchState.ASKED)
GONE = (OutputState.REFUSED, OutputState.WITHDRAWN, OutputState.EMPTY, OutputState.DESTROYED)


def eligible(year: int) -> Q:
    """Results that are registered: of a person, counting as 特定健診, of the five fiscal years up to `year`."""
    return Q(state=ResultState.MATCHED, statutory=True, fiscal_year__gt=year - YEARS, fiscal_year__lte=year)


def _concerned(year: int) -> Any:
    """Results that may have to be sent: those registered now, and those accepted before and perhaps to be cancelled."""
    sent = LinkLine.objects.filter(state=LinkState.ACCEPTED).values("result_id")
    return CheckupResult.objects.filter(eligible(year) | Q(pk__in=sent))


def concerned_count(year: int) -> int:
    found: int = _concerned(year).count()
    population("連携の対象", found)
    return found


def concerned_after(year: int, after: int, limit: int) -> list[CheckupResult]:
    return list(_concerned(year).filter(pk__gt=after).order_by("pk")[:limit])


def lines_of_results(ids: Sequence[int]) -> dict[int, list[LinkLine]]:
    """Result id → its lines in the order of sending, those called off left out."""
    found: dict[int, list[LinkLine]] = {}
    rows = LinkLine.objects.filter(result_id__in=list(ids)).exclude(state=LinkState.DROPPED)
    for line in rows.order_by("pk"):
        found.setdefault(line.result_id, []).append(line)
    return found


def batch_of(pk: int) -> LinkBatch | None:
    return LinkBatch.objects.select_related("job").filter(pk=pk).first()


def batches() -> Any:
    return LinkBatch.objects.order_by("-pk")


def open_batch() -> LinkBatch | None:
    return LinkBatch.objects.filter(state__in=OPEN).first()


def lines_of(batch_id: int) -> Any:
    """Lines of a batch in the order of the file."""
    return LinkLine.objects.select_related("result", "former").filter(batch_id=batch_id).order_by("number")


def line_of(pk: int) -> LinkLine | None:
    return LinkLine.objects.select_related("result").filter(pk=pk).first()


def state_counts(batch_id: int) -> dict[str, int]:
    """State → lines of a batch: sent = accepted + errors + waiting."""
    found = dict(LinkLine.objects.filter(batch_id=batch_id).values_list("state").annotate(Count("pk")).order_by())
    population("連携の内訳", sum(found.values()))
    return found


def counts_of_batches(ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """Batch id → state → lines. One statement."""
    found: dict[int, dict[str, int]] = {pk: {} for pk in ids}
    rows = LinkLine.objects.filter(batch_id__in=list(ids)).values_list("batch_id", "state")
    for batch, state, count in rows.annotate(Count("pk")).order_by():
        found[batch][state] = count
    population("連携の内訳", sum(sum(one.values()) for one in found.values()))
    return found


@dataclass(frozen=True)
class Standing:
    """How far the results have come, each counted once: by its latest line. oldest: the oldest sending without an answer."""

    unlinked: int
    waiting: int
    sent: int
    cancelling: int
    accepted: int
    cancelled: int
    rejected: int
    resend: int
    oldest: datetime | None


def standing(year: int) -> Standing:
    """Three statements."""
    told = LinkLine.objects.exclude(state=LinkState.DROPPED)
    latest = told.order_by("result_id", "-pk").distinct("result_id").values("pk")
    cancel = Q(action=LinkAction.CANCEL)
    found = LinkLine.objects.filter(pk__in=latest).aggregate(
        waiting=Count("pk", filter=Q(state=LinkState.WAITING)),
        sent=Count("pk", filter=Q(state=LinkState.SENT) & ~cancel),
        cancelling=Count("pk", filter=Q(state=LinkState.SENT) & cancel),
        accepted=Count("pk", filter=Q(state=LinkState.ACCEPTED) & ~cancel),
        cancelled=Count("pk", filter=Q(state=LinkState.ACCEPTED) & cancel),
        rejected=Count("pk", filter=Q(state=LinkState.REJECTED)),
        resend=Count("pk", filter=Q(state=LinkState.RESEND)),
    )
    unlinked = CheckupResult.objects.filter(eligible(year)).exclude(pk__in=told.values("result_id")).count()
    population("連携の状態", unlinked + sum(found.values()))
    waiting = LinkBatch.objects.filter(lines__state=LinkState.SENT).aggregate(oldest=Min("sent_at"))
    population("回答を待つ回", 1 if waiting["oldest"] else 0)
    return Standing(unlinked=unlinked, oldest=waiting["oldest"], **found)


def errors(user_id: int) -> Any:
    """Errors that a clerk works off, the oldest first; those of protected people only for who is named for them."""
    rows = LinkLine.objects.select_related("result", "batch").filter(state=LinkState.REJECTED)
    return without_hidden(rows, user_id).order_by("answered_date", "pk")


def answers() -> Any:
    return AnswerFile.objects.order_by("-pk")


def answer_of(pk: int) -> AnswerFile | None:
    return AnswerFile.objects.select_related("job").filter(pk=pk).first()


def answer_bytes(file_id: int) -> bytes:
    return bytes(AnswerContent.objects.get(file_id=file_id).body)


def unused_lines(file_id: int) -> Any:
    return AnswerLine.objects.filter(file_id=file_id).order_by("number")


def file_gone(batch: LinkBatch) -> bool:
    """Whether the batch's file ended without ever having left."""
    return bool(Output.objects.filter(pk=batch.output_id or 0, fetched_at__isnull=True, state__in=GONE)[:1])


def fetched_at(batch: LinkBatch) -> datetime | None:
    """When the batch's file left; None while it has not."""
    found = Output.objects.filter(pk=batch.output_id or 0, fetched_at__isnull=False).first()
    return found.fetched_at if found else None
