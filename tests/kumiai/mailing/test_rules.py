"""The pure parts: days and hours, what an answer means, reports and logs."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kumiai.mailing.files.dsn import LARGEST, read_report
from kumiai.mailing.files.letter import Sender, UnusableAddress, UnusableMessage, checked_address, letter
from kumiai.mailing.files.mail_log import Fate, read_log
from kumiai.mailing.kinds import Message
from kumiai.mailing.rules import retries
from kumiai.mailing.rules.calendar import Hours, NoBusinessDay, is_business_day, may_send, opening_on_or_after
from tests.kumiai.mailing.reports import dsn, postfix

TOKYO = ZoneInfo("Asia/Tokyo")
HOURS = Hours(zone=TOKYO, closed_days=frozenset({(12, 29), (12, 30), (12, 31), (1, 2), (1, 3)}))
HOLIDAYS = {date(2026, 11, 23), date(2027, 1, 1)}
ID = "k" + "0123456789" * 4 + "@kumiai.example"
OTHER = "k" + "abcdef0123" * 4 + "@kumiai.example"
SENDER = Sender("kenshin@kumiai.example", "架空健康保険組合", "bounce@kumiai.example")


# --- Days and hours -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("planned", "opening"),
    [
        (date(2026, 11, 24), date(2026, 11, 24)),  # a Tuesday
        (date(2026, 11, 21), date(2026, 11, 24)),  # Saturday, Sunday, 勤労感謝の日
        (date(2026, 12, 29), date(2027, 1, 4)),  # the turn of the year
        (date(2026, 12, 28), date(2026, 12, 28)),
    ],
)
def test_a_batch_opens_at_seven_of_the_next_business_day(planned, opening):
    found = opening_on_or_after(planned, holidays=HOLIDAYS, hours=HOURS)

    assert found == datetime.combine(opening, time(7), tzinfo=TOKYO)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.sets(st.dates(date(2000, 1, 1), date(2100, 1, 1)), max_size=20))
def test_the_opening_is_a_business_day_on_which_mail_may_go_and_none_before_it_is(planned, holidays):
    found = opening_on_or_after(planned, holidays=holidays, hours=HOURS)

    assert may_send(found, holidays=holidays, hours=HOURS)
    assert not may_send(found - timedelta(microseconds=1), holidays=holidays, hours=HOURS)
    between = (planned + timedelta(days=n) for n in range((found.date() - planned).days))
    assert not any(is_business_day(day, holidays=holidays, hours=HOURS) for day in between)


def test_a_calendar_without_an_open_day_is_an_error():
    with pytest.raises(NoBusinessDay):
        opening_on_or_after(
            date(2026, 1, 1), holidays={date(2026, 1, 1) + timedelta(days=n) for n in range(60)}, hours=HOURS
        )


def test_the_hours_are_those_of_tokyo_wherever_the_moment_comes_from():
    utc = ZoneInfo("UTC")

    assert may_send(datetime(2026, 11, 23, 22, 0, tzinfo=utc), holidays=HOLIDAYS, hours=HOURS)  # 07:00 of the 24th
    assert not may_send(datetime(2026, 11, 23, 21, 59, 59, tzinfo=utc), holidays=HOLIDAYS, hours=HOURS)
    assert may_send(datetime(2026, 11, 24, 11, 59, 59, tzinfo=utc), holidays=HOLIDAYS, hours=HOURS)
    assert not may_send(datetime(2026, 11, 24, 12, 0, tzinfo=utc), holidays=HOLIDAYS, hours=HOURS)  # 21:00


# --- Answers --------------------------------------------------------------------------------------------------
def test_pauses_grow_and_end():
    delays = [retries.delay_after(attempt) for attempt in range(1, retries.ATTEMPTS + 2)]

    assert delays[-2:] == [None, None]
    assert delays[:-2] == sorted(delays[:-2]) and delays[0] == timedelta(minutes=5)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("5.1.1 <p1@members.example> unknown", "5.1.1"),
        ("4.7.1", "4.7.1"),
        ("no such user 5.1.1", ""),
        ("5.1.1x", ""),
        ("9.1.1 what", ""),
        ("5.1234.1", ""),
        ("", ""),
    ],
)
def test_only_the_enhanced_code_of_an_answer_is_kept(text, code):
    assert retries.enhanced_code(text) == code


@pytest.mark.parametrize(
    ("code", "enhanced", "of_recipient", "dead"),
    [
        (550, "5.1.1", True, True),
        (550, "5.1.10", True, True),
        (550, "5.2.1", True, True),
        (550, "", True, True),
        (553, "", True, True),
        (550, "", False, False),  # the answer to the text
        (552, "", True, False),
        (550, "5.7.1", True, False),
        (550, "5.1.8", True, False),  # the sender's address
        (552, "5.2.2", True, False),
        (None, "5.1.1", False, True),  # a report
        (550, "5.2.10", True, False),
    ],
)
def test_an_address_is_dead_only_when_the_answer_speaks_of_it(code, enhanced, of_recipient, dead):
    assert retries.address_is_dead(code, enhanced, of_recipient=of_recipient) is dead


# --- Letters --------------------------------------------------------------------------------------------------
@given(st.text(max_size=80), st.text(max_size=200), st.text(max_size=60))
def test_whatever_is_written_comes_through_as_it_is_or_is_refused_but_makes_no_header(subject, body, local):
    from email import message_from_bytes
    from email.policy import default

    try:
        made = letter(
            Message(f"{local}@members.example", subject, body),
            sender=SENDER, message_id=ID, at=datetime(2026, 11, 24, 7, tzinfo=TOKYO),
        )  # fmt: skip
    except (UnusableAddress, UnusableMessage):
        return
    raw = made.body
    mail = message_from_bytes(raw, policy=default)
    assert sorted(mail.keys()) == sorted(
        ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type",
         "Content-Transfer-Encoding"]
    )  # fmt: skip
    assert "\r" not in made.to and "\n" not in made.to and " " not in made.to and ">" not in made.to
    assert mail.get_content().replace("\r\n", "\n").rstrip("\n") == body.replace("\r\n", "\n").replace(
        "\r", "\n"
    ).rstrip("\n")


def test_an_address_keeps_its_local_part_and_gets_its_domain_in_ascii():
    assert checked_address(" Taro+x@例え.jp ") == "Taro+x@xn--r8jz45g.jp"


def test_neither_message_nor_letter_shows_itself_in_a_traceback():
    made = letter(
        Message("p1@members.example", "件名", "本文"),
        sender=SENDER,
        message_id=ID,
        at=datetime(2026, 11, 24, tzinfo=TOKYO),
    )

    assert "p1" not in repr(made) + repr(Message("p1@members.example", "件名", "本文"))


# --- Reports --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("original", ["text/rfc822-headers", "message/rfc822"])
def test_a_report_names_the_mail_by_its_message_id(original):
    report = read_report(dsn(ID, original=original))

    assert (report.message_id, report.action, report.status, report.smtp_code) == (ID, "failed", "5.1.1", 550)


def test_a_report_without_the_original_names_it_by_the_envelope():
    report = read_report(dsn(envelope_id=ID.partition("@")[0], original=""))

    assert (report.envelope_id, report.message_id) == (ID.partition("@")[0], "")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff" * 1000,
        b"Subject: hello\r\n\r\nhello",
        dsn("somebody-elses@id.example"),
        dsn(original=""),
        dsn(ID, action="eaten"),
        dsn(ID, status="so-so"),
        dsn(ID).replace(b"Final-Recipient", b"\r\n").replace(b"Action", b"X-Action"),
        dsn(ID).replace(b"multipart/report", b"multipart/mixed"),
        dsn(ID).replace(b"message/delivery-status", b"text/plain"),
        dsn(ID) + b"x" * LARGEST,
    ],
)
def test_what_is_no_report_about_our_mail_says_nothing(raw):
    assert read_report(raw) is None


@given(st.integers(0, 700), st.binary(max_size=40))
def test_a_mangled_report_never_raises(cut, noise):
    whole = dsn(ID)
    read_report(whole[:cut] + noise + whole[cut:])
    read_report(whole[:cut] + noise)


# --- Logs -----------------------------------------------------------------------------------------------------
def test_the_log_of_postfix_says_what_became_of_a_mail():
    lines = postfix(ID) + postfix(OTHER, queue="A1B2C3", status="bounced", code="5.1.1")

    assert [(found.message_id, found.fate, found.status) for found in read_log(lines)] == [
        (ID, Fate.ACCEPTED, ""),
        (OTHER, Fate.REFUSED, "5.1.1"),
    ]


def test_a_text_that_was_cut_off_was_not_taken_over():
    """Postfix names the Message-ID while the text still comes; only the queue says that it took the mail."""
    assert read_log(postfix(ID)[:2]) == []
    assert [found.fate for found in read_log(postfix(ID)[:3])] == [Fate.ACCEPTED]


def test_a_deferred_mail_is_in_the_hands_of_the_relay():
    assert [found.fate for found in read_log(postfix(ID, status="deferred", code="4.4.1"))] == [Fate.ACCEPTED]


def test_a_queue_name_used_again_belongs_to_the_newer_mail():
    lines = postfix(ID)[:2] + postfix(OTHER)

    assert [(found.message_id, found.fate) for found in read_log(lines)] == [(OTHER, Fate.ACCEPTED)]


def test_a_mail_in_the_log_of_somebody_else_is_none_of_ours():
    assert read_log(postfix("20261124.abc@other.example")) == []


@pytest.mark.parametrize(
    ("line", "fate"),
    [
        (f'{{"message_id": "<{ID}>", "status": "sent"}}', Fate.ACCEPTED),
        (f'{{"message_id": "{ID}", "status": "Bounced", "code": "5.1.1"}}', Fate.REFUSED),
        (f'{{"message_id": "{ID}", "status": "absent"}}', Fate.ABSENT),
        (f'{{"message_id": "{ID}", "status": "perhaps"}}', None),
        ('{"message_id": "x@y", "status": "sent"}', None),
        ('{"message_id": ', None),
        ("[1]", None),
        ("{}", None),
        ("{" * 5000, None),
    ],
)
def test_lines_of_json(line, fate):
    assert [found.fate for found in read_log([line])] == ([fate] if fate else [])


def test_what_is_certain_is_not_undone_by_a_later_line():
    sent, absent = (f'{{"message_id": "{ID}", "status": "{status}"}}' for status in ("sent", "absent"))

    assert [found.fate for found in read_log([absent, sent, absent])] == [Fate.ACCEPTED]


@given(st.lists(st.text(max_size=100)))
def test_any_line_is_read_without_an_error(lines):
    assert read_log(lines) == []
