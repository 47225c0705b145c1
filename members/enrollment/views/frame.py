"""What every screen about one member shares: the identity bar, the tabs, and who may change."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views import View

from kumiai.accounts.login import clerk_id
from members.enrollment import queries
from members.enrollment.activities import MEMBER_ADMINISTRATION
from members.enrollment.presentation.person import identity
from members.enrollment.presentation.tabs import tabs
from privacy.grants import held_by, may
from privacy.scope import NotGranted


def may_change(request: HttpRequest) -> bool:
    """Whether this person's section may change the register, so that no form is offered that would be refused."""
    return may(held_by(clerk_id(request)), MEMBER_ADMINISTRATION, "change")


def may_hand_on(request: HttpRequest) -> bool:
    """Whether this person may name clerks for people whom they do not handle themselves."""
    return may_change(request) and may(held_by(clerk_id(request)), MEMBER_ADMINISTRATION, "decide")


def require_change(request: HttpRequest) -> None:
    """Refuse a form to those who could not save it, before they type."""
    if not may_change(request):
        raise NotGranted("「加入者の管理」で変更する権限が、あなたの課にありません。", MEMBER_ADMINISTRATION)


def person_or_404(request: HttpRequest, pk: int, on: date) -> queries.Person:
    person = queries.person(member_id=pk, user_id=clerk_id(request), on=on)
    if person is None:
        raise Http404("この番号の加入者はいません。")
    return person


def frame(person: queries.Person, *, current: str, screen: str, change: bool) -> dict[str, Any]:
    """Context of member_base.html. `current` is the URL name of the open tab, "" for a form."""
    return {
        "person": identity(person),
        "tabs": tabs(person.member.pk, current),
        "screen": screen,
        "may_change": change,
    }


class MemberScreen(View):
    """A screen about one member. Who is not named for a protected member sees the flag and whom to ask, on every tab."""

    activity = MEMBER_ADMINISTRATION
    screen = ""
    url_name = ""
    template_name = ""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        person = person_or_404(request, pk, timezone.localdate())
        if not person.visible:
            return protected_page(request, person)
        context = frame(person, current=self.url_name, screen=self.screen, change=may_change(request))
        context |= self.content(request, person)
        return TemplateResponse(request, self.template_name, context)

    def content(self, request: HttpRequest, person: queries.Person) -> dict[str, Any]:
        """What stands under the tabs."""
        raise NotImplementedError


def protected_page(request: HttpRequest, person: queries.Person) -> TemplateResponse:
    """The flag and whom to ask, and nothing else about the person."""
    context = {"person": identity(person), "may_hand_on": may_hand_on(request)}
    return TemplateResponse(request, "members/enrollment/member_protected.html", context)
