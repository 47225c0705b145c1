"""メールの状況: every batch with its counts, what came back, who gets no more mail, and the server's own log."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from health_programs.checkups.activities import CHECKUP_REMINDER
from health_programs.checkups.queries.reminders import MAIL as KIND
from kumiai.mailing import digests
from kumiai.mailing.models import Batch, MailEvent, Outgoing, Suppression
from tests.kumiai.mailing.reports import dsn

pytestmark = [pytest.mark.django_db]


def at(name: str, *args) -> str:
    return reverse(f"checkups:{name}", args=args)


@pytest.fixture
def outbox(owner, personas):
    """A batch of four mails: sent, in doubt, rejected, waiting."""
    now = timezone.now()
    with owner():
        batch = Batch.objects.create(
            kind=KIND, reference_id=1, activity_code=CHECKUP_REMINDER.code, state="released", due_at=now, per_minute=60,
            recipients=4, released_by=personas["中村"],
        )  # fmt: skip
        digest = digests.address_digest("hanako@example.jp")
        shared = {"batch": batch, "kind": KIND, "reference_id": 1, "address_digest": digest}
        for number, values in enumerate(
            (
                {"state": "sent", "attempt": 1, "claimed_at": now, "finished_at": now, "smtp_code": 250},
                {"state": "in_doubt", "attempt": 1, "claimed_at": now - timedelta(hours=2), "reason": "worker_lost"},
                {
                    "state": "rejected",
                    "attempt": 1,
                    "claimed_at": now,
                    "finished_at": now,
                    "reason": "server",
                    "smtp_code": 550,
                },
                {"state": "pending", "address_digest": ""},
            ),
            start=1,
        ):
            Outgoing.objects.create(
                recipient_id=number, message_id=digests.message_id(KIND, 1, number), **shared | values
            )
        rejected = Outgoing.objects.get(recipient_id=3)
        MailEvent.objects.create(outgoing=rejected, what="rejected", smtp_code=550, enhanced_code="5.1.1")
        Suppression.objects.create(address_digest=digest, reason="bounce", outgoing=rejected)
    return batch


def test_staff_see_every_batch_and_nobody_else_does(outbox, client_of):
    clerk, stranger = client_of("高橋"), client_of("鈴木")
    page = clerk.get(at("mail-list")).content.decode()
    assert f"第{outbox.pk}束" in page and "中村 直樹" in page
    assert f"第{outbox.pk}束" not in clerk.get(at("mail-list") + "?state=stopped").content.decode()
    for name in ("mail-list", "mail-bounces", "mail-suppressions", "mail-log"):
        assert stranger.get(at(name)).status_code == 403, name
        assert "hanako" not in clerk.get(at(name)).content.decode()
    assert "5.1.1" in clerk.get(at("mail-bounces")).content.decode()


def test_a_suppression_is_lifted_once_and_by_somebody(outbox, client_of, owner, personas):
    clerk = client_of("高橋")
    with owner():
        row = Suppression.objects.get()
    assert client_of("鈴木").post(at("suppression-lift", row.pk)).status_code == 403
    assert clerk.post(at("suppression-lift", row.pk)).status_code == 302
    with owner():
        row.refresh_from_db()
        assert row.lifted_by_id == personas["高橋"].pk and row.until is not None
    assert "解除されています" in clerk.post(at("suppression-lift", row.pk), follow=True).content.decode()
    assert "高橋 恵" in clerk.get(at("mail-suppressions") + "?lifted=1").content.decode()


def test_the_servers_log_settles_what_was_in_doubt(outbox, client_of, owner):
    clerk = client_of("高橋")
    with owner():
        mail = Outgoing.objects.get(state="in_doubt")
    line = f'{{"message_id": "{mail.message_id}", "status": "sent"}}\n'.encode()
    half = clerk.post(
        at("mail-log"), {"file": SimpleUploadedFile("log.json", line), "since": "2026-11-01", "until": ""}
    )
    assert half.status_code == 422 and "両方を入れてください" in half.content.decode()
    answer = clerk.post(at("mail-log"), {"file": SimpleUploadedFile("log.json", line)}, follow=True).content.decode()
    with owner():
        mail.refresh_from_db()
    assert mail.state == "sent" and "送信済みと確認 1通" in answer


def test_a_bounce_taken_in_by_hand_stops_the_address(outbox, client_of, owner):
    clerk = client_of("高橋")
    with owner():
        Suppression.objects.all().delete()
        mail = Outgoing.objects.get(state="sent")
    strange = clerk.post(at("mail-bounces"), {"file": SimpleUploadedFile("x.eml", b"Subject: hello\n\nhello")})
    assert strange.status_code == 422 and "通知ではありません" in strange.content.decode()
    notice = dsn(mail.message_id, status="5.1.1", diagnostic="smtp; 550 5.1.1 unknown")
    assert clerk.post(at("mail-bounces"), {"file": SimpleUploadedFile("b.eml", notice)}).status_code == 302
    with owner():
        mail.refresh_from_db()
        assert mail.state == "rejected" and Suppression.objects.filter(reason="bounce").exists()
