"""Which encoding bytes are in. Pure; always answers."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

SAMPLE = 1_000_000

# Bytes → what the file is, as staff call it.
_SIGNATURES = (
    (b"PK\x03\x04", "Excelのブック（.xlsx）かZIPファイル"),
    (b"PK\x05\x06", "空のZIPファイル"),
    (b"\xd0\xcf\x11\xe0", "古い形式のExcelのブック（.xls）"),
    (b"%PDF", "PDF"),
    (b"\x1f\x8b", "圧縮ファイル（gzip）"),
    (b"BZh", "圧縮ファイル（bzip2）"),
    (b"7z\xbc\xaf", "圧縮ファイル（7z）"),
    (b"Rar!", "圧縮ファイル（RAR）"),
    (b"\xfd7zXZ", "圧縮ファイル（xz）"),
    (b"\x89PNG", "画像（PNG）"),
    (b"\xff\xd8\xff", "画像（JPEG）"),
    (b"GIF8", "画像（GIF）"),
    (b"{\\rtf", "ワープロの文書（RTF）"),
)
_MARKUP = re.compile(rb"\s*<(!doctype|html|\?xml|table)", re.IGNORECASE)
_ISO_2022 = re.compile(rb"\x1b\$[@B]|\x1b\([BJ]")
_HALF_KANA = re.compile("[\uff61-\uff9f]")


@cache
def _machine_dependent_characters() -> re.Pattern[str]:
    """13区 (①, ㈱) and the IBM拡張文字 (髙, 﨑): characters of CP932 beyond JIS X 0208, by their lead bytes."""
    found, leads = set(), (0x87, 0xED, 0xEE, 0xFA, 0xFB, 0xFC)
    for lead in leads:
        for trail in range(0x40, 0xFD):
            character = _try(bytes((lead, trail)), "cp932")
            # What JIS X 0208 has as well is no such character: it goes back to its place there.
            if character is not None and len(character) == 1 and character.encode("cp932")[0] in leads:
                found.add(character)
    return re.compile("[" + re.escape("".join(sorted(found))) + "]")


@dataclass(frozen=True)
class Decoded:
    """text: the whole, where it decodes; else None, and `raw` is decoded line by line with `codec`."""

    label: str
    codec: str
    raw: bytes
    text: str | None
    notes: tuple[str, ...] = ()


def foreign_format(head: bytes) -> str:
    """What a file is that is no text; "" for anything that may be a table of text."""
    for signature, name in _SIGNATURES:
        if head.startswith(signature):
            return name
    return "ウェブページかXML" if _MARKUP.match(head.removeprefix(codecs.BOM_UTF8)) else ""


# Encodings a sender may be known to write, with what staff call them.
NAMED = {"utf-8": "UTF-8", "cp932": "CP932（Shift_JIS）", "euc_jp": "EUC-JP", "utf-16": "UTF-16"}


def decode_as(data: bytes, codec: str) -> Decoded:
    """The text of a file whose encoding is known (one of NAMED). What does not decode is told line by line."""
    if codec == "utf-16":
        order = (
            "utf-16-be" if data.startswith(codecs.BOM_UTF16_BE) or _without_mark(data) == "utf-16-be" else "utf-16-le"
        )
        body = data.removeprefix(codecs.BOM_UTF16_BE).removeprefix(codecs.BOM_UTF16_LE)
        return _wide(body, order, NAMED[codec])
    raw, notes = _trimmed(data.removeprefix(codecs.BOM_UTF8) if codec == "utf-8" else data)
    return Decoded(NAMED[codec], codec, raw, _try(raw, codec), notes)


def decode(data: bytes) -> Decoded:
    """The text of a file, by its mark, by its NUL bytes, by what decodes, at last by what decodes best."""
    for mark, codec, label in (
        (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),
        (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
        (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
        (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
    ):
        if data.startswith(mark):
            return _wide(data[len(mark) :], codec, label)
    wide = _without_mark(data)
    if wide:
        return _wide(data, wide, "UTF-16")
    body = data.removeprefix(codecs.BOM_UTF8)
    marked = len(body) < len(data)
    raw, notes = _trimmed(body)
    if not marked:
        return _unmarked(raw, notes)
    label = "UTF-8（BOMつき）"
    return Decoded(label, "utf-8", raw, _try(raw, "utf-8"), notes)


def _without_mark(data: bytes) -> str:
    """UTF-16 without a mark: every second byte of the ASCII in it is NUL."""
    sample = data[:4096]
    pairs = len(sample) // 2
    if pairs < 4:
        return ""
    odd, even = sample[1::2].count(0), sample[0::2].count(0)
    if odd > pairs * 0.2 and even < pairs * 0.02:
        return "utf-16-le"
    if even > pairs * 0.2 and odd < pairs * 0.02:
        return "utf-16-be"
    return ""


def _wide(data: bytes, codec: str, label: str) -> Decoded:
    """Damaged units become U+FFFD, which the reader names cell by cell."""
    text = data.decode(codec, "replace").rstrip("\x00\x1a")
    return Decoded(label, "utf-8", b"", text)


def _trimmed(raw: bytes) -> tuple[bytes, tuple[str, ...]]:
    """Without the padding that large machines and old systems put after the last line."""
    body = raw.rstrip(b"\x00\x1a")
    lost = len(raw) - len(body)
    return body, (f"ファイルの終わりの埋め草（{lost:,}バイト）は読み飛ばしました。",) if lost else ()


def _try(raw: bytes, codec: str) -> str | None:
    try:
        return raw.decode(codec)
    except UnicodeError:
        return None


def _unmarked(raw: bytes, notes: tuple[str, ...]) -> Decoded:
    utf8 = _try(raw, "utf-8")
    if utf8 is not None:
        if _ISO_2022.search(raw[:SAMPLE]):
            jis = _try(raw, "iso2022_jp_ext")
            if jis is not None:
                return Decoded("JIS（ISO-2022-JP）", "iso2022_jp_ext", raw, jis, notes)
        if not utf8.isascii() and _only_half_kana(raw, utf8):
            return Decoded("CP932（Shift_JIS）", "cp932", raw, raw.decode("cp932"), notes)
        return Decoded("UTF-8", "utf-8", raw, utf8, notes)
    cp932 = _try(raw, "cp932")
    euc = _try(raw, "euc_jp")
    if euc is not None and (cp932 is None or _strangeness(euc) < _strangeness(cp932)):
        return Decoded("EUC-JP", "euc_jp", raw, euc, notes)
    if cp932 is not None:
        return Decoded("CP932（Shift_JIS）", "cp932", raw, cp932, notes + _machine_dependent(cp932))
    codec = max(("utf-8", "cp932", "euc_jp"), key=lambda name: _readable_lines(raw[:SAMPLE], name))
    label = {"utf-8": "UTF-8", "cp932": "CP932（Shift_JIS）", "euc_jp": "EUC-JP"}[codec]
    return Decoded(label, codec, raw, None, (*notes, "文字コードが一つに定まりません。読めない行は誤りになります。"))


def _only_half_kana(raw: bytes, utf8: str) -> bool:
    """Half-width kana of CP932 in pairs are valid UTF-8 too, of Latin or Greek letters that no such file holds."""
    letters = [c for c in utf8[:SAMPLE] if not c.isascii()]
    if any(ord(c) > 0x7FF for c in letters):
        return False
    cp932 = _try(raw, "cp932")
    return cp932 is not None and all(_HALF_KANA.match(c) for c in cp932[:SAMPLE] if not c.isascii())


def _strangeness(text: str) -> float:
    """The share of half-width kana, private and rare characters among what is not ASCII."""
    sample = [c for c in text[:SAMPLE] if not c.isascii()]
    odd = sum(1 for c in sample if _HALF_KANA.match(c) or "\ue000" <= c <= "\uf8ff" or "\x80" <= c <= "\u02ff")
    return odd / len(sample) if sample else 0.0


def _machine_dependent(text: str) -> tuple[str, ...]:
    found = Counter(_machine_dependent_characters().findall(text))
    if not found:
        return ()
    most = "".join(character for character, _count in found.most_common(8))
    return (f"機種依存文字が{found.total():,}字あります（{most}）。書かれたとおりに読みます。",)


def _readable_lines(raw: bytes, codec: str) -> tuple[int, int]:
    """How many lines with more than ASCII decode, and (to part equals) how few do not."""
    good = bad = 0
    for line in raw.split(b"\n"):
        if line.isascii():
            continue
        if _try(line, codec) is None:
            bad += 1
        else:
            good += 1
    return good, -bad
