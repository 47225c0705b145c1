"""The words of a campaign: the same for everybody, with places that are filled for each person."""

from __future__ import annotations

import re
from collections.abc import Mapping

PLACEHOLDERS = {
    "氏名": "その人の氏名",
    "健診": "健診の種類",
    "年度": "令和8年度",
    "期限": "受診できる最後の日",
    "組合": "組合の名前",
    "連絡先": "組合の問い合わせ先",
}
"""What may stand in braces, and what stands there afterwards."""

_PLACE = re.compile(r"[{｛]([^{}｛｝]*)[}｝]")
_STRAY = re.compile(r"[{}｛｝]")


def problems(text: str) -> list[str]:
    """What is wrong with the places of a text, as sentences: an unknown one, a brace without its other."""
    found = []
    for name in dict.fromkeys(_PLACE.findall(text)):
        if name.strip() not in PLACEHOLDERS:
            known = "、".join(f"{{{one}}}" for one in PLACEHOLDERS)
            found.append(f"{{{name}}} は差し込めません。使えるのは {known} です。")
    if _STRAY.search(_PLACE.sub("", text)):
        found.append("かっこ { } の片方がありません。")
    return found


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text for one person. What is filled in is not read for places again. KeyError for an unknown place."""
    return _PLACE.sub(lambda match: values[match[1].strip()], text)
