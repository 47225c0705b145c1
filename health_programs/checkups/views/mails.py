"""メールの状況: every batch, what came back, who gets no more mail, and the mail server's own log taken in.

Numbers and states only: whose mail a number is stands with its 受診勧奨. One desk sees the mail of its own aim; the classes here
are those of 未受診者への受診勧奨, their twins stand in `recommendations`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views import View

from health_programs.checkups.activities import CHECKUP_REMINDER
from health_programs.checkups.campaign_forms import BounceForm, LogForm
from health_programs.checkups.views.desks import REMINDERS, Desk
from health_programs.checkups.views.frame import may_do
from kumiai.accounts.login import clerk_id, the_user
from kumiai.accounts.queries import staff_names
from kumiai.mailing import actions as outbox
from kumiai.mailing import overview
from kumiai.mailing.enums import BatchState
from kumiai.ui.paging import page_number, pages

SIZE = 50
MOST_BYTES = 50_000_000
TABS = (
    ("mail_list", "送信の束"),
    ("mail_bounces", "不達・遅延"),
    ("mail_suppressions", "配信停止"),
    ("mail_log", "サーバーの記録"),
)


def head(desk: Desk, current: str) -> dict[str, Any]:
    """What stands over each of these screens: whose desk it is, and the tabs."""
    tabs = [{"label": label, "url": reverse(desk.names[name]), "current": name == current} for name, label in TABS]
    return {"desk": desk, "tabs": tabs}


def listing(request: HttpRequest, found: Any, unit: str, **where: str) -> tuple[list[Any], dict[str, Any]]:
    """The rows of the asked page, and the bar under it. Nothing here is about anybody."""
    total = found.count()
    last = max(1, -(-total // SIZE))
    number = min(max(1, page_number(request.GET.get("page"))), last)

    def link(page: int) -> str:
        values = where | ({"page": str(page)} if page > 1 else {})
        return "?" + urlencode({name: value for name, value in values.items() if value})

    rows = list(found[(number - 1) * SIZE : number * SIZE])
    return rows, {"pages": pages(number, last, total, link, unit=unit), "total": total}


class MailList(View):
    """送信の束, the newest first."""

    activity = CHECKUP_REMINDER
    desk = REMINDERS

    def get(self, request: HttpRequest) -> HttpResponse:
        state = request.GET.get("state", "")
        state = state if state in BatchState.values else ""
        rows, bar = listing(request, overview.batches([self.activity.code], state=state), "束", state=state)
        counts = overview.state_counts([self.activity.code])
        names = staff_names([pk for row in rows for pk in (row.released_by_id, row.moved_by_id) if pk])
        context = (
            bar
            | head(self.desk, "mail_list")
            | {
                "lines": [
                    (line, names.get(line.batch.released_by_id or 0, ""), names.get(line.batch.moved_by_id or 0, ""))
                    for line in overview.with_counts(rows)
                ],
                "state": state,
                "states": [(value, label, counts.get(value, 0)) for value, label in BatchState.choices],
                "all": sum(counts.values()),
            }
        )
        return TemplateResponse(request, "health_programs/checkups/mail_list.html", context)


class MailBounces(View):
    """不達・遅延の通知, and one taken in by hand."""

    activity = CHECKUP_REMINDER
    desk = REMINDERS

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(request, BounceForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = BounceForm(request.POST, request.FILES)
        if form.is_valid():
            given = form.cleaned_data["file"]
            number = outbox.handle_bounce(raw=given.read()) if given.size <= 1_000_000 else None
            if number is None:
                form.add_error(
                    "file", "このポータルから送ったメールの通知ではありません。通知のメール（.eml）を選んでください。"
                )
            else:
                messages.success(request, f"メール{number}の通知を取り込みました。")
                return HttpResponseRedirect(reverse(self.desk.names["mail_bounces"]))
        return self.page(request, form, 422)

    def page(self, request: HttpRequest, form: BounceForm, code: int = 200) -> HttpResponse:
        rows, bar = listing(request, overview.bounces([self.activity.code]), "件")
        context = bar | head(self.desk, "mail_bounces") | {
            "rows": rows, "form": form, "may_change": may_do(request, self.activity),
        }  # fmt: skip
        return TemplateResponse(request, "health_programs/checkups/mail_bounces.html", context, status=code)


class MailSuppressions(View):
    """配信停止. An address is known here by its digest only; whose it is, nobody reads from this page."""

    activity = CHECKUP_REMINDER
    desk = REMINDERS

    def get(self, request: HttpRequest) -> HttpResponse:
        lifted = request.GET.get("lifted") == "1"
        rows, bar = listing(
            request, overview.suppressions([self.desk.mail_kind], lifted=lifted), "件", lifted="1" if lifted else ""
        )
        names = staff_names([row.lifted_by_id for row in rows if row.lifted_by_id])
        context = (
            bar
            | head(self.desk, "mail_suppressions")
            | {
                "rows": [(row, row.address_digest[:8], names.get(row.lifted_by_id or 0, "")) for row in rows],
                "lifted": lifted,
                "may_change": may_do(request, self.activity),
            }
        )
        return TemplateResponse(request, "health_programs/checkups/mail_suppressions.html", context)


class SuppressionLift(View):
    """配信停止の解除: the person asked, or the mailbox is back."""

    activity = CHECKUP_REMINDER
    desk = REMINDERS
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if outbox.lift_suppression(suppression_id=pk, by=clerk_id(request)):
            messages.success(request, "配信停止を解除しました。次の受診勧奨から、このアドレスに送ります。")
        else:
            messages.warning(request, "この配信停止は、すでに解除されています。")
        return HttpResponseRedirect(reverse(self.desk.names["mail_suppressions"]))


class MailLog(View):
    """メールサーバーの記録を取り込む: mails in doubt are settled by their Message-ID."""

    activity = CHECKUP_REMINDER
    desk = REMINDERS

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(request, LogForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = LogForm(request.POST, request.FILES)
        if form.is_valid():
            given = form.cleaned_data["file"]
            if given.size > MOST_BYTES:
                form.add_error("file", "ファイルが大きすぎます（50MBまで）。")
            else:
                done = outbox.reconcile(
                    log_lines=_lines(given.read()), covers=_span(form.cleaned_data), by=the_user(request)
                )
                messages.success(
                    request,
                    f"送信済みと確認 {done.sent:,}通、未送信と確認 {done.unsent:,}通、不達 {done.refused:,}通です。"
                    f"要確認のまま残ったのは{done.left:,}通です。",
                )
                return HttpResponseRedirect(reverse(self.desk.names["mail_log"]))
        return self.page(request, form, 422)

    def page(self, request: HttpRequest, form: LogForm, code: int = 200) -> HttpResponse:
        rows, bar = listing(request, overview.doubts([self.activity.code]), "通")
        context = bar | head(self.desk, "mail_log") | {
            "rows": rows, "form": form, "may_change": may_do(request, self.activity),
        }  # fmt: skip
        return TemplateResponse(request, "health_programs/checkups/mail_log.html", context, status=code)


def _lines(body: bytes) -> Iterable[str]:
    return body.decode("utf-8", errors="replace").splitlines()


def _span(given: dict[str, Any]) -> tuple[datetime, datetime] | None:
    """The days for which the log is vouched to be whole, from midnight to midnight."""
    since, until = given.get("since"), given.get("until")
    if not (since and until):
        return None
    zone = timezone.get_current_timezone()
    ends = min(datetime.combine(until, time.max, zone), timezone.now())
    return datetime.combine(since, time.min, zone), ends
