"""Statutory cases: a time limit, and a second person where the statute asks for one."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from privacy.notice.actions import UnableToOpenCase, approve_case
from privacy.notice.models import StatutoryCase

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(person):
    return [person("個人情報保護管理者", number, is_staff=True) for number in ("8001", "8002", "8003")]


@pytest.fixture
def make_case(people, owner):
    def make(**fields) -> StatutoryCase:
        now = timezone.now()
        given = {
            "activity": "privacy.audit",
            "article": "個人情報保護法146条",
            "case_number": "A-1",
            "reason": "監査",
            "user": people[0],
            "requested_by": people[1],
            "valid_from": now,
            "valid_until": now + timedelta(days=1),
        }
        with owner(), transaction.atomic():
            return StatutoryCase.objects.create(**given | fields)

    return make


def test_third_person_approves(make_case, people, owner):
    case = make_case()
    with owner():
        assert approve_case(case=case, by=people[2]).approved_by == people[2]


@pytest.mark.parametrize("who", [0, 1])
def test_neither_actor_nor_requester_approves(make_case, people, owner, who):
    case = make_case()
    with owner(), pytest.raises(UnableToOpenCase, match="申請した職員でも担当する職員でもない"):
        approve_case(case=case, by=people[who])


def test_case_is_approved_once(make_case, people, owner):
    case = make_case(approved_by=people[2])
    with owner(), pytest.raises(UnableToOpenCase, match="すでに承認"):
        approve_case(case=case, by=people[2])


@pytest.mark.parametrize("who", [0, 1])
def test_database_refuses_approval_by_the_same_person(make_case, people, who):
    with pytest.raises(IntegrityError, match="second_person"):
        make_case(approved_by=people[who])


def test_case_ends_after_it_begins(make_case):
    now = timezone.now()
    with pytest.raises(IntegrityError, match="ends_after_start"):
        make_case(valid_from=now, valid_until=now)
