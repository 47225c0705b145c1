"""Archives as strangers send them: every way a file of results can be broken, drawn by a seed so that each can be had again."""

from __future__ import annotations

import io
import random
import re
import zipfile

NASTY = (
    "", " ", "0", "-1", "NaN", "Infinity", "1e999", "-0.0", "9" * 400, "１２０", "１３．５", "12,5", "0x1F", "00010101", "99991231", "20230230",
    "20261301", "令和8年6月3日", "髙﨑①", "ｱｲｳ", "\u202e逆", "é" * 300, "<b>", "&", "'; --", "../../x", "06139992", "1",
)  # fmt: skip
OIDS = ("1.2.392.200119.6.101", "1.2.392.200119.6.1005", "2.16.840", "", "1.2.392.100495.20.3.61", "x" * 90)


def files_of(body: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(body)) as source:
        return [(one.filename, source.read(one)) for one in source.infolist()]


def pack(files: list[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, body in files:
            target._didModify = True
            info = zipfile.ZipInfo(name or "x")
            info.compress_type = zipfile.ZIP_DEFLATED
            target.NameToInfo.pop(info.filename, None)  # the same name twice, without a word of warning
            target.writestr(info, body)
    return out.getvalue()


def text_replaced(dice: random.Random, xml: bytes) -> bytes:
    spans = [match.span(1) for match in re.finditer(rb">([^<>]+)<", xml) if match[1].strip()]
    return _at(dice, xml, spans, escaped(dice.choice(NASTY)))


def attribute_replaced(dice: random.Random, xml: bytes) -> bytes:
    spans = [match.span(1) for match in re.finditer(rb'\s(?!xmlns)[\w:]+="([^"]*)"', xml)]
    return _at(dice, xml, spans, escaped(dice.choice(NASTY)).replace(b'"', b""))


def oid_replaced(dice: random.Random, xml: bytes) -> bytes:
    spans = [match.span(1) for match in re.finditer(rb'(?:root|codeSystem|oid)="([^"]*)"', xml)]
    return _at(dice, xml, spans, dice.choice(OIDS).encode())


def insurer_replaced(dice: random.Random, xml: bytes) -> bytes:
    return xml.replace(b"06139992", dice.choice((b"06132013", b"00000000", b"6139992", b"061399920", b"")))


def element_gone(dice: random.Random, xml: bytes) -> bytes:
    spans = [match.span() for match in re.finditer(rb"<(\w+)\b[^<>]*?(?:/>|>[^<>]*</\1>)", xml)]
    return _at(dice, xml, spans, b"")


def element_doubled(dice: random.Random, xml: bytes) -> bytes:
    spans = [match.span() for match in re.finditer(rb"<(\w+)\b[^<>]*?(?:/>|>[^<>]*</\1>)", xml)]
    if not spans:
        return xml
    start, end = dice.choice(spans)
    return xml[:end] + xml[start:end] * dice.choice((1, 3, 40)) + xml[end:]


def cut(dice: random.Random, data: bytes) -> bytes:
    return data[: dice.randrange(len(data) + 1)]


def noise(dice: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 8, 50))):
        if changed:
            changed[dice.randrange(len(changed))] = dice.randrange(256)
    return bytes(changed)


def encoded_otherwise(dice: random.Random, xml: bytes) -> bytes:
    """Another encoding than the file says, or one half in each."""
    text = xml.decode("utf-8", "replace")
    name = dice.choice(("cp932", "utf-16", "euc_jp", "utf-8-sig", "utf-32", "latin-1"))
    other = text.encode(name, "replace")
    if dice.random() < 0.3:
        return xml[: len(xml) // 2] + other[len(other) // 2 :]
    declared = dice.choice((b"UTF-8", b"Shift_JIS", b"EUC-JP", b"UTF-7", b"no-such"))
    return re.sub(rb'encoding="[^"]*"', b'encoding="' + declared + b'"', other)


def defined(dice: random.Random, xml: bytes) -> bytes:
    """Entities and document types."""
    kinds = (
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>',
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd">',
        b'<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:1/x"> %p;]>',
        b'<?xml-stylesheet href="http://127.0.0.1:1/x"?>',
        b"<a>" * 3000,
    )
    at = xml.find(b"?>") + 2
    return xml[:at] + dice.choice(kinds) + xml[at:]


def older(_dice: random.Random, xml: bytes) -> bytes:
    """第3期 (V07)."""
    return xml.replace(b"V08", b"V07").replace(b"_V8", b"_V7")


OF_A_FILE = (
    text_replaced, text_replaced, text_replaced, attribute_replaced, attribute_replaced, attribute_replaced, oid_replaced,
    insurer_replaced, element_gone, element_gone, element_doubled, cut, noise, encoded_otherwise, defined, older,
)  # fmt: skip


def mutant(seed: int, body: bytes) -> tuple[str, bytes]:
    """What was done, and the broken archive."""
    dice = random.Random(seed)
    files = files_of(body)
    if dice.random() < 0.75:
        done = []
        for _ in range(dice.choice((1, 1, 2, 5))):
            place = dice.randrange(len(files))
            name, data = files[place]
            change = dice.choice(OF_A_FILE)
            files[place] = (name, change(dice, data) if data else data)
            done.append(f"{change.__name__} {name.rsplit('/', 1)[-1]}")
        return ", ".join(done), pack(files)
    what = dice.choice(
        ("cut", "noise", "gone", "twice", "again", "slip", "bomb", "v07", "renamed", "moved", "empty", "inside")
    )
    return what, _of_the_archive(what, dice, body, files)


def _of_the_archive(what: str, dice: random.Random, body: bytes, files: list[tuple[str, bytes]]) -> bytes:
    place = dice.randrange(len(files))
    name, data = files[place]
    root = files[0][0].split("/")[0]
    if what == "cut":
        return cut(dice, body)
    if what == "noise":
        return noise(dice, body)
    if what == "gone":
        return pack(files[:place] + files[place + 1 :])
    if what == "twice":  # the same name twice
        return pack([*files, (name, text_replaced(dice, data) if dice.random() < 0.5 else data)])
    if what == "again":  # the same document under another number
        return pack([*files, (re.sub(r"\d(?=\.xml$)", str(dice.randrange(10)), name), data)])
    if what == "slip":
        outside = dice.choice(
            ("../x.xml", "/etc/passwd", "C:\\x.xml", f"{root}/DATA/../../x.xml", f"{root}\\DATA\\h.xml", "\x00.xml")
        )
        return pack([*files, (outside, data)])
    if what == "bomb":
        return pack([*files, (f"{root}/DATA/h13100000112026062019{dice.randrange(10**5):05d}.xml", b"<a>" * 2_500_000)])
    if what == "v07":
        return pack([(one.replace("V08", "V07"), older(dice, text)) for one, text in files])
    if what == "renamed":
        files[place] = (name[: -dice.randrange(1, 12)] + dice.choice(("", ".xml", ".XML", "髙.xml", "é.xml")), data)
        return pack(files)
    if what == "moved":
        return pack([(one.replace(root, dice.choice(("x", root + "_2", "")), 1), text) for one, text in files])
    if what == "empty":
        files[place] = (name, b"")
        return pack(files)
    return pack([*files, (f"{root}/DATA/inner.zip", body)])


def escaped(text: str) -> bytes:
    return text.replace("&", "&amp;").replace("<", "&lt;").encode()


def _at(dice: random.Random, xml: bytes, spans: list[tuple[int, int]], new: bytes) -> bytes:
    if not spans:
        return xml
    start, end = dice.choice(spans)
    return xml[:start] + new + xml[end:]
