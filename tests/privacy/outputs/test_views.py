"""The screens of the door: ask, confirm, fetch once; the right persona and the wrong one."""

from __future__ import annotations

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kumiai.accounts import step_up
from kumiai.jobs import engine
from members.enrollment.models import Member
from privacy.outputs.models import Output
from tests.privacy.outputs.conftest import CAMPAIGN, KIND

LIST = reverse("outputs:output-list")
ASK = reverse("outputs:output-request", args=[KIND])


def body(response) -> str:
    return response.content.decode()


def stepped(client):
    session = client.session
    session[step_up._AT] = int(time.time())
    session.save()
    return client


@pytest.fixture
def sato(client_of):
    return stepped(client_of("佐藤"))


@pytest.fixture
def kobayashi(client_of):
    return stepped(client_of("小林"))


@pytest.fixture
def ito(client_of):
    return stepped(client_of("伊藤"))


def query(place, to=None, **more):
    return {
        "recipient": (to or place.to_a).pk, "employer": place.a.pk, "on": "2026-04-01", "file_format": "csv",
        "encoding": "utf8", "columns": ["number", "name"], **more,
    }  # fmt: skip


def asked(client, place, to=None, run=True, **more) -> Output:
    response = client.post(ASK, query(place, to, expected="3", **more))
    assert response.status_code == 302, body(response)
    output = Output.objects.order_by("-id").first()
    if run:
        engine.run(output.job_id)
        output.refresh_from_db()
    return output


def test_before_anything_opens_the_second_factor_is_asked_for_again(client_of, place):
    client = client_of("佐藤")
    response = client.get(ASK, query(place))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("accounts:step-up")) and "next=" in response["Location"]
    assert client.get(response["Location"]).status_code == 200


def test_the_page_says_what_goes_out_to_whom_how_many_and_who_is_left_out(sato, place):
    page = body(sato.get(ASK, query(place) | {"employer": ""}))
    assert "あおば印刷株式会社" in page and "健康保険法49条" in page
    assert "受取人に属さない人" in page and "−2" in page
    assert page.count("見本 ") >= 3 and "青木甲" in page and "日向" not in page
    assert "3名分の作成を依頼" in page and "記録は要りません" in page


def test_a_column_that_is_not_agreed_cannot_be_chosen(sato, place):
    page = body(sato.get(ASK, {"recipient": place.to_a.pk, "employer": place.a.pk}))
    assert 'value="name"' in page and 'value="birth_date"' not in page
    response = sato.post(ASK, query(place) | {"columns": ["name", "birth_date"], "expected": "3"})
    assert response.status_code == 409 and not Output.objects.exists()


def test_without_an_agreement_in_force_a_contractor_gets_nothing(sato, place, agree):
    page = body(sato.get(ASK, query(place, place.contractor)))
    assert "取決めがいまありません" in page and "作成を依頼" not in page
    assert sato.post(ASK, query(place, place.contractor)).status_code == 409
    agree(place.contractor, items=["name"])
    page = body(sato.get(ASK, {"recipient": place.contractor.pk}))
    assert 'value="name"' in page and 'value="number"' not in page


def test_two_clicks_ask_for_one_file(sato, place):
    key = "7a4c8f9e-0d5b-4f3e-9a44-3a1f8f1e2b10"
    first, second = asked(sato, place, key=key, run=False), asked(sato, place, key=key, run=False)
    assert first.pk == second.pk and Output.objects.count() == 1


def test_the_second_person_types_recipient_and_count_and_the_requester_fetches_once(sato, kobayashi, place, events):
    output = asked(sato, place)
    assert output.state == "waiting"
    assert sato.get(reverse("outputs:output-confirm", args=[output.pk])).status_code == 409
    page = body(kobayashi.get(reverse("outputs:output-confirm", args=[output.pk])))
    assert "青木甲" in page and "あおば印刷株式会社" in page
    wrong = kobayashi.post(reverse("outputs:output-confirm", args=[output.pk]), {"code": "A1", "count": "4"})
    assert wrong.status_code == 422 and "件数と合いません" in body(wrong)
    right = kobayashi.post(reverse("outputs:output-confirm", args=[output.pk]), {"code": "Ａ１", "count": "３"})
    assert right.status_code == 302
    fetch = reverse("outputs:output-fetch", args=[output.pk])
    taken = sato.post(fetch)
    assert taken.status_code == 200 and taken["Cache-Control"] == "no-store"
    text = taken.content.decode("utf-8-sig")
    assert text.startswith("番号,氏名\r\n") and "青木甲 一" in text and text.endswith("3名\r\n")
    assert "利用目的：" in text and "渡す先：あおば印刷株式会社" in text and "1001 佐藤" in text
    assert "filename*=UTF-8''" in taken["Content-Disposition"]
    again = sato.post(fetch)
    assert again.status_code == 409 and "取り出し済み" in body(again) and "青木" not in body(again)
    event = events(view="outputs:output-fetch", outcome="changed")[0]
    assert event.operation == "export" and set(event.subjects) == {m.pk for m in place.at_a}


def test_the_second_person_may_send_it_back_with_a_reason(sato, kobayashi, place):
    output = asked(sato, place)
    url = reverse("outputs:output-confirm", args=[output.pk])
    assert kobayashi.post(url, {"decision": "refuse", "reason": ""}).status_code == 422
    assert kobayashi.post(url, {"decision": "refuse", "reason": "wrong_count"}).status_code == 302
    assert "人数・件数が合わない" in body(sato.get(reverse("outputs:output-detail", args=[output.pk])))
    assert sato.post(reverse("outputs:output-fetch", args=[output.pk])).status_code == 409


def test_who_may_only_look_is_refused_at_the_door_and_it_is_on_record(client_of, place, events):
    suzuki = stepped(client_of("鈴木"))
    response = suzuki.get(ASK, query(place))
    assert response.status_code == 403 and "青木" not in body(response)
    assert suzuki.post(ASK, query(place)).status_code == 403
    refusal = events(outcome="refused")[-1]
    assert refusal.view == "outputs:output-request" and refusal.operation == "export"


def test_somebody_without_a_part_in_it_does_not_find_the_file(sato, ito, client_of, place):
    output = asked(sato, place)
    for name in ("output-detail", "output-confirm"):
        assert ito.get(reverse(f"outputs:{name}", args=[output.pk])).status_code == 404
    assert ito.post(reverse("outputs:output-fetch", args=[output.pk])).status_code == 404
    assert ito.get(reverse("outputs:output-home")).status_code == 204


def test_nobody_but_the_requester_fetches(sato, kobayashi, place, confirm):
    output = asked(sato, place)
    confirm(output, code="A1", count=3)
    response = kobayashi.post(reverse("outputs:output-fetch", args=[output.pk]))
    assert response.status_code == 409 and "依頼した本人だけ" in body(response)


def test_a_withdrawn_grant_stops_the_fetch(sato, place, confirm, owner):
    from privacy.notice.models import PublishedUseGroupPermission

    output = asked(sato, place)
    confirm(output, code="A1", count=3)
    with owner():
        PublishedUseGroupPermission.objects.filter(permission__codename="export").delete()
    assert sato.post(reverse("outputs:output-fetch", args=[output.pk])).status_code == 403
    assert Output.objects.get(pk=output.pk).state == "ready"


def test_the_first_page_says_what_waits_for_me(sato, kobayashi, place):
    asked(sato, place)
    page = body(kobayashi.get(reverse("outputs:output-home")))
    assert "確認待ち" in page and "あおば印刷株式会社" in page and "青木" not in page
    assert sato.get(reverse("outputs:output-home")).status_code == 204


def test_the_list_shows_counts_and_states_and_costs_the_same_for_one_and_three(sato, place):
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert sato.get(LIST).status_code == 200
        return len(captured)

    assert "まだ受け渡しはありません" in body(sato.get(LIST))
    asked(sato, place)
    one = statements()
    asked(sato, place)
    asked(sato, place, run=False)
    assert statements() == one
    page = body(sato.get(LIST))
    assert "確認待ち" in page and "作成中" in page and "青木" not in page
    assert "条件に合う受け渡しはありません" in body(sato.get(LIST + "?show=destroyed"))


def test_preview_costs_the_same_for_three_people_and_for_thirty(sato, place, owner):
    from tests.members.enrollment.people import make_member

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert sato.get(ASK, query(place)).status_code == 200
        return len(captured)

    few = statements()
    with owner():
        for _ in range(27):
            make_member(employer=place.a)
    assert statements() == few


def test_cp932_shows_first_what_it_would_replace(sato, place, agree, owner):
    from members.enrollment.models import Member

    with owner():
        Member.objects.filter(pk=place.at_a[0].pk).update(family_name="𠮷田")
    agree(place.contractor, kind=CAMPAIGN)
    response = sato.post(
        reverse("outputs:output-request", args=[CAMPAIGN]),
        query(place, place.contractor, encoding="cp932", employer=place.a.pk),
    )
    assert response.status_code == 302
    output = Output.objects.get()
    engine.run(output.job_id)
    assert Output.objects.get().replaced_count == 1
    fetch = reverse("outputs:output-fetch", args=[output.pk])
    assert sato.post(fetch).status_code == 409
    page = body(sato.get(reverse("outputs:output-replaced", args=[output.pk])))
    assert "𠮷" in page and "U+20BB7" in page and "〓" in page
    taken = sato.post(fetch, {"replaced_seen": "on"})
    assert "〓田" in taken.content.decode("cp932")


@pytest.mark.parametrize("path", ["output-help", "file-kind-list", "provision-list", "output-list"])
def test_pages_about_nobody_open_for_everyone_logged_in(ito, personas, path):
    assert ito.get(reverse(f"outputs:{path}")).status_code == 200


def test_strange_addresses_are_no_error(sato, place):
    for text in ("?recipient=x", "?recipient=999999999999999999999", "?on=abc&file_format=zip", "?member=1&columns=a"):
        assert sato.get(ASK + text).status_code in (200, 409)
    assert sato.get(reverse("outputs:output-request", args=["no.such"])).status_code == 404
    assert sato.get(LIST + "?page=abc&show=nothing").status_code == 200


def test_no_name_stands_in_rows_about_nobody(sato, place, owner):
    output = asked(sato, place)
    with owner(), connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(o)::text FROM outputs_output o WHERE id = %s", [output.pk])
        text = cursor.fetchone()[0]
        cursor.execute("SELECT to_jsonb(j)::text FROM jobs_job j")
        text += "".join(row[0] for row in cursor.fetchall())
    assert "青木" not in text and place.at_a[0].number not in text


def test_the_second_person_is_not_shown_who_came_under_protection_since(sato, kobayashi, place, owner):
    output = asked(sato, place)
    page = reverse("outputs:output-confirm", args=[output.pk])
    assert "青木甲" in body(kobayashi.get(page))
    with owner():
        Member.objects.filter(pk=place.at_a[0].pk).update(protected=True)
    seen = body(kobayashi.get(page))
    assert "青木甲" not in seen and "青木乙" in seen
