"""労務状況 of cases as the rules read it: days at work, days off, pay by day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from benefits.cash.models.labour import LabourCertificate, LabourPay
from benefits.cash.rules.calendar import Pay, pay_by_day


@dataclass(frozen=True)
class Labour:
    """What employers certify for a case. certified: stretches, both ends included; pay: yen by day."""

    at_work: frozenset[date] = frozenset()
    holidays: frozenset[date] = frozenset()
    pay: dict[date, int] = field(default_factory=dict)
    certified: tuple[tuple[date, date], ...] = ()


NOTHING = Labour()


def labour_of(case_ids: Sequence[int]) -> dict[int, Labour]:
    """What is certified for each of these cases; a case without a certificate is not in it. Two statements."""
    if not case_ids:
        return {}
    certificates: dict[int, list[LabourCertificate]] = defaultdict(list)
    rows = LabourCertificate.objects.filter(case_id__in=list(case_ids), cancelled=False).order_by("first", "pk")
    for row in rows:
        certificates[row.case_id].append(row)
    pays: dict[int, list[Pay]] = defaultdict(list)
    paid = LabourPay.objects.filter(certificate__in=[r.pk for rows in certificates.values() for r in rows])
    for piece in paid.filter(cancelled=False):
        pays[piece.certificate_id].append(Pay(piece.first, piece.last, piece.amount, piece.per))
    return {
        pk: Labour(
            frozenset(day for row in found for day in row.worked),
            frozenset(day for row in found for day in row.holidays),
            pay_by_day(piece for row in found for piece in pays[row.pk]),
            tuple((row.first, row.last) for row in found),
        )
        for pk, found in certificates.items()
    }


@dataclass(frozen=True)
class Certificate:
    """A certificate with its pay, for the screen."""

    row: LabourCertificate
    pay: tuple[LabourPay, ...]


def certificates_of(case_id: int) -> list[Certificate]:
    """The certificates of a case, cancelled ones last. Two statements."""
    rows = list(LabourCertificate.objects.filter(case_id=case_id).order_by("cancelled", "first", "pk"))
    pay: dict[int, list[LabourPay]] = defaultdict(list)
    for piece in LabourPay.objects.filter(certificate__in=[row.pk for row in rows], cancelled=False).order_by("first"):
        pay[piece.certificate_id].append(piece)
    return [Certificate(row, tuple(pay[row.pk])) for row in rows]


def contradictions(case_id: int) -> list[tuple[date, str]]:
    """Days of which two standing certificates say different things, with both words."""
    said: dict[date, set[str]] = defaultdict(set)
    for row in LabourCertificate.objects.filter(case_id=case_id, cancelled=False).order_by("pk"):
        known = dict.fromkeys(row.worked, "出勤") | dict.fromkeys(row.leave, "有給休暇")
        known |= dict.fromkeys(row.holidays, "公休")
        day = row.first
        while day <= row.last:
            said[day].add(known.get(day, "欠勤"))
            day += timedelta(days=1)
    return [(day, "・".join(sorted(words))) for day, words in sorted(said.items()) if len(words) > 1]
