"""Whose whereabouts are kept from whom: protected members, the clerks named for them, whom the others ask.

A protected member's employer tells where to find them. So every filter that could tell it apart (employer, state of a day)
is answered without them, and what is left out is counted over the whole register, never over what was filtered by.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from members.enrollment.models import Member, Protection, ProtectionClerk


def is_named(user_id: int, member_id: int) -> bool:
    """Whether this clerk is named for this protected member."""
    return ProtectionClerk.objects.filter(member_id=member_id, user_id=user_id).exists()


def named_members(user_id: int, member_ids: list[int]) -> set[int]:
    """Of these members, those the clerk is named for."""
    rows = ProtectionClerk.objects.filter(user_id=user_id, member_id__in=member_ids)
    return {row.member_id for row in rows}


def whom_to_ask(member_ids: list[int], on: date) -> dict[int, str]:
    """Protected member → whom others ask."""
    return {p.member_id: p.ask for p in Protection.objects.filter(member_id__in=member_ids).covered_on(on)}  # type: ignore[attr-defined]


def _own(user_id: int) -> QuerySet[Any]:
    return ProtectionClerk.objects.filter(user_id=user_id).values("member_id")


def open_to(user_id: int) -> Q:
    """The members this clerk may see whole."""
    return Q(protected=False) | Q(pk__in=_own(user_id))


def hidden_from(user_id: int) -> QuerySet[Member]:
    """The protected members this clerk is not named for."""
    return Member.objects.filter(protected=True).exclude(pk__in=_own(user_id))


def clerks_named_for(member_id: int) -> list[int]:
    """The clerks who handle a protected member, by id."""
    return list(
        ProtectionClerk.objects.filter(member_id=member_id).order_by("user_id").values_list("user_id", flat=True)
    )


def protection_of(member_id: int, on: date) -> Protection | None:
    """The protection that holds on a day."""
    return Protection.objects.filter(member_id=member_id, period__contains=on).first()
