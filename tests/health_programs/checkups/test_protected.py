"""Protected people: in no list of states and levels, behind no button, found only as a number with whom to ask."""

from __future__ import annotations

from datetime import date

import pytest

from health_programs.checkups.actions import bookings, judging, targets
from health_programs.checkups.activities import CHECKUP_ADMINISTRATION, GUIDANCE_TARGETING, TREATMENT_RECOMMENDATION
from health_programs.checkups.models import Booking, FollowUp, Referral
from tests.health_programs.checkups.conftest import submission

LISTS = (
    "/checkups/?year=2026&state=all",
    "/checkups/?year=2026&state=examined",
    "/checkups/bookings/?year=2026",
    "/checkups/levels/?year=2026&level=intensive",
    "/checkups/referrals/?year=2026",
)


@pytest.fixture
def two(a_member, offered, take, doing, takahashi, owner):
    """One person everybody may see and one protected, both due, booked, examined, judged and called to a doctor."""
    from members.enrollment.models import Protection

    kind, place = offered
    known = a_member("71", sex="1")
    guarded = a_member("72", sex="1", family_name="秘密沢", family_kana="ヒミツサワ", protected=True)
    with owner():
        Protection.objects.create(
            member=guarded, kind="support_measures", ask="適用課 小林", period=(date(2020, 1, 1), None)
        )
    doing(CHECKUP_ADMINISTRATION, targets.open_year, by=takahashi, fiscal_year=2026)
    doing(CHECKUP_ADMINISTRATION, targets.count_some, fiscal_year=2026, after=0)
    take(submission(known), submission(guarded))
    for member in (known, guarded):
        doing(
            CHECKUP_ADMINISTRATION, bookings.book, by=takahashi, member_id=member.pk, kind=kind, institution=place,
            day=date(2026, 12, 1), note="",
        )  # fmt: skip
    doing(GUIDANCE_TARGETING, judging.stratify_some, by_id=takahashi.pk, fiscal_year=2026)
    doing(TREATMENT_RECOMMENDATION, judging.find_some, fiscal_year=2026, after=0)
    return known, guarded


def test_lists_leave_them_out_and_say_so(two, client_of):
    clerk = client_of("高橋")
    for address in LISTS:
        page = clerk.get(address).content.decode()
        assert "12-71-00" in page, address
        assert "-72-00" not in page and "秘密沢" not in page, address
    assert "保護対象の1名は一覧に出していません" in clerk.get(LISTS[0]).content.decode()


def test_a_search_tells_number_and_whom_to_ask_only(two, client_of):
    page = client_of("高橋").post("/checkups/find/", {"terms": "ヒミツサワ"}).content.decode()
    assert "＊-72-00" in page and "小林" in page and "秘密沢" not in page


def test_their_page_shows_nothing_and_nothing_is_written(two, client_of, owner, offered):
    _known, guarded = two
    kind, place = offered
    clerk = client_of("高橋")
    for tab in ("", "plan/", "level/", "referral/", "book/"):
        page = clerk.get(f"/checkups/people/{guarded.pk}/{tab}").content.decode()
        assert "小林" in page and "秘密沢" not in page and "145" not in page, tab
    with owner():
        case = Referral.objects.get(member=guarded)
        booking = Booking.objects.get(member=guarded)
    day = {"kind": kind.pk, "institution": place.pk, "day": "2026-12-15"}
    tried = [
        (f"/checkups/people/{guarded.pk}/book/", day),
        (f"/checkups/people/{guarded.pk}/bookings/{booking.pk}/cancel/", {}),
        (f"/checkups/people/{guarded.pk}/referral/{case.pk}/", {"what": "recommended", "date": "R8.11.20"}),
        (f"/checkups/people/{guarded.pk}/exclude/2026/", {"reason": "pregnant"}),
    ]
    for address, typed in tried:
        assert clerk.post(address, typed).status_code == 403, address
    with owner():
        assert Booking.objects.get(member=guarded).state == "booked"
        assert not FollowUp.objects.exists()
