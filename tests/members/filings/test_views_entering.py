"""連続入力: nothing typed is lost, saving twice is harmless, the next form carries over, drafts go on."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from members.filings import queries
from members.filings.enums import FilingKind
from members.filings.models import Filing, FilingStep, ProtectedContents
from tests.members.enrollment.people import make_member, protect
from tests.members.filings.conftest import acquisition, address_change, body, url


@pytest.mark.parametrize("kind", FilingKind.values)
def test_every_kind_has_a_form_for_those_who_may_change(sato, suzuki, ito, kind):
    page = body(sato.get(url("filing-enter", kind)))
    assert FilingKind(kind).label in page and 'name="entry_key"' in page
    assert suzuki.get(url("filing-enter", kind)).status_code == 403
    assert ito.get(url("filing-enter", kind)).status_code == 403


def test_an_unknown_kind_is_not_found(sato):
    assert sato.get(url("filing-enter", "nothing")).status_code == 404


def test_a_filing_is_received_with_a_number_its_clocks_and_its_checks(sato, employer, today, enter, only, owner):
    response = enter(sato, "acquisition", acquisition(employer, today))
    filing = only()
    assert response.status_code == 302 and response["Location"] == url("filing-detail", filing.pk)
    assert filing.state == "received" and filing.receipt_number.endswith("-0001")
    assert filing.registration_due_date is not None and filing.alarm_date is not None
    assert filing.contents["family_kana"] == "ﾖｼﾀﾞ", "kept as typed"
    assert (filing.errors, filing.late_days) == (0, 0)
    with owner():
        step = FilingStep.objects.get()
    assert (step.before, step.after) == ("", "received")


def test_what_is_wrong_comes_back_with_every_word(sato, employer, today, enter, owner):
    data = acquisition(employer, today, birth_date="540927", family_name="髙﨑")
    response = enter(sato, "acquisition", data)
    page = body(response)
    assert response.status_code == 422
    assert "S540927" in page and 'value="髙﨑"' in page and 'value="540927"' in page and 'value="4-2-8"' in page
    with owner():
        assert not Filing.objects.exists()


def test_saving_twice_is_saving_once(sato, employer, today, enter, owner):
    data = acquisition(employer, today)
    first, second = enter(sato, "acquisition", data), enter(sato, "acquisition", data)
    assert first["Location"] == second["Location"]
    with owner():
        assert Filing.objects.count() == 1 and FilingStep.objects.count() == 1


def test_numbers_run_on_within_a_month(sato, employer, today, enter, owner):
    for _round in range(3):
        enter(sato, "acquisition", acquisition(employer, today))
    with owner():
        numbers = list(Filing.objects.order_by("pk").values_list("receipt_number", flat=True))
    assert [number[-4:] for number in numbers] == ["0001", "0002", "0003"]


def test_the_next_form_carries_over_employer_and_days_and_lists_what_was_entered(sato, employer, today, enter):
    sitting = str(uuid4())
    response = enter(sato, "acquisition", acquisition(employer, today, then="next", sitting=sitting))
    assert response["Location"] == url("filing-enter", "acquisition") + f"?sitting={sitting}"
    page = body(sato.get(response["Location"]))
    assert f'name="employer" value="{employer.symbol}"' in page
    assert f'value="{today.isoformat()}"' in page
    assert "𠮷田 敬子" in page and "元に戻す" in page
    assert 'name="family_name" maxlength="60"' in page, "the name itself is empty"


def test_another_clerk_does_not_see_my_sitting(sato, kobayashi, employer, today, enter):
    sitting = str(uuid4())
    enter(sato, "acquisition", acquisition(employer, today, then="next", sitting=sitting))
    assert "𠮷田" not in body(kobayashi.get(url("filing-enter", "acquisition") + f"?sitting={sitting}"))


def test_taken_back_in_a_sitting_everything_typed_comes_again(sato, employer, today, enter, only):
    sitting = str(uuid4())
    enter(sato, "acquisition", acquisition(employer, today, then="next", sitting=sitting))
    filing = only()
    response = sato.post(url("filing-withdraw", filing.pk), {"version": filing.version, "again": "1"})
    page = body(sato.get(response["Location"]))
    assert only().state == "withdrawn"
    assert 'value="𠮷田"' in page and 'value="ﾖｼﾀﾞ"' in page


def test_a_draft_keeps_what_cannot_be_understood_and_goes_on(sato, employer, today, enter, only):
    enter(sato, "acquisition", acquisition(employer, today, birth_date="540927", family_kana="", then="draft"))
    filing = only()
    assert filing.state == "draft" and filing.receipt_number == ""
    page = body(sato.get(url("filing-edit", filing.pk)))
    assert 'value="540927"' in page and "下書きに保存" in page
    assert "読めます" in body(sato.get(url("filing-detail", filing.pk))), "the detail says what is wrong"
    data = acquisition(employer, today, version=filing.version)
    response = sato.post(url("filing-edit", filing.pk), data)
    assert response.status_code == 302 and only().state == "received" and only().receipt_number


def test_an_empty_draft_is_not_kept(sato, enter, owner):
    response = enter(sato, "acquisition", {"then": "draft", "entry_key": str(uuid4())})
    assert response.status_code == 422 and "まだ何も入力されていません" in body(response)


def test_two_clerks_on_one_filing_see_both_contents(sato, kobayashi, employer, today, enter, only):
    enter(sato, "acquisition", acquisition(employer, today))
    filing = only()
    theirs = acquisition(employer, today, version=filing.version, street="9-9-9")
    yours = acquisition(employer, today, version=filing.version, street="7-7-7")
    assert kobayashi.post(url("filing-edit", filing.pk), theirs).status_code == 302
    response = sato.post(url("filing-edit", filing.pk), yours)
    page = body(response)
    assert response.status_code == 409
    assert "小林 悠" in page and "9-9-9" in page and "7-7-7" in page
    assert only().contents["street"] == "9-9-9"
    chosen = acquisition(employer, today, version=only().version, street="7-7-7")
    assert sato.post(url("filing-edit", filing.pk), chosen).status_code == 302
    assert only().contents["street"] == "7-7-7"


def test_the_same_edit_twice_is_harmless(sato, employer, today, enter, only):
    enter(sato, "acquisition", acquisition(employer, today))
    filing = only()
    data = acquisition(employer, today, version=filing.version, street="9-9-9")
    for _click in range(2):
        assert sato.post(url("filing-edit", filing.pk), data).status_code == 302
    assert only().version == filing.version + 1


def test_the_person_of_a_number_is_found_and_named_beside_the_form(sato, employer, member, today):
    response = sato.post(url("filing-check", "address_change"), address_change(employer, member, today))
    page = body(response)
    assert response.status_code == 200 and member.name in page and member.card_number in page


def test_an_unsaved_form_writes_nothing(sato, suzuki, ito, employer, today, owner):
    data = acquisition(employer, today)
    assert sato.post(url("filing-check", "acquisition"), data).status_code == 200
    assert suzuki.post(url("filing-check", "acquisition"), data).status_code == 200
    assert ito.post(url("filing-check", "acquisition"), data).status_code == 403
    with owner():
        assert not Filing.objects.exists()


def test_a_half_typed_form_is_checked_without_complaint(sato):
    assert sato.post(url("filing-check", "acquisition"), {"employer": "x"}).status_code == 200


def test_someone_with_the_same_birth_date_and_reading_is_found_before_saving(sato, employer, member, today):
    data = acquisition(
        employer, today, family_kana="タカサキ", given_kana="ミサキ", birth_date=member.birth_date.isoformat()
    )
    page = body(sato.post(url("filing-check", "acquisition"), data))
    assert "生年月日と氏名のカナが同じ人" in page and reverse("enrollment:member-detail", args=[member.pk]) in page


def test_who_may_only_look_or_not_even_that_saves_nothing(suzuki, ito, employer, today, enter, owner):
    assert enter(suzuki, "acquisition", acquisition(employer, today)).status_code == 403
    assert enter(ito, "acquisition", acquisition(employer, today)).status_code == 403
    with owner():
        assert not Filing.objects.exists()


def test_a_protected_person_is_for_named_clerks(sato, kobayashi, personas, owner, employer, today, enter, only):
    with owner():
        guarded = make_member(employer=employer, protected=True)
        protect(guarded, clerk_id=personas["1006"].pk)
    data = address_change(employer, guarded, today)
    refused = enter(sato, "address_change", data)
    assert refused.status_code == 403 and guarded.name not in body(refused)
    assert guarded.name not in body(sato.post(url("filing-check", "address_change"), data))
    assert enter(kobayashi, "address_change", data).status_code == 302
    filing = only()
    assert filing.contents == {}, "not in the open table"
    with owner():
        assert ProtectedContents.objects.get().contents["town"] == data["town"]
    hidden = body(sato.get(url("filing-detail", filing.pk)))
    assert guarded.name not in hidden and data["town"] not in hidden and "小林（内線 121）" in hidden
    assert guarded.name not in body(sato.get(url("filing-list")))
    assert data["town"] in body(kobayashi.get(url("filing-detail", filing.pk)))


def test_nothing_personal_stands_in_an_address_or_a_message(sato, employer, today, enter):
    response = enter(sato, "acquisition", acquisition(employer, today))
    assert all(ord(ch) < 128 for ch in response["Location"]) and "yoshida" not in response["Location"].lower()


def test_the_same_filing_sent_twice_at_once_is_stored_once(sato, employer, today, enter, owner, monkeypatch):
    data = acquisition(employer, today)
    first = enter(sato, "acquisition", data)
    known, asked = queries.filing_of_key, []

    def not_yet(key):
        """What the second request sees while the first has not committed."""
        asked.append(key)
        return None if len(asked) == 1 else known(key)

    monkeypatch.setattr(queries, "filing_of_key", not_yet)
    again = enter(sato, "acquisition", data)
    assert len(asked) == 2
    assert again.status_code == 302 and again["Location"] == first["Location"]
    with owner():
        assert Filing.objects.count() == 1
    monkeypatch.setattr(queries, "filing_of_key", known)
    enter(sato, "acquisition", acquisition(employer, today, given_name="次子"))
    with owner():
        numbers = sorted(Filing.objects.values_list("receipt_number", flat=True))
    assert int(numbers[1].rpartition("-")[2]) == int(numbers[0].rpartition("-")[2]) + 1, "no number was lost"
