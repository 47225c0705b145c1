"""What the mail server hands over by itself: a report through a pipe, its log by the clock; and the check of the settings."""

from __future__ import annotations

import io
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone

from kumiai.mailing import actions, checks
from kumiai.mailing.models import Outgoing, Suppression
from tests.kumiai.mailing.reports import dsn, postfix


@pytest.fixture
def handed(monkeypatch):
    """Run a command with these bytes on its standard input; what it says."""

    def run(name: str, raw: bytes, **given) -> str:
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
        said = io.StringIO()
        call_command(name, stdout=said, **given)
        return said.getvalue()

    return run


def test_a_report_through_the_pipe_stops_a_dead_address(handed, sent_to_one):
    said = handed("mail_bounce", dsn(sent_to_one.message_id))
    sent_to_one.refresh_from_db()
    assert sent_to_one.state == "rejected" and Suppression.objects.filter(reason="bounce").exists()
    assert f"メール{sent_to_one.pk}の通知" in said and "@" not in said


@pytest.mark.django_db
def test_a_mail_that_is_no_report_is_taken_and_told_of(handed):
    assert "通知ではありません" in handed("mail_bounce", b"Subject: hello\n\nhello")
    assert not Suppression.objects.exists()


def test_a_database_that_is_away_asks_the_mail_server_to_come_again(handed, monkeypatch):
    def away(**_given):
        raise OperationalError("p1@members.example")

    monkeypatch.setattr(actions, "handle_bounce", away)
    with pytest.raises(CommandError) as told:
        handed("mail_bounce", b"")
    assert told.value.returncode == 75 and "@" not in str(told.value)


def test_the_log_settles_what_is_in_doubt(handed, in_doubt):
    said = handed("mail_log", "\n".join(postfix(in_doubt.message_id)).encode())
    in_doubt.refresh_from_db()
    assert in_doubt.state == "sent" and "送信済みと確認 1通" in said


def test_a_whole_log_that_does_not_know_a_mail_says_it_was_not_sent(handed, in_doubt, settings):
    settings.MAIL_HEARTBEAT_SECONDS = 0
    today = timezone.localdate()
    assert "要確認のまま 1通" in handed("mail_log", b"")
    assert "未送信と確認 1通" in handed("mail_log", b"", since=today, until=today)
    in_doubt.refresh_from_db()
    assert in_doubt.state == "deferred"


def test_half_a_span_or_one_that_ends_before_it_begins_is_refused(handed):
    today = timezone.localdate()
    with pytest.raises(CommandError, match="両方"):
        handed("mail_log", b"", since=today)
    with pytest.raises(CommandError, match="前です"):
        handed("mail_log", b"", since=today, until=today.replace(year=today.year - 1))


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("", ["mailing.W001"]),
        ("https://portal.example/mail/unsubscribe/", ["mailing.E001"]),
        ("http://portal.example/mail/unsubscribe/{token}", ["mailing.E001"]),
        ("https://portal.example/mail/unsubscribe/{token}", []),
    ],
)
def test_the_settings_are_checked_for_the_address_that_unsubscribes(settings, url, told):
    settings.MAIL_UNSUBSCRIBE_URL = url
    assert [one.id for one in checks.mails_can_be_unsubscribed()] == told


@pytest.fixture
def sent_to_one(batch_of, run, sink) -> Outgoing:
    batch_of([1])
    run()
    return Outgoing.objects.get(state="sent")


@pytest.fixture
def in_doubt(batch_of, run, sink) -> Outgoing:
    sink.script["p1@members.example"] = ["drop:accepted"]
    batch_of([1])
    run()
    return Outgoing.objects.get(state="in_doubt")
