"""返納: what was paid too much, in how many parts it comes back, and until when it may be demanded.

Read in the statute: 法58条1項 lets the insurer collect what was obtained by deceit; that is 「この法律の規定による徴収金」
(法180条1項「保険料等」), so its limitation is two years (法193条1項) and a demand renews it (193条2項). Everything else
paid without ground is returned under 民法703条・704条, five years from knowing, ten years from the payment (民法166条1項; not
in the text of the Health Insurance Act). The right to benefits cannot be seized (法61条): setting off against a later
benefit is not foreseen, except 内払 where the law says so (法103条2項); it needs the person's consent.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from benefits.cash.rules.working import Step
from members.lifecycle.rules.terms import Closed, add_months, last_of_month, next_open, period_end

DAY = timedelta(days=1)
LIMITATION_DECEIT = 24
LIMITATION_KNOWN = 60
LIMITATION_LATEST = 120


@dataclass(frozen=True)
class Difference:
    """What a correction changes, in yen: one of `recover` and `pay_more` is 0."""

    paid: int
    due: int
    recover: int
    pay_more: int
    steps: tuple[Step, ...]


def difference(paid: int, due: int) -> Difference:
    """What comes back or is paid in addition, when another amount is due than was paid. ValueError below 0."""
    if paid < 0 or due < 0:
        raise ValueError("金額は0円以上です。")
    back, more = max(paid - due, 0), max(due - paid, 0)
    steps = (
        Step("支払った額", paid),
        Step("正しい額", due),
        Step("返納の額", back, "民法703条"),
        Step("追加して支払う額", more),
    )
    return Difference(paid, due, back, more, steps)


@dataclass(frozen=True)
class Instalment:
    """One part: its number, the day it is due (the next open day), yen, and what is left after it."""

    number: int
    due: date
    amount: int
    left: int


def by_count(
    total: int, count: int, first_month: date, *, day: int = 31, closed: Closed | None = None
) -> tuple[Instalment, ...]:
    """Equal parts in consecutive months; what does not divide is in the first, so that the rest are equal.

    Due on `day` of each month, at most its last, moved to the next open day. ValueError for fewer than one part or more
    parts than yen.
    """
    if total < 1 or not 1 <= count <= total:
        raise ValueError("返納の額は1円以上、回数は1回以上で額（円）以下です。")
    each = total // count
    return _plan([total - each * (count - 1)] + [each] * (count - 1), first_month, day, closed)


def by_amount(
    total: int, each: int, first_month: date, *, day: int = 31, closed: Closed | None = None
) -> tuple[Instalment, ...]:
    """Parts of a given amount; the last is what remains. ValueError for amounts below 1 yen."""
    if total < 1 or each < 1:
        raise ValueError("返納の額と1回の額は1円以上です。")
    full, rest = divmod(total, each)
    return _plan([each] * full + ([rest] if rest else []), first_month, day, closed)


def _plan(amounts: list[int], first_month: date, day: int, closed: Closed | None) -> tuple[Instalment, ...]:
    if not 1 <= day <= 31:
        raise ValueError("納める日は1日から31日までです。")
    left, plan = sum(amounts), []
    for index, amount in enumerate(amounts):
        month = add_months(first_month, index)
        due = min(month + DAY * (day - 1), last_of_month(month))
        left -= amount
        plan.append(Instalment(index + 1, next_open(due, closed) if closed else due, amount, left))
    return tuple(plan)


def outstanding(plan: Iterable[Instalment], received: int, on: date) -> tuple[int, int]:
    """What is still owed in total, and of it what was due before a day; money received pays the earliest parts first."""
    if received < 0:
        raise ValueError("納められた額は0円以上です。")
    rows = tuple(plan)
    total = sum(row.amount for row in rows)
    behind = sum(row.amount for row in rows if row.due < on)
    return max(total - received, 0), max(behind - received, 0)


@dataclass(frozen=True)
class RecoveryTerm:
    """Until when the money may be demanded, and why."""

    last: date
    deceit: bool
    steps: tuple[Step, ...]


def recovery_term(paid_on: date, known_on: date, *, deceit: bool = False) -> RecoveryTerm:
    """The last day on which a return may be demanded.

    deceit: collected under 法58条1項 (two years from the day after the payment); otherwise five years from the day after
    the association knew, at most ten years from the day after the payment. ValueError when known before it was paid.
    """
    if known_on < paid_on:
        raise ValueError("知った日が支払日より前です。")
    if deceit:
        last = period_end(paid_on + DAY, LIMITATION_DECEIT)
        return RecoveryTerm(
            last, True, (Step("支払日", paid_on, "法58条1項"), Step("徴収できる最後の日", last, "法193条1項"))
        )
    by_knowledge = period_end(known_on + DAY, LIMITATION_KNOWN)
    by_payment = period_end(paid_on + DAY, LIMITATION_LATEST)
    last = min(by_knowledge, by_payment)
    return RecoveryTerm(
        last,
        False,
        (
            Step("知った日から5年の最後の日", by_knowledge, "民法166条1項1号"),
            Step("支払日から10年の最後の日", by_payment, "民法166条1項2号"),
            Step("請求できる最後の日（早い方）", last, "民法166条1項"),
        ),
    )
