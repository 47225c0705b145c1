"""Reads of the outbox."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from kumiai.mailing.digests import address_digest
from kumiai.mailing.enums import BatchState, MailState
from kumiai.mailing.models import Batch, MailEvent, Outgoing, Suppression
from kumiai.mailing.rules.calendar import HORIZON_DAYS, Hours, may_send, opening_on_or_after
from kumiai.reference.queries import holidays_between

# A claim without an answer for this long is of a sender that is gone: longer than all time-outs of one mail together.
HEARTBEAT_SECONDS = 300


def heartbeat() -> timedelta:
    return timedelta(seconds=getattr(settings, "MAIL_HEARTBEAT_SECONDS", HEARTBEAT_SECONDS))


def database_now() -> datetime:
    """Time is the database's, never a worker's clock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def hours() -> Hours:
    """Sending hours with the days the association is closed (settings.MAIL_CLOSED_DAYS)."""
    pairs = (day.split("-") for day in settings.MAIL_CLOSED_DAYS.split(",") if day.strip())
    closed = frozenset((int(month), int(day)) for month, day in pairs)
    return Hours(zone=ZoneInfo(settings.TIME_ZONE), closed_days=closed)


def due_moment(planned_on: date) -> datetime:
    """07:00 of the day, or of the next business day when the association is closed on it."""
    holidays = holidays_between(planned_on, planned_on + timedelta(days=HORIZON_DAYS))
    return opening_on_or_after(planned_on, holidays=holidays, hours=hours())


def may_send_at(at: datetime) -> bool:
    """Whether the outbox is open at this moment."""
    opened = hours()
    day = at.astimezone(opened.zone).date()
    return may_send(at, holidays=holidays_between(day, day + timedelta(days=1)), hours=opened)


def waiting_at(at: datetime) -> Q:
    """Mails a sender may take at this moment."""
    return Q(state=MailState.PENDING) | Q(state=MailState.DEFERRED, next_attempt_at__lte=at)


def due_batches(at: datetime) -> QuerySet[Batch]:
    """Released batches whose time has come and which have something to send now."""
    some = Outgoing.objects.filter(waiting_at(at), batch=OuterRef("pk"))
    return Batch.objects.filter(Exists(some), state=BatchState.RELEASED, due_at__lte=at).order_by("due_at", "pk")


def lost_mails() -> QuerySet[Outgoing]:
    """Claimed, without an answer, by a sender that is gone."""
    return Outgoing.objects.filter(state=MailState.SENDING, claimed_at__lt=Now() - heartbeat())


def counts_of(batch: Batch) -> dict[str, int]:
    """How many mails of a batch stand in each state; every state is named, in the order of its life."""
    found = dict(batch.mails.values_list("state").annotate(Count("pk")).order_by())
    return {state.value: found.get(state.value, 0) for state in MailState}


def in_doubt(batch: Batch | None = None) -> QuerySet[Outgoing]:
    """Mails of which nobody knows whether they went out, oldest first. Staff or the server's log settles them."""
    mails = Outgoing.objects.filter(state=MailState.IN_DOUBT).select_related("batch").order_by("claimed_at", "pk")
    return mails.filter(batch=batch) if batch is not None else mails


def mails_of(kind: str, reference_id: int) -> QuerySet[Outgoing]:
    """All mails of a campaign, of whichever batch."""
    return Outgoing.objects.filter(kind=kind, reference_id=reference_id)


def mails_to(kind: str, reference_id: int, recipient_ids: Iterable[int]) -> QuerySet[Outgoing]:
    """The mails of a campaign to some recipients."""
    return Outgoing.objects.filter(kind=kind, reference_id=reference_id, recipient_id__in=list(recipient_ids))


def events_of(outgoing_id: int) -> QuerySet[MailEvent]:
    """What happened to a mail, in order."""
    return MailEvent.objects.filter(outgoing_id=outgoing_id).order_by("pk")


def stopped_among(addresses: Collection[str], kinds: Collection[str]) -> set[str]:
    """Of these addresses, those that get no mail of one of these kinds ("": of any). One statement."""
    known = {address_digest(address): address for address in addresses}
    in_force = Q(until__isnull=True) | Q(until__gt=Now())
    stops = Suppression.objects.filter(in_force, address_digest__in=list(known), kind__in=list(kinds))
    stopped = set(stops.values_list("address_digest", flat=True))
    return {address for address in addresses if address_digest(address) in stopped}


def suppressions_of(digest: str) -> QuerySet[Suppression]:
    """The suppressions in force for an address, by its digest (digests.address_digest)."""
    in_force = Q(until__isnull=True) | Q(until__gt=Now())
    return Suppression.objects.filter(in_force, address_digest=digest).order_by("pk")
