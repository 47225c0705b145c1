"""The one font of all documents, and which characters it has.

Names are stored as typed, and a font never has every character a name can be written with. What is missing is said
before a document leaves, and stands in it as 〓, the printers' mark for a letter not in the case, never as an empty box.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

GETA = "〓"
UNPRINTED = frozenset("\n\r\t\u200b\u2060\ufeff")
_UNICODE_FULL, _UNICODE_BASIC = (3, 10), (3, 1)
_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))


@dataclass(frozen=True)
class Coverage:
    """The characters of a font, and its variants: (character, selector) pairs."""

    characters: frozenset[int]
    variants: frozenset[tuple[int, int]]

    def has(self, sign: str) -> bool:
        """Whether the font has this sign: a character, or a character with a variation selector."""
        if len(sign) == 2:
            return (ord(sign[0]), ord(sign[1])) in self.variants
        return ord(sign) in self.characters


def font_path() -> Path:
    """Where the font of documents lies."""
    path = Path(settings.PDF_FONT_PATH)
    if not settings.PDF_FONT_PATH or not path.is_file():
        raise ImproperlyConfigured("環境変数 PDF_FONT_PATH に、PDFに使う日本語フォントのファイルを設定してください。")
    return path


def coverage() -> Coverage:
    """What the font of documents has. Read once a process."""
    return _coverage_of(font_path())


@cache
def _coverage_of(path: Path) -> Coverage:
    return read_coverage(path.read_bytes())


def missing_characters(data: Any) -> tuple[str, ...]:
    """The signs anywhere in `data` (text, lists, mappings) that the font does not have, each once, in order of code.

    A character with a variation selector the font does not know (葛 with U+E0101) is given with its selector.
    """
    have = coverage()
    found = {sign for text in _texts(data) for sign in signs(text) if sign not in UNPRINTED and not have.has(sign)}
    return tuple(sorted(found))


def printable(data: Any, missing: tuple[str, ...]) -> Any:
    """The same data with what is missing replaced: a variant by its plain character where the font has that, else 〓."""
    if isinstance(data, str):
        for sign in missing:
            if sign in data:
                data = data.replace(sign, sign[0] if len(sign) == 2 and coverage().has(sign[0]) else GETA)
        return data
    if isinstance(data, Mapping):
        return {key: printable(value, missing) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [printable(value, missing) for value in data]
    return data


def signs(text: str) -> Iterator[str]:
    """The text by sign: a variation selector stays with the character before it."""
    sign = ""
    for character in text:
        if sign and any(ord(character) in selectors for selectors in _SELECTORS):
            yield sign + character
            sign = ""
            continue
        if sign:
            yield sign
        sign = character
    if sign:
        yield sign


def _texts(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, Mapping):
        for value in data.values():
            yield from _texts(value)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from _texts(value)


# --- the character map of an OpenType font ------------------------------------------------------------------------


def read_coverage(font: bytes) -> Coverage:
    """The characters and variants of an OpenType font, from its table `cmap` (formats 4, 12 and 14)."""
    start = _table(font, b"cmap")
    count = struct.unpack_from(">H", font, start + 2)[0]
    places = {}
    for index in range(count):
        platform, encoding, offset = struct.unpack_from(">HHI", font, start + 4 + 8 * index)
        places[platform, encoding] = start + offset
    characters: frozenset[int]
    if _UNICODE_FULL in places:
        characters = frozenset(_format_12(font, places[_UNICODE_FULL]))
    elif _UNICODE_BASIC in places:
        characters = frozenset(_format_4(font, places[_UNICODE_BASIC]))
    else:
        raise ValueError("the font has no Unicode character map")
    variants = frozenset(_format_14(font, places[0, 5])) if (0, 5) in places else frozenset()
    return Coverage(characters, variants)


def _table(font: bytes, tag: bytes) -> int:
    for index in range(struct.unpack_from(">H", font, 4)[0]):
        name, _check, offset, _length = struct.unpack_from(">4sIII", font, 12 + 16 * index)
        if name == tag:
            return offset
    raise ValueError(f"the font has no table {tag.decode()}")


def _format_12(font: bytes, place: int) -> Iterator[int]:
    for group in range(struct.unpack_from(">I", font, place + 12)[0]):
        first, last, _glyph = struct.unpack_from(">III", font, place + 16 + 12 * group)
        yield from range(first, last + 1)


def _format_4(font: bytes, place: int) -> Iterator[int]:
    double = struct.unpack_from(">H", font, place + 6)[0]
    ends, starts, ranges = place + 14, place + 16 + double, place + 16 + 3 * double
    for index in range(0, double, 2):
        last = struct.unpack_from(">H", font, ends + index)[0]
        first = struct.unpack_from(">H", font, starts + index)[0]
        shift = struct.unpack_from(">H", font, ranges + index)[0]
        for code in range(first, last + 1):
            if code == 0xFFFF:
                continue
            if not shift or struct.unpack_from(">H", font, ranges + index + shift + 2 * (code - first))[0]:
                yield code


def _format_14(font: bytes, place: int) -> Iterator[tuple[int, int]]:
    for record in range(struct.unpack_from(">I", font, place + 6)[0]):
        at = place + 10 + 11 * record
        selector = int.from_bytes(font[at : at + 3], "big")
        default, own = struct.unpack_from(">II", font, at + 3)
        if default:
            for index in range(struct.unpack_from(">I", font, place + default)[0]):
                first = place + default + 4 + 4 * index
                code = int.from_bytes(font[first : first + 3], "big")
                yield from ((code + more, selector) for more in range(font[first + 3] + 1))
        if own:
            for index in range(struct.unpack_from(">I", font, place + own)[0]):
                at_own = place + own + 4 + 5 * index
                yield int.from_bytes(font[at_own : at_own + 3], "big"), selector
