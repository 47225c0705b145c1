"""Taking a change back."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views import View

from members.enrollment import actions, queries
from members.enrollment.activities import MEMBER_ADMINISTRATION
from members.enrollment.forms import CancelForm
from members.enrollment.models import ChangeReport
from members.enrollment.presentation.history import report_changes
from members.enrollment.views.frame import frame, person_or_404, protected_page, require_change


class ChangeCancel(View):
    """取り消し: says field by field what will come back, then does it. What is cancelled stays in the history."""

    activity = MEMBER_ADMINISTRATION

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        require_change(request)
        report = _report_or_404(pk)
        person = person_or_404(request, report.member_id, timezone.localdate())
        if not person.visible:
            return protected_page(request, person)
        form = CancelForm(initial={"version": person.member.version})
        return self.show(request, report, person, form)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        report = _report_or_404(pk)
        person = person_or_404(request, report.member_id, timezone.localdate())
        if not person.visible:
            return protected_page(request, person)
        form = CancelForm(request.POST)
        if not form.is_valid():
            return self.show(request, report, person, form, status=422)
        try:
            actions.cancel_change(by=request.user, report_id=pk, version=form.cleaned_data["version"])
        except actions.StaleVersion:
            form = CancelForm({"version": person.member.version})
            form.add_error(
                None, "開いたあとに、この人の情報が変わりました。下の内容を確かめて、もう一度選んでください。"
            )
            return self.show(request, report, person, form, status=409)
        except actions.UnableToChange as unable:
            form.add_error(None, str(unable))
            return self.show(request, report, person, form, status=422)
        return HttpResponseRedirect(f"{reverse('enrollment:member-detail', args=[report.member_id])}?cancelled={pk}")

    def show(
        self, request: HttpRequest, report: ChangeReport, person: queries.Person, form: CancelForm, *, status: int = 200
    ) -> TemplateResponse:
        heading = f"{report.get_kind_display()} {report.receipt_number} の取り消し"
        context = frame(person, current="", screen=heading, change=True) | {
            "heading": heading,
            "form": form,
            "effects": [(c.label, c.new, c.old) for c in report_changes(report.kind, report.before, report.after)],
            "action_url": reverse("enrollment:change-cancel", args=[report.pk]),
        }
        return TemplateResponse(request, "members/enrollment/change_cancel.html", context, status=status)


def _report_or_404(pk: int) -> ChangeReport:
    report = queries.report_of(pk)
    if report is None:
        raise Http404("この番号の届はありません。")
    return report
