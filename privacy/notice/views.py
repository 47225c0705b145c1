"""The public notice in its three forms, and the matrix of grants for whoever administers access."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.generic import TemplateView, View

from kumiai.ui.declarations import NO_PERSONAL_DATA
from kumiai.ui.formats import fiscal_year
from privacy.administration import ACCESS_ADMINISTRATION
from privacy.notice.control import reviews
from privacy.notice.files.register_csv import register_csv
from privacy.notice.models import OPERATIONS
from privacy.notice.policies import clashes_now
from privacy.notice.queries import Notice, grant_matrix, published_notice, register_of


def notice_or_404(number: int | None) -> Notice:
    """The version asked for, or the one in force today."""
    notice = published_notice(on=timezone.localdate(), number=number)
    if notice is None:
        raise Http404("この版の公表はありません。")
    return notice


class NoticePublic(TemplateView):
    """個人情報の利用目的の公表. Open to everyone."""

    activity = NO_PERSONAL_DATA
    template_name = "privacy/notice/notice_public.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        notice = notice_or_404(kwargs.get("number"))
        # An earlier version stays as it was published; the one in force names the association as it is today.
        publisher = settings.ASSOCIATION if notice.in_force else settings.ASSOCIATION | notice.version.association
        return super().get_context_data(notice=notice, publisher=publisher, **kwargs)


class NoticeRegisterJson(View):
    """The register of a version, in the structure of the register file."""

    activity = NO_PERSONAL_DATA

    def get(self, request: HttpRequest, number: int | None = None) -> HttpResponse:
        notice = notice_or_404(number)
        return JsonResponse(register_of(notice.rows), json_dumps_params={"ensure_ascii": False, "indent": 1})


class NoticeRegisterCsv(View):
    """The register of a version as a table for a spreadsheet."""

    activity = NO_PERSONAL_DATA

    def get(self, request: HttpRequest, number: int | None = None) -> HttpResponse:
        notice = notice_or_404(number)
        lines = [
            (row.number, row.code, row.label, line.number, line.published_use.purpose, line.purpose_label)
            for row in notice.rows
            for line in row.uses
        ]
        response = HttpResponse(register_csv(lines), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="notice-{notice.version.number}.csv"'
        return response


class GrantMatrixView(TemplateView):
    """権限の一覧. Published uses × people or sections: who may see, change, take out and decide."""

    activity = ACCESS_ADMINISTRATION
    template_name = "privacy/notice/grant_matrix.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        by = "sections" if self.request.GET.get("by") == "sections" else "people"
        matrix = grant_matrix(on=today, only=self.request.GET.get("only", ""), by=by)
        if matrix is None:
            raise Http404("いま有効な公表の版がありません。")
        sections = reviews(year=fiscal_year(today), on=today)
        return super().get_context_data(
            matrix=matrix,
            operations=OPERATIONS,
            clashes=clashes_now(),
            reviewed=sum(section.review is not None for section in sections),
            reviews=sections,
            unneeded=sum(section.unneeded for section in sections),
            year=fiscal_year(today),
            **kwargs,
        )
