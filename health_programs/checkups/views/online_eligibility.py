"""オンライン資格確認への連携: how far the results have come, and the batches in which they are sent."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views import View

from health_programs.checkups.actions import online_eligibility as actions
from health_programs.checkups.activities import ONLINE_ELIGIBILITY_LINK
from health_programs.checkups.enums import LinkAction, LinkBatchState, LinkLeft, LinkState
from health_programs.checkups.models import LinkBatch
from health_programs.checkups.policies import UnableToMove
from health_programs.checkups.presentation.status import LINK, LINK_BATCH, status
from health_programs.checkups.queries import online_eligibility as queries
from health_programs.checkups.rules.ages import fiscal_year
from health_programs.checkups.views.frame import folders, is_hidden, listing, may_do, with_people
from kumiai.accounts.queries import staff_names
from kumiai.ui.paging import integer
from privacy.outputs import queries as door
from privacy.outputs.kinds import kind_of

TABS = (("link-overview", "連携の状況"), ("link-error-list", "エラー"), ("link-answer-list", "回答ファイル"))
ANSWERED = (LinkState.ACCEPTED, LinkState.REJECTED, LinkState.RESEND)


def link_tabs(current: str) -> list[dict[str, Any]]:
    return [{"label": label, "url": reverse(f"checkups:{name}"), "current": name == current} for name, label in TABS]


class LinkOverview(View):
    """連携の状況: results by state, the oldest that waits, and the batches, newest first."""

    activity = ONLINE_ELIGIBILITY_LINK

    def get(self, request: HttpRequest) -> HttpResponse:
        found = queries.standing(fiscal_year(timezone.localdate()))
        context = listing(request, queries.batches(), lambda number: f"?page={number}", unit="回")
        rows = context["page"].rows
        who = staff_names([row.collected_by_id for row in rows])
        counts = queries.counts_of_batches([row.pk for row in rows])
        context |= {
            "tabs": link_tabs("link-overview"),
            "standing": found,
            "states": [
                ("未連携", found.unlinked), ("送付前", found.waiting), ("送信済（回答待ち）", found.sent),
                ("受理", found.accepted), ("エラー", found.rejected), ("再送待ち", found.resend),
                ("取消送信済（回答待ち）", found.cancelling), ("取消済み", found.cancelled),
            ],
            "lines": [
                (row, status(LinkBatchState, row.state, LINK_BATCH), who.get(row.collected_by_id, ""), totals(counts[row.pk]))
                for row in rows
            ],
            "open": queries.open_batch(),
            "may_change": may_do(request, ONLINE_ELIGIBILITY_LINK),
        }  # fmt: skip
        return TemplateResponse(request, "health_programs/checkups/link_overview.html", context)


def totals(counts: dict[str, int]) -> dict[str, int]:
    """sent = accepted + errors + waiting; before the file left nothing is sent."""
    accepted = counts.get(LinkState.ACCEPTED, 0)
    errors = counts.get(LinkState.REJECTED, 0) + counts.get(LinkState.RESEND, 0)
    waiting = counts.get(LinkState.SENT, 0)
    return {
        "all": sum(counts.values()),
        "sent": accepted + errors + waiting,
        "accepted": accepted,
        "errors": errors,
        "waiting": waiting,
    }


class LinkCollect(View):
    """連携する結果を集める."""

    activity = ONLINE_ELIGIBILITY_LINK
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            batch = actions.collect(by=request.user, today=timezone.localdate())
        except UnableToMove as unable:
            messages.warning(request, str(unable))
            return HttpResponseRedirect(reverse("checkups:link-overview"))
        return HttpResponseRedirect(reverse("checkups:link-batch", args=[batch.pk]))


def batch_or_404(pk: int) -> LinkBatch:
    batch = queries.batch_of(pk)
    if batch is None:
        raise Http404("この番号の連携の回はありません。")
    return batch


class LinkBatchDetail(View):
    """One batch: what is being done, what it holds, what became of each line."""

    activity = ONLINE_ELIGIBILITY_LINK

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = batch_or_404(pk)
        counts = queries.state_counts(pk)
        shown = request.GET.get("show", "")
        if shown not in LinkState.values:
            order = ("rejected", "waiting", "sent", "resend", "accepted", "dropped")
            shown = next((one for one in order if counts.get(one)), "waiting")
        context = listing(
            request,
            queries.lines_of(pk).filter(state=shown),
            lambda number: "?" + urlencode({"show": shown, "page": number}),
            unit="件",
            total=counts.get(shown, 0),
        )
        rows = context["page"].rows
        people = with_people(request, rows)
        gone = batch.state == LinkBatchState.ASKED and queries.file_gone(batch)
        can_ask = batch.state == LinkBatchState.COLLECTED or gone
        may_export = may_do(request, ONLINE_ELIGIBILITY_LINK, "export")
        fetched = batch.state == LinkBatchState.ASKED and queries.fetched_at(batch) is not None
        context |= {
            "batch": batch,
            "status": status(LinkBatchState, batch.state, LINK_BATCH),
            "job": batch.job if batch.state == LinkBatchState.COLLECTING else None,
            "left": batch.job.remaining(timezone.now()) if batch.job is not None else None,
            "actions": [(label, batch.counts[code]) for code, label in LinkAction.choices if batch.counts.get(code)],
            "left_out": [(label, batch.counts[code]) for code, label in LinkLeft.choices if batch.counts.get(code)],
            "totals": totals(counts),
            "folders": folders(LinkState.choices, counts, shown, lambda code: f"?show={code}"),
            "lines": [(row, _seen(people, row), status(LinkState, row.state, LINK)) for row in rows],
            "can_ask": can_ask and may_export,
            "can_cancel": can_ask and may_do(request, ONLINE_ELIGIBILITY_LINK),
            "fetched": fetched,
            "funds": door.recipients_for(kind_of(queries.FILE), timezone.localdate()) if can_ask else [],
            "may_change": may_do(request, ONLINE_ELIGIBILITY_LINK),
        }
        return TemplateResponse(request, "health_programs/checkups/link_batch.html", context)


def _seen(people: dict[int, Any], row: Any) -> Any:
    """The person of a line; None for a protected person of others, whose line then says nothing of them."""
    person = people.get(row.member_id)
    return None if person is None or is_hidden(person) else person


class LinkStep(View):
    """One step of a batch: done, or said why not."""

    activity = ONLINE_ELIGIBILITY_LINK
    http_method_names = ["post"]
    done = ""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch_or_404(pk)
        try:
            self.act(request, pk)
        except UnableToMove as unable:
            messages.warning(request, str(unable))
        else:
            messages.success(request, self.done)
        return HttpResponseRedirect(reverse("checkups:link-batch", args=[pk]))

    def act(self, request: HttpRequest, pk: int) -> None:
        raise NotImplementedError


class LinkAsk(LinkStep):
    """登録ファイルを依頼する."""

    activity = ONLINE_ELIGIBILITY_LINK
    operation = "export"
    done = "登録ファイルを作っています。受け渡しの画面で、二人目が確かめてから取り出します。"

    def act(self, request: HttpRequest, pk: int) -> None:
        recipient = integer(request.POST.get("recipient")) or 0
        actions.ask_file(by=request.user, batch_id=pk, recipient_id=recipient, today=timezone.localdate())


class LinkSent(LinkStep):
    """送付を記録する."""

    activity = ONLINE_ELIGIBILITY_LINK
    done = "送付を記録しました。回答が届いたら「回答ファイル」で取り込みます。"

    def act(self, request: HttpRequest, pk: int) -> None:
        actions.follow(batch_id=pk)


class LinkCancel(LinkStep):
    """送付前の回を取りやめる."""

    activity = ONLINE_ELIGIBILITY_LINK
    done = "この回を取りやめました。次に集めるときに、もう一度対象になります。"

    def act(self, request: HttpRequest, pk: int) -> None:
        actions.cancel(by=request.user, batch_id=pk)
