"""Reads of the figures of the law. The date is that of the event the law names; nothing here asks the clock."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from kumiai.reference.models import Holiday, Parameter, RemunerationGrade, plain


class UnknownParameter(LookupError):
    """No figure for that code on that day."""


class UnknownGrade(LookupError):
    """No grade of standard remuneration for that amount on that day."""


def parameter_row(code: str, *, on: date) -> Parameter:
    """The dated row of a figure, with its basis, for a working that is shown."""
    row = Parameter.objects.effective_on(on).filter(item__code=code).select_related("item").first()
    if row is None:
        raise UnknownParameter(f"法令の数値「{code}」の、{on.isoformat()} の値が登録されていません。")
    return row


def parameter(code: str, *, on: date) -> Decimal:
    """The figure of a code on a day, in the unit of its item. UnknownParameter where none is on record."""
    return plain(parameter_row(code, on=on).value)


def parameters(codes: list[str], *, on: date) -> dict[str, Decimal]:
    """Several figures of one day in one statement. UnknownParameter names all that are missing."""
    rows = Parameter.objects.effective_on(on).filter(item__code__in=codes).values_list("item__code", "value")
    found = {code: plain(value) for code, value in rows}
    missing = [code for code in codes if code not in found]
    if missing:
        raise UnknownParameter(f"法令の数値「{'」「'.join(missing)}」の、{on.isoformat()} の値が登録されていません。")
    return found


def grade_for(remuneration: int, *, on: date) -> RemunerationGrade:
    """The grade of a monthly remuneration in yen (健康保険法40条1項)."""
    grade = RemunerationGrade.objects.effective_on(on).filter(remuneration__contains=remuneration).first()
    if grade is None:
        raise UnknownGrade(f"報酬月額{remuneration:,}円の等級が、{on.isoformat()} の表にありません。")
    return grade


def holidays_between(start: date, end: date) -> set[date]:
    """Public holidays from `start` to `end`, the end not included."""
    return set(Holiday.objects.filter(date__gte=start, date__lt=end).values_list("date", flat=True))
