"""The member's page, its tabs, history and access log, as the right and the wrong person."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from members.enrollment import queries
from members.enrollment.activities import MEMBER_ADMINISTRATION
from privacy.scope import scope
from tests.members.enrollment.people import make_member, protect

TABS = ["member-detail", "member-address", "member-household", "member-history", "member-access-log"]
FORMS = ["member-name-change", "member-name-correct", "address-change", "address-correct"]


def url(name: str, pk: int) -> str:
    return reverse(f"enrollment:{name}", args=[pk])


def body(response) -> str:
    return response.content.decode()


@pytest.fixture
def family(owner, db):
    """A mother with three children of her own number."""
    with owner():
        mother = make_member()
        children = [
            make_member(
                names=("髙﨑", name, "タカサキ", kana),
                birth_date=date(2018, 6, 11),
                insured=mother,
                branch=f"0{place}",
                start=date(2018, 6, 11),
            )
            for place, (name, kana) in enumerate([("莉子", "リコ"), ("悠真", "ユウマ"), ("陽", "ヨウ")], start=1)
        ]
    return mother, children


@pytest.mark.parametrize("name", [*TABS, *FORMS])
def test_a_clerk_of_the_enrolment_section_opens_every_screen(sato, family, name):
    response = sato.get(url(name, family[0].pk))
    assert response.status_code == 200
    assert "髙﨑 美咲" in body(response)


@pytest.mark.parametrize("name", [*TABS, *FORMS])
def test_someone_without_a_grant_is_refused_without_one_character_of_the_data(ito, family, name):
    response = ito.get(url(name, family[0].pk))
    assert response.status_code == 403
    assert "髙﨑" not in body(response) and "タカサキ" not in body(response) and family[0].number not in body(response)


@pytest.mark.parametrize("name", TABS)
def test_someone_without_a_grant_learns_nothing_about_which_numbers_exist(ito, family, name):
    assert ito.get(url(name, 999_999)).status_code == ito.get(url(name, family[0].pk)).status_code == 403


def test_a_number_that_does_not_exist_is_not_found(sato):
    assert sato.get(url("member-detail", 999_999)).status_code == 404


def test_who_may_only_see_is_offered_no_form_and_is_refused_one(suzuki, family):
    page = body(suzuki.get(url("member-detail", family[0].pk)))
    assert "髙﨑 美咲" in page
    assert "届を入力" not in page
    for name in FORMS:
        assert suzuki.get(url(name, family[0].pk)).status_code == 403


def test_the_page_shows_both_calendars_age_family_and_the_drawn_periods(sato, family):
    page = body(sato.get(url("member-detail", family[0].pk)))
    assert "昭和55年5月7日" in page and "1980-05-07" in page
    assert "被扶養者 3名" in page
    assert '<svg class="timeline"' in page
    assert "ひなた物流株式会社" in page and "東京都港区芝公園" in page
    assert 'style="' not in page


def test_work_of_others_keeps_its_place_with_the_use_it_needs(sato, family):
    page = body(sato.get(url("member-detail", family[0].pk)))
    assert page.count("tab-locked") == 5
    assert "現金給付" in page and "保険給付の審査・支払" in page and "標準報酬月額の設定" in page


def statements(client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


@pytest.mark.parametrize("name", ["member-detail", "member-household", "member-address", "member-history"])
def test_one_dependant_and_three_cost_the_same_statements(owner, sato, family, name):
    with owner():
        alone = make_member(names=("吉田", "敬子", "ヨシダ", "ケイコ"))
        make_member(names=("吉田", "翔", "ヨシダ", "ショウ"), insured=alone, branch="01", start=date(2019, 4, 1))
    for member in (alone, family[0]):  # both have been looked at once, so that both logs have a line
        sato.get(url(name, member.pk))
    assert statements(sato, url(name, alone.pk)) == statements(sato, url(name, family[0].pk))


def test_looking_at_someone_stands_in_their_access_log(sato, suzuki, family):
    suzuki.get(url("member-detail", family[0].pk))
    page = body(sato.get(url("member-access-log", family[0].pk)))
    assert "鈴木 浩司（給付課）" in page and "加入者の管理" in page


def test_a_refused_attempt_stands_in_the_access_log_of_that_person(sato, ito, family):
    ito.get(url("member-detail", family[0].pk))
    page = body(sato.get(url("member-access-log", family[0].pk)))
    assert "伊藤 誠（総務課）" in page and "拒否" in page


# --- protected people ---------------------------------------------------------------------------------------------


@pytest.fixture
def hidden(owner, personas):
    """A protected member; 小林 is named, 佐藤 is not."""
    with owner():
        member = make_member(
            names=("小田切", "光", "オダギリ", "ヒカル"), town="兵庫県神戸市中央区見本町", protected=True
        )
        protect(member, clerk_id=personas["1006"].pk)
    return member


SECRETS = ["小田切", "オダギリ", "見本町", "080-0000-9999", "ひなた物流"]


def test_there_is_something_to_hide(browser_of, hidden):
    kobayashi = browser_of("1006")
    pages = body(kobayashi.get(url("member-detail", hidden.pk))) + body(kobayashi.get(url("member-address", hidden.pk)))
    assert all(secret in pages for secret in SECRETS)


@pytest.mark.parametrize("name", [*TABS, *FORMS])
def test_a_clerk_who_is_not_named_sees_the_flag_and_whom_to_ask_only(sato, hidden, name):
    response = sato.get(url(name, hidden.pk))
    page = body(response)
    assert response.status_code == 200
    assert "指名された担当者だけ" in page and "適用課 小林（内線 121）" in page
    assert not [secret for secret in SECRETS if secret in page]


def test_a_protected_dependant_is_not_named_on_the_page_of_the_insured(owner, personas, sato, family):
    with owner():
        child = make_member(
            names=("伊集院", "光", "イジュウイン", "ヒカル"),
            insured=family[0],
            branch="04",
            protected=True,
            start=date(2020, 4, 1),
        )
        protect(child, clerk_id=personas["1006"].pk)
    page = body(sato.get(url("member-detail", family[0].pk))) + body(sato.get(url("member-household", family[0].pk)))
    assert "伊集院" not in page
    assert "指名された担当者だけ" in page


def test_a_protected_insured_is_not_named_on_the_page_of_the_dependant(owner, personas, sato, hidden):
    with owner():
        child = make_member(names=("小田", "翔", "オダ", "ショウ"), insured=hidden, branch="01", start=date(2020, 4, 1))
    page = body(sato.get(url("member-detail", child.pk)))
    assert "小田 翔" in page and "小田切" not in page


def test_a_protected_person_cannot_be_changed_by_post_either(sato, hidden):
    data = {
        "version": 1,
        "family_name": "変更",
        "family_kana": "ヘンコウ",
        "effective_date": "2026-4-1",
        "received_date": "2026-4-1",
    }
    response = sato.post(url("member-name-change", hidden.pk), data)
    assert not [secret for secret in SECRETS if secret in body(response)]
    assert "指名された担当者だけ" in body(response)


def test_the_first_page_shows_recent_people_and_hides_the_protected(sato, family, hidden):
    sato.get(url("member-detail", family[0].pk))
    sato.get(url("member-detail", hidden.pk))
    page = body(sato.get(reverse("enrollment:member-recent")))
    assert "髙﨑 美咲" in page and "保護対象の加入者" in page and "小田切" not in page


def test_recent_people_are_each_clerks_own(sato, suzuki, family):
    sato.get(url("member-detail", family[0].pk))
    assert "髙﨑" not in body(suzuki.get(reverse("enrollment:member-recent")))


def test_help_is_open_to_every_clerk_and_touches_nobody(ito):
    page = ito.get(reverse("enrollment:member-help"))
    assert page.status_code == 200
    assert "この画面は、個人情報を表示しません" in body(page)


def test_the_number_of_a_protected_person_is_shown_without_the_symbol_of_the_employer(sato, hidden):
    page = body(sato.get(url("member-detail", hidden.pk)))
    assert f"＊-{hidden.number}-00" in page and hidden.card_number not in page


# --- history ------------------------------------------------------------------------------------------------------


def test_the_history_has_fifty_events_a_page(sato, family, monkeypatch):
    now = timezone.now()
    changes = [
        queries.ChangeEntry(now - timedelta(days=n), 1, "", [queries.FieldChange("氏", "", f"氏{n}")])
        for n in range(61)
    ]
    monkeypatch.setattr(queries, "changes_of", lambda member: changes)
    first = body(sato.get(url("member-history", family[0].pk)))
    second = body(sato.get(url("member-history", family[0].pk) + "?page=2"))
    assert first.count('class="history-entry"') == 50
    assert "1–50／61件" in first and 'href="?page=2"' in first
    assert second.count('class="history-entry"') == 11
    assert "氏60<" in second and "氏60<" not in first and "氏50<" not in first


def test_a_cancellation_stands_in_the_history_by_the_name_of_its_report(sato, family, personas):
    from members.enrollment.models import ChangeReport

    mother = family[0]
    data = {
        "version": 1,
        "postal_code": "2300062",
        "town": "神奈川県横浜市鶴見区豊岡町",
        "street": "1-2",
        "effective_date": "2026-4-1",
        "received_date": "2026-4-1",
    }
    assert sato.post(url("address-change", mother.pk), data).status_code == 302
    with scope(MEMBER_ADMINISTRATION, personas["1001"]):
        report = ChangeReport.objects.get(member=mother)
    assert sato.post(reverse("enrollment:change-cancel", args=[report.pk]), {"version": 2}).status_code == 302
    page = body(sato.get(url("member-history", mother.pk)))
    newest = page.split('class="history-entry"')[1]
    assert f"住所変更届 {report.receipt_number} を取り消し" in newest
    assert "<del>神奈川県横浜市鶴見区豊岡町</del>" in newest and "<ins>東京都港区芝公園</ins>" in newest
    assert "期間" not in newest and "取り消す" not in newest.split("</li>")[0]
