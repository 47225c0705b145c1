"""The steps of a filing through the screens: processed, approved by another, returned, corrected, cancelled."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from members.enrollment.models import Address, EligibilityPeriod, Member
from members.filings.models import Attachment, Filing, FilingReturn, FilingRule, FilingStep
from tests.members.filings.conftest import acquisition, address_change, body, url
from tests.members.filings.test_rules_scans import PDF, PNG


@pytest.fixture
def received(sato, employer, today, enter, only):
    """A 資格取得届 that 佐藤 entered."""
    enter(sato, "acquisition", acquisition(employer, today))
    return only()


@pytest.fixture
def second_person(owner, db):
    with owner():
        for kind in ("acquisition", "address_change"):
            FilingRule.objects.create(kind=kind, second_person=True, second_person_corrections=False)


def step(client, name: str, filing, **data):
    return client.post(url(name, filing.pk), {"version": filing.version, **data})


def test_a_processed_acquisition_is_a_person_of_the_register(sato, received, stored, owner, today):
    assert step(sato, "filing-process", received).status_code == 302
    filing = stored(received.pk)
    assert filing.state == "processed" and filing.processed_at is not None and filing.member is not None
    with owner():
        member = Member.objects.get(pk=filing.member_id)
        period = EligibilityPeriod.objects.get(member=member)
    assert (member.family_name, member.family_kana) == ("𠮷田", "ヨシダ")
    assert period.period.lower == today


def test_processing_twice_is_harmless(sato, received, owner):
    for _click in range(2):
        assert step(sato, "filing-process", received).status_code == 302
    with owner():
        assert Member.objects.count() == 1


def test_a_filing_with_an_error_is_not_processed_and_says_why(sato, employer, today, enter, only, owner):
    enter(sato, "acquisition", acquisition(employer, today, effective_date="1999-1-1"))
    filing = only()
    assert filing.errors == 1
    response = step(sato, "filing-process", filing)
    assert response.status_code == 422 and "加入した日" in body(response)
    with owner():
        assert not Member.objects.exists()


@pytest.mark.parametrize(
    "name", ["filing-process", "filing-request", "filing-approve", "filing-withdraw", "filing-resubmit"]
)
def test_the_wrong_person_moves_nothing(suzuki, ito, received, stored, name):
    for client in (suzuki, ito):
        assert step(client, name, received).status_code == 403
    assert stored(received.pk).state == "received"


@pytest.mark.parametrize(
    "name", ["filing-return", "filing-correct", "filing-cancel", "filing-edit", "filing-send-back"]
)
def test_the_wrong_person_gets_no_form(suzuki, ito, received, name):
    for client in (suzuki, ito):
        assert client.get(url(name, received.pk)).status_code == 403
        assert client.post(url(name, received.pk), {"version": 1}).status_code == 403


def test_where_the_association_sets_it_another_person_approves(sato, kobayashi, second_person, received, stored):
    assert "承認を求める" in body(sato.get(url("filing-detail", received.pk)))
    assert step(sato, "filing-process", received).status_code == 422
    step(sato, "filing-request", received)
    waiting = stored(received.pk)
    assert waiting.state == "waiting"
    refused = step(sato, "filing-approve", waiting)
    assert refused.status_code == 403 and "本人" in body(refused)
    assert stored(received.pk).state == "waiting"
    assert received.receipt_number in body(kobayashi.get(url("filing-waiting")))
    assert sato.get(url("filing-waiting")).status_code == 204
    assert step(kobayashi, "filing-approve", waiting).status_code == 302
    done = stored(received.pk)
    assert done.state == "processed" and done.approved_by_id != done.entered_by_id


def test_who_rewrote_a_filing_does_not_approve_it(
    sato, kobayashi, second_person, received, stored, employer, today, owner
):
    data = acquisition(employer, today, given_name="別人", given_kana="ベツジン")
    made = kobayashi.post(url("filing-edit", received.pk), data | {"version": received.version})
    assert made.status_code == 302, body(made)
    step(sato, "filing-request", stored(received.pk))
    waiting = stored(received.pk)
    assert waiting.state == "waiting"
    assert "承認して登録" not in body(kobayashi.get(url("filing-detail", received.pk)))
    assert step(kobayashi, "filing-approve", waiting).status_code == 403
    assert stored(received.pk).state == "waiting"


def test_what_is_attached_stays_while_somebody_decides(sato, kobayashi, second_person, received, stored, owner):
    def attach(content: bytes):
        return sato.post(url("attachment-add", received.pk), {"file": SimpleUploadedFile("届.pdf", content)})

    assert attach(PDF).status_code == 302
    step(sato, "filing-request", received)
    assert "承認して登録" in body(kobayashi.get(url("filing-detail", received.pk)))
    page = body(sato.get(url("filing-detail", received.pk)))
    assert url("attachment-add", received.pk) not in page and "外す" not in page
    with owner():
        attachment = Attachment.objects.get()
    for refused in (attach(PNG), sato.post(url("attachment-withdraw", attachment.pk))):
        assert refused.status_code == 422 and "承認待ちの届の添付書類は変えられません" in body(refused)
    with owner():
        assert Attachment.objects.get().withdrawn_at is None
    step(kobayashi, "filing-send-back", stored(received.pk), sentence="書類が足りません")
    assert attach(PNG).status_code == 302


def test_the_one_who_approves_may_send_it_back(sato, kobayashi, second_person, received, stored):
    step(sato, "filing-request", received)
    waiting = stored(received.pk)
    assert step(kobayashi, "filing-send-back", waiting).status_code == 422
    assert step(kobayashi, "filing-send-back", waiting, sentence="住所を確かめてください").status_code == 302
    assert stored(received.pk).state == "received"
    assert "住所を確かめてください" in body(sato.get(url("filing-detail", received.pk)))


def test_returned_with_a_reason_and_handed_in_again_under_the_same_number(sato, received, stored, owner, today):
    incomplete = step(sato, "filing-return", received, reason="missing", sentence="")
    assert incomplete.status_code == 422
    step(sato, "filing-return", received, reason="missing", sentence="生年月日がありません。")
    returned = stored(received.pk)
    with owner():
        row = FilingReturn.objects.get()
    assert returned.state == "returned" and (row.reason, row.returned_date) == ("missing", today)
    response = step(sato, "filing-resubmit", returned)
    assert response["Location"] == url("filing-edit", received.pk)
    again = stored(received.pk)
    assert again.state == "draft" and again.receipt_number == received.receipt_number
    with owner():
        assert FilingReturn.objects.get().answered_date == today


def test_who_moved_it_meanwhile_is_not_overrun(sato, kobayashi, received, stored):
    step(kobayashi, "filing-return", received, reason="other", sentence="再提出してください。")
    response = step(sato, "filing-process", received)
    assert response.status_code == 409 and "ほかの職員" in body(response)
    assert stored(received.pk).state == "returned"


@pytest.fixture
def moved(sato, employer, member, today, enter, only):
    """A processed 住所変更届 of `member`."""
    enter(sato, "address_change", address_change(employer, member, today))
    step(sato, "filing-process", only())
    return only()


def test_a_processed_change_of_address_is_cancelled_by_a_filing_of_its_own(sato, moved, member, stored, owner, today):
    with owner():
        assert Address.objects.get(member=member, cancelled=False, period__upper_inf=True).town.startswith("神奈川県")
    page = body(sato.get(url("filing-cancel", moved.pk)))
    assert "この届が触れる登録" in page
    response = sato.post(url("filing-cancel", moved.pk), {"received_date": today.isoformat(), "note": "誤り"})
    with owner():
        follower = Filing.objects.get(corrects=moved.pk)
    assert response["Location"] == url("filing-detail", follower.pk)
    assert stored(moved.pk).state == "processed", "nothing happens before it is processed"
    step(sato, "filing-process", follower)
    assert stored(moved.pk).state == "cancelled" and stored(follower.pk).state == "processed"
    with owner():
        assert Address.objects.get(member=member, cancelled=False, period__upper_inf=True).town.startswith("東京都")


def test_a_processed_change_of_address_is_put_right(sato, moved, member, stored, owner, today):
    form = sato.get(url("filing-correct", moved.pk))
    assert "神奈川県横浜市鶴見区豊岡町" in body(form)
    data = {
        "received_date": today.isoformat(),
        "note": "番地の誤り",
        "postal_code": "2300062",
        "town": "神奈川県横浜市鶴見区豊岡町",
        "street": "1-3",
    }
    sato.post(url("filing-correct", moved.pk), data)
    with owner():
        follower = Filing.objects.get(corrects=moved.pk)
    step(sato, "filing-process", follower)
    assert stored(moved.pk).state == "corrected"
    with owner():
        assert Address.objects.get(member=member, cancelled=False, period__upper_inf=True).street == "1-3"


def test_a_second_cancellation_waits_for_the_first(sato, moved, owner, today):
    for _time in range(2):
        response = sato.post(url("filing-cancel", moved.pk), {"received_date": today.isoformat(), "note": "誤り"})
    assert response.status_code == 422 and "処理していない" in body(response)
    with owner():
        assert Filing.objects.filter(corrects=moved.pk).count() == 1


def test_a_loss_ends_the_dependants_and_can_be_taken_back(sato, employer, member, today, enter, only, stored, owner):
    last_day = today - timedelta(days=1)
    data = {
        "employer": employer.symbol,
        "received_date": today.isoformat(),
        "member_number": member.card_number,
        "reason": "retirement",
        "event_date": last_day.isoformat(),
        "then": "open",
    }
    enter(sato, "loss", data)
    filing = only()
    assert filing.effective_date == today and filing.errors == 0
    step(sato, "filing-process", filing)
    with owner():
        assert EligibilityPeriod.objects.get(member=member).period.upper == today
    sato.post(url("filing-cancel", filing.pk), {"received_date": today.isoformat(), "note": "誤り"})
    with owner():
        follower = Filing.objects.get(corrects=filing.pk)
    assert step(sato, "filing-process", follower).status_code == 302
    assert stored(filing.pk).state == "cancelled"
    with owner():
        assert EligibilityPeriod.objects.get(member=member).period.upper is None


def test_a_dependant_is_certified_and_removed(sato, employer, member, today, enter, stored, owner):
    base = {"employer": employer.symbol, "received_date": today.isoformat(), "member_number": member.card_number}
    added = base | {
        "change": "add", "effective_date": (today - timedelta(days=2)).isoformat(), "family_name": "髙﨑",
        "given_name": "悠真", "family_kana": "タカサキ", "given_kana": "ユウマ", "birth_date": "R3.2.3", "sex": "1",
        "relation": "son",
    }  # fmt: skip
    response = enter(sato, "dependant", added)
    filing = stored(int(response["Location"].split("/")[-2]))
    assert filing.errors == 0, body(sato.get(response["Location"]))
    step(sato, "filing-process", filing)
    done = stored(filing.pk)
    assert done.state == "processed" and done.member_id == member.pk and done.dependant.insured_id == member.pk
    removed = base | {
        "change": "remove", "effective_date": today.isoformat(), "branch": done.dependant.branch,
        "end_reason": "employed",
    }  # fmt: skip
    second = enter(sato, "dependant", removed)
    last = stored(int(second["Location"].split("/")[-2]))
    assert last.errors == 0 and last.dependant_id == done.dependant_id
    step(sato, "filing-process", last)
    assert stored(last.pk).state == "processed"


def test_chosen_filings_are_processed_each_by_itself(sato, employer, today, enter, owner):
    enter(sato, "acquisition", acquisition(employer, today))
    enter(sato, "acquisition", acquisition(employer, today, effective_date="1999-1-1", birth_date="S61.1.1"))
    with owner():
        ticked = [f"{pk}-{version}" for pk, version in Filing.objects.values_list("pk", "version")]
    page = body(sato.post(url("filing-process-many"), {"filing": ticked}))
    assert "登録できなかった届" in page and "加入した日" in page
    with owner():
        assert sorted(Filing.objects.values_list("state", flat=True)) == ["processed", "received"]


def test_a_filing_saved_since_the_list_was_opened_is_left_for_the_clerk_to_look_at(sato, employer, today, enter, owner):
    for given in ("敬子", "恵子"):
        enter(sato, "acquisition", acquisition(employer, today, given_name=given))
    with owner():
        first, second = Filing.objects.order_by("pk")
        ticked = [f"{first.pk}-{first.version}", f"{second.pk}-{second.version}", f"{first.pk + 99}-1", "x", ""]
        Filing.objects.filter(pk=first.pk).update(version=first.version + 1)
    assert f'value="{second.pk}-{second.version}"' in body(sato.get(url("filing-list"), {"state": "received"}))
    page = body(sato.post(url("filing-process-many"), {"filing": ticked}))
    assert "開いたあとに、ほかの職員がこの届を保存しました" in page
    with owner():
        assert dict(Filing.objects.values_list("pk", "state")) == {first.pk: "received", second.pk: "processed"}


def test_every_step_is_on_record_with_who_and_when(sato, received, owner, personas):
    step(sato, "filing-process", received)
    with owner():
        steps = list(FilingStep.objects.order_by("pk").values_list("before", "after", "by_id"))
    me = personas["1001"].pk
    assert steps == [("", "received", me), ("received", "processed", me)]


def test_a_filing_that_is_not_there_is_not_found(sato, db):
    assert sato.get(url("filing-detail", 1)).status_code == 404
    assert step(sato, "filing-process", Filing(pk=1, version=1)).status_code == 404


def test_the_page_of_the_member_is_linked(sato, moved, member):
    page = body(sato.get(url("filing-detail", moved.pk)))
    assert reverse("enrollment:member-detail", args=[member.pk]) in page
    assert moved.receipt_number in body(sato.get(url("filing-of-member", member.pk)))


def test_a_filing_received_before_its_person_was_registered_finds_them_later(
    sato, employer, today, enter, stored, owner
):
    enter(sato, "acquisition", acquisition(employer, today, number="77", effective_date="R8.10.1"))
    leaving = {
        "employer": employer.symbol,
        "received_date": today.isoformat(),
        "member_number": f"{employer.symbol}-77",
        "reason": "retirement",
        "event_date": (today - timedelta(days=1)).isoformat(),
        "then": "open",
    }
    enter(sato, "loss", leaving)
    with owner():
        first, second = Filing.objects.order_by("pk")
    assert second.errors == 1 and second.member_id is None
    assert step(sato, "filing-process", second).status_code == 422
    step(sato, "filing-process", first)
    assert step(sato, "filing-process", second).status_code == 302
    assert stored(second.pk).member_id == stored(first.pk).member_id


@pytest.fixture
def left(sato, employer, member, today, enter, only, owner):
    """`member` lost the qualification today by a processed 資格喪失届."""
    data = {
        "employer": employer.symbol, "received_date": today.isoformat(), "member_number": member.card_number,
        "reason": "retirement", "event_date": (today - timedelta(days=1)).isoformat(), "then": "open",
    }  # fmt: skip
    enter(sato, "loss", data)
    step(sato, "filing-process", only())
    return only()


def voluntary(member, today, **changes) -> dict:
    return {
        "received_date": today.isoformat(),
        "member_number": member.card_number,
        "effective_date": today.isoformat(),
        "first_due_date": (today + timedelta(days=10)).isoformat(),
        "then": "open",
    } | changes


def test_an_application_for_voluntary_continuation_is_accepted_and_taken_back(
    sato, member, left, today, enter, stored, owner
):
    response = enter(sato, "voluntary", voluntary(member, today))
    filing = stored(int(response["Location"].split("/")[-2]))
    assert filing.errors == 0 and filing.filing_due_date is not None
    assert (filing.filing_due_date - today).days >= 19, "the day of loss is the first of twenty"
    step(sato, "filing-process", filing)
    done = stored(filing.pk)
    assert done.state == "processed" and done.voluntary_term_id is not None
    with owner():
        kinds = set(EligibilityPeriod.objects.filter(member=member, cancelled=False).values_list("kind", flat=True))
    assert kinds == {"compulsory", "voluntary"}
    sato.post(url("filing-cancel", filing.pk), {"received_date": today.isoformat(), "note": "申出の撤回"})
    with owner():
        follower = Filing.objects.get(corrects=filing.pk)
    assert step(sato, "filing-process", follower).status_code == 302
    assert stored(filing.pk).state == "cancelled"


def test_an_application_of_somebody_who_has_not_left_is_an_error(sato, member, today, enter, only):
    enter(sato, "voluntary", voluntary(member, today))
    assert only().errors >= 1
    assert "まだ資格を喪失していません" in body(sato.get(url("filing-detail", only().pk)))


def test_a_wrong_day_of_loss_is_put_right(sato, member, left, today, stored, owner):
    right = today - timedelta(days=2)
    data = {"received_date": today.isoformat(), "effective_date": right.isoformat(), "note": "退職日の誤り"}
    sato.post(url("filing-correct", left.pk), data)
    with owner():
        follower = Filing.objects.get(corrects=left.pk)
    assert step(sato, "filing-process", follower).status_code == 302
    assert stored(left.pk).state == "corrected"
    with owner():
        assert EligibilityPeriod.objects.get(member=member).period.upper == right


def test_the_rows_of_the_letter_of_returned_filings(sato, received, today, personas, employer):
    from members.filings import queries
    from members.filings.activities import FILING_ADMINISTRATION
    from privacy.scope import scope

    step(sato, "filing-return", received, reason="documents", sentence="書類を添えてください。")
    with scope(FILING_ADMINISTRATION, personas["1001"]):
        [row] = queries.returned_between(today, today + timedelta(days=1))
        assert (row.employer.symbol, row.sentence) == (employer.symbol, "書類を添えてください。")
        assert queries.returned_between(today - timedelta(days=9), today) == []
