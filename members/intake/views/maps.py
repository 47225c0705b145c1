"""列の対応: which column of theirs is which of ours, chosen by looking at the first rows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views import View

from kumiai.accounts.login import clerk_id
from kumiai.tabular.columns import Unreadable, plain
from kumiai.tabular.reading import Sheet
from members.intake import actions, policies
from members.intake.actions.checking import sheet_of
from members.intake.actions.receiving import missing, take_head
from members.intake.activities import MEMBER_IMPORT
from members.intake.forms import MapForm
from members.intake.models import ImportFile
from members.intake.rules.layouts import LABELED, LAYOUTS
from members.intake.views.frame import file_or_404, require_change

LOOKED_AT = 5_000
MOST_WORDS = 12


class FileMap(View):
    """The screen of the map: our columns at the left, theirs to choose, the first rows below."""

    activity = MEMBER_IMPORT

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        require_change(request)
        file = file_or_404(pk)
        sheet = sheet_of(file)
        text = request.GET.get("head", "")
        if text.isascii() and text.isdigit() and len(text) < 4:
            take_head(file, sheet, int(text))
            found = LAYOUTS[file.kind].match(file.heads)
            file.places = {code: {"head": file.heads[place], "place": place} for code, place in found.items()}
        return self._page(request, file, sheet, self._form(request, file, sheet))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        file = file_or_404(pk)
        sheet = sheet_of(file)
        chosen = request.POST.get("head_row", "")
        if chosen.isascii() and chosen.isdigit() and len(chosen) < 4:
            take_head(file, sheet, int(chosen))
        form = self._form(request, file, sheet, request.POST)
        if form.is_valid():
            try:
                used = actions.use_map(
                    by=request.user,
                    file=file,
                    head_row=form.cleaned_data["head_row"],
                    places=form.places,
                    constants=form.constants,
                    translations=form.translations,
                )
                if form.cleaned_data["title"].strip():
                    actions.save_map(by=request.user, file=used, title=form.cleaned_data["title"].strip())
                return redirect("intake:importfile-detail", pk=pk)
            except policies.UnableToMove as unable:
                form.add_error(None, str(unable))
        return self._page(request, file, sheet, form, status=422)

    def _form(self, request: HttpRequest, file: ImportFile, sheet: Sheet, data: Any = None) -> MapForm:
        layout = LAYOUTS[file.kind]
        places = {code: one["place"] for code, one in file.places.items()}
        if data is not None:
            typed = {code: data.get(f"c_{code}", "") for code in layout.codes}
            places = {
                code: int(text) for code, text in typed.items() if text.isascii() and text.isdigit() and len(text) < 5
            }
        own = file.uploaded_by_id == clerk_id(request)
        unread = (
            _unread(file, sheet, places) if own else {code: list(words) for code, words in file.translations.items()}
        )
        initial: dict[str, Any] = {"head_row": file.head_row, "title": file.column_map.title if file.column_map else ""}
        initial |= {f"c_{code}": str(one["place"]) for code, one in file.places.items()}
        initial |= {f"k_{code}": value for code, value in file.constants.items()}
        for code, texts in unread.items():
            for place, text in enumerate(texts):
                initial[f"t_{code}_{place}"] = file.translations.get(code, {}).get(text, "")
        return MapForm(data, layout=layout, heads=file.heads, unread=unread, words=LABELED, initial=initial)

    def _page(
        self, request: HttpRequest, file: ImportFile, sheet: Sheet, form: MapForm, status: int = 200
    ) -> HttpResponse:
        own = file.uploaded_by_id == clerk_id(request)
        # A row may be of a protected person: only whoever sent the file sees it before it is checked.
        rows = [row for row in sheet.first_rows if row.number > file.head_row][:5] if own else []
        context = {
            "file": file,
            "form": form,
            "rows": rows,
            "missing": missing(file),
            "own": own,
        }
        return TemplateResponse(request, "members/intake/importfile_map.html", context, status=status)


def _unread(file: ImportFile, sheet: Sheet, places: dict[str, int]) -> dict[str, list[str]]:
    """Column of choices → what the first lines hold that is none of the known words, and what was translated before."""
    found: dict[str, list[str]] = {}
    for column in LAYOUTS[file.kind].columns:
        place = places.get(column.code)
        if column.code not in LABELED or place is None:
            continue
        texts: dict[str, None] = dict.fromkeys(file.translations.get(column.code, {}))
        for row in sheet.rows(width=file.width):
            if row.number > LOOKED_AT or len(texts) >= MOST_WORDS:
                break
            text = (
                plain(row.cells[place])
                if row.number > file.head_row and place < len(row.cells) and not row.problems
                else ""
            )
            if text and text not in texts:
                try:
                    column.kind.read(text)
                except Unreadable:
                    texts[text] = None
        if texts:
            found[column.code] = list(texts)
    return found
