"""Of protected people nothing stands in the open lines; who is not named learns whom to ask and no more."""

from __future__ import annotations

from datetime import date

import pytest

from members.enrollment.models import Address, Member, ProtectedAddress, Protection, ProtectionClerk
from members.intake import queries
from members.intake.activities import MEMBER_IMPORT
from members.intake.models import ProtectedStagedRow
from privacy.scope import scope

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


@pytest.fixture
def guarded(a_member, owner):
    """A protected member, and naming a clerk for them."""
    member = a_member("3456", protected=True)
    with owner():
        Protection.objects.create(
            member=member, kind="support_measures", ask="適用課 小林（内線 121）", period=(date(2025, 1, 1), None)
        )
        ProtectedAddress.objects.create(
            member=member,
            postal_code="1050011",
            town="東京都港区芝公園",
            street="4-2-8",
            period=(date(2020, 4, 1), None),
        )

    def name(clerk):
        with owner():
            ProtectionClerk.objects.create(member=member, user_id=clerk.pk, named_date=TODAY)

    member.name_clerk = name
    return member


def test_a_clerk_who_is_not_named_gets_a_conflict_without_a_character_of_the_data(
    guarded, take_in, lines_of, sato, owner
):
    file = take_in("address", {"number": "3456"})
    [line] = lines_of(file)
    assert line.outcome == "conflict" and line.protected
    assert (line.raw, line.values, line.differences) == ([], {}, [])
    assert "江坂" not in repr(vars(line)) and "港区" not in repr(line.messages)
    with scope(MEMBER_IMPORT, sato):
        page = queries.line_page(file, ["conflict"], page=1, user_id=sato.pk, today=TODAY)
        assert page.lines[0].hidden and page.lines[0].whom == "適用課 小林（内線 121）"
    with owner():
        assert ProtectedStagedRow.objects.get().values["town"] == "大阪府吹田市江坂町"


def test_the_named_clerk_compares_and_applies_and_the_address_goes_to_the_protected_table(
    guarded, take_in, apply, lines_of, sato, owner, personas
):
    guarded.name_clerk(sato)
    file = take_in("address", {"number": "3456"})
    [line] = lines_of(file)
    assert line.outcome == "changed" and line.protected and line.differences == []
    with scope(MEMBER_IMPORT, sato):
        [seen] = queries.line_page(file, ["changed"], page=1, user_id=sato.pk, today=TODAY).lines
        assert not seen.hidden and "江坂町" in seen.row.differences[0][2]
    other = personas["小林"]
    with scope(MEMBER_IMPORT, sato):
        [seen] = queries.line_page(file, ["changed"], page=1, user_id=other.pk, today=TODAY).lines
        assert seen.hidden and seen.row.differences == []
    file = apply(file)
    assert file.applied_lines == 1
    with owner():
        assert ProtectedAddress.objects.get(member=guarded, period__upper_inf=True).town == "大阪府吹田市江坂町"
        assert not Address.objects.filter(member=guarded).exists()


def test_a_dependant_of_a_protected_person_is_protected_too(guarded, take_in, apply, lines_of, sato, owner):
    guarded.name_clerk(sato)
    file = take_in("dependant", {"number": "3456", "town": "大阪府吹田市江坂町", "street": "2-7-9"})
    [line] = lines_of(file)
    assert line.outcome == "new" and line.protected and "葵" not in repr(vars(line))
    assert apply(file).applied_lines == 1
    with owner():
        child = Member.objects.get(branch="01")
        assert child.protected and not Address.objects.filter(member=child).exists()
        assert ProtectedAddress.objects.filter(member=child).exists()


def test_an_error_in_a_line_of_a_protected_person_is_kept_apart(guarded, take_in, lines_of):
    file = take_in("address", {"number": "3456", "change_date": "541103"})
    [line] = lines_of(file)
    assert line.outcome == "error" and line.protected
    assert line.messages[0][2] == "" and "江坂" not in repr(vars(line))
    assert "541103" not in repr(line.messages)


def test_somebody_alike_who_is_protected_is_not_given_away(guarded, take_in, lines_of):
    file = take_in(
        "acquisition",
        {
            "family_name": "髙﨑",
            "given_name": "美咲",
            "family_kana": "タカサキ",
            "given_kana": "ミサキ",
            "birth_date": "S55.5.7",
            "sex": "女",
        },
    )
    [line] = lines_of(file)
    assert line.outcome == "conflict" and line.protected and "3456" not in repr(line.messages)
