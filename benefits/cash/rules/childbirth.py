"""出産育児一時金 and 家族出産育児一時金 (法101条, 106条, 114条, 令36条).

Read in the statute: 令36条 sets 488,000 yen and lets the insurer add up to 30,000 for a birth under the compensation
scheme (「三万円を超えない範囲内で保険者が定める金額」; 12,000 is usual). The amount is per child. That a birth is one from the
85th day (the fourth month) on, a stillbirth as well, and that the addend needs 22 weeks, are notices, not the statute.
A person insured at the birth claims under 101条; a dependant's birth is the insured person's under 114条; a former
insured person under 106条, who then cannot be claimed for as a dependant as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from benefits.cash.rules import parameters as p
from benefits.cash.rules.continuation import on_the_edge, within_after_loss
from benefits.cash.rules.kinds import Kind
from benefits.cash.rules.working import Step

AFTER_LOSS_MONTHS = 6


class Way(StrEnum):
    """How it is paid: to the institution through the clearing body, to the institution as agent, or to the person."""

    DIRECT = "direct"
    AGENT = "agent"
    CASH = "cash"


@dataclass(frozen=True)
class Birth:
    """A birth: its day, the days of pregnancy reached, the number of children (stillborn ones too), and whether it was
    under the compensation scheme (令36条1号・2号).
    """

    on: date
    gestation_days: int
    children: int = 1
    covered: bool = True

    def __post_init__(self) -> None:
        if self.children < 1:
            raise ValueError("出生児の数は1人以上です。")
        if self.gestation_days < 0:
            raise ValueError("妊娠の日数は0日以上です。")


@dataclass(frozen=True)
class LumpSum:
    """What is due and to whom: to the institution, the difference to the person, and what the person still owes it.

    `extra` is the association's own 付加金, always to the person. Yen. `refused` is the sentence when nothing is due.
    """

    kind: Kind
    each: int
    children: int
    amount: int
    to_institution: int
    to_person: int
    extra: int
    own_share: int
    refused: str
    warning: str
    steps: tuple[Step, ...]

    @property
    def total(self) -> int:
        return self.to_institution + self.to_person + self.extra


def weeks(count: int, days: int = 0) -> int:
    """Weeks and days of pregnancy as days. ValueError when the days do not lie between 0 and 6."""
    if not 0 <= days <= 6 or count < 0:
        raise ValueError("妊娠週数は0週以上、日は0から6です。")
    return count * 7 + days


def lump_sum(
    birth: Birth,
    *,
    family: bool = False,
    way: Way = Way.CASH,
    fee: int = 0,
    extra_each: int = 0,
    lost_on: date | None = None,
    one_year: bool = False,
    addend: int | None = None,
    rows: Iterable[p.Parameter] = p.DEFAULTS,
) -> LumpSum:
    """The lump sum of a birth.

    family: a dependant gave birth. fee: what the institution charges, needed for DIRECT and AGENT. extra_each: 付加金 of
    the association per child. lost_on, one_year: the loss of the qualification before the birth and whether it followed
    a year of it (法106条). addend: the association's own, within the limit of 令36条; else the usual one of the day.
    Raises ValueError for negative amounts and an addend above the limit, NoParameter for a day without figures.
    """
    if min(fee, extra_each, addend or 0) < 0:
        raise ValueError("金額は0円以上です。")
    rows = tuple(rows)
    kind = Kind.FAMILY_CHILDBIRTH if family else Kind.CHILDBIRTH
    article = "法114条" if family else "法101条"
    refused, warning = _refusal(birth, family, lost_on, one_year, rows)
    steps = [
        Step("出産の日", birth.on, article),
        Step("妊娠の日数", birth.gestation_days, "通知"),
        Step("出生児の数（死産を含む）", birth.children, article),
    ]
    if refused:
        return LumpSum(kind, 0, birth.children, 0, 0, 0, 0, fee, refused, warning, tuple(steps))
    base = p.parameter_on(p.CHILDBIRTH_BASE, birth.on, rows)
    each = base.value
    steps.append(Step("一時金の額（1児）", base.value, base.basis, base.code))
    if birth.covered and birth.gestation_days >= p.parameter_on(p.ADDEND_MIN_DAYS, birth.on, rows).value:
        limit = p.parameter_on(p.CHILDBIRTH_ADDEND_LIMIT, birth.on, rows)
        added = p.parameter_on(p.CHILDBIRTH_ADDEND, birth.on, rows).value if addend is None else addend
        if added > limit.value:
            raise ValueError(f"加算額は{limit.value:,}円を超えられません（{limit.basis}）。")
        each += added
        steps.append(Step("産科医療補償制度の加算（1児）", added, "令36条ただし書", p.CHILDBIRTH_ADDEND))
    amount, extra = each * birth.children, extra_each * birth.children
    to_institution = 0 if way is Way.CASH else min(fee, amount)
    to_person = amount - to_institution
    steps.append(Step("支給額", amount, article))
    if way is not Way.CASH:
        name = "直接支払制度" if way is Way.DIRECT else "受取代理制度"
        steps += [
            Step("出産に要した費用", fee, name),
            Step("医療機関等へ支払う額", to_institution, name),
            Step("被保険者へ支払う差額", to_person, name),
        ]
    if extra:
        steps.append(Step("付加金", extra, "法53条・規約"))
    own = max(fee - amount, 0)
    return LumpSum(kind, each, birth.children, amount, to_institution, to_person, extra, own, "", warning, tuple(steps))


def _refusal(
    birth: Birth, family: bool, lost_on: date | None, one_year: bool, rows: tuple[p.Parameter, ...]
) -> tuple[str, str]:
    """Why nothing is due, or an empty text; and what a clerk should still confirm."""
    if birth.gestation_days < p.parameter_on(p.CHILDBIRTH_MIN_DAYS, birth.on, rows).value:
        return "妊娠85日（4か月）に達しない出産のため、支給の対象になりません。", ""
    if lost_on is None or birth.on < lost_on:
        return "", ""
    if family:
        return "被保険者の資格を喪失した後の、被扶養者の出産は支給の対象になりません（法114条）。", ""
    if not one_year:
        return "資格を喪失した日の前日まで引き続き1年以上被保険者であったことが確かめられません（法106条）。", ""
    if not within_after_loss(lost_on, birth.on, AFTER_LOSS_MONTHS):
        return "資格を喪失した日後6か月を過ぎた出産のため、支給の対象になりません（法106条）。", ""
    if on_the_edge(lost_on, birth.on, AFTER_LOSS_MONTHS):
        return "", "資格を喪失した日後6か月の最後の日の出産です。期間の数え方を確かめてください。"
    return "", ""
