"""What the two daily allowances have in common: rows by day, runs of equal days, the rate fixed when payment begins."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from benefits.cash.rules.working import Step

DAY = timedelta(days=1)

Rate = Callable[[date], int]
"""The daily amount in yen if payment began on a day (法99条2項)."""


def fixed(amount: int) -> Rate:
    """A rate that does not depend on the day payment begins. ValueError for a negative amount."""
    if amount < 0:
        raise ValueError("支給日額は0円以上です。")
    return lambda _day: amount


class Status(StrEnum):
    """What became of a day; the value is its code, `label` and `reason` are for the clerk."""

    FULL = "full"
    PARTIAL = "partial"
    WAITING = "waiting"
    ABLE = "able"
    OUTSIDE = "outside"
    NOT_INSURED = "not_insured"
    ENDED = "ended"
    NO_CONTINUATION = "no_continuation"
    ACCIDENT = "accident"
    COVERED = "covered"
    DISABILITY_LUMP = "disability_lump"
    EXHAUSTED = "exhausted"
    BARRED = "barred"
    UNCLAIMED = "unclaimed"

    @property
    def label(self) -> str:
        return LABELS[self][0]

    @property
    def reason(self) -> str:
        """The Japanese sentence of a day not paid in full; empty for a full day."""
        return LABELS[self][1]

    @property
    def article(self) -> str:
        return LABELS[self][2]


LABELS: dict[Status, tuple[str, str, str]] = {
    Status.FULL: ("支給", "", "法99条2項"),
    Status.PARTIAL: ("差額支給", "報酬や年金などを受けるため、支給日額との差額を支給します。", "法108条"),
    Status.WAITING: ("待期", "労務不能の日が続いた最初の3日間は支給しません。", "法99条1項"),
    Status.ABLE: ("労務", "労務に服した日（服することができた日）のため、支給しません。", "法99条1項"),
    Status.OUTSIDE: ("期間外", "出産の日以前42日（多胎98日）から出産の日後56日までの期間の外です。", "法102条1項"),
    Status.NOT_INSURED: ("資格なし", "被保険者でない日のため、支給しません。", "法99条1項"),
    Status.ENDED: (
        "継続終了",
        "資格を喪失した後に労務に服することができるようになった日より後のため、支給しません。",
        "法104条",
    ),
    Status.NO_CONTINUATION: ("継続なし", "資格を喪失した後の継続給付の要件に当たらないため、支給しません。", "法104条"),
    Status.ACCIDENT: ("労災", "業務上または通勤による傷病として給付を受けられるため、支給しません。", "法55条1項"),
    Status.COVERED: ("全額調整", "報酬や年金などの額が支給日額以上のため、支給しません。", "法103条・108条"),
    Status.DISABILITY_LUMP: (
        "障害手当金調整",
        "支給日額の合計が障害手当金の額に達するまでの日のため、支給しません。",
        "法108条4項",
    ),
    Status.EXHAUSTED: ("期間満了", "支給期間（通算して1年6か月）に達したため、支給しません。", "法99条4項"),
    Status.BARRED: ("時効", "請求できる期間（2年）を過ぎたため、支給しません。", "法193条1項"),
    Status.UNCLAIMED: ("未請求", "この日の請求はまだありません。", "則84条"),
}

PAID = frozenset({Status.FULL, Status.PARTIAL})


@dataclass(frozen=True)
class Deduction:
    """What is taken into account on a day: its name, yen a day, its article."""

    label: str
    amount: int
    article: str


@dataclass(frozen=True)
class Row:
    """One day: its status, the daily amount of law, what is deducted, what is paid (yen), whether it was a holiday.

    deducted is at most the daily amount; received is all that is received otherwise, which a 付加金 looks at.
    """

    on: date
    status: Status
    rate: int = 0
    deducted: int = 0
    amount: int = 0
    holiday: bool = False
    deductions: tuple[Deduction, ...] = ()
    received: int = 0

    @property
    def paid(self) -> bool:
        return self.status in PAID


@dataclass(frozen=True)
class Run:
    """Consecutive days with the same status and amounts."""

    first: date
    last: date
    days: int
    status: Status
    rate: int
    deducted: int
    each: int
    subtotal: int


@dataclass(frozen=True)
class Insured:
    """The insured period that counts for an allowance: from `since` to before `lost_on` (None: insured still).

    continues: whether the benefit goes on after the loss (法104条), as `continuation.continuation` decides it.
    """

    since: date | None = None
    lost_on: date | None = None
    continues: bool = False

    def covers(self, day: date) -> bool:
        return (self.since is None or day >= self.since) and (self.lost_on is None or day < self.lost_on)

    def after_loss(self, day: date) -> bool:
        return self.lost_on is not None and day >= self.lost_on


@dataclass(frozen=True)
class Payable:
    """Rows in the order of their days, and what follows from them."""

    rows: tuple[Row, ...]
    steps: tuple[Step, ...] = field(default=())

    @property
    def total(self) -> int:
        return sum(row.amount for row in self.rows)

    @property
    def paid_days(self) -> int:
        return sum(row.paid for row in self.rows)

    @property
    def runs(self) -> tuple[Run, ...]:
        return group(self.rows)


def group(rows: Iterable[Row]) -> tuple[Run, ...]:
    """Rows as runs: days that follow each other and have the same status, rate, deduction and amount."""
    runs: list[Run] = []
    for row in sorted(rows, key=lambda row: row.on):
        last = runs[-1] if runs else None
        same = last is not None and (last.status, last.rate, last.deducted, last.each) == (
            row.status,
            row.rate,
            row.deducted,
            row.amount,
        )
        if last is not None and same and last.last + DAY == row.on:
            runs[-1] = Run(
                last.first,
                row.on,
                last.days + 1,
                last.status,
                last.rate,
                last.deducted,
                last.each,
                last.subtotal + row.amount,
            )
        else:
            runs.append(Run(row.on, row.on, 1, row.status, row.rate, row.deducted, row.amount, row.amount))
    return tuple(runs)


def step_for(run: Run, article: str = "") -> Step:
    """A line of the working for a run; `article` takes the place of that of 傷病手当金."""
    days = run.first.isoformat() if run.first == run.last else f"{run.first.isoformat()}から{run.last.isoformat()}まで"
    shown = f"{run.each:,}円×{run.days}日＝{run.subtotal:,}円" if run.status in PAID else f"{run.days}日"
    less = f"（{run.rate:,}円−{run.deducted:,}円）" if run.status is Status.PARTIAL else ""
    return Step(f"{days}　{run.status.label}", f"{shown}{less}", article or run.status.article)
