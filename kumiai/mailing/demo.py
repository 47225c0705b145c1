"""Mail of the demonstration: the outbox does all its work, and in the place of the mail server stands a script of answers.

Nothing leaves: no connection is opened, and whatever the script leaves unsent is cancelled before the lock is given back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from kumiai.mailing import actions, engine, queries
from kumiai.mailing.enums import BatchState, MailState, Reason
from kumiai.mailing.files.letter import Letter
from kumiai.mailing.models import Batch
from kumiai.mailing.smtp import Answer, Post

TAKEN = Answer(MailState.SENT, 250, "2.0.0")
GREYLISTED = Answer(MailState.DEFERRED, 451, "4.7.1")
UNKNOWN = Answer(MailState.REJECTED, 550, "5.1.1", Reason.SERVER, of_recipient=True)
CUT_OFF = Answer(MailState.IN_DOUBT, reason=Reason.CUT_OFF)
MOST_DAYS_BACK = 20


class Scripted(Post):
    """A mail server that is none: the answer to the n-th mail is the script's, to every other that it was taken over."""

    def __init__(self, answers: Mapping[int, Answer]) -> None:
        super().__init__()
        self.answers, self.turn = answers, 0

    def open(self) -> None:
        """There is nothing to connect to."""

    def send(self, letter: Letter) -> Answer:
        answer = self.answers.get(self.turn, TAKEN)
        self.turn += 1
        return answer


class AtOnce(engine.Ticker):
    """Time that passes as fast as it is waited for."""

    def __init__(self) -> None:
        self.passed = 0.0

    def now(self) -> float:
        return self.passed

    def sleep(self, seconds: float) -> None:
        self.passed += seconds


def last_opening(today: date, now: datetime) -> date:
    """The latest business day whose 07:00 has passed."""
    days = (today - timedelta(days=back) for back in range(MOST_DAYS_BACK))
    return next(day for day in days if (due := queries.due_moment(day)).date() == day and due <= now)


@contextmanager
def nobody_else_sends() -> Iterator[bool]:
    """While it lasts no worker sends, so that what is released in it is answered by the script alone. False: one is at it."""
    with engine.only_sender() as alone:
        yield alone


def send(kind: str, reference_id: int, answers: Mapping[int, Answer]) -> None:
    """Send the batches of a campaign through the script, and again when its retries are due; cancel what still waits.

    Within `nobody_else_sends`. Others' batches are held back while it runs.
    """
    batches = Batch.objects.filter(kind=kind, reference_id=reference_id)
    own = list(batches.values_list("pk", flat=True))
    script = Scripted(answers)
    for at in moments(max(batches.values_list("due_at", flat=True))):
        engine.send_due(clock=clock_at(at), ticker=AtOnce(), post=script, only=own)
    for batch in batches.filter(state=BatchState.RELEASED):
        actions.cancel_batch(batch=batch)


def moments(due_at: datetime) -> Sequence[datetime]:
    """When the batch opens, and when a retry of it is due."""
    return due_at + timedelta(minutes=1), due_at + timedelta(minutes=30)


def clock_at(at: datetime) -> Callable[[], datetime]:
    return lambda: at


def notice(message_id: str, *, action: str, status: str, answer: str) -> bytes:
    """A report of the mail system about one mail (RFC 3464), as the bounce mailbox would get it."""
    parts = (
        'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="B"\r\n\r\n',
        "--B\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\nReport.\r\n",
        "--B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n",
        f"Final-Recipient: rfc822; p@members.example\r\nAction: {action}\r\nStatus: {status}\r\n",
        f"Diagnostic-Code: smtp; {answer}\r\n\r\n",
        f"--B\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{message_id}>\r\n\r\n--B--\r\n",
    )
    return "".join(parts).encode()
