"""The member list: search without a trace in the address, filters, protected lines, constant statements."""

import re
from datetime import date
from uuid import UUID, uuid4

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.enrollment.models import Employer, Member
from tests.members.enrollment.people import make_employer, make_member, protect

LIST = reverse("enrollment:member-list")
SEARCH = reverse("enrollment:member-search")


def body(response) -> str:
    return response.content.decode()


@pytest.fixture
def three(owner, db):
    with owner():
        employer = make_employer("ひなた運輸株式会社")
        return [
            make_member(employer=employer),
            make_member(names=("吉田", "敬子", "ヨシダ", "ケイコ"), birth_date=date(1976, 4, 6)),
            make_member(names=("渡邊", "健一郎", "ワタナベ", "ケンイチロウ"), birth_date=date(1990, 2, 28), sex="1"),
        ]


def found_by(client, terms: str, **filters) -> str:
    response = client.post(SEARCH, {"terms": terms, **filters})
    assert response.status_code == 302
    return body(client.get(response["Location"], follow=True))


def test_nobody_registered_and_nobody_matching_are_different_messages(sato, owner):
    assert "まだ加入者はいません" in body(sato.get(LIST))
    with owner():
        make_member()
    assert "条件に合う加入者はいません" in body(sato.get(LIST + "?state=voluntary"))


def test_the_list_is_refused_to_someone_without_a_grant(ito, three):
    response = ito.get(LIST)
    assert response.status_code == 403
    assert "吉田" not in body(response)
    assert ito.post(SEARCH, {"terms": "吉田"}).status_code == 403


@pytest.mark.parametrize(
    "terms", ["タカサキ", "ﾀｶｻｷ", "たかさき", "髙﨑", "高崎", "S55.5.7", "昭和55年5月7日", "1980-05-07"]
)
def test_a_search_finds_the_person_however_it_is_typed(sato, three, terms):
    page = found_by(sato, terms)
    assert "髙﨑 美咲" in page and "渡邊 健一郎" not in page


@pytest.mark.parametrize("joined", ["{}-{}", "{} {}", "{}-{}-00"])
def test_an_exact_number_goes_straight_to_the_person(sato, three, joined):
    typed = joined.format(three[0].symbol, three[0].number)
    for terms in (typed, typed.translate(str.maketrans("0123456789-", "０１２３４５６７８９－"))):
        response = sato.post(SEARCH, {"terms": terms}, follow=True)
        assert response.redirect_chain[-1][0] == reverse("enrollment:member-detail", args=[three[0].pk])


def test_an_ambiguous_date_is_reported_and_not_guessed(sato, three):
    page = found_by(sato, "550507")
    assert "昭和55年とも" in page and "髙﨑 美咲" not in page


def test_neither_address_nor_session_carries_what_was_searched(owner, sato, three):
    response = sato.post(SEARCH, {"terms": "タカサキ", "state": "active"})
    query = response["Location"].split("?")[1]
    assert re.fullmatch(r"search=[0-9a-f-]{36}", query)
    with owner():
        stored = [session.get_decoded() for session in Session.objects.all()]
    assert "タカサキ" not in str(stored) + str(dict(sato.session))


def test_a_search_belongs_to_the_clerk_who_made_it(sato, suzuki, three):
    address = sato.post(SEARCH, {"terms": "タカサキ"})["Location"]
    page = body(suzuki.get(address))
    assert "タカサキ" not in page.split("<tbody>")[0]
    assert "この検索はもう使えません" in page


def test_an_unknown_search_shows_a_chip_that_says_so(sato, three):
    assert "この検索はもう使えません" in body(sato.get(f"{LIST}?search={uuid4()}"))


def test_the_search_and_its_hits_stand_in_the_access_event(owner, sato, three):
    from privacy.accesslog.models import AccessEvent

    address = sato.post(SEARCH, {"terms": "タカサキ"})["Location"]
    sato.get(address)
    with owner():
        event = AccessEvent.objects.filter(view="enrollment:member-list").order_by("-id").first()
    assert event.search == UUID(address.split("search=")[1]) and event.hits == 1
    assert three[0].pk in event.subjects and three[2].pk not in event.subjects


def test_employer_and_kind_narrow_the_list_and_leave_removable_chips(owner, sato, three):
    with owner():
        employer = Employer.objects.get(name="ひなた運輸株式会社")
        make_member(names=("髙﨑", "莉子", "タカサキ", "リコ"), insured=three[0], branch="01", start=date(2018, 6, 11))
    page = body(sato.get(f"{LIST}?employer={employer.pk}&kind=dependant"))
    assert "髙﨑 莉子" in page and "髙﨑 美咲" not in page and "吉田" not in page
    assert "事業所：ひなた運輸株式会社" in page and "区分：被扶養者" in page
    assert f'href="?employer={employer.pk}"' in page and 'href="?kind=dependant"' in page


def test_sorting_by_reading_stands_in_the_address_and_in_the_head(sato, three):
    page = body(sato.get(f"{LIST}?sort=-kana"))
    rows = page.split("<tbody>")[1]
    assert rows.index("渡邊") < rows.index("吉田") < rows.index("髙﨑")
    assert 'aria-sort="descending"' in page


def test_one_row_and_three_rows_cost_the_same_statements(owner, sato):
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert sato.get(LIST).status_code == 200
        return len(captured)

    with owner():
        make_member()
    sato.get(LIST)
    one = statements()
    with owner():
        make_member()
        make_member()
    assert statements() == one


def test_fifty_members_stand_on_a_page(owner, sato):
    with owner():
        employer = make_employer()
        for _ in range(53):
            make_member(employer=employer)
    page = body(sato.get(LIST))
    assert page.count('name="member"') == 50
    assert "1–50／53名" in page
    assert body(sato.get(LIST + "?page=2")).count('name="member"') == 3
    assert body(sato.get(LIST + "?page=99")).count('name="member"') == 3


def test_a_protected_person_is_one_line_that_says_whom_to_ask(owner, personas, sato, browser_of, three):
    with owner():
        member = make_member(names=("小田切", "光", "オダギリ", "ヒカル"), protected=True)
        protect(member, clerk_id=personas["1006"].pk)
    kobayashi = browser_of("1006")
    assert "小田切" in body(kobayashi.get(LIST)) and "小田切" in found_by(kobayashi, "オダギリ")
    page = found_by(sato, "オダギリ")
    assert "小田切" not in page and "オダギリ" not in page.replace('value="オダギリ"', "").replace("検索：オダギリ", "")
    assert f"＊-{member.number}-00" in page and "適用課 小林（内線 121）" in page
    assert f'value="{member.pk}"' not in page


def test_the_printed_list_carries_purpose_person_and_count_and_leaves_out_the_protected(owner, personas, sato, three):
    with owner():
        member = make_member(names=("小田切", "光", "オダギリ", "ヒカル"), protected=True)
        protect(member, clerk_id=personas["1006"].pk)
    response = sato.post(reverse("enrollment:member-print"), {"member": [m.pk for m in (*three[:2], member)]})
    page = body(response)
    assert "髙﨑 美咲" in page and "吉田 敬子" in page and "渡邊" not in page and "小田切" not in page
    foot = page.split('class="print-foot"')[1]
    assert "加入者の管理" in foot and "佐藤 真由美（適用課）" in foot and "2名" in foot


def test_the_printed_list_is_refused_to_someone_without_a_grant(ito, three):
    assert ito.post(reverse("enrollment:member-print"), {"member": [three[0].pk]}).status_code == 403


@pytest.mark.parametrize(
    "query",
    [
        "?page=0",
        "?page=abc",
        "?on=2026-13-01",
        "?employer=９",
        "?search=x",
        "?sort=;drop",
        "?employer=999999999999999999",
    ],
)
def test_a_strange_address_is_not_an_error(sato, three, query):
    assert sato.get(LIST + query).status_code == 200


def test_a_very_long_name_and_variant_characters_are_kept_as_typed(owner, sato):
    long = ("デ・ソウザ勅使河原" * 6, "𠮷﨑" * 10, "デソウザ" * 12, "ヨシザキ")
    with owner():
        make_member(names=long)
    page = body(sato.get(LIST))
    assert long[0] in page and long[1] in page
    with owner():
        assert Member.objects.get().given_name == long[1]


def test_the_list_by_employer_says_how_many_it_leaves_out(owner, personas, sato, browser_of, three):
    with owner():
        employer = Employer.objects.get(name="ひなた運輸株式会社")
        member = make_member(names=("小田切", "光", "オダギリ", "ヒカル"), employer=employer, protected=True)
        protect(member, clerk_id=personas["1006"].pk)
    page = body(sato.get(f"{LIST}?employer={employer.pk}"))
    assert member.number not in page
    assert "保護対象の人とその家族 1名は、事業所では絞り込めません" in page
    assert "保護対象の" not in body(browser_of("1006").get(f"{LIST}?employer={employer.pk}")).split("<table")[0]


def test_a_count_that_stopped_says_so_and_offers_to_go_on(sato, three, monkeypatch):
    monkeypatch.setattr("members.enrollment.queries.listing.CAP", 2)
    page = body(sato.get(LIST))
    assert "<b>2</b>名以上" in page and 'href="?count=all">正確に数える' in page
    assert "<b>3</b>名<" in body(sato.get(LIST + "?count=all")).replace("\n", "")
