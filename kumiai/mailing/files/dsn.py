"""Delivery status notifications (RFC 3464): bytes of a mail in, what it reports out. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import compat32

# A report carries the original at most once; what is larger is not a report to us (bytes).
LARGEST = 5 * 1024 * 1024
_ENVELOPE_ID = re.compile(r"k[0-9a-f]{40}\Z")
_MESSAGE_ID = re.compile(r"<(k[0-9a-f]{40}@[A-Za-z0-9.-]+)>")
_STATUS = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})(?!\S)")
_SMTP_CODE = re.compile(r"\s*smtp\s*;\s*([245]\d\d)(?!\d)", re.I)
ACTIONS = frozenset({"failed", "delayed", "delivered", "relayed", "expanded"})


@dataclass(frozen=True)
class Report:
    """What a notification says of one of our mails. No address is taken over.

    message_id: of the mail reported on, without brackets, may be empty where envelope_id is not.
    action: failed, delayed, delivered, relayed or expanded. status: enhanced code. smtp_code: the remote server's.
    """

    message_id: str
    envelope_id: str
    action: str
    status: str
    smtp_code: int | None = None


def read_report(raw: bytes) -> Report | None:
    """The report in a mail; None when the mail is none, or does not say which of our mails it is about."""
    if len(raw) > LARGEST:
        return None
    mail = message_from_bytes(raw, policy=compat32)
    if mail.get_content_type() != "multipart/report" or not mail.is_multipart():
        return None
    blocks = _status_blocks(mail)
    if blocks is None:
        return None
    envelope_id = str(blocks[0].get("Original-Envelope-Id", "")).strip()
    envelope_id = envelope_id if _ENVELOPE_ID.match(envelope_id) else ""
    message_id = _original_message_id(mail)
    if not (envelope_id or message_id):
        return None
    for block in blocks[1:]:
        action = str(block.get("Action", "")).strip().lower()
        status = _STATUS.match(str(block.get("Status", "")))
        if action in ACTIONS and status:
            code = _SMTP_CODE.match(str(block.get("Diagnostic-Code", "")))
            return Report(message_id, envelope_id, action, status.group(1), int(code.group(1)) if code else None)
    return None


def _status_blocks(mail: Message) -> list[Message] | None:
    """The fields of the message and those of each recipient."""
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status":
            blocks = part.get_payload()
            found = [block for block in blocks if isinstance(block, Message)] if isinstance(blocks, list) else []
            return found if len(found) >= 2 else None
    return None


def _original_message_id(mail: Message) -> str:
    """The Message-ID of the original, returned whole or as its headers."""
    for part in mail.walk():
        kind = part.get_content_type()
        if kind == "text/rfc822-headers":
            body = part.get_payload(decode=True)
            original = message_from_bytes(body if isinstance(body, bytes) else b"", policy=compat32)
        elif kind == "message/rfc822":
            inside = part.get_payload()
            if not (isinstance(inside, list) and inside and isinstance(inside[0], Message)):
                continue
            original = inside[0]
        else:
            continue
        found = _MESSAGE_ID.search(str(original.get("Message-ID", "")))
        if found:
            return found.group(1)
    return ""
