"""What the database itself refuses, whoever asks."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from kumiai.mailing import actions, digests
from kumiai.mailing.models import Batch, MailEvent, Outgoing, Suppression
from tests.kumiai.mailing.conftest import CAMPAIGN, KIND

pytestmark = pytest.mark.django_db


def p(number: int) -> str:
    return f"p{number}@members.example"


# --- What the database itself refuses ----------------------------------------------------------------------------
def refused(**fields) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Outgoing.objects.filter(recipient_id=1).update(**fields)


def test_the_database_refuses_every_step_the_states_do_not_allow(batch_of):
    """All 64 pairs, each by itself: the steps allowed are those of the life of a mail."""
    batch_of([1])
    allowed = {
        "pending": {"sending", "rejected", "suppressed", "cancelled"},
        "deferred": {"sending", "rejected", "suppressed", "cancelled"},
        "sending": {"sent", "deferred", "rejected", "in_doubt"},
        "in_doubt": {"sent", "deferred", "rejected", "cancelled"},
        "sent": {"rejected"},
    }
    ended = {"sent", "rejected", "suppressed", "cancelled"}
    digest = digests.address_digest(p(1))

    def fields(state: str) -> dict:
        return {
            "state": state,
            "attempt": 0 if state == "pending" else 1,
            "claimed_at": None if state == "pending" else Now(),
            "address_digest": digest,
            "finished_at": Now() if state in ended else None,
            "next_attempt_at": Now() if state == "deferred" else None,
            "reason": {"in_doubt": "worker_lost"}.get(state, "server" if state in ended - {"sent"} else ""),
        }

    def walk(*path: str) -> None:
        for state in path:
            Outgoing.objects.filter(recipient_id=1).update(**fields(state))

    ways = {
        "pending": (), "sending": ("sending",), "deferred": ("sending", "deferred"), "sent": ("sending", "sent"),
        "in_doubt": ("sending", "in_doubt"), "rejected": ("rejected",), "suppressed": ("suppressed",),
        "cancelled": ("cancelled",),
    }  # fmt: skip
    wrong, tried = [], {"attempt": 1, "claimed_at": Now()}
    for start, way in ways.items():
        for end in ways:
            point = transaction.savepoint()
            walk(*way)
            after = fields(end) if (start, end) == ("pending", "pending") else fields(end) | tried
            try:
                with transaction.atomic():
                    Outgoing.objects.filter(recipient_id=1).update(**after)
                went = True
            except IntegrityError:
                went = False
            transaction.savepoint_rollback(point)
            if went != (end == start or end in allowed.get(start, set())):
                wrong.append((start, end, went))
    assert wrong == []


def test_the_database_refuses_what_cannot_be(batch_of, campaign):
    batch_of([1, 2])
    other = actions.create_batch(kind=KIND, reference_id=8, planned_on=date(2026, 11, 24), activity_code="tests.mail")

    refused(recipient_id=2)
    refused(recipient_id=3)
    refused(batch=other)
    refused(reference_id=8)
    refused(message_id="p1@members.example")
    refused(address_digest=p(1))
    refused(smtp_code=99)
    refused(enhanced_code="p1@members")
    refused(reason="p1@members.example")
    refused(next_attempt_at=Now())
    refused(finished_at=Now())
    refused(attempt=1)
    refused(state="sending")
    refused(state="elsewhere")
    with pytest.raises(IntegrityError), transaction.atomic():
        Outgoing.objects.create(
            batch=other, kind=KIND, reference_id=CAMPAIGN, recipient_id=5, message_id=digests.message_id(KIND, 1, 5)
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Suppression.objects.create(address_digest=p(1), reason="bounce")
    with pytest.raises(IntegrityError), transaction.atomic():
        Batch.objects.filter(pk=other.pk).update(state="released")
    with pytest.raises(IntegrityError), transaction.atomic():
        Batch.objects.filter(pk=other.pk).update(error_code="髙﨑")


def test_events_are_only_added(batch_of, run):
    from django.db import ProgrammingError

    batch_of([1])
    run()

    with pytest.raises(ProgrammingError), transaction.atomic():
        MailEvent.objects.update(what="sent")
    with pytest.raises(ProgrammingError), transaction.atomic():
        MailEvent.objects.all()._raw_delete("default")
    with pytest.raises(ProgrammingError), transaction.atomic():
        Outgoing.objects.all()._raw_delete("default")


def test_digests_are_keyed_and_message_ids_tell_nothing(settings):
    settings.MAIL_DIGEST_KEY, settings.MAIL_DOMAIN = "one", "Kumiai.example"
    first, name = digests.address_digest(p(1)), digests.message_id("a.b", 1, 12)
    assert digests.message_id("a.b", 11, 2) != name and name.endswith("@kumiai.example")
    settings.MAIL_DIGEST_KEY = "two"

    assert digests.address_digest(p(1)) != first and digests.message_id("a.b", 1, 12) != name
    settings.MAIL_DIGEST_KEY, settings.SECRET_KEY = "one", "rotated"
    assert digests.address_digest(p(1)) == first
