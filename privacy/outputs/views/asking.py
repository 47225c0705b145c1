"""Asking for a file: the page that shows what would go out before anybody asks for it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views import View

from kumiai.accounts.step_up import StepUp
from kumiai.ui.declarations import NO_PERSONAL_DATA
from kumiai.ui.paging import integer
from privacy.outputs import actions, presentation, queries
from privacy.outputs.characters import characters
from privacy.outputs.door import pass_people, pass_rows, unregistered_rows
from privacy.outputs.enums import Encoding, FileFormat, RecipientKind
from privacy.outputs.forms import RequestForm
from privacy.outputs.kinds import FileKind, Order
from privacy.outputs.models import Recipient
from privacy.outputs.people import people
from privacy.outputs.policies import Closed
from privacy.outputs.rules.records import duty_to_record
from privacy.outputs.views.frame import kind_or_404, through_door
from privacy.seen import population, shown


@dataclass
class Asked:
    """What the address of a request page says, as far as it can be read."""

    form: RequestForm
    parameter_form: forms.Form | None
    recipient: Recipient | None
    member_id: int | None
    problem: str = ""
    agreed: tuple[str, ...] = ()
    order: Order | None = None


class OutputRequest(StepUp, View):
    """What would go out, to whom, how many, who is left out and why, and the first three; then the request."""

    activity = NO_PERSONAL_DATA

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        file_kind = kind_or_404(kind)
        return through_door(
            request, file_kind.activity, operation="export", object_id="", work=lambda: self.page(request, file_kind)
        )

    def post(self, request: HttpRequest, kind: str) -> HttpResponse:
        file_kind = kind_or_404(kind)
        return through_door(
            request, file_kind.activity, operation="export", object_id="", work=lambda: self.send(request, file_kind)
        )

    def step_up_return(self, request: HttpRequest) -> str:
        return request.get_full_path() if request.method == "GET" else request.path

    def page(self, request: HttpRequest, kind: FileKind) -> HttpResponse:
        asked = read(request.GET, kind, timezone.localdate())
        context: dict[str, Any] = {
            "kind": kind,
            "asked": asked,
            "form": asked.form,
            "key": uuid.uuid4(),
            "second_person": queries.setting_of(kind)[0],
            "days": queries.setting_of(kind)[1],
            "may_self_only": asked.member_id is not None,
            "each": asked.member_id is None and RecipientKind.EACH in kind.recipients,
            "hidden": [(name, value) for name, values in request.GET.lists() for value in values],
        }
        if asked.order is not None:
            context |= preview(kind, asked.order, asked.recipient)
        return TemplateResponse(request, "privacy/outputs/output_request.html", context)

    def send(self, request: HttpRequest, kind: FileKind) -> HttpResponse:
        today = timezone.localdate()
        asked = read(request.POST, kind, today)
        if asked.order is None:
            raise Closed(asked.problem or "依頼の内容を読み取れませんでした。条件を選び直してください。")
        output = actions.request_output(
            by=request.user,
            kind=kind.name,
            parameters=asked.order.parameters,
            recipient=asked.recipient,
            member_id=asked.member_id,
            today=today,
            columns=asked.order.columns,
            file_format=asked.order.format,
            encoding=asked.order.encoding,
            expected_count=integer(request.POST.get("expected")) or 0,
            key=_uuid(request.POST.get("key")),
        )
        population(kind.title, output.expected_count)
        return HttpResponseRedirect(reverse("outputs:output-detail", args=[output.pk]))


def _uuid(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


def read(given: QueryDict, kind: FileKind, today: date) -> Asked:
    """Recipient, conditions, items and format from an address or a posted form; ids, dates and codes only."""
    member_id = integer(given.get("member")) if RecipientKind.PERSON in kind.recipients else None
    each = not member_id and RecipientKind.EACH in kind.recipients
    own = bool(member_id) or each
    recipients = [] if own else queries.recipients_for(kind, today)
    recipient = None if own else _recipient(given, recipients)
    agreed: tuple[str, ...] = ()
    problem = ""
    if own or recipient:
        try:
            agreed = actions.terms(kind, recipient, today, each=each)[2]
        except Closed as closed:
            problem = str(closed)
    parameter_form = _parameter_form(given, kind, recipient, today) if agreed else None
    ready = bool(agreed) and "file_format" in given
    data = given if ready else None
    initial = {
        "recipient": recipient.pk if recipient else None,
        "columns": list(agreed),
        "file_format": next(iter(kind.formats)),
        "encoding": Encoding.UTF8,
    }
    form = RequestForm(data, initial=initial, kind=kind, recipients=recipients, agreed=agreed, person=own)
    asked = Asked(form, parameter_form, recipient, member_id, problem, agreed)
    valid_parameters = kind.form is None or bool(
        parameter_form and parameter_form.is_bound and parameter_form.is_valid()
    )
    if not ready or not form.is_valid() or not valid_parameters:
        return asked
    parameters = parameter_form.cleaned_data if parameter_form else _linked(given, kind)
    addressee = queries.addressee(recipient) if recipient else queries.themselves(member_id)
    asked.order = Order(
        kind=kind.name,
        parameters={name: parameters.get(name) for name in kind.parameters},
        addressee=addressee,
        columns=tuple(form.cleaned_data.get("columns", agreed)),
        format=FileFormat(form.cleaned_data["file_format"]),
        today=today,
        encoding=_encoding(form),
    )
    return asked


def _encoding(form: RequestForm) -> Encoding:
    """A PDF has none to choose; what stands in the form is for the CSV."""
    if form.cleaned_data["file_format"] != FileFormat.CSV:
        return Encoding.UTF8
    return Encoding(form.cleaned_data.get("encoding") or Encoding.UTF8)


def _recipient(given: QueryDict, recipients: list[Recipient]) -> Recipient | None:
    """The one chosen; else the employer the link came from."""
    chosen = integer(given.get("recipient"))
    if chosen is not None:
        return next((r for r in recipients if r.pk == chosen), None)
    employer = integer(given.get("employer"))
    return next((r for r in recipients if employer is not None and r.employer_id == employer), None)


def _parameter_form(given: QueryDict, kind: FileKind, recipient: Recipient | None, today: date) -> forms.Form | None:
    """The conditions: as given, else the recipient's own employer and today."""
    if kind.form is None:
        return None
    own = recipient.employer_id if recipient and "employer" in kind.parameters else None
    if "file_format" in given or any(name in given for name in kind.parameters):
        data = given.copy()
        if own is not None:
            data["employer"] = str(own)
        form = kind.form(data)
    else:
        initial: dict[str, Any] = {name: today for name, type_ in kind.parameters.items() if type_ is date}
        form = kind.form(initial=initial | {"employer": own})
    if own is not None:
        # To an employer goes its own list: there is nothing to choose.
        form.fields["employer"].widget = forms.HiddenInput()
    return form


def _linked(given: QueryDict, kind: FileKind) -> dict[str, Any]:
    """Conditions that stand in the link itself, for a kind without a form."""
    found: dict[str, Any] = {}
    for name, type_ in kind.parameters.items():
        text = given.get(name, "")
        if type_ is int:
            found[name] = integer(text)
        elif type_ is bool:
            found[name] = text in ("1", "on", "true")
        elif type_ is date:
            try:
                found[name] = date.fromisoformat(text)
            except ValueError:
                found[name] = None
        else:
            found[name] = text if text in kind.codes else None
    return found


def preview(kind: FileKind, order: Order, recipient: Recipient | None) -> dict[str, Any]:
    """Counts, reasons and the first three rows, in the open scope."""
    passed = pass_people(kind, order)
    some = passed.members if kind.counts_only else passed.members[:3]
    rows = pass_rows(kind, order, kind.build(order, some), some)[0][:3] if some else []
    shown(member for row in rows for member in row.members)
    population(kind.title, len(passed.members))
    apart = unregistered_rows(kind, order)
    rows = [*rows, *apart][:3]
    columns = kind.chosen(order.columns)
    duty = duty_to_record(
        recipient_kind=order.addressee.kind,
        basis=kind.recipients[order.addressee.kind].basis,
        public_body=bool(recipient and recipient.public_body),
        abroad=bool(recipient and recipient.abroad),
    )
    return {
        "order": order,
        "total": len(passed.members) + passed.removed_count,
        "count": len(passed.members),
        "unregistered": len(apart),
        "characters": characters(kind, order, passed.members, apart) if order.format == FileFormat.PDF else None,
        "removed": presentation.removal_lines({r.value: n for r, n in passed.removed.items()}),
        "removed_count": passed.removed_count,
        "samples": presentation.samples(columns, rows),
        "columns": columns,
        "similar": queries.similar_recipients(recipient) if recipient else [],
        "allowed": kind.recipients[order.addressee.kind],
        "duty": duty,
        "own_name": _own_name(order),
    }


def _own_name(order: Order) -> str:
    """The person themselves, as the records call them."""
    if order.addressee.member_id is None:
        return ""
    named = people().named([order.addressee.member_id])
    shown(named)
    return named[order.addressee.member_id].line if named else ""
