"""Inquiries of one case, and the institutions that may be asked."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from benefits.cash.models import InquiryState, Opinion, TreatmentInquiry
from benefits.cash.queries.cases import open_to_case
from privacy.outputs.enums import RecipientKind
from privacy.outputs.models import Recipient
from privacy.seen import population


def inquiries_of(case_id: int) -> list[TreatmentInquiry]:
    """The inquiries of a case, the latest first."""
    return list(TreatmentInquiry.objects.filter(case_id=case_id).order_by("-pk"))


def institutions(on: date) -> list[Recipient]:
    """Institutions that may be asked on a day."""
    rows = Recipient.objects.filter(kind=RecipientKind.MEDICAL).order_by("code")
    return [row for row in rows if row.is_open(on)]


def places(ids: set[int]) -> dict[int, Recipient]:
    return {row.pk: row for row in Recipient.objects.filter(pk__in=ids)}


def inquiry_of(pk: int | None) -> TreatmentInquiry | None:
    return TreatmentInquiry.objects.filter(pk=pk or 0).select_related("case").first()


def consented(pk: int | None, recipient_id: int | None) -> set[int]:
    """The person of an inquiry, when they consented that this very institution is asked."""
    row = TreatmentInquiry.objects.filter(
        pk=pk or 0, recipient_id=recipient_id or 0, consent_date__isnull=False
    ).exclude(state=InquiryState.CANCELLED)
    return {one.member_id for one in row}


def doubted(case_id: int) -> list[str]:
    """What advisers said of answers, where they do not hold the whole period for one of inability to work."""
    rows = TreatmentInquiry.objects.filter(case_id=case_id, state=InquiryState.CLOSED)
    return [str(row.get_opinion_display()) for row in rows.exclude(opinion=Opinion.SUPPORTED).order_by("pk")]


FOLDERS: dict[str, tuple[str, Q]] = {
    "late": ("期限を過ぎた", Q(state=InquiryState.SENT)),
    "sent": ("回答待ち", Q(state=InquiryState.SENT)),
    "answered": ("意見待ち", Q(state=InquiryState.ANSWERED)),
    "draft": ("送付前", Q(state=InquiryState.DRAFT)),
}
"""Inquiries by what is to be done. What is over is read in its case only."""


def _folder(name: str, today: date) -> Q:
    if name == "late":
        return FOLDERS[name][1] & Q(due_date__lt=today)
    return FOLDERS[name][1] & ~Q(due_date__lt=today) if name == "sent" else FOLDERS[name][1]


def reminders(folder: str, *, today: date, user_id: int) -> QuerySet[TreatmentInquiry]:
    """Inquiries of a folder, the earliest deadline first; of protected people only for named clerks."""
    rows = TreatmentInquiry.objects.filter(_folder(folder, today)).filter(open_to_case(user_id))
    return rows.select_related("case").order_by("due_date", "pk")


def reminder_counts(*, today: date, user_id: int) -> dict[str, int]:
    """How many inquiries each folder holds. One statement."""
    rows = TreatmentInquiry.objects.filter(open_to_case(user_id))
    counts = rows.aggregate(**{name: Count("pk", filter=_folder(name, today)) for name in FOLDERS})
    population("医師への照会", sum(counts.values()))
    return counts


def answered_able(case_id: int) -> list[Any]:
    """Answers that say from which day the person was able to work."""
    states = (InquiryState.ANSWERED, InquiryState.CLOSED)
    return list(TreatmentInquiry.objects.filter(case_id=case_id, state__in=states, able_from__isnull=False))
