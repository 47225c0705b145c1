"""Lists: filters in the address, counts, the clock first, equal statements for 1 and 3 rows; the first page; printing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members.filings.models import Filing
from tests.members.enrollment.people import make_employer, make_member
from tests.members.filings.conftest import body, url


@pytest.fixture
def plant(owner, employer, personas):
    """A filing put into the table: plant(state="received", due=0, …)."""
    made = []

    def make(*, state: str = "received", due: int | None = 3, kind: str = "loss", late: int = 0, **fields) -> Filing:
        today = timezone.localdate()
        with owner():
            employer_of = fields.pop("employer", employer)
            member = fields.pop("member", None) or make_member(employer=employer_of)
            filing = Filing.objects.create(
                kind=kind,
                state=state,
                receipt_number=f"R8-11-{9000 + len(made)}",
                received_date=today - timedelta(days=2),
                effective_date=today - timedelta(days=3),
                filing_due_date=today,
                late_days=late,
                employer=employer_of,
                member=member,
                registration_due_date=None if due is None else today + timedelta(days=due),
                alarm_date=None if due is None else today + timedelta(days=due - 2),
                entered_by_id=fields.pop("entered_by_id", personas["1001"].pk),
                **fields,
            )
        made.append(filing)
        return filing

    return make


def count_of(client, address: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


@pytest.mark.parametrize("address", ["filing-list", "employer-unprocessed", "filing-today", "filing-clocks"])
def test_a_list_takes_as_many_statements_for_three_as_for_one(sato, plant, address):
    now = timezone.now()
    fields = {"state": "processed", "processed_at": now, "processed_by_id": 1} if address == "filing-today" else {}
    plant(**fields)
    sato.get(url(address))
    one = count_of(sato, url(address))
    plant(**fields)
    plant(**fields)
    assert count_of(sato, url(address)) == one


@pytest.mark.parametrize(
    "name", ["filing-list", "employer-unprocessed", "filing-today", "filing-clocks", "filing-help"]
)
def test_lists_are_for_those_who_hold_the_use(sato, suzuki, ito, plant, name):
    plant()
    assert sato.get(url(name)).status_code == 200
    assert suzuki.get(url(name)).status_code == 200
    assert ito.get(url(name)).status_code == 403


def test_the_most_urgent_comes_first(sato, plant):
    later, overdue, soon = plant(due=4), plant(due=-1), plant(due=1)
    page = body(sato.get(url("filing-list")))
    places = [page.index(filing.receipt_number) for filing in (overdue, soon, later)]
    assert places == sorted(places)
    assert "1日超過" in page and "あと1日" in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"a", "b"}),
        ("?state=all", {"a", "b", "c"}),
        ("?state=processed", {"c"}),
        ("?kind=loss", {"a"}),
        ("?clock=overdue", {"b"}),
        ("?state=all&clock=late", {"c"}),
        ("?kind=nonsense&state=x&page=99&employer=abc", {"a", "b"}),
    ],
)
def test_filters_stand_in_the_address(sato, plant, query, shown):
    filings = {
        "a": plant(kind="loss", due=3),
        "b": plant(kind="dependant", due=-2),
        "c": plant(kind="acquisition", state="processed", late=2),
    }
    page = body(sato.get(url("filing-list") + query))
    assert {name for name, filing in filings.items() if filing.receipt_number in page} == shown
    assert f"<b>{len(shown)}</b>件" in page


def test_of_one_employer(sato, plant, owner):
    with owner():
        other = make_employer("別の会社")
    mine, theirs = plant(), plant(employer=other)
    page = body(sato.get(url("filing-list") + f"?employer={other.pk}"))
    assert theirs.receipt_number in page and mine.receipt_number not in page and "別の会社" in page


def test_fifty_a_page(sato, plant):
    shared = plant().member
    for _row in range(50):
        plant(member=shared)
    first, second = body(sato.get(url("filing-list"))), body(sato.get(url("filing-list") + "?page=2"))
    assert first.count("を選択") - 1 == 50 or first.count('name="filing"') == 50
    assert second.count('name="filing"') == 1 and "51" in first


def test_nothing_yet_and_no_match_are_different_messages(sato, plant):
    assert "まだ届はありません" in body(sato.get(url("filing-list")))
    plant(state="processed")
    assert "未処理の届はありません" in body(sato.get(url("filing-list")))
    assert "条件に合う届はありません" in body(sato.get(url("filing-list") + "?kind=voluntary"))


def test_unprocessed_by_employer_with_the_oldest_day(sato, plant):
    plant(due=-1, late=3)
    plant(state="returned")
    page = body(sato.get(url("employer-unprocessed")))
    assert "ひなた物流株式会社" in page and "1事業所" in page


def test_the_clocks_of_the_first_page(sato, plant):
    plant(kind="loss", due=-1, late=4)
    plant(kind="loss", due=0)
    plant(kind="loss", due=1)
    plant(kind="loss", due=5)
    plant(kind="name_change", due=None)
    page = body(sato.get(url("filing-clocks")))
    assert "資格喪失届" in page and "氏名変更届" in page and "則24条の4" in page
    assert f"{url('filing-list')}?kind=loss&amp;clock=overdue" in page
    assert ">1件</a>／5件" in page, "one was filed late, for information"


def test_todays_list_prints_with_purpose_person_time_and_count(sato, plant):
    filing = plant(state="processed", processed_at=timezone.now(), processed_by_id=1)
    page = body(sato.get(url("filing-today")))
    assert filing.receipt_number in page and "資格喪失届" in page
    foot = page[page.index("print-foot") :]
    assert "届の処理" in foot and "佐藤 真由美" in foot and "1件" in foot
    before = timezone.localdate() - timedelta(days=1)
    assert "この日に処理した届はありません" in body(sato.get(url("filing-today") + f"?date={before}"))


def test_drafts_are_my_own(sato, kobayashi, plant, personas):
    with_me = plant(state="draft", kind="loss")
    assert url("filing-edit", with_me.pk) in body(sato.get(url("filing-drafts")))
    assert kobayashi.get(url("filing-drafts")).status_code == 204


def test_the_first_page_asks_for_the_fragments_one_may_see(sato, ito):
    assert url("filing-clocks") in body(sato.get("/"))
    assert url("filing-clocks") not in body(ito.get("/"))
