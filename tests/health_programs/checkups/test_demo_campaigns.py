"""The campaigns of the demonstration: every state has a row, every list of the mail has one, and no mail leaves."""

from __future__ import annotations

import smtplib
from collections import Counter
from contextlib import contextmanager
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from health_programs.checkups.actions import judging, targets
from health_programs.checkups.activities import CHECKUP_ADMINISTRATION, TREATMENT_RECOMMENDATION
from health_programs.checkups.demo import campaigns as demo
from health_programs.checkups.enums import CampaignAim
from health_programs.checkups.models import Campaign, FollowUp, Referral
from health_programs.checkups.queries.campaigns import AIMS
from health_programs.checkups.rules import ages
from kumiai.mailing import engine
from kumiai.mailing.models import Batch, Outgoing, Suppression
from members.enrollment.models import ContactPoint
from privacy.scope import scope
from tests.health_programs.checkups.conftest import submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def nobody_is_called(monkeypatch):
    """A connection to whatever mail server fails the test."""

    def refuse(*_args, **_given):
        pytest.fail("the demonstration opened a connection to a mail server")

    monkeypatch.setattr(smtplib, "SMTP", refuse)


@pytest.fixture
def people(a_member, offered, doing, take, owner):
    """Eight men to be reminded, eight with a case; all of them have mail."""
    today = timezone.localdate()
    year = ages.fiscal_year(today)
    members = [a_member(str(number), birth_date=date(1970, 5, 7), sex="1") for number in range(1, 17)]
    take(*(submission(member, ages.first_day(year)) for member in members[8:]))
    doing(CHECKUP_ADMINISTRATION, targets.count_some, fiscal_year=year, after=0)
    doing(TREATMENT_RECOMMENDATION, judging.find_some, fiscal_year=year, after=0)
    with owner():
        for member in members:
            ContactPoint.objects.create(
                member=member, kind="email", value=f"p{member.pk}@members.example", period=(date(2020, 1, 1), None)
            )
    return members


@pytest.fixture
def played(people, takahashi, personas, nobody_is_called):
    """Everything the demonstration does with campaigns, twice; how many it made each time."""

    def play():
        today, second, made = timezone.localdate(), personas["中村"], Counter()
        for aim in CampaignAim:
            made[aim, "sent"] = demo.finish(by=takahashi, today=today, second=second, aim=aim)
            with scope(AIMS[aim].activity, takahashi, operation="change"):
                made[aim, "ahead"] = demo.load(by=takahashi, today=today, second=second, aim=aim)
        return +made

    return play(), play()


def test_each_aim_has_a_sent_campaign_and_those_ahead_and_done_twice_nothing_more(played, owner):
    first, again = played
    assert first == {
        ("reminder", "sent"): 1, ("reminder", "ahead"): 3, ("treatment", "sent"): 1, ("treatment", "ahead"): 5,
    }  # fmt: skip
    assert again == {}
    with owner():
        states = {aim: Counter(Campaign.objects.filter(aim=aim).values_list("state", flat=True)) for aim in CampaignAim}
    assert states["treatment"]["built"] == states["reminder"]["built"] == 1
    assert {"built", "draft", "cancelled"} <= set(states["treatment"])


def test_the_mail_is_settled_and_nothing_waits_for_a_sender(played, owner):
    with owner():
        assert set(Batch.objects.values_list("state", flat=True)) == {"finished"}
        states = Counter(Outgoing.objects.filter(kind="checkups.reminder").values_list("state", flat=True))
        assert states == {"sent": 4, "rejected": 2, "in_doubt": 1, "suppressed": 1}
        assert set(Suppression.objects.values_list("reason", flat=True)) == {"unsubscribe", "bounce"}
        sent = set(
            Outgoing.objects.filter(kind="checkups.recommendation", state="sent").values_list("recipient_id", flat=True)
        )
        assert set(FollowUp.objects.values_list("member_id", flat=True)) == sent != set()
        assert set(Referral.objects.filter(member_id__in=sent).values_list("state", flat=True)) == {"recommended"}


def test_the_lists_of_both_desks_have_rows(played, client_of):
    clerk = client_of("高橋")
    for desk in ("", "recommendation-"):
        for name, words in (
            ("mail-list", "終了"), ("mail-bounces", "5.2.1"), ("mail-suppressions", "本人の配信停止"), ("mail-log", "接続が切れました"),
        ):  # fmt: skip
            assert words in clerk.get(reverse(f"checkups:{desk}{name}")).content.decode(), (desk, name)


def test_while_another_sends_nothing_is_released(people, takahashi, personas, monkeypatch, owner):
    @contextmanager
    def taken():
        yield False

    monkeypatch.setattr(engine, "only_sender", taken)
    made = demo.finish(by=takahashi, today=timezone.localdate(), second=personas["中村"], aim=CampaignAim.REMINDER)
    with owner():
        assert made == 0 and not Batch.objects.exists()
