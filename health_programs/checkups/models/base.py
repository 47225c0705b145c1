"""What the personal tables of this app share: row 8 of the notice."""

from __future__ import annotations

from typing import ClassVar

from privacy.notice.register import Category
from privacy.records import PersonalRecord


class CheckupRecord(PersonalRecord):
    """健康診査に関する情報."""

    category: ClassVar[Category] = Category.HEALTH_CHECKUP

    class Meta:
        abstract = True
