"""What the screens of the import share."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from kumiai.accounts.login import clerk_id
from members.intake import queries
from members.intake.activities import MEMBER_IMPORT
from members.intake.models import ImportFile
from privacy.grants import held_by, may
from privacy.scope import NotGranted


def may_change(request: HttpRequest) -> bool:
    """Whether this person's section may change the register, so that no button is offered that would be refused."""
    return may(held_by(clerk_id(request)), MEMBER_IMPORT, "change")


def require_change(request: HttpRequest) -> None:
    """Refuse a form to those who could not save it, before they choose a file."""
    if not may_change(request):
        raise NotGranted("「加入者の管理」で変更する権限が、あなたの課にありません。", MEMBER_IMPORT)


def file_or_404(pk: int) -> ImportFile:
    file = queries.file_of(pk)
    if file is None:
        raise Http404("この番号の取り込みはありません。")
    return file
