"""年齢到達 by night: planned, announced, processed; the register's corrections followed; twice is once."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.enrollment.models import Address, EligibilityPeriod, Member
from members.lifecycle.actions import planning
from members.lifecycle.activities import LIFECYCLE
from members.lifecycle.models import AgeEvent
from privacy.scope import NotGranted, scope
from tests.members.enrollment.people import since
from tests.members.lifecycle.conftest import TODAY

pytestmark = pytest.mark.django_db


def everything(at_night, today=TODAY):
    for step in (
        planning.move, planning.give_up, planning.take_up, planning.plan, planning.announce, planning.hold,
        planning.process,
    ):  # fmt: skip
        while at_night(step, today):
            pass


def test_who_turns_70_in_december_is_planned_for_the_month_that_begins_it(born, at_night, events_of):
    on_the_first, on_the_second = born(date(1956, 12, 1)), born(date(1956, 12, 2))

    at_night(planning.plan)

    assert events_of(on_the_first)[70].event_date == date(2026, 12, 1)
    assert events_of(on_the_second)[70].event_date == date(2027, 1, 1)
    assert events_of(on_the_second)[70].reached_date == date(2026, 12, 1)


@pytest.mark.parametrize(("age", "year"), [(40, 1986), (65, 1961), (75, 1951)])
def test_each_age_is_planned(born, at_night, events_of, age, year):
    member = born(date(year, 12, 24))

    at_night(planning.plan)

    assert set(events_of(member)) == {age}


def test_dependants_are_planned_like_insured_people(born, at_night, events_of):
    head = born(date(1980, 1, 1))
    dependant = born(date(1951, 12, 24), insured=head, relation="mother", branch="01")

    at_night(planning.plan)

    assert set(events_of(dependant)) == {75}


def test_who_has_left_before_the_day_is_not_planned(born, at_night, events_of, end_qualification):
    member = born(date(1951, 12, 24))
    end_qualification(member, date(2026, 12, 1))

    assert at_night(planning.plan) == 0
    assert events_of(member) == {}


def test_who_loses_at_75_by_a_report_entered_ahead_is_still_told(born, at_night, events_of, end_qualification):
    member = born(date(1951, 12, 24))
    end_qualification(member, date(2026, 12, 24), "age_75")

    at_night(planning.plan)

    assert events_of(member)[75].event_date == date(2026, 12, 24)


def test_what_is_planned_is_announced_a_month_ahead_and_not_before(born, at_night, events_of):
    member = born(date(1986, 12, 25))  # reaches 40 on 24 December

    everything(at_night, date(2026, 11, 23))
    assert events_of(member)[40].state == "planned"

    everything(at_night, date(2026, 11, 24))
    assert events_of(member)[40].state == "announced"
    assert events_of(member)[40].announced_at is not None


def test_40_65_and_70_are_processed_on_the_day_and_not_before(born, at_night, events_of):
    member = born(date(1986, 12, 25))

    everything(at_night, date(2026, 12, 23))
    assert events_of(member)[40].state == "announced"

    everything(at_night, date(2026, 12, 24))
    assert events_of(member)[40].state == "processed"
    assert events_of(member)[40].processed_at is not None


def test_a_second_run_changes_nothing(born, at_night, owner):
    for day in range(1, 20):
        born(date(1986, 12, day))
    everything(at_night)
    with owner():
        before = list(AgeEvent.objects.order_by("pk").values())
        history = AgeEvent.history.count()

    everything(at_night)

    with owner():
        assert list(AgeEvent.objects.order_by("pk").values()) == before
        assert AgeEvent.history.count() == history


def test_nights_that_were_missed_are_caught_up(born, at_night, events_of):
    member = born(date(1986, 11, 3))  # reached 40 three weeks ago; no night ran

    everything(at_night)

    event = events_of(member)[40]
    assert (event.state, event.event_date) == ("processed", date(2026, 11, 2))


def test_a_corrected_birth_date_moves_the_event_and_announces_it_anew(born, at_night, events_of, owner):
    member = born(date(1986, 12, 5))
    everything(at_night)
    assert events_of(member)[40].state == "announced"
    with owner():
        Member.objects.filter(pk=member.pk).update(birth_date=date(1987, 1, 20))

    everything(at_night)

    event = events_of(member)[40]
    assert (event.event_date, event.state, event.announced_at) == (date(2027, 1, 19), "planned", None)


def test_a_birth_date_corrected_by_years_gives_the_event_up(born, at_night, events_of, owner):
    member = born(date(1986, 12, 5))
    everything(at_night)
    with owner():
        Member.objects.filter(pk=member.pk).update(birth_date=date(1976, 12, 5))

    everything(at_night)

    assert (events_of(member)[40].state, events_of(member)[40].reason) == ("cancelled", "birth_corrected")


def test_a_loss_gives_the_event_up_and_its_cancellation_takes_it_up_again(
    born, at_night, events_of, end_qualification, owner
):
    member = born(date(1986, 12, 5))
    everything(at_night)
    end_qualification(member, date(2026, 12, 1))

    everything(at_night)
    assert (events_of(member)[40].state, events_of(member)[40].reason) == ("cancelled", "not_covered")

    with owner():
        EligibilityPeriod.objects.filter(member=member).update(period=since(date(2016, 10, 1)))
    everything(at_night)
    assert (events_of(member)[40].state, events_of(member)[40].reason) == ("announced", "")


def test_what_a_clerk_gave_up_stays_given_up(born, at_night, events_of, owner):
    member = born(date(1986, 12, 5))
    everything(at_night)
    with owner():
        AgeEvent.objects.filter(member=member).update(state="cancelled", reason="by_hand")

    everything(at_night, date(2026, 12, 31))

    assert events_of(member)[40].state == "cancelled"


@pytest.mark.parametrize(("birth", "age", "state"), [
    (date(1986, 11, 3), 40, "held"), (date(1961, 11, 3), 65, "held"), (date(1956, 11, 1), 70, "processed"),
])  # fmt: skip
def test_who_lives_abroad_waits_for_a_clerk_except_at_70(born, at_night, events_of, owner, birth, age, state):
    member = born(birth)
    with owner():
        Address.objects.filter(member=member).update(abroad=True)

    everything(at_night)

    assert events_of(member)[age].state == state


def test_a_protected_member_abroad_is_seen_too(born, at_night, events_of, owner):
    from members.enrollment.models import ProtectedAddress

    member = born(date(1986, 11, 3), protected=True)
    with owner():
        ProtectedAddress.objects.filter(member=member).update(abroad=True)

    everything(at_night)

    assert events_of(member)[40].state == "held"


def test_a_chunk_ends_at_its_size_and_the_next_goes_on(born, at_night, monkeypatch, owner):
    monkeypatch.setattr(planning, "CHUNK", 4)
    for day in range(1, 11):
        born(date(1986, 12, day))

    assert [at_night(planning.plan) for _ in range(4)] == [4, 4, 2, 0]
    with owner():
        assert AgeEvent.objects.count() == 10


def test_planning_is_one_statement_whatever_the_number(born, at_night):
    born(date(1986, 12, 5))
    with CaptureQueriesContext(connection) as one:
        at_night(planning.plan)
    for day in range(6, 20):
        born(date(1986, 12, day))
    with CaptureQueriesContext(connection) as many:
        at_night(planning.plan)

    assert len(many) == len(one)


def test_the_night_stands_in_the_access_log_of_the_person_without_an_actor(born, at_night, events):
    member = born(date(1986, 12, 5))

    at_night(planning.plan)

    event = events()[-1]
    assert member.pk in event.subjects
    assert event.actor_id is None
    assert event.activity == LIFECYCLE.code


def test_the_history_says_that_the_night_wrote(born, at_night, owner):
    member = born(date(1986, 12, 5))

    at_night(planning.plan)

    with owner():
        row = AgeEvent.history.get(member_id=member.pk)
    assert (row.history_type, row.activity, row.history_user_id) == ("+", LIFECYCLE.code, None)


def test_nobody_without_a_grant_opens_the_night_by_hand(personas):
    with pytest.raises(NotGranted), scope(LIFECYCLE, personas["1005"], operation="change"):
        pass


def test_every_day_of_a_year_processes_everybody_exactly_once(born, at_night, owner):
    """A year of nights over people of every threshold, 29 February among them."""
    births = [date(1988, 2, 29), date(1963, 3, 1), date(1958, 2, 28), date(1988, 1, 1), date(1962, 12, 31)]
    members = [born(birth) for birth in births]
    day = date(2027, 11, 1)
    while day <= date(2028, 3, 31):
        everything(at_night, day)
        day += timedelta(days=7)

    with owner():
        found = {(e.member_id, e.kind, e.event_date, e.state) for e in AgeEvent.objects.all()}
    assert found == {
        (members[0].pk, 40, date(2028, 2, 28), "processed"),
        (members[1].pk, 65, date(2028, 2, 29), "processed"),
        (members[2].pk, 70, date(2028, 3, 1), "processed"),
        (members[3].pk, 40, date(2027, 12, 31), "processed"),
        (members[4].pk, 65, date(2027, 12, 30), "processed"),
    }
