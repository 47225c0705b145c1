"""Identifiers: 記号・番号・枝番 as staff type them, and the check digit of an insurer's number."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_NUMBER = re.compile(r"^([0-9A-Z]{1,8})[-\s]+([0-9]{1,8})(?:[-\s]+([0-9]{1,2}))?$")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−ー－・", "-"))


@dataclass(frozen=True)
class CardNumber:
    """記号, 番号 and, where given, 枝番 (two digits)."""

    symbol: str
    number: str
    branch: str | None = None


def parse_card_number(text: str) -> CardNumber | None:
    """`12-3456`, `１２－３４５６`, `12 3456`, `12-3456-00`; None when the text is no number."""
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES).strip().upper()
    found = _NUMBER.match(plain)
    if not found:
        return None
    symbol, number, branch = found.groups()
    return CardNumber(symbol, number, branch.zfill(2) if branch else None)


def order_of(text: str) -> int:
    """The figure a symbol or number sorts by; 0 for one without digits."""
    digits = re.sub(r"\D", "", text)
    return int(digits) if digits else 0


def insurer_check_digit(digits: str) -> int:
    """検証番号 of an insurer's number: weights 2,1,2,1… from the right over the digits before it, digit sums, mod 10."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        product = int(digit) * (2 if place % 2 == 0 else 1)
        total += product // 10 + product % 10
    return (10 - total % 10) % 10


def is_insurer_number(text: str) -> bool:
    """Whether eight digits (six for 国保) end in their check digit."""
    return bool(re.fullmatch(r"\d{6}|\d{8}", text)) and insurer_check_digit(text[:-1]) == int(text[-1])
