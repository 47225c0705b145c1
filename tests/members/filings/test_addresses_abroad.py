"""An address abroad in a filing: country and lines, from the form to the register and to what is printed of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from members.enrollment.models import Address
from tests.members.filings.conftest import acquisition, address_change, body, url

ABROAD = {
    "postal_code": "",
    "town": "",
    "street": "",
    "country": "US",
    "lines": "350 Sample Ave, Apt 4B\r\nMadison, WI",
}


def dependant(employer, member, today, **changes) -> dict:
    data = acquisition(employer, today, **ABROAD)
    del data["reason"]
    return data | {
        "member_number": f"{member.symbol}-{member.number}",
        "change": "add",
        "relation": "son",
        "birth_date": "2012-4-6",
        "sex": "1",
        "effective_date": (today - timedelta(days=1)).isoformat(),
    } | changes  # fmt: skip


def processed(client, only, stored):
    filing = only()
    answer = client.post(url("filing-process", filing.pk), {"version": filing.version})
    assert answer.status_code == 302, body(answer)
    return stored(filing.pk)


def standing(owner, member_id: int) -> Address:
    with owner():
        return Address.objects.get(member_id=member_id, period__upper_inf=True)


def assert_abroad(row: Address) -> None:
    assert (row.country, row.town, row.postal_code, row.abroad) == ("US", "アメリカ合衆国", "", True)
    assert row.lines.splitlines() == ["350 Sample Ave, Apt 4B", "Madison, WI"]


def test_who_joins_from_abroad_is_registered_there(sato, employer, today, enter, only, stored, owner):
    assert enter(sato, "acquisition", acquisition(employer, today, **ABROAD)).status_code == 302
    page = body(sato.get(url("filing-detail", only().pk)))
    assert "アメリカ合衆国" in page and "350 Sample Ave, Apt 4B<br>Madison, WI" in page
    assert_abroad(standing(owner, processed(sato, only, stored).member_id))


def test_who_moves_abroad_is_registered_there_and_put_right_there(
    sato, employer, member, today, enter, only, stored, owner
):
    assert enter(sato, "address_change", address_change(employer, member, today, **ABROAD)).status_code == 302
    filing = processed(sato, only, stored)
    assert_abroad(standing(owner, member.pk))
    page = body(sato.get(url("filing-correct", filing.pk)))
    assert '<option value="US" selected>' in page and "350 Sample Ave, Apt 4B" in page
    data = {"received_date": today.isoformat(), "note": "番地", "country": "US", "lines": "1 Other Road"}
    answer = sato.post(url("filing-correct", filing.pk), data)
    assert answer.status_code == 302, body(answer)
    made = stored(int(answer["Location"].rstrip("/").rpartition("/")[2]))
    assert sato.post(url("filing-process", made.pk), {"version": made.version}).status_code == 302
    assert standing(owner, member.pk).lines == "1 Other Road"


def test_a_dependant_abroad_is_registered_there_and_the_law_is_recalled(
    sato, employer, member, today, enter, only, stored, owner
):
    answer = enter(sato, "dependant", dependant(employer, member, today))
    assert answer.status_code == 302, body(answer)
    assert "日本国内に住所" in body(sato.get(url("filing-detail", only().pk)))
    assert_abroad(standing(owner, processed(sato, only, stored).dependant_id))


def test_a_dependant_without_an_address_lives_with_the_insured_person(
    sato, employer, member, today, enter, only, stored, owner
):
    home = dict.fromkeys(ABROAD, "")
    enter(sato, "dependant", dependant(employer, member, today, **home))
    assert "日本国内に住所" not in body(sato.get(url("filing-detail", only().pk)))
    row = standing(owner, processed(sato, only, stored).dependant_id)
    with owner():
        theirs = Address.objects.get(member=member)
    assert (row.town, row.street, row.country) == (theirs.town, theirs.street, "")


def test_two_addresses_and_one_household_are_asked_about(sato, employer, member, today):
    page = body(sato.post(url("filing-check", "dependant"), dependant(employer, member, today, same_household="on")))
    assert "被保険者と違う住所が書かれています" in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"lines": ""}, "国外の住所を、書かれるとおりに入力してください"),
        ({"country": ""}, "国外の住所の国を選んでください"),
        ({"country": "ZZ"}, "国"),
        ({"street": "1-2"}, "郵便番号・町域・番地を空けるか"),
        ({"country": "", "lines": "", "town": "東京都港区芝公園"}, "郵便番号を入力してください"),
        ({"country": "", "lines": ""}, "都道府県・市区町村・町域を入力してください"),
        ({"lines": "x" * 301}, "300文字まで"),
    ],
)
def test_half_an_address_is_refused(sato, employer, member, today, enter, typed, sentence):
    answer = enter(sato, "address_change", address_change(employer, member, today, **(ABROAD | typed)))
    assert answer.status_code == 422 and sentence in body(answer)


def test_half_an_address_of_a_dependant_is_refused_too(sato, employer, member, today, enter):
    half = dict.fromkeys(ABROAD, "") | {"street": "1-2"}
    answer = enter(sato, "dependant", dependant(employer, member, today, **half))
    assert answer.status_code == 422 and "町域を入力してください" in body(answer)


def test_a_filing_typed_while_abroad_was_only_ticked_is_still_read(sato, employer, member, today, enter, only, owner):
    ticked = {"postal_code": "", "town": "アメリカ合衆国", "street": "350 Sample Ave", "abroad": "on"}
    assert enter(sato, "address_change", address_change(employer, member, today, **ticked)).status_code == 302
    filing = only()
    assert "国外の住所" in body(sato.get(url("filing-edit", filing.pk)))
    assert sato.post(url("filing-process", filing.pk), {"version": filing.version}).status_code == 302
    assert standing(owner, member.pk).abroad
