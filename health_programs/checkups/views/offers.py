"""健診の種類・健診機関・契約単価."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views import View

from health_programs.checkups.actions import offers
from health_programs.checkups.activities import CHECKUP_ADMINISTRATION
from health_programs.checkups.forms import InstitutionForm, KindForm, PriceForm
from health_programs.checkups.policies import UnableToMove
from health_programs.checkups.queries import targets as queries
from health_programs.checkups.views.frame import may_do, require, work_tabs

KIND_FIELDS = (
    "code",
    "name",
    "age_from",
    "age_to",
    "sex",
    "relation",
    "statutory",
    "ends_at_75",
    "copayment",
    "active",
)
PLACE_FIELDS = ("code", "name", "postal_code", "address", "telephone", "active")


class InstitutionList(View):
    """健診の種類 and 健診機関."""

    activity = CHECKUP_ADMINISTRATION

    def get(self, request: HttpRequest) -> HttpResponse:
        context = {
            "tabs": work_tabs("institution-list"),
            "kinds": queries.kinds(active=False),
            "institutions": queries.institutions(active=False),
            "may_change": may_do(request, CHECKUP_ADMINISTRATION),
        }
        return TemplateResponse(request, "health_programs/checkups/institution_list.html", context)


class Edit(View):
    """A form over one row, new or standing; what was typed comes back with what is wrong."""

    activity = CHECKUP_ADMINISTRATION
    form_class: Any = None
    names: tuple[str, ...] = ()
    title = ""

    def row(self, pk: int | None) -> Any:
        raise NotImplementedError

    def save(self, request: HttpRequest, row: Any, given: dict[str, Any]) -> None:
        raise NotImplementedError

    def get(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        require(request, CHECKUP_ADMINISTRATION)
        row = self.row(pk)
        initial = {name: getattr(row, name) for name in self.names} if row else {}
        return self._page(request, self.form_class(initial=initial), row)

    def post(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        row = self.row(pk)
        form = self.form_class(request.POST)
        if form.is_valid():
            try:
                self.save(request, row, {name: form.cleaned_data[name] for name in self.names})
            except UnableToMove as unable:
                form.add_error("code", str(unable))
            else:
                messages.success(request, "登録しました。")
                return redirect("checkups:institution-list")
        return self._page(request, form, row, status=422)

    def _page(self, request: HttpRequest, form: Any, row: Any, status: int = 200) -> HttpResponse:
        context = {"form": form, "row": row, "title": self.title} | self.more(row)
        return TemplateResponse(request, "health_programs/checkups/offer_form.html", context, status=status)

    def more(self, row: Any) -> dict[str, Any]:
        return {}


class KindEdit(Edit):
    """健診の種類."""

    activity = CHECKUP_ADMINISTRATION
    form_class, names, title = KindForm, KIND_FIELDS, "健診の種類"

    def row(self, pk: int | None) -> Any:
        found = next((one for one in queries.kinds(active=False) if one.pk == pk), None)
        if pk is not None and found is None:
            raise Http404("この健診の種類はありません。")
        return found

    def save(self, request: HttpRequest, row: Any, given: dict[str, Any]) -> None:
        offers.save_kind(by=request.user, kind=row, **given | {"copayment": given["copayment"] or 0})


class InstitutionEdit(Edit):
    """健診機関."""

    activity = CHECKUP_ADMINISTRATION
    form_class, names, title = InstitutionForm, PLACE_FIELDS, "健診機関"

    def row(self, pk: int | None) -> Any:
        found = next((one for one in queries.institutions(active=False) if one.pk == pk), None)
        if pk is not None and found is None:
            raise Http404("この健診機関はありません。")
        return found

    def save(self, request: HttpRequest, row: Any, given: dict[str, Any]) -> None:
        offers.save_institution(by=request.user, institution=row, **given)

    def more(self, row: Any) -> dict[str, Any]:
        if row is None:
            return {}
        return {"prices": queries.prices_of(row.pk), "price_form": PriceForm(kinds=queries.kinds())}


class PriceAdd(View):
    """契約単価を加える."""

    activity = CHECKUP_ADMINISTRATION
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        place = next((one for one in queries.institutions(active=False) if one.pk == pk), None)
        if place is None:
            raise Http404("この健診機関はありません。")
        form = PriceForm(request.POST, kinds=queries.kinds())
        if form.is_valid():
            given = form.cleaned_data
            try:
                offers.save_price(
                    by=request.user, institution=place, kind=given["kind"], since=given["since"],
                    until=given["until"], price=given["price"],
                )  # fmt: skip
            except UnableToMove as unable:
                form.add_error("since", str(unable))
            else:
                messages.success(request, "単価を登録しました。")
                return redirect("checkups:institution-edit", pk=pk)
        initial = {name: getattr(place, name) for name in PLACE_FIELDS}
        context = {
            "form": InstitutionForm(initial=initial),
            "row": place,
            "title": "健診機関",
            "prices": queries.prices_of(pk),
            "price_form": form,
        }
        return TemplateResponse(request, "health_programs/checkups/offer_form.html", context, status=422)
