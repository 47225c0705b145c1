"""Planning, settling, unsubscribing, and what comes back from outside."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core import signing

from kumiai.mailing import actions, digests, kinds, queries
from kumiai.mailing.enums import BatchState, MailState
from kumiai.mailing.kinds import UnableToDescribeMail
from kumiai.mailing.models import Batch, MailEvent, Outgoing, Suppression
from tests.kumiai.mailing.conftest import KIND, mail_to, states
from tests.kumiai.mailing.reports import dsn, postfix

pytestmark = pytest.mark.django_db


def p(number: int) -> str:
    return f"p{number}@members.example"


@pytest.fixture
def doubtful(batch_of, run, sink):
    """A batch of two whose first mail nobody knows about; the server has it when `accepted`."""

    def make(*, accepted: bool):
        sink.script[p(1)] = ["drop:accepted" if accepted else "drop:text"]
        batch = batch_of([1, 2])
        run()
        assert states(batch) == {"sent": 1, "in_doubt": 1}
        return batch

    return make


# --- Batches --------------------------------------------------------------------------------------------------
def test_a_batch_is_planned_for_seven_of_a_business_day(campaign):
    batch = actions.create_batch(kind=KIND, reference_id=1, planned_on=date(2026, 11, 21), activity_code="tests.mail")

    assert queries.hours().zone.key == "Asia/Tokyo"
    assert batch.due_at.astimezone(queries.hours().zone).isoformat() == "2026-11-24T07:00:00+09:00"


def test_a_chunk_of_recipients_done_twice_adds_nothing(batch_of):
    batch = batch_of([1, 2, 3], released=False)

    assert actions.add_recipients(batch=batch, recipient_ids=[2, 3, 4, 4]) == 1

    batch.refresh_from_db()
    assert batch.recipients == batch.mails.count() == 4


def test_nothing_is_added_to_a_released_batch_and_an_empty_one_is_not_released(batch_of, clerk):
    batch = batch_of([1])

    with pytest.raises(actions.UnableToChangeBatch, match="送信予約"):
        actions.add_recipients(batch=batch, recipient_ids=[2])
    with pytest.raises(actions.UnableToChangeBatch, match="宛先がない"):
        actions.release_batch(batch=batch_of([], released=False), by=clerk)


def test_a_cancelled_batch_sends_nothing_more_and_its_doubts_do_not_come_back(doubtful, run, sink, clerk):
    batch = doubtful(accepted=False)
    Batch.objects.update(state=BatchState.STOPPED, finished_at=None)

    actions.cancel_batch(batch=batch)
    actions.settle(outgoing_id=mail_to(1).pk, sent=False, by=clerk)
    run()

    assert states(batch) == {"sent": 1, "cancelled": 1}
    with pytest.raises(actions.UnableToChangeBatch, match="取消"):
        actions.resume_batch(batch=batch, by=clerk)


def test_cancelling_says_how_many_were_not_sent(batch_of, run, sink):
    batch = batch_of([1, 2, 3])

    assert actions.cancel_batch(batch=batch) == 3
    run()

    assert states(batch) == {"cancelled": 3} and sink.to == []


def test_a_kind_must_be_a_code_and_known():
    with pytest.raises(UnableToDescribeMail):
        kinds.register("健診", "健診", compose=lambda _r, _i: {})
    with pytest.raises(LookupError, match="登録されていません"):
        actions.create_batch(kind="tests.never", reference_id=1, planned_on=date(2026, 11, 24), activity_code="x.y")


# --- In doubt -------------------------------------------------------------------------------------------------
def test_somebody_who_looked_says_it_went_out(doubtful, run, clerk, sink):
    batch = doubtful(accepted=True)

    actions.settle(outgoing_id=mail_to(1).pk, sent=True, by=clerk)
    run()

    assert states(batch) == {"sent": 2} and sorted(sink.times().values()) == [1, 1]
    event = queries.events_of(mail_to(1).pk).last()
    assert (event.what, event.by_id) == ("settled_sent", clerk.pk)
    with pytest.raises(actions.UnableToSettle, match="送信済み"):
        actions.settle(outgoing_id=mail_to(1).pk, sent=False, by=clerk)


def test_somebody_who_looked_says_it_did_not_and_it_goes_out_once(doubtful, run, clerk, sink):
    batch = doubtful(accepted=False)

    actions.settle(outgoing_id=mail_to(1).pk, sent=False, by=clerk)
    batch.refresh_from_db()
    assert batch.state == BatchState.RELEASED
    run()

    assert states(batch) == {"sent": 2} and sorted(sink.times().values()) == [1, 1]


@pytest.mark.parametrize("form", ["postfix", "json"])
def test_the_log_of_the_server_settles_what_it_took_over(doubtful, run, form, sink):
    batch = doubtful(accepted=True)
    name = mail_to(1).message_id
    lines = postfix(name) if form == "postfix" else [f'{{"message_id": "{name}", "status": "sent"}}']

    settled = actions.reconcile(log_lines=lines)
    run()

    assert (settled.sent, settled.unsent, settled.left) == (1, 0, 0)
    assert states(batch) == {"sent": 2} and sorted(sink.times().values()) == [1, 1]


def test_the_silence_of_a_log_settles_only_what_it_is_vouched_to_cover(doubtful, run, sink, settings):
    settings.MAIL_HEARTBEAT_SECONDS = 60
    batch = doubtful(accepted=False)
    now = queries.database_now()
    Outgoing.objects.filter(pk=mail_to(1).pk).update(claimed_at=now - timedelta(minutes=10))
    hour = timedelta(hours=1)

    assert actions.reconcile(log_lines=[]).left == 1
    assert actions.reconcile(log_lines=[], covers=(now - 2 * hour, now - hour)).left == 1
    assert actions.reconcile(log_lines=[], covers=(now - hour, now - timedelta(minutes=9, seconds=30))).left == 1
    settled = actions.reconcile(log_lines=[], covers=(now - hour, now))
    run()

    assert (settled.unsent, settled.left) == (1, 0)
    assert states(batch) == {"sent": 2} and sorted(sink.times().values()) == [1, 1]


def test_a_log_that_says_absent_lets_it_go_out(doubtful, run, sink):
    batch = doubtful(accepted=False)

    actions.reconcile(log_lines=[f'{{"message_id": "{mail_to(1).message_id}", "status": "absent"}}'])
    run()

    assert states(batch) == {"sent": 2} and sorted(sink.times().values()) == [1, 1]


def test_a_log_cannot_unsend_what_was_sent(batch_of, run):
    batch = batch_of([1])
    run()

    actions.reconcile(log_lines=[f'{{"message_id": "{mail_to(1).message_id}", "status": "absent"}}'])

    assert states(batch) == {"sent": 1}


def test_a_mail_the_relay_gave_up_is_undelivered_and_its_address_dead(batch_of, run):
    batch = batch_of([1])
    run()

    settled = actions.reconcile(log_lines=postfix(mail_to(1).message_id, status="bounced", code="5.1.1"))

    assert settled.refused == 1 and states(batch) == {"rejected": 1}
    assert queries.suppressions_of(digests.address_digest(p(1))).get().reason == "bounce"


# --- What comes back ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("by_envelope", [False, True])
def test_a_report_of_failure_ends_the_mail_and_the_address(batch_of, run, by_envelope):
    batch = batch_of([1])
    run()
    mail = mail_to(1)
    envelope = mail.message_id.partition("@")[0]
    raw = dsn(envelope_id=envelope, original="") if by_envelope else dsn(mail.message_id)

    for _ in range(2):
        assert actions.handle_bounce(raw=raw) == mail.pk

    mail.refresh_from_db()
    assert (mail.state, mail.reason, mail.smtp_code, mail.enhanced_code) == ("rejected", "bounced", 550, "5.1.1")
    assert Suppression.objects.count() == 1
    assert [event.what for event in queries.events_of(mail.pk)] == ["sent", "bounced"]
    assert states(batch) == {"rejected": 1}


def test_a_full_mailbox_is_no_dead_address(batch_of, run):
    batch_of([1])
    run()

    actions.handle_bounce(raw=dsn(mail_to(1).message_id, status="5.2.2", diagnostic="smtp; 552 5.2.2 full"))

    assert mail_to(1).state == MailState.REJECTED and not Suppression.objects.exists()


def test_a_report_of_delay_changes_nothing_and_one_of_delivery_settles_a_doubt(doubtful):
    batch = doubtful(accepted=True)
    mail = mail_to(1)

    actions.handle_bounce(raw=dsn(mail.message_id, action="delayed", status="4.4.1", diagnostic="x"))
    assert mail_to(1).state == MailState.IN_DOUBT
    actions.handle_bounce(raw=dsn(mail.message_id, action="delivered", status="2.0.0", diagnostic="x"))

    assert states(batch) == {"sent": 2}


def test_a_report_about_a_mail_that_was_never_ours_moves_nothing(batch_of, run):
    batch = batch_of([1])
    run()

    assert actions.handle_bounce(raw=dsn("k" + "0" * 40 + "@kumiai.example")) is None

    assert states(batch) == {"sent": 1}


# --- Whoever wants no more ------------------------------------------------------------------------------------
def test_unsubscribing_holds_from_then_on_for_that_kind_alone(batch_of, run, sink, campaign, clerk):
    batch_of([1])
    run()
    token = digests.unsubscribe_token(mail_to(1).pk)

    assert actions.unsubscribe(token=token) and actions.unsubscribe(token=token)

    kinds.register("tests.other", "別の案内", compose=campaign.compose)
    other = batch_of([1], kind="tests.other")
    run()
    assert states(other) == {"sent": 1}
    assert [event.what for event in queries.events_of(mail_to(1).pk)] == ["sent", "unsubscribed"]
    again = Suppression.objects.get()
    assert (again.kind, again.reason) == (KIND, "unsubscribe")
    # The next campaign of the kind, under whatever spelling of the address.
    campaign.addresses = {9: "P1@MEMBERS.example"}
    second = batch_of([9])
    run()
    assert states(second) == {"suppressed": 1} and len(sink.to) == 2
    # Lifted by somebody, the next one goes out.
    assert actions.lift_suppression(suppression_id=again.pk, by=clerk)
    campaign.addresses = {10: "P1@MEMBERS.example"}
    third = batch_of([10])
    run()
    assert states(third) == {"sent": 1}
    assert not actions.lift_suppression(suppression_id=again.pk, by=clerk)


def test_what_the_association_owes_goes_out_all_the_same_and_offers_no_way_out(batch_of, run, sink, campaign):
    kinds.register("tests.decision", "決定の通知", compose=campaign.compose, list_unsubscribe=False)
    Suppression.objects.create(address_digest=digests.address_digest(p(1)), kind="tests.decision", reason="unsubscribe")

    batch = batch_of([1], kind="tests.decision")
    run()

    assert states(batch) == {"sent": 1}
    assert sink.mail()["List-Unsubscribe"] is None


def test_a_complaint_stops_the_kind(batch_of, run):
    batch_of([1])
    run()

    assert actions.complain(outgoing_id=mail_to(1).pk)
    assert not actions.complain(outgoing_id=0)

    assert Suppression.objects.get().reason == "complaint"


def test_a_forged_token_does_nothing(batch_of, run):
    batch_of([1, 2])
    run()
    good = digests.unsubscribe_token(mail_to(1).pk)
    number, signature = good.split(":")
    forged = [
        "", "1", f"{mail_to(2).pk}:{signature}", f"{number}:{signature[:-1]}", f"{good}:x", f"{number}:",
        signing.Signer(salt="another").sign(number), signing.dumps(int(number)), "９" + good, "\x00", good.upper(),
    ]  # fmt: skip

    assert [actions.unsubscribe(token=token) for token in forged] == [False] * len(forged)
    assert not Suppression.objects.exists() and not MailEvent.objects.filter(what="unsubscribed").exists()
    assert actions.unsubscribe(token=digests.unsubscribe_token(10**12)) is False


def test_a_token_holds_the_number_and_nothing_else(batch_of):
    batch_of([1])
    mail = mail_to(1)

    assert digests.unsubscribe_token(mail.pk).partition(":")[0] == str(mail.pk)
