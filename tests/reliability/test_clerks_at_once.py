"""Two to sixteen clerks on one record: nothing saved is lost, and the history is one unbroken chain.

Each clerk reads the version, thinks, and saves a name, an address or a cancellation with it. A save counts when the
clerk got the answer. The checker reads the tables as their owner, never through the application.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group

from kumiai.accounts.models import User
from members.enrollment import actions
from members.enrollment.activities import MEMBER_ADMINISTRATION
from members.enrollment.models import Address, ChangeReport, Member
from privacy.records import history_of
from privacy.scope import scope
from tests.reliability.conftest import small_or_long
from tests.reliability.pooling import in_threads, pool
from tests.reliability.replay import all_differences

pytestmark = pytest.mark.django_db(transaction=True)

CLERKS = small_or_long([2, 16], [2, 3, 4, 8, 16])
SAVES = small_or_long(30, 1_000)  # confirmed ones, of all clerks together


@dataclass(frozen=True)
class Saved:
    """A save somebody was told had been made: who, upon which version, what, and the number of its document."""

    clerk: int
    upon: int
    kind: str
    token: str
    report: int


@pytest.fixture
def clerks(personas, owner):
    """Sixteen people of 適用課."""
    with owner():
        section = Group.objects.get(name="適用課")
        made = [User.objects.create(staff_number=f"80{n:02d}", name=f"試 {n}", is_active=True) for n in range(16)]
        for user in made:
            user.groups.add(section)
    return made


def try_once(member_id: int, clerk, dice: random.Random, token: str) -> tuple[str, Saved | None]:
    """Look, think for a moment, save with the version that was seen. Returns how it ended and what was confirmed."""
    with scope(MEMBER_ADMINISTRATION, clerk):
        seen = Member.objects.get(pk=member_id)
        open_reports = list(ChangeReport.objects.filter(member_id=member_id, cancelled_at=None).order_by("-pk")[:2])
    time.sleep(dice.choice([0, 0, 0.001, 0.005]))
    kind = dice.choice(["name", "name", "address", "cancel"])
    day = date(2021, 1, 1) + timedelta(days=dice.randrange(5_000))
    report = actions.Report(received_date=day, effective_date=day)
    told = {"by": clerk, "version": seen.version}
    try:
        with scope(MEMBER_ADMINISTRATION, clerk, operation="change"):
            if kind == "name":
                names = {field: getattr(seen, field) for field in actions.NAME_FIELDS} | {"given_name": token}
                made = actions.change_name(member_id=member_id, names=names, report=report, **told)
            elif kind == "address":
                address = {"postal_code": "1050011", "town": "東京都港区芝公園", "street": token, "abroad": False}
                made = actions.change_address(member_id=member_id, address=address, report=report, **told)
            elif open_reports:
                made = actions.cancel_change(report_id=dice.choice(open_reports).pk, **told)
            else:
                return "nothing to cancel", None
            number = made.pk
    except actions.StaleVersion:
        return "stale", None
    except actions.UnableToChange:
        return "unable", None
    return f"saved {kind}", Saved(clerk.pk, seen.version, kind, token, number)


@pytest.mark.parametrize("count", CLERKS)
def test_nothing_saved_is_lost_and_the_history_has_no_gap(count, a_member, clerks, owner, dice):
    member = a_member()
    ended, saved = Counter(), []
    dices = [random.Random(dice.randrange(10**9)) for _ in range(count)]
    with pool(count) as connections:

        def work(number: int) -> None:
            step = 0
            while len(saved) < SAVES:
                step += 1
                with connections.lend():
                    how, made = try_once(member.pk, clerks[number], dices[number], f"印{number}の{step}")
                ended[how] += 1
                if made:
                    saved.append(made)

        in_threads(count, work)

    print(f"{count} clerks: {dict(ended)}")
    with owner():
        check_chain(member.pk, saved)
        check_addresses(member.pk)
        assert all_differences() == []
    assert len({made.kind for made in saved}) > 1
    assert ended["stale"], "nobody ever came too late: the run proves nothing"


def check_chain(member_id: int, saved: list[Saved]) -> None:
    """Version by version: one row each, written by the clerk who was told so, with what they saved and nothing else."""
    rows = list(history_of(Member).objects.filter(id=member_id).order_by("history_id"))
    by_version = {made.upon + 1: made for made in saved}
    assert len(by_version) == len(saved), "two saves were confirmed upon the same version"
    assert [row.version for row in rows] == list(range(1, len(saved) + 2))
    reports = {report.pk: report for report in ChangeReport.objects.filter(member_id=member_id)}
    for before, row in zip(rows, rows[1:], strict=False):
        made, report = by_version[row.version], reports[by_version[row.version].report]
        assert row.history_user_id == made.clerk
        if made.kind == "name":
            assert row.given_name == made.token
            assert report.before["given_name"] == before.given_name, "the old of this change is not the new of the last"
        elif made.kind == "address":
            assert row.given_name == before.given_name
            assert report.after["street"] == made.token
        else:
            assert report.cancelled_by_id == made.clerk
            if "given_name" in report.before:
                assert row.given_name == report.before["given_name"]
            else:
                assert row.given_name == before.given_name
    cancelled = Counter(made.report for made in saved if made.kind == "cancel")
    assert set(cancelled.values()) <= {1}, "a document was cancelled twice"
    assert {pk for pk, report in reports.items() if report.cancelled_at} == set(cancelled)
    assert set(reports) == {made.report for made in saved if made.kind != "cancel"}


def check_addresses(member_id: int) -> None:
    """What stands covers every day from the first on, once; and is what the documents that stand say."""
    standing = sorted(Address.objects.filter(member_id=member_id, cancelled=False), key=lambda row: row.period.lower)
    assert standing[-1].period.upper is None
    assert [row.period.upper for row in standing[:-1]] == [row.period.lower for row in standing[1:]]
    reports = ChangeReport.objects.filter(member_id=member_id, cancelled_at=None).order_by("pk")
    said = [report.after["street"] for report in reports if "street" in report.after]
    assert [row.street for row in standing] == ["4-2-8", *said]
