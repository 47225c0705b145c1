"""The characters of a 全銀 record: what a name becomes, what was changed, and which character cannot go.

Base set: digits, A–Z, half-width kana ｱ–ﾝ, ﾞ, ﾟ and space; in names of 総合振込 also ( ) - . ; in 給与振込 no letters and
no symbols. Small kana become large, ー becomes a hyphen, ヲ becomes ｵ, letters become capitals. 法人略号 stand for the
legal form: before the name "ｶ)", after it "(ｶ", inside it "(ｶ)".
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import jaconv

NAME_LENGTH = 30
BASE = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝﾞﾟ")
LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
OF_GENERAL = BASE | frozenset("()-.")
OF_SALARY = BASE - LETTERS
OF_BANKS = BASE | frozenset("-")

SMALL = dict(zip("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ", strict=True))
LIKE = {
    "ー": "-", "－": "-", "―": "-", "‐": "-", "–": "-", "—": "-", "−": "-", "‑": "-", "ｰ": "-",
    "・": ".", "･": ".", "ヲ": "オ", "ヰ": "イ", "ヱ": "エ", "\u3000": " ",
}  # fmt: skip
VOICED = {"ヷ": "ﾜﾞ", "ヺ": "ｵﾞ"}
LEGAL_FORMS = (
    ("一般社団法人", "ｼﾔ"), ("一般財団法人", "ｻﾞｲ"), ("公益社団法人", "ｼﾔ"), ("公益財団法人", "ｻﾞｲ"),
    ("医療法人社団", "ｲ"), ("医療法人財団", "ｲ"), ("社会福祉法人", "ﾌｸ"), ("独立行政法人", "ﾄﾞｸ"),
    ("学校法人", "ｶﾞｸ"), ("宗教法人", "ｼﾕｳ"), ("財団法人", "ｻﾞｲ"), ("社団法人", "ｼﾔ"), ("医療法人", "ｲ"),
    ("株式会社", "ｶ"), ("有限会社", "ﾕ"), ("合名会社", "ﾒ"), ("合資会社", "ｼ"), ("合同会社", "ﾄﾞ"),
)  # fmt: skip
"""Longest first, so that 医療法人社団 is not read as 医療法人 and 社団."""


class BadText(ValueError):
    """A text that cannot stand in a record; the text of the error is a sentence for the clerk."""


@dataclass(frozen=True)
class Change:
    """One thing that was written otherwise: `before` became `after`, and why."""

    before: str
    after: str
    why: str


@dataclass(frozen=True)
class Normal:
    """A text as it stands in the record, with every change made."""

    text: str
    changes: tuple[Change, ...] = ()


def normalise(typed: str, *, allowed: frozenset[str] = OF_GENERAL, length: int = NAME_LENGTH) -> Normal:
    """The text in the characters of the record. Raises BadText for an empty or too long one, and naming the character."""
    changes: list[Change] = []
    shortened = _legal_form(typed.strip(), changes)
    out = "".join(_one(character, changes) for character in unicodedata.normalize("NFKC", shortened))
    while "  " in out:
        out = out.replace("  ", " ")
    out = out.strip()
    if not out:
        raise BadText("文字がありません。カナで入力してください。")
    for at, character in enumerate(out, start=1):
        if character not in allowed:
            raise BadText(f"{at}文字目の「{character}」は、銀行に渡すファイルで使えません。カナに直してください。")
    if len(out) > length:
        raise BadText(f"{len(out)}文字あります（濁点も1文字）。{length}文字までにしてください。")
    seen = list(dict.fromkeys(changes))
    return Normal(out, tuple(seen))


def _legal_form(typed: str, changes: list[Change]) -> str:
    for form, short in LEGAL_FORMS:
        if form not in typed:
            continue
        before, after = typed.split(form, 1)
        written = ("(" if before.strip() else "") + short + (")" if after.strip() or not before.strip() else "")
        changes.append(Change(form, written, "法人略号"))
        return before.strip() + written + after.strip()
    return typed


def _one(character: str, changes: list[Change]) -> str:
    """One character as the record writes it; what has no rule stays and is refused later."""
    if character in BASE:
        return character
    katakana: str = jaconv.hira2kata(character)
    if katakana in SMALL:
        after, why = jaconv.z2h(SMALL[katakana], kana=True), "小さい文字は大きく"
    elif katakana in VOICED:
        after, why = VOICED[katakana], "銀行で使う文字に"
    elif katakana in LIKE:
        after = jaconv.z2h(LIKE[katakana], kana=True)
        why = "長音は横線に" if after == "-" else "銀行で使う文字に"
    elif character.isascii() and character.islower():
        after, why = character.upper(), "大文字に"
    else:
        after, why = jaconv.z2h(katakana, kana=True), ""
    if why and character not in "-.":
        changes.append(Change(character, str(after), why))
    return str(after)
