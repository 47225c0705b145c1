"""From the bytes to the register: nothing lost, nothing twice."""

from __future__ import annotations

from datetime import date

import pytest

from members.enrollment.models import (
    Address,
    ChangeReport,
    DependantPeriod,
    EligibilityPeriod,
    Member,
    NameToken,
)
from members.intake.enums import FileState
from tests.members.intake.conftest import csv_of

pytestmark = pytest.mark.django_db


def outcomes(lines) -> list[str]:
    return [line.outcome for line in lines]


def test_a_list_of_new_people_enters_them_with_periods_addresses_documents_and_search_words(
    office, take_in, apply, lines_of, owner
):
    file = take_in(
        "members",
        {"number": "3502"},
        {
            "number": "3502",
            "branch": "01",
            "given_name": "空",
            "given_kana": "ソラ",
            "birth_date": "R2.5.1",
            "relation": "長男",
        },
        {
            "number": "3503",
            "family_name": "榊原",
            "family_kana": "サカキバラ",
            "end": "2026-11-10",
            "loss_reason": "退職",
        },
    )
    assert file.state == FileState.CHECKED and file.counts == {"new": 3}
    file = apply(file)
    assert file.state == FileState.APPLIED and file.applied_lines == 3
    with owner():
        head, child, left = Member.objects.filter(symbol="12").order_by("number", "branch")
        assert (head.card_number, child.card_number, left.card_number) == ("12-3502-00", "12-3502-01", "12-3503-00")
        period = EligibilityPeriod.objects.get(member=head)
        assert period.period.lower == date(2026, 11, 1) and period.period.upper is None
        assert period.employer.symbol == "12" and period.received_date == date(2026, 11, 20)
        gone = EligibilityPeriod.objects.get(member=left)
        assert gone.period.upper == date(2026, 11, 10) and gone.loss_reason == "retirement"
        own = DependantPeriod.objects.get(member=child)
        assert own.insured_id == head.pk and own.relation == "son"
        assert {a.member_id: a.line for a in Address.objects.filter(cancelled=False)} == dict.fromkeys(
            [head.pk, child.pk, left.pk], "東京都港区芝公園4-2-8"
        )
        assert NameToken.objects.filter(member=head, token="阿久津薫").exists()
        notes = list(ChangeReport.objects.filter(member=head).values_list("kind", "note"))
        assert notes == [("acquisition", f"取り込み{file.pk}の2行目")]
        numbers = list(ChangeReport.objects.order_by("pk").values_list("receipt_number", flat=True))
        assert len(set(numbers)) == len(numbers) == 4 and numbers[0].startswith("R8-11-")
        history = Member.history.filter(id=head.pk).first()
        assert history.activity == "intake.member_import" and history.history_user_id is not None
    assert [line.member_id for line in lines_of(file)] == [head.pk, child.pk, left.pk]


def test_the_same_file_again_changes_nothing(office, take_in, apply, owner):
    body = csv_of("members", {"number": "3502"}, {"number": "3503", "family_name": "榊原"})
    apply(take_in("members", body=body))
    with owner():
        before = Member.history.count(), ChangeReport.objects.count()
    again = take_in("members", body=body)
    assert again.counts == {"unchanged": 2}
    with owner():
        assert (Member.history.count(), ChangeReport.objects.count()) == before


def test_changes_are_shown_field_by_field_and_applied(a_member, take_in, apply, lines_of, owner):
    member = a_member("3456")
    file = take_in(
        "members",
        {"number": "3456", "family_name": "吉田", "given_name": "美咲", "family_kana": "ヨシダ", "given_kana": "ミサキ",
         "birth_date": "1980-05-07", "sex": "女", "start": "2020-04-01", "town": "大阪府吹田市江坂町", "street": "2-7-9",
         "postal_code": "564-0063"},
    )  # fmt: skip
    [line] = lines_of(file)
    assert line.outcome == "changed" and line.operations == ["name", "address"]
    assert [d[:3] for d in line.differences] == [
        ["氏名", "髙﨑 美咲", "吉田 美咲"],
        ["フリガナ", "タカサキ ミサキ", "ヨシダ ミサキ"],
        ["住所", "〒105-0011 東京都港区芝公園4-2-8", "〒564-0063 大阪府吹田市江坂町2-7-9"],
    ]
    assert apply(file).state == FileState.APPLIED
    with owner():
        member.refresh_from_db()
        assert member.name == "吉田 美咲" and member.version == 3
        assert Address.objects.get(member=member, period__upper_inf=True).town == "大阪府吹田市江坂町"


def test_a_variant_character_is_told_from_another_name(a_member, take_in, lines_of):
    a_member("3456")
    file = take_in("name", {"number": "3456", "family_name": "高崎", "family_kana": "タカサキ"})
    [line] = lines_of(file)
    assert line.differences[0][:3] == ["氏名", "髙﨑 美咲", "高崎 美咲"]
    assert "異体字だけの違い" in line.differences[0][3] and "U+9AD9" in line.differences[0][3]


def test_a_bad_line_names_line_field_and_remedy_and_the_good_ones_go_in(office, take_in, apply, lines_of, owner):
    file = take_in(
        "members",
        {"number": "1"},
        {"number": "2", "birth_date": "540927"},
        {"number": ""},
        {"number": "4", "family_name": "榊原"},
    )
    assert file.counts == {"new": 2, "error": 2}
    _first, date_line, number_line, _last = lines_of(file)
    assert date_line.number == 3 and date_line.messages[0][:3] == ["birth_date", "生年月日", "540927"]
    assert "S540927" in date_line.messages[0][4]
    assert "540927" not in date_line.messages[0][5]
    assert number_line.messages[0][0] == "number"
    assert apply(file).state == FileState.PARTLY
    with owner():
        assert list(Member.objects.order_by("number_order").values_list("number", flat=True)) == ["1", "4"]


def test_a_corrected_file_does_only_what_was_left(office, take_in, apply, owner):
    first = take_in("members", {"number": "1"}, {"number": "2", "family_name": "榊原", "birth_date": "540927"})
    apply(first)
    second = take_in(
        "members", {"number": "1"}, {"number": "2", "family_name": "榊原", "birth_date": "S54.9.27"}, replaces=first
    )
    assert second.counts == {"unchanged": 1, "new": 1} and second.replaces_id == first.pk
    assert apply(second).state == FileState.APPLIED
    with owner():
        assert Member.objects.count() == 2 and ChangeReport.objects.count() == 2


def test_acquisition_without_a_number_takes_the_next_and_is_known_again(a_member, take_in, apply, owner):
    a_member("3456")
    body = csv_of("acquisition", {}, {"family_name": "榊原", "given_name": "芽衣"})
    apply(take_in("acquisition", body=body))
    with owner():
        assert list(Member.objects.order_by("number_order").values_list("number", flat=True)) == [
            "3456",
            "3457",
            "3458",
        ]
    assert take_in("acquisition", body=body).counts == {"unchanged": 2}


def test_loss_ends_the_family_too_and_is_known_again(a_member, take_in, apply, owner):
    member = a_member("3456")
    apply(take_in("dependant", {"number": "3456"}))
    body = csv_of("loss", {"number": "3456", "end": "R8.11.10"})
    file = take_in("loss", body=body)
    assert file.counts == {"changed": 1}
    apply(file)
    with owner():
        assert EligibilityPeriod.objects.get(member=member).period.upper == date(2026, 11, 10)
        assert DependantPeriod.objects.get(insured=member).period.upper == date(2026, 11, 10)
    assert take_in("loss", body=body).counts == {"unchanged": 1}


def test_a_dependant_is_added_and_removed(a_member, take_in, apply, lines_of, owner):
    a_member("3456")
    apply(take_in("dependant", {"number": "3456"}))
    with owner():
        child = Member.objects.get(branch="01")
        assert child.name == "髙﨑 葵" and child.symbol == "12"
    assert take_in("dependant", {"number": "3456"}).counts == {"unchanged": 1}
    gone = take_in(
        "dependant",
        {"number": "3456", "branch": "01", "change": "削除", "change_date": "R8.11.15", "end_reason": "就職"},
    )
    assert gone.counts == {"changed": 1}
    apply(gone)
    with owner():
        period = DependantPeriod.objects.get(member=child)
        assert period.period.upper == date(2026, 11, 15) and period.end_reason == "employed"


def test_an_address_not_after_the_present_one_is_a_conflict(a_member, take_in, lines_of):
    a_member("3456")
    file = take_in("address", {"number": "3456", "change_date": "2020-04-01"})
    [line] = lines_of(file)
    assert line.outcome == "conflict" and "訂正" in line.messages[0][4]


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ({"birth_date": "1981-05-07"}, "生年月日が台帳"),
        ({"birth_date": "1980-05-07", "sex": "男"}, "性別が台帳"),
        ({"birth_date": "1980-05-07", "sex": "女", "start": "2021-04-01"}, "取得日"),
    ],
)
def test_what_contradicts_the_register_is_a_conflict(a_member, take_in, lines_of, line, word):
    a_member("3456")
    file = take_in("members", {"number": "3456", "family_name": "髙﨑", "given_name": "美咲", **line})
    [staged] = lines_of(file)
    assert staged.outcome == "conflict" and word in staged.messages[0][3]


def test_somebody_who_seems_registered_under_another_number_is_a_conflict(a_member, take_in, lines_of):
    a_member("3456")
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
    assert line.outcome == "conflict" and "12-3456-00" in line.messages[0][3] and "12-3456" not in line.messages[0][5]


def test_two_lines_of_one_person_are_not_both_taken(office, take_in, lines_of):
    file = take_in("members", {"number": "1"}, {"number": "1", "given_name": "望"})
    assert outcomes(lines_of(file)) == ["new", "error"]
    assert "2行目と同じ人" in lines_of(file)[1].messages[0][3]


def test_a_dependant_whose_insured_person_is_nowhere_is_an_error(office, take_in, lines_of):
    file = take_in("members", {"number": "1", "branch": "01", "relation": "妻"})
    [line] = lines_of(file)
    assert line.outcome == "error" and line.messages[0][0] == "number"


def test_lines_of_another_employer_than_the_chosen_one_are_errors(office, take_in, lines_of):
    file = take_in(
        "members",
        {"number": "1"},
        {"number": "2", "symbol": "13"},
        {"number": "3", "symbol": "", "family_name": "榊原"},
        employer=office,
    )
    assert outcomes(lines_of(file)) == ["new", "error", "new"]
    assert "記号は 12" in lines_of(file)[1].messages[0][4]
