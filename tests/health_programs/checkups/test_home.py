"""今日の仕事 of the checkups: counts, one statement each, without protected people of other clerks."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from health_programs.checkups.actions import judging
from health_programs.checkups.activities import GUIDANCE_TARGETING, TREATMENT_RECOMMENDATION
from health_programs.checkups.models import Campaign, Invoice, Referral, ResultArchive
from kumiai.mailing.models import Batch
from tests.health_programs.checkups.conftest import submission

HOME = reverse("checkups:checkup-home")
CASES = reverse("checkups:referral-home")
MAILS = reverse("checkups:campaign-home")


@pytest.fixture
def waiting(a_member, take, doing, takahashi, owner):
    """One unmatched, one double of a known and one of a protected person, two files with errors and an old one, invoices."""
    from members.enrollment.models import Protection

    known, guarded, other = (a_member(str(n), sex="1", protected=n == 72) for n in (71, 72, 73))
    with owner():
        Protection.objects.create(
            member=guarded, kind="support_measures", ask="適用課 小林", period=(date(2020, 1, 1), None)
        )
    take(submission(known), submission(guarded), submission(other, kana="チガウ　ヨミ"))
    take(submission(known, date(2026, 7, 1)), submission(guarded, date(2026, 7, 1)))
    doing(GUIDANCE_TARGETING, judging.stratify_some, by_id=takahashi.pk, fiscal_year=2026)
    doing(TREATMENT_RECOMMENDATION, judging.find_some, fiscal_year=2026, after=0)
    today = timezone.localdate()
    with owner():
        for number, (state, failed, days) in enumerate(
            [("unreadable", 0, 1), ("read", 3, 2), ("read", 0, 2), ("read", 1, 90)]
        ):
            archive = ResultArchive.objects.create(
                source="xml", name=f"{number}.zip", size=1, digest=str(number), state=state, uploaded_by_id=takahashi.pk,
                received_date=today - timedelta(days=days), counts={"failed": failed, "taken": 5},
            )  # fmt: skip
        for number, state in enumerate(["price_differs", "no_result", "matched", "settled", "twice"]):
            Invoice.objects.create(
                archive=archive, name=f"c{number}.xml", institution_code="1310000011", claimed=8800, state=state,
                member=guarded if state == "twice" else None,
            )  # fmt: skip
        Referral.objects.filter(member=known).update(urgency="at_once", due_date=today)
    return known, guarded


def lines(page: str) -> list[str]:
    """What the lines say, without marks."""
    import re

    return [re.sub(r"<[^>]+>|\s|▲", "", one) for one in re.findall(r"<li>(.*?)</li>", page, re.S)]


def test_the_counts_leave_protected_people_out_and_cost_one_statement_each(waiting, client_of):
    clerk = client_of("高橋")
    with CaptureQueriesContext(connection) as caught:
        told = lines(clerk.get(HOME).content.decode())
    assert told[0].endswith("1件") and told[1].endswith("使う結果を選びます1件")
    assert "読み取れないファイル1" in told[2] and "誤りのある文書を含むファイル1要確認" in told[2]
    assert told[3].endswith("2件")
    tables = ("checkups_checkupresult", "checkups_resultarchive", "checkups_invoice")
    for table in tables:
        assert sum(f'FROM "{table}"' in one["sql"] for one in caught.captured_queries if "COUNT(" in one["sql"]) >= 1
    assert sum('FROM "checkups_' in one["sql"] for one in caught.captured_queries) == 3

    with CaptureQueriesContext(connection) as caught:
        told = lines(clerk.get(CASES).content.decode())
    assert [one[-2:] for one in told] == ["1名", "0名", "1名"]
    # The cases, and the campaigns that wait for a second person.
    assert sum('FROM "checkups_' in one["sql"] for one in caught.captured_queries) == 2


def test_nothing_waits(client_of, db):
    clerk = client_of("高橋")
    assert [one[-2:] for one in lines(clerk.get(HOME).content.decode())] == ["0件", "0件", "なし", "0件"]
    assert all(one.endswith("0名") for one in lines(clerk.get(CASES).content.decode()))


@pytest.mark.parametrize("address", [HOME, CASES, MAILS])
def test_others_are_refused_and_are_not_offered_it(client_of, address):
    clerk = client_of("伊藤")
    assert clerk.get(address).status_code == 403
    assert address not in clerk.get("/").content.decode()
    assert address in client_of("高橋").get("/").content.decode()


def test_a_campaign_waits_for_the_second_person_and_not_for_the_first(offered, client_of, personas, owner):
    kind, _place = offered
    assert client_of("高橋").get(MAILS).status_code == 204
    with owner():
        for number, author in enumerate(("高橋", "小林"), start=1):
            Campaign.objects.create(
                fiscal_year=2026, number=number, kind=kind, subject_line="件名", body="本文", send_date=date(2026, 12, 1),
                state="submitted", created_by_id=personas[author].pk, submitted_by_id=personas[author].pk,
            )  # fmt: skip
        Batch.objects.create(
            kind="checkups.reminder", reference_id=1, activity_code="checkups.checkup_reminder", state="stopped",
            due_at=timezone.now(), per_minute=60, released_by=personas["高橋"],
        )  # fmt: skip
    clerk = client_of("高橋")
    with CaptureQueriesContext(connection) as caught:
        told = lines(clerk.get(MAILS).content.decode())
    assert [one[-2:] for one in told] == ["1件", "0通", "1件"]
    assert (
        sum('FROM "mailing_' in one["sql"] or 'FROM "checkups_' in one["sql"] for one in caught.captured_queries) == 3
    )
