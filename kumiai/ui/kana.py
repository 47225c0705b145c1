"""Search keys and kana typing. Names themselves are stored exactly as typed; only keys are normalised."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

import jaconv

VARIANTS = Path(__file__).parent / "data" / "variants.csv"
_DROPPED = dict.fromkeys(map(ord, " 　・･.,，．=＝'’-‐‑‒–—―−ー゠"), None)
# Variation selectors choose a glyph of the same character.
_SELECTORS = dict.fromkeys([*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)], None)


@cache
def variants() -> dict[int, str]:
    """Variant character → the common one, from the data file (variant,common)."""
    lines = VARIANTS.read_text(encoding="utf-8").splitlines()
    return {ord(variant): common for variant, common in (line.split(",") for line in lines[1:] if line)}


def search_key(text: str) -> str:
    """What a name is found by: NFKC, katakana, variant characters made common, no spaces, dots or long vowel marks."""
    plain = text.translate(_SELECTORS).translate(variants())
    plain = unicodedata.normalize("NFKC", plain).translate(_DROPPED)
    plain = unicodedata.normalize("NFKC", plain)  # a mark may now stand beside its letter (カ ゛)
    return jaconv.hira2kata(plain).translate(variants()).upper()


class NotKana(ValueError):
    """What was typed cannot be a reading."""


def kana_input(text: str) -> str:
    """Half-width kana and hiragana as full-width katakana; one space between words. Raises NotKana."""
    plain = jaconv.hira2kata(unicodedata.normalize("NFKC", text))
    plain = " ".join(plain.split())
    wrong = [c for c in plain if not ("ァ" <= c <= "ヺ" or c in "ー・ ヽヾ")]
    if wrong:
        raise NotKana(f"フリガナに「{wrong[0]}」は使えません。カタカナで入力してください。")
    return plain
