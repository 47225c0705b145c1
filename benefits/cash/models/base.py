"""What the personal tables of this app share: row 5 of the notice."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from privacy.notice.register import Category
from privacy.records import PersonalRecord


class BenefitRecord(PersonalRecord):
    """現金給付に関する情報."""

    category: ClassVar[Category] = Category.CASH_BENEFIT

    class Meta:
        abstract = True


class CaseRow(BenefitRecord):
    """Something that belongs to one case. It names the insured person itself, so that whoever reads it is logged."""

    case = models.ForeignKey("cash.Case", verbose_name="申請", on_delete=models.PROTECT, related_name="%(class)ss")
    member = models.ForeignKey("enrollment.Member", verbose_name="被保険者", on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True
