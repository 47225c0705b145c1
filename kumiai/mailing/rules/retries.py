"""What an answer of the mail server means, and when to try again (RFC 5321 4.2.1 and 4.5.4.1, RFC 3463)."""

from __future__ import annotations

import re
from datetime import timedelta

# Greylisting passes after some minutes; a full host or mailbox takes hours. The sixth failure is the last.
BACKOFF_MINUTES = (5, 15, 60, 240, 720)
ATTEMPTS = len(BACKOFF_MINUTES) + 1
# Classes of RFC 3463 that speak of the address itself: 5.1.x but for the sender's (5.1.7, 5.1.8), mailbox disabled.
_ADDRESS_IS_DEAD = re.compile(r"5\.1\.(?![78]\Z)\d{1,3}\Z|5\.2\.1\Z")
_BASIC_ADDRESS_CODES = (550, 551, 553)
_ENHANCED = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})(?!\S)")


def delay_after(attempt: int) -> timedelta | None:
    """How long to wait after the attempt of this number (from 1) failed for the moment; None: give up."""
    return timedelta(minutes=BACKOFF_MINUTES[attempt - 1]) if attempt < ATTEMPTS else None


def enhanced_code(text: str) -> str:
    """The enhanced status code an answer starts with; empty where there is none. Nothing else of the text is kept."""
    found = _ENHANCED.match(text.strip())
    return found.group() if found else ""


def address_is_dead(smtp_code: int | None, enhanced: str, *, of_recipient: bool) -> bool:
    """Whether a refusal for good says that the address does not exist.

    Only then may the address be suppressed: a refusal of our host, our sender or our text (5.7.x, 5.3.x, the answer to
    DATA) says nothing of the person. Without an enhanced code the basic one decides, if it answered RCPT.
    """
    if enhanced:
        return bool(_ADDRESS_IS_DEAD.match(enhanced))
    return of_recipient and smtp_code in _BASIC_ADDRESS_CODES
