"""再計算: what changed backwards is found, told once, and changes nothing by itself."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benefits.cash.actions import recalculating
from benefits.cash.models import Decision, Recalculation
from kumiai.jobs import engine, tasks
from kumiai.jobs.models import Job
from members.remuneration.models import StandardRemuneration
from privacy.scope import scope
from tests.benefits.cash.conftest import earning, granted
from tests.members.enrollment.people import make_member
from tests.members.payments.conftest import make_account

pytestmark = [pytest.mark.django_db]


def test_a_retroactive_change_is_found_once_and_goes_when_it_is_put_right(
    insured, act, ready, client_of, owner, monkeypatch
):
    monkeypatch.setattr(tasks.run_job, "apply_async", lambda args, **_options: None)
    case, decision = granted(act, ready, insured)
    clerk, stranger = client_of("鈴木"), client_of("高橋")
    page, button = reverse("cash:difference-list"), reverse("cash:sickness-recalculate")
    assert stranger.post(button).status_code == 403

    def run() -> None:
        assert clerk.post(button).status_code == 302
        engine.run(Job.objects.order_by("-pk").first().pk)

    run()
    assert "差のある決定はありません" in clerk.get(page).content.decode()
    with owner():
        StandardRemuneration.objects.filter(member=insured, standard=320_000).update(standard=360_000, grade=25)
    run()
    run()
    with owner():
        [row] = Recalculation.objects.all()
        assert (row.before, row.after, row.difference, row.standing) == (208_940, 213_497, 4_557, True)
        assert Decision.objects.get(pk=decision.pk).amount == 208_940
    text = clerk.get(page).content.decode()
    assert case.number in text and "+4,557" in text
    with owner():
        StandardRemuneration.objects.filter(member=insured).delete()
    run()
    assert "当組合の標準報酬月額がない" in clerk.get(page).content.decode()
    with owner():
        assert Recalculation.objects.filter(standing=True).count() == 1


def test_many_cases_cost_as_many_statements_as_one(insured, act, ready, owner, personas):
    counts = []
    people = [insured]
    for number in range(3):
        with owner():
            from datetime import date

            other = make_member(names=("標沢", f"梢{number}", "シルシザワ", "コズエ"))
            earning(other, (date(2020, 9, 1), None, 22, 300_000))
            make_account(other)
        people.append(other)
    for amount in (1, 3):
        for person in people[:amount] if amount == 1 else people[1:3]:
            granted(act, ready, person)
        with scope(recalculating.GROUPS["sickness"][0], personas["鈴木"], operation="change"):
            with CaptureQueriesContext(connection) as seen:
                _last, done, _counts = recalculating.recalculate_some(group="sickness", after=0)
            counts.append((done, len(seen)))
    assert [done for done, _n in counts] == [1, 3]
    assert counts[0][1] == counts[1][1]
