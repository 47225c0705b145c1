"""May this member be handled now, and by this clerk?"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from members.enrollment.models import Member, Protection, ProtectionClerk

NOT_NAMED = "この加入者の情報は、指名された担当者だけが扱えます。"


def may_see_protected(user_id: int, member_id: int) -> bool:
    """Whether this clerk is named for this protected member."""
    return ProtectionClerk.objects.filter(member_id=member_id, user_id=user_id).exists()


def named_members(user_id: int, member_ids: list[int]) -> set[int]:
    """Of these members, those the clerk is named for."""
    rows = ProtectionClerk.objects.filter(user_id=user_id, member_id__in=member_ids)
    return {row.member_id for row in rows}


def whom_to_ask(member_ids: list[int], on) -> dict[int, str]:
    """Protected member → whom others ask."""
    return {p.member_id: p.ask for p in Protection.objects.filter(member_id__in=member_ids).covered_on(on)}  # type: ignore[attr-defined]


def check_may_handle(user_id: int, member: Member) -> None:
    """Raises PermissionDenied with whom to ask when the member is protected and the clerk is not named."""
    if member.protected and not may_see_protected(user_id, member.pk):
        raise PermissionDenied(NOT_NAMED)
