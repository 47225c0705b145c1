"""What a clerk searched for, so that no name stands in an address."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from members.enrollment.models import SavedSearch


@transaction.atomic
def save_search(*, by: Any, terms: str) -> SavedSearch:
    """Keep what a clerk searched for under an opaque number; searches of more than a day ago are thrown away."""
    SavedSearch.objects.filter(created_at__lt=timezone.now() - SavedSearch.KEPT_FOR).delete()
    return SavedSearch.objects.create(owner_id=by.pk, terms=terms)
