"""The outbox as staff see it: every batch with its counts, what came back, who gets no more mail. Numbers and codes only."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Now

from kumiai.mailing.enums import BatchState, MailState, What
from kumiai.mailing.models import Batch, MailEvent, Outgoing, Suppression


@dataclass(frozen=True)
class BatchLine:
    """A batch and how many of its mails stand where."""

    batch: Batch
    counts: dict[str, int] = field(default_factory=dict)

    def of(self, *states: MailState) -> int:
        return sum(self.counts.get(state, 0) for state in states)

    @property
    def sent(self) -> int:
        return self.of(MailState.SENT)

    @property
    def waiting(self) -> int:
        return self.of(MailState.PENDING, MailState.DEFERRED, MailState.SENDING)

    @property
    def doubts(self) -> int:
        return self.of(MailState.IN_DOUBT)

    @property
    def failed(self) -> int:
        return self.of(MailState.REJECTED)

    @property
    def suppressed(self) -> int:
        return self.of(MailState.SUPPRESSED)

    @property
    def cancelled(self) -> int:
        return self.of(MailState.CANCELLED)


def batches(activities: Collection[str], *, state: str = "") -> QuerySet[Batch]:
    """The batches of these activities, the newest first."""
    rows = Batch.objects.filter(activity_code__in=list(activities))
    return (rows.filter(state=state) if state in BatchState.values else rows).order_by("-due_at", "-pk")


def with_counts(rows: Collection[Batch]) -> list[BatchLine]:
    """These batches with their counts. One statement."""
    found: dict[int, dict[str, int]] = {}
    counts = Outgoing.objects.filter(batch__in=[row.pk for row in rows]).values_list("batch_id", "state")
    for batch, state, number in counts.annotate(Count("pk")).order_by():
        found.setdefault(batch, {})[state] = number
    return [BatchLine(row, found.get(row.pk, {})) for row in rows]


def state_counts(activities: Collection[str]) -> dict[str, int]:
    """How many batches of these activities stand in each state."""
    rows = Batch.objects.filter(activity_code__in=list(activities)).values_list("state")
    return dict(rows.annotate(Count("pk")).order_by())


def bounces(activities: Collection[str]) -> QuerySet[MailEvent]:
    """What came back or was refused for good or for now, the newest first."""
    what = (What.BOUNCED, What.REJECTED, What.DELAYED)
    rows = MailEvent.objects.filter(what__in=what, outgoing__batch__activity_code__in=list(activities))
    return rows.select_related("outgoing", "outgoing__batch").order_by("-pk")


def suppressions(kinds: Collection[str], *, lifted: bool = False) -> QuerySet[Suppression]:
    """Addresses that get no mail of these kinds (or of any), the newest first; `lifted`: those that do again."""
    rows = Suppression.objects.filter(Q(kind="") | Q(kind__in=list(kinds)))
    standing = Q(until__isnull=True) | Q(until__gt=Now())
    return (rows.exclude(standing) if lifted else rows.filter(standing)).order_by("-since", "-pk")


def doubts(activities: Collection[str]) -> QuerySet[Outgoing]:
    """Mails of which nobody knows whether they went out, the oldest first."""
    rows = Outgoing.objects.filter(state=MailState.IN_DOUBT, batch__activity_code__in=list(activities))
    return rows.select_related("batch").order_by("claimed_at", "pk")
