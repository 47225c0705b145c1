"""Parts of other pages: what falls due, as counts, on the first page; what is to come for one member on theirs."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views import View

from members.lifecycle.activities import LIFECYCLE
from members.lifecycle.enums import AGE_MEANINGS, AgeKind
from members.lifecycle.presentation.timeline import marks
from members.lifecycle.queries import ages, voluntary
from members.lifecycle.views.frame import person_of


class LifecycleHome(View):
    """任意継続・年齢到達: counts, each leading to its list."""

    activity = LIFECYCLE

    def get(self, request: HttpRequest) -> HttpResponse:
        today = timezone.localdate()
        coming = ages.coming(today)
        context = {
            "counts": voluntary.counts(today),
            "coming": coming,
            "ages": [(kind.label, AGE_MEANINGS[kind], coming.by_kind[kind.value], kind.value) for kind in AgeKind],
        }
        return TemplateResponse(request, "members/lifecycle/fragments/lifecycle_home.html", context)


class MemberMarks(View):
    """年齢到達・任意継続 of one member, for their page: the days that were and those to come. Empty where there is none, and
    for a clerk who is not named for a protected member."""

    activity = LIFECYCLE

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        person = person_of(request, pk)
        found = marks(ages.events_of_member(pk), voluntary.terms_of_member(pk)) if person.visible else []
        if not found:
            return HttpResponse(status=204)  # the page leaves no hole
        return TemplateResponse(request, "members/lifecycle/fragments/member_marks.html", {"marks": found})
