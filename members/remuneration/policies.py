"""May this standard remuneration be set or changed? Each check raises with a sentence for the clerk."""

from __future__ import annotations

from datetime import date

from kumiai.reference.models import RemunerationGrade
from kumiai.reference.queries import UnknownGrade, grade_for
from members.remuneration.enums import Decision
from members.remuneration.models import StandardRemuneration

STALE = "あなたが開いたあとに、ほかの職員が保存しました。いまの内容を確かめて、もう一度行ってください。"
# 決定 that begin on a day other than the first of a month: the day of acquisition.
ANY_DAY = (Decision.ACQUISITION, Decision.VOLUNTARY)


class UnableToSet(Exception):
    """It cannot be done; the text is a sentence for the clerk, naming nobody."""


class Stale(UnableToSet):
    """Somebody saved meanwhile."""


def check_version(row: StandardRemuneration, version: int | None) -> None:
    if version is not None and row.version != version:
        raise Stale(STALE)


def check_first(first: date, decision: str, today: date) -> None:
    """The day from which it holds: the first of a month, but for an acquisition; at most a year ahead."""
    if decision not in ANY_DAY and first.day != 1:
        raise UnableToSet(
            f"{Decision(decision).label}は、月の初日から効力が生じます。改定する月の1日を入れてください。"
        )
    if decision == Decision.PERIODIC and first.month != 9:
        raise UnableToSet("定時決定は、9月1日から効力が生じます（法41条2項）。")
    if (first - today).days > 366:
        raise UnableToSet("1年より先の日です。年を確かめてください。")


def grade_of(remuneration: int, grade: int | None, decision: str, first: date) -> RemunerationGrade:
    """The row of the table for a remuneration; a grade typed beside it must be the same. UnableToSet."""
    try:
        row = grade_for(remuneration, on=first)
    except UnknownGrade as unknown:
        raise UnableToSet(str(unknown)) from unknown
    if grade is not None and grade != row.grade:
        raise UnableToSet(
            f"報酬月額{remuneration:,}円は第{row.grade}級（標準報酬月額{row.standard_monthly:,}円）です。"
            f"入力した第{grade}級と合いません。報酬月額か等級を直してください。"
        )
    return row
