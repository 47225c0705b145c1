"""Acquiring, losing and changing works, and what that does to the family."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from members.enrollment import actions
from members.enrollment.enums import AcquisitionReason, LossReason
from members.enrollment.models import (
    Address,
    ChangeReport,
    DependantPeriod,
    EligibilityPeriod,
    FormerNumber,
    Member,
    NameToken,
    ProtectedAddress,
    ProtectionClerk,
)
from tests.members.enrollment.people import make_employer, make_member, protect
from tests.members.enrollment.register import CHILD, HANAKO, TARO, change, days_of, family_days, fresh, report

pytestmark = pytest.mark.django_db

APRIL = date(2024, 4, 1)
LOST = date(2026, 10, 1)
HOME = {"postal_code": "1050011", "town": "東京都港区芝公園", "street": "4-2-8", "abroad": False}


@pytest.fixture
def clerk(personas):
    return personas["1001"]


@pytest.fixture
def employer(owner, db):
    with owner():
        return make_employer()


@pytest.fixture
def acquired(clerk, employer):
    return change(
        clerk, actions.acquire, employer_id=employer.pk, person=HANAKO, report=report(APRIL), reason="employment",
        address=HOME,
    )  # fmt: skip


@pytest.fixture
def family(owner, clerk, acquired):
    return change(
        clerk, actions.certify_dependant, insured_id=acquired.pk, version=1, person=CHILD, relation="son",
        report=report(APRIL),
    )  # fmt: skip


def lose(clerk, member, day=LOST, *, version=None, reason=LossReason.RETIREMENT):
    return change(clerk, actions.lose, member_id=member.pk, version=version, report=report(day), reason=reason)


def test_a_new_member_has_the_next_number_of_the_employer_an_address_and_is_found(owner, clerk, employer, acquired):
    second = change(
        clerk, actions.acquire, employer_id=employer.pk, person=TARO, report=report(APRIL), reason="employment"
    )
    assert [(m.symbol, m.number, m.branch) for m in (acquired, second)] == [
        (employer.symbol, "1", "00"),
        (employer.symbol, "2", "00"),
    ]
    assert days_of(owner, acquired) == [("compulsory", APRIL, None, "")]
    with owner():
        assert Address.objects.get(member=acquired).town == HOME["town"]
        assert NameToken.objects.filter(member=acquired, token="ハナコ").exists()
        assert [r.kind for r in ChangeReport.objects.filter(member=acquired)] == ["acquisition"]


def test_the_number_typed_is_kept_and_one_that_was_ever_used_is_refused(clerk, employer, acquired):
    typed = change(
        clerk, actions.acquire, employer_id=employer.pk, person=TARO, report=report(APRIL), reason="employment",
        number="500",
    )  # fmt: skip
    assert typed.number == "500"
    with pytest.raises(actions.UnableToChange, match="ほかの加入者の番号"):
        change(
            clerk, actions.acquire, employer_id=employer.pk, person=CHILD, report=report(APRIL), reason="employment",
            number="1",
        )  # fmt: skip


def test_entering_the_same_person_twice_changes_nothing(owner, clerk, employer, acquired):
    with pytest.raises(actions.UnableToChange, match=acquired.card_number):
        change(
            clerk, actions.acquire, employer_id=employer.pk, person=HANAKO, report=report(APRIL), reason="employment"
        )
    with owner():
        assert Member.objects.count() == 1


@pytest.mark.parametrize(
    "person, words",
    [
        (actions.Person("", "花子", "マルヤマ", "ハナコ", date(1990, 2, 3), "2"), "氏を入力"),
        (actions.Person("王", "偉", "", "", date(1990, 2, 3), "1"), "読み仮名が不明"),
        (actions.Person("丸山", "花子", "マルヤマ", "ハナコ", date(2030, 2, 3), "2"), "生年月日"),
        (actions.Person("丸山", "花子", "マルヤマ", "ハナコ", date(1990, 2, 3), "3"), "性別"),
    ],
)
def test_what_cannot_be_true_of_a_person_is_said(clerk, employer, person, words):
    with pytest.raises(actions.UnableToChange, match=words):
        change(
            clerk, actions.acquire, employer_id=employer.pk, person=person, report=report(APRIL), reason="employment"
        )


def test_a_person_of_unknown_reading_with_other_names_is_found_by_them(owner, clerk, employer):
    person = actions.Person(
        "阮", "文雄", "", "", date(1990, 2, 3), "1", common_name="山田 文雄", alphabet_name="NGUYEN VAN HUNG",
        kana_unknown=True,
    )  # fmt: skip
    member = change(
        clerk, actions.acquire, employer_id=employer.pk, person=person, report=report(APRIL), reason="employment"
    )
    with owner():
        found = set(NameToken.objects.filter(member=member).values_list("token", flat=True))
    assert {"阮文雄", "山田文雄", "NGUYENVANHUNG", "VANHUNG"} <= found


def test_a_day_outside_the_employers_own_is_refused(clerk, employer):
    with pytest.raises(actions.UnableToChange, match="加入期間"):
        change(
            clerk, actions.acquire, employer_id=employer.pk, person=HANAKO, report=report(date(1999, 4, 1)),
            reason="employment",
        )  # fmt: skip


# --- losing ---------------------------------------------------------------------------------------------------------


def test_a_loss_ends_the_family_the_same_day(owner, clerk, acquired, family):
    lose(clerk, acquired, version=2)
    assert days_of(owner, acquired) == [("compulsory", APRIL, LOST, "retirement")]
    assert family_days(owner, family) == [(APRIL, LOST, "insured_left")]
    assert fresh(owner, family).version == 2


def test_a_loss_to_come_is_entered_ahead(owner, clerk, acquired):
    lose(clerk, acquired, date(2027, 3, 1))
    assert days_of(owner, acquired) == [("compulsory", APRIL, date(2027, 3, 1), "retirement")]


def test_a_second_loss_is_refused_with_the_first(clerk, acquired):
    lose(clerk, acquired)
    with pytest.raises(actions.UnableToChange, match="令和8年10月1日に喪失"):
        lose(clerk, acquired)


def test_a_loss_on_the_day_of_acquisition_is_refused(owner, clerk, acquired):
    with pytest.raises(actions.UnableToChange, match="取消届"):
        lose(clerk, acquired, APRIL)
    assert days_of(owner, acquired) == [("compulsory", APRIL, None, "")]


def test_a_page_opened_before_another_clerk_saved_is_told(clerk, acquired):
    lose(clerk, acquired, version=1)
    with pytest.raises(actions.StaleVersion):
        change(clerk, actions.cancel_loss, member_id=acquired.pk, version=1, report=report(LOST))


def test_a_loss_taken_back_brings_the_family_back_and_marks_the_document(owner, clerk, acquired, family):
    lose(clerk, acquired)
    change(clerk, actions.cancel_loss, member_id=acquired.pk, version=None, report=report(LOST))
    assert days_of(owner, acquired) == [("compulsory", APRIL, None, "")]
    assert family_days(owner, family) == [(APRIL, None, "")]
    with owner():
        kept = ChangeReport.objects.get(kind="loss")
        assert kept.cancelled_by_id == clerk.pk
        assert ChangeReport.objects.filter(kind="loss_undone").exists()
    with pytest.raises(actions.UnableToChange, match="取り消す喪失"):
        change(clerk, actions.cancel_loss, member_id=acquired.pk, version=None, report=report(LOST))


def test_a_retroactive_loss_cancels_a_later_certification_and_taking_it_back_restores_it(
    owner, clerk, acquired, family
):
    early = date(2024, 3, 1)
    with pytest.raises(actions.UnableToChange):
        lose(clerk, acquired, early)
    change(
        clerk, actions.correct_certification_date, member_id=family.pk, version=None, report=report(date(2026, 5, 1))
    )
    lose(clerk, acquired, date(2026, 1, 1))
    assert family_days(owner, family) == []
    change(clerk, actions.cancel_loss, member_id=acquired.pk, version=None, report=report(LOST))
    assert family_days(owner, family) == [(date(2026, 5, 1), None, "")]


def test_a_dependant_covered_elsewhere_meanwhile_stays_there(owner, clerk, employer, acquired, family):
    lose(clerk, acquired)
    other = change(
        clerk, actions.acquire, employer_id=employer.pk, person=TARO, report=report(APRIL), reason="employment"
    )
    again = change(
        clerk, actions.certify_dependant, insured_id=other.pk, version=1, person=CHILD, relation="son",
        report=report(LOST), member_id=family.pk,
    )  # fmt: skip
    change(clerk, actions.cancel_loss, member_id=acquired.pk, version=None, report=report(LOST))
    assert family_days(owner, family) == [(APRIL, LOST, "insured_left")]
    assert family_days(owner, again) == [(LOST, None, "")]
    assert fresh(owner, again).earlier_id == family.pk


def test_an_acquisition_taken_back_leaves_no_day(owner, clerk, acquired, family):
    change(clerk, actions.cancel_acquisition, member_id=acquired.pk, version=None, report=report(APRIL))
    assert (days_of(owner, acquired), family_days(owner, family)) == ([], [])
    with owner():
        kept = EligibilityPeriod.with_cancelled.get(member=acquired)
        assert kept.cancelled and kept.period.isempty
        assert EligibilityPeriod.history.filter(member_id=acquired.pk).count() == 2
        assert DependantPeriod.with_cancelled.filter(member=family, cancelled=True).exists()


# --- returning ------------------------------------------------------------------------------------------------------


def back(clerk, employer, member, day=date(2026, 11, 1), person=HANAKO, **values):
    return change(
        clerk, actions.acquire, employer_id=employer.pk, person=person, report=report(day), reason="employment",
        returning_id=member.pk, **values,
    )  # fmt: skip


def test_who_returns_keeps_the_number_and_the_story(owner, clerk, employer, acquired):
    lose(clerk, acquired)
    again = back(clerk, employer, acquired, keep_number=True)
    assert (again.pk, again.card_number) == (acquired.pk, acquired.card_number)
    assert [row[1:3] for row in days_of(owner, again)] == [(APRIL, LOST), (date(2026, 11, 1), None)]


def test_who_returns_with_a_new_number_is_still_found_by_the_old_one(owner, clerk, employer, acquired):
    lose(clerk, acquired)
    again = back(clerk, employer, acquired)
    assert (again.pk, again.number) == (acquired.pk, "2")
    with owner():
        former = FormerNumber.objects.get(member=again)
        assert (former.card_number, former.until_date) == (acquired.card_number, date(2026, 11, 1))
    with pytest.raises(actions.UnableToChange, match="前に使われた番号"):
        change(
            clerk, actions.acquire, employer_id=employer.pk, person=TARO, report=report(APRIL), reason="employment",
            number="1",
        )  # fmt: skip


def test_a_dependant_who_is_employed_leaves_the_household_and_the_rows_are_joined(owner, clerk, employer, acquired):
    child = change(
        clerk, actions.certify_dependant, insured_id=acquired.pk, version=1, person=TARO, relation="husband",
        report=report(APRIL),
    )  # fmt: skip
    own = back(clerk, employer, child, person=TARO)
    assert family_days(owner, child) == [(APRIL, date(2026, 11, 1), "employed")]
    assert (own.earlier_id, own.insured_id, own.branch) == (child.pk, None, "00")
    with owner():
        assert Address.objects.get(member=own).town == HOME["town"]


def test_who_is_still_insured_does_not_return(clerk, employer, acquired):
    with pytest.raises(actions.UnableToChange, match="からの資格があります"):
        back(clerk, employer, acquired)


def test_work_ends_the_voluntary_continuation_that_day(owner, clerk, employer, acquired, family):
    lose(clerk, acquired)
    change(clerk, actions.enter_voluntary, member_id=acquired.pk, version=None, report=report(LOST))
    back(clerk, employer, acquired, keep_number=True)
    assert days_of(owner, acquired) == [
        ("compulsory", APRIL, LOST, "retirement"),
        ("voluntary", LOST, date(2026, 11, 1), "employed_again"),
        ("compulsory", date(2026, 11, 1), None, ""),
    ]
    assert family_days(owner, family) == [(APRIL, LOST, "insured_left"), (LOST, None, "")]


# --- 同日得喪 -------------------------------------------------------------------------------------------------------


def test_a_change_of_works_joins_two_periods_on_one_day_and_the_family_runs_on(owner, clerk, acquired, family):
    with owner():
        other = make_employer("ひなた商事株式会社")
    change(
        clerk, actions.transfer, member_id=acquired.pk, version=2, employer_id=other.pk, report=report(LOST), number=""
    )
    assert days_of(owner, acquired) == [("compulsory", APRIL, LOST, "transfer"), ("compulsory", LOST, None, "")]
    assert family_days(owner, family) == [(APRIL, None, "")]
    with owner():
        cards = [m.card_number for m in Member.objects.filter(pk__in=[acquired.pk, family.pk]).order_by("branch")]
    assert cards == [f"{other.symbol}-1-00", f"{other.symbol}-1-01"]


def test_re_employment_on_one_day_stays_with_the_employer(owner, clerk, employer, acquired):
    values = {"member_id": acquired.pk, "version": 1, "employer_id": employer.pk, "report": report(LOST)}
    with pytest.raises(actions.UnableToChange, match="同日得喪"):
        change(clerk, actions.transfer, **values)
    change(
        clerk, actions.transfer, **values,
        acquisition_reason=AcquisitionReason.REEMPLOYED, loss_reason=LossReason.REEMPLOYED,
    )  # fmt: skip
    assert days_of(owner, acquired) == [("compulsory", APRIL, LOST, "reemployed"), ("compulsory", LOST, None, "")]


def test_a_change_of_works_taken_back_step_by_step_leaves_what_was(owner, clerk, acquired, family):
    with owner():
        other = make_employer("ひなた商事株式会社")
    change(clerk, actions.transfer, member_id=acquired.pk, version=2, employer_id=other.pk, report=report(LOST))
    for action in (actions.cancel_acquisition, actions.cancel_loss):
        change(clerk, action, member_id=acquired.pk, version=None, report=report(LOST))
    assert days_of(owner, acquired) == [("compulsory", APRIL, None, "")]
    assert family_days(owner, family) == [(APRIL, None, "")]


# --- 任意継続 -------------------------------------------------------------------------------------------------------


def test_the_voluntary_continuation_begins_with_the_loss_and_lasts_two_years_at_most(owner, clerk, acquired, family):
    with pytest.raises(actions.UnableToChange, match="先に資格喪失届"):
        change(clerk, actions.enter_voluntary, member_id=acquired.pk, version=None, report=report(LOST))
    lose(clerk, acquired)
    with pytest.raises(actions.UnableToChange, match="喪失した日（令和8年10月1日）"):
        change(clerk, actions.enter_voluntary, member_id=acquired.pk, version=None, report=report(date(2026, 10, 2)))
    change(clerk, actions.enter_voluntary, member_id=acquired.pk, version=None, report=report(LOST))
    assert days_of(owner, acquired)[-1] == ("voluntary", LOST, date(2028, 10, 1), "")
    ended = date(2026, 12, 11)
    values = {"member_id": acquired.pk, "version": None, "report": report(ended)}
    change(clerk, actions.end_voluntary, **values, reason=LossReason.NON_PAYMENT)
    assert days_of(owner, acquired)[-1] == ("voluntary", LOST, ended, "non_payment")
    assert family_days(owner, family)[-1] == (LOST, ended, "insured_left")
    change(clerk, actions.cancel_loss, **values)
    assert days_of(owner, acquired)[-1] == ("voluntary", LOST, date(2028, 10, 1), "")
    assert family_days(owner, family)[-1] == (LOST, None, "")


def test_a_voluntary_continuation_that_never_was_leaves_no_day(owner, clerk, acquired, family):
    lose(clerk, acquired)
    change(clerk, actions.enter_voluntary, member_id=acquired.pk, version=None, report=report(LOST))
    change(clerk, actions.cancel_acquisition, member_id=acquired.pk, version=None, report=report(LOST))
    assert days_of(owner, acquired) == [("compulsory", APRIL, LOST, "retirement")]
    assert family_days(owner, family) == [(APRIL, LOST, "insured_left")]


# --- protected people -----------------------------------------------------------------------------------------------


def test_a_protected_persons_dependants_are_protected_too(owner, clerk):
    with owner():
        member = make_member(protected=True)
        protect(member, clerk_id=clerk.pk)
    child = change(
        clerk, actions.certify_dependant, insured_id=member.pk, version=1, person=CHILD, relation="son",
        report=report(APRIL),
    )  # fmt: skip
    with owner():
        assert child.protected and not Address.history.filter(member_id=child.pk).exists()
        assert ProtectedAddress.objects.filter(member=child).exists()
        assert ProtectionClerk.objects.filter(member=child, user_id=clerk.pk).exists()


def test_a_clerk_who_is_not_named_neither_loses_nor_certifies(owner, clerk, personas):
    with owner():
        member = make_member(protected=True)
        protect(member, clerk_id=personas["1006"].pk)
    with pytest.raises(PermissionDenied):
        lose(clerk, member)
    with pytest.raises(PermissionDenied):
        change(
            clerk, actions.certify_dependant, insured_id=member.pk, version=1, person=CHILD, relation="son",
            report=report(APRIL),
        )  # fmt: skip
    with owner():
        assert not ChangeReport.objects.exists()


def test_nothing_is_written_outside_a_scope(clerk, employer):
    with pytest.raises(Exception, match="permission denied"), transaction.atomic():
        actions.acquire(by=clerk, employer_id=employer.pk, person=HANAKO, report=report(APRIL), reason="employment")
