"""Files of employers' certificates, their lines, and the case a line is for."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, QuerySet

from benefits.cash.enums import LineOutcome
from benefits.cash.models import Case, CertificateFile, CertificateLine, LabourCertificate, LabourPay
from benefits.cash.rules.states import EDITABLE
from privacy.seen import population


def files(allowance: str) -> QuerySet[CertificateFile]:
    """The files of an allowance, the latest first."""
    return CertificateFile.objects.filter(allowance=allowance).order_by("-pk")


def file_of(pk: int, allowance: str) -> CertificateFile | None:
    return CertificateFile.objects.filter(pk=pk, allowance=allowance).first()


def lines_of(file: CertificateFile, outcome: str = "") -> QuerySet[CertificateLine]:
    rows = CertificateLine.objects.filter(file=file).select_related("case")
    return (rows.filter(outcome=outcome) if outcome else rows).order_by("line")


def outcome_counts(file: CertificateFile) -> dict[str, int]:
    counts = dict(CertificateLine.objects.filter(file=file).values_list("outcome").annotate(Count("pk")).order_by())
    population("取り込みの行", sum(counts.values()))
    return counts


def lines_waiting(file_id: int, outcome: str = LineOutcome.NEW) -> int:
    count = CertificateLine.objects.filter(file_id=file_id, outcome=outcome).count()
    population("取り込みの行", count)
    return count


def open_cases(*, kind: str, member_id: int, first: date, last: date, number: str = "") -> list[Case]:
    """The person's cases of a kind that can still be changed and share a day with a stretch; only that of a number, if given."""
    rows = Case.objects.filter(
        kind=kind, member_id=member_id, state__in=EDITABLE, first__lte=last, last__gte=first
    ).order_by("first", "pk")
    return list(rows.filter(number=number) if number else rows)


def same_certificate(
    case_id: int,
    *,
    first: date,
    last: date,
    certified: date,
    worked: list[date],
    leave: list[date],
    holidays: list[date],
) -> LabourCertificate | None:
    """A standing certificate that says the same."""
    return LabourCertificate.objects.filter(
        case_id=case_id, cancelled=False, first=first, last=last, certified_date=certified, worked=worked, leave=leave,
        holidays=holidays,
    ).first()  # fmt: skip


def pay_of(certificate: LabourCertificate) -> list[tuple[str, date, date, int, str]]:
    """The pay a certificate tells, in the order of its words: label, first, last, yen, how it is divided."""
    rows = LabourPay.objects.filter(certificate=certificate, cancelled=False)
    return sorted((row.label, row.first, row.last, row.amount, row.per) for row in rows)
