"""Until when a benefit may be claimed: two years from when the right could be exercised (法193条1項, 法194条).

Read in the statute: the two years are counted by the Civil Code (法194条), so the first day is not counted; the day
after the event is the first day of the period. Allowances: each day of its own, from the day after it. 埋葬料 from the
day after the death, 埋葬費 from the day after the burial, 出産育児一時金 from the day after the birth, 移送費 from the
day after the cost was paid (the kinds' starting days are practice, 厚生労働省通知; the article names none).
A last day on which nothing is done moves to the next one (民法142条), when the calendar is given.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from benefits.cash.rules.kinds import Kind
from benefits.cash.rules.working import Step
from members.lifecycle.rules.terms import Closed, next_open, period_end

MONTHS = 24
DAY = timedelta(days=1)
ARTICLE = "法193条1項"

EVENTS: dict[Kind, str] = {
    Kind.SICKNESS: "労務に服することができなかった日",
    Kind.SICKNESS_ADDITION: "労務に服することができなかった日",
    Kind.SICKNESS_EXTENSION: "労務に服することができなかった日",
    Kind.MATERNITY: "労務に服さなかった日",
    Kind.MATERNITY_ADDITION: "労務に服さなかった日",
    Kind.CHILDBIRTH: "出産の日",
    Kind.FAMILY_CHILDBIRTH: "出産の日",
    Kind.CHILDBIRTH_ADDITION: "出産の日",
    Kind.FUNERAL: "死亡の日",
    Kind.FUNERAL_COST: "埋葬の日",
    Kind.FAMILY_FUNERAL: "死亡の日",
    Kind.FUNERAL_ADDITION: "死亡の日",
    Kind.TRANSPORT: "費用を支払った日",
    Kind.FAMILY_TRANSPORT: "費用を支払った日",
}
"""The event after which the two years run, by kind."""


@dataclass(frozen=True)
class Limitation:
    """The period of a right: its first and its last day, both included; claimed on the last day it still holds."""

    event: date
    first: date
    last: date
    steps: tuple[Step, ...]

    def barred(self, received_on: date) -> bool:
        return received_on > self.last


def last_claim_day(event: date, closed: Closed | None = None) -> date:
    """The last day on which a right that arose with an event may be claimed."""
    last = period_end(event + DAY, MONTHS)
    return last if closed is None else next_open(last, closed)


def limitation(kind: Kind, event: date, closed: Closed | None = None) -> Limitation:
    """The period for a kind and the day of its event (see EVENTS), with the working."""
    last = last_claim_day(event, closed)
    steps = (
        Step(EVENTS[kind], event, kind.article),
        Step("時効の起算日（翌日）", event + DAY, "法194条・民法140条"),
        Step("請求できる最後の日", last, ARTICLE),
    )
    return Limitation(event, event + DAY, last, steps)
