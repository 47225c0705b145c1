"""開示の請求: what the register holds about a person who asks, under the statute and a case of its own."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views import View

from members.enrollment import queries
from members.enrollment.activities import DISCLOSURE
from members.enrollment.presentation.person import family_rows, identity, period_rows
from members.enrollment.views.frame import person_or_404, protected_page
from members.enrollment.views.members import OWN_PAGES
from privacy.accesslog import queries as access_log
from privacy.scope import check_subject

SIGHTINGS = 1_000


class MemberDisclosure(View):
    """The sheet for a person's request under 個人情報保護法33条: what is held, and under which purposes it was used.

    Family members are others: of them only the relation and the days stand here. Staff are named by section.
    """

    activity = DISCLOSURE
    template_name = "members/enrollment/member_disclosure.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        check_subject(pk)
        person = person_or_404(request, pk, timezone.localdate())
        if not person.visible:
            return protected_page(request, person)
        context = {
            "person": identity(person),
            "eligibility": period_rows(person),
            "family": family_rows(person, named=set(), whom={}),
            "addresses": person.addresses,
            "contacts": person.contacts,
            "changes": len(queries.changes_of(person.member)),
            "sightings": access_log.seen_by(person.member.pk, pages=OWN_PAGES, limit=SIGHTINGS),
            "today": timezone.localdate(),
        }
        return TemplateResponse(request, self.template_name, context)
