"""What every screen of this app shares: who may change, and whether this clerk may see the person."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from kumiai.accounts.login import clerk_id
from members.enrollment.queries import Person
from members.enrollment.views.frame import frame, person_or_404
from members.lifecycle.activities import LIFECYCLE, LIFECYCLE_OUTPUT
from privacy.grants import held_by, may
from privacy.scope import NotGranted

DONE = {
    "accepted": "申出を受理し、任意継続の資格を登録しました",
    "refused": "申出を不受理として登録しました",
    "withdrawn": "資格喪失の申出を登録しました",
    "ended": "任意継続の喪失を登録しました",
    "unpaid": "未納による喪失を登録しました",
    "never": "任意継続とならなかったものとして登録しました",
    "restored": "喪失を取り消し、継続中に戻しました",
    "undone": "申出を取り消しました",
    "paid": "納付を記録しました",
    "unmarked": "納付の記録を取り消しました",
    "excused": "遅れた正当な理由を登録しました",
    "processed": "年齢到達を処理しました",
    "cancelled": "年齢到達を見送りました",
    "replanned": "年齢到達を予定に戻しました",
}


def may_change(request: HttpRequest) -> bool:
    """Whether this person's section may change, so that no form is offered that would be refused."""
    return may(held_by(clerk_id(request)), LIFECYCLE, "change")


def may_send(request: HttpRequest) -> bool:
    """Whether this person's section may let letters go out."""
    return may(held_by(clerk_id(request)), LIFECYCLE_OUTPUT, "export")


def require_change(request: HttpRequest) -> None:
    """Refuse a form to those who could not save it, before they type."""
    if not may_change(request):
        raise NotGranted(f"「{LIFECYCLE.title}」で変更する権限が、あなたの課にありません。", LIFECYCLE)


def person_of(request: HttpRequest, member_id: int) -> Person:
    return person_or_404(request, member_id, timezone.localdate())


def member_context(request: HttpRequest, person: Person, screen: str) -> dict[str, Any]:
    """The identity bar and the tabs, and what was done a moment ago."""
    change = may_change(request)
    return frame(person, current="", screen=screen, change=change) | {
        "may_change": change,
        "done": DONE.get(request.GET.get("done", ""), ""),
    }


def page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 7 else 1
