"""When handing over must be recorded, and how long the record is kept (個人情報保護法27–30条, 施行規則19–25条).

    who receives                                             record of 29条 / 30条
    本人                                                      none: not a third party (27条1項)
    国の機関・地方公共団体・独立行政法人等（16条2項各号）           none: outside 「第三者」 of 29条 and 30条
    法令に基づく（27条1項1号）                                  none: 29条1項ただし書
    委託（27条5項1号）・共同利用（27条5項3号）                    none in Japan: 29条1項ただし書
    同意（27条1項、外国へは28条1項）                             due: 規則20条1項2号
Abroad, in the sense of 28条1項, only the cases of 27条1項各号 need no record, and 委託 or 共同利用 need the consent of the
person all the same; so there the basis is 法令 or 同意, nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

THEMSELVES, STATE = ("person", "each"), "state"
OWN, LAW, CONTRACT, SHARED_USE, CONSENT = "own", "law", "contract", "shared_use", "consent"


@dataclass(frozen=True)
class Duty:
    """Whether a record is due: `why` is a sentence for staff, `article` what it rests on."""

    due: bool
    article: str
    why: str


def is_third_party(recipient_kind: str, basis: str) -> bool:
    """Whether 27条 sees a third party: not the person, nor 委託 or 共同利用 (27条5項1号・3号)."""
    return recipient_kind not in THEMSELVES and basis not in (OWN, CONTRACT, SHARED_USE)


def duty_to_record(*, recipient_kind: str, basis: str, public_body: bool, abroad: bool) -> Duty:
    """Whether 29条 (and, received the other way, 30条) asks for a record."""
    if recipient_kind in THEMSELVES:
        return Duty(False, "27条1項", "本人への交付は、第三者への提供ではありません。")
    if recipient_kind == STATE or public_body:
        return Duty(
            False, "29条1項・16条2項", "国の機関、地方公共団体、独立行政法人等は、記録の対象の第三者に入りません。"
        )
    if basis == LAW:
        return Duty(False, "29条1項ただし書・27条1項1号", "法令に基づく提供なので、記録は要りません。")
    if basis == CONSENT:
        article = "28条1項" if abroad else "27条1項"
        return Duty(True, f"29条1項・{article}", "本人の同意による第三者への提供なので、記録を作ります。")
    if abroad:
        return Duty(
            True, "29条1項ただし書・28条1項", "外国にある第三者への提供なので、委託や共同利用でも記録を作ります。"
        )
    if basis == CONTRACT:
        return Duty(False, "29条1項ただし書・27条5項1号", "委託に伴う提供なので、記録は要りません。")
    return Duty(False, "29条1項ただし書・27条5項3号", "共同利用による提供なので、記録は要りません。")


def may_go_abroad(basis: str) -> bool:
    """28条1項: to a third party abroad only in the cases of 27条1項各号 or with the person's consent."""
    return basis in (LAW, CONSENT)


def _years_later(day: date, years: int) -> date:
    """The same day years later; 29 February becomes 1 March, so that nothing ends early."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def kept_until(*, recorded: date, last_provided: date, stands_in: bool, continuous: bool) -> date:
    """The last day on which the record must be kept (規則21条, 25条).

    stands_in: a contract or other paper holds the facts (規則19条3項, 23条3項): one year, counted from and including the day
    of the last provision (1号「起算して」). continuous: one record of repeated provision (19条2項ただし書): three years,
    counted the same way (2号). Otherwise three years from the day the record was made (29条2項), the first day not counted
    (民法140条).
    """
    if stands_in:
        return _years_later(last_provided, 1) - timedelta(days=1)
    if continuous:
        return _years_later(last_provided, 3) - timedelta(days=1)
    return _years_later(recorded, 3)


def return_due(*, fetched: date, days: int, agreement_ends: date | None) -> date:
    """委託先 returns or destroys by then: the agreed days after fetching, at the latest on the agreement's last day (25条).

    agreement_ends: the first day on which the agreement holds no longer, or None.
    """
    due = fetched + timedelta(days=days)
    return due if agreement_ends is None else min(due, agreement_ends - timedelta(days=1))
