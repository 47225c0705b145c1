"""Writing down what became of a mail: the row, its event and, for a dead address, the suppression, in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from kumiai.mailing.enums import MailState, Reason, SuppressionReason, What
from kumiai.mailing.models import MailEvent, Outgoing, Suppression
from kumiai.mailing.rules.retries import address_is_dead, delay_after
from kumiai.mailing.smtp import Answer

_EVENT_OF = {
    MailState.SENT: What.SENT,
    MailState.DEFERRED: What.DEFERRED,
    MailState.REJECTED: What.REJECTED,
    MailState.IN_DOUBT: What.IN_DOUBT,
}


def active() -> Q:
    """Suppressions that hold now."""
    return Q(until__isnull=True) | Q(until__gt=Now())


def note(outgoing_id: int, what: What, *, code: int | None = None, enhanced: str = "", by: Any = None) -> None:
    MailEvent.objects.create(outgoing_id=outgoing_id, what=what, smtp_code=code, enhanced_code=enhanced, by=by)


def suppress(digest: str, reason: SuppressionReason, *, kind: str = "", outgoing_id: int | None = None) -> bool:
    """No more mail to this address: of one kind, or (kind empty) of any. False when it is so already."""
    before = Suppression.objects.filter(address_digest=digest, kind=kind, reason=reason, until__isnull=True)
    if not digest or before.exists():
        return False
    # Two at once: the constraint keeps one, and both were right.
    Suppression.objects.bulk_create(
        [Suppression(address_digest=digest, kind=kind, reason=reason, outgoing_id=outgoing_id)], ignore_conflicts=True
    )
    return True


@transaction.atomic
def record(mail: Outgoing, attempt: int, answer: Answer, *, clock: Callable[[], datetime]) -> MailState | None:
    """Store the answer to one attempt. None when the attempt was settled by somebody else meanwhile.

    A sender taken for dead that comes back with an answer knows more than the doubt it was left in: its answer stands.
    """
    state, reason = answer.state, answer.reason
    delay = delay_after(attempt)
    if state == MailState.DEFERRED and delay is None:
        state, reason = MailState.REJECTED, Reason.GIVEN_UP
    deferred = state == MailState.DEFERRED and delay is not None
    standing = Outgoing.objects.filter(pk=mail.pk, attempt=attempt, state__in=[MailState.SENDING, MailState.IN_DOUBT])
    if not standing.update(
        state=state,
        reason=reason,
        smtp_code=answer.smtp_code,
        enhanced_code=answer.enhanced_code,
        next_attempt_at=clock() + delay if deferred and delay is not None else None,
        finished_at=Now() if state in (MailState.SENT, MailState.REJECTED) else None,
    ):
        return None
    note(mail.pk, _EVENT_OF[state], code=answer.smtp_code, enhanced=answer.enhanced_code)
    if state == MailState.REJECTED and address_is_dead(
        answer.smtp_code, answer.enhanced_code, of_recipient=answer.of_recipient
    ):
        suppress(mail.address_digest, SuppressionReason.BOUNCE, outgoing_id=mail.pk)
    return state


def end_unsent(ids: list[int], state: MailState, reason: Reason) -> int:
    """Rows that wait end without having been sent. Returns how many did."""
    if not ids:
        return 0
    waiting = Outgoing.objects.filter(pk__in=ids, state__in=[MailState.PENDING, MailState.DEFERRED])
    return waiting.update(state=state, reason=reason, next_attempt_at=None, finished_at=Now())
