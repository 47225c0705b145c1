"""The register as CSV: UTF-8 with BOM and CRLF, one line a published use. Pure: rows in, bytes out."""

import csv
import io
from collections.abc import Iterable

HEADER = ("類型の番号", "類型のコード", "個人情報の類型", "利用目的の番号", "利用目的のコード", "利用目的")
BOM = "\ufeff"


def register_csv(lines: Iterable[tuple[int, str, str, str, str, str]]) -> bytes:
    """Lines of (category number, category code, category, use number, purpose code, purpose) as a file."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(HEADER)
    writer.writerows(lines)
    return (BOM + buffer.getvalue()).encode("utf-8")
