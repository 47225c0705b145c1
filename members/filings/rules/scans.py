"""What a scanned document is, by its bytes and not by its name."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from kumiai.ui.uploads import plain_name

LARGEST = 10 * 1024 * 1024
"""Bytes of one document."""

_KINDS = (
    (b"%PDF-", "application/pdf", ".pdf"),
    (b"\xff\xd8\xff", "image/jpeg", ".jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
)
_ENDS = {"application/pdf": b"%%EOF", "image/jpeg": b"\xff\xd9", "image/png": b"IEND"}
_TAIL = 2048


class NotAScan(ValueError):
    """The bytes are no document we keep; the text is a sentence for the clerk."""


@dataclass(frozen=True)
class Scan:
    """content_type by the bytes, size in bytes, SHA-256 in hexadecimal, the file ending that belongs to the type."""

    content_type: str
    size: int
    digest: str
    suffix: str


def sniff(content: bytes) -> Scan:
    """The type of a document by its first and last bytes. Raises NotAScan with what to do."""
    if not content:
        raise NotAScan("選んだファイルは空です。もう一度読み取ってください。")
    if len(content) > LARGEST:
        raise NotAScan(
            f"ファイルが大きすぎます（{len(content) / 1024 / 1024:.1f}MB）。10MBまでに分けるか、解像度を下げて読み取ってください。"
        )
    for start, content_type, suffix in _KINDS:
        if content.startswith(start):
            if _ENDS[content_type] not in content[-_TAIL:]:
                raise NotAScan("ファイルが途中で切れています。もう一度読み取ってください。")
            return Scan(content_type, len(content), hashlib.sha256(content).hexdigest(), suffix)
    raise NotAScan("PDF・JPEG・PNGのどれでもありません。読み取り直すか、PDFに変えてから添付してください。")


def safe_name(name: str, suffix: str) -> str:
    """The name of a file without path, control and direction characters, with the ending of what it really is."""
    stem = plain_name(name, otherwise="", most=1_000).rsplit(".", 1)[0].strip(" .") or "添付書類"
    return stem[: 200 - len(suffix)] + suffix
