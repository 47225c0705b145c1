"""The outbox against a bare loop of smtplib: the same mails, the same server, one run.

The loop knows nothing afterwards: killed, it starts again from the first mail. The outbox commits twice a mail (before
the server hears of it, after its answer), asks for suppressions and keeps an event. The server is a process beside,
which takes mails as quickly as it can and keeps none; against one that needs a millisecond a mail or more the share of
the outbox is smaller.
"""

from __future__ import annotations

import smtplib
import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import count
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from benchmarks.measure import Way, compare, report
from benchmarks.place import clerk

MAILS = 500
ROUNDS = 5
MOST = 8.0
KIND = "bench.letter"


class _Taker(socketserver.StreamRequestHandler):
    """As little of SMTP as a client needs; every answer at once."""

    disable_nagle_algorithm = True

    def handle(self) -> None:
        self._say("220 bench")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                self._say("354 go on")
                while self.rfile.readline() != b".\r\n":
                    pass
            self._say({b"EHLO": "250 bench", b"QUIT": "221 bye"}.get(verb, "250 2.0.0 ok"))
            if verb == b"QUIT":
                return

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


def _serve(pipe: Connection) -> None:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Taker) as server:
        server.daemon_threads = True
        pipe.send(server.server_address[1])
        server.serve_forever()


@contextmanager
def _server() -> Iterator[int]:
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        process.terminate()
        process.join()


def main() -> None:
    from django.conf import settings
    from django.db.models import Max

    from kumiai.mailing import actions, engine, kinds, queries
    from kumiai.mailing.files.letter import Sender, letter
    from kumiai.mailing.kinds import Message
    from kumiai.mailing.models import Batch, Outgoing

    def message(recipient: int) -> Message:
        return Message(f"p{recipient}@members.example", "特定健康診査のご案内", "健診の予約はお済みですか。\n" * 10)

    kinds.register(KIND, "計測用の案内", compose=lambda _reference, ids: {n: message(n) for n in ids})
    opened = queries.due_moment(date.today() + timedelta(days=2)) + timedelta(hours=1)
    # A database that is kept knows the campaigns of earlier runs.
    last = Batch.objects.filter(kind=KIND).aggregate(last=Max("reference_id"))["last"]
    campaign = count((last or 0) + 1)

    @contextmanager
    def planned() -> Iterator[None]:
        """A campaign with nothing sent yet, planned outside the time."""
        batch = actions.create_batch(
            kind=KIND, reference_id=next(campaign), planned_on=opened.date(), activity_code="bench.mail",
            per_minute=settings.MAIL_PER_MINUTE,
        )  # fmt: skip
        actions.add_recipients(batch=batch, recipient_ids=range(1, MAILS + 1))
        actions.release_batch(batch=batch, by=clerk())
        yield
        sent = Outgoing.objects.filter(batch=batch, state="sent").count()
        if sent != MAILS:
            raise SystemExit(f"{sent} of {MAILS} mails were sent")

    def loop() -> None:
        """What one would write: one connection, one mail after the other."""
        sender = Sender(settings.MAIL_FROM, settings.MAIL_FROM_NAME, settings.MAIL_RETURN_PATH)
        with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, local_hostname="bench") as server:
            for number in range(1, MAILS + 1):
                made = letter(message(number), sender=sender, message_id=f"b{number}@bench", at=datetime.now(UTC))
                server.sendmail(made.sender, [made.to], made.body)

    def outbox() -> Any:
        return engine.send_due(clock=lambda: opened)

    with _server() as port:
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", port, False
        settings.EMAIL_HOST_USER, settings.MAIL_PER_MINUTE = "", 60_000_000
        baseline, candidate = Way(loop), Way(outbox, planned)
        compare(baseline, candidate, rounds=ROUNDS, warm=1)
        report(
            "mail_outbox", baseline, candidate, target=f"ratio <= {MOST:g}", reached=lambda ratio: ratio <= MOST,
            mails=MAILS, loop_mails_a_second=round(MAILS / min(baseline.times) * 1000),
            outbox_mails_a_second=round(MAILS / min(candidate.times) * 1000),
        )  # fmt: skip
