"""What a check found about an application: for the clerk, with the days, the article and what follows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

DAY = timedelta(days=1)


class Effect(StrEnum):
    """What a finding does: nothing is payable, only the difference, one of two is to be chosen, or it is to be looked at."""

    REFUSE = "refuse"
    DIFFERENCE = "difference"
    CHOOSE = "choose"
    CONFIRM = "confirm"

    @property
    def label(self) -> str:
        return {"refuse": "支給しない", "difference": "差額を支給", "choose": "選択が必要", "confirm": "確認が必要"}[
            self
        ]


@dataclass(frozen=True)
class Finding:
    """One finding: its code, effect, sentence and article; the days it is about; the references of the other cases."""

    code: str
    effect: Effect
    sentence: str
    article: str
    first: date
    last: date
    others: tuple[str, ...] = ()


def stretches(days: Iterable[date]) -> tuple[tuple[date, date], ...]:
    """Days as stretches of consecutive ones, both ends included."""
    found: list[tuple[date, date]] = []
    for day in sorted(set(days)):
        if found and found[-1][1] + DAY == day:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return tuple(found)
