"""証明の取り込み: files of employers under the allowance they serve, what each line will do, and entering it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from benefits.cash.actions import certificates
from benefits.cash.enums import FileState, LineOutcome
from benefits.cash.files.certificates import LAYOUT
from benefits.cash.forms import CertificateFileForm
from benefits.cash.models import CertificateFile
from benefits.cash.policies import UnableToProcess
from benefits.cash.queries import certificate_files as queries
from benefits.cash.views.frame import ACTIVITIES, listing, may_do, people_of, tabs
from benefits.cash.views.pages import CaseScreen
from kumiai.accounts.queries import staff_names

MOST_BYTES = 10_000_000
WORKS = (("sickness", "傷病手当金"), ("maternity", "出産手当金"))


def at(group: str, page: str, *args: Any) -> str:
    return reverse(f"cash:{group}-certificate-{page}", args=args)


def _frame(request: HttpRequest, group: str) -> dict[str, Any]:
    return {
        "tabs": tabs("sickness-certificate-list"),
        "works": [(at(name, "list"), label, name == group) for name, label in WORKS],
        "title": dict(WORKS)[group],
        "may_write": may_do(request, ACTIVITIES[group]),
        "list_url": at(group, "list"),
        "template_url": at(group, "template"),
    }


class CertificateScreen(CaseScreen):
    """A screen of files of one allowance."""

    def file(self, pk: int) -> CertificateFile:
        file = queries.file_of(pk, self.group)
        if file is None:
            raise Http404("この番号の取り込みはありません。")
        return file

    def show(self, request: HttpRequest, pk: int, *, unable: str = "", code: int = 200) -> HttpResponse:
        file = self.file(pk)
        outcome = request.GET.get("outcome", "")
        outcome = outcome if outcome in LineOutcome.values else ""
        counts = queries.outcome_counts(file)

        def link(page: int) -> str:
            values = {"outcome": outcome, "page": page if page > 1 else ""}
            return "?" + urlencode({name: value for name, value in values.items() if value})

        rows, bar = listing(request, queries.lines_of(file, outcome), link, unit="行")
        people = people_of(request, [row.member_id for row in rows])
        context = bar | _frame(request, self.group) | {
            "file": file,
            "lines": [
                (row, people.get(row.member_id or 0), row.case_id and reverse(f"cash:{self.group}-labour", args=[row.case_id]))
                for row in rows
            ],
            "counts": [(value, label, counts[value]) for value, label in LineOutcome.choices if counts.get(value)],
            "outcome": outcome,
            "new": counts.get(LineOutcome.NEW, 0),
            "waits": file.state == FileState.CHECKED,
            "apply_url": at(self.group, "apply", pk),
            "discard_url": at(self.group, "discard", pk),
            "problem": unable,
        }  # fmt: skip
        return TemplateResponse(request, "benefits/cash/certificate_file.html", context, status=code)


class CertificateList(CertificateScreen):
    """取り込んだファイル, and a new one."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(request, CertificateFileForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = CertificateFileForm(request.POST, request.FILES)
        if form.is_valid():
            given = form.cleaned_data["file"]
            try:
                if given.size > MOST_BYTES:
                    raise UnableToProcess("ファイルが大きすぎます（10MBまで）。")
                file = certificates.receive_certificates(
                    by=request.user, allowance=self.group, name=given.name, body=given.read()
                )
            except UnableToProcess as unable:
                form.add_error("file", str(unable))
            else:
                messages.success(
                    request, f"{file.line_count:,}行を受け付けました。確かめ終わると、行ごとの結果が出ます。"
                )
                return HttpResponseRedirect(at(self.group, "file", file.pk))
        return self.page(request, form, 422)

    def page(self, request: HttpRequest, form: CertificateFileForm, code: int = 200) -> HttpResponse:
        rows, bar = listing(request, queries.files(self.group), lambda n: f"?page={n}" if n > 1 else "?")
        names = staff_names([row.received_by_id for row in rows])
        context = bar | _frame(request, self.group) | {
            "rows": [(row, names.get(row.received_by_id, ""), at(self.group, "file", row.pk)) for row in rows],
            "form": form,
            "columns": LAYOUT.columns,
        }  # fmt: skip
        return TemplateResponse(request, "benefits/cash/certificate_files.html", context, status=code)


class CertificateFileDetail(CertificateScreen):
    """一つのファイル: every line with what becomes of it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show(request, pk)


class CertificateApply(CertificateScreen):
    """登録を始める."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.file(pk)
        try:
            certificates.start_apply(by=request.user, allowance=self.group, file_id=pk)
        except UnableToProcess as unable:
            return self.show(request, pk, unable=str(unable), code=422)
        messages.success(request, "登録しています。終わると、行ごとの結果が変わります。")
        return HttpResponseRedirect(at(self.group, "file", pk))


class CertificateDiscard(CertificateScreen):
    """取りやめる."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.file(pk)
        try:
            certificates.discard(by=request.user, allowance=self.group, file_id=pk)
        except UnableToProcess as unable:
            return self.show(request, pk, unable=str(unable), code=422)
        messages.success(request, "取り込みを取りやめました。")
        return HttpResponseRedirect(at(self.group, "list"))


class CertificateTemplate(CertificateScreen):
    """ひな型 of the CSV."""

    def get(self, request: HttpRequest) -> HttpResponse:
        response = HttpResponse(LAYOUT.template(), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="certificates.csv"'
        return response
