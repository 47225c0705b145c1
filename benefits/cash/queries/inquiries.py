"""Inquiries of one case, and the institutions that may be asked."""

from __future__ import annotations

from datetime import date
from typing import Any

from benefits.cash.models import InquiryState, TreatmentInquiry
from privacy.outputs.enums import RecipientKind
from privacy.outputs.models import Recipient


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


def answered_able(case_id: int) -> list[Any]:
    """Answers that say from which day the person was able to work."""
    states = (InquiryState.ANSWERED, InquiryState.CLOSED)
    return list(TreatmentInquiry.objects.filter(case_id=case_id, state__in=states, able_from__isnull=False))
