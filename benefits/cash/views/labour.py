"""労務状況 of one case: the employer's certificates, entered day by day. Opened only with the case it serves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from benefits.cash import policies
from benefits.cash.actions import labour
from benefits.cash.forms import CertificateForm, LabourForm
from benefits.cash.policies import UnableToProcess
from benefits.cash.presentation import url_name
from benefits.cash.queries.cases import CaseFile
from benefits.cash.queries.days import certificates_of
from benefits.cash.views.frame import ACTIVITIES, case_url, file_or_404, may_do, tabs, today
from benefits.cash.views.pages import CasePost, CaseScreen
from kumiai.accounts.queries import staff_names
from kumiai.reference.queries import holidays_between
from members.enrollment.presentation.person import identity
from members.enrollment.views.frame import person_or_404, protected_page

DAY = timedelta(days=1)


class CaseLabour(CaseScreen):
    """事業主の証明を入力する."""

    def form(self, found: CaseFile, data: Any = None) -> LabourForm:
        case = found.case
        days = [case.first + DAY * number for number in range((case.last - case.first).days + 1)]
        initial = {"version": case.version, "first": case.first, "last": case.last, "certified": case.received_date}
        return LabourForm(data, days=days, holidays=holidays_between(case.first, case.last + DAY), initial=initial)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = file_or_404(pk, self.group)
        return self.page(request, found, self.form(found))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = file_or_404(pk, self.group)
        form = self.form(found, request.POST)
        if form.is_valid():
            try:
                labour.enter_certificate(
                    by=request.user, case_id=pk, version=form.cleaned_data["version"], given=form.certified_days(),
                    today=today(),
                )  # fmt: skip
            except UnableToProcess as unable:
                form.add_error(None, str(unable))
            else:
                return self.back(request, pk, "事業主の証明を入力しました。")
        return self.page(request, found, form, 422)

    def page(self, request: HttpRequest, found: CaseFile, form: LabourForm, code: int = 200) -> HttpResponse:
        case = found.case
        person = person_or_404(request, case.member_id, today())
        if not person.visible:
            return protected_page(request, person)
        certificates = certificates_of(case.pk)
        names = staff_names([one.row.entered_by_id for one in certificates])
        context = {
            "tabs": tabs(""),
            "case": case,
            "kind": case.benefit,
            "person": identity(person),
            "form": form,
            "certificates": [(one, names.get(one.row.entered_by_id, "")) for one in certificates],
            "editable": policies.can_be_edited(case) and may_do(request, ACTIVITIES[self.group]),
            "cancel_url": url_name(case.kind, "labour-cancel"),
            "back": case_url(case),
        }
        return TemplateResponse(request, "benefits/cash/case_labour.html", context, status=code)


class LabourCancel(CasePost):
    """証明を取り消す."""

    form_class = CertificateForm

    def act(self, request: HttpRequest, pk: int, given: dict[str, Any], **where: Any) -> str:
        labour.cancel_certificate(
            by=request.user, case_id=pk, version=given["version"], certificate_id=given["certificate"]
        )
        return "事業主の証明を取り消しました。"
