"""二人目の確認: another person sees what would leave and types the recipient's number and the count."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views import View

from kumiai.accounts.step_up import StepUp
from kumiai.ui.declarations import NO_PERSONAL_DATA
from privacy.outputs import actions, presentation, queries
from privacy.outputs.door import pass_rows, reasons_to_remove, unregistered_rows
from privacy.outputs.forms import ConfirmForm, RefuseForm
from privacy.outputs.kinds import FileKind
from privacy.outputs.models import Output
from privacy.outputs.policies import Closed, check_can_decide
from privacy.outputs.views.frame import kind_or_404, output_or_404, through_door
from privacy.outputs.views.requests import detail
from privacy.seen import population, shown


class OutputConfirm(StepUp, View):
    """The page of the second person, under `decide` of the file's own activity."""

    activity = NO_PERSONAL_DATA

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.open(request, pk, ConfirmForm(), RefuseForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if request.POST.get("decision") == "refuse":
            return self.open(request, pk, ConfirmForm(), RefuseForm(request.POST))
        return self.open(request, pk, ConfirmForm(request.POST), RefuseForm())

    def open(self, request: HttpRequest, pk: int, confirm: ConfirmForm, refusal: RefuseForm) -> HttpResponse:
        output = output_or_404(request, pk)
        kind = kind_or_404(output.file_kind)
        return through_door(
            request,
            kind.activity,
            operation="decide",
            object_id=pk,
            work=lambda: self.work(request, output, kind, confirm, refusal),
        )

    def work(
        self, request: HttpRequest, output: Output, kind: FileKind, confirm: ConfirmForm, refusal: RefuseForm
    ) -> HttpResponse:
        at = timezone.now()
        check_can_decide(output, request.user, at)
        back = HttpResponseRedirect(reverse("outputs:output-detail", args=[output.pk]))
        population(kind.title, output.row_count or 0)
        if refusal.is_bound and refusal.is_valid():
            actions.refuse(by=request.user, output_id=output.pk, reason=refusal.cleaned_data["reason"], at=at)
            return back
        if confirm.is_bound and confirm.is_valid():
            try:
                actions.confirm(
                    by=request.user,
                    output_id=output.pk,
                    recipient_code=confirm.cleaned_data["code"],
                    count=confirm.cleaned_data["count"],
                    at=at,
                )
            except Closed as closed:
                confirm.add_error("count" if "件数" in str(closed) else "code", str(closed))
            else:
                return back
        status = 422 if confirm.is_bound or refusal.is_bound else 200
        context = detail(request, output) | self.content(output, kind) | {"form": confirm, "refuse_form": refusal}
        return TemplateResponse(request, "privacy/outputs/output_confirm.html", context, status=status)

    def content(self, output: Output, kind: FileKind) -> dict[str, Any]:
        """The first three rows as they went into the file, and the recipients with similar names."""
        order = queries.order_of(output, timezone.localdate())
        ids = queries.subjects_of(output)
        # Who came under protection since, or for whom this person is not named, is not shown.
        hidden = {} if kind.counts_only else reasons_to_remove(kind, order, ids)
        some = [pk for pk in ids if pk not in hidden][:3]
        rows = [] if kind.counts_only else pass_rows(kind, order, kind.build(order, some), some)[0][:3]
        shown(member for row in rows for member in row.members)
        rows = [*rows, *unregistered_rows(kind, order)][:3]
        return {
            "samples": presentation.samples(kind.chosen(output.columns), rows),
            "similar": queries.similar_recipients(output.recipient) if output.recipient else [],
            "allowed": kind.recipients[order.addressee.kind],
        }
