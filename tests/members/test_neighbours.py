"""What other apps keep about a person: told before a change that reaches back, and moved when two rows become one."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from members.enrollment import neighbours
from members.enrollment.models import EligibilityPeriod
from members.filings.models import Filing, FilingStep
from members.lifecycle.enums import AgeReason, AgeState, TermState
from members.lifecycle.models import AgeEvent, VoluntaryTerm
from tests.members.enrollment.conftest import browser_of, personas, sato  # noqa: F401  (fixtures)
from tests.members.enrollment.people import make_employer, make_member, since
from tests.members.enrollment.test_views_people import RECEIVED
from tests.members.filings.conftest import address_change

pytestmark = pytest.mark.django_db
BORN = date(1970, 5, 1)


@pytest.fixture
def twins(owner, sato):  # noqa: F811
    """One person registered twice, one row after the other; a filing and ages under the second row."""
    today = timezone.localdate()
    with owner():
        employer = make_employer()
        keep, other = (make_member(employer=employer, birth_date=BORN) for _row in range(2))
        own = EligibilityPeriod.objects.get(member=keep)
        own.period, own.loss_reason = since(own.period.lower, date(2018, 4, 1)), "retirement"
        own.save()
        later = EligibilityPeriod.objects.get(member=other)
        later.period = since(date(2020, 4, 1))
        later.save()
        for kind, member in ((40, keep), (40, other), (65, other)):
            AgeEvent.objects.create(
                member=member, kind=kind, reached_date=date(2035, 4, 30), event_date=date(2035, 5, 1)
            )
    answer = sato.post(
        reverse("filings:filing-enter", args=["address_change"]), address_change(employer, other, today, then="open")
    )
    assert answer.status_code == 302, answer.content.decode()[:3000]
    with owner():
        assert Filing.objects.get().member_id == other.pk
    return keep, other


def merge(sato, keep, other):  # noqa: F811
    values = RECEIVED | {"way": "merge", "number": other.card_number, "confirmed": "1"}
    return sato.post(reverse("enrollment:member-same-person", args=[keep.pk]), values)


def test_filings_and_ages_follow_the_person_behind_the_wall(owner, sato, twins):  # noqa: F811
    keep, other = twins
    assert merge(sato, keep, other).status_code == 302
    with owner():
        other.refresh_from_db()
        assert other.merged_into_id == keep.pk
        assert Filing.objects.get().member_id == keep.pk
        assert set(FilingStep.objects.values_list("member_id", flat=True)) == {keep.pk}
        ages = {(e.member_id, e.kind): (e.state, e.reason) for e in AgeEvent.objects.all()}
    assert ages == {
        (keep.pk, 40): (AgeState.PLANNED, ""),
        (other.pk, 40): (AgeState.CANCELLED, AgeReason.MERGED),
        (keep.pk, 65): (AgeState.PLANNED, ""),
    }


def test_two_standing_terms_are_a_clerks_decision(owner, sato, twins):  # noqa: F811
    keep, other = twins
    with owner():
        for member in twins:
            VoluntaryTerm.objects.create(
                member=member,
                state=TermState.RUNNING,
                lost_date=date(2026, 1, 1),
                received_date=date(2026, 1, 5),
                deadline_date=date(2026, 1, 20),
                term_end_date=date(2028, 1, 1),
            )
    answer = merge(sato, keep, other)
    assert "両方に継続中の任意継続" in answer.content.decode()
    with owner():
        other.refresh_from_db()
        assert other.merged_into_id is None
        assert Filing.objects.get().member_id == other.pk


def test_a_change_that_reaches_back_says_what_stands_elsewhere(owner, twins):
    _keep, other = twins
    with owner():
        told = {one.what: one.count for one in neighbours.touched({other.pk}, date(2026, 1, 1))}
    assert told == {"処理の済んでいない届": 1, "年齢到達": 2}


def test_a_merged_row_is_in_no_list_and_its_number_leads_on(owner, sato, twins):  # noqa: F811
    keep, other = twins
    assert merge(sato, keep, other).status_code == 302
    for state in ("all", "ended", "active"):
        page = sato.get(reverse("enrollment:member-list"), {"state": state}).content.decode()
        assert f"/members/{other.pk}/" not in page
    detail = sato.get(reverse("enrollment:member-detail", args=[other.pk])).content.decode()
    assert "統合済み" in detail
    assert f'href="{reverse("enrollment:member-detail", args=[keep.pk])}"' in detail
