"""The register as CSV, one line a published use. Pure: rows in, bytes out."""

from collections.abc import Iterable

from kumiai.tabular.writing import csv_bytes

HEADER = ("類型の番号", "類型のコード", "個人情報の類型", "利用目的の番号", "利用目的のコード", "利用目的")


def register_csv(lines: Iterable[tuple[int, str, str, str, str, str]]) -> bytes:
    """Lines of (category number, category code, category, use number, purpose code, purpose) as a file."""
    return csv_bytes(HEADER, lines)
