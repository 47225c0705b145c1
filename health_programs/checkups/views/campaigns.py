"""受診勧奨 of every aim: the list, the draft, its preview, the second person, and what became of it.

The classes here are those of 未受診者への受診勧奨; `recommendations` has their twins under the other activity (`desk`).
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views import View

from health_programs.checkups.actions import campaigns as actions
from health_programs.checkups.activities import CHECKUP_REMINDER
from health_programs.checkups.campaign_forms import DraftForm, ReturnForm, given
from health_programs.checkups.enums import CampaignState, Channel, NotSent
from health_programs.checkups.models import Campaign
from health_programs.checkups.policies import UnableToMove
from health_programs.checkups.presentation.status import CAMPAIGN, status
from health_programs.checkups.queries import campaigns as queries
from health_programs.checkups.rules.ages import fiscal_year
from health_programs.checkups.views.desks import REMINDERS, Desk
from health_programs.checkups.views.frame import listing, may_do, require
from kumiai.accounts.login import clerk_id
from kumiai.accounts.queries import staff_names
from kumiai.mailing import actions as outbox
from kumiai.mailing import queries as mailing
from kumiai.mailing.enums import BatchState, MailState
from kumiai.ui.paging import integer

SAMPLES = 3


def campaign_or_404(pk: int) -> Campaign:
    found = queries.campaigns().filter(pk=pk).first()
    if found is None:
        raise Http404("この番号の受診勧奨はありません。")
    return found


class CampaignList(View):
    """受診勧奨の一覧, the newest first."""

    activity = CHECKUP_REMINDER
    desk = REMINDERS

    def get(self, request: HttpRequest) -> HttpResponse:
        context = listing(request, queries.campaigns(), lambda number: "?" + urlencode({"page": number}), unit="件")
        rows = context["page"].rows
        context |= {
            "lines": [
                (
                    row,
                    status(CampaignState, row.state, CAMPAIGN),
                    row.counts.get(Channel.MAIL, 0),
                    row.counts.get(Channel.LETTER, 0),
                )
                for row in rows
            ],
            "may_change": may_do(request, self.activity),
            "desk": self.desk,
        }
        return TemplateResponse(request, "health_programs/checkups/campaign_list.html", context)


class CampaignEdit(View):
    """受診勧奨を作る, and a draft put right."""

    activity = CHECKUP_REMINDER
    desk = REMINDERS

    def get(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        require(request, self.activity)
        if pk is not None:
            return self.page(request, self.desk.form(None, initial=given(campaign_or_404(pk))), pk)
        start = {"fiscal_year": fiscal_year(timezone.localdate()), "age_from": 40, "age_to": 74, "rest_days": 30}
        return self.page(request, self.desk.form(None, initial=start | {"per_minute": 60} | self.desk.start), None)

    def post(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        form = self.desk.form(request.POST)
        if not form.is_valid():
            return self.page(request, form, pk, status=422)
        try:
            if pk is None:
                saved = actions.create(by=request.user, values=form.cleaned_data, aim=self.desk.aim)
            else:
                campaign_or_404(pk)
                version = integer(request.POST.get("version")) or 0
                saved = actions.change(campaign_id=pk, version=version, values=form.cleaned_data)
        except UnableToMove as unable:
            form.add_error(None, str(unable))
            return self.page(request, form, pk, status=422)
        return redirect(self.desk.names["detail"], saved.pk)

    def page(self, request: HttpRequest, form: DraftForm, pk: int | None, *, status: int = 200) -> HttpResponse:
        campaign = campaign_or_404(pk) if pk is not None else None
        context = {"form": form, "campaign": campaign, "version": request.POST.get("version"), "desk": self.desk}
        if campaign is not None and context["version"] is None:
            context["version"] = str(campaign.version)
        return TemplateResponse(request, "health_programs/checkups/campaign_form.html", context, status=status)


class CampaignDetail(View):
    """One campaign: condition, words, how many it reaches and why not the others, three samples; then its course."""

    activity = CHECKUP_REMINDER
    desk = REMINDERS

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return page(request, self.desk, campaign_or_404(pk))


def page(request: HttpRequest, desk: Desk, campaign: Campaign, *, return_form: ReturnForm | None = None, code: int = 200) -> HttpResponse:  # fmt: skip
    who = staff_names([campaign.created_by_id, campaign.submitted_by_id, campaign.approved_by_id])
    ahead = campaign.state in (CampaignState.DRAFT, CampaignState.SUBMITTED, CampaignState.APPROVED)
    context: dict[str, Any] = {
        "campaign": campaign,
        "status": status(CampaignState, campaign.state, CAMPAIGN),
        "desk": desk,
        "condition": desk.condition(campaign),
        "created_by": who.get(campaign.created_by_id, ""),
        "submitted_by": who.get(campaign.submitted_by_id or 0, ""),
        "approved_by": who.get(campaign.approved_by_id or 0, ""),
        "may_change": may_do(request, desk.activity),
        "may_decide": may_do(request, desk.activity, "decide"),
        "may_send": may_do(request, desk.activity, "export"),
        "mine": campaign.submitted_by_id == clerk_id(request),
        "due": mailing.due_moment(campaign.send_date),
        "return_form": return_form or ReturnForm(),
    }
    context |= _preview(desk, campaign) if ahead else _course(desk, campaign)
    return TemplateResponse(request, "health_programs/checkups/campaign_detail.html", context, status=code)


def _lines(counts: dict[str, int]) -> list[tuple[str, int]]:
    return [(str(reason.label), counts[reason]) for reason in NotSent if counts.get(reason)]


def _preview(desk: Desk, campaign: Campaign) -> dict[str, Any]:
    """As it would be today. Samples are some who are reached, as they read it."""
    looks = queries.look(campaign, timezone.localdate())
    counts = queries.counts_of(looks)
    reached = [one for one in looks if one.channel != Channel.NONE]
    return {
        "counts": counts,
        "left": _lines(counts),
        "reached": len(reached),
        "samples": desk.samples(campaign, _some(reached)),
        "submitted_counts": campaign.counts if campaign.state != CampaignState.DRAFT else None,
        "moved": campaign.state != CampaignState.DRAFT and campaign.counts != counts,
    }


def _some(reached: list[queries.Look]) -> list[queries.Look]:
    """The first by mail and the first by letter, so that the second person sees both; then the next."""
    firsts = [next((one for one in reached if one.channel == way), None) for way in (Channel.MAIL, Channel.LETTER)]
    chosen = [one for one in firsts if one is not None]
    return [*chosen, *(one for one in reached if one not in chosen)][:SAMPLES]


def _course(desk: Desk, campaign: Campaign) -> dict[str, Any]:
    """After it was built: how far the mails are, whom the letters are for, who came."""
    batch = queries.batch_of(campaign)
    states = mailing.counts_of(batch) if batch else {}
    return {
        "counts": campaign.counts,
        "left": _lines(campaign.counts),
        "batch": batch,
        "states": [(MailState(state).label, count) for state, count in states.items() if count],
        "doubts": list(mailing.in_doubt(batch)[:50]) if batch else [],
        "can_stop": batch is not None and batch.state == BatchState.RELEASED,
        "can_resume": batch is not None and batch.state == BatchState.STOPPED,
        "letters": campaign.counts.get(Channel.LETTER, 0),
        "letter_url": desk.letters(campaign),
        "outcomes": queries.outcomes(campaign) if campaign.state == CampaignState.BUILT else [],
    }


class CampaignMove(View):
    """A button of a campaign: does one thing and goes back; what is wrong is said above."""

    activity = CHECKUP_REMINDER
    desk = REMINDERS
    http_method_names = ["post"]
    done = ""

    def post(self, request: HttpRequest, pk: int, **places: int) -> HttpResponse:
        campaign = campaign_or_404(pk)
        try:
            self.move(request, campaign, integer(request.POST.get("version")) or 0, **places)
        except (UnableToMove, outbox.UnableToChangeBatch, outbox.UnableToSettle) as unable:
            messages.warning(request, str(unable))
        else:
            messages.success(request, self.done)
        return redirect(self.desk.names["detail"], pk)

    def move(self, request: HttpRequest, campaign: Campaign, version: int, **places: int) -> None:
        raise NotImplementedError


class CampaignSubmit(CampaignMove):
    """承認を依頼する."""

    activity = CHECKUP_REMINDER
    done = "承認を依頼しました。ほかの職員が承認します。"

    def move(self, request: HttpRequest, campaign: Campaign, version: int, **_places: int) -> None:
        actions.submit(
            by=request.user, campaign_id=campaign.pk, version=version, today=timezone.localdate(), at=timezone.now()
        )


class CampaignTakeBack(CampaignMove):
    """下書きに戻す."""

    activity = CHECKUP_REMINDER
    done = "下書きに戻しました。承認は取り消されました。"

    def move(self, request: HttpRequest, campaign: Campaign, version: int, **_places: int) -> None:
        actions.take_back(campaign_id=campaign.pk, version=version)


class CampaignCancel(CampaignMove):
    """取りやめる."""

    activity = CHECKUP_REMINDER
    done = "受診勧奨を取りやめました。"

    def move(self, request: HttpRequest, campaign: Campaign, version: int, **_places: int) -> None:
        actions.cancel(campaign_id=campaign.pk, version=version)


class CampaignApprove(CampaignMove):
    """承認する: the second person."""

    activity = CHECKUP_REMINDER
    operation = "decide"
    done = "承認しました。送る日の前の夜に、送る人を確定します。"

    def move(self, request: HttpRequest, campaign: Campaign, version: int, **_places: int) -> None:
        actions.approve(
            by=request.user, campaign_id=campaign.pk, version=version, today=timezone.localdate(), at=timezone.now()
        )


class CampaignReturn(View):
    """差し戻す: the second person, with a word for who asked."""

    activity = CHECKUP_REMINDER
    desk = REMINDERS
    operation = "decide"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        campaign, form = campaign_or_404(pk), ReturnForm(request.POST)
        if not form.is_valid():
            return page(request, self.desk, campaign, return_form=form, code=422)
        try:
            actions.take_back(
                campaign_id=pk, version=integer(request.POST.get("version")) or 0, note=form.cleaned_data["note"]
            )
        except UnableToMove as unable:
            messages.warning(request, str(unable))
        else:
            messages.success(request, "差し戻しました。")
        return redirect(self.desk.names["detail"], pk)


class CampaignStop(CampaignMove):
    """送信を止める."""

    activity = CHECKUP_REMINDER
    done = "送信を止めました。いま送っている1通のほかは、送られません。"

    def move(self, request: HttpRequest, campaign: Campaign, version: int, **_places: int) -> None:
        batch = queries.batch_of(campaign)
        if batch is None:
            raise UnableToMove("この受診勧奨に、メールはありません。")
        outbox.stop_batch(batch=batch, by=clerk_id(request))


class CampaignResume(CampaignMove):
    """送信を再開する."""

    activity = CHECKUP_REMINDER
    done = "送信を再開しました。まだ送っていない人にだけ送ります。"

    def move(self, request: HttpRequest, campaign: Campaign, version: int, **_places: int) -> None:
        batch = queries.batch_of(campaign)
        if batch is None:
            raise UnableToMove("この受診勧奨に、メールはありません。")
        outbox.resume_batch(batch=batch, by=clerk_id(request))


class CampaignSettle(CampaignMove):
    """要確認のメール: somebody looked into the mail server and says whether it went out."""

    activity = CHECKUP_REMINDER
    done = "確認した結果を記録しました。"

    def move(self, request: HttpRequest, campaign: Campaign, version: int, **places: int) -> None:
        batch = queries.batch_of(campaign)
        if batch is None or not mailing.in_doubt(batch).filter(pk=places["mail"]).exists():
            raise UnableToMove("このメールは、もう確認されています。")
        outbox.settle(outgoing_id=places["mail"], sent=request.POST.get("sent") == "yes", by=request.user)
