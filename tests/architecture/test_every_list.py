"""Every screen that opens without an object, with one row and with three of everything.

It costs the same statements, so that no list asks once a row; and whoever's name stands on it is named by its event.
"""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kumiai.accounts.middleware import DEFAULT_OPEN_URL_NAMES, LOGIN_URL_NAMES
from kumiai.jobs.models import Job
from members.enrollment import actions
from members.enrollment.activities import MEMBER_ADMINISTRATION
from members.enrollment.models import Member
from members.lifecycle.models import AgeEvent
from privacy.activities import NO_PERSONAL_DATA, activity_of_view
from privacy.checks import walk_views
from privacy.outputs.models import Recipient
from privacy.scope import scope
from tests.members.enrollment.people import make_employer, make_member
from tests.members.filings.conftest import acquisition

pytestmark = pytest.mark.django_db

# Who opens which screens; everything else is opened by 佐藤 of 適用課.
OPENED_BY = {
    "notice:grant-matrix": "田中",
    "notice:review-": "田中",
    "accesslog:": "田中",
    "outputs:recipient-": "田中",
    "checkups:": "高橋",
    "payments:": "鈴木",
    "cash:": "鈴木",
}
MARK = re.compile(r"標[一二三四五六七八九十]+沢")
FIGURES = "一二三四五六七八九十"
# Screens whose rows are planted below: they must be seen to grow, or three rows prove nothing.
GROWING = {
    "enrollment:member-list", "enrollment:change-today", "enrollment:member-recent", "filings:filing-list",
    "filings:employer-unprocessed", "jobs:job-list", "jobs:job-home-fragment", "lifecycle:age-event-list",
    "outputs:recipient-list",
}  # fmt: skip


def screens() -> list[tuple[str, str]]:
    """(URL name, address) of every screen that answers GET, belongs to staff and needs no object."""
    found = []
    for path, name, view in walk_views():
        view_class = getattr(view, "view_class", None)
        opens = "<" not in path and not path.startswith("admin/") and hasattr(view_class, "get")
        if opens and name not in {*LOGIN_URL_NAMES, *DEFAULT_OPEN_URL_NAMES} and "get" in view_class.http_method_names:
            found.append((name, f"/{path}"))
    return found


@pytest.fixture
def browsers(client_of):
    return {name: client_of(name) for name in ("佐藤", "鈴木", "田中", "高橋")}


@pytest.fixture
def plant(owner, personas, browsers, rf):
    """One more row of everything: a company with a member, their age, a change, a filing; a job, a recipient."""
    numbers = iter(range(1, 10))

    def more() -> Member:
        n = next(numbers)
        family = f"標{FIGURES[n - 1]}沢"
        today, clerk = timezone.localdate(), personas["佐藤"]
        with owner():
            employer = make_employer(f"試験{n}株式会社")
            member = make_member(names=(family, "梢", "シルシザワ", "コズエ"), employer=employer)
            make_member(names=(family, "樹", "シルシザワ", "イツキ"), insured=member, branch="01")
            AgeEvent.objects.create(member=member, kind=40, reached_date=today, event_date=today)
            Job.objects.create(owner=clerk, kind="tests.probe", title="試しの処理", activity_code="tests.work")
            Recipient.objects.create(code=f"tests-{n}", name=f"受け手{n}", since=today, kind="contractor")
        with scope(MEMBER_ADMINISTRATION, clerk, operation="change"):
            actions.change_name(
                by=clerk, member_id=member.pk, version=1, report=actions.Report(today, today),
                names={"family_name": family, "given_name": "梢子", "family_kana": "シルシザワ", "given_kana": "ショウコ"},
            )  # fmt: skip
        sato = browsers["佐藤"]
        typed = acquisition(employer, today)  # somebody new: nobody in the register yet
        assert sato.post(reverse("filings:filing-enter", args=["acquisition"]), typed).status_code == 302
        assert sato.get(reverse("enrollment:member-detail", args=[member.pk])).status_code == 200
        return member

    return more


def browser_for(name: str, browsers):
    return next((browsers[who] for start, who in OPENED_BY.items() if name.startswith(start)), browsers["佐藤"])


def opened(browsers) -> dict[str, tuple[int, int, str]]:
    """URL name → (status, statements, page), each screen opened once before, so that nothing is asked for the first time."""
    seen = {}
    for name, address in screens():
        client = browser_for(name, browsers)
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(address)
        seen[name] = (answer.status_code, len(captured), answer.content.decode(errors="replace"))
    return seen


def test_three_rows_cost_what_one_row_costs_on_every_screen(plant, browsers):
    plant()
    one = opened(browsers)
    plant()
    plant()
    three = opened(browsers)
    assert {name: status for name, (status, _n, _page) in three.items() if status not in {200, 204, 302, 405}} == {}
    more = {name: (one[name][1], three[name][1]) for name in one if one[name][1] != three[name][1]}
    grown = {name for name in one if three[name][2].count("<tr") + three[name][2].count("<li") + three[name][2].count("<dt")
             > one[name][2].count("<tr") + one[name][2].count("<li") + one[name][2].count("<dt")}  # fmt: skip
    print(f"{len(one)} screens, {len(grown)} with rows: {sorted(grown)}")
    assert more == {}, "statements with one row and with three"
    assert grown >= GROWING, f"nothing more stands on {GROWING - grown}"


def test_who_stands_on_a_screen_is_named_by_its_event(plant, browsers, events, owner):
    for _ in range(3):
        plant()
    with owner():
        people = {m.pk: m.family_name for m in Member.objects.all()}
    named_somewhere, wrong = 0, []
    activities = {name: activity_of_view(view) for _path, name, view in walk_views()}
    for name, address in screens():
        before = len(events())
        answer = browser_for(name, browsers).get(address)
        logged = {people.get(pk) for event in events()[before:] for pk in event.subjects}
        shown = set(MARK.findall(answer.content.decode(errors="replace")))
        named_somewhere += bool(shown)
        if not shown <= logged:
            wrong.append((name, "shown, not logged", shown - logged))
        if activities[name] is NO_PERSONAL_DATA and shown:
            wrong.append((name, "touches nobody, yet shows", shown))
        if answer.status_code == 200 and activities[name] is not NO_PERSONAL_DATA and not events()[before:]:
            wrong.append((name, "without an event"))
    assert wrong == []
    assert named_somewhere >= 4
