"""氏名・住所の変更と訂正: forms that lose nothing, conflicts side by side, changes taken back."""

from datetime import date

import pytest
from django.urls import reverse

from members.enrollment.models import Address, ChangeReport, Member
from tests.members.enrollment.people import make_member


def url(name: str, pk: int) -> str:
    return reverse(f"enrollment:{name}", args=[pk])


def body(response) -> str:
    return response.content.decode()


@pytest.fixture
def member(owner, db):
    with owner():
        return make_member()


def name_data(version: int = 1, **changes) -> dict:
    return {
        "version": version,
        "family_name": "𠮷田",
        "given_name": "美咲",
        "family_kana": "ﾖｼﾀﾞ",
        "given_kana": "みさき",
        "effective_date": "令和8年11月1日",
        "received_date": "R8.11.2",
        "note": "",
    } | changes


def address_data(version: int = 1, **changes) -> dict:
    return {
        "version": version,
        "postal_code": "２３０－００６２",
        "town": "神奈川県横浜市鶴見区豊岡町",
        "street": "1-2 ひなたハイツ203",
        "effective_date": "2026-11-1",
        "received_date": "20261102",
        "note": "",
    } | changes


@pytest.fixture
def stored(owner):
    def read(member: Member) -> Member:
        with owner():
            return Member.objects.get(pk=member.pk)

    return read


def test_a_changed_name_is_stored_as_typed_with_its_reading_in_katakana(sato, member, stored):
    response = sato.post(url("member-name-change", member.pk), name_data(), follow=True)
    page = body(response)
    assert response.redirect_chain[0][0].startswith(url("member-detail", member.pk) + "?done=")
    assert "氏名変更届" in page and "元に戻す" in page
    assert (stored(member).family_name, stored(member).family_kana, stored(member).given_kana) == (
        "𠮷田",
        "ヨシダ",
        "ミサキ",
    )


def test_the_history_shows_old_and_new_by_whom_and_under_which_purpose(sato, member):
    sato.post(url("member-name-change", member.pk), name_data())
    page = body(sato.get(url("member-history", member.pk)))
    assert "<del>髙﨑</del>" in page and "<ins>𠮷田</ins>" in page
    assert "佐藤 真由美（適用課）" in page and "加入者の管理" in page and "氏名変更届 R8-11-0001" in page


@pytest.mark.parametrize("name", ["member-name-change", "member-name-correct", "address-change", "address-correct"])
def test_who_may_only_see_cannot_save(suzuki, ito, member, stored, name):
    data = name_data() | address_data()
    assert suzuki.post(url(name, member.pk), data).status_code == 403
    assert ito.post(url(name, member.pk), data).status_code == 403
    assert stored(member).version == 1 and stored(member).family_name == "髙﨑"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"family_name": ""}, "氏を入力してください"),
        ({"family_kana": "吉田"}, "フリガナに「吉」は使えません"),
        ({"effective_date": "昭和65年1月1日"}, "昭和65年はありません"),
        ({"effective_date": "540927"}, "S540927 か 19540927 と入力してください"),
        ({"received_date": "2099-1-1"}, "収受日が今日より後です"),
        ({"family_name": "髙﨑", "family_kana": "タカサキ", "given_kana": "ミサキ"}, "いまの氏名と同じです"),
    ],
)
def test_a_wrong_form_answers_422_says_why_and_keeps_what_was_typed(sato, member, stored, changes, sentence):
    response = sato.post(url("member-name-change", member.pk), name_data(note="婚姻の届", **changes))
    page = body(response)
    assert response.status_code == 422
    assert page.count(sentence) >= 1 and "error-summary" in page
    assert 'value="婚姻の届"' in page and all(f'value="{typed}"' in page for typed in changes.values() if typed)
    assert stored(member).version == 1


def test_a_new_address_ends_the_old_one_that_day(owner, sato, member):
    response = sato.post(url("address-change", member.pk), address_data(), follow=True)
    assert "住所変更届" in body(response)
    with owner():
        rows = list(Address.objects.filter(member=member).order_by("period"))
    assert [(row.period.lower, row.period.upper, row.postal_code) for row in rows] == [
        (date(2016, 10, 1), date(2026, 11, 1), "1050011"),
        (date(2026, 11, 1), None, "2300062"),
    ]


def test_an_address_in_japan_needs_its_postal_code_and_one_abroad_does_not(sato, member):
    response = sato.post(url("address-change", member.pk), address_data(postal_code=""))
    assert response.status_code == 422 and "郵便番号を入力してください" in body(response)
    abroad = address_data(postal_code="", town="1 Example Road, London", abroad="on")
    assert sato.post(url("address-change", member.pk), abroad).status_code == 302


def test_a_day_before_the_present_address_is_refused_with_a_way_on(sato, member):
    response = sato.post(url("address-change", member.pk), address_data(effective_date="2016-9-30"))
    assert response.status_code == 422 and "住所を訂正" in body(response)


def test_a_corrected_address_keeps_its_period(owner, sato, member):
    assert sato.post(url("address-correct", member.pk), address_data()).status_code == 302
    with owner():
        row = Address.objects.get(member=member)
    assert (row.town, row.period.lower, row.period.upper) == ("神奈川県横浜市鶴見区豊岡町", date(2016, 10, 1), None)


def test_two_people_at_once_see_both_contents_and_choose_by_field(browser_of, sato, member, stored):
    other = browser_of("1006")
    other.post(url("member-name-change", member.pk), name_data(family_name="渡邊", family_kana="ワタナベ"))
    response = sato.post(url("member-name-change", member.pk), name_data())
    page = body(response)
    assert response.status_code == 409
    assert "小林 悠（適用課）" in page and "渡邊" in page and "𠮷田" in page
    assert 'name="version" value="2"' in page
    assert stored(member).family_name == "渡邊"

    chosen = name_data(version=2, family_name="𠮷田", family_kana="ヨシダ")
    assert sato.post(url("member-name-change", member.pk), chosen).status_code == 302
    assert stored(member).family_name == "𠮷田"


def test_saving_twice_is_harmless(owner, sato, member):
    first = sato.post(url("member-name-change", member.pk), name_data())
    second = sato.post(url("member-name-change", member.pk), name_data())
    assert first.status_code == second.status_code == 302
    with owner():
        assert ChangeReport.objects.filter(member=member).count() == 1


@pytest.fixture
def changed(owner, sato, member):
    sato.post(url("member-name-change", member.pk), name_data())
    with owner():
        return ChangeReport.objects.get(member=member)


def test_a_cancellation_says_field_by_field_what_comes_back_and_does_it(sato, member, changed, stored):
    page = body(sato.get(url("change-cancel", changed.pk)))
    assert "𠮷田" in page and "髙﨑" in page and "氏名変更届" in page
    response = sato.post(url("change-cancel", changed.pk), {"version": 2}, follow=True)
    assert response.status_code == 200
    assert (stored(member).family_name, stored(member).family_kana) == ("髙﨑", "タカサキ")
    history = body(sato.get(url("member-history", member.pk)))
    assert "取り消し済み" in history and "𠮷田" in history


def test_what_was_cancelled_cannot_be_cancelled_again(sato, member, changed):
    sato.post(url("change-cancel", changed.pk), {"version": 2})
    response = sato.post(url("change-cancel", changed.pk), {"version": 3})
    assert response.status_code == 422 and "取り消し済み" in body(response)


def test_a_cancellation_seen_on_an_older_version_asks_again(sato, member, changed, stored):
    response = sato.post(url("change-cancel", changed.pk), {"version": 1})
    assert response.status_code == 409
    assert stored(member).family_name == "𠮷田"


def test_who_may_only_see_cannot_cancel(suzuki, ito, member, changed, stored):
    for client in (suzuki, ito):
        assert client.get(url("change-cancel", changed.pk)).status_code == 403
        assert client.post(url("change-cancel", changed.pk), {"version": 2}).status_code == 403
    assert stored(member).family_name == "𠮷田"


def test_nothing_personal_stands_in_the_address_after_saving(sato, member):
    response = sato.post(url("member-name-change", member.pk), name_data())
    assert response["Location"].isascii() and "%" not in response["Location"]


def test_todays_changes_are_counted_on_the_first_page(sato, member, changed):
    page = body(sato.get(reverse("enrollment:change-today")))
    assert "今日 1件" in page and "氏名変更届" in page


def test_a_postal_code_fills_the_town_while_it_is_empty(sato):
    path = reverse("enrollment:postal-code-town")
    filled = sato.post(path, {"postal_code": "２３０-００６２", "town": ""})
    assert filled.status_code == 200 and 'value="神奈川県横浜市鶴見区豊岡町"' in body(filled)
    assert sato.post(path, {"postal_code": "2300062", "town": "書きかけ"}).status_code == 204
    assert sato.post(path, {"postal_code": "9999999", "town": ""}).status_code == 204
    assert sato.post(path, {"postal_code": "23", "town": ""}).status_code == 204


def test_a_postal_code_tells_nothing_to_strangers(client):
    assert client.post(reverse("enrollment:postal-code-town"), {"postal_code": "2300062"}).status_code == 302
