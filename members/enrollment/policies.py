"""May this member be handled now, and by this clerk?"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from members.enrollment import queries
from members.enrollment.models import Member
from members.enrollment.queries import named_members, whom_to_ask

__all__ = ["NOT_NAMED", "check_may_handle", "may_see_protected", "named_members", "whom_to_ask"]

NOT_NAMED = "この加入者の情報は、指名された担当者だけが扱えます。"


def may_see_protected(user_id: int, member_id: int) -> bool:
    """Whether this clerk is named for this protected member."""
    return queries.is_named(user_id, member_id)


def check_may_handle(user_id: int, member: Member) -> None:
    """Raises PermissionDenied with whom to ask when the member is protected and the clerk is not named."""
    if member.protected and not may_see_protected(user_id, member.pk):
        raise PermissionDenied(NOT_NAMED)
