"""Parts of the first page: the people this clerk opened last, and today's changes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views import View

from kumiai.accounts.login import clerk_id
from members.enrollment import queries
from members.enrollment.activities import MEMBER_ADMINISTRATION
from privacy.accesslog import queries as access_log


class MemberRecent(View):
    """最近開いた加入者, seen by this clerk alone."""

    activity = MEMBER_ADMINISTRATION

    def get(self, request: HttpRequest) -> HttpResponse:
        opened = access_log.recent_subjects(clerk_id(request), views=["enrollment:member-detail"], limit=5)
        members = queries.members_by_id([member_id for member_id, _at in opened])
        today = timezone.localdate()
        rows = {
            row.member_id: row
            for row in queries.member_rows(list(members.values()), user_id=clerk_id(request), on=today)
        }
        lines = [(rows[member_id], timezone.localtime(at)) for member_id, at in opened if member_id in rows]
        context = {"lines": lines, "today": today}
        return TemplateResponse(request, "members/enrollment/fragments/member_recent.html", context)


class ChangeToday(View):
    """今日の変更: how many, and the last five."""

    activity = MEMBER_ADMINISTRATION

    def get(self, request: HttpRequest) -> HttpResponse:
        today = timezone.localdate()
        context = {
            "count": queries.reports_entered_on(today),
            "reports": queries.latest_reports(),
            "today": today,
        }
        return TemplateResponse(request, "members/enrollment/fragments/change_today.html", context)
