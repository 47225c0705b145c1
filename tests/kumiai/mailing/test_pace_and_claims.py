"""When mail goes out and how fast, and that a mail belongs to one sender."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db.models.functions import Now

from kumiai.mailing import actions, digests, engine, kinds, queries
from kumiai.mailing.enums import MailState
from kumiai.mailing.models import Batch, MailEvent, Outgoing
from tests.kumiai.mailing.conftest import FakeTicker, mail_to, states

pytestmark = pytest.mark.django_db


def p(number: int) -> str:
    return f"p{number}@members.example"


# --- Time -----------------------------------------------------------------------------------------------------
def test_nothing_goes_out_before_seven_of_a_business_day(batch_of, run, opened):
    batch = batch_of([1])
    seven = batch.due_at

    for early in (seven - timedelta(seconds=1), seven - timedelta(hours=7)):
        run(early)
        assert states(batch) == {"pending": 1}
    run(seven)

    assert states(batch) == {"sent": 1}


def test_nothing_goes_out_on_a_holiday_or_at_night(batch_of, run):
    batch = batch_of([1])
    tokyo = ZoneInfo("Asia/Tokyo")
    Batch.objects.update(due_at=datetime(2026, 1, 1, tzinfo=tokyo))

    for closed in (
        datetime(2026, 11, 23, 10, tzinfo=tokyo),  # 勤労感謝の日
        datetime(2026, 11, 22, 10, tzinfo=tokyo),  # a Sunday
        datetime(2026, 12, 30, 10, tzinfo=tokyo),  # the association is closed
        datetime(2026, 11, 24, 21, tzinfo=tokyo),
        datetime(2026, 11, 24, 6, 59, 59, tzinfo=tokyo),
    ):
        run(closed)
        assert states(batch) == {"pending": 1}, closed
    run(datetime(2026, 11, 24, 7, tzinfo=tokyo))

    assert states(batch) == {"sent": 1}


def test_a_batch_keeps_its_pace(batch_of, run):
    batch = batch_of(range(1, 11), per_minute=30)
    ticker = FakeTicker()

    run(ticker=ticker)

    assert states(batch) == {"sent": 10}
    assert ticker.at == pytest.approx(9 * 2.0)


def test_all_batches_together_keep_the_pace_of_the_server(batch_of, run, settings, campaign, sink):
    settings.MAIL_PER_MINUTE = 60
    kinds.register("tests.other", "別の案内", compose=campaign.compose)
    batch_of(range(1, 6), per_minute=600)
    batch_of(range(1, 6), per_minute=600, kind="tests.other")
    ticker = FakeTicker()

    run(ticker=ticker)

    assert len(sink.to) == 10
    assert ticker.at == pytest.approx(9.0)


def test_a_slow_batch_does_not_hold_up_a_quick_one(batch_of, run, campaign):
    kinds.register("tests.other", "別の案内", compose=campaign.compose)
    slow = batch_of(range(1, 6), per_minute=1)
    quick = batch_of(range(1, 31), per_minute=600, kind="tests.other")

    done = run(seconds=90)

    assert states(quick) == {"sent": 30}
    assert states(slow) == {"sent": 2, "pending": 3}
    assert done.left


def test_the_pace_holds_across_runs(batch_of, run, settings):
    settings.MAIL_PER_MINUTE = 6
    batch_of([1, 2])
    ticker = FakeTicker()
    run(ticker=ticker, seconds=5)
    assert mail_to(1).state == MailState.SENT and mail_to(2).state == MailState.PENDING

    again = FakeTicker()
    run(ticker=again, seconds=60)

    assert mail_to(2).state == MailState.SENT
    assert again.slept and 8 < again.slept[0] <= 10


# --- Claims ---------------------------------------------------------------------------------------------------
def test_what_a_dead_sender_left_is_in_doubt_after_the_heartbeat_and_never_resent(batch_of, run, sink, settings):
    settings.MAIL_HEARTBEAT_SECONDS = 300
    batch = batch_of([1, 2])
    mail = mail_to(1)
    assert engine.claim(mail, digests.address_digest(p(1)), at=queries.database_now()) == 1

    run()
    assert states(batch) == {"sending": 1, "sent": 1}
    Outgoing.objects.filter(pk=mail.pk).update(claimed_at=Now() - timedelta(seconds=301))
    run()
    run()

    assert states(batch) == {"sent": 1, "in_doubt": 1} and sink.to == [p(2)]
    assert mail_to(1).reason == "worker_lost"
    assert [event.what for event in queries.events_of(mail.pk)] == ["in_doubt"]


def test_a_sender_taken_for_dead_that_comes_back_with_an_answer_is_believed(batch_of, run, monkeypatch):
    batch = batch_of([1])
    record = engine._Sending._record

    def late(sending, mail, attempt, answer):
        Outgoing.objects.update(claimed_at=Now() - timedelta(days=1))
        assert engine.find_lost() == 1
        return record(sending, mail, attempt, answer)

    monkeypatch.setattr(engine._Sending, "_record", late)

    run()

    assert states(batch) == {"sent": 1}


def test_a_claim_is_good_once(batch_of, opened):
    batch_of([1])
    first, second = mail_to(1), mail_to(1)

    assert engine.claim(first, digests.address_digest(p(1)), at=opened) == 1
    assert engine.claim(second, digests.address_digest(p(1)), at=opened) is None


def test_an_answer_to_an_attempt_settled_meanwhile_changes_nothing(batch_of, run, clerk, monkeypatch):
    batch = batch_of([1])
    record = engine._Sending._record

    def settled(sending, mail, attempt, answer):
        Outgoing.objects.update(state=MailState.IN_DOUBT, reason="worker_lost")
        actions.settle(outgoing_id=mail.pk, sent=True, by=clerk)
        return record(sending, mail, attempt, answer)

    monkeypatch.setattr(engine._Sending, "_record", settled)

    done = run()

    assert states(batch) == {"sent": 1} and done.counts["settled_meanwhile"] == 1
    assert [event.what for event in MailEvent.objects.order_by("pk")] == ["settled_sent"]


def test_the_task_sends_itself_again_while_something_is_left(batch_of, post, monkeypatch, opened):
    from kumiai.mailing import tasks

    sent = []
    monkeypatch.setattr(tasks.send_due, "apply_async", lambda **options: sent.append(options))
    monkeypatch.setattr(tasks.engine, "send_due", lambda: engine.Run(left=True))
    tasks.send_due()
    monkeypatch.setattr(tasks.engine, "send_due", lambda: engine.Run(left=False))
    tasks.send_due()
    monkeypatch.setattr(tasks.engine, "send_due", lambda: None)
    tasks.send_due()

    assert sent == [{"retry": False}]


def test_a_campaign_writes_to_nobody_twice_whatever_batches_it_has(batch_of, run, sink):
    batch_of([1, 2])
    run()
    second = batch_of([2, 3])

    run()

    assert states(second) == {"sent": 1}
    assert sorted(sink.to) == [p(1), p(2), p(3)]


@pytest.mark.parametrize("hour", [0, 10])
def test_doubts_are_found_at_any_hour(batch_of, run, sink, opened, hour):
    batch = batch_of([1])
    engine.claim(mail_to(1), digests.address_digest(p(1)), at=queries.database_now())
    Outgoing.objects.update(claimed_at=Now() - queries.heartbeat() - timedelta(seconds=1))

    done = run(opened if hour else opened - timedelta(hours=10))

    assert states(batch) == {"in_doubt": 1} and done.counts["in_doubt"] == 1 and sink.to == []


def test_the_clock_of_the_database_is_the_one_that_counts(batch_of, post):
    """Planned for a day to come: by the real clock nothing is due."""
    batch = batch_of([1])

    assert engine.send_due() == engine.Run(counts=engine.Counter(in_doubt=0))
    assert states(batch) == {"pending": 1}
