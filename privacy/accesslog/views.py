"""The review of the access log, for the privacy officer: who did how much, event by event, and a mark a month."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.generic import TemplateView, View

from kumiai.ui.formats import era_of
from privacy.accesslog.actions import UnableToReviewLog, review_month
from privacy.accesslog.forms import LogFilter, ReviewForm
from privacy.accesslog.models import LogReview
from privacy.accesslog.review import Wanted, events_page, last_day_of, months_to_review, one_event, summary
from privacy.administration import ACCESS_REVIEW


def _after(text: str) -> tuple[datetime, int] | None:
    """The place to go on from, "<ISO time>_<id>"; None when it is none."""
    moment, _line, number = text.partition("_")
    try:
        at = datetime.fromisoformat(moment)
        return (at, int(number)) if at.tzinfo and len(number) < 19 else None
    except (ValueError, OverflowError):
        return None


class EventList(TemplateView):
    """閲覧の記録. What each clerk did in the days chosen, then event by event, newest first."""

    activity = ACCESS_REVIEW
    template_name = "privacy/accesslog/event_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query = self.request.GET
        form = LogFilter(query or {}, today=timezone.localdate())
        wanted = form.wanted()
        lines, more = events_page(wanted, after=_after(query.get("after", "")))
        kept = {key: value for key, value in query.items() if key != "after" and value}
        older = urlencode(kept | {"after": f"{lines[-1].event.at.isoformat()}_{lines[-1].event.id}"}) if more else ""
        return super().get_context_data(
            form=form,
            wanted=wanted,
            lines=lines,
            older=older,
            newest=urlencode(kept) if query.get("after") else "",
            paged=bool(query.get("after")),
            clerks=summary(wanted),
            **kwargs,
        )


class EventDetail(TemplateView):
    """One event: everything the log holds of it but whom it was about, who is told by number alone."""

    activity = ACCESS_REVIEW
    template_name = "privacy/accesslog/event_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        line = one_event(kwargs["pk"])
        if line is None:
            raise Http404("この番号の記録はありません。")
        return super().get_context_data(line=line, **kwargs)


class ReviewMonths(TemplateView):
    """点検. The last months and whether the log of each was looked through."""

    activity = ACCESS_REVIEW
    template_name = "privacy/accesslog/review_months.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(months=months_to_review(today=timezone.localdate()), **kwargs)


def _month_or_404(figures: int) -> date:
    """The month of 202611: its first day."""
    try:
        month = date(figures // 100, figures % 100, 1)
        last_day_of(month)  # the calendar ends before the last month does
        era_of(month)  # and the eras a month is written in begin with 明治
    except (ValueError, OverflowError):
        raise Http404("この月はありません。") from None
    return month


class ReviewMonth(View):
    """月の点検. The totals of a month by clerk, and the officer's finding."""

    activity = ACCESS_REVIEW

    def _page(self, request: HttpRequest, month: date, form: ReviewForm) -> HttpResponse:
        last = last_day_of(month)
        context = {
            "month": month,
            "last": last,
            "clerks": summary(Wanted(month, last)),
            "review": LogReview.objects.filter(month=month).first(),
            "form": form,
            "over": last < timezone.localdate(),
        }
        status = 422 if form.errors else 200
        return TemplateResponse(request, "privacy/accesslog/review_month.html", context, status=status)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._page(request, _month_or_404(pk), ReviewForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        day, form = _month_or_404(pk), ReviewForm(request.POST)
        if form.is_valid():
            try:
                note = form.cleaned_data["note"]
                review_month(month=day, note=note, by=request.user, today=timezone.localdate())  # type: ignore[arg-type]
            except UnableToReviewLog as problem:
                form.add_error(None, str(problem))
            else:
                messages.success(request, "点検を記録しました。")
                return redirect("accesslog:review-months")
        return self._page(request, day, form)
