"""The screens of 年齢到達: the month, its counts, print, one event; the right and the wrong person."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from members.lifecycle.actions import planning
from members.lifecycle.models import AgeEvent
from members.lifecycle.rules.ages import age_dates
from tests.members.enrollment.people import protect

pytestmark = pytest.mark.django_db
LIST = "/members/lifecycle/ages/"


@pytest.fixture
def planned(born, owner):
    """Plant a member whose age takes effect today, with the event as the night left it."""

    def plant(age: int = 40, state: str = "announced", **fields):
        today = timezone.localdate()
        birth = next(iter(planning.ages.births_effective(age, today, today)), None)
        if birth is None:  # 70 takes effect on the first of a month
            birth = next(iter(planning.ages.births_effective(age, today.replace(day=1), today)))
        member = born(birth, **fields)
        dates = age_dates(birth, age)
        with owner():
            return AgeEvent.objects.create(
                member=member, kind=age, reached_date=dates.reached, event_date=dates.effective, state=state
            )

    return plant


def test_the_month_shows_its_people_with_day_age_and_state(sato, planned):
    event = planned(65, names=("渡邊", "恵", "ワタナベ", "メグミ"))

    page = sato.get(LIST).content.decode()

    assert "渡邊 恵" in page
    assert reverse("lifecycle:age-event-detail", args=[event.pk]) in page
    assert "予告済み" in page


def test_the_counts_lead_to_the_list_behind_them(sato, planned):
    planned(65)
    planned(40)

    page = sato.get(LIST).content.decode()

    assert "?kind=65&amp;state=announced" in page
    assert "kind=70&amp;state=" not in page


def test_filters_keep_others_out(sato, planned):
    planned(65, names=("渡邊", "恵", "ワタナベ", "メグミ"))
    planned(40, names=("佐々木", "修", "ササキ", "オサム"))

    page = sato.get(LIST, {"kind": "40"}).content.decode()

    assert "佐々木 修" in page
    assert "渡邊 恵" not in page


def test_no_match_and_nothing_yet_are_told_apart(sato, planned):
    assert "年齢到達はありません" in sato.get(LIST, {"month": "2031-01"}).content.decode()

    planned(40)

    assert "条件に合う年齢到達はありません" in sato.get(LIST, {"kind": "75"}).content.decode()


@pytest.mark.parametrize(
    "query",
    [{"month": "x"}, {"month": "2026-13"}, {"kind": "39"}, {"state": "x"}, {"page": "0"}, {"page": "99999999999"}],
)
def test_what_cannot_be_understood_is_as_if_it_were_not_there(sato, planned, query):
    planned(40)

    assert sato.get(LIST, query).status_code == 200


def test_a_protected_person_shows_only_number_and_whom_to_ask(sato, planned, owner):
    event = planned(40, names=("佐々木", "修", "ササキ", "オサム"), protected=True)
    with owner():
        protect(event.member)

    for url in (LIST, reverse("lifecycle:age-event-detail", args=[event.pk])):
        page = sato.get(url).content.decode()
        assert "佐々木" not in page
        assert "小林（内線 121）" in page
    printed = sato.get(reverse("lifecycle:age-event-print")).content.decode()
    assert "佐々木" not in printed
    assert "1件を除いています" in printed


def test_a_clerk_not_named_decides_nothing_about_a_protected_person(sato, planned, owner):
    event = planned(40, "held", protected=True)
    with owner():
        protect(event.member)

    assert sato.post(reverse("lifecycle:age-event-process", args=[event.pk])).status_code == 403
    with owner():
        event.refresh_from_db()
    assert event.state == "held"


def test_the_printed_list_has_its_foot(sato, planned):
    planned(40, names=("佐々木", "修", "ササキ", "オサム"))

    page = sato.get(reverse("lifecycle:age-event-print")).content.decode()

    assert "佐々木 修" in page
    assert "印刷した人 佐藤 真由美" in page


def test_the_event_shows_its_working_with_articles(sato, planned):
    event = planned(75)

    page = sato.get(reverse("lifecycle:age-event-detail", args=[event.pk])).content.decode()

    assert "年齢計算ニ関スル法律" in page
    assert "高確法50条1号" in page
    assert "一緒に資格を失う家族" in page


def test_a_clerk_decides_of_who_waits(sato, planned, owner):
    first, second = planned(40, "held"), planned(65, "held")

    assert sato.post(reverse("lifecycle:age-event-process", args=[first.pk])).status_code == 302
    assert sato.post(reverse("lifecycle:age-event-cancel", args=[second.pk])).status_code == 302

    with owner():
        first.refresh_from_db()
        second.refresh_from_db()
    assert first.state == "processed"
    assert first.decided_by_id is not None
    assert (second.state, second.reason) == ("cancelled", "by_hand")


def test_what_was_given_up_can_be_taken_back(sato, planned, owner):
    event = planned(40, "held")
    sato.post(reverse("lifecycle:age-event-cancel", args=[event.pk]))

    sato.post(reverse("lifecycle:age-event-restore", args=[event.pk]))

    with owner():
        event.refresh_from_db()
    assert (event.state, event.reason, event.decided_by_id) == ("planned", "", None)


def test_processing_twice_is_refused_with_a_sentence(sato, planned):
    event = planned(40, "processed")

    answer = sato.post(reverse("lifecycle:age-event-process", args=[event.pk]))

    assert answer.status_code == 422
    assert "「処理済み」です" in answer.content.decode()


def test_a_loss_at_75_is_not_undone_here(sato, planned):
    event = planned(75, "processed")

    assert sato.post(reverse("lifecycle:age-event-restore", args=[event.pk])).status_code == 422


def test_who_may_only_look_sees_no_buttons_and_moves_nothing(suzuki, planned):
    event = planned(40, "held")
    url = reverse("lifecycle:age-event-detail", args=[event.pk])

    assert "見送る" not in suzuki.get(url).content.decode()
    assert suzuki.post(reverse("lifecycle:age-event-cancel", args=[event.pk])).status_code == 403


@pytest.mark.parametrize("name", ["age-event-list", "age-event-print", "voluntary-list", "lifecycle-home"])
def test_nobody_without_a_grant_sees_a_character(ito, planned, name):
    planned(40, names=("佐々木", "修", "ササキ", "オサム"))

    answer = ito.get(reverse(f"lifecycle:{name}"))

    assert answer.status_code == 403
    assert "佐々木" not in answer.content.decode()


def test_a_list_of_three_takes_as_many_statements_as_one_of_one(sato, planned):
    planned(40)
    sato.get(LIST)
    with CaptureQueriesContext(connection) as one:
        sato.get(LIST)
    planned(65)
    planned(40)
    with CaptureQueriesContext(connection) as three:
        sato.get(LIST)

    assert len(three) == len(one)


def test_an_unknown_event_is_not_found(sato):
    assert sato.get(reverse("lifecycle:age-event-detail", args=[999999])).status_code == 404


def test_the_page_says_when_no_night_ran(sato, owner):
    from members.lifecycle.models import NightRun

    assert "まだ動いていません" in sato.get(LIST).content.decode()
    with owner():
        NightRun.objects.create(day=date(2020, 1, 1), finished_at=timezone.now())

    assert "最近の夜に動いていません" in sato.get(LIST).content.decode()


def test_the_first_page_has_the_counts(sato, planned):
    planned(40, "held")

    page = sato.get(reverse("lifecycle:lifecycle-home")).content.decode()

    assert "要確認 1件" in page
