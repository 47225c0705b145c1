"""任意継続の申出: every test of the law with its figure, then 受理 or 不受理."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views import View

from members.enrollment.enums import LossReason
from members.enrollment.queries import Person
from members.enrollment.views.frame import protected_page
from members.lifecycle.actions import voluntary as actions
from members.lifecycle.activities import LIFECYCLE
from members.lifecycle.forms import ApplicationForm
from members.lifecycle.policies import UnableToRecord
from members.lifecycle.queries import voluntary as queries
from members.lifecycle.rules import voluntary as rules
from members.lifecycle.rules.terms import next_open
from members.lifecycle.views.frame import member_context, person_of, require_change

FIRST_DUE_AFTER = timedelta(days=10)
"""What the form offers as the first due date, after the day of arrival; the association names the day."""


class VoluntaryApply(View):
    """任意継続資格取得申出書を入力."""

    activity = LIFECYCLE

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        require_change(request)
        today = timezone.localdate()
        person = person_of(request, pk)
        if not person.visible:
            return protected_page(request, person)
        closed = queries.closed_between(today, today + queries.LEAVER_DAYS)
        initial = {"received_date": today, "first_due_date": next_open(today + FIRST_DUE_AFTER, closed)}
        form = ApplicationForm(initial=initial, today=today)
        return self.show(request, person, form, queries.Facts(received_date=today), initial["first_due_date"])

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        today = timezone.localdate()
        person = person_of(request, pk)
        if not person.visible:
            return protected_page(request, person)
        form = ApplicationForm(request.POST, today=today)
        if not form.is_valid():
            return self.show(request, person, form, queries.Facts(received_date=today), today, status=422)
        typed = form.cleaned_data
        facts = queries.Facts(
            received_date=typed["received_date"],
            just_cause=typed["just_cause"],
            certified_from=typed["certified_from"],
            insured_elsewhere=typed["insured_elsewhere"],
            seaman=typed["seaman"],
        )
        step = request.POST.get("step", "check")
        try:
            if step == "accept":
                term = actions.accept_application(
                    by=request.user,
                    member_id=pk,
                    facts=facts,
                    first_due=typed["first_due_date"],
                    late_reason=typed["late_reason"],
                    note=typed["note"],
                )
            elif step == "refuse":
                term = actions.refuse_application(by=request.user, member_id=pk, facts=facts, note=typed["note"])
            else:
                return self.show(request, person, form, facts, typed["first_due_date"])
        except UnableToRecord as unable:
            form.add_error(None, str(unable))
            return self.show(request, person, form, facts, typed["first_due_date"], status=422)
        done = "accepted" if step == "accept" else "refused"
        return HttpResponseRedirect(f"{reverse('lifecycle:voluntary-detail', args=[term.pk])}?done={done}")

    def show(
        self,
        request: HttpRequest,
        person: Person,
        form: ApplicationForm,
        facts: queries.Facts,
        first_due: date,
        *,
        status: int = 200,
    ) -> TemplateResponse:
        applicant = queries.applicant(person.member)
        context = member_context(request, person, "任意継続の申出") | {
            "form": form,
            "applicant": applicant,
            "facts": facts,
        }
        if applicant is not None:
            closed = queries.closed_between(applicant.lost_date, applicant.lost_date + queries.TERM_DAYS)
            decision = queries.decide(applicant, facts, closed)
            context |= {
                "decision": decision,
                "reason": LossReason(applicant.loss_reason).label if applicant.loss_reason else "登録なし",
                "deadline": rules.application_deadline(applicant.lost_date, closed),
                "term": rules.term_end(applicant.lost_date),
                "instalments": rules.instalments(applicant.lost_date, first_due, closed)[:4],
                "family": [row for row in person.family if applicant.lost_date - timedelta(days=1) in row.period],
                "earlier": [t for t in queries.terms_of_member(person.member.pk) if t.lost_date == applicant.lost_date],
            }
        return TemplateResponse(request, "members/lifecycle/voluntaryterm_apply.html", context, status=status)
