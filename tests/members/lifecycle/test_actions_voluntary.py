"""任意継続: accepted, refused, paid, ended in every way the law knows, undone; followed by night."""

from datetime import date, timedelta

import pytest

from members.enrollment import actions as enrollment
from members.enrollment.activities import MEMBER_ADMINISTRATION
from members.enrollment.models import DependantPeriod, EligibilityPeriod
from members.lifecycle.actions import terms, voluntary
from members.lifecycle.enums import EndKind
from members.lifecycle.models import VoluntaryInstalment, VoluntaryTerm
from members.lifecycle.policies import StaleTerm, UnableToRecord
from members.lifecycle.queries.voluntary import Facts
from privacy.scope import scope
from tests.members.enrollment.people import since
from tests.members.lifecycle.conftest import TODAY

pytestmark = pytest.mark.django_db
LOST = date(2026, 11, 11)
FIRST_DUE = date(2026, 12, 4)


@pytest.fixture
def accepted(leaver, by_sato):
    """A member whose application was accepted: (member, term)."""

    def accept(lost=LOST, received=None, first_due=None, **fields):
        member = leaver(lost, **fields)
        received = received or lost
        term = by_sato(
            voluntary.accept_application,
            member_id=member.pk,
            facts=Facts(received_date=received),
            first_due=first_due or received,
        )
        return member, term

    return accept


@pytest.fixture
def fresh(owner):
    def read(row):
        with owner():
            return type(row).objects.get(pk=row.pk)

    return read


def months(owner, term):
    with owner():
        return list(VoluntaryInstalment.objects.filter(term=term).order_by("month"))


def pay(by_sato, row, paid, today=TODAY):
    return by_sato(voluntary.mark_paid, instalment_id=row.pk, paid_date=paid, today=today)


def test_an_accepted_application_begins_the_term_on_the_day_of_loss(accepted, periods_of, owner, fresh):
    member, term = accepted(first_due=FIRST_DUE, received=date(2026, 11, 20))

    assert periods_of(member)[-1][:2] == ("voluntary", LOST)
    term = fresh(term)
    assert (term.state, term.term_end_date, term.deadline_date) == ("running", date(2028, 11, 11), date(2026, 11, 30))
    assert term.insured_from == date(2016, 10, 1)
    assert [test["code"] for test in term.decision] == [
        "reason", "months", "deadline", "elderly", "insured", "seaman",
    ]  # fmt: skip
    assert all(test["passed"] for test in term.decision)
    rows = months(owner, term)
    assert len(rows) == 24
    assert (rows[0].month, rows[0].due_date, rows[0].first) == (date(2026, 11, 1), FIRST_DUE, True)
    assert (rows[1].due_date, rows[1].first) == (date(2026, 12, 10), False)


def test_the_family_goes_on_with_them(leaver, born, by_sato, owner, personas):
    member = leaver(LOST)
    child = born(date(2015, 4, 1), insured=member, branch="01")
    with owner():
        DependantPeriod.objects.filter(member=child).update(
            period=since(date(2016, 10, 1), LOST), end_reason="insured_left"
        )

    by_sato(voluntary.accept_application, member_id=member.pk, facts=Facts(received_date=LOST), first_due=LOST)

    with owner():
        assert DependantPeriod.objects.filter(member=child, period__contains=LOST).exists()


def test_an_application_on_the_twenty_first_day_is_not_accepted(leaver, by_sato, periods_of):
    member = leaver(date(2026, 10, 13))  # the 20th day, 1 November, is a Sunday; the 3rd is a holiday

    with pytest.raises(UnableToRecord, match="申出の期限（法37条1項）"):
        by_sato(
            voluntary.accept_application,
            member_id=member.pk,
            facts=Facts(received_date=date(2026, 11, 4)),
            first_due=TODAY,
        )
    assert len(periods_of(member)) == 1
    by_sato(
        voluntary.accept_application,
        member_id=member.pk,
        facts=Facts(received_date=date(2026, 11, 2)),
        first_due=TODAY,
    )
    assert len(periods_of(member)) == 2


def test_a_late_application_with_just_cause_is_accepted_and_keeps_the_reason(leaver, by_sato, fresh):
    member = leaver(date(2026, 9, 1))

    term = by_sato(
        voluntary.accept_application,
        member_id=member.pk,
        facts=Facts(received_date=date(2026, 11, 4), just_cause=True),
        first_due=date(2026, 11, 16),
        late_reason="災害により郵便が止まった",
    )

    term = fresh(term)
    assert (term.just_cause, term.late_reason) == (True, "災害により郵便が止まった")


def test_a_certificate_of_another_insurer_makes_up_the_two_months(leaver, owner, by_sato, fresh):
    member = leaver(LOST)
    with owner():
        EligibilityPeriod.objects.filter(member=member).update(period=since(date(2026, 10, 15), LOST))
    arguments = {"member_id": member.pk, "first_due": LOST}

    with pytest.raises(UnableToRecord, match="継続した被保険者の期間"):
        by_sato(voluntary.accept_application, facts=Facts(received_date=LOST), **arguments)
    term = by_sato(
        voluntary.accept_application,
        facts=Facts(received_date=LOST, certified_from=date(2024, 4, 1)),
        **arguments,
    )

    term = fresh(term)
    assert (term.insured_from, term.by_certificate) == (date(2024, 4, 1), True)


def test_who_never_lost_anything_cannot_apply(born, by_sato):
    with pytest.raises(UnableToRecord, match="喪失した資格がありません"):
        by_sato(
            voluntary.accept_application,
            member_id=born(date(1980, 1, 1)).pk,
            facts=Facts(received_date=TODAY),
            first_due=TODAY,
        )


def test_a_refusal_is_kept_with_every_test_and_touches_no_qualification(leaver, by_sato, periods_of, fresh):
    member = leaver(LOST, reason="other_insurer")

    term = by_sato(voluntary.refuse_application, member_id=member.pk, facts=Facts(received_date=LOST))

    assert fresh(term).state == "refused"
    assert [t["code"] for t in fresh(term).decision if not t["passed"]] == ["reason"]
    assert len(periods_of(member)) == 1


def test_what_meets_every_test_is_not_refused(leaver, by_sato):
    with pytest.raises(UnableToRecord, match="受理しない理由がありません"):
        by_sato(voluntary.refuse_application, member_id=leaver(LOST).pk, facts=Facts(received_date=LOST))


def test_saving_twice_makes_one_term(accepted, by_sato, owner):
    member, _term = accepted()

    with pytest.raises(UnableToRecord):
        by_sato(voluntary.accept_application, member_id=member.pk, facts=Facts(received_date=LOST), first_due=LOST)
    with owner():
        assert VoluntaryTerm.objects.filter(member=member).count() == 1


# --- payments -------------------------------------------------------------------------------------------------------


def test_a_payment_in_time_is_recorded_and_taken_back(accepted, by_sato, owner, fresh):
    _member, term = accepted(first_due=FIRST_DUE)
    row = months(owner, term)[0]

    assert pay(by_sato, row, TODAY).paid_date == TODAY
    by_sato(voluntary.unmark_paid, instalment_id=row.pk)

    assert fresh(row).paid_date is None


def test_a_late_payment_needs_its_reason_first(accepted, by_sato, owner, fresh):
    _member, term = accepted(lost=date(2026, 9, 1), first_due=date(2026, 9, 15))
    row = months(owner, term)[1]  # October: due on the 13th, the 10th to the 12th being closed days
    assert row.due_date == date(2026, 10, 13)

    with pytest.raises(UnableToRecord, match="遅れた正当な理由"):
        pay(by_sato, row, date(2026, 10, 14))
    by_sato(voluntary.excuse, instalment_id=row.pk, excuse="入院していた")
    pay(by_sato, row, date(2026, 10, 14))

    assert fresh(row).paid_date == date(2026, 10, 14)


def test_a_payment_of_tomorrow_is_no_payment(accepted, by_sato, owner):
    _member, term = accepted(first_due=FIRST_DUE)

    with pytest.raises(UnableToRecord, match="今日までの日"):
        pay(by_sato, months(owner, term)[0], date(2026, 11, 24))


# --- the ways it ends -----------------------------------------------------------------------------------------------


def test_withdrawal_ends_with_the_month_and_is_entered_ahead(accepted, by_sato, periods_of, fresh):
    member, term = accepted()

    by_sato(voluntary.withdraw, term_id=term.pk, version=1, received_date=TODAY, today=TODAY)

    assert periods_of(member)[-1] == ("voluntary", LOST, date(2026, 12, 1), "withdrawal")
    assert (fresh(term).state, fresh(term).end_kind) == ("ending", "withdrawal")


def test_an_unpaid_month_ends_it_the_day_after_the_due_date(accepted, by_sato, owner, periods_of, fresh):
    member, term = accepted(lost=date(2026, 9, 1), first_due=date(2026, 9, 15))
    first, october, *_ = months(owner, term)
    pay(by_sato, first, date(2026, 9, 15))

    by_sato(
        voluntary.record_non_payment,
        term_id=term.pk, version=1, instalment_id=october.pk, received_date=TODAY, today=TODAY,
    )  # fmt: skip

    assert periods_of(member)[-1] == ("voluntary", date(2026, 9, 1), date(2026, 10, 14), "non_payment")
    assert (fresh(term).state, fresh(term).end_fact_date) == ("ended", date(2026, 10, 13))


def test_an_unpaid_first_premium_means_it_never_was(accepted, by_sato, owner, periods_of, fresh):
    member, term = accepted(lost=date(2026, 9, 1), first_due=date(2026, 9, 15))

    by_sato(
        voluntary.record_non_payment,
        term_id=term.pk, version=1, instalment_id=months(owner, term)[0].pk, received_date=TODAY, today=TODAY,
    )  # fmt: skip

    assert [period[0] for period in periods_of(member)] == ["compulsory"]
    assert (fresh(term).state, fresh(term).end_kind) == ("never", "first_unpaid")


@pytest.mark.parametrize("why", ["paid", "excused", "not yet due"])
def test_what_is_not_unpaid_ends_nothing(accepted, by_sato, owner, why):
    _member, term = accepted(lost=date(2026, 9, 1), first_due=date(2026, 9, 15))
    rows = months(owner, term)
    row = rows[1]
    if why == "paid":
        pay(by_sato, row, date(2026, 10, 9))
    elif why == "excused":
        by_sato(voluntary.excuse, instalment_id=row.pk, excuse="入院していた")
    else:
        row = rows[3]

    with pytest.raises(UnableToRecord):
        by_sato(
            voluntary.record_non_payment,
            term_id=term.pk, version=1, instalment_id=row.pk, received_date=TODAY, today=TODAY,
        )  # fmt: skip


@pytest.mark.parametrize(("kind", "lost"), [
    (EndKind.INSURED, date(2026, 11, 20)), (EndKind.SEAMAN, date(2026, 11, 20)),
    (EndKind.ELDERLY, date(2026, 11, 20)), (EndKind.DEATH, date(2026, 11, 21)),
])  # fmt: skip
def test_a_fact_ends_it_on_the_day_and_death_the_day_after(accepted, by_sato, periods_of, kind, lost):
    member, term = accepted()

    by_sato(
        voluntary.end_by_fact,
        term_id=term.pk, version=1, kind=kind, fact_date=date(2026, 11, 20), received_date=TODAY, today=TODAY,
    )  # fmt: skip

    assert periods_of(member)[-1][2] == lost


def test_an_end_before_the_beginning_is_refused(accepted, by_sato):
    _member, term = accepted()

    with pytest.raises(UnableToRecord, match="始まりより前"):
        by_sato(
            voluntary.end_by_fact,
            term_id=term.pk, version=1, kind=EndKind.INSURED, fact_date=date(2026, 11, 1), received_date=TODAY,
            today=TODAY,
        )  # fmt: skip


def test_an_end_can_be_undone(accepted, by_sato, periods_of, fresh):
    member, term = accepted()
    by_sato(voluntary.withdraw, term_id=term.pk, version=1, received_date=TODAY, today=TODAY)

    by_sato(voluntary.undo_end, term_id=term.pk, version=2, received_date=TODAY)

    assert (fresh(term).state, fresh(term).end_date, fresh(term).end_kind) == ("running", None, "")
    assert periods_of(member)[-1][3] == ""


def test_an_application_entered_by_mistake_can_be_undone(accepted, by_sato, periods_of, fresh):
    member, term = accepted()

    by_sato(voluntary.undo_application, term_id=term.pk, version=1, received_date=TODAY)

    assert fresh(term).state == "undone"
    assert [period[0] for period in periods_of(member)] == ["compulsory"]


def test_what_was_undone_can_be_entered_again(accepted, by_sato, fresh):
    member, term = accepted()
    by_sato(voluntary.undo_application, term_id=term.pk, version=1, received_date=TODAY)

    again = by_sato(voluntary.accept_application, member_id=member.pk, facts=Facts(received_date=LOST), first_due=LOST)

    assert fresh(again).state == "running"


def test_two_clerks_at_once_are_told(accepted, by_sato, fresh):
    _member, term = accepted()
    by_sato(voluntary.withdraw, term_id=term.pk, version=1, received_date=TODAY, today=TODAY)

    with pytest.raises(StaleTerm):
        by_sato(voluntary.withdraw, term_id=term.pk, version=1, received_date=TODAY, today=TODAY)


# --- by night -------------------------------------------------------------------------------------------------------


def test_two_years_end_it_by_night_on_the_day_and_not_before(accepted, at_night, periods_of, fresh):
    member, term = accepted(lost=date(2024, 11, 24))

    assert at_night(terms.expire_due, date(2026, 11, 23)) == 0
    assert at_night(terms.expire_due, date(2026, 11, 24)) == 1
    assert at_night(terms.expire_due, date(2026, 11, 24)) == 0

    assert periods_of(member)[-1] == ("voluntary", date(2024, 11, 24), date(2026, 11, 24), "term_ended")
    assert (fresh(term).state, fresh(term).end_kind) == ("ended", "term")


def test_a_missed_night_ends_it_on_the_day_of_the_law(accepted, at_night, periods_of):
    member, _term = accepted(lost=date(2024, 10, 1))

    at_night(terms.expire_due)

    assert periods_of(member)[-1][2] == date(2026, 10, 1)


def test_a_protected_member_expires_like_any_other(accepted, at_night, owner, personas, leaver, by_sato, fresh):
    from tests.members.enrollment.people import protect

    member = leaver(date(2024, 11, 1), protected=True)
    with owner():
        protect(member, clerk_id=personas["1001"].pk)
    term = by_sato(
        voluntary.accept_application,
        member_id=member.pk, facts=Facts(received_date=date(2024, 11, 1)), first_due=date(2024, 11, 15),
    )  # fmt: skip

    at_night(terms.expire_due)

    assert fresh(term).state == "ended"


def test_the_day_entered_ahead_closes_the_term(accepted, by_sato, at_night, fresh):
    _member, term = accepted()
    by_sato(voluntary.withdraw, term_id=term.pk, version=1, received_date=TODAY, today=TODAY)

    assert at_night(terms.close_ended, date(2026, 11, 30)) == 0
    assert at_night(terms.close_ended, date(2026, 12, 1)) == 1

    assert fresh(term).state == "ended"


def test_a_period_that_came_by_another_way_is_watched_once(born, owner, at_night):
    member = born(date(1980, 5, 7))
    with owner():
        EligibilityPeriod.objects.filter(member=member).update(period=since(date(2016, 10, 1), date(2026, 4, 1)))
        EligibilityPeriod.objects.create(
            member=member, kind="voluntary", period=since(date(2026, 4, 1), date(2028, 4, 1)),
            acquisition_reason="voluntary",
        )  # fmt: skip

    assert at_night(terms.watch) == 1
    assert at_night(terms.watch) == 0

    with owner():
        term = VoluntaryTerm.objects.get(member=member)
        assert (term.lost_date, term.term_end_date) == (date(2026, 4, 1), date(2028, 4, 1))
        assert VoluntaryInstalment.objects.filter(term=term, due_date__lt=TODAY).count() == 0
        assert VoluntaryInstalment.objects.filter(term=term).count() == 16  # December 2026 to March 2028


def test_a_loss_entered_elsewhere_ends_the_term(accepted, owner, at_night, fresh):
    member, term = accepted(lost=date(2026, 9, 1))
    with owner():
        EligibilityPeriod.objects.filter(pk=term.eligibility_id).update(
            period=since(date(2026, 9, 1), date(2026, 11, 1)), loss_reason="death"
        )

    assert at_night(terms.follow_register) == 1
    assert at_night(terms.follow_register) == 0

    assert (fresh(term).state, fresh(term).end_kind, fresh(term).end_date) == ("ended", "death", date(2026, 11, 1))


def test_a_loss_cancelled_elsewhere_lets_the_term_run(accepted, by_sato, owner, at_night, fresh):
    _member, term = accepted()
    by_sato(voluntary.withdraw, term_id=term.pk, version=1, received_date=TODAY, today=TODAY)
    with owner():
        EligibilityPeriod.objects.filter(pk=term.eligibility_id).update(
            period=since(LOST, date(2028, 11, 11)), loss_reason=""
        )

    at_night(terms.follow_register)

    assert (fresh(term).state, fresh(term).end_kind, fresh(term).end_date) == ("running", "", None)


def test_a_term_entered_here_is_not_watched_again(accepted, at_night):
    accepted()

    assert at_night(terms.watch) == 0
    assert at_night(terms.follow_register) == 0


# --- put right ------------------------------------------------------------------------------------------------------


def put_right(by_sato, fresh, term, received=LOST, first_due=FIRST_DUE, **changes):
    version = fresh(term).version
    return by_sato(
        voluntary.correct_application, term_id=term.pk, version=version,
        facts=Facts(received_date=received, **changes), first_due=first_due, late_reason="入院",
    )  # fmt: skip


def test_a_wrong_first_due_date_is_put_right_with_the_months_it_pays(accepted, by_sato, owner, fresh):
    _member, term = accepted(first_due=date(2026, 12, 4))
    put_right(by_sato, fresh, term, first_due=date(2026, 12, 21))

    rows = months(owner, term)
    assert [(row.due_date, row.first) for row in rows[:3]] == [
        (date(2026, 12, 21), True), (date(2026, 12, 21), True), (date(2027, 1, 12), False),
    ]  # fmt: skip
    assert (fresh(term).first_due_date, fresh(term).received_date, len(rows)) == (date(2026, 12, 21), LOST, 24)
    assert fresh(term).late_reason == "", "it was not late"


def test_the_period_carries_the_day_the_application_really_arrived(accepted, by_sato, owner, fresh):
    _member, term = accepted(first_due=FIRST_DUE)
    really = LOST + timedelta(days=3)
    put_right(by_sato, fresh, term, received=really)

    with owner():
        period = EligibilityPeriod.objects.get(pk=fresh(term).eligibility_id)
    assert (fresh(term).received_date, period.received_date) == (really, really)


def test_the_term_follows_a_day_of_loss_that_was_put_right(accepted, by_sato, owner, fresh, periods_of, personas):
    member, term = accepted(first_due=FIRST_DUE)
    right = date(2026, 10, 31)
    with scope(MEMBER_ADMINISTRATION, personas["1001"], operation="change"):
        enrollment.correct_loss_date(
            by=personas["1001"], member_id=member.pk, version=None,
            report=enrollment.Report(received_date=TODAY, effective_date=right),
        )  # fmt: skip
    put_right(by_sato, fresh, term)

    now = fresh(term)
    assert (now.lost_date, now.term_end_date, now.deadline_date) == (right, date(2028, 10, 31), date(2026, 11, 19))
    assert periods_of(member)[-1][:2] == ("voluntary", right)
    rows = months(owner, term)
    assert (rows[0].month, rows[0].first, rows[-1].month, len(rows)) == (
        date(2026, 10, 1), True, date(2028, 9, 1), 24,
    )  # fmt: skip
    assert len({row.month for row in rows}) == 24, "the month after the end became the month before the beginning"


def test_a_paid_month_that_would_no_longer_belong_stops_it(accepted, by_sato, owner, fresh, personas):
    member, term = accepted(first_due=FIRST_DUE)
    first = months(owner, term)[0]
    pay(by_sato, first, LOST)
    with owner():
        period = EligibilityPeriod.objects.get(member=member, kind="compulsory")
        going_on = EligibilityPeriod.objects.get(member=member, kind="voluntary")
        going_on.period = since(date(2026, 12, 1), date(2028, 12, 1))
        going_on.save()
        period.period = since(period.period.lower, date(2026, 12, 1))
        period.save()

    with pytest.raises(UnableToRecord, match="令和8年11月分は納付済み"):
        put_right(by_sato, fresh, term, received=date(2026, 12, 1), first_due=date(2026, 12, 10))
    assert fresh(term).lost_date == LOST and months(owner, term)[0].paid_date == LOST


def test_a_payment_in_time_does_not_become_late(accepted, by_sato, owner, fresh):
    _member, term = accepted(first_due=FIRST_DUE)
    pay(by_sato, months(owner, term)[0], date(2026, 11, 20))
    with pytest.raises(UnableToRecord, match="期日より後の納付"):
        put_right(by_sato, fresh, term, first_due=date(2026, 11, 19))
    put_right(by_sato, fresh, term, first_due=date(2026, 11, 20))
    assert months(owner, term)[0].due_date == date(2026, 11, 20)


def test_what_is_put_right_is_decided_anew(accepted, by_sato, fresh):
    _member, term = accepted(first_due=FIRST_DUE)
    late = date(2026, 12, 2)
    with pytest.raises(UnableToRecord, match="申出の期限"):
        put_right(by_sato, fresh, term, received=late)
    with pytest.raises(UnableToRecord, match="初回の納付期日"):
        put_right(by_sato, fresh, term, received=late, first_due=date(2026, 12, 1), just_cause=True)
    put_right(by_sato, fresh, term, received=late, just_cause=True)
    assert (fresh(term).just_cause, fresh(term).late_reason, fresh(term).received_date) == (True, "入院", late)


def test_only_a_running_term_is_put_right(accepted, by_sato, fresh):
    _member, term = accepted(first_due=FIRST_DUE)
    by_sato(voluntary.withdraw, term_id=term.pk, version=fresh(term).version, received_date=TODAY, today=TODAY)
    with pytest.raises(UnableToRecord, match="先に喪失を取り消して"):
        put_right(by_sato, fresh, term)
    by_sato(voluntary.undo_end, term_id=term.pk, version=fresh(term).version, received_date=TODAY)
    by_sato(voluntary.undo_application, term_id=term.pk, version=fresh(term).version, received_date=TODAY)
    with pytest.raises(UnableToRecord, match="継続中の任意継続"):
        put_right(by_sato, fresh, term)
