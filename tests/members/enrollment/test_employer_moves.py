"""Employers merged and split: counted first, moved in chunks, nobody twice, nobody lost."""

from datetime import date

import pytest
from django.urls import reverse

from kumiai.jobs import engine
from kumiai.jobs.models import Job
from members.enrollment import actions
from members.enrollment.models import EligibilityPeriod, Member, MoveList
from tests.members.enrollment.people import make_employer, make_member, protect
from tests.members.enrollment.register import change

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 1)


@pytest.fixture
def works(owner, db):
    """Two employers; the first has three people, one with a child, and one protected person of another clerk."""
    with owner():
        first, second = make_employer(), make_employer("ひなた商事株式会社")
        people = [make_member(employer=first) for _ in range(3)]
        make_member(insured=people[0], branch="01", birth_date=date(2018, 1, 1))
        hidden = make_member(employer=first, protected=True)
        protect(hidden)
    return first, second, people, hidden


def employer_of(owner, member, day=DAY):
    with owner():
        return EligibilityPeriod.objects.get(member=member, period__contains=day).employer_id


def values_of(first, second, **values):
    return {
        "from_employer": first.pk, "to_employer": second.pk, "day": "R8.11.1", "numbering": "keep", "numbers": "",
        "received_date": "R8.11.20",
    } | values  # fmt: skip


def test_a_merger_is_counted_then_moves_everybody_and_says_who_is_left(owner, sato, works):
    first, second, people, hidden = works
    page = sato.post(reverse("enrollment:employer-move"), values_of(first, second)).content.decode()
    assert "4名の異動を始める" in page and "1名（期間は切れません）" in page and "保護対象 1名" in page
    assert employer_of(owner, people[0]) == first.pk
    with owner():
        list_id = MoveList.objects.values_list("list_id", flat=True).distinct().get()
    answer = sato.post(
        reverse("enrollment:employer-move"), values_of(first, second, list=str(list_id), confirmed="1", numbering="new")
    )
    assert answer.status_code == 302
    job = Job.objects.get()
    for _again in range(2):
        engine.run(job.pk)
    job.refresh_from_db()
    assert (job.done, job.counts["moved"], [f.error_code for f in job.failures.all()]) == (4, 3, ["protected"])
    assert {employer_of(owner, person) for person in people} == {second.pk}
    assert employer_of(owner, hidden) == first.pk
    with owner():
        assert Member.objects.filter(symbol=second.symbol).count() == 4
    rest = sato.get(reverse("enrollment:employer-move-rest", args=[job.pk])).content.decode()
    assert "1名" in rest and f"/members/{hidden.pk}/" in rest and f"/members/{people[0].pk}/" not in rest
    assert hidden.name not in rest


def test_a_split_moves_the_numbers_typed_and_names_those_that_are_nobody_there(owner, works, personas):
    first, second, people, _hidden = works
    clerk = personas["1001"]
    typed = [people[1].card_number, "99-99999", ""]
    plan = change(clerk, actions.plan_move, from_id=first.pk, to_id=second.pk, day=DAY, numbers=typed)
    assert (plan.insured, plan.left) == (1, ("99-99999",))


def test_who_moved_already_is_not_moved_twice(owner, works, personas):
    from members.enrollment.actions import moving

    first, second, people, _hidden = works
    clerk = personas["1001"]
    plan = change(clerk, actions.plan_move, from_id=first.pk, to_id=second.pk, day=DAY, numbers=[people[0].card_number])
    for _again in range(2):
        change(
            clerk, moving.move_chunk, list_id=str(plan.list_id), after=0, counted=0, to_id=second.pk, day=DAY, received=DAY,
            numbering="keep",
        )  # fmt: skip
    with owner():
        assert EligibilityPeriod.objects.filter(member=people[0]).count() == 2


def test_a_move_to_the_same_employer_or_of_nobody_is_refused(sato, suzuki, ito, works):
    first, second, *_ = works
    address = reverse("enrollment:employer-move")
    assert "別の事業所" in sato.post(address, values_of(first, first)).content.decode()
    assert "移る人がいません" in sato.post(address, values_of(second, first)).content.decode()
    assert [browser.get(address).status_code for browser in (sato, suzuki, ito)] == [200, 403, 403]
