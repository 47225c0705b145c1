"""結果の取り込み: files, results nobody was found for, second results of a year, invoices."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views import View

from health_programs.checkups.actions import archives, tables
from health_programs.checkups.actions import results as result_actions
from health_programs.checkups.activities import CHECKUP_ADMINISTRATION
from health_programs.checkups.enums import ArchiveState, DocumentOutcome, InvoiceState, Source
from health_programs.checkups.files.error_list import error_list
from health_programs.checkups.forms import MatchForm, ReceiveForm, SettleForm
from health_programs.checkups.map_forms import AgainForm
from health_programs.checkups.models import ResultArchive
from health_programs.checkups.policies import UnableToMove
from health_programs.checkups.presentation.status import ARCHIVE, INVOICE, OUTCOME, status
from health_programs.checkups.queries import maps as map_queries
from health_programs.checkups.queries import results as queries
from health_programs.checkups.rules.matching import WORDS, Reason
from health_programs.checkups.views.frame import (
    folders,
    listing,
    may_do,
    require,
    visible_or_refused,
    with_people,
    work_tabs,
)
from kumiai.accounts.login import clerk_id
from kumiai.accounts.queries import staff_names
from kumiai.ui.formats import format_wareki
from members.enrollment.queries import rosters


class ArchiveList(View):
    """結果ファイルの一覧, newest first."""

    activity = CHECKUP_ADMINISTRATION

    def get(self, request: HttpRequest) -> HttpResponse:
        context = listing(request, queries.archives(), lambda number: f"?page={number}", unit="件")
        rows = context["page"].rows
        who = staff_names([row.uploaded_by_id for row in rows])
        context |= {
            "tabs": work_tabs("archive-list"),
            "lines": [(row, status(ArchiveState, row.state, ARCHIVE), who.get(row.uploaded_by_id, "")) for row in rows],
            "may_change": may_do(request, CHECKUP_ADMINISTRATION),
        }
        return TemplateResponse(request, "health_programs/checkups/archive_list.html", context)


class ArchiveReceive(View):
    """結果ファイルを取り込む."""

    activity = CHECKUP_ADMINISTRATION

    def get(self, request: HttpRequest) -> HttpResponse:
        require(request, CHECKUP_ADMINISTRATION)
        today = timezone.localdate()
        return self._page(request, ReceiveForm(today=today, maps=map_queries.maps(), initial={"received_date": today}))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ReceiveForm(request.POST, request.FILES, today=timezone.localdate(), maps=map_queries.maps())
        if form.is_valid():
            given = form.cleaned_data
            try:
                made = self._receive(request, given)
            except UnableToMove as unable:
                form.add_error("file", str(unable))
            else:
                return redirect("checkups:archive-detail", pk=made.pk)
        return self._page(request, form, status=422)

    def _receive(self, request: HttpRequest, given: dict[str, Any]) -> ResultArchive:
        file, body = given["file"], given["file"].read()
        whole = {"by": request.user, "name": file.name or "", "body": body, "received_date": given["received_date"]}
        if given["result_map"] is None:
            return archives.receive(**whole)
        return tables.receive_table(**whole, result_map=given["result_map"], announced=given["announced"])

    def _page(self, request: HttpRequest, form: ReceiveForm, status: int = 200) -> HttpResponse:
        return TemplateResponse(request, "health_programs/checkups/archive_receive.html", {"form": form}, status=status)


class ArchiveDetail(View):
    """One file: what is being done, what became of each document."""

    activity = CHECKUP_ADMINISTRATION

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        archive = queries.archive_of(pk)
        if archive is None:
            raise Http404("この番号の結果ファイルはありません。")
        counts = queries.line_counts(pk)
        shown = request.GET.get("show", "")
        if shown not in DocumentOutcome.values:
            shown = next(
                (one for one in ("failed", "unmatched", "double", "taken", "same") if counts.get(one)), "taken"
            )
        context = listing(
            request,
            queries.lines_of(pk, shown),
            lambda number: "?" + urlencode({"show": shown, "page": number}),
            unit="件",
            total=counts.get(shown, 0),
        )
        context |= {
            "archive": archive,
            "status": status(ArchiveState, archive.state, ARCHIVE),
            "job": archive.job if archive.state == ArchiveState.READING else None,
            "left": archive.job.remaining(timezone.now()) if archive.job is not None else None,
            "folders": folders(DocumentOutcome.choices, counts, shown, lambda code: f"?show={code}"),
            "lines": [(row, status(DocumentOutcome, row.outcome, OUTCOME)) for row in context["page"].rows],
            "again": _again(request, archive, counts),
            "errors": bool(archive.problem or counts.get(DocumentOutcome.FAILED)),
        }
        return TemplateResponse(request, "health_programs/checkups/archive_detail.html", context)


class ArchiveErrorList(View):
    """誤りの一覧のCSV, for the institution: numbers of lines and sentences; no value of anybody and nothing of the register."""

    activity = CHECKUP_ADMINISTRATION

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        archive = queries.archive_of(pk)
        if archive is None:
            raise Http404("この番号の結果ファイルはありません。")
        table = archive.source == Source.CSV
        whole = [["", *archive.problem]] if archive.problem else []
        content = error_list(
            queries.failed_lines(pk),
            # Notes of a table are about our map of its columns; those of an archive are about the sender's totals.
            whole if table else [*whole, *archive.notes],
            table=table,
            title=f"結果ファイル{archive.pk}　収受日 {format_wareki(archive.received_date)}　誤り",
            by=str(request.user),
            at=timezone.localtime(),
        )
        response = HttpResponse(content, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="results-{archive.pk}-errors.csv"'
        return response


def _again(request: HttpRequest, archive: ResultArchive, counts: dict[str, int]) -> AgainForm | None:
    """The form that reads a table again, where something of it could not be read."""
    over = archive.state in (ArchiveState.READ, ArchiveState.UNREADABLE)
    wrong = archive.state == ArchiveState.UNREADABLE or counts.get(DocumentOutcome.FAILED, 0)
    if archive.source != Source.CSV or not (over and wrong and may_do(request, CHECKUP_ADMINISTRATION)):
        return None
    found = map_queries.maps()
    last = archive.result_map
    same = [one for one in found if last and (one.institution_id, one.title) == (last.institution_id, last.title)]
    return AgainForm(maps=found, initial={"result_map": str(same[0].pk)} if same else {})


class UnmatchedList(View):
    """本人が未確認の結果 and 重複受診."""

    activity = CHECKUP_ADMINISTRATION

    def get(self, request: HttpRequest) -> HttpResponse:
        return unmatched_page(request)


def unmatched_page(request: HttpRequest, *, wrong: int = 0, typed: str = "", problem: str = "", status: int = 200) -> HttpResponse:  # fmt: skip
    context = listing(request, queries.unmatched(), lambda number: f"?page={number}", unit="件")
    doubles = list(queries.doubles(clerk_id(request))[:50])
    people = with_people(request, doubles)
    context |= {
        "tabs": work_tabs("unmatched-list"),
        "lines": [
            (row, WORDS[Reason(row.reason)] if row.reason in list(Reason) else "") for row in context["page"].rows
        ],
        "doubles": [(row, people.get(row.member_id or 0)) for row in doubles],
        "may_change": may_do(request, CHECKUP_ADMINISTRATION),
        "wrong": wrong,
        "typed": typed,
        "problem": problem,
    }
    return TemplateResponse(request, "health_programs/checkups/unmatched_list.html", context, status=status)


class ResultMatch(View):
    """本人を選ぶ. What was typed comes back with what is wrong."""

    activity = CHECKUP_ADMINISTRATION
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if queries.result_of(pk) is None:
            raise Http404("この番号の結果はありません。")
        form = MatchForm(request.POST)
        typed = request.POST.get("number", "")[:30]
        if not form.is_valid():
            return unmatched_page(
                request, wrong=pk, typed=typed, problem="記号-番号-枝番を入力してください。", status=422
            )
        member_id = rosters.member_of_number(form.cleaned_data["number"])
        if member_id is None:
            problem = "この記号-番号-枝番の加入者はいません。12-3456-00 のように入力してください。"
            return unmatched_page(request, wrong=pk, typed=typed, problem=problem, status=422)
        try:
            result_actions.match_by_hand(by=request.user, result_id=pk, member_id=member_id)
        except UnableToMove as unable:
            return unmatched_page(request, wrong=pk, typed=typed, problem=str(unable), status=422)
        messages.success(request, "本人を登録しました。この人の健診結果に加わっています。")
        return HttpResponseRedirect(reverse("checkups:unmatched-list"))


class DoubleUse(View):
    """重複受診のうちこちらを使う."""

    activity = CHECKUP_ADMINISTRATION
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        double = queries.result_of(pk)
        if double is None or double.member_id is None:
            raise Http404("この番号の重複受診はありません。")
        visible_or_refused(request, double.member_id, self.activity)
        try:
            result_actions.use_instead(by=request.user, result_id=pk)
        except UnableToMove as unable:
            messages.warning(request, str(unable))
        else:
            messages.success(request, "使う結果を入れ替えました。")
        return HttpResponseRedirect(reverse("checkups:unmatched-list"))


class InvoiceList(View):
    """請求の一覧."""

    activity = CHECKUP_ADMINISTRATION

    def get(self, request: HttpRequest) -> HttpResponse:
        state = request.GET.get("state", "open")
        state = state if state in ("open", *InvoiceState.values) else "open"
        context = listing(
            request,
            queries.invoices(clerk_id(request), state),
            lambda number: "?" + urlencode({"state": state, "page": number}),
            unit="件",
        )
        rows = context["page"].rows
        people = with_people(request, rows)
        context |= {
            "tabs": work_tabs("invoice-list"),
            "state": state,
            "states": [("open", "確かめる請求"), *InvoiceState.choices],
            "lines": [(row, people.get(row.member_id or 0), status(InvoiceState, row.state, INVOICE)) for row in rows],
            "may_change": may_do(request, CHECKUP_ADMINISTRATION),
        }
        return TemplateResponse(request, "health_programs/checkups/invoice_list.html", context)


class InvoiceSettle(View):
    """請求を確かめた."""

    activity = CHECKUP_ADMINISTRATION
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = SettleForm(request.POST)
        invoice = queries.invoice_of(pk)
        if invoice is None:
            raise Http404("この番号の請求はありません。")
        if invoice.member_id is not None:
            visible_or_refused(request, invoice.member_id, self.activity)
        if not form.is_valid():
            messages.warning(request, "確かめたことを入力してください。")
        else:
            try:
                archives.settle_invoice(by=request.user, invoice_id=pk, note=form.cleaned_data["note"])
            except UnableToMove as unable:
                messages.warning(request, str(unable))
            else:
                messages.success(request, "請求を確認済みにしました。")
        return HttpResponseRedirect(reverse("checkups:invoice-list"))
