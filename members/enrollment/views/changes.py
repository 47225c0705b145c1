"""氏名・住所の変更と訂正."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views import View

from kumiai.accounts.queries import staff_names
from members.enrollment import actions, queries
from members.enrollment.activities import MEMBER_ADMINISTRATION
from members.enrollment.forms import (
    AddressChangeForm,
    AddressCorrectForm,
    NameChangeForm,
    NameCorrectForm,
    ReportForm,
)
from members.enrollment.presentation.conflict import compare
from members.enrollment.presentation.person import address_lines, name_lines
from members.enrollment.views.frame import frame, person_or_404, protected_page, require_change

ALONG = ("effective_date", "received_date", "note")
"""Fields that belong to the document, not to the person: they cannot conflict and are kept as typed."""


class MemberForm(View):
    """A form about one member: what is registered now beside what is typed; 422 with every word kept when it is wrong."""

    activity = MEMBER_ADMINISTRATION
    form_class: type[ReportForm]
    field_names: tuple[str, ...] = ()
    url_name = ""
    heading = ""
    lead = ""
    submit = "登録"
    form_class_name = ""
    """The style that lays short fields side by side."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        require_change(request)
        today = timezone.localdate()
        person = person_or_404(request, pk, today)
        if not person.visible:
            return protected_page(request, person)
        initial = self.present(person) | {"version": person.member.version, "received_date": today}
        return self.show(request, person, self.form_class(initial=initial, today=today))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        today = timezone.localdate()
        person = person_or_404(request, pk, today)
        if not person.visible:
            return protected_page(request, person)
        form = self.form_class(request.POST, today=today)
        if not form.is_valid():
            return self.show(request, person, form, status=422)
        values = {name: form.cleaned_data[name] for name in self.field_names}
        report = actions.Report(
            received_date=form.cleaned_data["received_date"],
            effective_date=form.cleaned_data.get("effective_date") or form.cleaned_data["received_date"],
            note=form.cleaned_data["note"],
        )
        try:
            saved = self.save(
                by=request.user, member_id=pk, version=form.cleaned_data["version"], values=values, report=report
            )
        except actions.StaleVersion as stale:
            return self.choose(request, person, form, values, stale)
        except actions.UnableToChange as unable:
            form.add_error(None, str(unable))
            return self.show(request, person, form, status=422)
        return HttpResponseRedirect(f"{reverse('enrollment:member-detail', args=[pk])}?done={saved.pk}")

    def present(self, person: queries.Person) -> dict[str, Any]:
        """The values registered now, as the form starts with them."""
        raise NotImplementedError

    def lines(self, person: queries.Person) -> list[tuple[str, str]]:
        """The values registered now, in words."""
        raise NotImplementedError

    def save(self, *, by: Any, member_id: int, version: int, values: dict[str, Any], report: actions.Report) -> Any:
        raise NotImplementedError

    def show(
        self, request: HttpRequest, person: queries.Person, form: ReportForm, *, status: int = 200
    ) -> TemplateResponse:
        context = frame(person, current="", screen=self.heading, change=True) | {
            "heading": self.heading,
            "lead": self.lead,
            "submit": self.submit,
            "form": form,
            "form_class": self.form_class_name,
            "before": self.lines(person),
            "action_url": reverse(self.url_name, args=[person.member.pk]),
            "cancel_url": reverse("enrollment:member-detail", args=[person.member.pk]),
        }
        return TemplateResponse(request, "members/enrollment/member_form.html", context, status=status)

    def choose(
        self,
        request: HttpRequest,
        person: queries.Person,
        form: ReportForm,
        values: dict[str, Any],
        stale: actions.StaleVersion,
    ) -> HttpResponse:
        """Both contents side by side; nothing to choose when they agree, for example after a second click."""
        conflict = compare(
            {name: str(form.fields[name].label) for name in self.field_names},
            theirs=stale.current,
            yours=values,
            along={name: request.POST.get(name, "") for name in ALONG if name in form.fields},
            version=stale.version,
            who=staff_names([stale.changed_by]).get(stale.changed_by or 0, ""),
            at=stale.changed_at,
        )
        if conflict.settled:
            return HttpResponseRedirect(reverse("enrollment:member-detail", args=[person.member.pk]))
        context = frame(person, current="", screen="同時に変更されました", change=True) | {
            "conflict": conflict,
            "action_url": reverse(self.url_name, args=[person.member.pk]),
        }
        return TemplateResponse(request, "members/enrollment/change_conflict.html", context, status=409)


class MemberNameForm(MemberForm):
    form_class_name = "name-form"
    field_names = actions.NAME_FIELDS

    def present(self, person: queries.Person) -> dict[str, Any]:
        return actions.names_of(person.member)

    def lines(self, person: queries.Person) -> list[tuple[str, str]]:
        return name_lines(person.member)


class MemberNameChange(MemberNameForm):
    """氏名変更届."""

    activity = MEMBER_ADMINISTRATION
    form_class = NameChangeForm
    url_name = "enrollment:member-name-change"
    heading = "氏名の変更"
    lead = "ある日から氏名が変わったとき（婚姻・離婚・養子縁組など）に使います。前の氏名は変更の履歴に残ります。"

    def save(self, *, by: Any, member_id: int, version: int, values: dict[str, Any], report: actions.Report) -> Any:
        return actions.change_name(by=by, member_id=member_id, version=version, names=values, report=report)


class MemberNameCorrect(MemberNameForm):
    """氏名訂正."""

    activity = MEMBER_ADMINISTRATION
    form_class = NameCorrectForm
    url_name = "enrollment:member-name-correct"
    heading = "氏名の訂正"
    lead = "登録が初めから誤っていたときに使います。誤っていた氏名も変更の履歴に残ります。"

    def save(self, *, by: Any, member_id: int, version: int, values: dict[str, Any], report: actions.Report) -> Any:
        return actions.change_name(
            by=by, member_id=member_id, version=version, names=values, report=report, correction=True
        )


class AddressForm(MemberForm):
    field_names = actions.ADDRESS_FIELDS

    def current(self, person: queries.Person) -> Any:
        return next((row for row in person.addresses if row.period.upper is None), None)

    def lines(self, person: queries.Person) -> list[tuple[str, str]]:
        return address_lines(self.current(person))


class AddressChange(AddressForm):
    """住所変更届."""

    activity = MEMBER_ADMINISTRATION
    form_class = AddressChangeForm
    url_name = "enrollment:address-change"
    heading = "住所の変更"
    lead = "ある日から住む所が変わったときに使います。前の住所は、その前の日までの住所として残ります。"

    def present(self, person: queries.Person) -> dict[str, Any]:
        return {}

    def save(self, *, by: Any, member_id: int, version: int, values: dict[str, Any], report: actions.Report) -> Any:
        return actions.change_address(by=by, member_id=member_id, version=version, address=values, report=report)


class AddressCorrect(AddressForm):
    """住所訂正."""

    activity = MEMBER_ADMINISTRATION
    form_class = AddressCorrectForm
    url_name = "enrollment:address-correct"
    heading = "住所の訂正"
    lead = "いまの住所の登録が初めから誤っていたときに使います。誤っていた住所も変更の履歴に残ります。"

    def present(self, person: queries.Person) -> dict[str, Any]:
        return actions.address_values(self.current(person))

    def save(self, *, by: Any, member_id: int, version: int, values: dict[str, Any], report: actions.Report) -> Any:
        return actions.correct_address(by=by, member_id=member_id, version=version, address=values, report=report)
