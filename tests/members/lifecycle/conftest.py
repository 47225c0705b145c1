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
