"""The log of a mail server: lines in, what became of our Message-IDs out. Pure.

Two forms: Postfix (syslog), and one JSON object a line: {"message_id": "…", "status": "…"}, with "code" at will.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum


class Fate(StrEnum):
    """What the server knows of a mail."""

    ACCEPTED = "accepted"  # it took the mail over: delivered, or in its own queue
    REFUSED = "refused"  # it gave the mail up for good
    ABSENT = "absent"  # it says itself that it never took the mail over


@dataclass(frozen=True)
class Found:
    """The fate of one mail by its Message-ID (no brackets), with the enhanced code where the log names it."""

    message_id: str
    fate: Fate
    status: str = ""


_OURS = r"k[0-9a-f]{40}@[A-Za-z0-9.-]+"
_IDENTIFIED = re.compile(rf"postfix/cleanup\[\d+\]: (?P<queue>[0-9A-Za-z]+): message-id=<(?P<id>{_OURS})>")
# The queue manager names a mail only after it was taken over; cleanup names it while the text is still coming.
_QUEUED = re.compile(r"postfix/qmgr\[\d+\]: (?P<queue>[0-9A-Za-z]+): from=<[^>]*>, .*\(queue active\)")
_DELIVERY = re.compile(
    r"postfix/(?:\w+/)?(?:smtp|lmtp|local|pipe|virtual|error|relay|discard)\[\d+\]: (?P<queue>[0-9A-Za-z]+): to=<.*?>, .*?"
    r"dsn=(?P<dsn>[245]\.\d{1,3}\.\d{1,3}), status=(?P<status>\w+)"
)
_ID = re.compile(rf"{_OURS}\Z")
_STATUS_CODE = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\Z")
_JSON_FATES = {
    "sent": Fate.ACCEPTED, "delivered": Fate.ACCEPTED, "accepted": Fate.ACCEPTED, "queued": Fate.ACCEPTED,
    "deferred": Fate.ACCEPTED, "bounced": Fate.REFUSED, "rejected": Fate.REFUSED, "failed": Fate.REFUSED,
    "absent": Fate.ABSENT,
}  # fmt: skip


def read_log(lines: Iterable[str]) -> list[Found]:
    """What the log says of our mails, one entry a Message-ID. A line that is neither form says nothing."""
    ids: dict[str, str] = {}
    found: dict[str, Found] = {}
    for line in lines:
        if line.lstrip().startswith("{"):
            _note(found, _from_json(line))
        elif match := _IDENTIFIED.search(line):
            # Queue names are used again: what follows is about the newer mail.
            ids[match["queue"]] = match["id"]
        elif (match := _QUEUED.search(line)) and match["queue"] in ids:
            _note(found, Found(ids[match["queue"]], Fate.ACCEPTED))
        elif (match := _DELIVERY.search(line)) and match["queue"] in ids:
            fate = Fate.REFUSED if match["status"] in ("bounced", "expired") else Fate.ACCEPTED
            _note(found, Found(ids[match["queue"]], fate, match["dsn"] if fate == Fate.REFUSED else ""))
    return list(found.values())


def _note(found: dict[str, Found], new: Found | None) -> None:
    """The worst that is certain stands: refused after accepted; never absent beside anything else."""
    if new is None:
        return
    rank = [Fate.ABSENT, Fate.ACCEPTED, Fate.REFUSED]
    old = found.get(new.message_id)
    if old is None or rank.index(new.fate) > rank.index(old.fate):
        found[new.message_id] = new


def _from_json(line: str) -> Found | None:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(entry, dict):
        return None
    message_id = str(entry.get("message_id", "")).strip("<> ")
    fate = _JSON_FATES.get(str(entry.get("status", "")).lower())
    if fate is None or not _ID.match(message_id):
        return None
    code = str(entry.get("code", ""))
    result = Found(message_id, fate)
    return replace(result, status=code) if _STATUS_CODE.match(code) else result
