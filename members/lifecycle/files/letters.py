"""The words of the letters to members: 年齢到達の案内, 任意継続の満了の案内・資格喪失の通知・未納の照会.

Pure: values in, words out. A letter says what happens on which day, by which article, and what its reader has to do.
法 = 健康保険法, 則 = 健康保険法施行規則, 高確法 = 高齢者の医療の確保に関する法律.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kumiai.ui.formats import format_wareki, format_wareki_month
from members.lifecycle.enums import EndKind

INSURED, DEPENDANT = "被保険者", "被扶養者"
FIRST, LATER = "初回を含む", "2回目から"

Values = Mapping[str, Any]
"""By item code, dates as such or in ISO form: see the columns of members/lifecycle/outputs.py."""


@dataclass(frozen=True)
class Letter:
    """One letter: its title, sentences before and after the facts, and the facts as (label, words)."""

    title: str
    opening: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    closing: tuple[str, ...]


def day(value: Any) -> str:
    """令和8年4月1日, from a date or its ISO text; "" without one."""
    return format_wareki(date.fromisoformat(value) if isinstance(value, str) else value) if value else ""


def age_letter(values: Values) -> Letter:
    """年齢到達の案内 of 40, 65, 70 or 75. The name and the number stand in the head of the letter."""
    return {40: _age_40, 65: _age_65, 70: _age_70, 75: _age_75}[int(values["age"])](values)


def _dates(values: Values, effect: str) -> tuple[tuple[str, str], ...]:
    age = values["age"]
    found = (
        ("生年月日", day(values.get("birth_date"))),
        (f"{age}歳に達する日", day(values.get("reached_date"))),
        (effect, day(values.get("event_date"))),
    )
    return tuple(pair for pair in found if pair[1])


def _age_40(values: Values) -> Letter:
    first = date.fromisoformat(str(values["event_date"])).replace(day=1)
    closing = [
        "手続きは必要ありません。国外にお住まいのときなど、適用が除外される方は、届出が必要です。当組合にお知らせください（則40条）。"
    ]
    if values["role"] == INSURED:
        closing.insert(
            0,
            f"{format_wareki_month(first)}分から、健康保険の保険料に介護保険料を合わせて納めていただきます（法156条1項1号）。",
        )
    return Letter(
        "介護保険の適用についてのお知らせ",
        ("40歳になられますので、介護保険の第2号被保険者となられます（介護保険法9条2号）。",),
        _dates(values, "第2号被保険者となる日"),
        tuple(closing),
    )


def _age_65(values: Values) -> Letter:
    first = date.fromisoformat(str(values["event_date"])).replace(day=1)
    closing = [
        "65歳からは、お住まいの市区町村の第1号被保険者となり、介護保険料は市区町村に納めていただきます（介護保険法9条1号・129条）。"
    ]
    if values["role"] == INSURED:
        closing.insert(
            0,
            f"{format_wareki_month(first)}分から、健康保険の保険料に合わせて納めていただく介護保険料はなくなります（法156条2項）。",
        )
    return Letter(
        "介護保険の変更についてのお知らせ",
        ("65歳になられますので、介護保険の第2号被保険者ではなくなられます（介護保険法9条）。",),
        _dates(values, "第2号被保険者でなくなる日"),
        tuple(closing),
    )


def _age_70(values: Values) -> Letter:
    return Letter(
        "70歳からの医療費の負担についてのお知らせ",
        (
            "70歳になられますので、医療機関の窓口でお支払いになる割合が変わります（法74条1項2号・3号、110条2項1号ハ・ニ）。",
        ),
        _dates(values, "割合の変わる日"),
        (
            "割合は2割です。現役並みの所得がある方とその被扶養者は3割です。",
            "割合は、マイナ保険証で受診されると医療機関で確かめられます。マイナ保険証をお持ちでない方には、割合を記した証を、割合の変わる日までにお送りします。",
        ),
    )


def _age_75(values: Values) -> Letter:
    closing = [
        "後期高齢者医療については、お住まいの都道府県の後期高齢者医療広域連合から、案内と資格を確認する書面が届きます。",
        "資格確認書をお持ちの方は、5日以内に、お勤め先（任意継続の方は当組合）にお返しください（則51条2項・4項）。",
    ]
    if values.get("dependants"):
        closing.insert(
            0,
            f"あなたの被扶養者 {values['dependants']}名も、同じ日に当組合の資格を喪失します。"
            "国民健康保険など、ほかの医療保険に加入する手続きが必要です。",
        )
    return Letter(
        "後期高齢者医療への移行についてのお知らせ",
        (
            "75歳になられますので、当組合の資格を喪失し、後期高齢者医療の被保険者となられます（高確法50条1号・52条1号、法36条3号・38条6号）。",
        ),
        _dates(values, "資格を喪失する日"),
        tuple(closing),
    )


def term_letter(values: Values) -> Letter:
    """任意継続の満了の案内 (法38条1号)."""
    return Letter(
        "任意継続被保険者の資格の満了についてのお知らせ",
        ("任意継続被保険者となられてから2年を経過しますので、次の日に資格を喪失されます（法38条1号）。",),
        (
            ("任意継続被保険者となった日", day(values.get("begun_date"))),
            ("2年を経過する日", day(values.get("last_date"))),
            ("資格を喪失する日", day(values.get("loss_date"))),
        ),
        (
            "資格を喪失する日からは、当組合の資格では受診できません。国民健康保険など、ほかの医療保険に加入する手続きを、お住まいの市区町村などで行ってください。",
            "資格確認書をお持ちの方は、資格を喪失する日から5日以内に、当組合にお返しください（則51条2項）。",
        ),
    )


# What ended it, in a sentence of the letter, and the article. Death is not written to.
ENDS = {
    EndKind.TERM.label: ("任意継続被保険者となってから2年を経過したため", "法38条1号"),
    EndKind.NON_PAYMENT.label: ("保険料を納付期日までに納付されなかったため", "法38条3号"),
    EndKind.INSURED.label: ("ほかの健康保険の被保険者となられたため", "法38条4号"),
    EndKind.SEAMAN.label: ("船員保険の被保険者となられたため", "法38条5号"),
    EndKind.ELDERLY.label: ("後期高齢者医療の被保険者となられたため", "法38条6号"),
    EndKind.WITHDRAWAL.label: ("資格の喪失を申し出られたため", "法38条7号"),
    EndKind.FIRST_UNPAID.label: ("初めて納付すべき保険料を納付期日までに納付されなかったため", "法37条2項"),
}


def loss_letter(values: Values) -> Letter:
    """任意継続の資格喪失の通知: ended, or by 法37条2項 never begun."""
    because, article = ENDS[str(values["reason"])]
    never = values["reason"] == EndKind.FIRST_UNPAID.label
    opening = (
        f"{because}、任意継続被保険者とならなかったものとみなされました（{article}）。"
        if never
        else f"{because}、任意継続被保険者の資格を喪失されました（{article}）。"
    )
    facts = [
        ("退職などで資格を喪失した日" if never else "任意継続被保険者となった日", day(values.get("begun_date"))),
        ("事実の日", day(values.get("fact_date"))),
        ("資格がなかったものとみなす日" if never else "資格を喪失した日", day(values.get("loss_date"))),
    ]
    closing = [
        "この日からは、当組合の資格では受診できません。受診されていたときは、医療費をお返しいただくことがあります。",
        "国民健康保険など、ほかの医療保険に加入する手続きを行ってください。資格確認書をお持ちの方は、当組合にお返しください（則51条2項）。",
    ]
    if values["reason"] in (EndKind.NON_PAYMENT.label, EndKind.FIRST_UNPAID.label):
        closing.append(
            "納付が遅れたことに正当な理由があるときは、理由を書いて当組合に申し出てください（法37条2項ただし書・38条3号）。"
        )
    return Letter(
        "任意継続被保険者の資格の喪失についてのお知らせ",
        (opening,),
        tuple(pair for pair in facts if pair[1]),
        tuple(closing),
    )


def unpaid_letter(values: Values) -> Letter:
    """保険料の未納の照会: asks for the reason before the loss is entered (法38条3号, 37条2項ただし書)."""
    first = values["first"] == FIRST
    return Letter(
        "任意継続の保険料についてのお尋ね",
        ("次の保険料について、納付期日までの納付を確認できませんでした。",),
        (("保険料の月", str(values.get("months", ""))), ("納付期日", day(values.get("due_date")))),
        (
            "行き違いで納付されているときは、領収の控えを添えてお知らせください。",
            (
                "初めて納付すべき保険料を納付期日までに納付されないときは、任意継続被保険者とならなかったものとみなされます（法37条2項）。"
                if first
                else "納付期日までに納付されないときは、その翌日に任意継続被保険者の資格を喪失します（法38条3号）。"
            ),
            "納付が遅れたことに正当な理由があるときは、理由を書いて、この手紙が届いた日から10日以内にお申し出ください。",
        ),
    )
