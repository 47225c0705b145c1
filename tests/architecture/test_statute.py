"""The third outcome beside published and refused: an article of a law opens the door for one person's case, in its days."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from members.enrollment.activities import DISCLOSURE
from members.enrollment.models import Member
from privacy.notice.models import StatutoryCase
from privacy.scope import NotGranted, scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def a_case(personas, owner):
    """A case of 佐藤, open today and approved by 田中, but for what the test says."""

    def plant(**fields):
        now = timezone.now()
        values = {
            "activity": DISCLOSURE.code, "article": "個人情報保護法33条", "case_number": "開-1", "reason": "開示の請求",
            "user": personas["佐藤"], "requested_by": personas["小林"], "approved_by": personas["田中"],
            "valid_from": now - timedelta(days=1), "valid_until": now + timedelta(days=1),
        }  # fmt: skip
        with owner():
            return StatutoryCase.objects.create(**values | fields)

    return plant


def opens(who) -> bool:
    try:
        with scope(DISCLOSURE, who):
            return Member.objects.first() is not None
    except NotGranted:
        return False


def test_a_case_in_its_days_approved_by_another_opens_for_its_person(a_member, a_case, personas):
    a_member()
    assert not opens(personas["佐藤"])
    a_case()
    assert opens(personas["佐藤"])


def test_anothers_case_opens_nothing(a_member, a_case, personas):
    a_member()
    a_case()
    assert not opens(personas["小林"])


@pytest.mark.parametrize(("begins", "ends"), [(1, 2), (-2, -1)])
def test_a_case_outside_its_days_opens_nothing(begins, ends, a_member, a_case, personas):
    a_member()
    now = timezone.now()
    a_case(valid_from=now + timedelta(days=begins), valid_until=now + timedelta(days=ends))
    assert not opens(personas["佐藤"])


def test_a_case_nobody_else_approved_opens_nothing(a_member, a_case, personas):
    a_member()
    a_case(approved_by=None)
    assert not opens(personas["佐藤"])


def test_a_case_of_another_work_opens_nothing(a_member, a_case, personas):
    a_member()
    a_case(activity="tests.audit")
    assert not opens(personas["佐藤"])


def test_a_statute_gives_no_more_than_looking_where_it_writes_nothing(a_member, a_case, personas):
    from privacy.scope import WallRefused

    a_member()
    a_case()
    with pytest.raises(WallRefused), scope(DISCLOSURE, personas["佐藤"], operation="change"):
        Member.objects.update(given_name="改")
