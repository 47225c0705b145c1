"""Recipients with similar names: what a clerk could take for the other one."""

from __future__ import annotations

import re
import unicodedata

# Legal forms and what stands in every name say nothing about which one it is.
_COMMON = re.compile(
    r"株式会社|有限会社|合同会社|合資会社|合名会社|一般社団法人|公益社団法人|一般財団法人|公益財団法人|医療法人社団|医療法人財団|医療法人"
    r"|社会福祉法人|学校法人|独立行政法人|健康保険組合|\(株\)|\(有\)|㈱|㈲"
)
_NOISE = re.compile(r"[\s\-‐‑–—―ー・･.,，．、。()（）「」『』&＆'’]")
_KANA = {chr(code): chr(code + 0x60) for code in range(0x3041, 0x3097)}


def name_key(name: str) -> str:
    """A name as it is compared: NFKC, without legal form, spaces and marks, hiragana as katakana, lower case."""
    text = unicodedata.normalize("NFKC", name)
    text = _NOISE.sub("", _COMMON.sub("", text))
    return "".join(_KANA.get(c, c) for c in text).casefold()


def distance(one: str, other: str, limit: int) -> int:
    """How many characters differ (Levenshtein); limit + 1 where it is more than the limit."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    previous = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        current = [i]
        for j, b in enumerate(other, 1):
            current.append(min(previous[j] + 1, current[-1] + 1, previous[j - 1] + (a != b)))
        if min(current) > limit:
            return limit + 1
        previous = current
    return previous[-1]


def similar(one: str, other: str) -> bool:
    """Whether two keys could be taken for each other.

    Equal, one holds the other, the same long beginning (four characters and half of the longer), or a character's
    difference (two in long ones).
    """
    if not one or not other:
        return False
    if one == other or (min(len(one), len(other)) >= 2 and (one in other or other in one)):
        return True
    same = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    if same >= 4 and 2 * same >= max(len(one), len(other)):
        return True
    limit = 1 if max(len(one), len(other)) < 8 else 2
    return max(len(one), len(other)) > 2 and distance(one, other, limit) <= limit
