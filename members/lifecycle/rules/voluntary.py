"""任意継続: who may apply, how long it lasts, how it ends (健康保険法3条4項, 37条, 38条, 157条, 164条)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from members.lifecycle.rules.ages import effective_on
from members.lifecycle.rules.terms import (
    DAY,
    Closed,
    add_months,
    first_of_next_month,
    last_of_month,
    next_open,
    period_end,
    whole_months,
)
from members.lifecycle.rules.working import Dated, Step

APPLICATION_DAYS = 20
REQUIRED_MONTHS = 2
TERM_MONTHS = 24
DUE_DAY = 10

LEFT_WORK = frozenset({"retirement", "excluded", "office_closed"})
"""Reasons of loss after which one may go on (法3条4項): left the works, or excluded by 法3条1項ただし書."""

AT_ONCE = {"insured": "4号", "seaman": "5号", "elderly": "6号"}
"""What ends it on the day itself: insured person, 船員保険, 後期高齢者医療 (法38条4号から6号)."""


@dataclass(frozen=True)
class Test:
    """One condition of the law: what is asked, the figure, how it was found, the article, and whether it holds."""

    code: str
    label: str
    figure: date | int | str
    detail: str
    article: str
    passed: bool


@dataclass(frozen=True)
class Decision:
    """Whether the application may be accepted: every test must hold."""

    tests: tuple[Test, ...]
    deadline: date
    late: bool

    @property
    def allowed(self) -> bool:
        return all(test.passed for test in self.tests)

    @property
    def failed(self) -> tuple[Test, ...]:
        return tuple(test for test in self.tests if not test.passed)


def application_deadline(lost: date, closed: Closed) -> Dated:
    """申出の期限: twenty days from the day of loss (法37条1項).

    The day of loss begins at midnight and counts as the first (民法140条ただし書), so the last is the nineteenth day
    after it; a day on which the counter is closed moves it to the next open one (民法142条).
    """
    last = lost + timedelta(days=APPLICATION_DAYS - 1)
    day = next_open(last, closed)
    steps = [
        Step("資格を喪失した日", lost),
        Step("20日目", last, "法37条1項・民法140条ただし書", "喪失の日を1日目とする"),
    ]
    if day != last:
        steps.append(Step("次の開いている日", day, "民法142条", "20日目が休みの日のため"))
    return Dated(day, tuple(steps))


def continuous_from(periods: Iterable[tuple[date, date | None]], lost: date) -> date | None:
    """Since when one was insured without a day's gap until the day before `lost`; None when not insured the day before.

    periods: (acquired, lost) of the compulsory qualification only: 任意継続 does not count (法3条4項).
    """
    since = None
    edge = lost
    for start, end in sorted(periods, reverse=True):
        if start < edge and (end is None or end >= edge):
            since = edge = start
    return since


def may_apply(
    *,
    lost: date,
    applied: date,
    insured_from: date | None,
    reason: str,
    birth: date,
    closed: Closed,
    just_cause: bool = False,
    insured_again: bool = False,
    seaman: bool = False,
) -> Decision:
    """Whether an application may be accepted, test by test (法3条4項, 37条1項).

    lost: day of loss. applied: day the application arrived. insured_from: since when insured without a gap, by the
    register or by a certificate of another insurer; None when not insured the day before. reason: code of the reason of
    loss. just_cause: a late application was found excusable. insured_again: insured person of this or another insurer
    from the day of loss. seaman: insured under 船員保険.
    """
    deadline = application_deadline(lost, closed)
    months = whole_months(insured_from, lost) if insured_from else 0
    enough = insured_from is not None and period_end(insured_from, REQUIRED_MONTHS) < lost
    days = (applied - lost).days + 1
    late = applied > deadline.day
    elderly = effective_on(birth, 75)
    tests = (
        Test(
            "reason",
            "資格を喪失した理由",
            "該当" if reason in LEFT_WORK else "該当しない",
            "使用されなくなった、または適用除外になった",
            "法3条4項",
            reason in LEFT_WORK,
        ),
        Test(
            "months",
            "継続した被保険者の期間",
            f"{months // 12}年{months % 12}か月" if months >= 12 else f"{months}か月",
            "喪失の前日まで2か月以上（任意継続の期間を含めない）",
            "法3条4項",
            enough,
        ),
        Test(
            "deadline",
            "申出の期限",
            f"{days}日目" if days > 0 else "喪失の前",
            "喪失の日から20日以内" if not (late and just_cause) else "期限を過ぎたが、正当な理由があると認めた",
            "法37条1項ただし書" if late and just_cause else "法37条1項",
            applied >= lost and (not late or just_cause),
        ),
        Test(
            "elderly",
            "後期高齢者医療",
            elderly,
            "75歳となる日が喪失の日より後",
            "法3条4項ただし書",
            reason not in ("age_75", "disability_65") and lost < elderly,
        ),
        Test(
            "insured",
            "ほかの健康保険の被保険者",
            "資格あり" if insured_again else "資格なし",
            "喪失の日から適用事業所に使用されていない",
            "法38条4号",
            not insured_again,
        ),
        Test(
            "seaman",
            "船員保険の被保険者",
            "資格あり" if seaman else "資格なし",
            "船員保険の資格がない",
            "法3条4項ただし書",
            not seaman,
        ),
    )
    return Decision(tests, deadline.day, late)


def term_end(start: date) -> Dated:
    """満了による喪失日: the day after two years have passed, the first day counted (法38条1号)."""
    last = period_end(start, TERM_MONTHS)
    return Dated(
        last + DAY,
        (
            Step("任意継続被保険者となった日", start, "法3条4項"),
            Step("2年を経過する日", last, "法38条1号・民法143条", "なった日から起算"),
            Step("資格を喪失する日", last + DAY, "法38条", "2年を経過した日の翌日"),
        ),
    )


def withdrawal(accepted: date) -> Dated:
    """申出による喪失日: the day after the end of the month in which the request was accepted (法38条7号, 則42条の2)."""
    last = last_of_month(accepted)
    return Dated(
        last + DAY,
        (
            Step("申出を受理した日", accepted, "則42条の2"),
            Step("受理した月の末日", last, "法38条7号"),
            Step("資格を喪失する日", last + DAY, "法38条", "末日が到来した日の翌日"),
        ),
    )


def non_payment(due: date, *, first: bool, start: date) -> Dated:
    """What follows when an instalment is unpaid after its due date.

    first: the first instalment, whose non-payment means that the person never was 任意継続 (法37条2項): the day is that
    of the beginning. Any other: lost on the day after the due date (法38条3号).
    """
    if first:
        return Dated(
            start,
            (
                Step("初めて納付すべき保険料の納付期日", due, "法164条1項", "保険者が指定した日"),
                Step("任意継続被保険者とならなかったものとみなす", start, "法37条2項", "なった日にさかのぼる"),
            ),
        )
    return Dated(
        due + DAY,
        (
            Step("納付期日", due, "法164条1項", "その月の10日（休みの日のときは次の開いている日）"),
            Step("資格を喪失する日", due + DAY, "法38条3号", "納付期日までに納付しなかった日の翌日"),
        ),
    )


def ended_at_once(kind: str, day: date) -> Dated:
    """喪失日 for what ends it on the day itself (法38条4号から6号). kind: insured, seaman or elderly."""
    words = {
        "insured": "被保険者となった日",
        "seaman": "船員保険の被保険者となった日",
        "elderly": "後期高齢者医療の被保険者となった日",
    }
    article = f"法38条{AT_ONCE[kind]}"
    return Dated(day, (Step(words[kind], day, article), Step("資格を喪失する日", day, "法38条", "その日に喪失")))


def death(day: date) -> Dated:
    """喪失日 after death: the day after (法38条2号)."""
    return Dated(
        day + DAY, (Step("死亡した日", day, "法38条2号"), Step("資格を喪失する日", day + DAY, "法38条", "その翌日"))
    )


@dataclass(frozen=True)
class Instalment:
    """One month's premium: the first of the month it is for, the day it is due, whether it is the first payment."""

    month: date
    due: date
    first: bool


def instalments(start: date, first_due: date, closed: Closed) -> tuple[Instalment, ...]:
    """The months of a full term and their due dates (法157条, 164条1項).

    From the month of the beginning until the month before the loss by term: always 24. Due on the 10th of the month (next
    open day); the first on the day the insurer names, and with it every month whose own day is not after that one.
    """
    months: list[Instalment] = []
    last = add_months(term_end(start).day, -1)
    month = start.replace(day=1)
    while month <= last:
        due = next_open(month.replace(day=DUE_DAY), closed)
        first = not months or (months[-1].first and due <= first_due)
        months.append(Instalment(month, first_due if first else due, first))
        month = first_of_next_month(month)
    return tuple(months)
