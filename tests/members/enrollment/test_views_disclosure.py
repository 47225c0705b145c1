"""A statutory activity: no published use opens it, a case of one's own does, approved by another and for a time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from privacy.notice.models import StatutoryCase

pytestmark = pytest.mark.django_db


@pytest.fixture
def a_case(owner, personas):
    def make(**fields):
        now = timezone.now()
        values = {
            "activity": "enrollment.disclosure",
            "article": "個人情報保護法 第33条",
            "case_number": "開示R8-1",
            "reason": "本人からの開示の請求",
            "user": personas["1005"],
            "requested_by": personas["1005"],
            "approved_by": personas["1004"],
            "valid_from": now - timedelta(hours=1),
            "valid_until": now + timedelta(days=14),
            **fields,
        }
        with owner():
            return StatutoryCase.objects.create(**values)

    return make


def test_without_a_case_even_the_enrolment_section_is_refused(a_member, browser_of):
    member = a_member()
    answer = browser_of("1001").get(f"/members/{member.pk}/disclosure/")
    assert answer.status_code == 403
    assert "髙﨑" not in answer.content.decode()


def test_with_an_approved_case_the_sheet_opens_and_is_recorded_with_its_article(a_member, a_case, browser_of, events):
    member = a_member()
    a_case(subject_id=member.pk)
    answer = browser_of("1005").get(f"/members/{member.pk}/disclosure/")
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "髙﨑" in page and "東京都港区芝公園" in page and "個人情報保護法 第33条" in page
    [event] = events(activity="enrollment.disclosure", outcome="shown")
    assert member.pk in event.subjects
    assert event.uses == ["個人情報保護法 第33条"]


@pytest.mark.parametrize(
    "fields",
    [
        {"approved_by": None},
        {"valid_until": timezone.now() - timedelta(minutes=1), "valid_from": timezone.now() - timedelta(days=1)},
        {"activity": "enrollment.another"},
    ],
    ids=["not approved", "expired", "another activity"],
)
def test_a_case_that_does_not_hold_opens_nothing(fields, a_member, a_case, browser_of):
    member = a_member()
    a_case(subject_id=member.pk, **fields)
    assert browser_of("1005").get(f"/members/{member.pk}/disclosure/").status_code == 403


def test_a_case_opens_the_person_it_is_about_and_nobody_else(a_member, a_case, browser_of):
    member, other = a_member(), a_member("2")
    a_case(subject_id=member.pk)
    a_case(subject_id=None, case_number="開示R8-2")
    clerk = browser_of("1005")
    assert clerk.get(f"/members/{member.pk}/disclosure/").status_code == 200
    refused = clerk.get(f"/members/{other.pk}/disclosure/")
    assert refused.status_code == 403 and "髙﨑" not in refused.content.decode()
    assert "この人についての案件があなたにありません" in refused.content.decode()


def test_another_person_cannot_use_the_case(a_member, a_case, browser_of):
    member = a_member()
    a_case(subject_id=member.pk)
    assert browser_of("1006").get(f"/members/{member.pk}/disclosure/").status_code == 403


def test_the_case_allows_reading_only(a_member, a_case, personas):
    from members.enrollment.activities import DISCLOSURE
    from members.enrollment.models import Member
    from privacy.scope import WallRefused, scope

    member = a_member()
    a_case(subject_id=member.pk)
    with pytest.raises(WallRefused), scope(DISCLOSURE, personas["1005"], operation="change"):
        Member.objects.filter(pk=member.pk).update(given_name="別")
