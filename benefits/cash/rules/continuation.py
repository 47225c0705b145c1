"""What is still paid after the qualification was lost (法104条, 105条, 106条).

Read in the statute: the year counts backwards without a break from the day before the loss (for a 任意継続 member: the
day before that qualification was acquired), under any insurer, but not as 任意継続 or as a member of a 共済組合. Who became
insured by 船員保険 gets nothing (法107条). 「受けているもの」 of 104条 is read by the notice as including those who could
receive and only did not because of remuneration; the waiting must then be complete before the loss.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from benefits.cash.rules.working import Step
from members.lifecycle.rules.terms import period_end

DAY = timedelta(days=1)
YEAR = 12


@dataclass(frozen=True)
class Membership:
    """An insured period from `start` to before `lost_on`, not as 任意継続 (`voluntary`) or in a 共済組合 (`mutual`)."""

    start: date
    lost_on: date | None
    voluntary: bool = False
    mutual: bool = False


@dataclass(frozen=True)
class Continuation:
    """Whether a benefit goes on after the loss: since when insured without a break, and why (not)."""

    allowed: bool
    since: date | None
    reason: str
    steps: tuple[Step, ...]


def unbroken_since(memberships: Iterable[Membership], lost_on: date) -> date | None:
    """The first day of the unbroken insured time that ended with the loss; None when there was none."""
    counted = [m for m in memberships if not m.voluntary and not m.mutual]
    edge, since = lost_on, None
    while True:
        found = [m for m in counted if m.start < edge and (m.lost_on is None or m.lost_on >= edge)]
        if not found:
            return since
        since = edge = min(m.start for m in found)


def one_year_insured(memberships: Iterable[Membership], lost_on: date) -> bool:
    """一年以上被保険者であった者: the unbroken time up to the day before the loss is at least a year."""
    since = unbroken_since(memberships, lost_on)
    return since is not None and period_end(since, YEAR) < lost_on


def continuation(
    memberships: Iterable[Membership], lost_on: date, *, receiving: bool, seaman: bool = False
) -> Continuation:
    """Whether 傷病手当金 or 出産手当金 goes on after a loss (法104条, 107条).

    receiving: on the day before the loss it was received or could be (after the waiting, unable to work; or within the
    days of a birth and not at work).
    """
    rows = tuple(memberships)
    since = unbroken_since(rows, lost_on)
    year = one_year_insured(rows, lost_on)
    reason = ""
    if seaman:
        reason = "船員保険の被保険者となったため、資格喪失後の給付は行いません。"
    elif not year:
        reason = "資格を喪失した日の前日まで引き続き1年以上被保険者であったことが確かめられません。"
    elif not receiving:
        reason = "資格を喪失した際に支給を受けている（受けられる）状態ではありませんでした。"
    steps = (
        Step("資格を喪失した日", lost_on, "法104条"),
        Step("引き続き被保険者であった最初の日", since or "なし", "法104条"),
        Step("1年以上", "該当" if year else "非該当", "法104条"),
        Step("喪失の際に受給", "該当" if receiving else "非該当", "法104条"),
    )
    return Continuation(not reason, since, reason, steps)


def last_day_after_loss(lost_on: date, months: int) -> date:
    """The last day of 「資格を喪失した日後」 so many months (法105条: 3, 法106条: 6).

    The words say after the day of loss, and 民法140条 (法194条) leaves the first day out: lost on 1 April, six months end
    on 1 October. The day of loss itself counts as well. Some notices count from the day of loss; a birth or a death
    exactly on the last day is for the clerk to confirm, see `on_the_edge`.
    """
    return period_end(lost_on + DAY, months)


def within_after_loss(lost_on: date, event: date, months: int) -> bool:
    return lost_on <= event <= last_day_after_loss(lost_on, months)


def on_the_edge(lost_on: date, event: date, months: int) -> bool:
    """Whether the event is on the one day on which the two ways of counting differ."""
    return event == last_day_after_loss(lost_on, months) and event > period_end(lost_on, months)
