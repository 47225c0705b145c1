"""Reads the words out of a PDF that has one font, so that tests can compare what is printed."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

# The end of line before endstream is one \n; a \r in front of it may be the last byte of what was compressed.
_STREAM = re.compile(rb"stream\r?\n(.*?)\nendstream", re.DOTALL)
_PLACE = re.compile(rb"1 0 0 -1 ([\d.\-]+) ([\d.\-]+) cm")
_SHOWN = re.compile(rb"BT .*?ET", re.DOTALL)
_TOKEN = re.compile(rb"\\([0-7]{1,3}|.)|<([0-9A-Fa-f]*)>|.", re.DOTALL)
_NAMED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def pages_of(pdf: bytes) -> list[list[str]]:
    """Each page as its lines from top to bottom; words of one line are parted by |."""
    streams = [_inflated(found[1]) for found in _STREAM.finditer(pdf)]
    letters = {}
    for stream in streams:
        for block in re.findall(rb"beginbfchar\n(.*?)endbfchar", stream, re.DOTALL):
            for glyph, text in re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>", block):
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
    """(x, y, words, size of the letters) of each piece of text; words inside a picture have no place of the page."""
    for shown in _SHOWN.finditer(stream):
        places = list(_PLACE.finditer(stream, max(0, shown.start() - 400), shown.start()))
        size = re.search(rb"/f\d+ ([\d.]+) Tf", shown[0])
        if not places or size is None or stream.rfind(b" cm", 0, shown.start()) > places[-1].end():
            continue
        text = _strings(shown[0][size.end() :])
        words = "".join(letters.get(int.from_bytes(text[i : i + 2], "big"), "") for i in range(0, len(text), 2))
        yield float(places[-1][1]), float(places[-1][2]), words, float(size[1])


def _strings(shown: bytes) -> bytes:
    """The bytes of all strings of a showing: (literal, with \\escapes and (balanced) brackets) or <hexadecimal>."""
    found, depth = bytearray(), 0
    for token in _TOKEN.finditer(shown):
        escaped, hexed = token[1], token[2]
        if depth and escaped is not None:
            found += bytes([int(escaped, 8)]) if escaped.isdigit() else _NAMED.get(escaped, escaped)
        elif depth and token[0] == b")":
            depth -= 1
            found += b")" if depth else b""
        elif token[0] == b"(":
            found += b"(" if depth else b""
            depth += 1
        elif depth:
            found += token[0]
        elif hexed:
            found += bytes.fromhex(hexed.decode())
    return bytes(found)


def _inflated(stream: bytes) -> bytes:
    """What was compressed, whatever end of line follows it; as it is where it was not. Raises ValueError where it is cut."""
    reading = zlib.decompressobj()
    try:
        found = reading.decompress(stream)
    except zlib.error:
        return stream
    if not reading.eof:
        raise ValueError("この PDF の一部が途中で切れています。")
    return found
