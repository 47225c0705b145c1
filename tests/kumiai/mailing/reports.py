"""Mails as bounce mailboxes get them, and lines as Postfix writes them."""

from __future__ import annotations


def dsn(
    message_id: str = "",
    *,
    envelope_id: str = "",
    action: str = "failed",
    status: str = "5.1.1",
    diagnostic: str = "smtp; 550 5.1.1 <p1@members.example>: no such user",
    original: str = "text/rfc822-headers",
) -> bytes:
    """A report about one mail; the original comes back as its headers, whole, or (original="") not at all."""
    parts = [
        "From: MAILER-DAEMON@mx.example\r\nTo: bounce@kumiai.example\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="B"\r\n\r\n',
        "--B\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\nSorry.\r\n",
        "--B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n",
        f"Original-Envelope-Id: {envelope_id}\r\n" if envelope_id else "",
        "\r\nFinal-Recipient: rfc822; p1@members.example\r\n",
        f"Action: {action}\r\nStatus: {status}\r\nDiagnostic-Code: {diagnostic}\r\n\r\n",
    ]
    if original:
        headers = f"From: kenshin@kumiai.example\r\nMessage-ID: <{message_id}>\r\nSubject: =?utf-8?b?5YGl6Ki6?=\r\n"
        parts.append(f"--B\r\nContent-Type: {original}\r\n\r\n{headers}\r\n")
    parts.append("--B--\r\n")
    return "".join(parts).encode()


def postfix(message_id: str, *, queue: str = "4Xk2m91LqzZ9", status: str = "sent", code: str = "2.0.0") -> list[str]:
    """The lines of one mail: taken in, queued, tried."""
    at = "Nov 24 07:00:01 relay"
    return [
        f"{at} postfix/smtpd[11]: {queue}: client=portal[192.0.2.1]",
        f"{at} postfix/cleanup[12]: {queue}: message-id=<{message_id}>",
        f"{at} postfix/qmgr[13]: {queue}: from=<bounce@kumiai.example>, size=900, nrcpt=1 (queue active)",
        f"{at} postfix/smtp[14]: {queue}: to=<p1@members.example>, relay=mx.example[192.0.2.2]:25, delay=0.3, "
        f"delays=0/0/0.1/0.2, dsn={code}, status={status} (250 2.0.0 Ok, to=<x>, dsn=5.0.0, status=bounced)",
        f"{at} postfix/qmgr[13]: {queue}: removed",
    ]
