"""Sealing and verifying the access log.

A seal is a digest over every event whose transaction number lies below the oldest transaction still running, chained to
the seal before. Whoever edits, deletes, inserts or reorders a sealed event, or cuts the end of the chain, breaks it.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass

from django.db import connection

logger = logging.getLogger(__name__)


def seal() -> int:
    """Seal what is committed; returns how many events. The head goes to the server's log as an outside anchor."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seal_id, sealed, head FROM accesslog_seal()")
        rows = cursor.fetchall()
    for number, events, head in rows:
        logger.info("access log sealed: seal=%s events=%s head=%s", number, events, bytes(head).hex())
    return sum(events for _number, events, _head in rows)


@dataclass(frozen=True)
class Finding:
    """One place where the log and its seals disagree, as a sentence."""

    seal: int | None
    sentence: str


def verify(*, anchor: str | None = None) -> list[Finding]:
    """Recompute every seal; findings in order, none when the log is whole.

    anchor: the hexadecimal head noted outside the database (from the server's log); it must stand in the chain.
    """
    findings: list[Finding] = []
    previous = b""
    low: dict[int, str] = {}
    expected_id = None
    heads = set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, timeline, boundary::text, events, previous, digest FROM accesslog_seal ORDER BY id")
        for number, timeline, boundary, events, stored_previous, digest in cursor.fetchall():
            if expected_id is not None and number != expected_id:
                findings.append(Finding(number, f"封{expected_id}から封{number - 1}までがありません。"))
            if bytes(stored_previous) != previous:
                findings.append(Finding(number, f"封{number}が前の封につながっていません。"))
            cursor.execute(
                "SELECT events, digest FROM accesslog_digest(%s, %s::xid8, %s::xid8, %s)",
                [timeline, low.get(timeline, "0"), boundary, bytes(stored_previous)],
            )
            counted, computed = cursor.fetchone()
            if counted != events:
                findings.append(Finding(number, f"封{number}の記録は{events}件でしたが、いまは{counted}件です。"))
            elif bytes(computed) != bytes(digest):
                findings.append(Finding(number, f"封{number}の記録が書き換えられています。"))
            previous = bytes(digest)
            heads.add(previous.hex())
            low[timeline] = boundary
            expected_id = number + 1
        cursor.execute("SELECT (SELECT seals FROM accesslog_chain), coalesce(max(id), 0) FROM accesslog_seal")
        made, newest = cursor.fetchone()
        if made != newest:
            findings.append(Finding(None, f"封は{made}つ作られましたが、最後は封{newest}です。"))
        cursor.execute(
            """SELECT count(*) FROM accesslog_event e WHERE EXISTS (
                 SELECT 1 FROM accesslog_seal s WHERE s.timeline = e.timeline AND e.xid < s.boundary)"""
        )
        below = cursor.fetchone()[0]
        cursor.execute("SELECT coalesce(sum(events), 0) FROM accesslog_seal")
        if not findings and below != cursor.fetchone()[0]:
            findings.append(Finding(None, "封のない記録が封の間にあります。"))
    if anchor and anchor not in heads:
        findings.append(Finding(None, "控えの値が封の列にありません。列の末尾が作り直されています。"))
    return findings


def head() -> str:
    """The hexadecimal digest of the last seal; the empty string's digest before the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT digest FROM accesslog_seal ORDER BY id DESC LIMIT 1")
        row = cursor.fetchone()
    return bytes(row[0]).hex() if row else hashlib.sha256(b"").hexdigest()
