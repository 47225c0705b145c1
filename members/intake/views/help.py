"""The documented columns, and the files to fill in; both from the layouts the check reads."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views import View

from kumiai.ui.declarations import NO_PERSONAL_DATA
from members.intake.rules.layouts import LAYOUTS


class ImportHelp(View):
    """取り込みの使い方."""

    activity = NO_PERSONAL_DATA

    def get(self, request: HttpRequest) -> HttpResponse:
        return TemplateResponse(request, "members/intake/import_help.html", {"layouts": LAYOUTS.values()})


class TemplateDownload(View):
    """ひな形: the heads and one invented line."""

    activity = NO_PERSONAL_DATA

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        if kind not in LAYOUTS:
            raise Http404("この種別のひな形はありません。")
        response = HttpResponse(LAYOUTS[kind].template(), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="template-{kind}.csv"'
        return response
