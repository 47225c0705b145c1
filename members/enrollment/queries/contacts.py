"""How members are reached by mail. Protected people have a table of their own, which is not read here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from members.enrollment.enums import ContactKind
from members.enrollment.models import ContactPoint
from privacy.outputs.door import among
from privacy.seen import shown


def mail_addresses(ids: Sequence[int], on: date) -> dict[int, str]:
    """Member id → mail address of the day, the latest where there are several; who has none is not in it. One statement."""
    rows = (
        ContactPoint.objects.filter(
            member_id__in=among(ids), kind=ContactKind.EMAIL, period__contains=on, member__protected=False
        )
        .order_by("period__startswith", "pk")
        .values_list("member_id", "value")
    )
    found = dict(rows)
    shown(found)
    return found
