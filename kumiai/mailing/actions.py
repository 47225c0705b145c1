"""What people and other systems do to the outbox: plan, release, stop, settle, unsubscribe, report back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from kumiai.mailing import digests, queries
from kumiai.mailing.enums import WAITING, BatchState, MailState, Reason, SuppressionReason, What
from kumiai.mailing.files.dsn import Report, read_report
from kumiai.mailing.files.mail_log import Fate, Found, read_log
from kumiai.mailing.kinds import kind_of
from kumiai.mailing.models import Batch, Outgoing, Suppression
from kumiai.mailing.outcomes import note, suppress
from kumiai.mailing.rules.retries import address_is_dead

ROWS_AT_ONCE = 1000


class UnableToChangeBatch(Exception):
    """The batch is not in a state in which this can be done; the sentence is for staff."""


class UnableToSettle(Exception):
    """The mail is not in doubt; the sentence is for staff."""


# --- Batches ------------------------------------------------------------------------------------------------
@transaction.atomic
def create_batch(
    *, kind: str, reference_id: int, planned_on: date, activity_code: str, per_minute: int | None = None
) -> Batch:
    """A batch without recipients, planned for 07:00 of the day or of the next business day."""
    return Batch.objects.create(
        kind=kind_of(kind).code,
        reference_id=reference_id,
        activity_code=activity_code,
        due_at=queries.due_moment(planned_on),
        per_minute=settings.MAIL_PER_MINUTE if per_minute is None else per_minute,
    )


def _locked(batch: Batch, *allowed: BatchState) -> Batch:
    found = Batch.objects.select_for_update().get(pk=batch.pk)
    if found.state not in allowed:
        raise UnableToChangeBatch(f"この送信は「{found.get_state_display()}」なので、この操作はできません。")
    return found


@transaction.atomic
def add_recipients(*, batch: Batch, recipient_ids: Iterable[int]) -> int:
    """Intend a mail to each, in the order in which they are to be sent. Who has one of this campaign already, from whichever
    batch, gets no second. Returns how many are new, so that a chunk done twice adds nothing.
    """
    found = _locked(batch, BatchState.DRAFT)
    wanted = list(dict.fromkeys(int(recipient) for recipient in recipient_ids))
    before = found.mails.count()
    for first in range(0, len(wanted), ROWS_AT_ONCE):
        Outgoing.objects.bulk_create(
            [
                Outgoing(
                    batch=found,
                    kind=found.kind,
                    reference_id=found.reference_id,
                    recipient_id=recipient,
                    message_id=digests.message_id(found.kind, found.reference_id, recipient),
                )
                for recipient in wanted[first : first + ROWS_AT_ONCE]
            ],
            ignore_conflicts=True,
        )
    after = found.mails.count()
    Batch.objects.filter(pk=found.pk).update(recipients=after)
    return after - before


@transaction.atomic
def release_batch(*, batch: Batch, by: Any) -> None:
    """From now on the sender takes it, when its time has come."""
    found = _locked(batch, BatchState.DRAFT)
    if not found.recipients:
        raise UnableToChangeBatch("宛先がないので、送信を予約できません。")
    Batch.objects.filter(pk=found.pk).update(state=BatchState.RELEASED, released_by=by)


@transaction.atomic
def stop_batch(*, batch: Batch, by: Any = None) -> None:
    """No further mail of it goes out; the one on its way does. by: id or user; None: the sender itself."""
    found = _locked(batch, BatchState.RELEASED)
    Batch.objects.filter(pk=found.pk).update(state=BatchState.STOPPED, moved_by=by, moved_at=Now())


@transaction.atomic
def resume_batch(*, batch: Batch, by: Any) -> None:
    """Go on with what was not sent."""
    found = _locked(batch, BatchState.STOPPED)
    Batch.objects.filter(pk=found.pk).update(
        state=BatchState.RELEASED, released_by=by, error_code="", moved_by=by, moved_at=Now()
    )


@transaction.atomic
def cancel_batch(*, batch: Batch, by: Any = None) -> int:
    """End it: what waits is cancelled, what went out stays. Returns how many mails were cancelled."""
    found = _locked(batch, BatchState.DRAFT, BatchState.RELEASED, BatchState.STOPPED)
    Batch.objects.filter(pk=found.pk).update(state=BatchState.CANCELLED, finished_at=Now(), moved_by=by, moved_at=Now())
    waiting = Outgoing.objects.filter(batch=found, state__in=WAITING)
    return waiting.update(state=MailState.CANCELLED, reason=Reason.WITHDRAWN, next_attempt_at=None, finished_at=Now())


# --- In doubt -----------------------------------------------------------------------------------------------
@transaction.atomic
def settle(*, outgoing_id: int, sent: bool, by: Any) -> None:
    """Somebody looked into the server and says whether the mail went out. If not, it waits to be sent again."""
    mail = Outgoing.objects.select_for_update(of=("self",)).get(pk=outgoing_id)
    if mail.state != MailState.IN_DOUBT:
        raise UnableToSettle(f"このメールは「{mail.get_state_display()}」なので、確認の必要はありません。")
    _settled_sent(mail, by=by) if sent else _settled_unsent(mail, by=by)


def _settled_sent(mail: Outgoing, *, by: Any = None) -> None:
    _in_doubt(mail).update(
        state=MailState.SENT, reason=Reason.NONE, smtp_code=None, enhanced_code="", finished_at=Now()
    )
    note(mail.pk, What.SETTLED_SENT, by=by)


def _settled_unsent(mail: Outgoing, *, by: Any = None) -> None:
    """It waits again, and its batch is open again; a batch cancelled meanwhile takes its mail along."""
    if mail.batch.state == BatchState.CANCELLED:
        _in_doubt(mail).update(state=MailState.CANCELLED, reason=Reason.WITHDRAWN, finished_at=Now())
    else:
        _in_doubt(mail).update(state=MailState.DEFERRED, reason=Reason.NONE, next_attempt_at=Now())
        Batch.objects.filter(pk=mail.batch_id, state=BatchState.FINISHED).update(
            state=BatchState.RELEASED, finished_at=None
        )
    note(mail.pk, What.SETTLED_UNSENT, by=by)


def _in_doubt(mail: Outgoing):
    return Outgoing.objects.filter(pk=mail.pk, state=MailState.IN_DOUBT)


@dataclass(frozen=True)
class Reconciled:
    """What a server's log settled: mails in doubt found sent, found unsent; mails it gave up; and what stays in doubt."""

    sent: int
    unsent: int
    refused: int
    left: int


@transaction.atomic
def reconcile(
    *, log_lines: Iterable[str], covers: tuple[datetime, datetime] | None = None, by: Any = None
) -> Reconciled:
    """Settle by Message-ID what the mail server's own log knows (Postfix or JSON lines).

    covers: the time for which the log is vouched to be whole. A mail in doubt from that time that the log never took
    over was not sent, and waits again; without `covers` silence settles nothing.
    """
    known = {found.message_id: found for found in read_log(log_lines)}
    counts = {Fate.ACCEPTED: 0, Fate.ABSENT: 0, Fate.REFUSED: 0}
    ids = list(known)
    for first in range(0, len(ids), ROWS_AT_ONCE):
        mails = Outgoing.objects.filter(
            message_id__in=ids[first : first + ROWS_AT_ONCE], state__in=[MailState.IN_DOUBT, MailState.SENT]
        )
        for mail in mails.select_for_update(of=("self",)).select_related("batch").order_by("pk"):
            if _apply(mail, known[mail.message_id], by):
                counts[known[mail.message_id].fate] += 1
    if covers is not None:
        since, until = covers
        # The last minutes of a log may be about to name what a sender had just handed over.
        silent = queries.in_doubt().filter(claimed_at__gte=since, claimed_at__lt=until - queries.heartbeat())
        for mail in silent.exclude(message_id__in=ids).select_for_update(of=("self",)):
            _settled_unsent(mail, by=by)
            counts[Fate.ABSENT] += 1
    return Reconciled(counts[Fate.ACCEPTED], counts[Fate.ABSENT], counts[Fate.REFUSED], queries.in_doubt().count())


def _apply(mail: Outgoing, found: Found, by: Any) -> bool:
    """One line of the log upon one mail. A mail known as sent moves only when the server gave it up."""
    if found.fate == Fate.REFUSED:
        _undelivered(mail, code=None, enhanced=found.status, by=by)
        return True
    if mail.state != MailState.IN_DOUBT:
        return False
    _settled_sent(mail, by=by) if found.fate == Fate.ACCEPTED else _settled_unsent(mail, by=by)
    return True


# --- What comes back ----------------------------------------------------------------------------------------
def _undelivered(mail: Outgoing, *, code: int | None, enhanced: str, by: Any = None) -> None:
    """It was taken over and came back: rejected, and a dead address gets no more mail of any kind."""
    moved = Outgoing.objects.filter(pk=mail.pk, state__in=[MailState.SENT, MailState.IN_DOUBT]).update(
        state=MailState.REJECTED, reason=Reason.BOUNCED, smtp_code=code, enhanced_code=enhanced, finished_at=Now()
    )
    if moved:
        note(mail.pk, What.BOUNCED, code=code, enhanced=enhanced, by=by)
        if address_is_dead(code, enhanced, of_recipient=True):
            suppress(mail.address_digest, SuppressionReason.BOUNCE, outgoing_id=mail.pk)


@transaction.atomic
def handle_bounce(*, raw: bytes) -> int | None:
    """A mail from the bounce mailbox (RFC 3464). Returns the number of our mail it is about; None when it is of none."""
    report = read_report(raw)
    mail = _reported(report) if report else None
    if report is None or mail is None:
        return None
    if report.action == "failed":
        _undelivered(mail, code=report.smtp_code, enhanced=report.status)
    elif report.action == "delayed":
        note(mail.pk, What.DELAYED, enhanced=report.status)
    else:
        if mail.state == MailState.IN_DOUBT:
            _settled_sent(mail)
        note(mail.pk, What.DELIVERED, enhanced=report.status)
    return mail.pk


def _reported(report: Report) -> Outgoing | None:
    """By the whole Message-ID; by the envelope's where the original was not returned."""
    mails = Outgoing.objects.select_for_update(of=("self",)).select_related("batch")
    if report.message_id:
        return mails.filter(message_id=report.message_id).first()
    return mails.filter(message_id=f"{report.envelope_id}@{settings.MAIL_DOMAIN.lower()}").first()


# --- Whoever wants no more ----------------------------------------------------------------------------------
@transaction.atomic
def unsubscribe(*, token: str) -> bool:
    """The holder of a mail wants no more of its kind; holds from this commit on. False for a token not made here.

    Pressed twice it does nothing more. Mail the association owes (list_unsubscribe=False) is not affected.
    """
    number = digests.outgoing_of(token)
    mail = Outgoing.objects.filter(pk=number).first() if number is not None else None
    if mail is None or not mail.address_digest:
        return False
    if suppress(mail.address_digest, SuppressionReason.UNSUBSCRIBE, kind=mail.kind, outgoing_id=mail.pk):
        note(mail.pk, What.UNSUBSCRIBED)
    return True


@transaction.atomic
def complain(*, outgoing_id: int) -> bool:
    """The recipient's provider reports the mail as unwanted: no more mail of its kind. False for an unknown number."""
    mail = Outgoing.objects.filter(pk=outgoing_id).exclude(address_digest="").first()
    if mail is None:
        return False
    suppress(mail.address_digest, SuppressionReason.COMPLAINT, kind=mail.kind, outgoing_id=mail.pk)
    return True


@transaction.atomic
def lift_suppression(*, suppression_id: int, by: Any) -> bool:
    """The address may be written to again: the person asked, or the mailbox is back. False when it was lifted before."""
    standing = Suppression.objects.filter(pk=suppression_id, until__isnull=True)
    return bool(standing.update(until=Now(), lifted_by=by))
