"""労務状況 of cases as the rules read it: days at work, days off, pay by day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

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
