"""結果CSVの列の対応: the list, the editor over a sample, one map with its versions, copying, reading a file again."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views import View

from health_programs.checkups import policies
from health_programs.checkups.actions import maps, tables
from health_programs.checkups.activities import CHECKUP_ADMINISTRATION
from health_programs.checkups.files.result_csv import RowReader
from health_programs.checkups.files.result_map import Shape
from health_programs.checkups.map_forms import AgainForm, CopyForm, MapForm, carried, initial_of, options
from health_programs.checkups.models import ResultMap
from health_programs.checkups.policies import UnableToMove
from health_programs.checkups.presentation.maps import Preview, preview, told
from health_programs.checkups.queries import maps as queries
from health_programs.checkups.queries import results as result_queries
from health_programs.checkups.queries import targets as offers
from health_programs.checkups.views.frame import may_do, require, work_tabs
from kumiai.accounts.queries import staff_names
from kumiai.tabular.reading import LIMITS, Row, Sheet, read

SAMPLE_LINES, SAMPLE_ROWS, SAMPLE_CHARACTERS = 60, 20, 200_000


def map_or_404(pk: int) -> ResultMap:
    found = queries.map_of(pk)
    if found is None:
        raise Http404("この番号の列の対応はありません。")
    return found


class MapList(View):
    """列の対応の一覧."""

    activity = CHECKUP_ADMINISTRATION

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = queries.maps(used=False)
        who = staff_names([row.saved_by_id for row in rows])
        context = {
            "tabs": work_tabs("archive-list"),
            "lines": [(row, len(row.shape_stored["items"]), who.get(row.saved_by_id, "")) for row in rows],
            "may_change": may_do(request, CHECKUP_ADMINISTRATION),
        }
        return TemplateResponse(request, "health_programs/checkups/map_list.html", context)


class MapEdit(View):
    """A map, new or its next version. The sample lives in the page only: it is sent again with the form and kept nowhere."""

    activity = CHECKUP_ADMINISTRATION

    def get(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        require(request, CHECKUP_ADMINISTRATION)
        before = map_or_404(pk) if pk is not None else None
        shape = before.shape if before else Shape(constants={"insurer_number": settings.ASSOCIATION["insurer_number"]})
        form = self._form(None, before, shape.heads, initial_of(shape))
        return self._page(request, form, before)

    def post(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        before = map_or_404(pk) if pk is not None else None
        data, problem, sheet = request.POST.copy(), "", None
        upload = request.FILES.get("file")
        if upload is not None:
            problem = _take_sample(data, upload)
        if data.get("sample"):
            sheet = read(str(data["sample"])[:SAMPLE_CHARACTERS].encode(), delimiter=_delimiter(data))
        heads = _heads(data, sheet)
        form = self._form(data, before, heads, None)
        if problem:
            form.add_error("file", problem)
        elif not heads:
            form.add_error("file", "見本のファイルを選んで、「見本で確かめる」を押してください。")
        if form.is_valid() and "save" in data:
            try:
                saved = self._save(request, form, before)
            except UnableToMove as unable:
                form.add_error(None, str(unable))
            else:
                messages.success(request, f"列の対応を第{saved.number}版として保存しました。")
                return redirect("checkups:map-detail", pk=saved.pk)
        status = 422 if form.errors else 200
        return self._page(request, form, before, sheet=sheet, status=status)

    def _form(self, data: Any, before: ResultMap | None, heads: Any, initial: dict[str, Any] | None) -> MapForm:
        places = offers.institutions(active=True)
        return MapForm(data, columns=heads, before=before, places=places, initial=initial)

    def _save(self, request: HttpRequest, form: MapForm, before: ResultMap | None) -> ResultMap:
        given = form.cleaned_data
        return maps.save_map(
            by=request.user, institution=before.institution if before else given["institution"],
            title=before.title if before else given["title"], shape=form.shape, note=given.get("note", ""), before=before,
        )  # fmt: skip

    def _page(
        self,
        request: HttpRequest,
        form: MapForm,
        before: ResultMap | None,
        *,
        sheet: Sheet | None = None,
        status: int = 200,
    ) -> HttpResponse:
        seen = _preview(form, sheet) if sheet is not None and form.is_bound else None
        context = {
            "form": form,
            "before": before,
            "options": options(),
            "seen": seen,
            "columns": [(one, seen.cells.get(one["place"], []) if seen else []) for one in form.column_fields],
        }
        return TemplateResponse(request, "health_programs/checkups/map_form.html", context, status=status)


def _delimiter(data: Any) -> str:
    found: str = data.get("delimiter", "")
    return found if len(found) == 1 else ""


def _take_sample(data: Any, upload: Any) -> str:
    """The first lines of a file into the form, as text; what is wrong with the file where they cannot be taken."""
    if upload.size > LIMITS.file_bytes:
        return f"{LIMITS.file_bytes // 1024 // 1024}MBまでのファイルを選んでください。"
    codec = data.get("codec", "")
    sheet = read(upload.read(), codec=codec if codec in dict(MapForm.base_fields["codec"].choices) else "", delimiter=_delimiter(data))  # type: ignore[attr-defined]  # fmt: skip
    if sheet.problem is not None:
        return f"{sheet.problem.without_value}{sheet.problem.remedy}"
    data["sample"] = "\n".join(line[:20_000] for line in sheet.lines[:SAMPLE_LINES])[:SAMPLE_CHARACTERS]
    return ""


def _heads(data: Any, sheet: Sheet | None) -> list[str]:
    """The heads of the sample; where they are others than before, what was said of the columns goes with its head."""
    try:
        old = [str(one) for one in json.loads(data.get("heads") or "[]")][: LIMITS.cells]
    except (ValueError, TypeError):
        old = []
    if sheet is None or sheet.problem is not None:
        return old
    wanted = data.get("head_row", "")
    number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 3 else 1
    row = next((one for one in sheet.rows() if one.number == (number or 1)), None)
    cells = [cell.strip()[:100] for cell in row.cells][: LIMITS.cells] if row is not None else []
    heads = cells if number else [""] * len(cells)
    if heads != old:
        for name, text in carried(old, data, heads).items():
            data[name] = text
        data["heads"] = json.dumps(heads, ensure_ascii=False)
    return heads


def _preview(form: MapForm, sheet: Sheet) -> Preview | None:
    if sheet.problem is not None or not hasattr(form, "cleaned_data"):
        return None
    shape = form.shape
    rows: list[Row] = []
    for row in sheet.rows(width=shape.width):
        if row.number > shape.head_row and not row.blank:
            rows.append(row)
        if len(rows) == SAMPLE_ROWS:
            break
    own = [settings.ASSOCIATION["insurer_number"]]
    reader = RowReader(shape, institution=("", ""), insurers=own, received=timezone.localdate())
    try:
        policies.check_shape(shape)
    except UnableToMove:
        return preview(rows, reader, complete=False)
    return preview(rows, reader, complete=True)


class MapDetail(View):
    """One version of a map in words, with the others."""

    activity = CHECKUP_ADMINISTRATION

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return map_page(request, pk)


def map_page(request: HttpRequest, pk: int, form: CopyForm | None = None, status: int = 200) -> HttpResponse:
    row = map_or_404(pk)
    versions = queries.versions_of(row)
    who = staff_names([one.saved_by_id for one in versions])
    others = [one for one in offers.institutions(active=True) if one.pk != row.institution_id]
    context = {
        "row": row,
        "newest": versions[0].pk == row.pk,
        "versions": [(one, who.get(one.saved_by_id, "")) for one in versions],
        "may_change": may_do(request, CHECKUP_ADMINISTRATION),
        "copy_form": form or CopyForm(places=others, initial={"title": row.title}),
        **told(row.shape),
    }
    return TemplateResponse(request, "health_programs/checkups/map_detail.html", context, status=status)


class MapCopy(View):
    """ほかの機関に写す."""

    activity = CHECKUP_ADMINISTRATION
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = map_or_404(pk)
        form = CopyForm(request.POST, places=offers.institutions(active=True))
        if form.is_valid():
            try:
                made = maps.copy_map(by=request.user, source=row, **form.cleaned_data)
            except UnableToMove as unable:
                form.add_error("title", str(unable))
            else:
                messages.success(request, "列の対応を写しました。見本で確かめてから使ってください。")
                return redirect("checkups:map-detail", pk=made.pk)
        return map_page(request, pk, form, status=422)


class MapUse(View):
    """使う・使わない."""

    activity = CHECKUP_ADMINISTRATION
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = map_or_404(pk)
        try:
            changed = maps.set_use(by=request.user, map_id=row.pk, use="use" in request.POST)
        except UnableToMove as unable:
            messages.warning(request, str(unable))
        else:
            messages.success(
                request, "この列の対応を使います。" if changed.current else "この列の対応を使わないようにしました。"
            )
        return redirect("checkups:map-detail", pk=pk)


class ArchiveAgain(View):
    """CSVを読み直す: the lines that were wrong, by the map chosen."""

    activity = CHECKUP_ADMINISTRATION
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        archive = result_queries.archive_of(pk)
        if archive is None:
            raise Http404("この番号の結果ファイルはありません。")
        form = AgainForm(request.POST, maps=queries.maps())
        if not form.is_valid():
            messages.warning(request, "列の対応を選んでください。")
        else:
            try:
                tables.read_again(by=request.user, archive_id=pk, result_map=form.cleaned_data["result_map"])
            except UnableToMove as unable:
                messages.warning(request, str(unable))
        return redirect("checkups:archive-detail", pk=pk)
