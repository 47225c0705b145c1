"""Personas signed in, and the people of the register, for the tests of 任意継続 and 年齢到達."""

from datetime import date

import pytest

from members.lifecycle.activities import LIFECYCLE
from privacy.scope import scope
from tests.members.enrollment.conftest import browser_of, ito, personas, sato, suzuki  # noqa: F401  (fixtures)
from tests.members.enrollment.people import make_member, since

TODAY = date(2026, 11, 23)


@pytest.fixture
def at_night():
    """Run one step of the night's work, as the night does: in a scope without a person."""

    def run(step, today: date = TODAY):
        with scope(LIFECYCLE, None, operation="change"):
            return step(today)

    return run


@pytest.fixture
def born(owner):
    """Plant an insured person (or a dependant) by birth date."""

    def plant(birth: date, **fields):
        with owner():
            return make_member(birth_date=birth, **fields)

    return plant


@pytest.fixture
def events_of(owner):
    """The age events of a member as the database holds them: {kind: event}."""
    from members.lifecycle.models import AgeEvent

    def read(member):
        with owner():
            return {event.kind: event for event in AgeEvent.objects.filter(member=member)}

    return read


@pytest.fixture
def end_qualification(owner):
    """End a member's qualification on a day, as a report of loss does."""
    from members.enrollment.models import EligibilityPeriod

    def end(member, day: date, reason: str = "retirement"):
        with owner():
            period = EligibilityPeriod.objects.get(member=member)
            period.period = since(period.period.lower, day)
            period.loss_reason = reason
            period.save()

    return end


@pytest.fixture
def leaver(born, end_qualification):
    """Plant somebody who left work: insured since 2016, lost on a day."""

    def plant(lost: date, *, reason: str = "retirement", birth: date = date(1980, 5, 7), **fields):
        member = born(birth, **fields)
        end_qualification(member, lost, reason)
        return member

    return plant


@pytest.fixture
def by_sato(personas):  # noqa: F811  (the fixture imported above)
    """Act as 佐藤 of 適用課: run a function with `by` in the scope of this work."""

    def run(function, **arguments):
        user = personas["1001"]
        with scope(LIFECYCLE, user, operation="change"):
            return function(by=user, **arguments)

    return run


@pytest.fixture
def periods_of(owner):
    """(kind, start, end, reason) of a member's periods that hold a day, oldest first."""
    from members.enrollment.models import EligibilityPeriod

    def read(member):
        with owner():
            rows = EligibilityPeriod.objects.filter(member=member, period__isempty=False).order_by("period")
            return [(row.kind, row.period.lower, row.period.upper, row.loss_reason) for row in rows]

    return read
