"""提供の記録: the ledger of 29条 and 30条, and what one person's data went through, with what they asked for."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views import View

from kumiai.ui.declarations import NO_PERSONAL_DATA
from privacy.notice.register import key, labels
from privacy.outputs import actions, queries
from privacy.outputs.activities import PROVISION_RECORDS
from privacy.outputs.forms import FindPersonForm, OptOutForm, ReceiptForm, SuspensionForm
from privacy.outputs.kinds import file_kinds
from privacy.outputs.models import Receipt
from privacy.outputs.people import Named, people
from privacy.outputs.policies import Closed
from privacy.seen import population, shown

PAGE = 50


class ProvisionList(View):
    """提供の記録（29条）の一覧: facts about organisations; who the people are stands on each record's own page."""

    activity = NO_PERSONAL_DATA

    def get(self, request: HttpRequest) -> HttpResponse:
        page = Paginator(queries.provisions_for(request.user), PAGE).get_page(request.GET.get("page"))
        kinds = file_kinds()
        context = {
            "page": page,
            "lines": [
                {"provision": p, "title": kinds[p.output.file_kind].title if p.output.file_kind in kinds else ""}
                for p in page
            ],
            "today": timezone.localdate(),
        }
        return TemplateResponse(request, "privacy/outputs/provision_list.html", context)


class ProvisionDetail(View):
    """One record of provision with the people it is about, as 規則20条 asks; printable."""

    activity = PROVISION_RECORDS

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        provision = get_object_or_404(queries.provisions_for(request.user), pk=pk)
        kind = file_kinds().get(provision.output.file_kind)
        if kind is None or kind.shelf.category not in PROVISION_RECORDS.categories:
            raise Http404("この記録は、ほかの利用目的の画面で開きます。")
        everyone = queries.designations_of(provision.output)
        # To whom a protected person's data went could say where they are: counted, not named.
        hidden = people().protected([member for member, _line in everyone], timezone.localdate())
        named = [(member, designation) for member, designation in everyone if member not in hidden]
        shown(member for member, _line in named)
        population("提供の記録", len(everyone))
        context = {
            "provision": provision,
            "kind": kind,
            "named": named,
            "hidden": len(hidden),
            "at": timezone.localtime(),
        }
        return TemplateResponse(request, "privacy/outputs/provision_detail.html", context)


class PersonFind(View):
    """本人ごとの記録を開く: the number is posted and never stands in an address."""

    activity = PROVISION_RECORDS

    def get(self, request: HttpRequest) -> HttpResponse:
        return TemplateResponse(request, "privacy/outputs/person_find.html", {"form": FindPersonForm()})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = FindPersonForm(request.POST)
        if form.is_valid():
            member_id = people().find(form.cleaned_data["number"])
            if member_id is not None:
                shown([member_id])
                return HttpResponseRedirect(reverse("outputs:person-records", args=[member_id]))
            form.add_error("number", "この番号の加入者はいません。12-3456-00 のように枝番まで入力してください。")
        return TemplateResponse(request, "privacy/outputs/person_find.html", {"form": form}, status=422)


def named_or_404(member_id: int) -> Named:
    found = people().named([member_id]).get(member_id)
    if found is None:
        raise Http404("この番号の加入者はいません。")
    shown([member_id])
    return found


def records_of(member_id: int) -> dict[str, Any]:
    """Everything about one person; nothing of it for a protected one, whose recipients could say where they are."""
    named = named_or_404(member_id)
    today = timezone.localdate()
    protected = named.protected or bool(people().protected([member_id], today))
    context: dict[str, Any] = {"named": named, "protected": protected, "member_id": member_id, "today": today}
    kinds = file_kinds()
    words = {key(*pair): f"{category} › {purpose}" for pair, (category, purpose) in labels().items()}
    shown([member_id])
    return context | {
        "outputs": []
        if protected
        else [
            {"output": o, "title": kinds[o.file_kind].title if o.file_kind in kinds else o.file_kind}
            for o in queries.handed_over(member_id)
        ],
        "receipts": [] if protected else queries.received(member_id),
        "opt_outs": [(o, words.get(o.use, o.use)) for o in queries.opt_outs_of(member_id)],
        "suspensions": queries.suspensions_of(member_id),
    }


class PersonRecords(View):
    """本人ごとの記録: to whom their data went, from whom it came, what they asked to stop; printable for a person who asks
    (個人情報保護法33条5項)."""

    activity = PROVISION_RECORDS

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show(request, pk)

    def show(
        self, request: HttpRequest, pk: int, *, opt_out: Any = None, suspension: Any = None, status: int = 200
    ) -> HttpResponse:
        today = timezone.localdate()
        context = records_of(pk) | {
            "opt_out_form": opt_out or OptOutForm(initial={"since": today}),
            "suspension_form": suspension or SuspensionForm(initial={"since": today}, auto_id="id_suspension_%s"),
            "at": timezone.localtime(),
            "errors": opt_out or suspension,
        }
        return TemplateResponse(request, "privacy/outputs/person_records.html", context, status=status)


class PersonFragment(View):
    """受け渡し on the page of a person: the last files they were in, and what they asked to stop."""

    activity = PROVISION_RECORDS

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        context = records_of(pk)
        context["outputs"] = context["outputs"][:5]
        return TemplateResponse(request, "privacy/outputs/fragments/person_records.html", context)


class PersonWish(PersonRecords):
    """A form or a button on the page of a person."""

    activity = PROVISION_RECORDS
    http_method_names = ["post"]

    def back(self, pk: int) -> HttpResponse:
        return HttpResponseRedirect(reverse("outputs:person-records", args=[pk]))


class OptOutAdd(PersonWish):
    activity = PROVISION_RECORDS

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        named_or_404(pk)
        form = OptOutForm(request.POST)
        if form.is_valid():
            try:
                actions.register_opt_out(by=request.user, member_id=pk, **form.cleaned_data)
            except Closed as closed:
                form.add_error(None, str(closed))
            else:
                return self.back(pk)
        return self.show(request, pk, opt_out=form, status=422)


class SuspensionAdd(PersonWish):
    activity = PROVISION_RECORDS

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        named_or_404(pk)
        form = SuspensionForm(request.POST, auto_id="id_suspension_%s")
        if form.is_valid():
            try:
                actions.register_suspension(by=request.user, member_id=pk, **form.cleaned_data)
            except Closed as closed:
                form.add_error(None, str(closed))
            else:
                return self.back(pk)
        return self.show(request, pk, suspension=form, status=422)


class OptOutEnd(PersonWish):
    """A person took their opt-out back. pk: of the opt-out."""

    activity = PROVISION_RECORDS

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        wish = get_object_or_404(queries.open_opt_outs(), pk=pk)
        actions.end_opt_out(by=request.user, opt_out_id=pk, member_id=wish.member_id, on=timezone.localdate())
        return self.back(wish.member_id)


class SuspensionEnd(PersonWish):
    """A suspension is lifted. pk: of the suspension."""

    activity = PROVISION_RECORDS

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        stop = get_object_or_404(queries.open_suspensions(), pk=pk)
        actions.end_suspension(by=request.user, suspension_id=pk, member_id=stop.member_id, on=timezone.localdate())
        return self.back(stop.member_id)


class ReceiptList(View):
    """受領の確認の記録（30条）."""

    activity = PROVISION_RECORDS

    def get(self, request: HttpRequest) -> HttpResponse:
        page = Paginator(queries.receipts(), PAGE).get_page(request.GET.get("page"))
        population("受領の確認の記録", page.paginator.count)
        return TemplateResponse(request, "privacy/outputs/receipt_list.html", {"page": page})


class ReceiptRecord(View):
    """受領の確認を記録する."""

    activity = PROVISION_RECORDS
    operation = "change"

    def form(self, data: Any = None) -> ReceiptForm:
        today = timezone.localdate()
        providers = [(r.pk, f"{r.code}　{r.name}") for r in queries.open_recipients(today)]
        return ReceiptForm(data, providers=providers, today=today, initial={"received_date": today})

    def get(self, request: HttpRequest) -> HttpResponse:
        return TemplateResponse(request, "privacy/outputs/receipt_form.html", {"form": self.form()})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form(request.POST)
        if form.is_valid() and (receipt := self.save(request, form)) is not None:
            return HttpResponseRedirect(f"{reverse('outputs:receipt-list')}#receipt-{receipt.pk}")
        return TemplateResponse(request, "privacy/outputs/receipt_form.html", {"form": form}, status=422)

    def save(self, request: HttpRequest, form: ReceiptForm) -> Receipt | None:
        values = form.cleaned_data
        found = {typed: people().find(typed) for typed in values["people"]}
        missing = [f"{n}行目" for n, typed in enumerate(values["people"], 1) if found[typed] is None]
        if missing:
            form.add_error("people", f"{'、'.join(missing[:5])}の番号の加入者がいません。番号を確かめてください。")
            return None
        today = timezone.localdate()
        provider = next(r for r in queries.open_recipients(today) if r.pk == values["provider"])
        try:
            return actions.record_receipt(
                by=request.user,
                provider=provider,
                received_date=values["received_date"],
                background=values["background"],
                confirmed_how=values["confirmed_how"],
                items=values["items"],
                members=[pk for pk in found.values() if pk is not None],
                today=today,
                at=timezone.now(),
                stands_in=values["stands_in"],
            )
        except Closed as closed:
            form.add_error(None, str(closed))
            return None
