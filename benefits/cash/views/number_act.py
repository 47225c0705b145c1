"""番号法に基づく情報連携: how far it has come, the batches, errors worked off, what came back, and the record."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views import View

from benefits.cash.actions import number_act as actions
from benefits.cash.actions import number_answers
from benefits.cash.activities import NUMBER_ACT_LINK
from benefits.cash.enums import LineUse, LinkAction, LinkBatchState, LinkContent, LinkLeft, LinkState, Matter
from benefits.cash.models import LinkBatch
from benefits.cash.number_forms import LinkAnswerForm, RecordSearchForm
from benefits.cash.policies import UnableToProcess
from benefits.cash.presentation import link_batch_status, link_inquiry_status, link_status
from benefits.cash.queries import number_act as queries
from benefits.cash.views.frame import listing, may_do, people_of, tabs, today
from kumiai.accounts.login import clerk_id
from kumiai.accounts.queries import staff_names
from privacy.outputs import queries as door
from privacy.outputs.kinds import kind_of

MOST_BYTES = 10_000_000
PAGES = (
    ("number-overview", "連携の状況"),
    ("number-inquiry-list", "照会"),
    ("number-error-list", "エラー"),
    ("number-answer-list", "回答ファイル"),
    ("number-record-list", "情報提供等の記録"),
)
COUNTED = (*LinkAction.choices, *Matter.choices)


def frame(current: str) -> dict[str, Any]:
    """The tabs of the benefits and, under them, the pages of the link."""
    return {
        "tabs": tabs("number-overview"),
        "link_pages": [(reverse(f"cash:{name}"), label, name == current) for name, label in PAGES],
    }


def may_write(request: HttpRequest) -> bool:
    return may_do(request, NUMBER_ACT_LINK)


def totals(counts: dict[str, int]) -> dict[str, int]:
    """sent = accepted + errors + waiting; before the file left nothing is sent."""
    accepted, waiting = counts.get(LinkState.ACCEPTED, 0), counts.get(LinkState.SENT, 0)
    errors = counts.get(LinkState.REJECTED, 0) + counts.get(LinkState.RESEND, 0)
    return {
        "all": sum(counts.values()),
        "sent": accepted + errors + waiting,
        "accepted": accepted,
        "errors": errors,
        "waiting": waiting,
    }


class LinkOverview(View):
    """連携の状況: what waits to be sent, the oldest that waits for an answer, and the batches, newest first."""

    activity = NUMBER_ACT_LINK

    def get(self, request: HttpRequest) -> HttpResponse:
        found = queries.standing()
        rows, bar = listing(request, queries.batches(), lambda n: f"?page={n}" if n > 1 else "?", unit="回")
        who, counts = staff_names([row.collected_by_id for row in rows]), queries.counts_of(rows)
        open_now = queries.open_batches()
        context = bar | frame("number-overview") | {
            "standing": found,
            "kinds": [
                (LinkContent.COPIES, "副本", found.untold, found.copies, open_now.get(LinkContent.COPIES)),
                (
                    LinkContent.INQUIRIES, "照会", found.inquiries.get(LinkState.WAITING, 0), found.inquiries,
                    open_now.get(LinkContent.INQUIRIES),
                ),
            ],
            "lines": [
                (row, link_batch_status(row.state), who.get(row.collected_by_id, ""), totals(counts[row.pk]))
                for row in rows
            ],
            "may_write": may_write(request),
        }  # fmt: skip
        return TemplateResponse(request, "benefits/cash/number_overview.html", context)


class LinkCollect(View):
    """連携する情報を集める."""

    activity = NUMBER_ACT_LINK
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        content = request.POST.get("content", "")
        if content not in LinkContent.values:
            raise Http404("この内容の連携はありません。")
        try:
            batch = actions.collect(by=request.user, content=content, today=today())
        except UnableToProcess as unable:
            messages.warning(request, str(unable))
            return HttpResponseRedirect(reverse("cash:number-overview"))
        return HttpResponseRedirect(reverse("cash:number-batch", args=[batch.pk]))


def batch_or_404(pk: int) -> LinkBatch:
    batch = queries.batch_of(pk)
    if batch is None:
        raise Http404("この番号の連携の回はありません。")
    return batch


class LinkBatchDetail(View):
    """One batch: what it holds, who was left out, what became of each line."""

    activity = NUMBER_ACT_LINK

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = batch_or_404(pk)
        counts = queries.counts_of([batch])[pk]
        shown = request.GET.get("show", "")
        if shown not in counts:
            order = ("rejected", "waiting", "sent", "resend", "accepted", "dropped")
            shown = next((one for one in order if counts.get(one)), "waiting")

        def link(page: int) -> str:
            return "?" + urlencode({"show": shown} | ({"page": page} if page > 1 else {}))

        rows, bar = listing(request, queries.lines_of(batch).filter(state=shown), link)
        people = people_of(request, [row.member_id for row in rows])
        gone = batch.state == LinkBatchState.ASKED and queries.file_gone(batch)
        can_ask = batch.state == LinkBatchState.COLLECTED or gone
        copies = batch.content == LinkContent.COPIES
        context = bar | frame("number-overview") | {
            "batch": batch,
            "copies": copies,
            "status": link_batch_status(batch.state),
            "collected": [(label, batch.counts[code]) for code, label in COUNTED if batch.counts.get(code)],
            "left_out": [(label, batch.counts[code]) for code, label in LinkLeft.choices if batch.counts.get(code)],
            "totals": totals(counts),
            "folders": [
                (f"?show={code}", label, counts[code], code == shown)
                for code, label in LinkState.choices
                if counts.get(code)
            ],
            "lines": [
                (row, people.get(row.member_id), link_status(row.state) if copies else link_inquiry_status(row))
                for row in rows
            ],
            "can_ask": can_ask and may_do(request, NUMBER_ACT_LINK, "export"),
            "can_cancel": can_ask and may_write(request),
            "fetched": batch.state == LinkBatchState.ASKED and queries.fetched_at(batch) is not None,
            "funds": door.recipients_for(kind_of(queries.FILES[LinkContent(batch.content)]), today()) if can_ask else [],
            "may_write": may_write(request),
        }  # fmt: skip
        return TemplateResponse(request, "benefits/cash/number_batch.html", context)


class LinkStep(View):
    """One step of a batch: done, or said why not."""

    activity = NUMBER_ACT_LINK
    http_method_names = ["post"]
    done = ""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch_or_404(pk)
        try:
            self.act(request, pk)
        except UnableToProcess as unable:
            messages.warning(request, str(unable))
        else:
            messages.success(request, self.done)
        return HttpResponseRedirect(reverse("cash:number-batch", args=[pk]))

    def act(self, request: HttpRequest, pk: int) -> None:
        raise NotImplementedError


class LinkAsk(LinkStep):
    """ファイルを依頼する."""

    activity = NUMBER_ACT_LINK
    operation = "export"
    done = "ファイルを作っています。受け渡しの画面で、二人目が確かめてから取り出します。"

    def act(self, request: HttpRequest, pk: int) -> None:
        asked = request.POST.get("recipient", "")
        recipient = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 12 else 0
        actions.ask_file(by=request.user, batch_id=pk, recipient_id=recipient, today=today())


class LinkSent(LinkStep):
    """送付を記録する."""

    activity = NUMBER_ACT_LINK
    done = "送付を記録しました。受付結果や回答が届いたら「回答ファイル」で取り込みます。"

    def act(self, request: HttpRequest, pk: int) -> None:
        actions.follow(by=request.user, batch_id=pk)


class LinkCancel(LinkStep):
    """送付前の回を取りやめる."""

    activity = NUMBER_ACT_LINK
    done = "この回を取りやめました。次に集めるときに、もう一度対象になります。"

    def act(self, request: HttpRequest, pk: int) -> None:
        actions.cancel(batch_id=pk)


class LinkErrorList(View):
    """エラーの一覧, the oldest first."""

    activity = NUMBER_ACT_LINK

    def get(self, request: HttpRequest) -> HttpResponse:
        content = request.GET.get("content", "")
        return errors_page(request, content if content in LinkContent.values else LinkContent.COPIES)


def errors_page(request: HttpRequest, content: str, *, wrong: int = 0, problem: str = "", code: int = 200) -> HttpResponse:  # fmt: skip
    def link(page: int) -> str:
        return "?" + urlencode({"content": content} | ({"page": page} if page > 1 else {}))

    rows, bar = listing(request, queries.errors(content, clerk_id(request)), link)
    people, counts = people_of(request, [row.member_id for row in rows]), queries.error_counts(clerk_id(request))
    context = bar | frame("number-error-list") | {
        "content": content,
        "folders": [
            (f"?content={value}", label, counts[value], value == content) for value, label in LinkContent.choices
        ],
        "lines": [(row, people.get(row.member_id)) for row in rows],
        "may_write": may_write(request),
        "wrong": wrong,
        "problem": problem,
    }  # fmt: skip
    return TemplateResponse(request, "benefits/cash/number_errors.html", context, status=code)


class LinkSendAgain(View):
    """直したのでもう一度送る."""

    activity = NUMBER_ACT_LINK
    http_method_names = ["post"]

    def post(self, request: HttpRequest, content: str, pk: int) -> HttpResponse:
        line = queries.row_of(content, pk) if content in LinkContent.values else None
        person = people_of(request, [line.member_id]).get(line.member_id) if line is not None else None
        if line is None or person is None or not person.name:
            raise Http404("この番号の連携の1件はありません。")
        try:
            actions.send_again(by=request.user, content=content, line_id=pk, note=request.POST.get("note", ""))
        except UnableToProcess as unable:
            return errors_page(request, content, wrong=pk, problem=str(unable), code=422)
        messages.success(request, f"{line.reference}は、次に集める回に入ります。")
        return HttpResponseRedirect(f"{reverse('cash:number-error-list')}?content={content}")


class LinkAnswerList(View):
    """回答ファイル, and a new one."""

    activity = NUMBER_ACT_LINK

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(request, LinkAnswerForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = LinkAnswerForm(request.POST, request.FILES)
        if form.is_valid():
            given = form.cleaned_data["file"]
            try:
                if given.size > MOST_BYTES:
                    raise UnableToProcess("ファイルが大きすぎます（10MBまで）。")
                file = number_answers.receive(by=request.user, name=given.name, body=given.read())
            except UnableToProcess as unable:
                form.add_error("file", str(unable))
            else:
                messages.success(request, "回答ファイルを取り込みました。")
                return HttpResponseRedirect(reverse("cash:number-answer", args=[file.pk]))
        return self.page(request, form, 422)

    def page(self, request: HttpRequest, form: LinkAnswerForm, code: int = 200) -> HttpResponse:
        rows, bar = listing(request, queries.answers(), lambda n: f"?page={n}" if n > 1 else "?")
        names = staff_names([row.received_by_id for row in rows])
        context = bar | frame("number-answer-list") | {
            "lines": [(row, names.get(row.received_by_id, ""), unused(row)) for row in rows],
            "form": form,
            "may_write": may_write(request),
        }  # fmt: skip
        return TemplateResponse(request, "benefits/cash/number_answers.html", context, status=code)


def unused(file: Any) -> int:
    return sum(file.counts.get(code, 0) for code in LineUse.values)


class LinkAnswerDetail(View):
    """One answer: what it settled, and every line that could not be read or used."""

    activity = NUMBER_ACT_LINK

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        file = queries.answer_of(pk)
        if file is None:
            raise Http404("この番号の回答ファイルはありません。")
        context = frame("number-answer-list") | {
            "file": file,
            "counts": [
                ("受理・回答", file.counts.get(LinkState.ACCEPTED, 0)),
                ("エラー", file.counts.get(LinkState.REJECTED, 0)),
                *[(label, file.counts.get(code, 0)) for code, label in LineUse.choices],
                ("読めない行", len({fault[0] for fault in file.faults})),
            ],
            "lines": queries.unused_lines(file),
        }
        return TemplateResponse(request, "benefits/cash/number_answer.html", context)


class LinkRecordList(View):
    """情報提供等の記録 (番号法23条), the latest first."""

    activity = NUMBER_ACT_LINK

    def get(self, request: HttpRequest) -> HttpResponse:
        form = RecordSearchForm(request.GET if "since" in request.GET else None)
        asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
        since, until = asked.get("since"), asked.get("until")

        def link(page: int) -> str:
            days = {"since": since.isoformat() if since else "", "until": until.isoformat() if until else ""}
            return "?" + urlencode((days if asked else {}) | ({"page": page} if page > 1 else {}))

        rows, bar = listing(request, queries.records(clerk_id(request), since=since, until=until), link)
        people, names = people_of(request, [r.member_id for r in rows]), staff_names([r.by_id for r in rows])
        context = bar | frame("number-record-list") | {
            "form": form,
            "lines": [(row, people.get(row.member_id), names.get(row.by_id, "")) for row in rows],
        }  # fmt: skip
        return TemplateResponse(request, "benefits/cash/number_records.html", context)
