"""傷病手当金 day by day (法99条, 103条, 104条, 108条, 則84条の2, 則84条の3).

Read in the statute: three consecutive days of inability complete the waiting (「三日を経過した日から」), holidays and days
of paid leave among them; it is completed once for an illness. Days are counted against 「通算して一年六月間」 when they were
paid, also in part (則84条の3「支給した日数」); days wholly covered by remuneration or a pension do not count. The year and six
months are turned into days from the first day paid, 546 to 550. Benefits whose first day lies before 2 July 2020 had run
out when that rule came into force on 1 January 2022 (令和3年法律66号附則3条2項): there the term is by the calendar.

障害手当金 (法108条4項): the daily amounts of every day of inability from its day on are added up until they reach it; no
payment until then; on the day itself the excess is paid, at most the day's difference (令36条の2). Whether a day wholly
covered by remuneration is added too is not said outright; it is added here, as the daily amount 「算定される額」 is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from benefits.cash.rules.adjustment import Lump, Pension, deductions, received
from benefits.cash.rules.calendar import Day, in_order
from benefits.cash.rules.daily import PAID, Deduction, Insured, Payable, Rate, Row, Status, step_for
from benefits.cash.rules.limitation import last_claim_day
from benefits.cash.rules.working import Step
from members.lifecycle.rules.terms import Closed, period_end

DAY = timedelta(days=1)
WAITING_DAYS = 3
TERM_MONTHS = 18
TOTALLED_SINCE = date(2020, 7, 2)
"""First days of payment from here on have a term of days in total; earlier ones ended by the calendar."""


class OutOfOrder(ValueError):
    """Days before those already assessed: everything must be assessed again from the first day."""


def term_end(start: date) -> date:
    """The last day of a year and six months that begin on a day."""
    return period_end(start, TERM_MONTHS)


def term_days(start: date) -> int:
    """The days that may be paid: as many as a year and six months from the first day paid has (法99条4項)."""
    return (term_end(start) - start).days + 1


@dataclass(frozen=True)
class Carried:
    """Where an illness stands after its last assessed day, for the next application.

    waiting: consecutive days of inability so far (3: complete, and stays so); last: the last day assessed; start, rate:
    the first day paid and the daily amount fixed on it; used: days paid; lump: daily amounts added up against 障害手当金;
    ended: after the loss, a day of ability has ended the benefit for good.
    """

    waiting: int = 0
    last: date | None = None
    start: date | None = None
    rate: int | None = None
    used: int = 0
    lump: int = 0
    ended: bool = False

    @property
    def waited(self) -> bool:
        return self.waiting >= WAITING_DAYS


@dataclass(frozen=True)
class Sickness(Payable):
    """The assessed days with what remains.

    term: days payable in total (None: not begun); remaining: of them; claim_by: the last day on which the first day not
    yet claimed (or the day after the last one here) may be claimed; carried: for the next application.
    """

    carried: Carried = field(default_factory=Carried)
    term: int | None = None
    remaining: int | None = None
    claim_by: date | None = None

    @property
    def start(self) -> date | None:
        return self.carried.start


def assess(
    days: Iterable[Day],
    rate: Rate,
    *,
    insured: Insured | None = None,
    pensions: Iterable[Pension] = (),
    lump: Lump | None = None,
    carried: Carried | None = None,
    closed: Closed | None = None,
) -> Sickness:
    """The days of an illness, each with its status and its yen, and what remains.

    `rate` gives the daily amount if payment began on a day; it is asked until the first day is paid, then fixed.
    `carried` continues an earlier assessment of the same illness. Raises OutOfOrder and DaysDiffer.
    """
    rows: list[Row] = []
    state = carried or Carried()
    frame = insured or Insured()
    known = tuple(pensions)
    for day in in_order(days):
        row, state = _day(day, state, rate, frame, known, lump, closed)
        rows.append(row)
    return _result(tuple(rows), state, closed)


def could_receive(row: Row) -> bool:
    """Whether the benefit was received, or only withheld by what else was received: 「支給を受けている」 of 法104条."""
    return row.paid or row.status in {Status.COVERED, Status.DISABILITY_LUMP, Status.UNCLAIMED, Status.BARRED}


def _day(
    day: Day,
    state: Carried,
    rate: Rate,
    insured: Insured,
    pensions: tuple[Pension, ...],
    lump: Lump | None,
    closed: Closed | None,
) -> tuple[Row, Carried]:
    if state.last is not None and day.on <= state.last:
        raise OutOfOrder(
            f"{day.on.isoformat()} は計算済みの日（{state.last.isoformat()} まで）より前です。"
            "最初の日から計算し直してください。"
        )
    adjoining = state.last is not None and day.on == state.last + DAY
    # Days nobody has reported break three days in a row just as a day at work does.
    waiting = state.waiting if state.waited or adjoining else 0
    state = replace(state, last=day.on, waiting=waiting)
    status = _not_entitled(day, state, insured)
    if status is not None:
        ended = state.ended or (status is Status.ABLE and insured.after_loss(day.on))
        return Row(day.on, status, holiday=day.holiday), replace(
            state, ended=ended, waiting=state.waiting if state.waited else 0
        )
    if not state.waited:
        return Row(day.on, Status.WAITING, holiday=day.holiday), replace(state, waiting=state.waiting + 1)
    amount = state.rate if state.rate is not None else rate(day.on)
    if amount < 0:
        raise ValueError("支給日額は0円以上です。")
    taken = deductions(day, amount, pensions, after_loss=insured.after_loss(day.on))
    due = amount - sum(deduction.amount for deduction in taken)
    status = None
    if lump is not None and day.on >= lump.on and state.lump < lump.amount:
        state = replace(state, lump=state.lump + amount)
        over = max(state.lump - lump.amount, 0)
        if over < due:
            taken = (*taken, Deduction("障害手当金", due - over, "法108条4項・令36条の2"))
            due = over
        status = Status.DISABILITY_LUMP if not due else None
    if status is None:
        status = _payable(day, due, amount, state, closed)
    deducted = sum(deduction.amount for deduction in taken)
    paid = due if status in PAID else 0
    other = max(received(day, pensions, after_loss=insured.after_loss(day.on)), deducted)
    row = Row(day.on, status, amount, deducted, paid, day.holiday, taken, other)
    if status in PAID:
        state = replace(state, used=state.used + 1, start=state.start or day.on, rate=amount)
    return row, state


def _not_entitled(day: Day, state: Carried, insured: Insured) -> Status | None:
    """Why a day is outside the benefit altogether; None when it is a day of inability that counts."""
    if insured.after_loss(day.on):
        if not insured.continues:
            return Status.NO_CONTINUATION
        if state.ended:
            return Status.ENDED
        if day.away and not state.waited:
            # The waiting can only be completed as an insured person.
            return Status.NO_CONTINUATION
    elif not insured.covers(day.on):
        return Status.NOT_INSURED
    if not day.away:
        return Status.ABLE
    return Status.ACCIDENT if day.accident else None


def _payable(day: Day, due: int, rate: int, state: Carried, closed: Closed | None) -> Status:
    """The status of a day for which something is due, or nothing but for what else is received."""
    if state.start is not None:
        over = state.used >= term_days(state.start) if state.start >= TOTALLED_SINCE else day.on > term_end(state.start)
        if over:
            return Status.EXHAUSTED
    if not due:
        return Status.COVERED
    if not day.claimed:
        return Status.UNCLAIMED
    if day.received is not None and day.received > last_claim_day(day.on, closed):
        return Status.BARRED
    return Status.FULL if due == rate else Status.PARTIAL


def _result(rows: tuple[Row, ...], state: Carried, closed: Closed | None) -> Sickness:
    term = remaining = None
    if state.start is not None:
        term = term_days(state.start)
        if state.start >= TOTALLED_SINCE:
            remaining = term - state.used
        else:
            last = state.last or state.start
            remaining = max((term_end(state.start) - last).days, 0)
    open_day = next((row.on for row in rows if row.status is Status.UNCLAIMED), None)
    if open_day is None and state.last is not None:
        open_day = state.last + DAY
    claim_by = last_claim_day(open_day, closed) if open_day is not None else None
    bare = Payable(rows)
    steps = [step_for(run) for run in bare.runs]
    seen: set[tuple[str, int, str]] = set()
    for row in rows:
        for deduction in row.deductions:
            key = (deduction.label, deduction.amount, deduction.article)
            if key not in seen:
                seen.add(key)
                steps.append(Step(f"{deduction.label}（1日、{row.on.isoformat()}から）", deduction.amount, key[2]))
    steps += [Step("支給する日数", bare.paid_days, "法99条1項"), Step("支給額", bare.total, "法99条2項")]
    if state.start is not None and term is not None and remaining is not None:
        steps += [
            Step("支給を始めた日", state.start, "法99条4項"),
            Step("支給期間（通算1年6か月の日数）", term, "法99条4項・則84条の3"),
            Step("残りの日数", remaining, "則84条の3"),
        ]
    return Sickness(rows, tuple(steps), state, term, remaining, claim_by)
