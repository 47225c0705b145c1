"""The CSV of failed rows. Rows in, bytes out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from kumiai.tabular.writing import csv_bytes


def failures_csv(*, job_id: int, title: str, rows: Iterable[tuple[int, str]], by: str, at: datetime) -> bytes:
    """UTF-8 with BOM and CRLF: row number and sentence; the foot says purpose, person, time and count.

    by: staff number. at: local time.
    """
    kept = list(rows)
    foot = f"処理{job_id}　{title}　個人情報なし　職員番号{by}　{at:%Y-%m-%d %H:%M}　{len(kept)}件"
    return csv_bytes(["行", "誤り"], kept, foot=[foot])
