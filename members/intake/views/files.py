"""The list of imports, taking a file in, one import from the check to the result."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views import View

from kumiai.accounts.login import clerk_id
from kumiai.accounts.queries import staff_names
from kumiai.ui.paging import integer, page_number, pages
from members.enrollment import queries as enrollment
from members.intake import actions, policies, queries
from members.intake.activities import MEMBER_IMPORT
from members.intake.enums import FileState, ImportKind, Outcome
from members.intake.forms import ReceiveForm
from members.intake.presentation.files import (
    KINDS,
    SHOWS,
    STATES,
    Conditions,
    shares_of,
    size_words,
    status_of,
    steps_of,
)
from members.intake.presentation.lines import shown_line
from members.intake.views.frame import file_or_404, may_change, require_change

FEW = 5
OUTCOMES = {
    "work": (Outcome.NEW, Outcome.CHANGED),
    "new": (Outcome.NEW,),
    "changed": (Outcome.CHANGED,),
    "conflict": (Outcome.CONFLICT,),
    "error": (Outcome.ERROR,),
    "unchanged": (Outcome.UNCHANGED,),
}


class FileList(View):
    """取り込みの一覧, newest first."""

    activity = MEMBER_IMPORT

    def get(self, request: HttpRequest) -> HttpResponse:
        conditions = Conditions.from_query(request.GET)
        found = queries.file_list(kind=conditions.kind, state=conditions.state, page=conditions.page)
        who = staff_names([file.uploaded_by_id for file in found.files])
        context = {
            "found": found,
            "lines": [(f, status_of(f), who.get(f.uploaded_by_id, "")) for f in found.files],
            "conditions": conditions,
            "kinds": KINDS,
            "states": STATES,
            "may_change": may_change(request),
            "pages": pages(found.page, found.pages, found.total, lambda n: conditions.query(page=n), unit="件"),
        }
        return TemplateResponse(request, "members/intake/importfile_list.html", context)


class FileReceive(View):
    """ファイルを取り込む."""

    activity = MEMBER_IMPORT

    def get(self, request: HttpRequest) -> HttpResponse:
        require_change(request)
        initial: dict[str, Any] = {"received_date": timezone.localdate()}
        before = self._before(request)
        if before is not None:
            initial |= {
                "kind": before.kind,
                "employer": before.employer_id or "",
                "column_map": before.column_map_id or "",
            }
            initial["received_date"] = before.received_date
        elif request.GET.get("kind") in ImportKind.values:
            initial["kind"] = request.GET["kind"]
        return self._page(request, self._form(initial=initial), before)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self._form(request.POST, request.FILES)
        before = self._before(request)
        if not form.is_valid():
            return self._page(request, form, before, status=422)
        given = form.cleaned_data
        body = given["file"].read()
        same = queries.same_bytes(hashlib.sha256(body).hexdigest(), given["kind"])
        if same is not None and not given["again"]:
            form.offer_again = True
            form.add_error(
                "file",
                f"同じ内容のファイルを{same.uploaded_at.astimezone():%-m月%-d日}に取り込んでいます（{same.get_state_display()}）。"
                "もう一度調べるときは、下の欄を選んでください。反映済みの行は「変更なし」になります。",
            )
            return self._page(request, form, before, status=422, same=same)
        received = actions.receive_file(
            by=request.user,
            kind=given["kind"],
            employer=given["employer"],
            received_date=given["received_date"],
            name=given["file"].name or "",
            body=body,
            column_map=given["column_map"],
            replaces=before,
        )
        unclear = received.file.state == FileState.UPLOADED
        return redirect("intake:importfile-map" if unclear else "intake:importfile-detail", pk=received.file.pk)

    def _before(self, request: HttpRequest) -> Any:
        """The import whose corrected file this is."""
        number = integer(request.GET.get("replaces") or request.POST.get("replaces"))
        return queries.file_of(number) if number is not None else None

    def _form(self, *args: Any, **kwargs: Any) -> ReceiveForm:
        return ReceiveForm(
            *args, employers=enrollment.employers(), maps=queries.column_maps(), today=timezone.localdate(), **kwargs
        )

    def _page(
        self, request: HttpRequest, form: ReceiveForm, before: Any, status: int = 200, same: Any = None
    ) -> HttpResponse:
        context = {"form": form, "before": before, "same": same}
        return TemplateResponse(request, "members/intake/importfile_receive.html", context, status=status)


class FileDetail(View):
    """One import: what is being done, what would change, what became of it."""

    activity = MEMBER_IMPORT

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        file = file_or_404(pk)
        show = request.GET.get("show", "work")
        show = show if show in OUTCOMES else "work"
        number = page_number(request.GET.get("page"))
        today, user_id = timezone.localdate(), clerk_id(request)
        settled = file.state in (FileState.CHECKED, FileState.PARTLY, FileState.APPLIED, FileState.APPLYING)
        page = few = None
        if settled:
            page = queries.line_page(file, OUTCOMES[show], page=number, user_id=user_id, today=today)
            if show == "work":
                few = {
                    code: [
                        shown_line(line)
                        for line in queries.line_page(
                            file, OUTCOMES[code], page=1, user_id=user_id, today=today, size=FEW
                        ).lines
                    ]
                    for code in ("error", "conflict")
                    if file.count(code)
                }
        who = staff_names([file.uploaded_by_id, file.decided_by_id])
        changing = may_change(request)
        work = file.count(Outcome.NEW) + file.count(Outcome.CHANGED)
        context = {
            "file": file,
            "status": status_of(file),
            "size": size_words(file.size),
            "steps": steps_of(file, who),
            "job": file.job
            if file.job is not None and file.state in (FileState.CHECKING, FileState.APPLYING)
            else None,
            "left": file.job.remaining(timezone.now()) if file.job is not None else None,
            "shares": shares_of(file) if settled else [],
            "show": show,
            "shows": [
                (code, label, work if code == "work" else file.count(code))
                for code, label in SHOWS.items()
                if code in ("work", "new", "changed") or file.count(code)
            ],
            "few": few or {},
            "lines": [shown_line(line) for line in page.lines] if page else [],
            "page": page,
            "pages": pages(page.page, page.pages, page.total, lambda n: _query(show, n), unit="行") if page else None,
            "may_apply": changing and policies.can(policies.check_can_apply, file),
            "may_give_up": changing and policies.can(policies.check_can_give_up, file),
            "may_map": changing and policies.can(policies.check_can_map, file),
            "may_correct": changing and policies.can(policies.check_can_correct, file),
            "may_change": changing,
        }
        return TemplateResponse(request, "members/intake/importfile_detail.html", context)


def _query(show: str, page: int) -> str:
    return f"?show={show}&page={page}#lines"


class FileMove(View):
    """A button: does one thing and returns to the import."""

    activity = MEMBER_IMPORT
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            self.move(request, pk)
        except policies.UnableToMove as unable:
            messages.warning(request, str(unable))
        return HttpResponseRedirect(reverse("intake:importfile-detail", args=[pk]))

    def move(self, request: HttpRequest, pk: int) -> None:
        raise NotImplementedError


class FileApply(FileMove):
    """誤りのない行を反映."""

    activity = MEMBER_IMPORT

    def move(self, request: HttpRequest, pk: int) -> None:
        actions.start_apply(by=request.user, file=file_or_404(pk))


class FileGiveUp(FileMove):
    """取り込みをやめる."""

    activity = MEMBER_IMPORT

    def move(self, request: HttpRequest, pk: int) -> None:
        actions.give_up(by=request.user, file=file_or_404(pk))
        messages.success(request, "取り込みをやめました。何も変わっていません。")
