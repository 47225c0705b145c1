"""Where a letter goes: 送付先 before 住所, the insured person's for a dependant, nowhere for a protected person."""

from datetime import date

import pytest

from members.enrollment.activities import MEMBER_ADMINISTRATION
from members.enrollment.models import Address, MailingAddress
from members.enrollment.queries import postal_of
from privacy.scope import scope

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


@pytest.fixture
def postal(personas):
    def ask(*members, on=TODAY):
        with scope(MEMBER_ADMINISTRATION, personas["1001"]):
            return postal_of([m.pk for m in members], on)

    return ask


def test_the_address_of_the_day(a_member, postal):
    member = a_member("1")
    found = postal(member)[member.pk]
    assert (found.addressee, found.postal, found.town, found.street) == (
        "髙﨑 美咲", "〒105-0011", "東京都港区芝公園", "4-2-8",
    )  # fmt: skip
    assert not postal(member, on=date(2019, 1, 1))[member.pk].reachable


def test_a_mailing_address_comes_first_while_it_holds(a_member, postal, owner):
    member = a_member("1")
    with owner():
        MailingAddress.objects.create(
            member=member, postal_code="5300001", town="大阪府大阪市北区", street="1-1", addressee="髙﨑 一郎",
            reason="guardian", period=(date(2026, 1, 1), date(2026, 12, 1)),
        )  # fmt: skip
    found = postal(member)[member.pk]
    assert (found.name, found.addressee, found.town) == ("髙﨑 美咲", "髙﨑 一郎", "大阪府大阪市北区")
    assert postal(member, on=date(2026, 12, 1))[member.pk].town == "東京都港区芝公園"


def test_a_dependant_without_an_address_is_written_to_at_the_insured_persons(a_member, postal, owner):
    head = a_member("1")
    child = a_member("1", branch="01", insured=head, given_name="蓮", given_kana="レン")
    with owner():
        Address.objects.filter(member=child).delete()
    found = postal(child)[child.pk]
    assert (found.addressee, found.town) == ("髙﨑 蓮", "東京都港区芝公園")


def test_abroad_the_lines_stand_as_they_are_written_there(a_member, postal, owner):
    member = a_member("1")
    with owner():
        Address.objects.filter(member=member).update(
            town="アメリカ合衆国", street="", postal_code="", abroad=True, country="US",
            lines="1 Sample Road\nMadison, WI",
        )  # fmt: skip
    found = postal(member)[member.pk]
    assert (found.postal, found.town, found.street) == ("", "アメリカ合衆国", "1 Sample Road, Madison, WI")


def test_a_protected_person_is_not_written_to_nor_is_a_dependant_at_a_protected_persons_address(
    a_member, postal, owner
):
    guarded = a_member("1", protected=True)
    child = a_member("1", branch="01", insured=guarded, given_name="蓮", given_kana="レン")
    with owner():
        Address.objects.filter(member=child).delete()
    found = postal(guarded, child)
    assert guarded.pk not in found
    assert not found[child.pk].reachable


def test_who_was_looked_up_stands_in_the_access_log(a_member, postal, events):
    member = a_member("1")
    postal(member)
    assert member.pk in events()[-1].subjects
