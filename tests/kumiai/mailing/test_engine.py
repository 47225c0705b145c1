"""The sender against a real server: each way a conversation can end, and what the outbox says afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError

from kumiai.mailing import actions, digests, engine, kinds, queries
from kumiai.mailing.enums import BatchState, MailState
from kumiai.mailing.kinds import Message
from kumiai.mailing.models import Outgoing, Suppression
from kumiai.mailing.rules.retries import ATTEMPTS, BACKOFF_MINUTES
from kumiai.mailing.smtp import ServerAway
from tests.kumiai.mailing.conftest import KIND, mail_to, states

pytestmark = pytest.mark.django_db


def p(number: int) -> str:
    return f"p{number}@members.example"


def test_everybody_gets_one_mail_over_one_connection(batch_of, run, sink):
    batch = batch_of(range(1, 31))

    done = run()

    assert states(batch) == {"sent": 30}
    assert sorted(sink.to) == sorted(p(n) for n in range(1, 31))
    assert sink.connections == 1
    assert (done.counts["sent"], done.left) == (30, False)
    batch.refresh_from_db()
    assert batch.state == BatchState.FINISHED and batch.finished_at
    assert set(sink.times()) == set(Outgoing.objects.values_list("message_id", flat=True))


def test_the_mail_reads_as_it_was_written(batch_of, run, sink, campaign):
    campaign.subject = "【重要】" + "特定健康診査の受診についてのご案内とお願い、" * 8
    campaign.headers = {"X-Campaign": "7"}
    batch_of([1])

    run()

    mail = sink.mail()
    assert mail["Subject"] == campaign.subject
    assert mail.get_content().replace("\r\n", "\n") == campaign.body
    assert mail["From"].addresses[0].display_name == "架空連合健康保険組合"
    assert mail["To"] == p(1)
    assert mail["X-Campaign"] == "7" and mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    url = mail["List-Unsubscribe"].strip("<>")
    assert digests.outgoing_of(url.rpartition("/")[2]) == mail_to(1).pk
    assert max(len(line) for line in sink.accepted[0][1].split(b"\r\n")) <= 998
    assert any(f"ENVID={mail_to(1).message_id.partition('@')[0]}" in option for option in sink.options)


def test_nothing_of_address_or_text_stays(batch_of, run, owner):
    from django.db import connection

    batch_of([1])
    run()

    with owner(), connection.cursor() as cursor:
        for table in ("mailing_batch", "mailing_outgoing", "mailing_mailevent", "mailing_suppression"):
            cursor.execute(f"SELECT coalesce(json_agg(t)::text, '') FROM {table} t")
            text = cursor.fetchone()[0]
            assert "members.example" not in text and "健診" not in text and "髙﨑" not in text


# --- Refusals for the moment and for good ---------------------------------------------------------------------
def test_a_greylisted_mail_goes_out_after_the_pause_and_not_before(batch_of, run, sink, opened):
    sink.script[p(1)] = ["rcpt:451 4.7.1 p1@members.example greylisted"]
    batch = batch_of([1, 2])

    run()
    mail = mail_to(1)
    assert (mail.state, mail.smtp_code, mail.enhanced_code) == (MailState.DEFERRED, 451, "4.7.1")
    assert mail.next_attempt_at == opened + timedelta(minutes=BACKOFF_MINUTES[0])
    run(opened + timedelta(minutes=4))
    assert sink.to == [p(2)]

    run(opened + timedelta(minutes=6))

    assert states(batch) == {"sent": 2}
    assert sorted(sink.times().values()) == [1, 1]
    assert [event.what for event in queries.events_of(mail.pk)] == ["deferred", "sent"]


def test_a_refusal_of_the_text_for_the_moment_is_tried_again(batch_of, run, sink, opened):
    sink.script[p(1)] = ["data:452 4.3.1 full"]
    batch = batch_of([1])

    run()
    assert states(batch) == {"deferred": 1}
    run(opened + timedelta(hours=1))

    assert states(batch) == {"sent": 1} and mail_to(1).attempt == 2


def test_after_the_last_try_it_is_given_up_but_the_address_lives(batch_of, run, sink, opened):
    sink.script[p(1)] = ["rcpt:450 4.2.0 busy"] * (ATTEMPTS + 3)
    batch_of([1])

    at = opened
    for _ in range(ATTEMPTS + 2):
        run(at)
        at = queries.due_moment(at.date() + timedelta(days=1)) + timedelta(hours=1)

    mail = mail_to(1)
    assert (mail.state, mail.reason, mail.attempt) == (MailState.REJECTED, "given_up", ATTEMPTS)
    assert len(sink.script[p(1)]) == 3
    assert not Suppression.objects.exists()


def test_an_address_that_does_not_exist_is_rejected_and_suppressed_for_every_kind(batch_of, run, sink, campaign):
    sink.script[p(1)] = ["rcpt:550 5.1.1 no such user p1@members.example"]
    batch = batch_of([1, 2])

    run()

    assert states(batch) == {"sent": 1, "rejected": 1}
    stop = Suppression.objects.get()
    assert (stop.kind, stop.reason) == ("", "bounce")
    assert stop.address_digest == digests.address_digest("P1@Members.example ")
    kinds.register("tests.other", "別の案内", compose=campaign.compose, list_unsubscribe=False)
    other = batch_of([1], kind="tests.other")
    run()
    assert states(other) == {"suppressed": 1}


@pytest.mark.parametrize(
    "step", ["data:554 5.6.0 not this text", "rcpt:550 5.7.1 you are on a list", "rcpt:552 5.2.2 mailbox full"]
)
def test_a_refusal_that_is_not_about_the_address_suppresses_nobody(batch_of, run, sink, step):
    sink.script[p(1)] = [step]
    batch = batch_of([1])

    run()

    assert states(batch) == {"rejected": 1}
    assert not Suppression.objects.exists()


def test_a_server_that_refuses_the_sender_costs_no_recipient_anything(batch_of, run, sink):
    sink.script["sender"] = ["mail:550 5.7.1 relaying denied"] * 10
    batch = batch_of(range(1, 11))

    run()

    assert states(batch) == {"pending": 9, "deferred": 1}
    assert not Suppression.objects.exists() and len(sink.script["sender"]) == 9


# --- Broken lines ---------------------------------------------------------------------------------------------
def test_a_line_that_breaks_before_the_text_leaves_no_doubt(batch_of, run, sink, opened):
    sink.script[p(1)] = ["drop:rcpt"]
    batch = batch_of([1, 2])

    run()
    assert states(batch) == {"deferred": 1, "sent": 1}
    run(opened + timedelta(hours=1))

    assert states(batch) == {"sent": 2} and sorted(sink.times().values()) == [1, 1]


@pytest.mark.parametrize(("step", "accepted"), [("drop:accepted", 1), ("drop:text", 0)])
def test_a_line_that_breaks_after_the_text_leaves_a_doubt_that_is_listed_and_not_resent(
    batch_of, run, sink, opened, step, accepted
):
    sink.script[p(1)] = [step]
    batch = batch_of([1, 2])

    run()
    for hour in (1, 2, 3):
        run(opened + timedelta(hours=hour))

    assert states(batch) == {"sent": 1, "in_doubt": 1}
    assert [mail.recipient_id for mail in queries.in_doubt(batch)] == [1]
    assert mail_to(1).reason == "cut_off"
    assert sink.to.count(p(1)) == accepted
    batch.refresh_from_db()
    assert batch.state == BatchState.FINISHED


def test_a_server_that_breaks_again_and_again_ends_the_run(batch_of, run, sink):
    for number in range(1, 11):
        sink.script[p(number)] = ["drop:rcpt"]
    batch = batch_of(range(1, 11))

    run()

    assert states(batch) == {"pending": 7, "deferred": 3}


def test_a_server_that_is_away_claims_nothing(batch_of, run, settings, campaign):
    batch = batch_of([1, 2])
    settings.EMAIL_PORT = 1

    run()

    assert states(batch) == {"pending": 2}
    assert campaign.composed == []


def test_tls_is_demanded_where_it_is_set(batch_of, run, settings):
    settings.EMAIL_USE_TLS = True
    batch = batch_of([1])

    run()

    assert states(batch) == {"pending": 1}
    from kumiai.mailing.smtp import Post

    with pytest.raises(ServerAway):
        Post().open()


def test_a_new_connection_after_ninety_mails(batch_of, run, sink):
    batch = batch_of(range(1, 101))

    run()

    assert states(batch) == {"sent": 100} and sink.connections == 2


# --- Addresses and headers ------------------------------------------------------------------------------------
def test_an_address_beyond_ascii_goes_to_a_server_that_knows_them(batch_of, run, sink, campaign):
    campaign.addresses = {1: "髙﨑@例え.jp"}
    batch = batch_of([1])

    run()

    assert states(batch) == {"sent": 1} and sink.to == ["髙﨑@xn--r8jz45g.jp"]
    assert any("SMTPUTF8" in option for option in sink.options)


def test_an_address_beyond_ascii_is_no_dead_address_to_a_server_that_does_not(batch_of, run, campaign, post):
    post.utf8 = False
    campaign.addresses = {1: "髙﨑@members.example"}
    batch_of([1])

    run()

    assert (mail_to(1).state, mail_to(1).enhanced_code) == (MailState.REJECTED, "5.6.7")
    assert not Suppression.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        "a@members.example\r\nBcc: b@members.example",
        "a@members.example, b@members.example",
        "a@members.example> NOTIFY=NEVER",
        "二つ <a@members.example>",
        "no-at-sign",
        "a@localhost",
        "",
        "a b@members.example",
        '"a@b"@members.example',
        "a@members..example",
    ],
)
def test_what_is_not_one_address_is_never_spoken_to_the_server(batch_of, run, sink, campaign, address):
    campaign.addresses = {1: address}
    batch_of([1, 2])

    run()

    assert (mail_to(1).state, mail_to(1).reason, mail_to(1).attempt) == (MailState.REJECTED, "bad_address", 0)
    assert sink.to == [p(2)]


@pytest.mark.parametrize(
    ("subject", "headers", "body"),
    [
        ("件名\r\nBcc: x@members.example", {}, "本文"),
        ("件名\n続き", {}, "本文"),
        ("件名\u2028続き", {}, "本文"),
        ("件名", {"X-A": "1\r\nBcc: x@members.example"}, "本文"),
        ("件名", {"Bcc": "x@members.example"}, "本文"),
        ("件名", {"X-A: 1\r\nBcc": "x@members.example"}, "本文"),
        ("件名", {"From": "x@members.example"}, "本文"),
        ("件名", {}, "本文\x00"),
        ("件名", {}, "対のない\ud800"),
    ],
)
def test_no_header_can_be_smuggled_in(batch_of, run, sink, campaign, subject, headers, body):
    campaign.subject, campaign.headers, campaign.body = subject, headers, body
    batch_of([1])

    run()

    assert (mail_to(1).state, mail_to(1).reason) == (MailState.REJECTED, "unusable")
    assert sink.accepted == []


# --- Who is not to get it -------------------------------------------------------------------------------------
def test_a_reminder_stops_when_the_booking_has_arrived(batch_of, run, sink, campaign):
    batch = batch_of([1, 2, 3])
    campaign.not_wanted = {2}

    run()

    assert states(batch) == {"sent": 2, "cancelled": 1}
    assert mail_to(2).reason == "not_wanted" and p(2) not in sink.to
    assert all(2 not in asked for asked in campaign.composed)


def test_who_has_no_address_is_named_as_such(batch_of, run, campaign):
    batch = batch_of([1, 2])
    campaign.no_address = {1}

    run()

    assert states(batch) == {"sent": 1, "cancelled": 1} and mail_to(1).reason == "no_address"


def test_who_unsubscribes_between_composing_and_sending_gets_nothing(batch_of, run, sink, campaign, monkeypatch):
    batch = batch_of([1, 2])
    composed = engine._Sending._composed

    def and_then_unsubscribed(sending, one, mails):
        found = composed(sending, one, mails)
        Suppression.objects.create(address_digest=digests.address_digest(p(2)), kind=KIND, reason="unsubscribe")
        return found

    monkeypatch.setattr(engine._Sending, "_composed", and_then_unsubscribed)

    run()

    assert states(batch) == {"sent": 1, "suppressed": 1} and sink.to == [p(1)]
    assert mail_to(2).attempt == 0


def test_a_stopped_batch_sends_no_further_mail(batch_of, run, sink, campaign, clerk, monkeypatch):
    batch = batch_of(range(1, 6))
    record = engine._Sending._record

    def stop_after_one(sending, mail, attempt, answer):
        if mail.recipient_id == 1:
            actions.stop_batch(batch=batch)
        return record(sending, mail, attempt, answer)

    monkeypatch.setattr(engine._Sending, "_record", stop_after_one)
    run()
    assert states(batch) == {"pending": 4, "sent": 1}

    actions.resume_batch(batch=batch, by=clerk)
    run()

    assert states(batch) == {"sent": 5} and sorted(sink.times().values()) == [1] * 5


@pytest.mark.parametrize(
    ("problem", "code"), [(PermissionDenied("髙﨑"), "refused"), (KeyError("髙﨑"), "compose_error")]
)
def test_a_composer_that_fails_stops_its_batch_and_no_other(batch_of, run, campaign, problem, code, caplog):
    kinds.register("tests.other", "別の案内", compose=lambda _r, ids: {i: Message(p(i), "件", "文") for i in ids})
    campaign.problem = problem
    bad, good = batch_of([1, 2]), batch_of([1, 2], kind="tests.other")

    run()

    bad.refresh_from_db()
    assert (bad.state, bad.error_code) == (BatchState.STOPPED, code)
    assert states(bad) == {"pending": 2} and states(good) == {"sent": 2}
    assert "髙﨑" not in caplog.text and code in caplog.text


def test_a_kind_that_no_longer_exists_stops_its_batch(batch_of, run):
    kinds.register("tests.gone", "別の案内", compose=lambda _r, ids: {})
    batch = batch_of([1], kind="tests.gone")
    kinds._kinds.pop("tests.gone")

    run()

    batch.refresh_from_db()
    assert (batch.state, batch.error_code) == (BatchState.STOPPED, "unknown_kind")


def test_a_database_that_stumbles_while_composing_stops_nothing(batch_of, run, campaign):
    batch = batch_of([1])
    campaign.problem = OperationalError("away")

    run()

    batch.refresh_from_db()
    assert (batch.state, states(batch)) == (BatchState.RELEASED, {"pending": 1})
