"""The sender: takes what is due, one mail after the other, so that a kill at any moment doubles nothing and hides nothing.

Before the server hears of a mail its row says SENDING, committed; after the server's answer the row says the outcome.
A sender that dies between the two leaves SENDING, which becomes IN_DOUBT and is never sent again by itself. One sender
works at a time (an advisory lock of the session, which dies with it), so the pace holds for all workers together; if
two ran all the same, the claim, one UPDATE that tests the state it changes, gives a mail to one of them.
"""

from __future__ import annotations

import logging
import os
import time
import traceback
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Max
from django.db.models.functions import Now
from django.utils import timezone

from kumiai.mailing import digests, queries
from kumiai.mailing.enums import WAITING, BatchState, MailState, Reason, What
from kumiai.mailing.files.letter import Letter, Sender, UnusableAddress, UnusableMessage, letter
from kumiai.mailing.kinds import Kind, Message, kind_of
from kumiai.mailing.models import Batch, MailEvent, Outgoing, Suppression
from kumiai.mailing.outcomes import active, end_unsent, record
from kumiai.mailing.smtp import Answer, Post, ServerAway

logger = logging.getLogger(__name__)

LOCK_SPACE = 0x6D61696C
# One run ends after this long and sends itself again, so that a worker can be shut down between two.
RUN_SECONDS = 240
# What is composed at once is sent within this long, or asked for again: a booking of the last minute stops its reminder.
CHUNK_SECONDS = 5
CHUNK_MAILS = 50
# So many mails in a row that met no answer end the run: the server, not the mails, is in trouble.
BROKEN_IN_A_ROW = 3
RECORD_TRIES = 3


class Ended(Exception):
    """This run ends here: the server is away, refuses us, or the database forgot our lock."""


class Ticker:
    """The worker's clock for pauses alone; a test hands in its own."""

    def now(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


@dataclass
class Run:
    """What one run did. left: something that is due waits still."""

    counts: Counter[str] = field(default_factory=Counter)
    left: bool = False


def send_due(
    *,
    clock: Callable[[], datetime] = queries.database_now,
    ticker: Ticker | None = None,
    seconds: float = RUN_SECONDS,
    post: Post | None = None,
    only: Collection[int] | None = None,
) -> Run | None:
    """Send what is due now. None when another sender works. Outside the hours it only finds what was lost.

    post: whom the mails are handed to; None: the mail server of the settings. only: these batches; None: all.
    """
    with only_sender() as alone:
        if not alone:
            return None
        sender = _Sending(clock, ticker or Ticker(), seconds, post or Post(), only)
        find_lost(sender.run)
        try:
            sender.work()
        except Ended as reason:
            logger.warning("mail: run ended, %s", reason)
        finally:
            sender.post.close()
        if connection.is_usable():
            finish_batches()
        return sender.run


@contextmanager
def only_sender() -> Iterator[bool]:
    """While it lasts no other sender works; False when one does. May be entered again within itself."""
    # Inside somebody's transaction "committed before the server hears of it" would not be true. Through a pooler that
    # shares sessions the lock means nothing; then the pace is a worker's own, and the claim still sends a mail once.
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s::integer, 0)", [LOCK_SPACE])
        alone = cursor.fetchone()[0]
    try:
        yield alone
    finally:
        if alone and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s::integer, 0)", [LOCK_SPACE])


@transaction.atomic
def find_lost(run: Run | None = None) -> int:
    """Mails whose sender died between claim and answer are in doubt from now on. Returns how many."""
    ids = list(queries.lost_mails().select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True))
    Outgoing.objects.filter(pk__in=ids, state=MailState.SENDING).update(
        state=MailState.IN_DOUBT, reason=Reason.WORKER_LOST
    )
    MailEvent.objects.bulk_create([MailEvent(outgoing_id=pk, what=What.IN_DOUBT) for pk in ids])
    if ids:
        logger.warning("mail: %d in doubt, their sender is gone", len(ids))
    if run is not None:
        run.counts[MailState.IN_DOUBT.value] += len(ids)
    return len(ids)


def finish_batches() -> int:
    """Released batches with nothing left to send end. Mails in doubt are listed apart and hold no batch open."""
    open_mails = Outgoing.objects.filter(state__in=[*WAITING, MailState.SENDING])
    done = Batch.objects.filter(state=BatchState.RELEASED).exclude(pk__in=open_mails.values("batch_id"))
    return done.update(state=BatchState.FINISHED, finished_at=Now())


# In SQL because it stands in front of every single mail: to build it by the ORM took longer than to carry it out.
_CLAIM = """
UPDATE mailing_outgoing AS mail
SET state = %(sending)s, attempt = attempt + 1, claimed_at = statement_timestamp(), next_attempt_at = NULL, smtp_code = NULL,
    enhanced_code = '', address_digest = %(digest)s
WHERE id = %(pk)s AND attempt = %(attempt)s
  AND (state = %(pending)s OR state = %(deferred)s AND next_attempt_at <= %(at)s)
  AND EXISTS (SELECT FROM mailing_batch WHERE id = mail.batch_id AND state = %(released)s)
  AND NOT EXISTS (
    SELECT FROM mailing_suppression WHERE address_digest = %(digest)s AND kind = ANY(%(kinds)s) AND (until IS NULL OR until > statement_timestamp())
  )
"""


def claim(mail: Outgoing, digest: str, *, at: datetime) -> int | None:
    """Take a mail, in one statement that commits at once: the number of the attempt, or None.

    None when somebody else has it, its batch was stopped, or its address was suppressed since it was composed.
    """
    values: dict[str, Any] = {
        "pk": mail.pk, "attempt": mail.attempt, "digest": digest, "at": at, "kinds": _kinds_that_stop(mail.kind),
        "sending": MailState.SENDING.value, "pending": MailState.PENDING.value, "deferred": MailState.DEFERRED.value,
        "released": BatchState.RELEASED.value,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, values)
        taken = cursor.rowcount
    mail.address_digest = digest
    return mail.attempt + 1 if taken else None


def _kinds_that_stop(kind: str) -> list[str]:
    """A dead address gets nothing; who unsubscribed gets nothing of that kind, but still what the association owes."""
    return ["", kind] if kind_of(kind).list_unsubscribe else [""]


def _suppressed(kind: str, found: set[str]) -> set[str]:
    stops = Suppression.objects.filter(active(), address_digest__in=found, kind__in=_kinds_that_stop(kind))
    return set(stops.values_list("address_digest", flat=True))


class _Sending:
    """One run: its connection, its pace, its counts."""

    def __init__(
        self,
        clock: Callable[[], datetime],
        ticker: Ticker,
        seconds: float,
        post: Post,
        only: Collection[int] | None,
    ) -> None:
        self.clock, self.ticker, self.only = clock, ticker, only
        self.ends = ticker.now() + seconds
        self.post, self.run = post, Run()
        self.broken = 0
        self.next_of_all = self._after_the_last_run()
        self.next_of: dict[int, float] = {}

    def _after_the_last_run(self) -> float:
        """The pace holds across runs: the first mail keeps its distance from the last of the run before."""
        last = Outgoing.objects.aggregate(last=Max("claimed_at"))["last"]
        passed = (queries.database_now() - last).total_seconds() if last else 60 / settings.MAIL_PER_MINUTE
        return self.ticker.now() + max(0.0, 60 / settings.MAIL_PER_MINUTE - passed)

    def work(self) -> None:
        """Chunk by chunk, from the batch whose turn comes first, while the outbox is open."""
        while True:
            at = self.clock()
            if not queries.may_send_at(at):
                return
            batches = [one for one in queries.due_batches(at) if self.only is None or one.pk in self.only]
            if not batches:
                return
            batch = min(batches, key=lambda one: (self.next_of.get(one.pk, 0.0), one.due_at, one.pk))
            if not self._wait_for(batch):
                self.run.left = True
                return
            self._chunk(batch, at)

    def _wait_for(self, batch: Batch) -> bool:
        """Keep the pace of all mail and of this batch. False when the run would be over by then."""
        now = self.ticker.now()
        moment = max(self.next_of_all, self.next_of.get(batch.pk, 0.0))
        if max(moment, now) >= self.ends:
            return False
        if moment > now:
            self.ticker.sleep(moment - now)
        return True

    def _paced(self, batch: Batch) -> None:
        now = self.ticker.now()
        self.next_of_all = max(now, self.next_of_all) + 60 / settings.MAIL_PER_MINUTE
        self.next_of[batch.pk] = max(now, self.next_of.get(batch.pk, 0.0)) + 60 / batch.per_minute

    # --- One chunk ------------------------------------------------------------------------------------------
    def _chunk(self, batch: Batch, at: datetime) -> None:
        try:
            self.post.open()
        except ServerAway as away:
            raise Ended(f"server away: {away}") from None
        a_minute = min(batch.per_minute, settings.MAIL_PER_MINUTE)
        size = max(1, min(CHUNK_MAILS, a_minute * CHUNK_SECONDS // 60))
        mails = list(Outgoing.objects.filter(queries.waiting_at(at), batch=batch).order_by("pk")[:size])
        letters = self._composed(batch, mails)
        chunk_ends = self.ticker.now() + CHUNK_SECONDS
        for mail, digest, ready in letters:
            if self.ticker.now() > chunk_ends or not self._wait_for(batch):
                return
            self._one(batch, mail, digest, ready, at)

    def _composed(self, batch: Batch, mails: list[Outgoing]) -> list[tuple[Outgoing, str, Letter]]:
        """The mails of a chunk as they go out; those that are not to go are ended here."""
        recipients = [mail.recipient_id for mail in mails]
        try:
            kind = kind_of(batch.kind)
            with kind.entered():
                wanted = set(
                    recipients if kind.still_wanted is None else kind.still_wanted(batch.reference_id, recipients)
                )
                asked = [recipient for recipient in recipients if recipient in wanted]
                messages = dict(kind.compose(batch.reference_id, asked)) if asked else {}
        except (OperationalError, InterfaceError) as problem:
            raise Ended(f"database: {type(problem).__name__}") from None
        except PermissionDenied as refusal:
            return self._stopped(batch, "refused", refusal)
        except LookupError as problem:
            return self._stopped(batch, "unknown_kind" if not _is_known(batch.kind) else "compose_error", problem)
        except Exception as problem:  # noqa: BLE001  (whatever a domain raises stops its batch, not the sender)
            return self._stopped(batch, "compose_error", problem)
        self._end([m for m in mails if m.recipient_id not in wanted], MailState.CANCELLED, Reason.NOT_WANTED)
        rest = [m for m in mails if m.recipient_id in wanted]
        self._end([m for m in rest if m.recipient_id not in messages], MailState.CANCELLED, Reason.NO_ADDRESS)
        return self._ready(kind, [(m, messages[m.recipient_id]) for m in rest if m.recipient_id in messages])

    def _ready(self, kind: Kind, pairs: list[tuple[Outgoing, Message]]) -> list[tuple[Outgoing, str, Letter]]:
        found: list[tuple[Outgoing, str, Letter]] = []
        for mail, message in pairs:
            try:
                found.append((mail, digests.address_digest(message.to), _letter(kind, mail, message)))
            except UnusableAddress:
                self._end([mail], MailState.REJECTED, Reason.BAD_ADDRESS)
            except UnusableMessage:
                self._end([mail], MailState.REJECTED, Reason.UNUSABLE)
        stopped = _suppressed(kind.code, {digest for _mail, digest, _letter in found})
        self._end([m for m, digest, _letter in found if digest in stopped], MailState.SUPPRESSED, Reason.SUPPRESSED)
        return [entry for entry in found if entry[1] not in stopped]

    def _end(self, mails: list[Outgoing], state: MailState, reason: Reason) -> None:
        self.run.counts[state.value] += end_unsent([mail.pk for mail in mails], state, reason)

    def _stopped(self, batch: Batch, code: str, problem: BaseException) -> list[tuple[Outgoing, str, Letter]]:
        """The batch waits for somebody to look. Class and place of the error only: its words may hold a name."""
        last = traceback.extract_tb(problem.__traceback__)[-1]
        place = f"{os.path.basename(last.filename)}:{last.lineno}"
        logger.error("mail: batch %s stopped, %s: %s at %s", batch.pk, code, type(problem).__name__, place)
        Batch.objects.filter(pk=batch.pk, state=BatchState.RELEASED).update(state=BatchState.STOPPED, error_code=code)
        return []

    # --- One mail -------------------------------------------------------------------------------------------
    def _one(self, batch: Batch, mail: Outgoing, digest: str, ready: Letter, at: datetime) -> None:
        try:
            self.post.open()
        except ServerAway as away:
            raise Ended(f"server away: {away}") from None
        attempt = claim(mail, digest, at=at)
        if attempt is None:
            if digest in _suppressed(mail.kind, {digest}):
                self._end([mail], MailState.SUPPRESSED, Reason.SUPPRESSED)
            return
        self._paced(batch)
        answer = self.post.send(ready)
        state = self._record(mail, attempt, answer)
        self.run.counts[state.value if state else "settled_meanwhile"] += 1
        self.broken = self.broken + 1 if answer.smtp_code is None and answer.state != MailState.REJECTED else 0
        if answer.stop or self.broken >= BROKEN_IN_A_ROW:
            raise Ended("the server refuses us for now" if answer.stop else "the line breaks again and again")

    def _record(self, mail: Outgoing, attempt: int, answer: Answer) -> MailState | None:
        """The answer is known here and nowhere else, so a database that stumbles is asked again before giving up."""
        for last in range(RECORD_TRIES, 0, -1):
            try:
                state = record(mail, attempt, answer, clock=self.clock)
            except (OperationalError, InterfaceError) as problem:
                connection.close()
                if last == 1:
                    raise Ended(f"database: {type(problem).__name__}") from None
                self.ticker.sleep(1)
            else:
                if last < RECORD_TRIES:
                    raise Ended("the database forgot the lock")
                return state
        return None


def _is_known(code: str) -> bool:
    try:
        kind_of(code)
    except LookupError:
        return False
    return True


def _letter(kind: Kind, mail: Outgoing, message: Message) -> Letter:
    url = ""
    if kind.list_unsubscribe and settings.MAIL_UNSUBSCRIBE_URL:
        url = settings.MAIL_UNSUBSCRIBE_URL.format(token=digests.unsubscribe_token(mail.pk))
    sender = Sender(settings.MAIL_FROM, settings.MAIL_FROM_NAME, settings.MAIL_RETURN_PATH)
    return letter(message, sender=sender, message_id=mail.message_id, at=timezone.localtime(), unsubscribe_url=url)
