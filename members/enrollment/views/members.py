"""One member: the page, its tabs, what changed, who looked."""

from __future__ import annotations

from datetime import timedelta
from math import ceil
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from members.enrollment import policies, queries
from members.enrollment.activities import MEMBER_ADMINISTRATION
from members.enrollment.presentation.history import Entry, entries, together
from members.enrollment.presentation.lanes import lanes
from members.enrollment.presentation.listing import page_number, pages
from members.enrollment.presentation.person import family_rows, guarded, period_rows
from members.enrollment.presentation.sightings import gathered
from members.enrollment.presentation.timeline import draw
from members.enrollment.views.frame import MemberScreen, clerk_id, staff_names
from privacy.accesslog import queries as access_log
from privacy.activities import registry
from privacy.grants import permitted

LATEST = 3
"""Changes shown beside the page; all of them have a screen of their own."""
OWN_PAGES = "enrollment:member-"
"""Screens whose object is the member: an attempt refused there belongs to the person's record."""
SEEN_DAYS = 30
SIGHTINGS = 5
"""Lines of この人を見た人 beside the page."""
PAGE = 50


def history_of(
    person: queries.Person, *, page: int = 1, size: int = PAGE, fields: int | None = None
) -> tuple[list[Entry], int, int]:
    """(entries of a page in words, newest first; how many there are; the page, the last one when there are fewer)."""
    whole = together(queries.changes_of(person.member))
    page = min(page, last_page(len(whole), size))
    start = (page - 1) * size
    employers = {row.employer_id: row.employer.name for row in person.eligibility if row.employer_id and row.employer}
    shown = entries(
        whole[: start + size],  # with what is newer: it decides what may still be taken back
        staff=staff_names({entry.user_id for entry in whole[start : start + size]}),
        activities={code: activity.title for code, activity in registry().items()},
        employers=employers,
        fields=fields,
    )
    return shown[start:], len(whole), page


def last_page(lines: int, size: int = PAGE) -> int:
    """The number of the last page of so many lines; an empty list has one page."""
    return max(1, ceil(lines / size))


def household(request: HttpRequest, person: queries.Person) -> dict[str, Any]:
    """The family table, and its people for the timeline, without those this clerk may not see."""
    beside = guarded(person)
    named = policies.named_members(clerk_id(request), beside) if beside else set()
    whom = policies.whom_to_ask(beside, person.on) if beside else {}
    rows = family_rows(person, named=named, whom=whom)
    return {
        "family": rows,
        "family_title": "被保険者" if person.member.is_dependant else "被扶養者",
        "family_now": len({row.member_id for row in rows if row.current}),
        "family_past": len(
            {row.member_id for row in rows if not row.current} - {r.member_id for r in rows if r.current}
        ),
        "hidden_family": set(beside) - named,
    }


class MemberDetail(MemberScreen):
    """The member's page: periods as a picture and as tables, family, latest changes, who looked."""

    activity = MEMBER_ADMINISTRATION
    screen = "資格"
    url_name = "enrollment:member-detail"
    template_name = "members/enrollment/member_detail.html"

    def content(self, request: HttpRequest, person: queries.Person) -> dict[str, Any]:
        since = timezone.now() - timedelta(days=SEEN_DAYS)
        family = household(request, person)
        changes, total, _page = history_of(person, size=LATEST, fields=4)
        staff, events = access_log.seen_by_count(person.member.pk, pages=OWN_PAGES, since=since)
        return family | {
            "timeline": draw(
                lanes(
                    eligibility=person.eligibility,
                    dependant=person.own_dependant_periods,
                    addresses=person.addresses,
                    family=[
                        (row, row.get_relation_display(), row.member.name)
                        for row in person.family
                        if row.member_id not in family["hidden_family"]
                    ],
                ),
                today=person.on,
            ),
            "eligibility": period_rows(person),
            "changes": changes,
            "changes_total": total,
            "sightings": gathered(access_log.seen_by(person.member.pk, pages=OWN_PAGES, since=since), most=SIGHTINGS),
            "seen_staff": staff,
            "seen_events": events,
            "done": _just_done(request, changes, "done"),
            "undone": _just_done(request, changes, "cancelled"),
            "fragments": [
                reverse(name, args=[person.member.pk])
                for name in permitted(clerk_id(request), settings.MEMBER_FRAGMENTS, person.member.pk)
            ],
        }


def _just_done(request: HttpRequest, changes: list[Entry], name: str) -> Entry | None:
    """The change this page was opened with after saving, named in the address by its number only."""
    number = request.GET.get(name, "")
    return next((entry for entry in changes if str(entry.report_id) == number), None)


class MemberAddress(MemberScreen):
    """住所・連絡先 of a member, by period."""

    activity = MEMBER_ADMINISTRATION
    screen = "住所・連絡先"
    url_name = "enrollment:member-address"
    template_name = "members/enrollment/member_address.html"

    def content(self, request: HttpRequest, person: queries.Person) -> dict[str, Any]:
        return {"addresses": person.addresses, "contacts": person.contacts}


class MemberHousehold(MemberScreen):
    """家族 of a member."""

    activity = MEMBER_ADMINISTRATION
    screen = "家族"
    url_name = "enrollment:member-household"
    template_name = "members/enrollment/member_household.html"

    def content(self, request: HttpRequest, person: queries.Person) -> dict[str, Any]:
        return household(request, person)


class MemberHistory(MemberScreen):
    """変更の履歴: everything that changed about a member, field by field. Fifty events a page."""

    activity = MEMBER_ADMINISTRATION
    screen = "変更の履歴"
    url_name = "enrollment:member-history"
    template_name = "members/enrollment/member_history.html"

    def content(self, request: HttpRequest, person: queries.Person) -> dict[str, Any]:
        changes, total, page = history_of(person, page=page_number(request.GET.get("page")))
        return {
            "changes": changes,
            "changes_total": total,
            "pages": pages(page, last_page(total), total, lambda number: f"?page={number}", unit="件"),
        }


class MemberAccessLog(MemberScreen):
    """閲覧の記録: who saw this person, when, why, by which way. Fifty a page, printable."""

    activity = MEMBER_ADMINISTRATION
    screen = "閲覧の記録"
    url_name = "enrollment:member-access-log"
    template_name = "members/enrollment/member_access_log.html"

    def content(self, request: HttpRequest, person: queries.Person) -> dict[str, Any]:
        staff, events = access_log.seen_by_count(person.member.pk, pages=OWN_PAGES)
        last = last_page(events)
        page = min(page_number(request.GET.get("page")), last)
        return {
            "sightings": access_log.seen_by(person.member.pk, pages=OWN_PAGES, limit=PAGE, offset=(page - 1) * PAGE),
            "seen_staff": staff,
            "seen_events": events,
            "pages": pages(page, last, events, lambda number: f"?page={number}", unit="回"),
        }
