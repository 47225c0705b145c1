"""Days on which banks transfer, from the holidays of the portal and what was agreed with the association's own bank."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from kumiai.reference.queries import holidays_between
from members.payments.models import PayerSetting
from members.payments.rules.days import due_until, transfer_day

AROUND = timedelta(days=30)


@dataclass(frozen=True)
class PayDay:
    """When a run for the asked day pays, and up to which due day. known: whether the holidays of its year are on record."""

    asked: date
    day: date
    until: date
    known: bool

    @property
    def moved(self) -> bool:
        return self.day != self.asked


def payer_of(kind: str) -> PayerSetting | None:
    """The own account for this kind of run, and what its bank asks; None where none is set."""
    return PayerSetting.objects.filter(kind=kind).first()


def pay_day(asked: date, *, previous: bool) -> PayDay:
    """The bank day of the asked day. previous: whether a closed day is paid on the bank day before it. One statement."""
    first, last = (asked - AROUND).year, (asked + AROUND).year
    holidays = holidays_between(date(first, 1, 1), date(last + 1, 1, 1))
    day = transfer_day(asked, holidays, previous=previous)
    known = any(holiday.year == day.year for holiday in holidays)
    return PayDay(asked, day, due_until(day, holidays, previous=previous), known)


def next_bank_day(today: date) -> date:
    """Today, or the first day after it on which banks transfer."""
    return pay_day(today, previous=False).day
