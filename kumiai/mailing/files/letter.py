"""A message as the bytes that go to the mail server. Pure: what the settings know comes in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime

from kumiai.mailing.kinds import Message

# A kind may add headers of its own; those that decide where a mail goes, or how it is read, are the outbox's.
_OWN_HEADER = re.compile(r"(X-[A-Za-z0-9-]{1,60}|Reply-To)\Z")
# Control characters, and the line and paragraph separators that some readers take for line ends.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_BODY_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LOCAL = re.compile(r"[^\s\"(),:;<>@\[\\\]]{1,64}\Z")
_DOMAIN = re.compile(r"(?=.{1,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\Z", re.I)


class UnusableAddress(ValueError):
    """Not one bare address. The address is not repeated: the sentence may reach a log."""


class UnusableMessage(ValueError):
    """A header or the text holds what a mail cannot carry."""


@dataclass(frozen=True)
class Sender:
    """Who sends: the address and name of From, the envelope sender that bounces go to."""

    address: str
    name: str
    envelope: str


@dataclass(frozen=True)
class Letter:
    """What is handed to the server: envelope, bytes, and whether the server must know SMTPUTF8 (RFC 6531).

    envelope_id: handed on in bounces (ENVID, RFC 3461).
    """

    sender: str
    to: str
    envelope_id: str
    body: bytes = field(repr=False)
    needs_utf8: bool = False

    def __repr__(self) -> str:
        return "Letter(…)"


def checked_address(address: str) -> str:
    """One bare address with its domain in ASCII (IDNA). UnusableAddress otherwise."""
    local, _at, domain = address.strip().rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        raise UnusableAddress("メールアドレスの形が正しくありません。") from None
    if not _LOCAL.match(local) or _CONTROL.search(local) or not _DOMAIN.match(ascii_domain):
        raise UnusableAddress("メールアドレスの形が正しくありません。")
    return f"{local}@{ascii_domain}"


def _checked_header(value: str) -> str:
    """The folding of a header is ours to make: a line end inside a value would be a header of somebody else's."""
    if _CONTROL.search(value):
        raise UnusableMessage("件名または見出しに、改行などの使えない文字があります。")
    return value


def letter(
    message: Message,
    *,
    sender: Sender,
    message_id: str,
    at: datetime,
    unsubscribe_url: str = "",
    own_headers: Mapping[str, str] | None = None,
) -> Letter:
    """The mail, ready to be sent. UnusableAddress, UnusableMessage where it cannot be."""
    to = checked_address(message.to)
    mail = EmailMessage()
    mail["From"] = Address(display_name=_checked_header(sender.name), addr_spec=sender.address)
    # A quoted or non-ASCII local part must not be parsed a second time as a list of addresses.
    local, _at, domain = to.rpartition("@")
    mail["To"] = Address(username=local, domain=domain)
    mail["Subject"] = _checked_header(message.subject)
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{message_id}>"
    mail["Auto-Submitted"] = "auto-generated"
    if unsubscribe_url:
        mail["List-Unsubscribe"] = f"<{_checked_header(unsubscribe_url)}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    for name, value in {**message.headers, **(own_headers or {})}.items():
        if not _OWN_HEADER.match(name):
            raise UnusableMessage("この見出しは付けられません。")
        mail[name] = _checked_header(value)
    if _BODY_CONTROL.search(message.body):
        raise UnusableMessage("本文に使えない文字があります。")
    try:
        # Base64: no line of the text can be too long, start with a dot or be taken for another encoding.
        mail.set_content(message.body, charset="utf-8", cte="base64")
        needs_utf8 = not to.isascii()
        body = mail.as_bytes(policy=SMTPUTF8 if needs_utf8 else SMTP)
    except (UnicodeError, ValueError):
        raise UnusableMessage("件名か本文に使えない文字があります。") from None
    return Letter(sender.envelope, to, message_id.partition("@")[0], body, needs_utf8)
