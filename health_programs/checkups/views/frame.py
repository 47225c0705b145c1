"""What every screen of this app shares: the tabs of the work, the person, and who may change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views import View

from health_programs.checkups import activities
from health_programs.checkups.policies import UnableToMove
from health_programs.checkups.queries import paging
from health_programs.checkups.rules.ages import real_year
from kumiai.accounts.login import clerk_id
from kumiai.ui.paging import integer, page_number, pages
from members.enrollment.queries import MemberRow
from privacy.activities import Activity
from privacy.grants import held_by, may
from privacy.scope import NotGranted

WORK = (
    ("target-list", "対象者", activities.CHECKUP_ADMINISTRATION),
    ("booking-list", "予約", activities.CHECKUP_ADMINISTRATION),
    ("archive-list", "結果の取り込み", activities.CHECKUP_ADMINISTRATION),
    ("unmatched-list", "本人が未確認", activities.CHECKUP_ADMINISTRATION),
    ("invoice-list", "請求", activities.CHECKUP_ADMINISTRATION),
    ("institution-list", "健診機関・種類", activities.CHECKUP_ADMINISTRATION),
)
"""Tabs under 健診: URL name, word, activity."""

PERSON = (
    ("person", "健診結果", activities.CHECKUP_ADMINISTRATION),
    ("person-plan", "申込・受診券", activities.CHECKUP_ADMINISTRATION),
    ("person-level", "階層化", activities.GUIDANCE_TARGETING),
    ("person-referral", "要医療", activities.TREATMENT_RECOMMENDATION),
)


def may_do(request: HttpRequest, activity: Activity, operation: str = "change") -> bool:
    """Whether this person's section may do it, so that no button is offered that would be refused."""
    return may(held_by(clerk_id(request)), activity, operation)


def require(request: HttpRequest, activity: Activity, operation: str = "change") -> None:
    """Refuse a form to those who could not save it, before they type."""
    if not may_do(request, activity, operation):
        raise NotGranted(f"「{activity.title}」で登録する権限が、あなたの課にありません。", activity)


def work_tabs(current: str) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": reverse(f"checkups:{name}"), "current": name == current} for name, label, _a in WORK
    ]


def person_tabs(request: HttpRequest, member_id: int, current: str) -> list[dict[str, Any]]:
    """The tabs of one person; one that this clerk may not open keeps its place and says what it needs."""
    held = held_by(clerk_id(request))
    found = []
    for name, label, activity in PERSON:
        category, purpose = activity.labels[0]
        found.append(
            {
                "label": label,
                "url": reverse(f"checkups:{name}", args=[member_id]),
                "current": name == current,
                "locked": not may(held, activity),
                "category": category,
                "purpose": purpose,
            }
        )
    return found


def person_or_404(request: HttpRequest, pk: int, on: date | None = None) -> MemberRow:
    """The line of one member as this clerk may see it."""
    on = on or timezone.localdate()
    found = paging.people([pk], user_id=clerk_id(request), on=on).get(pk)
    if found is None:
        raise Http404("この番号の加入者はいません。")
    return found


def is_hidden(person: MemberRow) -> bool:
    """Whether the person is protected and this clerk not named for them."""
    return person.protected and not person.name


def visible_or_refused(request: HttpRequest, pk: int, activity: Activity) -> MemberRow:
    """The person, to write about. Raises Http404, and NotGranted for protected people of others."""
    person = person_or_404(request, pk)
    if is_hidden(person):
        raise NotGranted("保護対象の加入者です。指名された担当者だけが扱えます。", activity)
    return person


class PersonScreen(View):
    """A screen about one person. Of a protected person, to whom is not named, the flag and whom to ask."""

    activity = activities.CHECKUP_ADMINISTRATION
    current = ""
    template_name = ""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.page(request, pk)

    def page(self, request: HttpRequest, pk: int, *, status: int = 200, **more: Any) -> HttpResponse:
        person = person_or_404(request, pk)
        context = {
            "person": person,
            "hidden": is_hidden(person),
            "tabs": person_tabs(request, pk, self.current),
            "today": timezone.localdate(),
            "may_change": may_do(request, self.activity),
        }
        if context["hidden"]:
            return TemplateResponse(request, "health_programs/checkups/person_protected.html", context)
        context |= self.content(request, pk) | more
        return TemplateResponse(request, self.template_name, context, status=status)

    def content(self, request: HttpRequest, pk: int) -> dict[str, Any]:
        """What stands under the tabs."""
        raise NotImplementedError


class PersonAction(View):
    """A form about one person that saves something and goes back; what is wrong is said above the form."""

    activity = activities.CHECKUP_ADMINISTRATION
    http_method_names = ["post"]
    to = "person"
    done = ""

    def post(self, request: HttpRequest, pk: int, **places: int) -> HttpResponse:
        visible_or_refused(request, pk, self.activity)
        try:
            self.act(request, pk, **places)
        except UnableToMove as unable:
            messages.warning(request, str(unable))
        else:
            if self.done:
                messages.success(request, self.done)
        return HttpResponseRedirect(reverse(f"checkups:{self.to}", args=[pk]))

    def act(self, request: HttpRequest, pk: int, **places: int) -> None:
        raise NotImplementedError


def asked_year(request: HttpRequest, otherwise: int) -> int:
    """The fiscal year that the address asks for."""
    asked = integer(request.GET.get("year"))
    return asked if asked is not None and real_year(asked) else otherwise


def folders(choices: Any, counts: Mapping[str, int], current: str, url: Any) -> list[dict[str, Any]]:
    """The states of a list with how many stand in each. choices: (code, word); url: code → address."""
    return [
        {"label": label, "count": counts.get(code, 0), "url": url(code), "current": code == current}
        for code, label in choices
    ]


def listing(request: HttpRequest, found: Any, url: Any, *, unit: str, total: int | None = None) -> dict[str, Any]:
    """One page of a list with its bar: `page` and `pages`."""
    page = paging.page_of(found, page_number(request.GET.get("page")), total=total)
    return {"page": page, "pages": pages(page.number, page.last, page.total, url, unit=unit)}


def with_people(request: HttpRequest, rows: list[Any]) -> dict[int, MemberRow]:
    """The people of these rows, by id."""
    return paging.people([row.member_id for row in rows], user_id=clerk_id(request), on=timezone.localdate())
