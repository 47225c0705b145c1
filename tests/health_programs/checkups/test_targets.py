"""Who is due, bookings, vouchers."""

from __future__ import annotations

from datetime import date

import pytest

from health_programs.checkups.actions import bookings, targets
from health_programs.checkups.activities import CHECKUP_ADMINISTRATION
from health_programs.checkups.models import Booking, Target, Voucher, YearPlan
from health_programs.checkups.policies import UnableToMove
from health_programs.checkups.queries import targets as queries
from health_programs.checkups.queries.paging import page_of
from tests.health_programs.checkups.conftest import TODAY, submission


@pytest.fixture
def count(doing, offered):
    def run(year: int = 2026):
        return doing(CHECKUP_ADMINISTRATION, targets.count_some, fiscal_year=year, after=0)

    return run


def test_counting_finds_who_is_due_and_again_changes_nothing(a_member, count, owner):
    due, _young = a_member("1"), a_member("2", birth_date=date(2000, 1, 1))
    guarded = a_member("3", protected=True)
    assert count()[2] == {"new": 2, "changed": 0, "gone": 0}
    assert count()[2] == {"new": 0, "changed": 0, "gone": 0}
    with owner():
        rows = {row.member_id: row for row in Target.objects.all()}
    assert set(rows) == {due.pk, guarded.pk}
    assert (rows[due.pk].age, rows[due.pk].all_year, rows[due.pk].until) == (46, True, date(2027, 3, 31))
    assert rows[guarded.pk].employer_id is None, "where a protected person works is told to nobody"


def test_who_leaves_is_no_longer_due_after_the_day(a_member, count, owner):
    from members.enrollment.models import EligibilityPeriod

    member = a_member("1")
    count()
    with owner():
        EligibilityPeriod.objects.filter(member=member).update(period=(date(2020, 4, 1), date(2026, 9, 1)))
    assert count()[2]["changed"] == 1
    with owner():
        row = Target.objects.get()
        assert (row.until, row.all_year) == (date(2026, 8, 31), False)
        EligibilityPeriod.objects.filter(member=member).update(period=(date(2020, 4, 1), date(2025, 9, 1)))
    assert count()[2]["gone"] == 1


def test_a_booking_lies_within_the_days_and_stands_once(a_member, count, offered, doing, takahashi):
    member = a_member("1")
    count()
    kind, place = offered
    given = {"by": takahashi, "member_id": member.pk, "kind": kind, "institution": place, "note": ""}
    with pytest.raises(UnableToMove, match="対象者ではありません"):
        doing(CHECKUP_ADMINISTRATION, bookings.book, **given, day=date(2027, 4, 1))
    made = doing(CHECKUP_ADMINISTRATION, bookings.book, **given, day=date(2026, 12, 1))
    with pytest.raises(UnableToMove, match="すでに"):
        doing(CHECKUP_ADMINISTRATION, bookings.book, **given, day=date(2026, 12, 8))
    doing(CHECKUP_ADMINISTRATION, bookings.cancel_booking, by=takahashi, booking_id=made.pk, member_id=member.pk)
    doing(CHECKUP_ADMINISTRATION, bookings.book, **given, day=date(2026, 12, 8))


def test_a_result_ends_the_booking(a_member, count, offered, doing, takahashi, take, owner):
    member = a_member("1")
    count()
    kind, place = offered
    doing(
        CHECKUP_ADMINISTRATION, bookings.book, by=takahashi, member_id=member.pk, kind=kind, institution=place,
        day=date(2026, 6, 3), note="",
    )  # fmt: skip
    take(submission(member))
    with owner():
        assert Booking.objects.get().state == "attended"


def test_vouchers_are_numbered_without_gaps_and_given_once(a_member, count, offered, doing, takahashi, owner):
    members = [a_member(str(n)) for n in range(1, 4)]
    count()
    kind, _place = offered
    given = {"by_id": takahashi.pk, "fiscal_year": 2026, "kind_id": kind.pk, "today": TODAY}
    assert doing(CHECKUP_ADMINISTRATION, bookings.issue_some, **given, limit=2) == 2
    assert doing(CHECKUP_ADMINISTRATION, bookings.issue_some, **given) == 1
    assert doing(CHECKUP_ADMINISTRATION, bookings.issue_some, **given) == 0
    with owner():
        numbers = sorted(Voucher.objects.values_list("number", flat=True))
    assert numbers == ["26100000001", "26100000002", "26100000003"]
    one = {"by": takahashi, "member_id": members[0].pk}
    with pytest.raises(UnableToMove, match="交付済み"):
        doing(CHECKUP_ADMINISTRATION, bookings.issue_voucher, **one, fiscal_year=2026, kind=kind, today=TODAY)
    with owner():
        first = Voucher.objects.get(member=members[0])
    doing(CHECKUP_ADMINISTRATION, bookings.recall_voucher, **one, voucher_id=first.pk, reason="紛失")
    again = doing(CHECKUP_ADMINISTRATION, bookings.issue_voucher, **one, fiscal_year=2026, kind=kind, today=TODAY)
    assert again.number == "26100000004"


def test_the_states_add_up_to_everybody(a_member, count, offered, doing, takahashi, take):
    people = [a_member(str(n)) for n in range(1, 5)]
    count()
    kind, place = offered
    take(submission(people[0]))
    doing(
        CHECKUP_ADMINISTRATION, bookings.book, by=takahashi, member_id=people[1].pk, kind=kind, institution=place,
        day=date(2026, 12, 1), note="",
    )  # fmt: skip
    doing(CHECKUP_ADMINISTRATION, targets.open_year, by=takahashi, fiscal_year=2026)
    doing(
        CHECKUP_ADMINISTRATION, targets.exclude, by=takahashi, member_id=people[2].pk, fiscal_year=2026,
        reason="pregnant", note="",
    )  # fmt: skip
    counts = doing(CHECKUP_ADMINISTRATION, queries.state_counts, 2026, kind.pk, TODAY)
    assert counts == {
        "all": 4, "examined": 1, "booked": 1, "excluded": 1, "due": 1, "over": 0, "counted": 3, "counted_examined": 1,
    }  # fmt: skip
    for state in ("examined", "booked", "excluded", "due", "over", "all"):
        found = doing(
            CHECKUP_ADMINISTRATION,
            lambda state=state: page_of(queries.targets(2026, kind.pk, today=TODAY, state=state).order_by("pk"), 1),
        )
        assert found.total == counts[state], state


def test_one_count_at_a_time(doing, takahashi, offered, owner):
    plan = doing(CHECKUP_ADMINISTRATION, targets.open_year, by=takahashi, fiscal_year=2026)
    doing(CHECKUP_ADMINISTRATION, targets.start_count, by=takahashi, plan=plan)
    with pytest.raises(UnableToMove, match="途中"):
        doing(CHECKUP_ADMINISTRATION, targets.start_count, by=takahashi, plan=plan)
    with owner():
        assert YearPlan.objects.get().job is not None
