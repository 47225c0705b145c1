"""Records of 29条 and 30条, what people asked for, and who may write down whom to hand files to."""

from __future__ import annotations

import time
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from kumiai.accounts import step_up
from privacy.notice.models import SafeguardRelease
from privacy.outputs import actions
from privacy.outputs.activities import PROVISION_RECORDS
from privacy.outputs.enums import Removal
from privacy.outputs.models import Agreement, EligibilitySubject, Provision, Receipt, ReceiptPerson, Recipient
from privacy.outputs.policies import Closed
from privacy.scope import scope
from tests.privacy.outputs.conftest import KIND


def body(response) -> str:
    return response.content.decode()


@pytest.fixture
def sato(client_of):
    client = client_of("佐藤")
    session = client.session
    session[step_up._AT] = int(time.time())
    session.save()
    return client


@pytest.fixture
def provided(place, ask, agree, confirm, fetch):
    """A file with consent that has left for another insurer."""
    agree(place.insurer, basis="consent", items=("number", "name"))
    output = ask(place.insurer)
    confirm(output, code="I1", count=5)
    fetch(output)
    return output


def test_consent_leaves_the_record_of_article_29_with_everything_the_rule_asks(owner, place, provided, today):
    provision = Provision.objects.get(output=provided)
    assert provision.provided_date == today and provision.consent
    assert provision.recipient_name == "架空の健康保険組合" and provision.recipient_address == "架空市1-1"
    assert provision.recipient_representative == "理事長 見本 次郎" and provision.items == ["番号", "氏名"]
    assert provision.kept_until == today.replace(year=today.year + 3) and not provision.stands_in
    with owner():
        lines = list(EligibilitySubject.objects.filter(output=provided).values_list("designation", flat=True))
    assert len(lines) == 5 and f"{place.at_a[0].card_number}　青木甲 一" in lines


def test_law_and_contract_leave_no_such_record_but_still_who_was_in_it(owner, place, ask, agree, confirm, fetch):
    agree(place.contractor)
    for to, code, count in ((place.to_a, "A1", 3), (place.contractor, "C1", 5)):
        output = ask(to)
        confirm(output, code=code, count=count)
        fetch(output)
    assert not Provision.objects.exists()
    with owner():
        rows = EligibilitySubject.objects.all()
        assert rows.count() == 8 and set(rows.values_list("designation", flat=True)) == {""}


def test_where_the_contract_stands_in_the_record_is_kept_one_year(place, ask, agree, confirm, fetch, today):
    agree(place.insurer, basis="consent", stands_in=True)
    output = ask(place.insurer)
    confirm(output, code="I1", count=5)
    fetch(output)
    assert Provision.objects.get().kept_until == today.replace(year=today.year + 1) - timedelta(days=1)


def test_without_address_and_representative_nothing_goes_with_consent(owner, place, ask, agree):
    agree(place.insurer, basis="consent")
    with owner():
        Recipient.objects.filter(pk=place.insurer.pk).update(representative="")
        place.insurer.refresh_from_db()
    with pytest.raises(Closed, match="代表者"):
        ask(place.insurer)


def test_abroad_a_contractor_gets_nothing(owner, place, ask, agree):
    agree(place.contractor)
    with owner():
        Recipient.objects.filter(pk=place.contractor.pk).update(abroad=True)
        place.contractor.refresh_from_db()
    with pytest.raises(Closed, match="28条1項"):
        ask(place.contractor)


def test_an_agreement_that_ended_before_fetching_stops_the_file(owner, place, ask, agree, confirm, fetch, today):
    made = agree(place.contractor)
    output = ask(place.contractor)
    confirm(output, code="C1", count=5)
    with owner():
        Agreement.objects.filter(pk=made.pk).update(period=(date(2025, 4, 1), today))
    with pytest.raises(Closed, match="取決めがいまありません"):
        fetch(output)


def test_the_ledger_lists_records_and_one_of_them_shows_its_people_and_logs_them(
    sato, provided, place, events, client_of
):
    page = body(sato.get(reverse("outputs:provision-list")))
    assert "架空の健康保険組合" in page and "青木" not in page
    pk = Provision.objects.get().pk
    page = body(sato.get(reverse("outputs:provision-detail", args=[pk])))
    assert "青木甲 一" in page and "理事長 見本 次郎" in page
    event = events(view="outputs:provision-detail")[-1]
    assert {m.pk for m in (*place.at_a, *place.at_x)} <= set(event.subjects)
    assert client_of("伊藤").get(reverse("outputs:provision-detail", args=[pk])).status_code == 403


def test_a_persons_page_is_found_by_a_posted_number_and_says_to_whom_they_went(sato, provided, place, client_of):
    response = sato.post(reverse("outputs:person-find"), {"number": place.at_a[0].card_number})
    assert response["Location"] == reverse("outputs:person-records", args=[place.at_a[0].pk])
    page = body(sato.get(response["Location"]))
    assert "青木甲 一" in page and "架空の健康保険組合" in page and "29条の記録" in page
    fragment = body(sato.get(reverse("outputs:person-fragment", args=[place.at_a[0].pk])))
    assert "架空の健康保険組合" in fragment
    assert "いません" in body(sato.post(reverse("outputs:person-find"), {"number": "99-9-00"}))
    for name in ("person-records", "person-fragment"):
        assert client_of("伊藤").get(reverse(f"outputs:{name}", args=[place.at_a[0].pk])).status_code == 403


def test_where_a_protected_persons_data_went_is_not_shown(owner, sato, provided, place):
    from members.enrollment.models import Member

    with owner():
        Member.objects.filter(pk=place.at_a[0].pk).update(protected=True)
    for name in ("person-records", "person-fragment"):
        page = body(sato.get(reverse(f"outputs:{name}", args=[place.at_a[0].pk])))
        assert "架空の健康保険組合" not in page and "保護対象" in page
    page = body(sato.get(reverse("outputs:provision-detail", args=[Provision.objects.get().pk])))
    assert "青木甲" not in page and "青木乙" in page and "ほかに保護対象 1名" in page


def test_an_opt_out_registered_on_the_page_takes_the_person_out_and_taken_back_lets_them_in(
    sato, place, ask, client_of
):
    member = place.at_a[0].pk
    form = {"use": "eligibility_address.member_administration", "since": "2026-04-01", "source": "paper"}
    add = reverse("outputs:opt-out-add", args=[member])
    assert client_of("鈴木").post(add, form).status_code == 403
    assert sato.post(add, form | {"since": "540927"}).status_code == 422
    assert sato.post(add, form).status_code == 302
    assert sato.post(add, form).status_code == 422  # once is enough
    assert ask(place.to_a, employer=place.a).removed == {Removal.OPTED_OUT: 1}
    page = body(sato.get(reverse("outputs:person-records", args=[member])))
    end = page.split("/end/")[0].rsplit("/", 1)[1]
    assert sato.post(reverse("outputs:opt-out-end", args=[int(end)])).status_code == 302
    assert ask(place.to_a, employer=place.a).removed == {}
    assert sato.post(reverse("outputs:opt-out-end", args=[int(end)])).status_code == 404


def test_a_suspension_of_provision_does_not_touch_a_contractor_and_one_of_use_does(sato, place, ask, agree):
    agree(place.contractor)
    member = place.at_a[0].pk
    url = reverse("outputs:suspension-add", args=[member])
    assert sato.post(url, {"scope": "provision", "article": "35-3", "since": "2026-04-01"}).status_code == 302
    assert ask(place.contractor).removed == {}  # 27条5項1号: no third party
    assert ask(place.to_a, employer=place.a).removed == {Removal.SUSPENDED: 1}
    assert sato.post(url, {"scope": "all", "article": "35-1", "since": "2026-04-01"}).status_code == 302
    assert ask(place.contractor).removed == {Removal.SUSPENDED: 1}


def test_a_receipt_is_recorded_with_what_was_confirmed_and_where_none_is_due_it_says_so(
    owner, sato, place, personas, today
):
    url = reverse("outputs:receipt-record")
    form = {
        "provider": place.insurer.pk, "received_date": "2026-04-01", "background": "加入時に本人の書面の同意を得て取得",
        "confirmed_how": "document", "items": "氏名、住所", "people": f"{place.at_a[0].card_number}\n9-9-99",
    }  # fmt: skip
    wrong = sato.post(url, form)
    assert wrong.status_code == 422 and "2行目の番号の加入者がいません" in body(wrong)
    assert sato.post(url, form | {"people": place.at_a[0].card_number}).status_code == 302
    with owner():
        receipt = Receipt.objects.get()
        assert receipt.provider_representative == "理事長 見本 次郎" and receipt.consent
        assert [p.member_id for p in ReceiptPerson.objects.all()] == [place.at_a[0].pk]
    assert "加入時に本人の書面の同意" in body(sato.get(reverse("outputs:receipt-list")))
    with scope(PROVISION_RECORDS, personas["佐藤"], operation="change"), pytest.raises(Closed, match="要りません"):
        actions.record_receipt(
            by=personas["佐藤"], provider=place.insurer, received_date=today, background="", confirmed_how="document",
            items="", members=[], today=today, at=timezone.now(), basis="law",
        )  # fmt: skip


def test_the_person_who_asks_gets_the_records_about_themselves_and_nobody_else(
    sato, provided, place, ask, confirm, text_of
):
    kind = "outputs.provisions_of_person"
    page = body(sato.get(reverse("outputs:output-request", args=[kind]), {"member": place.at_a[0].pk, "file_format": "csv",
                         "columns": ["on", "party"], "encoding": "utf8"}))  # fmt: skip
    assert "青木甲 一" in page and "架空の健康保険組合" in page
    from privacy.outputs.models import Output

    form = {"member": place.at_a[0].pk, "file_format": "csv", "columns": ["on", "party"], "encoding": "utf8"}
    assert sato.post(reverse("outputs:output-request", args=[kind]), form).status_code == 302
    from kumiai.jobs import engine

    output = Output.objects.order_by("-pk").first()
    engine.run(output.job_id)
    assert "架空の健康保険組合" in text_of(output)
    with pytest.raises(Closed, match="受取人の番号"):
        confirm(output, code=place.at_a[1].card_number, count=1)
    assert confirm(output, code=place.at_a[0].card_number, count=1).state == "ready"


# --- Administration -------------------------------------------------------------------------------------------------
@pytest.fixture
def tanaka(client_of):
    return client_of("田中")


@pytest.fixture
def watanabe(client_of):
    """The second administrator."""
    return client_of("渡邉")


NEW = {
    "kind": "contractor", "code": "C7", "name": "みなと印刷センタ", "since": "2026-04-01", "address": "架空区2-2",
    "representative": "代表取締役 見本 三郎",
}  # fmt: skip


def test_a_similar_name_is_shown_once_before_a_recipient_is_registered(tanaka, place):
    url = reverse("outputs:recipient-add")
    page = tanaka.post(url, NEW)
    assert page.status_code == 422 and "みなと印刷センター" in body(page) and "C1" in body(page)
    assert not Recipient.objects.filter(code="C7").exists()
    assert tanaka.post(url, NEW | {"despite_similar": "on"}).status_code == 302
    again = tanaka.post(url, NEW | {"despite_similar": "on"})
    assert again.status_code == 422 and "ほかの受け渡し先が使っています" in body(again)


def test_recipients_agreements_and_settings_are_for_the_administration_alone(sato, place):
    for url in (
        reverse("outputs:recipient-list"),
        reverse("outputs:recipient-add"),
        reverse("outputs:recipient-detail", args=[place.to_a.pk]),
        reverse("outputs:recipient-change", args=[place.to_a.pk]),
        reverse("outputs:file-setting", args=[KIND]),
    ):
        assert sato.get(url).status_code == 403
        assert sato.post(url, NEW).status_code == 403
    assert not Recipient.objects.filter(code="C7").exists()


def test_an_agreement_is_recorded_with_its_items_and_two_never_overlap(tanaka, place):
    url = reverse("outputs:recipient-detail", args=[place.contractor.pk])
    form = {
        "file_kind": KIND, "title": "覚書", "items": [f"{KIND}:number", f"{KIND}:name"], "since": "2026-04-01",
        "return_days": "30",
    }  # fmt: skip
    assert tanaka.post(url, form | {"return_days": ""}).status_code == 422
    assert tanaka.post(url, form).status_code == 302
    made = Agreement.objects.get()
    assert made.items == ["number", "name"] and made.return_days == 30 and made.basis == "contract"
    assert tanaka.post(url, form).status_code == 422
    assert tanaka.post(reverse("outputs:agreement-end", args=[made.pk])).status_code == 302
    assert "期間外" in body(tanaka.get(url)) or "有効" in body(tanaka.get(url))


def test_changing_a_recipient_leaves_the_record_of_what_went_out_as_it_was(tanaka, provided, place):
    url = reverse("outputs:recipient-change", args=[place.insurer.pk])
    assert tanaka.get(url).status_code == 200
    form = NEW | {"kind": "insurer", "code": "I1", "name": "改名した健康保険組合"}
    assert tanaka.post(url, form).status_code == 302
    assert Recipient.objects.get(code="I1").name == "改名した健康保険組合"
    assert Provision.objects.get().recipient_name == "架空の健康保険組合"


def test_two_administrators_set_that_no_second_person_confirms(tanaka, watanabe, place, ask):
    url = reverse("outputs:file-setting", args=[KIND])
    assert tanaka.get(url).status_code == 200
    for _time in range(2):
        assert tanaka.post(url, {"retention_days": "3"})["Location"] == url
        waits = body(tanaka.get(url))
        assert "田中" in waits and "ほかの管理者が同じように登録すると外れます" in waits
        assert ask(place.to_a).state == "waiting"
    assert watanabe.post(url, {"retention_days": "3"})["Location"] == reverse("outputs:recipient-list")
    release = SafeguardRelease.objects.select_related("asked_by", "confirmed_by").get()
    assert release.asked_by.staff_number == "1004" and release.confirmed_by.staff_number == "1007"
    output = ask(place.to_a)
    assert output.state == "ready" and (output.expires_at - output.built_at).days == 3
    assert tanaka.post(url, {"retention_days": "99"}).status_code == 422


def test_every_page_of_the_administration_opens(tanaka, place, agree):
    agree(place.contractor)
    for url in (
        reverse("outputs:recipient-list"),
        reverse("outputs:recipient-add"),
        reverse("outputs:recipient-detail", args=[place.contractor.pk]),
        reverse("outputs:recipient-detail", args=[place.to_a.pk]),
        reverse("outputs:output-list"),
    ):
        assert tanaka.get(url).status_code == 200
