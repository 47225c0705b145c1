"""Scanned documents are known by their bytes."""

import random

import pytest

from members.filings.rules.scans import LARGEST, NotAScan, safe_name, sniff

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\x00" * 40 + b"\xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40 + b"\x00\x00\x00\x00IEND\xaeB`\x82"


@pytest.mark.parametrize(
    ("content", "kind", "suffix"),
    [(PDF, "application/pdf", ".pdf"), (JPEG, "image/jpeg", ".jpg"), (PNG, "image/png", ".png")],
)
def test_the_type_is_read_from_the_bytes(content, kind, suffix):
    scan = sniff(content)
    assert (scan.content_type, scan.suffix, scan.size, len(scan.digest)) == (kind, suffix, len(content), 64)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "空"),
        (b"<html><script>alert(1)</script>", "PDF・JPEG・PNG"),
        (b"GIF89a" + b"\x00" * 20, "PDF・JPEG・PNG"),
        (PDF[:20], "途中で切れて"),
        (PNG[:30], "途中で切れて"),
        (b"%PDF-" + b"\x00" * LARGEST, "大きすぎます"),
    ],
)
def test_what_is_no_document_is_refused_with_what_to_do(content, word):
    with pytest.raises(NotAScan, match=word):
        sniff(content)


def test_broken_bytes_never_do_worse_than_a_refusal():
    dice = random.Random(7)
    for _round in range(2_000):
        content = bytearray(dice.choice([PDF, JPEG, PNG]))
        for _change in range(dice.randint(1, 8)):
            content[dice.randrange(len(content))] = dice.randrange(256)
        del content[dice.randrange(1, len(content) + 1) :]
        try:
            assert sniff(bytes(content)).content_type in {"application/pdf", "image/jpeg", "image/png"}
        except NotAScan as refused:
            assert str(refused).endswith("。")


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("届.pdf", "届.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\scan\\a.exe", "a.pdf"),
        ("\u202egpj.exe", "gpj.pdf"),
        ("", "添付書類.pdf"),
        ("x" * 400 + ".pdf", "x" * 196 + ".pdf"),
        ('a"\r\nX-Header: 1.pdf', 'a"X-Header: 1.pdf'),
    ],
)
def test_a_name_carries_no_path_and_ends_as_what_it_is(name, safe):
    assert safe_name(name, ".pdf") == safe
