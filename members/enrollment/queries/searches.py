"""What stands around the list: the employers to choose from, and a clerk's own kept search."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Now

from members.enrollment.models import Employer, SavedSearch


def employers() -> QuerySet[Employer]:
    """Every employer by its symbol."""
    return Employer.objects.order_by("symbol")


def saved_search(*, search_id: UUID, owner_id: int) -> SavedSearch | None:
    """A clerk's own search; None for another's, an expired or an unknown one."""
    kept = SavedSearch.objects.filter(created_at__gt=Now() - SavedSearch.KEPT_FOR)
    return kept.filter(pk=search_id, owner_id=owner_id).first()
