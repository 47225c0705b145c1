"""受け渡し先と取決め: organisations, what was agreed with them, and how kinds of files are set. Staff of the administration."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views import View

from kumiai.accounts.queries import staff_by_id
from privacy.notice.safeguards import sentence, waiting_for
from privacy.outputs import actions, changes, queries
from privacy.outputs.activities import RECIPIENT_ADMINISTRATION
from privacy.outputs.enums import RecipientKind
from privacy.outputs.forms import AgreementForm, RecipientForm, SettingForm
from privacy.outputs.kinds import file_kinds
from privacy.outputs.models import Recipient
from privacy.outputs.people import NobodyKnowsPeople, people
from privacy.outputs.policies import Closed
from privacy.outputs.rules.names import name_key, similar
from privacy.outputs.views.frame import kind_or_404


class RecipientList(View):
    """受け渡し先の一覧, and how each kind of file is set."""

    activity = RECIPIENT_ADMINISTRATION

    def get(self, request: HttpRequest) -> HttpResponse:
        today = timezone.localdate()
        context = {
            "recipients": [(r, r.is_open(today)) for r in queries.all_recipients()],
            "kinds": [
                {"kind": kind, "setting": queries.setting_of(kind), "recipients": [r.label for r in kind.recipients]}
                for kind in file_kinds().values()
            ],
        }
        return TemplateResponse(request, "privacy/outputs/recipient_list.html", context)


def employer_choices() -> list[tuple[int, str]]:
    try:
        return people().employers()
    except NobodyKnowsPeople:
        return []


class RecipientWriting(View):
    """What registering and changing share: a similar name is shown once before it is saved."""

    activity = RECIPIENT_ADMINISTRATION
    heading = ""

    def save(self, request: HttpRequest, values: dict[str, Any]) -> Recipient:
        raise NotImplementedError

    def answer(
        self, request: HttpRequest, form: RecipientForm, *, own_id: int | None = None, status: int = 200
    ) -> HttpResponse:
        alike = self.alike(form, own_id) if form.is_bound and form.is_valid() else []
        context = {"form": form, "heading": self.heading, "similar": alike, "own_id": own_id}
        return TemplateResponse(request, "privacy/outputs/recipient_form.html", context, status=status)

    def alike(self, form: RecipientForm, own_id: int | None) -> list[Recipient]:
        wanted = name_key(form.cleaned_data["name"])
        others = [r for r in queries.all_recipients() if r.pk != own_id]
        return [r for r in others if similar(wanted, r.name_key or name_key(r.name))]

    def try_to_save(self, request: HttpRequest, own_id: int | None) -> HttpResponse:
        form = RecipientForm(request.POST, employers=employer_choices())
        if not form.is_valid():
            return self.answer(request, form, own_id=own_id, status=422)
        if self.alike(form, own_id) and not form.cleaned_data["despite_similar"]:
            return self.answer(request, form, own_id=own_id, status=422)
        values = dict(form.cleaned_data)
        values["employer_id"] = values.pop("employer")
        values.pop("despite_similar")
        try:
            recipient = self.save(request, values)
        except Closed as closed:
            form.add_error("employer" if "事業所" in str(closed) else "code", str(closed))
            return self.answer(request, form, own_id=own_id, status=422)
        return HttpResponseRedirect(reverse("outputs:recipient-detail", args=[recipient.pk]))


class RecipientAdd(RecipientWriting):
    """受け渡し先の登録."""

    activity = RECIPIENT_ADMINISTRATION
    heading = "受け渡し先の登録"

    def get(self, request: HttpRequest) -> HttpResponse:
        form = RecipientForm(employers=employer_choices(), initial={"since": timezone.localdate()})
        return self.answer(request, form)

    def post(self, request: HttpRequest) -> HttpResponse:
        return self.try_to_save(request, None)

    def save(self, request: HttpRequest, values: dict[str, Any]) -> Recipient:
        return actions.register_recipient(by=request.user, values=values)


class RecipientChange(RecipientWriting):
    """受け渡し先の変更."""

    activity = RECIPIENT_ADMINISTRATION
    heading = "受け渡し先の変更"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        recipient = get_object_or_404(Recipient, pk=pk)
        initial = {name: getattr(recipient, name) for name in actions.RECIPIENT_FIELDS} | {
            "employer": recipient.employer_id
        }
        return self.answer(request, RecipientForm(employers=employer_choices(), initial=initial), own_id=pk)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        get_object_or_404(Recipient, pk=pk)
        self.own_id = pk
        return self.try_to_save(request, pk)

    def save(self, request: HttpRequest, values: dict[str, Any]) -> Recipient:
        return actions.change_recipient(by=request.user, recipient_id=self.own_id, values=values)


class RecipientDetail(View):
    """One organisation: its facts, what may go to it, what was agreed; a new agreement is recorded here."""

    activity = RECIPIENT_ADMINISTRATION

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        recipient = get_object_or_404(Recipient, pk=pk)
        return self.show(request, recipient, self.form(recipient))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        recipient = get_object_or_404(Recipient, pk=pk)
        form = self.form(recipient, request.POST)
        if form.is_valid():
            values = form.cleaned_data
            try:
                actions.add_agreement(by=request.user, recipient_id=pk, at=timezone.now(), **values)
            except Closed as closed:
                form.add_error(None, str(closed))
            else:
                return HttpResponseRedirect(reverse("outputs:recipient-detail", args=[pk]))
        return self.show(request, recipient, form, status=422)

    def form(self, recipient: Recipient, data: Any = None) -> AgreementForm:
        kind_of_recipient = RecipientKind(recipient.kind)
        kinds = [
            kind
            for kind in file_kinds().values()
            if kind_of_recipient in kind.recipients and kind.recipients[kind_of_recipient].agreed
        ]
        return AgreementForm(
            data, kinds=kinds, recipient_kind=kind_of_recipient, initial={"since": timezone.localdate()}
        )

    def show(
        self, request: HttpRequest, recipient: Recipient, form: AgreementForm, *, status: int = 200
    ) -> HttpResponse:
        agreements = list(recipient.agreements.order_by("-period"))
        staff = staff_by_id(a.recorded_by_id for a in agreements)
        kinds = file_kinds()
        today = timezone.localdate()
        context = {
            "recipient": recipient,
            "open": recipient.is_open(today),
            "form": form if form.kinds else None,
            "lawful": [
                {"title": k.title, "basis": k.recipients[RecipientKind(recipient.kind)]}
                for k in kinds.values()
                if RecipientKind(recipient.kind) in k.recipients
            ],
            "agreements": [
                {
                    "agreement": a,
                    "title": kinds[a.file_kind].title if a.file_kind in kinds else a.file_kind,
                    "items": "、".join(c.title for c in kinds[a.file_kind].chosen(a.items))
                    if a.file_kind in kinds
                    else "",
                    "by": staff.get(a.recorded_by_id),
                    "holds": today in a.period,
                }
                for a in agreements
            ],
            "similar": queries.similar_recipients(recipient),
            "changes": changes.of_recipient(recipient),
        }
        return TemplateResponse(request, "privacy/outputs/recipient_detail.html", context, status=status)


class AgreementEnd(View):
    """取決めを今日で終える."""

    activity = RECIPIENT_ADMINISTRATION
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        agreement = get_object_or_404(queries.agreements(), pk=pk)
        actions.end_agreement(by=request.user, agreement_id=pk, last_day=timezone.localdate())
        return HttpResponseRedirect(reverse("outputs:recipient-detail", args=[agreement.recipient_id]))


class FileSettingChange(View):
    """ファイルの種類の設定."""

    activity = RECIPIENT_ADMINISTRATION

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        file_kind = kind_or_404(kind)
        second_person, days = queries.setting_of(file_kind)
        form = SettingForm(initial={"second_person": second_person, "retention_days": days})
        waiting = waiting_for(actions.second_person_of(file_kind)) if second_person else None
        context = {
            "form": form,
            "kind": file_kind,
            "waiting": sentence(waiting) if waiting else "",
            "changes": changes.of_setting(file_kind.name),
        }
        return TemplateResponse(request, "privacy/outputs/setting_form.html", context)

    def post(self, request: HttpRequest, kind: str) -> HttpResponse:
        file_kind = kind_or_404(kind)
        form = SettingForm(request.POST)
        if form.is_valid():
            made = actions.set_file(by=request.user, kind=file_kind, at=timezone.now(), **form.cleaned_data)
            if made.second_person and not form.cleaned_data["second_person"]:
                return HttpResponseRedirect(reverse("outputs:file-setting", args=[kind]))
            return HttpResponseRedirect(reverse("outputs:recipient-list"))
        context = {"form": form, "kind": file_kind, "changes": changes.of_setting(file_kind.name)}
        return TemplateResponse(request, "privacy/outputs/setting_form.html", context, status=422)
