"""The clocks of a filing. Days are calendar days; every result carries its working.

Periods are counted by the Civil Code (健康保険法194条 → 民法): the first day is not counted unless the period begins at
midnight (140条), and a period whose last day is a day off ends on the next open day (142条). The five days of 則24条, 24条の4,
29条 and 38条 are therefore not working days: days off matter only at the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from members.enrollment.rules.qualification import NEXT_DAY
from members.filings.rules.codes import Change, Kind
from members.lifecycle.rules.terms import Closed, next_open
from members.lifecycle.rules.voluntary import application_deadline
from members.lifecycle.rules.working import Step

FILING_DAYS = 5
"""則24条1項・29条1項・38条1項: 五日以内."""
REGISTRATION_DAYS = 5
"""則24条の4・39条: 五日以内."""
ALARM_DAY = 3
"""The day after receipt on which we begin to warn: the association's own habit."""

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Deadline:
    """The last day of a period, the article that sets it, and how the day was found."""

    due: date
    article: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class RegistrationClock(Deadline):
    """Our own limit, and the day from which it is an alarm."""

    alarm: date = date.min


def fact_day(kind: str, effective: date, *, reason: str = "") -> date:
    """The day of the fact the period is counted from.

    Of a loss by retirement, death or the like the fact is the day before the day of loss (法36条: 翌日).
    """
    return effective - DAY if kind == Kind.LOSS and reason in NEXT_DAY else effective


def filing_deadline(
    kind: str, effective: date, closed: Closed, *, reason: str = "", change: str = ""
) -> Deadline | None:
    """Until when the document had to be filed; None where the law names no number of days.

    資格取得届 則24条1項 and 資格喪失届 則29条1項: five days from the fact. 被扶養者届 則38条1項: five days from having a
    dependant; a removal is filed 「その都度」(則38条2項). 氏名・住所変更届 則28条・28条の2: 「遅滞なく」. 任意継続 法37条1項: twenty
    days from the day of loss.

    kind: Kind. effective: day of acquisition, loss, certification, change. reason: LossReason of a loss. change:
    Change of a 被扶養者異動届.
    """
    fact = fact_day(kind, effective, reason=reason)
    if kind == Kind.ACQUISITION:
        return _days_after(fact, FILING_DAYS, closed, article="則24条1項", what="資格を取得した日")
    if kind == Kind.LOSS:
        return _days_after(fact, FILING_DAYS, closed, article="則29条1項", what="喪失の事実があった日")
    if kind == Kind.DEPENDANT and change != Change.REMOVE:
        return _days_after(fact, FILING_DAYS, closed, article="則38条1項", what="被扶養者を有するに至った日")
    if kind == Kind.VOLUNTARY:
        found = application_deadline(effective, closed)
        return Deadline(found.day, "法37条1項", found.steps)
    return None


def days_late(deadline: Deadline | None, received: date) -> int:
    """Calendar days from the deadline to receipt; 0 when in time, or where there is no number of days."""
    return max(0, (received - deadline.due).days) if deadline else 0


def registration_clock(kind: str, received: date, closed: Closed) -> RegistrationClock | None:
    """Until when we pass the qualification on: five days from the day the filing was received.

    資格取得・喪失届 and the application for 任意継続: 則24条の4. 被扶養者届: 則39条, which applies it. A change of name or address
    changes no qualification and has no such limit. The alarm begins on the third day, or on the last open day before it,
    so that nobody finds it after a weekend for the first time.
    """
    articles = {
        Kind.ACQUISITION: "則24条の4",
        Kind.LOSS: "則24条の4",
        Kind.VOLUNTARY: "則24条の4",
        Kind.DEPENDANT: "則39条（則24条の4）",
    }
    article = articles.get(Kind(kind))
    if article is None:
        return None
    found = _days_after(received, REGISTRATION_DAYS, closed, article=article, what="届を受けた日")
    alarm = received + timedelta(days=ALARM_DAY)
    while closed(alarm) and alarm > received:
        alarm -= DAY
    steps = (
        *found.steps,
        Step("警告を始める日", alarm, "組合の定め", f"{ALARM_DAY}日目。休みの日なら前の開いている日"),
    )
    return RegistrationClock(found.due, article, steps, alarm)


def _days_after(fact: date, days: int, closed: Closed, *, article: str, what: str) -> Deadline:
    """The end of a period of `days` whose first day, the day of the fact, is not counted."""
    last = fact + timedelta(days=days)
    due = next_open(last, closed)
    steps = [Step(what, fact, article, "この日は数えない（民法140条）"), Step(f"{days}日目", last, article)]
    if due != last:
        steps.append(Step("次の開いている日", due, "民法142条", f"{days}日目が休みの日のため"))
    return Deadline(due, article, tuple(steps))
