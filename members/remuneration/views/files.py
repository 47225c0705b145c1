"""取り込み of decisions: the files, what each line will do, and applying it."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views import View

from kumiai.accounts.queries import staff_names
from members.remuneration import queries
from members.remuneration.actions import importing
from members.remuneration.activities import STANDARD_REMUNERATION
from members.remuneration.enums import Decision, FileState, Outcome
from members.remuneration.files.decisions import LAYOUT
from members.remuneration.forms import FileForm
from members.remuneration.models import RemunerationFile
from members.remuneration.policies import UnableToSet
from members.remuneration.views.frame import listing, may_change, people_of, tabs, today

MOST_BYTES = 10_000_000


class FileList(View):
    """取り込んだファイル, and a new one."""

    activity = STANDARD_REMUNERATION

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(request, FileForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = FileForm(request.POST, request.FILES)
        if form.is_valid():
            given = form.cleaned_data["file"]
            try:
                if given.size > MOST_BYTES:
                    raise UnableToSet("ファイルが大きすぎます（10MBまで）。")
                file = importing.receive_file(by=request.user, name=given.name, body=given.read(), today=today())
            except UnableToSet as unable:
                form.add_error("file", str(unable))
            else:
                messages.success(
                    request, f"{file.line_count:,}行を受け付けました。確かめ終わると、行ごとの結果が出ます。"
                )
                return HttpResponseRedirect(reverse("remuneration:file-detail", args=[file.pk]))
        return self.page(request, form, 422)

    def page(self, request: HttpRequest, form: FileForm, code: int = 200) -> HttpResponse:
        rows, bar = listing(request, queries.files(), lambda n: f"?page={n}" if n > 1 else "?")
        names = staff_names([row.received_by_id for row in rows])
        context = bar | {
            "tabs": tabs("file-list"),
            "rows": [(row, names.get(row.received_by_id, "")) for row in rows],
            "form": form,
            "columns": LAYOUT.columns,
            "may_write": may_change(request),
        }
        return TemplateResponse(request, "members/remuneration/file_list.html", context, status=code)


def file_or_404(pk: int) -> RemunerationFile:
    file = queries.file_of(pk)
    if file is None:
        raise Http404("この番号の取り込みはありません。")
    return file


class FileDetail(View):
    """一つのファイル: every line with what becomes of it."""

    activity = STANDARD_REMUNERATION

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return show(request, file_or_404(pk))


def show(request: HttpRequest, file: RemunerationFile, *, problem: str = "", code: int = 200) -> HttpResponse:
    outcome = request.GET.get("outcome", "")
    outcome = outcome if outcome in Outcome.values else ""
    counts = queries.outcome_counts(file)

    def link(page: int) -> str:
        values = {"outcome": outcome, "page": page if page > 1 else ""}
        return "?" + urlencode({name: value for name, value in values.items() if value})

    rows, bar = listing(request, queries.lines_of(file, outcome), link, unit="行")
    people = people_of(request, [row.member_id for row in rows])
    labels = dict(Decision.choices)
    context = bar | {
        "tabs": tabs("file-list"),
        "file": file,
        "lines": [
            (
                row,
                people.get(row.member_id or 0),
                labels.get(row.values.get("decision"), ""),
                int(yen) if (yen := row.values.get("remuneration")) else None,
            )
            for row in rows
        ],
        "counts": [(value, label, counts.get(value, 0)) for value, label in Outcome.choices if counts.get(value)],
        "outcome": outcome,
        "new": counts.get(Outcome.NEW, 0),
        "waits": file.state == FileState.CHECKED,
        "may_write": may_change(request),
        "problem": problem,
    }
    return TemplateResponse(request, "members/remuneration/file_detail.html", context, status=code)


class FileApply(View):
    """登録を始める."""

    activity = STANDARD_REMUNERATION
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        file_or_404(pk)
        try:
            importing.start_apply(by=request.user, file_id=pk)
        except UnableToSet as unable:
            return show(request, file_or_404(pk), problem=str(unable), code=422)
        messages.success(request, "登録しています。終わると、行ごとの結果が変わります。")
        return HttpResponseRedirect(reverse("remuneration:file-detail", args=[pk]))


class FileDiscard(View):
    """取りやめる."""

    activity = STANDARD_REMUNERATION
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        file_or_404(pk)
        try:
            importing.discard_file(by=request.user, file_id=pk)
        except UnableToSet as unable:
            return show(request, file_or_404(pk), problem=str(unable), code=422)
        messages.success(request, "取り込みを取りやめました。")
        return HttpResponseRedirect(reverse("remuneration:file-list"))


class FileTemplate(View):
    """ひな型 of the CSV."""

    activity = STANDARD_REMUNERATION

    def get(self, request: HttpRequest) -> HttpResponse:
        response = HttpResponse(LAYOUT.template(), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="standard-remuneration.csv"'
        return response
