"""Filling the town from a postal code, while it is empty."""

from __future__ import annotations

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views import View

from members.enrollment.forms import PostalCodeForm
from members.enrollment.postal_codes import town_of
from privacy.activities import NO_PERSONAL_DATA


class PostalCodeTown(LoginRequiredMixin, View):
    """The field 町域 with the town of a postal code; 204 when something is typed there already or nothing is known."""

    activity = NO_PERSONAL_DATA

    def post(self, request: HttpRequest) -> HttpResponse:
        form = PostalCodeForm(request.POST)
        town = town_of(form.cleaned_data["postal_code"]) if form.is_valid() else ""
        if not town or request.POST.get("town", "").strip():
            return HttpResponse(status=204)
        return TemplateResponse(request, "members/enrollment/fragments/postal_code_town.html", {"town": town})
