"""A real mail server, an invented campaign, and the clock of an open business day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from kumiai.accounts.models import User
from kumiai.mailing import actions, engine, kinds, queries
from kumiai.mailing.kinds import Message
from kumiai.mailing.models import Outgoing
from tests.kumiai.mailing.server import Post, Sink

KIND = "tests.letter"
CAMPAIGN = 7


class Campaign:
    """What a domain would know: addresses, who is still wanted, the text."""

    def __init__(self) -> None:
        self.subject, self.body, self.headers = "健診のご案内", "髙﨑様\n\n.で始まる行\n予約はお済みですか。\n", {}
        self.not_wanted: set[int] = set()
        self.no_address: set[int] = set()
        self.addresses: dict[int, str] = {}
        self.composed: list[list[int]] = []
        self.problem: Exception | None = None

    def address(self, recipient: int) -> str:
        return self.addresses.get(recipient, f"p{recipient}@members.example")

    def compose(self, reference, recipients):
        assert reference == CAMPAIGN
        self.composed.append(list(recipients))
        if self.problem:
            raise self.problem
        return {
            recipient: Message(self.address(recipient), self.subject, self.body, self.headers)
            for recipient in recipients
            if recipient not in self.no_address
        }

    def still_wanted(self, reference, recipients):
        return set(recipients) - self.not_wanted


class FakeTicker(engine.Ticker):
    """Pauses take no time and are counted."""

    def __init__(self) -> None:
        self.at, self.slept = 0.0, []

    def now(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds


@pytest.fixture
def sink() -> Sink:
    return Sink()


@pytest.fixture
def post(sink, settings):
    """The mail server the settings name."""
    controller = Post(sink)
    controller.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", controller.port, 5
    settings.EMAIL_HOST_USER, settings.EMAIL_USE_TLS = "", False
    settings.MAIL_FROM, settings.MAIL_DOMAIN = "kenshin@kumiai.example", "kumiai.example"
    settings.MAIL_RETURN_PATH, settings.MAIL_FROM_NAME = "bounce@kumiai.example", "架空連合健康保険組合"
    settings.MAIL_UNSUBSCRIBE_URL = "https://portal.kumiai.example/mail/unsubscribe/{token}"
    settings.MAIL_PER_MINUTE, settings.MAIL_DIGEST_KEY = 6000, "a key of the tests"
    yield controller
    controller.stop()


@pytest.fixture
def campaign():
    """A registered kind of mail whose domain is this object."""
    made = Campaign()
    kinds.register(KIND, "試しの案内", compose=made.compose, still_wanted=made.still_wanted)
    yield made
    kinds._kinds.pop(KIND)


@pytest.fixture
def clerk(db, owner) -> User:
    with owner():
        return User.objects.create(staff_number="9301", name="送 試", is_active=True)


@pytest.fixture
def opened(db) -> datetime:
    """Ten o'clock of a business day that is still to come, so that what was stored just now is due by then."""
    return queries.due_moment(date.today() + timedelta(days=2)) + timedelta(hours=3)


@pytest.fixture
def batch_of(campaign, clerk, opened):
    """Plans and releases: batch_of([1, 2, 3])."""

    def make(recipients, *, per_minute=6000, released=True, kind=KIND):
        batch = actions.create_batch(
            kind=kind,
            reference_id=CAMPAIGN,
            planned_on=opened.date(),
            activity_code="tests.mail",
            per_minute=per_minute,
        )
        actions.add_recipients(batch=batch, recipient_ids=recipients)
        if released:
            actions.release_batch(batch=batch, by=clerk)
        batch.refresh_from_db()
        return batch

    return make


@pytest.fixture
def run(post, opened):
    """One run of the sender at the given moment, without waiting for the pace."""

    def go(at: datetime | None = None, ticker=None, **options):
        return engine.send_due(clock=lambda: at or opened, ticker=ticker or FakeTicker(), **options)

    return go


def mail_to(recipient: int) -> Outgoing:
    return Outgoing.objects.get(kind=KIND, reference_id=CAMPAIGN, recipient_id=recipient)


def states(batch) -> dict[str, int]:
    """The states that occur, with how often."""
    return {state: count for state, count in queries.counts_of(batch).items() if count}
