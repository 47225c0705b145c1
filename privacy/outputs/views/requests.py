"""出力の一覧, asking for a file, and what its requester does with it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views import View

from kumiai.accounts.queries import staff_by_id
from kumiai.accounts.step_up import StepUp
from kumiai.jobs import queries as jobs
from kumiai.tabular.writing import Replacement
from kumiai.ui.declarations import NO_PERSONAL_DATA
from privacy.outputs import actions, presentation, queries
from privacy.outputs.enums import OutputState
from privacy.outputs.forms import HandBackForm
from privacy.outputs.kinds import file_kinds
from privacy.outputs.models import Output
from privacy.outputs.policies import Closed
from privacy.outputs.views.frame import kind_or_404, output_or_404, through_door
from privacy.seen import population

PAGE = 50
FILTERS = {
    "mine": "自分の依頼",
    "waiting": "確認を待つもの",
    "ready": "受け渡し可",
    "fetched": "取り出し済み",
    "destroyed": "廃棄済み",
    "overdue": "返却・廃棄の期限切れ",
}


class OutputList(View):
    """出力の一覧: what I asked for, what waits for me, what is ready, fetched, destroyed. Ids and counts, nobody's data."""

    activity = NO_PERSONAL_DATA

    def get(self, request: HttpRequest) -> HttpResponse:
        user, today = request.user, timezone.localdate()
        seen = queries.outputs_of(user)
        decidable = queries.decidable(int(user.pk or 0))
        by_filter = {
            "mine": seen.filter(requested_by=user.pk),
            "waiting": queries.waiting_for(user, decidable),
            "ready": queries.ready_for(user),
            "fetched": seen.filter(state=OutputState.FETCHED),
            "destroyed": seen.filter(state=OutputState.DESTROYED),
            "overdue": queries.overdue_for(user, today),
        }
        chosen = request.GET.get("show", "")
        rows = by_filter.get(chosen, seen).order_by("-id")
        page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
        staff = staff_by_id(output.requested_by_id for output in page)
        context = {
            "lines": [presentation.line(output, file_kinds(), staff, today) for output in page],
            "page": page,
            "chosen": chosen if chosen in FILTERS else "",
            "filters": [(key, word, by_filter[key].count()) for key, word in FILTERS.items()],
            "may_ask": bool(queries.exportable_kinds(int(user.pk or 0))),
        }
        return TemplateResponse(request, "privacy/outputs/output_list.html", context)


class FileKindList(View):
    """ファイルを出す: kinds of files this person may ask for, with whom they may go to, why, and what they carry."""

    activity = NO_PERSONAL_DATA

    def get(self, request: HttpRequest) -> HttpResponse:
        entries = [
            {
                "kind": kind,
                "second_person": queries.setting_of(kind)[0],
                "days": queries.setting_of(kind)[1],
                "recipients": [
                    {
                        "word": recipient.label,
                        "basis": allowed.article or allowed.basis.label,
                        "items": "、".join(column.title for column in kind.chosen(allowed.items)),
                    }
                    for recipient, allowed in kind.recipients.items()
                ],
            }
            for kind in queries.exportable_kinds(int(request.user.pk or 0))
        ]
        return TemplateResponse(request, "privacy/outputs/file_kind_list.html", {"entries": entries})


class OutputDetail(View):
    """One file: what, to whom, how many, its life, and what can be done now. Nobody's data; the bytes are not here."""

    activity = NO_PERSONAL_DATA

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        output = output_or_404(request, pk)
        return TemplateResponse(request, "privacy/outputs/output_detail.html", detail(request, output))


def detail(request: HttpRequest, output: Output) -> dict[str, Any]:
    kind = file_kinds().get(output.file_kind)
    today = timezone.localdate()
    user: Any = request.user
    staff = staff_by_id([output.requested_by_id, output.decided_by_id, output.destroyed_by_id, output.returned_by_id])
    mine = output.requested_by_id == user.pk
    can_decide = output.state == OutputState.WAITING and queries.waiting_for(user).filter(pk=output.pk).exists()
    can_hand_back = output.return_due is not None and output.returned_on is None and (mine or user.is_staff)
    return {
        "output": output,
        "kind": kind,
        "line": presentation.line(output, file_kinds(), staff, today),
        "columns": kind.chosen(output.columns) if kind else (),
        "removed": presentation.removal_lines(output.removed),
        # Who is to type the recipient's number does not read it off the file's name.
        "steps": presentation.steps(output, staff, with_name=not can_decide),
        "duty": presentation.duty_of(output),
        "provision": getattr(output, "provision", None),
        "mine": mine,
        "can_decide": can_decide,
        "can_fetch": mine and output.state == OutputState.READY and not output.is_expired(timezone.now()),
        "can_withdraw": mine and output.state in (OutputState.PREPARING, OutputState.WAITING, OutputState.READY),
        "can_destroy": mine and output.state in (OutputState.FETCHED, OutputState.REFUSED, OutputState.WITHDRAWN),
        "return_form": HandBackForm(initial={"on": today}) if can_hand_back and mine else None,
        "returned_by": staff.get(output.returned_by_id or 0),
        "job": jobs.jobs_of(user).filter(pk=output.job_id or 0).first() if mine else None,
        "moving": output.state in (OutputState.PREPARING, OutputState.READY, OutputState.WAITING),
        "changed_count": output.subject_count is not None
        and output.subject_count != output.expected_count
        and not (kind and kind.counts_only),
    }


class OutputProgress(View):
    """The state, asked for by the page every two seconds; when it changed, the page is loaded anew."""

    activity = NO_PERSONAL_DATA
    polling = True

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        output = output_or_404(request, pk)
        job = jobs.jobs_of(request.user).filter(pk=output.job_id or 0).first()
        response = TemplateResponse(
            request, "privacy/outputs/components/moving.html", {"output": output, "job": job, "moving": True}
        )
        if request.GET.get("state", output.state) != output.state:
            response["HX-Refresh"] = "true"
        return response


class OutputFetch(StepUp, View):
    """取り出す: the bytes leave, once, under export; the event of this request carries everyone in the file."""

    activity = NO_PERSONAL_DATA
    http_method_names = ["post"]

    def step_up_return(self, request: HttpRequest) -> str:
        return reverse("outputs:output-detail", args=[self.kwargs["pk"]])  # type: ignore[attr-defined]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        output = output_or_404(request, pk)
        kind = kind_or_404(output.file_kind)

        def work() -> HttpResponse:
            if output.replaced_count and "replaced_seen" not in request.POST:
                raise Closed("置き換わる文字を確かめてから、取り出してください。")
            taken = actions.fetch(by=request.user, output_id=pk, at=timezone.now(), today=timezone.localdate())
            response = HttpResponse(taken.body, content_type=taken.content_type)
            response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(taken.filename)}"
            response["Cache-Control"] = "no-store"
            return response

        return through_door(request, kind.activity, operation="export", object_id=pk, work=work)


class OutputMove(View):
    """A button of the requester: does one thing in the file's own scope and returns to the file."""

    activity = NO_PERSONAL_DATA
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        output = output_or_404(request, pk)
        kind = kind_or_404(output.file_kind)

        def work() -> HttpResponse:
            self.move(request, pk)
            population(kind.title, output.row_count or 0)
            return HttpResponseRedirect(reverse("outputs:output-detail", args=[pk]))

        return through_door(request, kind.activity, operation="export", object_id=pk, work=work)

    def move(self, request: HttpRequest, pk: int) -> None:
        raise NotImplementedError


class OutputWithdraw(OutputMove):
    """取り下げる."""

    activity = NO_PERSONAL_DATA

    def move(self, request: HttpRequest, pk: int) -> None:
        actions.withdraw(by=request.user, output_id=pk)


class OutputDestroy(OutputMove):
    """いま廃棄する."""

    activity = NO_PERSONAL_DATA

    def move(self, request: HttpRequest, pk: int) -> None:
        actions.destroy(by=request.user, output_id=pk, at=timezone.now())


class OutputHandBack(OutputMove):
    """委託先の返却・廃棄を記録する."""

    activity = NO_PERSONAL_DATA

    def move(self, request: HttpRequest, pk: int) -> None:
        form = HandBackForm(request.POST)
        if not form.is_valid():
            raise Closed("確かめた日を読み取れませんでした。令和8年4月1日か 2026-4-1 のように入力してください。")
        actions.hand_back(
            by=request.user,
            output_id=pk,
            on=form.cleaned_data["on"],
            way=form.cleaned_data["way"],
            today=timezone.localdate(),
        )


class OutputHome(View):
    """受け渡し on the first page: what waits for my confirmation, what is ready, what contractors still hold."""

    activity = NO_PERSONAL_DATA

    def get(self, request: HttpRequest) -> HttpResponse:
        user, today = request.user, timezone.localdate()
        decidable = queries.decidable(int(user.pk or 0))
        waiting = list(queries.waiting_for(user, decidable).order_by("id")[:5])
        ready = list(queries.ready_for(user).order_by("id")[:5])
        overdue = list(queries.overdue_for(user, today).order_by("return_due")[:5])
        if not (waiting or ready or overdue):
            return HttpResponse(status=204)
        staff = staff_by_id(output.requested_by_id for output in [*waiting, *ready, *overdue])
        kinds = file_kinds()
        context = {
            name: [presentation.line(output, kinds, staff, today) for output in rows]
            for name, rows in (("waiting", waiting), ("ready", ready), ("overdue", overdue))
        }
        return TemplateResponse(request, "privacy/outputs/fragments/output_home.html", context)


class OutputReplaced(View):
    """置き換わる文字: what CP932 could not hold, shown before the file is fetched."""

    activity = NO_PERSONAL_DATA

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        output = output_or_404(request, pk)
        kind = kind_or_404(output.file_kind)

        def work() -> HttpResponse:
            content = queries.shelf_models(kind)[1].objects.only("replaced").filter(pk=pk).first()
            population(kind.title, output.row_count or 0)
            lost = [Replacement(*entry) for entry in content.replaced] if content else []
            context = {"output": output, "replaced": lost}
            return TemplateResponse(request, "privacy/outputs/output_replaced.html", context)

        return through_door(request, kind.activity, operation="export", object_id=pk, work=work)


class OutputHelp(View):
    """使い方."""

    activity = NO_PERSONAL_DATA

    def get(self, request: HttpRequest) -> HttpResponse:
        return TemplateResponse(request, "privacy/outputs/output_help.html")
