"""One conversation with the mail server, told apart by what is certain after each of its steps.

Until the end of the text has been handed over the server cannot have the mail; once it has answered, its answer holds.
Between the two nobody knows: that, and only that, is IN_DOUBT.
"""

from __future__ import annotations

import logging
import re
import smtplib
import ssl
from dataclasses import dataclass

from django.conf import settings

from kumiai.mailing.enums import MailState, Reason
from kumiai.mailing.files.letter import Letter
from kumiai.mailing.rules.retries import enhanced_code

logger = logging.getLogger(__name__)

# Some servers end a conversation after a hundred mails, in the middle of one.
MAILS_A_CONNECTION = 90
_DOT = re.compile(rb"^\.", re.M)


class ServerAway(Exception):
    """No conversation can be had at the moment: nobody answers, or not as agreed (TLS, log-in)."""


@dataclass(frozen=True)
class Answer:
    """How one mail ended. of_recipient: the refusal answered RCPT. stop: no other mail would fare better now."""

    state: MailState
    smtp_code: int | None = None
    enhanced_code: str = ""
    reason: str = Reason.NONE
    of_recipient: bool = False
    stop: bool = False


class Post:
    """A connection to the mail server, opened when first needed and used again."""

    def __init__(self) -> None:
        self._server: smtplib.SMTP | None = None
        self._sent = 0

    def open(self) -> None:
        """Be connected. ServerAway where that cannot be; nothing has been claimed by then."""
        if self._server is not None and self._sent < MAILS_A_CONNECTION:
            return
        self.close()
        server: smtplib.SMTP | None = None
        try:
            server = smtplib.SMTP(
                settings.EMAIL_HOST,
                settings.EMAIL_PORT,
                local_hostname=settings.MAIL_DOMAIN,
                timeout=settings.EMAIL_TIMEOUT,
            )
            if settings.EMAIL_USE_TLS:
                server.starttls(context=ssl.create_default_context())
            server.ehlo_or_helo_if_needed()
            if settings.EMAIL_HOST_USER:
                server.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
        except (OSError, smtplib.SMTPException) as problem:
            if server is not None:
                server.close()
            # The class alone: what a server says at log-in may hold the account.
            raise ServerAway(type(problem).__name__) from None
        self._server, self._sent = server, 0

    def close(self) -> None:
        """End the conversation, politely where it still stands."""
        if self._server is not None:
            try:
                self._server.quit()
            except (OSError, smtplib.SMTPException):
                self._server.close()
        self._server = None

    def _drop(self) -> None:
        if self._server is not None:
            self._server.close()
        self._server = None

    def send(self, letter: Letter) -> Answer:
        """Hand one mail over. Never raises for anything the server or the line does."""
        server = self._server
        if server is None:
            return Answer(MailState.DEFERRED)
        if letter.needs_utf8 and not server.has_extn("smtputf8"):
            return Answer(MailState.REJECTED, None, "5.6.7", Reason.SERVER)
        self._sent += 1
        try:
            refusal = self._envelope(server, letter)
        except (OSError, smtplib.SMTPException, UnicodeError):
            self._drop()
            return Answer(MailState.DEFERRED)
        if refusal is None:
            return self._text(server, letter)
        if refusal.smtp_code == 421:
            self._drop()
        else:
            self._reset(server)
        return refusal

    def _reset(self, server: smtplib.SMTP) -> None:
        try:
            server.rset()
        except (OSError, smtplib.SMTPException):
            self._drop()

    def _envelope(self, server: smtplib.SMTP, letter: Letter) -> Answer | None:
        """MAIL, RCPT, DATA up to the server's "go ahead". None when it said so, else its refusal."""
        server.command_encoding = "utf-8" if letter.needs_utf8 else "ascii"
        notify = server.has_extn("dsn")
        sender = f"MAIL FROM:<{letter.sender}>"
        sender += " BODY=8BITMIME SMTPUTF8" if letter.needs_utf8 else ""
        sender += f" RET=HDRS ENVID={letter.envelope_id}" if notify else ""
        code, text = server.docmd(sender)
        if code != 250:
            # Not this recipient's doing: the server refuses us as a sender, so it would refuse the next one too.
            return Answer(MailState.DEFERRED, *_codes(code, text), stop=True)
        code, text = server.docmd(f"RCPT TO:<{letter.to}>" + (" NOTIFY=FAILURE,DELAY" if notify else ""))
        if code not in (250, 251, 252):
            return _refusal(code, text, of_recipient=True)
        code, text = server.docmd("DATA")
        return None if code == 354 else _refusal(code, text)

    def _text(self, server: smtplib.SMTP, letter: Letter) -> Answer:
        body = _DOT.sub(b"..", letter.body)
        body += b"" if body.endswith(b"\r\n") else b"\r\n"
        try:
            server.send(body + b".\r\n")
            code, text = server.getreply()
        except (OSError, smtplib.SMTPException):
            self._drop()
            return Answer(MailState.IN_DOUBT, reason=Reason.CUT_OFF)
        if code == 421:
            self._drop()
        if 200 <= code <= 299:
            return Answer(MailState.SENT, *_codes(code, text))
        if 400 <= code <= 599:
            return _refusal(code, text)
        self._drop()
        return Answer(MailState.IN_DOUBT, reason=Reason.CUT_OFF)


def _codes(code: int, text: bytes) -> tuple[int | None, str]:
    """The two codes of an answer; its words may repeat the address and are dropped here."""
    return (code if 200 <= code <= 599 else None), enhanced_code(text.decode("ascii", "replace"))


def _refusal(code: int, text: bytes, *, of_recipient: bool = False) -> Answer:
    if 500 <= code <= 599:
        return Answer(MailState.REJECTED, *_codes(code, text), reason=Reason.SERVER, of_recipient=of_recipient)
    return Answer(MailState.DEFERRED, *_codes(code, text), stop=code == 421)
