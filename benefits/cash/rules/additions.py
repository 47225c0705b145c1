"""傷病手当金付加金, 延長傷病手当金付加金 and 出産手当金付加金: what an association adds by its by-laws (法53条, 規約).

The rule is data of the association; nothing here has a default figure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from benefits.cash.rules.daily import Deduction, Insured, Payable, Row, Status, step_for
from benefits.cash.rules.kinds import DAILY, Kind
from benefits.cash.rules.working import Step

ARTICLE = "法53条・規約"


@dataclass(frozen=True)
class AdditionRule:
    """One addition by the day: law and addition together reach `share` of the daily base, dropped to `unit` yen.

    kind: SICKNESS_ADDITION and MATERNITY_ADDITION are paid beside the benefit of law, SICKNESS_EXTENSION after its term.
    max_days: at most so many days in total (None: no limit). covered: also on days on which what else is received covers
    the benefit of law but not yet the share. after_loss: also after the loss of the qualification.
    """

    kind: Kind
    share: Fraction
    effective_from: date
    effective_until: date | None
    basis: str
    unit: int = 1
    max_days: int | None = None
    covered: bool = False
    after_loss: bool = False

    def __post_init__(self) -> None:
        if self.kind not in DAILY or self.kind in (Kind.SICKNESS, Kind.MATERNITY):
            raise ValueError("日ごとの付加金の種類ではありません。")
        if not 0 < self.share <= 1 or self.unit < 1 or (self.max_days is not None and self.max_days < 0):
            raise ValueError("付加金の割合は0より大きく1以下、単位は1円以上、日数は0日以上です。")

    def holds_on(self, day: date) -> bool:
        return self.effective_from <= day and (self.effective_until is None or day < self.effective_until)


@dataclass(frozen=True)
class Addition(Payable):
    """The days of an addition; used: the days paid so far, with those before."""

    used: int = 0
    left: int | None = None


def target(rule: AdditionRule, base: int) -> int:
    """What a day should reach in yen: the share of the base, fractions of a unit dropped."""
    return int(base * rule.share // rule.unit) * rule.unit


def add(
    rows: Iterable[Row], base: int, rule: AdditionRule, *, insured: Insured | None = None, used: int = 0
) -> Addition:
    """The addition to assessed days of law; `base` is the daily base of 法99条2項, `used` the days already paid.

    Day by day: what the share reaches, less what is received otherwise and what the benefit of law pays; never below 0.
    """
    if base < 0 or used < 0:
        raise ValueError("日額の基礎と日数は0以上です。")
    frame = insured or Insured()
    wanted = {Status.EXHAUSTED} if rule.kind is Kind.SICKNESS_EXTENSION else {Status.FULL, Status.PARTIAL}
    if rule.covered and rule.kind is not Kind.SICKNESS_EXTENSION:
        wanted.add(Status.COVERED)
    reach, found = target(rule, base), []
    for row in sorted(rows, key=lambda row: row.on):
        if row.status not in wanted or not rule.holds_on(row.on):
            continue
        if frame.after_loss(row.on) and not rule.after_loss:
            continue
        if rule.max_days is not None and used >= rule.max_days:
            break
        taken = row.received + row.amount
        amount = max(reach - taken, 0)
        if not amount:
            continue
        used += 1
        status = Status.PARTIAL if taken else Status.FULL
        less = (Deduction("法定給付・報酬など", taken, ARTICLE),) if taken else ()
        found.append(Row(row.on, status, reach, taken, amount, row.holiday, less))
    bare = Payable(tuple(found))
    steps = (
        Step(f"{rule.kind.label}の1日の水準（基礎の{float(rule.share * 100):g}％）", reach, rule.basis or ARTICLE),
        *(step_for(run, ARTICLE) for run in bare.runs),
        Step("支給額", bare.total, ARTICLE),
    )
    left = None if rule.max_days is None else max(rule.max_days - used, 0)
    return Addition(bare.rows, steps, used, left)
