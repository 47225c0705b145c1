"""One line put right, and the list of errors to send back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views import View

from kumiai.accounts.login import clerk_id
from members.intake import actions, policies, queries
from members.intake.activities import MEMBER_IMPORT
from members.intake.enums import Outcome
from members.intake.files import error_list
from members.intake.forms import LineForm, line_initial
from members.intake.presentation.lines import shown_line
from members.intake.rules.layouts import LAYOUTS
from members.intake.views.frame import file_or_404, require_change


class LineCorrect(View):
    """行を直す: the cells of one line, judged again as if the file had said so."""

    activity = MEMBER_IMPORT

    def get(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        require_change(request)
        line = self._line(request, pk, number)
        if line.hidden:
            return self._page(request, line, None, status=403)
        return self._page(request, line, self._form(line))

    def post(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        line = self._line(request, pk, number)
        if line.hidden:
            return self._page(request, line, None, status=403)
        form = self._form(line, request.POST)
        file = line.row.import_file
        if not form.is_valid():
            return self._page(request, line, form, status=422)
        distinct = bool(form.cleaned_data.get("distinct"))
        try:
            row = actions.correct_line(
                by=request.user, file=file_or_404(pk), number=number, cells=form.cells, distinct=distinct
            )
        except policies.UnableToMove as unable:
            form.add_error(None, str(unable))
            return self._page(request, line, form, status=422)
        if row.outcome == Outcome.ERROR:
            for column, _title, _value, what, remedy, _general in row.messages:
                form.add_error(column if column in form.fields else None, f"{what}{remedy}")
            return self._page(request, line, form, status=422)
        said = {Outcome.CONFLICT: "台帳と合わないところがあります。", Outcome.UNCHANGED: "台帳と同じです。"}
        messages.success(
            request, f"{number}行目を直しました。{said.get(Outcome(row.outcome), '反映すると登録されます。')}"
        )
        return redirect("intake:importfile-detail", pk=file.pk)

    def _line(self, request: HttpRequest, pk: int, number: int) -> queries.Line:
        row = queries.line_of(pk, number)
        if row is None:
            raise Http404("この行はありません。")
        [line] = queries.as_seen([row], user_id=clerk_id(request), today=timezone.localdate())
        return line

    def _form(self, line: queries.Line, data: Any = None) -> LineForm:
        row = line.row
        layout = LAYOUTS[row.import_file.kind]
        initial = row.corrected or line_initial(layout, row.raw, row.import_file.places, row.values)
        alike = row.outcome == Outcome.CONFLICT and any("別の人として追加" in entry[4] for entry in row.messages)
        return LineForm(data, layout=layout, offer_distinct=alike or "distinct" in (data or {}), initial=initial)

    def _page(self, request: HttpRequest, line: queries.Line, form: LineForm | None, status: int = 200) -> HttpResponse:
        context = {"line": shown_line(line), "file": line.row.import_file, "form": form}
        return TemplateResponse(request, "members/intake/stagedrow_correct.html", context, status=status)


class FileErrorList(View):
    """誤りの一覧のCSV: numbers of lines and sentences; no value of anybody."""

    activity = MEMBER_IMPORT

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        file = file_or_404(pk)
        content = error_list(
            queries.error_lines(file),
            layout=LAYOUTS[file.kind],
            title=f"取り込み{file.pk}　{file.get_kind_display()}の誤り",
            by=str(request.user),
            at=timezone.localtime(),
        )
        response = HttpResponse(content, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="import-{file.pk}-errors.csv"'
        return response
