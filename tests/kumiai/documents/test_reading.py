"""The reader of the tests loses no page, whatever byte a compressed stream ends with."""

from __future__ import annotations

import zlib

import pytest

from tests.kumiai.documents.reading import lines_of

LETTERS = b"1 beginbfchar\n<0001> <6F84>\nendbfchar begincmap"
PAGE = b"1 0 0 -1 10 10 cm\nBT /f0 10 Tf (\\000\\001) Tj ET\n%"


def pdf(*streams: bytes) -> bytes:
    return b"".join(b"<<>>\nstream\n" + one + b"\nendstream\nendobj\n" for one in streams)


def ending_with(last: int) -> bytes:
    """A page that says the same and whose compressed bytes end with this one."""
    pages = (PAGE + bytes([33 + n % 90]) * (n // 90) for n in range(90 * 300))
    return next(made for page in pages if (made := zlib.compress(page))[-1] == last)


@pytest.mark.parametrize("last", [*b"\r\n", 0, 255])
def test_the_last_byte_of_a_stream_is_read_even_where_it_looks_like_an_end_of_line(last):
    assert lines_of(pdf(zlib.compress(LETTERS), ending_with(last))) == ["澄"]


def test_a_stream_that_is_cut_is_said_and_not_left_out():
    with pytest.raises(ValueError, match="途中で切れています"):
        lines_of(pdf(zlib.compress(LETTERS), zlib.compress(PAGE)[:-3]))
