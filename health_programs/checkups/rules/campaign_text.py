"""The words of a campaign: the same for everybody, with places that are filled for each person."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

PLACEHOLDERS = {
    "氏名": "その人の氏名",
    "健診": "健診の種類",
    "年度": "令和8年度",
    "期限": "受診できる最後の日",
    "組合": "組合の名前",
    "連絡先": "組合の問い合わせ先",
}
"""What may stand in braces, and what stands there afterwards."""
SAME_FOR_ALL = ("年度", "組合", "連絡先")
"""Those that are the same for everybody: all that a mail about results may hold."""

REMINDER = """{氏名} 様

{組合}です。
{年度}の{健診}を、まだ受けていただいていないようです。
受診できるのは{期限}までです。健診機関に予約をして、受診してください。

すでに予約や受診がお済みの場合は、行き違いですのでご容赦ください。

{組合}
お問い合わせ　{連絡先}
"""
"""What a new draft to those who were not examined says."""
RECOMMENDATION = """{組合}です。

{年度}の健診を受けられた方に、お知らせです。
お手元の健診結果の通知を、もう一度ご覧ください。
医療機関への受診をすすめる記載がある方は、通知をお持ちのうえ、早めに医療機関にご相談ください。

すでに受診された方は、その旨を下の連絡先にお知らせください。

{組合}
お問い合わせ　{連絡先}
"""
"""What a new draft to those who have to see a doctor says: the same to all, and nothing of anybody."""

_PLACE = re.compile(r"[{｛]([^{}｛｝]*)[}｝]")
_STRAY = re.compile(r"[{}｛｝]")


def problems(text: str, places: Iterable[str] = tuple(PLACEHOLDERS)) -> list[str]:
    """What is wrong with the places of a text, as sentences: one that is unknown or not offered, a brace without its other."""
    offered = tuple(places)
    found = []
    for name in dict.fromkeys(_PLACE.findall(text)):
        if name.strip() not in offered:
            known = "、".join(f"{{{one}}}" for one in offered)
            found.append(f"{{{name}}} は差し込めません。使えるのは {known} です。")
    if _STRAY.search(_PLACE.sub("", text)):
        found.append("かっこ { } の片方がありません。")
    return found


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text for one person. What is filled in is not read for places again. KeyError for an unknown place."""
    return _PLACE.sub(lambda match: values[match[1].strip()], text)


# --- What a mail about results must not say ------------------------------------------------------------------------------

_ITEMS = (
    "血圧", "収縮期", "拡張期", "血糖", "HbA1c", "ヘモグロビン", "グリコ", "脂質", "中性脂肪", "コレステロール", "HDL", "LDL", "肝機能", "AST",
    "GOT", "ALT", "GPT", "γ-GT", "ガンマGT", "腎機能", "eGFR", "クレアチニン", "尿蛋白", "尿たんぱく", "尿糖", "腹囲", "BMI", "体重", "肥満",
    "心電図", "眼底", "貧血",
)  # fmt: skip
_ILLNESSES = (
    "病", "症", "がん", "癌", "腫瘍", "卒中", "梗塞", "肝炎", "メタボ", "透析", "障害", "発作", "後遺",
)  # fmt: skip
_JUDGEMENTS = (
    "要医療", "要治療", "要精検", "要精密", "要再検", "異常", "陽性", "判定", "基準値", "服薬", "投薬", "薬", "治療", "すぐに受診", "命に",
    "高い値", "低い値", "数値",
)  # fmt: skip
_IN_A_SUBJECT = (
    "受診",
    "勧奨",
    "健診",
    "健康診",
    "ドック",
    "検査",
    "検診",
    "結果",
    "医療",
    "病院",
    "クリニック",
    "医師",
    "医院",
    "通院",
)
_HARMLESS = ("病院", "がんば", "頑張")
"""Words in which one of the others stands without saying it."""
_VALUE = re.compile(r"\d[\d.,]*\s*(?:mmhg|mg/dl|g/dl|u/l|iu/l|kg|cm|%|ml/|mg|ミリ|パーセント)", re.IGNORECASE)


def _stands(word: str, text: str) -> bool:
    """Whether a word stands in a text; one of Latin letters as a word of its own, so that `ast` is not found in `last`."""
    plain = unicodedata.normalize("NFKC", word).casefold()
    return bool(re.search(rf"(?<![a-z]){re.escape(plain)}(?![a-z])", text)) if plain.isascii() else plain in text


def revealing(text: str, *, subject: bool) -> list[str]:
    """What in a mail about results would tell whoever reads over a shoulder, as sentences: the name of an examination, an
    illness, a judgement or a value; in the subject also that it is about an examination or a doctor.
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    searched = plain
    for one in _HARMLESS:
        searched = searched.replace(one, " ")
    groups = (("検査の項目", _ITEMS), ("病気", _ILLNESSES), ("判定や治療", _JUDGEMENTS))
    found = []
    for what, words in groups:
        hits = [one for one in words if _stands(one, searched)]
        if hits:
            found.append(f"「{hits[0]}」は{what}を表すので、メールに書けません。除いてください。")
    value = _VALUE.search(plain)
    if value:
        found.append(f"「{value[0]}」は検査の値に見えるので、メールに書けません。値は手紙だけに載ります。")
    if subject:
        hits = [one for one in _IN_A_SUBJECT if one in plain]
        if hits:
            found.append(
                f"件名に「{hits[0]}」は書けません。用件の分からない言葉にしてください。例：{{組合}}からのお知らせ"
            )
    return found
