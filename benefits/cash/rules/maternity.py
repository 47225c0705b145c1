"""出産手当金 day by day (法102条, 104条, 108条2項).

Read in the statute: the days are those up to 42 (98 with a multiple pregnancy) before the birth, the birth day being the
last of them, and 56 after it; a birth later than expected is reckoned back from the expected day, and the days between
are paid as well, since the period runs on to the 56th day after the birth. A birth earlier than expected moves the whole
period forward. Days not at work count, holidays among them; there is no waiting. 102条2項 takes the daily amount from
99条2項. The article pays when the birth has happened; 則87条1項2号 lets the days before it be claimed by the expected day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from benefits.cash.rules.adjustment import maternity_due
from benefits.cash.rules.calendar import Day, in_order
from benefits.cash.rules.daily import PAID, Deduction, Insured, Payable, Rate, Row, Status, step_for
from benefits.cash.rules.daily import fixed as daily_fixed
from benefits.cash.rules.limitation import last_claim_day
from benefits.cash.rules.working import Step
from members.lifecycle.rules.terms import Closed

DAY = timedelta(days=1)
BEFORE, BEFORE_MULTIPLE, AFTER = 42, 98, 56
ARTICLES = {
    Status.FULL: "法102条2項",
    Status.PARTIAL: "法108条2項",
    Status.COVERED: "法108条2項",
    Status.ABLE: "法102条1項",
    Status.NOT_INSURED: "法102条1項",
}
"""The articles of a day's status where they are not those of 傷病手当金."""


@dataclass(frozen=True)
class Window:
    """The days of a birth, both included. provisional: the birth is still to come, so the end is the expected day."""

    first: date
    last: date
    anchor: date
    provisional: bool
    steps: tuple[Step, ...]

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


def window(expected: date, actual: date | None = None, *, multiple: bool = False) -> Window:
    """The period of 出産手当金 for an expected and, once it is known, an actual birth day."""
    before = BEFORE_MULTIPLE if multiple else BEFORE
    anchor = expected if actual is None else min(expected, actual)
    first = anchor - DAY * (before - 1)
    last = expected if actual is None else actual + DAY * AFTER
    steps = [Step("出産の予定日", expected, "法102条1項")]
    if actual is not None:
        steps.append(Step("出産の日", actual, "法102条1項"))
    steps += [
        Step("数える基準の日", anchor, "法102条1項"),
        Step(f"以前{before}日の最初の日", first, "法102条1項"),
        Step("期間の最後の日" if actual else "出産前に請求できる最後の日", last, "法102条1項"),
        Step("期間の日数", (last - first).days + 1, "法102条1項"),
    ]
    return Window(first, last, anchor, actual is None, tuple(steps))


@dataclass(frozen=True)
class Maternity(Payable):
    """The assessed days; start, rate: the first day paid and the daily amount fixed on it; claim_by: the last day on
    which the first day not claimed may be claimed (None: every day of the period is claimed or behind).
    """

    start: date | None = None
    rate: int | None = None
    claim_by: date | None = None


def assess(
    days: Iterable[Day],
    rate: Rate,
    period: Window,
    *,
    insured: Insured | None = None,
    started: tuple[date, int] | None = None,
    closed: Closed | None = None,
) -> Maternity:
    """The days of a birth, each with its status and its yen.

    `rate` gives the daily amount if payment began on a day; `started` is the first day paid and the amount fixed on it by
    an earlier assessment. Raises DaysDiffer.
    """
    frame = insured or Insured()
    rows: list[Row] = []
    first, fixed = started or (None, None)
    for day in in_order(days):
        row = _day(day, rate if fixed is None else daily_fixed(fixed), period, frame, closed)
        if row.status in PAID and fixed is None:
            first, fixed = day.on, row.rate
        rows.append(row)
    bare = Payable(tuple(rows))
    open_days = [row.on for row in rows if row.status is Status.UNCLAIMED]
    if not open_days and rows and period.holds(rows[-1].on + DAY):
        open_days = [rows[-1].on + DAY]
    steps = [*period.steps, *(step_for(run, ARTICLES.get(run.status, "")) for run in bare.runs)]
    steps += [Step("支給する日数", bare.paid_days, "法102条1項"), Step("支給額", bare.total, "法102条2項")]
    claim_by = last_claim_day(open_days[0], closed) if open_days else None
    return Maternity(tuple(rows), tuple(steps), first, fixed, claim_by)


def _day(day: Day, rate_on: Rate, period: Window, insured: Insured, closed: Closed | None) -> Row:
    status: Status | None = None
    if insured.after_loss(day.on) and not insured.continues:
        status = Status.NO_CONTINUATION
    elif not insured.after_loss(day.on) and not insured.covers(day.on):
        status = Status.NOT_INSURED
    elif not period.holds(day.on):
        status = Status.OUTSIDE
    elif not day.away:
        status = Status.ABLE
    if status is not None:
        return Row(day.on, status, holiday=day.holiday)
    rate = rate_on(day.on)
    if rate < 0:
        raise ValueError("支給日額は0円以上です。")
    due = maternity_due(rate, day.pay)
    taken = (Deduction("報酬", rate - due, "法108条2項"),) if rate - due else ()
    if not due:
        status = Status.COVERED
    elif not day.claimed:
        status = Status.UNCLAIMED
    elif day.received is not None and day.received > last_claim_day(day.on, closed):
        status = Status.BARRED
    else:
        status = Status.PARTIAL if taken else Status.FULL
    return Row(day.on, status, rate, rate - due, due if status in PAID else 0, day.holiday, taken, day.pay)


def due_by_day(result: Maternity) -> dict[date, int]:
    """The daily amount of each day for which 出産手当金 is due: what 傷病手当金 of the same day is reduced by (法103条).

    Also days paid only in part; not those wholly covered by remuneration, for which none is due.
    """
    return {row.on: row.rate for row in result.rows if row.paid or row.status is Status.UNCLAIMED}
