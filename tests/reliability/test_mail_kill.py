"""kill -9 of the sender at any moment: no mail twice, none lost without a word.

The mail server counts for itself; the checker reads its file and the tables over a connection of its own. Each mail is
SENT and was accepted once, or stands IN_DOUBT, listed, accepted once or never; the server's log then settles the doubts.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.db import connection

from kumiai.accounts.models import User
from kumiai.mailing import actions, engine, kinds, queries
from kumiai.mailing.kinds import Message
from tests.kumiai.mailing.server import Post, Sink
from tests.reliability.conftest import small_or_long
from tests.reliability.pooling import in_threads, pool

pytestmark = pytest.mark.django_db(transaction=True)

KILLS = small_or_long(5, 200)
MAILS_A_KILL = 20
ROOT = Path(__file__).resolve().parents[2]
KIND = "tests.letter"


@pytest.fixture
def kind():
    yield kinds.register(
        KIND,
        "試しの案内",
        compose=lambda _reference, ids: {
            i: Message(f"p{i}@members.example", "健診のご案内", "本文です。") for i in ids
        },
    )
    kinds._kinds.pop(KIND)


@pytest.fixture
def server(tmp_path, dice, settings):
    sink = Sink(file=tmp_path / "accepted", slow=0.012, grey=0.05, seed=dice.randrange(10**6))
    post = Post(sink)
    post.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", post.port, False
    settings.MAIL_DOMAIN, settings.MAIL_PER_MINUTE, settings.MAIL_HEARTBEAT_SECONDS = "kumiai.example", 1_000_000, 1
    yield post
    post.stop()


def plan(recipients: int, owner):
    """A released batch, and ten o'clock of its day."""
    with owner():
        clerk = User.objects.create(staff_number="9302", name="止 試", is_active=True)
    day = date.today() + timedelta(days=2)
    batch = actions.create_batch(
        kind=KIND, reference_id=1, planned_on=day, activity_code="tests.mail", per_minute=1_000_000
    )
    actions.add_recipients(batch=batch, recipient_ids=range(1, recipients + 1))
    actions.release_batch(batch=batch, by=clerk)
    return batch, queries.due_moment(day) + timedelta(minutes=5)


def database_url() -> str:
    s = connection.settings_dict
    who = quote(s["USER"]) + (f":{quote(s['PASSWORD'])}" if s["PASSWORD"] else "")
    port = f":{s['PORT']}" if s["PORT"] else ""
    return f"postgresql://{who}@{quote(s['HOST'], safe='')}{port}/{s['NAME']}"


class Checker:
    """Reads what was stored, never through the application."""

    def __init__(self, url: str, file: Path) -> None:
        self.connection, self.file = psycopg.connect(url, autocommit=True), file

    def states(self) -> dict[str, str]:
        return dict(self.connection.execute("SELECT message_id, state FROM mailing_outgoing").fetchall())

    def open(self) -> int:
        return sum(state in ("pending", "sending", "deferred") for state in self.states().values())

    def open_ones(self) -> list[tuple]:
        """What is not done, for the sentence of a failure."""
        wanted = "SELECT id, state, attempt, next_attempt_at FROM mailing_outgoing WHERE finished_at IS NULL LIMIT 9"
        return self.connection.execute(wanted).fetchall()

    def accepted(self) -> Counter[str]:
        return Counter(self.file.read_text().split() if self.file.exists() else [])

    def wrong(self) -> dict[str, list[str]]:
        """Mails that went out twice, and mails said to be sent that never were."""
        accepted, states = self.accepted(), self.states()
        return {
            "doubled": [name for name, times in accepted.items() if times > 1],
            "lost": [
                n for n, state in states.items() if state not in ("in_doubt", "deferred", "pending") and not accepted[n]
            ],
            "unknown": [name for name in accepted if name not in states],
            "unsaid": [n for n, state in states.items() if accepted[n] and state not in ("sent", "in_doubt")],
        }


@pytest.fixture
def worker(server, settings):
    """The process that forks senders; `next_sender()` waits for one and says its number."""
    made: list[subprocess.Popen] = []

    def start(at) -> subprocess.Popen:
        environment = os.environ | {
            "DATABASE_URL": database_url(),
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(server.port),
            "EMAIL_USE_TLS": "0",
            "MAIL_PER_MINUTE": "1000000",
            "WORKER_AT": at.isoformat(),
        }
        environment.pop("TEST_DATABASE_NAME", None)
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.kumiai.mailing.worker"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        made.append(process)
        return process

    yield start
    for process in made:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_until(done, seconds: float, told=str) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, f"not done after {seconds} s: {told()}"
        time.sleep(0.05)


def test_no_mail_is_doubled_and_none_lost_in_silence(kind, server, worker, owner, dice):
    batch, at = plan(KILLS * MAILS_A_KILL, owner)
    checker = Checker(database_url(), server.handler.file)
    process = worker(at)
    assert process.stdout is not None

    for _kill in range(KILLS):
        sender = int(process.stdout.readline())
        # Some die while they begin, most in the midst of their mails.
        if dice.random() < 0.8:
            before = len(server.handler.accepted)
            wait_until(lambda before=before: len(server.handler.accepted) > before, 30, checker.open_ones)
        time.sleep(dice.uniform(0, 0.2))
        assert checker.open(), "the kill must strike while there is something to send"
        os.kill(sender, signal.SIGKILL)
    process.stdout.readline()
    wait_until(lambda: not checker.open(), 60 + KILLS, checker.open_ones)

    states = Counter(checker.states().values())
    accepted = checker.accepted()
    doubts = {name for name, state in checker.states().items() if state == "in_doubt"}
    print(
        f"kills {KILLS}, mails {KILLS * MAILS_A_KILL}, {dict(states)}, in doubt and accepted {len(doubts & set(accepted))}"
    )
    assert checker.wrong() == {"doubled": [], "lost": [], "unknown": [], "unsaid": []}
    assert set(states) <= {"sent", "in_doubt"} and len(doubts) <= KILLS
    assert {mail.message_id for mail in queries.in_doubt(batch)} == doubts

    # The server's own log settles every doubt: what it has is sent, what it never had goes out now.
    lines = [f'{{"message_id": "{name}", "status": "sent"}}' for name in accepted]
    wait_until(lambda: not queries.in_doubt().filter(claimed_at__gte=queries.database_now() - queries.heartbeat()), 10)
    settled = actions.reconcile(
        log_lines=lines, covers=(queries.database_now() - timedelta(days=1), queries.database_now())
    )
    assert (settled.sent, settled.left) == (len(doubts & set(accepted)), 0)
    wait_until(lambda: not checker.open(), 90, checker.open_ones)
    assert Counter(checker.states().values()) == {"sent": KILLS * MAILS_A_KILL}
    assert set(checker.accepted().values()) == {1} and len(checker.accepted()) == KILLS * MAILS_A_KILL


def test_two_senders_at_once_take_turns(kind, server, owner):
    """Each tries all the time; one has the lock. What the other does is nothing."""
    batch, at = plan(60, owner)
    server.handler.grey = 0
    checker, refused = Checker(database_url(), server.handler.file), []
    with pool(2) as connections:

        def work(_number: int) -> None:
            with connections.lend():
                while checker_open.is_set():
                    if engine.send_due(clock=lambda: at, seconds=0.2) is None:
                        refused.append(_number)
                    time.sleep(0.005)

        checker_open = threading.Event()
        checker_open.set()
        watcher = threading.Thread(target=lambda: (wait_until(lambda: not checker.open(), 60), checker_open.clear()))
        watcher.start()
        in_threads(2, work)
        watcher.join()

    assert set(checker.states().values()) == {"sent"} and refused
    assert set(checker.accepted().values()) == {1} and len(checker.accepted()) == 60


def test_four_senders_without_the_lock_still_send_each_mail_once(kind, server, owner, monkeypatch):
    """The claim alone: were the lock lost, one UPDATE would still give a mail to one of them."""
    from contextlib import contextmanager

    batch, at = plan(60, owner)
    server.handler.grey = 0
    checker = Checker(database_url(), server.handler.file)

    @contextmanager
    def no_lock():
        yield True

    monkeypatch.setattr(engine, "only_sender", no_lock)
    lost_claims = []
    claim = engine.claim

    def counted(*args, **options):
        taken = claim(*args, **options)
        if taken is None:
            lost_claims.append(1)
        return taken

    monkeypatch.setattr(engine, "claim", counted)
    with pool(4) as connections:

        def work(_number: int) -> None:
            with connections.lend():
                engine.send_due(clock=lambda: at, seconds=60)

        in_threads(4, work)

    assert set(checker.states().values()) == {"sent"}
    assert set(checker.accepted().values()) == {1} and len(checker.accepted()) == 60
    assert lost_claims, "they must have met"
