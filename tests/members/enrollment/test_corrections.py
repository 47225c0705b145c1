"""Days that were registered wrongly, and all that moves with them; the dependants' own days; what was reviewed."""

from datetime import date

import pytest

from members.enrollment import actions
from members.enrollment.actions.receipts import receipt_prefix
from members.enrollment.enums import LossReason
from members.enrollment.models import (
    Address,
    ChangeReport,
    EligibilityPeriod,
    Employer,
    Member,
    Protection,
    ReceiptCounter,
)
from tests.members.enrollment.people import make_employer, make_member, since
from tests.members.enrollment.register import CHILD, HANAKO, TARO, change, days_of, family_days, fresh, report

pytestmark = pytest.mark.django_db

APRIL = date(2024, 4, 1)
LOST = date(2026, 10, 1)
HOME = {"postal_code": "1050011", "town": "東京都港区芝公園", "street": "4-2-8", "abroad": False}
AWAY = {"postal_code": "2110063", "town": "神奈川県川崎市中原区小杉町", "street": "1-2-3", "abroad": False}


@pytest.fixture
def clerk(personas):
    return personas["1001"]


@pytest.fixture
def head(owner, clerk):
    with owner():
        employer = make_employer()
    return change(
        clerk, actions.acquire, employer_id=employer.pk, person=HANAKO, report=report(APRIL), reason="employment",
        address=HOME,
    )  # fmt: skip


@pytest.fixture
def child(clerk, head):
    return change(
        clerk, actions.certify_dependant, insured_id=head.pk, version=1, person=CHILD, relation="son",
        report=report(APRIL),
    )  # fmt: skip


def act(clerk, action, member, day, **values):
    return change(clerk, action, member_id=member.pk, version=None, report=report(day), **values)


def first_address(owner, member):
    with owner():
        return Address.objects.filter(member=member).order_by("period").first().period.lower


# --- acquisition ----------------------------------------------------------------------------------------------------


def test_an_earlier_acquisition_takes_the_family_and_the_first_addresses_back_with_it(owner, clerk, head, child):
    act(clerk, actions.correct_acquisition_date, head, date(2024, 3, 1))
    assert days_of(owner, head) == [("compulsory", date(2024, 3, 1), None, "")]
    assert family_days(owner, child) == [(date(2024, 3, 1), None, "")]
    assert [first_address(owner, m) for m in (head, child)] == [date(2024, 3, 1)] * 2


def test_a_later_acquisition_cuts_the_family(owner, clerk, head, child):
    act(clerk, actions.correct_acquisition_date, head, date(2024, 5, 1))
    assert family_days(owner, child) == [(date(2024, 5, 1), None, "")]
    assert first_address(owner, head) == APRIL


def test_an_acquisition_before_the_loss_before_it_is_refused(clerk, head):
    act(clerk, actions.lose, head, date(2025, 4, 1), reason=LossReason.RETIREMENT)
    with change_scope(clerk):
        employer_id = head.eligibility_periods.get().employer_id
    change(
        clerk, actions.acquire, employer_id=employer_id, person=HANAKO, report=report(LOST), reason="employment",
        returning_id=head.pk, keep_number=True,
    )  # fmt: skip
    with pytest.raises(actions.UnableToChange, match="前の資格は令和7年4月1日に喪失"):
        act(clerk, actions.correct_acquisition_date, head, date(2025, 3, 1))


def change_scope(clerk):
    from members.enrollment.activities import MEMBER_ADMINISTRATION
    from privacy.scope import scope

    return scope(MEMBER_ADMINISTRATION, clerk)


def test_the_day_of_a_change_of_works_moves_for_both(owner, clerk, head, child):
    with owner():
        other = make_employer("ひなた商事株式会社")
    act(clerk, actions.transfer, head, LOST, employer_id=other.pk)
    for day in (date(2026, 9, 1), date(2026, 11, 1)):
        act(clerk, actions.correct_acquisition_date, head, day)
        assert days_of(owner, head) == [("compulsory", APRIL, day, "transfer"), ("compulsory", day, None, "")]
    assert family_days(owner, child) == [(APRIL, None, "")]


# --- loss -----------------------------------------------------------------------------------------------------------


def test_a_corrected_loss_moves_the_family(owner, clerk, head, child):
    act(clerk, actions.lose, head, LOST, reason=LossReason.RETIREMENT)
    for day in (date(2026, 12, 1), date(2026, 9, 1)):
        act(clerk, actions.correct_loss_date, head, day)
        assert days_of(owner, head) == [("compulsory", APRIL, day, "retirement")]
        assert family_days(owner, child) == [(APRIL, day, "insured_left")]


@pytest.mark.parametrize("day", [date(2026, 9, 1), date(2026, 11, 1)])
def test_the_voluntary_continuation_follows_the_corrected_loss(owner, clerk, head, child, day):
    act(clerk, actions.lose, head, LOST, reason=LossReason.RETIREMENT)
    act(clerk, actions.enter_voluntary, head, LOST)
    act(clerk, actions.correct_loss_date, head, day)
    assert days_of(owner, head) == [
        ("compulsory", APRIL, day, "retirement"),
        ("voluntary", day, day.replace(year=2028), ""),
    ]
    assert family_days(owner, child) == [(APRIL, day, "insured_left"), (day, None, "")]


def test_what_was_never_lost_has_no_loss_to_correct(clerk, head):
    with pytest.raises(actions.UnableToChange, match="喪失の登録がありません"):
        act(clerk, actions.correct_loss_date, head, LOST)


# --- dependants -----------------------------------------------------------------------------------------------------


def test_a_removal_is_taken_back_until_the_insured_persons_own_days_end(owner, clerk, head, child):
    act(clerk, actions.remove_dependant, child, LOST, reason="employed")
    assert family_days(owner, child) == [(APRIL, LOST, "employed")]
    act(clerk, actions.lose, head, date(2026, 11, 1), reason=LossReason.RETIREMENT)
    act(clerk, actions.cancel_removal, child, LOST)
    assert family_days(owner, child) == [(APRIL, date(2026, 11, 1), "insured_left")]


def test_a_removal_on_a_wrong_day_moves_to_the_right_one_both_ways(owner, clerk, head, child):
    act(clerk, actions.remove_dependant, child, LOST, reason="employed")
    for right in (date(2026, 9, 1), date(2026, 10, 20)):
        act(clerk, actions.correct_removal_date, child, right)
        assert family_days(owner, child) == [(APRIL, right, "employed")]
    with owner():
        made = ChangeReport.objects.filter(member=child, kind="removal_fixed").order_by("pk")
        assert [(row.before["end"], row.after["end"]) for row in made] == [
            ("2026-10-01", "2026-09-01"), ("2026-09-01", "2026-10-20"),
        ]  # fmt: skip


def test_a_removal_is_not_put_where_nobody_was_a_dependant(clerk, head, child):
    act(clerk, actions.remove_dependant, child, LOST, reason="employed")
    act(clerk, actions.lose, head, date(2026, 11, 1), reason=LossReason.RETIREMENT)
    with pytest.raises(actions.UnableToChange, match="いまの削除の日と同じ"):
        act(clerk, actions.correct_removal_date, child, LOST)
    with pytest.raises(actions.UnableToChange, match="認定日は"):
        act(clerk, actions.correct_removal_date, child, APRIL)
    with pytest.raises(actions.UnableToChange, match="被保険者の資格は、令和8年11月1日"):
        act(clerk, actions.correct_removal_date, child, date(2026, 11, 2))
    act(clerk, actions.correct_removal_date, child, date(2026, 11, 1))


def test_a_removal_that_follows_the_insured_person_or_was_not_made_has_no_day_of_its_own(clerk, head, child):
    with pytest.raises(actions.UnableToChange, match="訂正する削除の登録がありません"):
        act(clerk, actions.correct_removal_date, child, LOST)
    act(clerk, actions.lose, head, LOST, reason=LossReason.RETIREMENT)
    with pytest.raises(actions.UnableToChange, match="訂正する削除の登録がありません"):
        act(clerk, actions.correct_removal_date, child, date(2026, 9, 1))


def test_a_removal_is_not_put_later_than_the_day_they_joined_by_themselves(owner, clerk, head, child):
    act(clerk, actions.remove_dependant, child, LOST, reason="employed")
    with owner():
        joined = make_member(employer=Employer.objects.get(), birth_date=CHILD.birth_date)
        Member.objects.filter(pk=joined.pk).update(earlier_id=child.pk)
        EligibilityPeriod.objects.filter(member=joined).update(period=since(LOST))
    with pytest.raises(actions.UnableToChange, match="の被保険者です"):
        act(clerk, actions.correct_removal_date, child, date(2026, 10, 20))


def test_a_certification_taken_back_leaves_no_day_and_can_be_made_again(owner, clerk, head, child):
    act(clerk, actions.cancel_certification, child, APRIL)
    assert family_days(owner, child) == []
    again = change(
        clerk, actions.certify_dependant, insured_id=head.pk, version=None, person=CHILD, relation="son",
        report=report(LOST), member_id=child.pk,
    )  # fmt: skip
    assert again.pk == child.pk
    assert family_days(owner, child) == [(LOST, None, "")]


def test_nobody_is_a_dependant_twice(clerk, head, child):
    with pytest.raises(actions.UnableToChange, match="の被扶養者"):
        change(
            clerk, actions.certify_dependant, insured_id=head.pk, version=None, person=CHILD, relation="son",
            report=report(LOST), member_id=child.pk,
        )  # fmt: skip
    with pytest.raises(actions.UnableToChange, match="同じ人が"):
        change(
            clerk, actions.certify_dependant, insured_id=head.pk, version=None, person=CHILD, relation="son",
            report=report(LOST),
        )  # fmt: skip


def test_a_day_without_the_insured_persons_qualification_is_refused(clerk, head):
    with pytest.raises(actions.UnableToChange, match="資格がありません"):
        change(
            clerk, actions.certify_dependant, insured_id=head.pk, version=None, person=CHILD, relation="son",
            report=report(date(2024, 3, 31)),
        )  # fmt: skip


def test_a_dependant_of_one_who_has_lost_ends_with_them(owner, clerk, head):
    act(clerk, actions.lose, head, LOST, reason=LossReason.RETIREMENT)
    child = change(
        clerk, actions.certify_dependant, insured_id=head.pk, version=None, person=CHILD, relation="son",
        report=report(date(2026, 8, 1)),
    )  # fmt: skip
    assert family_days(owner, child) == [(date(2026, 8, 1), LOST, "insured_left")]


# --- names, sex, addresses ------------------------------------------------------------------------------------------


def test_a_changed_sex_is_taken_back(owner, clerk, head):
    made = act(clerk, actions.change_sex, head, LOST, sex="1")
    assert fresh(owner, head).sex == "1"
    change(clerk, actions.cancel_change, report_id=made.pk, version=fresh(owner, head).version)
    assert fresh(owner, head).sex == "2"


def test_letters_go_elsewhere_for_a_time(owner, clerk, head):
    values = {"addressee": "丸山 一郎", "reason": "guardian"}
    act(clerk, actions.set_mailing_address, head, LOST, address=AWAY, **values)
    with change_scope(clerk):
        now = actions.current_mailing(Member.objects.get(pk=head.pk))
        assert (now.town, now.addressee, now.period.lower) == (AWAY["town"], "丸山 一郎", LOST)
    made = act(clerk, actions.set_mailing_address, head, date(2026, 11, 1), address=None)
    with change_scope(clerk):
        assert actions.current_mailing(Member.objects.get(pk=head.pk)) is None
    change(clerk, actions.cancel_change, report_id=made.pk, version=fresh(owner, head).version)
    with change_scope(clerk):
        assert actions.current_mailing(Member.objects.get(pk=head.pk)).pk == now.pk


def test_an_address_abroad_stands_as_it_is_written_there(owner, clerk, head):
    lines = "350 Sample Ave Apt 4B\nMadison, WI 53703"
    act(clerk, actions.change_address, head, LOST, address={"country": "US", "lines": lines})
    with owner():
        row = Address.objects.get(member=head, period__upper_inf=True)
    assert (row.abroad, row.town, row.lines) == (True, "アメリカ合衆国", lines)
    assert row.line == "アメリカ合衆国 350 Sample Ave Apt 4B, Madison, WI 53703"
    with pytest.raises(actions.UnableToChange, match="国を一覧から"):
        act(clerk, actions.change_address, head, date(2026, 11, 1), address={"country": "ZZ", "lines": "x"})


def test_a_change_of_somebody_protected_meanwhile_is_not_cancelled_on_another_row(owner, clerk, head):
    made = act(clerk, actions.change_address, head, LOST, address=AWAY)
    with owner():
        Member.objects.filter(pk=head.pk).update(protected=True)
        Protection.objects.create(member=head, kind="staff", ask="適用課 小林", period=since(APRIL))
        head.protection_clerks.create(user_id=clerk.pk, named_date=APRIL)
    with pytest.raises(actions.UnableToChange, match="いまの台帳にありません"):
        change(clerk, actions.cancel_change, report_id=made.pk, version=fresh(owner, head).version)


def test_a_change_never_reaches_another_members_row(owner, clerk, head):
    made = act(clerk, actions.change_address, head, LOST, address=AWAY)
    with owner():
        other = make_member()
        row = Address.objects.get(member=other)
        ChangeReport.objects.filter(pk=made.pk).update(before=made.before | {"opened": row.pk})
    with pytest.raises(actions.UnableToChange):
        change(clerk, actions.cancel_change, report_id=made.pk, version=fresh(owner, head).version)
    with owner():
        assert not Address.objects.get(pk=row.pk).cancelled


@pytest.mark.parametrize("day", [date(2024, 6, 1), date(2024, 3, 1)])
def test_a_day_inside_or_before_a_closed_address_is_refused_in_words(owner, clerk, head, day):
    with owner():
        Address.objects.filter(member=head).update(period=since(APRIL, date(2024, 9, 1)))
    with pytest.raises(actions.UnableToChange, match="の住所が登録されています"):
        act(clerk, actions.change_address, head, day, address=AWAY)


# --- receipt numbers ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "day, prefix",
    [
        (date(2019, 4, 30), "H31-04-"),
        (date(2019, 5, 1), "R1-05-"),
        (date(1989, 1, 7), "S64-01-"),
        (date(2026, 11, 20), "R8-11-"),
    ],
)
def test_receipts_follow_the_era(day, prefix):
    assert receipt_prefix(day) == prefix


def test_receipts_go_on_after_those_of_older_documents_and_are_never_given_twice(owner, clerk, head):
    with owner():
        ReceiptCounter.objects.all().delete()
        ChangeReport.objects.filter(member=head).update(receipt_number="R8-11-0411")
    numbers = [change_mint(clerk) for _ in range(2)]
    assert numbers == ["R8-11-0412", "R8-11-0413"]
    made = act(clerk, actions.change_sex, head, LOST, sex="1")
    assert made.receipt_number == "R8-11-0414"


def change_mint(clerk):
    from members.enrollment.activities import MEMBER_ADMINISTRATION
    from privacy.scope import scope

    with scope(MEMBER_ADMINISTRATION, clerk, operation="change"):
        return actions.mint_receipt_number(date(2026, 11, 20))


def test_a_filing_gives_its_own_receipt_number_to_all_it_reports(owner, clerk, head):
    given = actions.Report(date(2026, 11, 20), LOST, receipt_number="R8-11-0007")
    for person, relation in ((TARO, "husband"), (CHILD, "son")):
        change(
            clerk, actions.certify_dependant, insured_id=head.pk, version=None, person=person, relation=relation,
            report=given,
        )  # fmt: skip
    with owner():
        assert ChangeReport.objects.filter(receipt_number="R8-11-0007").count() == 2
