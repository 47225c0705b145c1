"""Dated figures of the cash benefits, each with its basis and whether it was confirmed in the text of the law.

What the by-laws of an association set (付加給付, the addend of 出産育児一時金 within its limit) is data of the association:
the rows here are only the figures of law and the usual value of the addend. The day that selects a row is that of the
event the rule names: the birth, the death, the transport; never today.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


class NoParameter(ValueError):
    """No row holds on the day."""


@dataclass(frozen=True)
class Parameter:
    """One figure: from a day until before another (None: still). Yen, days or months, as `unit` says."""

    code: str
    value: int
    unit: str
    effective_from: date
    effective_until: date | None
    basis: str
    confirmed: bool
    note: str = ""

    def holds_on(self, day: date) -> bool:
        return self.effective_from <= day and (self.effective_until is None or day < self.effective_until)


CHILDBIRTH_BASE = "childbirth.base"
CHILDBIRTH_ADDEND = "childbirth.addend"
CHILDBIRTH_ADDEND_LIMIT = "childbirth.addend_limit"
FUNERAL_AMOUNT = "funeral.amount"
WAITING_DAYS = "sickness.waiting_days"
TERM_MONTHS = "sickness.term_months"
PENSION_DIVISOR = "sickness.pension_divisor"
BEFORE_BIRTH = "maternity.days_before"
BEFORE_MULTIPLE_BIRTH = "maternity.days_before_multiple"
AFTER_BIRTH = "maternity.days_after"
CHILDBIRTH_MIN_DAYS = "childbirth.min_gestation_days"
ADDEND_MIN_DAYS = "childbirth.addend_min_gestation_days"
LIMITATION_MONTHS = "limitation.months"

_OLD = date(2009, 10, 1)
_KNOWN = "令和7年6月の法令で確かめた"
_HISTORY = "過去の政令の額。改正前の条文で確かめていない"

DEFAULTS: tuple[Parameter, ...] = (
    Parameter(CHILDBIRTH_BASE, 390_000, "円", _OLD, date(2015, 1, 1), "令36条", False, _HISTORY),
    Parameter(CHILDBIRTH_BASE, 404_000, "円", date(2015, 1, 1), date(2022, 1, 1), "令36条", False, _HISTORY),
    Parameter(CHILDBIRTH_BASE, 408_000, "円", date(2022, 1, 1), date(2023, 4, 1), "令36条", False, _HISTORY),
    Parameter(CHILDBIRTH_BASE, 488_000, "円", date(2023, 4, 1), None, "令36条", True, _KNOWN),
    Parameter(CHILDBIRTH_ADDEND, 30_000, "円", _OLD, date(2015, 1, 1), "令36条ただし書", False, _HISTORY),
    Parameter(CHILDBIRTH_ADDEND, 16_000, "円", date(2015, 1, 1), date(2022, 1, 1), "令36条ただし書", False, _HISTORY),
    Parameter(
        CHILDBIRTH_ADDEND, 12_000, "円", date(2022, 1, 1), None, "令36条ただし書", False, "組合が上限の範囲で定める額"
    ),
    Parameter(CHILDBIRTH_ADDEND_LIMIT, 30_000, "円", _OLD, None, "令36条ただし書", True, _KNOWN),
    Parameter(FUNERAL_AMOUNT, 50_000, "円", date(2006, 10, 1), None, "令35条", True, _KNOWN),
    Parameter(WAITING_DAYS, 3, "日", _OLD, None, "法99条1項", True, _KNOWN),
    Parameter(TERM_MONTHS, 18, "月", _OLD, None, "法99条4項", True, _KNOWN),
    Parameter(PENSION_DIVISOR, 360, "", _OLD, None, "則89条", True, _KNOWN),
    Parameter(BEFORE_BIRTH, 42, "日", _OLD, None, "法102条1項", True, _KNOWN),
    Parameter(BEFORE_MULTIPLE_BIRTH, 98, "日", _OLD, None, "法102条1項", True, _KNOWN),
    Parameter(AFTER_BIRTH, 56, "日", _OLD, None, "法102条1項", True, _KNOWN),
    Parameter(CHILDBIRTH_MIN_DAYS, 85, "日", _OLD, None, "昭和27年保文発2427号通知", False, "妊娠4月以上"),
    Parameter(ADDEND_MIN_DAYS, 154, "日", _OLD, None, "保険局長通知", False, "在胎22週以上"),
    Parameter(LIMITATION_MONTHS, 24, "月", _OLD, None, "法193条", True, _KNOWN),
)


def parameter_on(code: str, day: date, rows: Iterable[Parameter] = DEFAULTS) -> Parameter:
    """The row of a code that holds on a day. NoParameter when there is none, or when two would hold."""
    found = [row for row in rows if row.code == code and row.holds_on(day)]
    if len(found) != 1:
        raise NoParameter(
            f"{day.isoformat()} に有効な「{code}」の数値が{'重なっています' if found else 'ありません'}。"
        )
    return found[0]
