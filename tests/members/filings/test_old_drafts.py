"""古い下書き: drafts nobody saved for 90 days are shown and ended by somebody, never by themselves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from members.filings.models import Filing, FilingStep
from tests.members.enrollment.people import make_member, protect
from tests.members.filings.conftest import acquisition, address_change, body, url

OLD = url("filing-list") + "?state=old_draft"


@pytest.fixture
def draft(sato, employer, today, enter, owner):
    """A draft of 佐藤 that was saved last so many days ago."""

    def make(days: int, client=sato, kind="acquisition", **changes) -> Filing:
        data = changes.pop("data", None) or acquisition(employer, today, **changes)
        assert enter(client, kind, data | {"then": "draft"}).status_code == 302
        with owner():
            filing = Filing.objects.latest("pk")
        saved(filing, days)
        return filing

    def saved(filing: Filing, days: int) -> None:
        at = timezone.now() - timedelta(days=days)
        with owner():
            Filing.objects.filter(pk=filing.pk).update(entered_at=at)
            Filing.history.filter(id=filing.pk).update(history_date=at)

    return make


def test_only_drafts_nobody_saved_for_ninety_days_are_old(sato, draft):
    draft(200, family_name="伊集院")
    draft(91, family_name="小鳥遊")
    draft(89, family_name="五十嵐")
    page = body(sato.get(OLD))
    assert "伊集院" in page and "小鳥遊" in page and "五十嵐" not in page
    assert page.index("伊集院") < page.index("小鳥遊"), "the oldest first"
    assert "90日以上" in page
    assert "古い下書き" in body(sato.get(url("filing-list")))


def test_a_draft_that_was_saved_again_is_not_old(sato, employer, today, draft):
    filing = draft(100)
    data = acquisition(employer, today, version=filing.version, street="9-9-9", then="draft")
    assert sato.post(url("filing-edit", filing.pk), data).status_code == 302
    assert "𠮷田" not in body(sato.get(OLD))


def test_an_old_draft_is_ended_from_the_list_and_stays_on_record(sato, draft, stored, owner):
    filing = draft(100)
    page = body(sato.get(OLD))
    assert f'formaction="{url("filing-withdraw", filing.pk)}" name="version" value="{filing.version}"' in page
    answer = sato.post(url("filing-withdraw", filing.pk), {"version": filing.version, "back": "old_draft"})
    assert answer["Location"] == OLD
    page = body(sato.get(OLD))
    assert "取り下げました" in page and "𠮷田" not in page
    ended = stored(filing.pk)
    assert ended.state == "withdrawn" and ended.contents["family_name"] == "𠮷田"
    with owner():
        assert FilingStep.objects.filter(filing=filing).order_by("-pk").first().after == "withdrawn"
    assert "𠮷田" in body(sato.get(url("filing-list") + "?state=withdrawn"))


def test_a_received_filing_is_never_an_old_draft(sato, draft, owner):
    filing = draft(100)
    with owner():
        Filing.objects.filter(pk=filing.pk).update(
            state="received", receipt_number="R8-11-1", received_date="2026-01-05"
        )
        Filing.history.filter(id=filing.pk).update(history_date=timezone.now() - timedelta(days=100))
    assert "𠮷田" not in body(sato.get(OLD))


def test_who_may_only_look_ends_nothing(sato, suzuki, draft, stored):
    filing = draft(100)
    page = body(suzuki.get(OLD))
    assert "𠮷田" in page and "取り下げる</button>" not in page
    data = {"version": filing.version, "back": "old_draft"}
    assert suzuki.post(url("filing-withdraw", filing.pk), data).status_code == 403
    assert stored(filing.pk).state == "draft"


def test_of_a_protected_person_only_number_and_whom_to_ask_are_shown(
    sato, kobayashi, personas, owner, employer, today, draft
):
    with owner():
        guarded = make_member(employer=employer, protected=True)
        protect(guarded, clerk_id=personas["1006"].pk)
    filing = draft(100, client=kobayashi, kind="address_change", data=address_change(employer, guarded, today))
    page = body(sato.get(OLD))
    assert guarded.name not in page and url("filing-withdraw", filing.pk) not in page
    assert guarded.name in body(kobayashi.get(OLD))
