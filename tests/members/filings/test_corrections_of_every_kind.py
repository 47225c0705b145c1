"""訂正届 and 取消届 of a removal and of an application for 任意継続, through the screens."""

from __future__ import annotations

from datetime import timedelta

import pytest

from members.enrollment.models import DependantPeriod, EligibilityPeriod
from members.filings.models import Filing
from members.lifecycle.models import VoluntaryTerm
from tests.members.filings.conftest import body, url
from tests.members.filings.test_several_dependants import CHILD
from tests.members.filings.test_views_steps import left, voluntary  # noqa: F401  (a fixture)


def processed(client, answer, stored) -> Filing:
    filing = stored(int(answer["Location"].split("/")[-2]))
    done = client.post(url("filing-process", filing.pk), {"version": filing.version})
    assert done.status_code == 302, body(done)
    return stored(filing.pk)


def follow(client, name: str, filing: Filing, stored, **data) -> Filing:
    answer = client.post(url(name, filing.pk), data)
    assert answer.status_code == 302, body(answer)
    return processed(client, answer, stored)


@pytest.fixture
def removed(sato, employer, member, today, enter, stored):
    """A child who was certified, and the processed filing of the removal ten days ago."""
    base = {"employer": employer.symbol, "received_date": today.isoformat(), "member_number": member.card_number}
    first = processed(sato, enter(sato, "dependant", base | CHILD | {"effective_date": "R8.4.1"}), stored)
    removal = {
        "change": "remove", "branch": first.dependant.branch, "end_reason": "employed",
        "effective_date": (today - timedelta(days=10)).isoformat(),
    }  # fmt: skip
    return processed(sato, enter(sato, "dependant", base | removal), stored)


def days(owner, filing: Filing):
    with owner():
        row = DependantPeriod.objects.get(member_id=filing.dependant_id)
        return row.period.upper, row.end_reason


def test_a_removal_on_a_wrong_day_is_put_right(sato, removed, today, stored, owner):
    assert url("filing-correct", removed.pk) in body(sato.get(url("filing-detail", removed.pk)))
    assert "正しい日" in body(sato.get(url("filing-correct", removed.pk)))
    right = today - timedelta(days=4)
    data = {"received_date": today.isoformat(), "effective_date": right.isoformat(), "note": "就職した日の誤り"}
    made = follow(sato, "filing-correct", removed, stored, **data)
    assert days(owner, removed) == (right, "employed")
    assert (stored(removed.pk).state, made.dependant_id) == ("corrected", removed.dependant_id)


def test_a_removal_that_should_not_have_been_is_taken_back(sato, removed, today, stored, owner):
    follow(sato, "filing-cancel", removed, stored, received_date=today.isoformat(), note="就職していない")
    assert days(owner, removed) == (None, "")
    assert stored(removed.pk).state == "cancelled"


def test_the_register_says_why_a_day_cannot_be(sato, removed, today, stored, owner):
    before = days(owner, removed)
    data = {"received_date": today.isoformat(), "effective_date": before[0].isoformat(), "note": "x"}
    answer = sato.post(url("filing-correct", removed.pk), data)
    made = stored(int(answer["Location"].split("/")[-2]))
    refused = sato.post(url("filing-process", made.pk), {"version": made.version})
    assert refused.status_code == 422 and "いまの削除の日と同じです" in body(refused)
    assert days(owner, removed) == before and stored(removed.pk).state == "processed"


@pytest.fixture
def applied(sato, member, left, today, enter, stored):  # noqa: F811
    """A processed application of `member`, who left today."""
    return processed(sato, enter(sato, "voluntary", voluntary(member, today)), stored)


def test_an_application_is_put_right_under_its_own_filing(sato, applied, today, stored, owner):
    page = body(sato.get(url("filing-correct", applied.pk)))
    assert f'name="applied_date" value="{today.isoformat()}"' in page and "資格を喪失した年月日" in page
    due = today + timedelta(days=20)
    data = {
        "received_date": today.isoformat(), "applied_date": today.isoformat(), "first_due_date": due.isoformat(),
        "note": "期日の誤り",
    }  # fmt: skip
    made = follow(sato, "filing-correct", applied, stored, **data)
    with owner():
        term = VoluntaryTerm.objects.get()
    assert (term.first_due_date, term.received_date, term.state) == (due, today, "running")
    assert (made.voluntary_term_id, stored(applied.pk).state) == (term.pk, "corrected")
    follow(sato, "filing-cancel", stored(applied.pk), stored, received_date=today.isoformat(), note="撤回")
    with owner():
        assert not EligibilityPeriod.objects.filter(kind="voluntary", cancelled=False).exists()


def test_the_term_follows_when_the_loss_was_put_right(sato, applied, left, today, stored, owner):  # noqa: F811
    right = today - timedelta(days=2)
    wrong_day = {"received_date": today.isoformat(), "effective_date": right.isoformat(), "note": "退職日の誤り"}
    follow(sato, "filing-correct", left, stored, **wrong_day)
    data = {
        "received_date": today.isoformat(), "applied_date": today.isoformat(), "note": "喪失日の訂正のため",
        "first_due_date": (today + timedelta(days=10)).isoformat(),
    }  # fmt: skip
    follow(sato, "filing-correct", applied, stored, **data)
    with owner():
        term = VoluntaryTerm.objects.get()
        period = EligibilityPeriod.objects.get(kind="voluntary", cancelled=False)
    assert term.lost_date == period.period.lower == right
    assert term.term_end_date == period.period.upper


def test_an_application_of_tomorrow_is_not_believed(sato, applied, today):
    data = {
        "received_date": today.isoformat(), "applied_date": (today + timedelta(days=1)).isoformat(), "note": "x",
        "first_due_date": (today + timedelta(days=10)).isoformat(),
    }  # fmt: skip
    answer = sato.post(url("filing-correct", applied.pk), data)
    assert answer.status_code == 422 and "今日より後です" in body(answer)
