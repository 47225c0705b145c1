"""What the database itself refuses, whichever way a row is written."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from members.enrollment.models import Address, DependantPeriod, EligibilityPeriod, Member
from tests.members.enrollment.people import make_member, since

pytestmark = pytest.mark.django_db


def test_two_qualifications_of_one_person_never_overlap(owner):
    with owner():
        member = make_member(start=date(2016, 10, 1))
        second = EligibilityPeriod(
            member=member, kind="voluntary", acquisition_reason="voluntary", period=since(date(2020, 1, 1))
        )
        with pytest.raises(ValidationError, match="同じ人の資格の期間が重なっています。"):
            second.validate_constraints()
        with pytest.raises(IntegrityError, match="enrollment_eligibility_no_overlap"), transaction.atomic():
            second.save()


def test_lost_and_acquired_on_one_day_do_not_overlap(owner):
    with owner():
        member = make_member(start=date(2016, 10, 1))
        EligibilityPeriod.objects.filter(member=member).update(period=since(date(2016, 10, 1), date(2020, 4, 1)))
        EligibilityPeriod.objects.create(
            member=member, kind="compulsory", acquisition_reason="employment", period=since(date(2020, 4, 1))
        )
        assert EligibilityPeriod.objects.filter(member=member).covered_on(date(2020, 4, 1)).count() == 1


def test_two_people_may_hold_the_same_days(owner):
    with owner():
        make_member()
        make_member()
        assert EligibilityPeriod.objects.count() == 2


def test_copy_is_refused_an_overlap_too(owner):
    with owner():
        member = make_member()
        with (
            pytest.raises(Exception, match="enrollment_address_no_overlap"),
            transaction.atomic(),
            connection.cursor() as cursor,
            cursor.copy(
                "COPY enrollment_address (member_id, postal_code, town, street, abroad, period, cancelled) FROM STDIN"
            ) as copy,
        ):
            copy.write_row((member.pk, "", "東京都", "1-1", False, "[2018-01-01,2019-01-01)", False))


def test_a_cancelled_address_leaves_room(owner):
    with owner():
        member = make_member()
        Address.objects.filter(member=member).update(cancelled=True)
        Address.objects.create(member=member, town="大阪府", period=since(date(2016, 10, 1)))
        assert Address.objects.filter(member=member, cancelled=False).count() == 1


@pytest.mark.parametrize("period", ["empty", "(,2020-01-01)"])
def test_a_period_has_a_first_day(owner, period):
    with owner():
        member = make_member()
        with pytest.raises(IntegrityError, match="enrollment_eligibility_period"), transaction.atomic():
            EligibilityPeriod.objects.filter(member=member).update(period=period)


def test_nobody_depends_on_themselves(owner):
    with owner():
        member = make_member()
        with pytest.raises(IntegrityError, match="enrollment_dependant_not_self"), transaction.atomic():
            DependantPeriod.objects.create(
                member=member, insured=member, relation="other", period=since(date(2020, 1, 1))
            )


def test_a_number_belongs_to_one_person(owner):
    with owner():
        first, second = make_member(), make_member()
        with pytest.raises(IntegrityError, match="enrollment_member_number_once"), transaction.atomic():
            Member.objects.filter(pk=second.pk).update(number=first.number, symbol=first.symbol)


def test_a_member_is_named_without_personal_data(owner):
    with owner():
        member = make_member()
    assert "髙﨑" not in str(member) + repr(member)
