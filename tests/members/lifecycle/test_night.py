"""The whole night: 75 loses with the family, what fails waits for a clerk, a second run and a killed run change nothing."""

from datetime import date

import pytest

from members.enrollment.models import Address, DependantPeriod, EligibilityPeriod
from members.lifecycle import tasks
from members.lifecycle.actions import ages
from members.lifecycle.models import AgeEvent, NightRun, VoluntaryTerm
from members.lifecycle.policies import UnableToRecord
from tests.members.lifecycle.conftest import TODAY

pytestmark = pytest.mark.django_db
BIRTHDAY = date(2026, 11, 23)


def test_75_loses_on_the_birthday_with_the_family(born, owner, periods_of, events_of):
    head = born(date(1951, 11, 23))
    wife = born(date(1955, 3, 1), insured=head, relation="wife", branch="01")

    tasks.run_night(TODAY)

    assert periods_of(head) == [("compulsory", date(2016, 10, 1), BIRTHDAY, "age_75")]
    with owner():
        period = DependantPeriod.objects.get(member=wife)
    assert (period.period.upper, period.end_reason) == (BIRTHDAY, "insured_left")
    assert events_of(head)[75].state == "processed"


def test_a_dependant_of_75_is_removed_on_the_birthday_and_the_insured_stays(born, owner, periods_of, events_of):
    head = born(date(1980, 1, 1))
    mother = born(date(1951, 11, 23), insured=head, relation="mother", branch="01")

    tasks.run_night(TODAY)

    with owner():
        period = DependantPeriod.objects.get(member=mother)
    assert (period.period.upper, period.end_reason) == (BIRTHDAY, "age_75")
    assert periods_of(head)[-1][2] is None
    assert events_of(mother)[75].state == "processed"


def test_nobody_of_75_loses_the_day_before(born, periods_of):
    head = born(date(1951, 11, 24))

    tasks.run_night(TODAY)

    assert periods_of(head)[-1][2] is None


def test_a_loss_entered_ahead_is_not_entered_again(born, end_qualification, periods_of, events_of):
    head = born(date(1951, 11, 23))
    end_qualification(head, BIRTHDAY, "age_75")

    tasks.run_night(TODAY)

    assert periods_of(head) == [("compulsory", date(2016, 10, 1), BIRTHDAY, "age_75")]
    assert events_of(head)[75].state == "processed"


def test_a_missed_night_loses_on_the_birthday_all_the_same(born, periods_of):
    head = born(date(1951, 11, 3))

    tasks.run_night(TODAY)

    assert periods_of(head)[-1][2] == date(2026, 11, 3)


def test_75_abroad_keeps_the_qualification_and_waits(born, owner, periods_of, events_of):
    head = born(date(1951, 11, 23))
    with owner():
        Address.objects.filter(member=head).update(abroad=True)

    tasks.run_night(TODAY)

    assert periods_of(head)[-1][2] is None
    assert (events_of(head)[75].state, events_of(head)[75].reason) == ("held", "abroad")


def test_a_protected_member_loses_like_any_other(born, periods_of):
    head = born(date(1951, 11, 23), protected=True)

    tasks.run_night(TODAY)

    assert periods_of(head)[-1][2] == BIRTHDAY


def test_75_in_a_voluntary_term_ends_the_term(born, owner, end_qualification, periods_of):
    member = born(date(1951, 11, 23))
    end_qualification(member, date(2026, 4, 1))
    with owner():
        EligibilityPeriod.objects.create(
            member=member, kind="voluntary", period=(date(2026, 4, 1), date(2028, 4, 1)),
            acquisition_reason="voluntary",
        )  # fmt: skip

    tasks.run_night(date(2026, 11, 22))
    tasks.run_night(TODAY)

    with owner():
        term = VoluntaryTerm.objects.get(member=member)
    assert (term.state, term.end_kind, term.end_date) == ("ended", "elderly", BIRTHDAY)


def test_a_whole_night_twice_changes_nothing_more(born, owner):
    for day in range(1, 15):
        born(date(1951, 11, day))
        born(date(1986, 12, day))
    tasks.run_night(TODAY)

    def state():
        with owner():
            return (
                list(AgeEvent.objects.order_by("pk").values()),
                list(EligibilityPeriod.objects.order_by("pk").values_list("pk", "period", "loss_reason")),
                AgeEvent.history.count(),
                EligibilityPeriod.history.count(),
            )

    before = state()
    counts = tasks.run_night(TODAY)

    assert state() == before
    assert set(counts.values()) == {0}
    with owner():
        assert NightRun.objects.get(day=TODAY).counts["lost"] == 14


def test_a_night_killed_between_two_chunks_is_finished_by_the_next(born, owner, monkeypatch, periods_of):
    people = [born(date(1951, 11, day)) for day in range(1, 8)]
    monkeypatch.setattr(ages, "ELDERLY_CHUNK", 3)
    real, calls = ages.lose_due, []

    def killed(today):
        calls.append(today)
        if len(calls) == 2:
            raise SystemExit("kill -9")
        return real(today)

    monkeypatch.setattr(tasks, "STEPS", tuple((n, killed if n == "lost" else s) for n, s in tasks.STEPS))
    with pytest.raises(SystemExit):
        tasks.run_night(TODAY)
    with owner():
        assert AgeEvent.objects.filter(state="processed").count() == 3
        assert NightRun.objects.get(day=TODAY).finished_at is None

    tasks.run_night(TODAY)

    with owner():
        assert AgeEvent.objects.filter(state="processed").count() == 7
        assert NightRun.objects.get(day=TODAY).finished_at is not None
    assert all(periods_of(member)[-1][3] == "age_75" for member in people)


def test_a_loss_the_register_cannot_make_waits_for_a_clerk_and_the_others_go_on(
    born, monkeypatch, events_of, periods_of
):
    stuck, fine = born(date(1951, 11, 22)), born(date(1951, 11, 23))
    real = ages.qualification.lose_by_age

    def lose(*, by, member, report):
        if member.pk == stuck.pk:
            raise UnableToRecord("この人の資格は変更できません。")
        return real(by=by, member=member, report=report)

    monkeypatch.setattr(ages.qualification, "lose_by_age", lose)

    tasks.run_night(TODAY)

    assert (events_of(stuck)[75].state, events_of(stuck)[75].reason) == ("held", "unable")
    assert periods_of(fine)[-1][2] == BIRTHDAY


def test_the_task_runs_for_the_day_it_is_given(born, periods_of):
    head = born(date(1951, 11, 23))

    tasks.run_lifecycle_night("2026-11-23")

    assert periods_of(head)[-1][2] == BIRTHDAY
