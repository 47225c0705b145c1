"""The review of the access log: what is worth a look is found, nobody is named, and a month is marked once."""

from datetime import date, datetime

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from privacy.accesslog.actions import UnableToReviewLog, review_month
from privacy.accesslog.models import LogReview
from privacy.accesslog.review import is_outside_hours, last_day_of

pytestmark = pytest.mark.django_db

LIST = "/access-log/"


@pytest.fixture
def officer(client_of):
    return client_of("田中")


@pytest.fixture
def seen(client_of, a_member):
    """佐藤 looked at somebody, 伊藤 was refused."""
    member = a_member()
    client_of("佐藤").get(reverse("enrollment:member-detail", args=[member.pk]))
    client_of("伊藤").get(reverse("enrollment:member-detail", args=[member.pk]))
    return member


def test_the_log_shows_who_did_what_and_names_no_member(officer, seen):
    html = officer.get(LIST).content.decode()
    assert "佐藤 真由美" in html
    assert "伊藤 誠" in html
    assert "権限なし" in html
    assert "髙﨑" not in html


@pytest.mark.parametrize(
    ("asked", "there", "gone"),
    [
        ({"outcome": "refused"}, "伊藤 誠", "<td>表示</td>"),
        ({"activity": "enrollment.disclosure"}, "当てはまる記録はありません", "権限なし"),
        ({"first": "2020-01-01", "last": "2020-01-31"}, "この期間に、個人情報は扱われていません", "権限なし"),
        ({"only": "many"}, "当てはまる記録はありません", "権限なし"),
        ({"first": "昭和65年1月1日"}, "field-error", "当てはまる記録はありません"),
        # What could be read still holds beside what could not.
        ({"first": "昭和65年1月1日", "outcome": "refused"}, "伊藤 誠", "<td>表示</td>"),
        ({"first": "昭和65年1月1日", "only": "many"}, "当てはまる記録はありません", "権限なし"),
        ({"first": "2026-01-01", "last": "2026-12-01"}, "一度に読めるのは", "2026年12月1日まで"),
    ],
)
def test_conditions_narrow_and_what_cannot_be_read_is_said(asked, there, gone, officer, seen):
    html = officer.get(LIST, asked).content.decode()
    assert there in html
    assert gone not in html


@pytest.mark.parametrize(
    "asked",
    [
        {"after": "x"}, {"after": "2026-11-23T00:00:00+09:00_" + "9" * 5000}, {"after": "9999-12-31T23:59:59+09:00_1"},
        {"actor": "9" * 30}, {"member": "-1"}, {"member": "9" * 30}, {"activity": "\x00"}, {"first": "9" * 5000},
        {"only": "x"}, {"outcome": "x"}, {"last": "0001-01-01"}, {"first": "9999-12-31"},
    ],
)  # fmt: skip
def test_no_condition_breaks_the_page(asked, officer, seen):
    assert officer.get(LIST, asked).status_code == 200


def test_the_log_of_one_member_is_found_by_number(officer, seen):
    assert "佐藤 真由美" in officer.get(LIST, {"member": seen.pk}).content.decode()
    html = officer.get(LIST, {"member": seen.pk + 999}).content.decode()
    assert "当てはまる記録はありません" in html


def test_pages_follow_one_another_without_gap_or_repeat(officer, personas, owner, settings):
    with owner(), connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO accesslog_event (at, timeline, event, actor_id, role, activity, uses, operation, outcome, way,
                 view, object_id, subjects, populations, reference, reason)
               SELECT now() - make_interval(secs => n / 3), 1, gen_random_uuid(), %s, 'r',
                 'enrollment.member_administration', '{}', 'view', 'shown', '画面', 'v', '', '{}', '{}', 'X-' || n, ''
               FROM generate_series(1, 120) AS n""",
            [personas["鈴木"].pk],
        )
    seen, url = [], f"{LIST}?actor={personas['鈴木'].pk}"
    while url:
        html = officer.get(url).content.decode()
        seen += [word.split("<")[0] for word in html.split('<td class="meta">')[1:]]
        url = (
            LIST + html.split('rel="next"')[0].rsplit('href="', 1)[1].rstrip('" ').replace("&amp;", "&")
            if 'rel="next"' in html
            else ""
        )
    assert len(seen) == len(set(seen)) == 120


def test_one_event_says_everything_but_whom(officer, seen, events):
    event = events(outcome="shown", view="enrollment:member-detail")[-1]
    html = officer.get(reverse("accesslog:event-detail", args=[event.id])).content.decode()
    assert "eligibility_address.member_administration" in html
    assert "髙﨑" not in html
    assert officer.get(reverse("accesslog:event-detail", args=[10**15])).status_code == 404


@pytest.mark.parametrize("name", ["佐藤", "小林", "伊藤"])
def test_the_log_is_for_the_officer_alone(name, client_of):
    assert client_of(name).get(LIST).status_code == 403


def test_a_full_month_is_marked_once_with_its_totals(officer, personas, monkeypatch):
    month = (timezone.localdate().replace(day=1) - timezone.timedelta(days=1)).replace(day=1)
    url = reverse("accesslog:review-month", args=[f"{month:%Y%m}"])
    assert officer.get(url).status_code == 200
    assert officer.post(url, {"note": ""}).status_code == 422
    assert officer.post(url, {"note": "異常なし"}).status_code == 302
    review = LogReview.objects.get()
    assert (review.month, review.reviewed_by, review.counts["events"]) == (month, personas["田中"], 0)
    assert officer.post(url, {"note": "もう一度"}).status_code == 422


def test_a_month_that_is_not_over_is_not_marked(personas, owner):
    with owner(), pytest.raises(UnableToReviewLog):
        review_month(month=date(2026, 11, 1), note="x", by=personas["田中"], today=date(2026, 11, 30))


@pytest.mark.parametrize("figures", [0, 13, 101, 202613, 202600, 999912, 99_999_999, 99999912])
def test_a_month_that_is_none_is_not_found(figures, officer):
    assert officer.get(f"/access-log/reviews/{figures}/").status_code in (200, 404)


@pytest.mark.parametrize(
    ("at", "outside"),
    [
        (datetime(2026, 11, 23, 6, 59), True), (datetime(2026, 11, 23, 7, 0), False),
        (datetime(2026, 11, 23, 20, 59), False), (datetime(2026, 11, 23, 21, 0), True),
        (datetime(2026, 11, 22, 12, 0), True),
    ],
)  # fmt: skip
def test_hours_are_those_of_tokyo(at, outside):
    assert is_outside_hours(timezone.make_aware(at)) is outside


@pytest.mark.parametrize(("month", "last"), [(date(2028, 2, 1), 29), (date(2026, 2, 1), 28), (date(2026, 12, 1), 31)])
def test_the_last_day_of_a_month(month, last):
    assert last_day_of(month).day == last
