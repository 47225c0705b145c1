"""The invented cases: every kind of end and every state stands in the demo, on whatever day it is loaded."""

from datetime import date

import pytest

from members.lifecycle.demo.load import load
from members.lifecycle.models import AgeEvent, VoluntaryTerm
from tests.members.enrollment.people import make_employer

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("today", [date(2026, 11, 24), date(2028, 2, 29), date(2027, 1, 4), date(2026, 3, 31)])
def test_the_demo_holds_every_kind_of_case(owner, personas, today):
    with owner():
        make_employer()

    assert load(seed=1, today=today) > 20

    with owner():
        states = set(VoluntaryTerm.objects.values_list("state", flat=True))
        kinds = set(VoluntaryTerm.objects.values_list("end_kind", flat=True))
        ages = set(AgeEvent.objects.values_list("kind", "state"))
    assert {"running", "ending", "ended", "refused"} <= states
    assert {"term", "withdrawal", "non_payment", "insured"} <= kinds
    assert {(75, "processed"), (75, "held"), (40, "held"), (75, "announced"), (65, "announced")} <= ages
