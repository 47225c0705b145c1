"""Reads the words out of a PDF that has one font, so that tests can compare what is printed."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_PLACE = re.compile(rb"1 0 0 -1 ([\d.\-]+) ([\d.\-]+) cm")
_SHOWN = re.compile(rb"BT .*?ET", re.DOTALL)
_STRING = re.compile(rb"\(((?:[^()\\]|\\.)*)\)|<([0-9A-Fa-f]*)>", re.DOTALL)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_NAMED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def pages_of(pdf: bytes) -> list[list[str]]:
    """Each page as its lines from top to bottom; words of one line are parted by |."""
    streams = [_inflated(found[1]) for found in _STREAM.finditer(pdf)]
    letters = {}
    for stream in streams:
        for glyph, text in re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>\n", stream):
            letters[int(glyph, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be")
    return [_lines(stream, letters) for stream in streams if b"BT " in stream and b"begincmap" not in stream]


def lines_of(pdf: bytes) -> list[str]:
    return [line for page in pages_of(pdf) for line in page]


def _lines(stream: bytes, letters: dict[int, str]) -> list[str]:
    rows: dict[int, list[tuple[float, float, str]]] = {}
    for x, y, words, size in _chunks(stream, letters):
        rows.setdefault(round(-y), []).append((x, size, words))
    lines = []
    for _y, chunks in sorted(rows.items()):
        text, end = "", None
        for x, size, words in sorted(chunks):
            text += ("|" if end is not None and x > end + size * 1.2 else "") + words
            end = x + sum(size if ord(letter) > 0xFF else size * 0.6 for letter in words)
        lines.append(text)
    return lines


def _chunks(stream: bytes, letters: dict[int, str]) -> Iterator[tuple[float, float, str, float]]:
    for shown in _SHOWN.finditer(stream):
        place = list(_PLACE.finditer(stream, max(0, shown.start() - 400), shown.start()))[-1]
        size = re.search(rb"/f\d+ ([\d.]+) Tf", shown[0])
        text = b"".join(
            bytes.fromhex(hexed.decode()) if hexed else _ESCAPE.sub(_unescaped, literal)
            for literal, hexed in _STRING.findall(shown[0])
        )
        words = "".join(letters.get(int.from_bytes(text[i : i + 2], "big"), "") for i in range(0, len(text), 2))
        yield float(place[1]), float(place[2]), words, float(size[1]) if size else 9.0


def _unescaped(found: re.Match[bytes]) -> bytes:
    code = found[1]
    return bytes([int(code, 8)]) if code.isdigit() else _NAMED.get(code, code)


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return stream
