"""Several dependants on one paper: one filing each, typed beside one another, their receipt numbers shown together."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from members.filings.models import Filing, ProtectedContents
from tests.members.enrollment.people import make_member, protect
from tests.members.filings.conftest import body, url

CHILD = {
    "change": "add", "family_name": "髙﨑", "given_name": "悠真", "family_kana": "タカサキ", "given_kana": "ユウマ",
    "birth_date": "R3.2.3", "sex": "1", "relation": "son",
}  # fmt: skip
TWIN = {"given_name": "結衣", "given_kana": "ユイ", "sex": "2", "relation": "daughter"}


def paper(employer: Any, number: str, today: date, **changes: Any) -> dict[str, Any]:
    return CHILD | {
        "employer": employer.symbol, "received_date": today.isoformat(), "effective_date": today.isoformat(),
        "member_number": number, "entry_key": str(uuid4()), "sitting": str(uuid4()), "then": "another",
    } | changes  # fmt: skip


@pytest.fixture
def every(owner):
    def read() -> list[Filing]:
        with owner():
            return list(Filing.objects.order_by("pk"))

    return read


def test_one_more_person_of_the_same_insured_person_follows(sato, employer, member, today, enter, every):
    data = paper(employer, member.card_number, today)
    answer = enter(sato, "dependant", data)
    [first] = every()
    assert answer["Location"] == url("filing-enter", "dependant") + f"?sitting={data['sitting']}&beside={first.pk}"
    page = body(sato.get(answer["Location"]))
    assert f'value="{member.card_number}"' in page and f'name="employer" value="{employer.symbol}"' in page
    assert f'name="received_date" value="{today.isoformat()}"' in page
    assert first.receipt_number in page and "もう一人の入力です" in page
    assert 'value="悠真"' not in page and 'value="R3.2.3"' not in page, "the person is another"


def test_the_receipt_numbers_of_one_paper_stand_together(sato, employer, member, today, enter, every):
    data = paper(employer, member.card_number, today)
    enter(sato, "dependant", data)
    enter(sato, "dependant", data | TWIN | {"entry_key": str(uuid4()), "then": "open"})
    first, second = every()
    assert [f.errors + f.warnings for f in (first, second)] == [0, 0], "a second child is no second entry"
    for one, other in ((first, second), (second, first)):
        page = body(sato.get(url("filing-detail", one.pk)))
        assert "一緒に受け付けた届" in page and other.receipt_number in page
        assert f"sitting={data['sitting']}&amp;beside={one.pk}" in page


def test_a_removal_may_stand_on_the_same_paper(sato, employer, member, today, enter, every, stored):
    data = paper(employer, member.card_number, today, then="open")
    enter(sato, "dependant", data | {"effective_date": "R8.4.1"})
    [first] = every()
    sato.post(url("filing-process", first.pk), {"version": first.version})
    branch = stored(first.pk).dependant.branch
    removal = {"change": "remove", "branch": branch, "end_reason": "employed", "entry_key": str(uuid4())}
    enter(sato, "dependant", data | dict.fromkeys(CHILD, "") | removal)
    second = every()[1]
    assert second.dependant_id == stored(first.pk).dependant_id
    assert first.receipt_number in body(sato.get(url("filing-detail", second.pk)))


def test_the_same_child_twice_is_still_asked_about(sato, employer, member, today, enter, every):
    data = paper(employer, member.card_number, today)
    enter(sato, "dependant", data)
    enter(sato, "dependant", data | {"entry_key": str(uuid4()), "given_name": "悠眞", "birth_date": "2021-02-03"})
    first, second = every()
    assert second.warnings == 1
    page = body(sato.get(url("filing-detail", second.pk)))
    assert "同じ人の同じ届" in page and first.receipt_number in page


def test_an_insured_person_who_is_not_registered_yet_is_known_by_the_number(sato, employer, today, enter, every):
    data = paper(employer, f"{employer.symbol}-909", today)
    enter(sato, "dependant", data)
    enter(sato, "dependant", data | TWIN | {"entry_key": str(uuid4())})
    first, second = every()
    assert first.member_id is None
    assert second.receipt_number in body(sato.get(url("filing-detail", first.pk)))


def test_the_next_paper_is_of_another_insured_person(sato, employer, member, today, enter, every):
    data = paper(employer, member.card_number, today, then="next")
    page = body(sato.get(enter(sato, "dependant", data)["Location"]))
    assert f'value="{member.card_number}"' not in page and f'name="employer" value="{employer.symbol}"' in page
    other = paper(employer, f"{employer.symbol}-909", today, sitting=data["sitting"])
    enter(sato, "dependant", other)
    assert "一緒に受け付けた届" not in body(sato.get(url("filing-detail", every()[0].pk)))


def test_one_taken_back_no_longer_stands_with_the_others(sato, employer, member, today, enter, every):
    data = paper(employer, member.card_number, today)
    enter(sato, "dependant", data)
    enter(sato, "dependant", data | TWIN | {"entry_key": str(uuid4())})
    first, second = every()
    sato.post(url("filing-withdraw", second.pk), {"version": second.version})
    assert "一緒に受け付けた届" not in body(sato.get(url("filing-detail", first.pk)))


def test_what_is_wrong_with_the_second_person_keeps_the_paper(sato, employer, member, today, enter, every):
    data = paper(employer, member.card_number, today)
    location = enter(sato, "dependant", data)["Location"]
    wrong = data | TWIN | {"entry_key": str(uuid4()), "birth_date": "540927"}
    answer = sato.post(location, wrong)
    page = body(answer)
    assert answer.status_code == 422 and "もう一人の入力です" in page and f"?beside={every()[0].pk}" in page


def test_other_kinds_have_no_such_button_and_other_clerks_go_their_own_way(
    sato, kobayashi, suzuki, employer, member, today, enter, every
):
    assert "もう一人" not in body(sato.get(url("filing-enter", "acquisition")))
    assert "同じ被保険者でもう一人" in body(sato.get(url("filing-enter", "dependant")))
    location = enter(sato, "dependant", paper(employer, member.card_number, today))["Location"]
    [first] = every()
    for client in (kobayashi, suzuki):
        assert "同じ被保険者でもう一人" not in body(client.get(url("filing-detail", first.pk)))
    assert member.card_number not in body(kobayashi.get(location))


def test_the_family_of_a_protected_person_is_typed_by_the_named_clerk(
    sato, kobayashi, personas, owner, employer, today, enter, every
):
    with owner():
        guarded = make_member(employer=employer, protected=True)
        protect(guarded, clerk_id=personas["1006"].pk)
    data = paper(employer, guarded.card_number, today)
    location = enter(kobayashi, "dependant", data)["Location"]
    assert f'value="{guarded.card_number}"' in body(kobayashi.get(location))
    answer = enter(kobayashi, "dependant", data | {"entry_key": str(uuid4())})
    assert answer.status_code == 302
    first, second = every()
    assert second.warnings == 1 and first.contents == {}, "the named clerk is asked about the same child"
    with owner():
        assert ProtectedContents.objects.count() == 2
