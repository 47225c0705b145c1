"""A mail server in a thread of its own: it keeps what it accepted, and misbehaves as it is told."""

from __future__ import annotations

import asyncio
import logging
import random
from collections import Counter, defaultdict
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

# It would write every address it hears into the output of the tests.
logging.getLogger("mail.log").setLevel(logging.WARNING)


class Sink:
    """Handler. `script[address]` is what happens to the next mails to it, one entry each; after that they are accepted.

    rcpt:<answer>  answers RCPT        data:<answer>  answers the text        mail:<answer>  answers MAIL
    drop:rcpt      closes at RCPT      drop:accepted  takes the mail over, then closes without an answer
    drop:text      closes after the text without taking it over

    file: the Message-ID of each accepted mail, a line each. slow: up to so many seconds before each answer.
    grey: the share of recipients put off for the moment, each once, as greylisting does.
    """

    def __init__(self, *, file: Path | None = None, slow: float = 0.0, grey: float = 0.0, seed: int = 0) -> None:
        self.script: dict[str, list[str]] = defaultdict(list)
        self.accepted: list[tuple[str, bytes]] = []
        self.options: list[str] = []
        self.connections = 0
        self.put_off: set[str] = set()
        self.file, self.slow, self.grey, self.dice = file, slow, grey, random.Random(seed)

    def _next(self, address: str, stage: str) -> str | None:
        steps = self.script[address.lower()]
        if steps and steps[0].partition(":")[0] in (stage, "drop") and (stage != "mail" or steps[0][:4] == "mail"):
            if steps[0].startswith("drop:") and (steps[0] == "drop:rcpt") != (stage == "rcpt"):
                return None
            return steps.pop(0).partition(":")[2]
        return None

    async def _pause(self) -> None:
        if self.slow:
            await asyncio.sleep(self.dice.uniform(0, self.slow))

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.connections += 1
        session.host_name = hostname
        return [*responses[:-1], "250-DSN", responses[-1]]

    async def handle_MAIL(self, server, session, envelope, address, options):
        answer = self._next("sender", "mail")
        if answer:
            return answer
        self.options += options
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        await self._pause()
        answer = self._next(address, "rcpt")
        if answer == "rcpt":
            server.transport.abort()
            return "421 gone"
        if answer:
            return answer
        if address not in self.put_off and self.dice.random() < self.grey:
            self.put_off.add(address)
            return "451 4.7.1 greylisted"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        await self._pause()
        answer = self._next(envelope.rcpt_tos[0], "data")
        if answer and answer not in ("accepted", "text"):
            return answer
        if answer != "text":
            self._accept(envelope)
        if answer:
            server.transport.abort()
        await self._pause()
        return "250 2.0.0 queued"

    def _accept(self, envelope) -> None:
        self.accepted.append((envelope.rcpt_tos[0], envelope.original_content))
        if self.file is not None:
            with self.file.open("a") as log:
                log.write(message_id_of(envelope.original_content) + "\n")

    # --- What it got ----------------------------------------------------------------------------------------
    @property
    def to(self) -> list[str]:
        return [address for address, _body in self.accepted]

    def mail(self, number: int = -1) -> EmailMessage:
        return message_from_bytes(self.accepted[number][1], policy=default)  # type: ignore[return-value]

    def times(self) -> Counter[str]:
        return Counter(message_id_of(body) for _address, body in self.accepted)


def message_id_of(body: bytes) -> str:
    return str(message_from_bytes(body)["Message-ID"]).strip("<> ")


class _Server(SMTP):
    """With the DSN parameters of MAIL and RCPT, which aiosmtpd does not know."""

    async def smtp_MAIL(self, arg):
        self.event_handler.options.append(arg or "")
        await super().smtp_MAIL(_without(arg, ("RET=", "ENVID=")))

    async def smtp_RCPT(self, arg):
        await super().smtp_RCPT(_without(arg, ("NOTIFY=",)))


def _without(arg: str | None, prefixes: tuple[str, ...]) -> str | None:
    return " ".join(word for word in arg.split(" ") if not word.startswith(prefixes)) if arg else arg


class Post(Controller):
    """Listens on a free port of this machine."""

    def __init__(self, sink: Sink, *, utf8: bool = True) -> None:
        super().__init__(sink, hostname="127.0.0.1", port=0, ready_timeout=10)
        self.utf8 = utf8

    def factory(self):
        return _Server(self.handler, enable_SMTPUTF8=self.utf8, hostname="mx.test", ident="test")

    def _trigger_server(self) -> None:
        # The port is known only now; the base class would knock at port 0.
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()
