"""The CSV of failed rows. Rows in, bytes out."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import datetime
from io import StringIO


def failures_csv(*, job_id: int, title: str, rows: Iterable[tuple[int, str]], by: str, at: datetime) -> bytes:
    """UTF-8 with BOM and CRLF: row number and sentence; the foot says purpose, person, time and count.

    by: staff number. at: local time.
    """
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["行", "誤り"])
    count = 0
    for row_number, sentence in rows:
        writer.writerow([row_number, harmless(sentence)])
        count += 1
    foot = f"処理{job_id}　{title}　個人情報なし　職員番号{by}　{at:%Y-%m-%d %H:%M}　{count}件"
    writer.writerow(["", harmless(foot)])
    return out.getvalue().encode("utf-8-sig")


def harmless(cell: str) -> str:
    """A cell that a spreadsheet would run as a formula is quoted with an apostrophe; no character is lost."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
