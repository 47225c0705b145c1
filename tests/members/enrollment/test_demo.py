"""Invented people: the same for the same seed, with every awkward case, and stored with their history."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command

from members.enrollment.demo import people
from members.enrollment.models import (
    Address,
    ChangeReport,
    ContactPoint,
    EligibilityPeriod,
    Member,
    NameToken,
    ProtectedAddress,
    ProtectionClerk,
)

TODAY = date(2026, 11, 22)


def families(seed: int, members: int = 600) -> list[people.Family]:
    return list(people.Maker(seed=seed, employers=[1, 2, 3], first_id=1, today=TODAY).households(members))


def test_the_same_seed_makes_the_same_people():
    assert families(7) == families(7)
    assert families(7) != families(8)


def test_periods_made_never_start_after_today_nor_run_backwards():
    for family in families(3):
        for row in [*family.eligibility, *family.dependants]:
            start, end = next(v for v in row if isinstance(v, str) and v.startswith("[")).strip("[)").split(",")
            assert date.fromisoformat(start) <= TODAY
            assert not end or end > start


@pytest.mark.django_db
def test_the_demo_register_holds_the_awkward_cases_behind_every_constraint(owner, settings):
    settings.DEMO_MODE = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with owner():
        call_command("demo_data", "--members", "800", "--seed", "3", verbosity=0)
        call_command("demo_work", "--seed", "3", verbosity=0)
        assert Member.objects.count() >= 800
        assert Member.history.filter(history_type="+").count() == Member.objects.count()
        families = set(Member.objects.values_list("family_name", flat=True))
        assert {"𠮷田", "髙橋", "渡邉", "齋藤"} <= families
        assert Member.objects.filter(given_name="").exists()
        assert EligibilityPeriod.objects.filter(kind="voluntary").exists()
        assert EligibilityPeriod.objects.filter(loss_reason="age_75").exists()
        protected = set(Member.objects.filter(protected=True).values_list("pk", flat=True))
        assert protected
        assert not Address.objects.filter(member__in=protected).exists()
        assert set(ProtectedAddress.objects.values_list("member_id", flat=True)) == protected
        assert ProtectionClerk.objects.count() == len(protected) - len(protected) // 2
        with_mail = ContactPoint.objects.filter(kind="email").values("member_id")
        assert Member.objects.filter(insured=None, protected=False).exclude(pk__in=with_mail).exists()
        # A row that was merged into another is found no more.
        standing = Member.objects.filter(merged_into=None)
        assert not standing.exclude(pk__in=NameToken.objects.values("member_id")).exists()
        assert ChangeReport.objects.exists()
        report = ChangeReport.objects.first()
        stamped = Member.history.get(event=report.access_event)
        assert (stamped.history_user_id, stamped.activity) == (report.entered_by_id, "enrollment.member_administration")
        with pytest.raises(CommandError, match="すでにいます"):
            call_command("demo_data", "--members", "10", verbosity=0)


@pytest.mark.django_db
def test_invented_people_exist_in_demo_mode_only(owner, settings):
    settings.DEMO_MODE = False
    with owner(), pytest.raises(CommandError, match="DEMO_MODE"):
        call_command("demo_data", "--members", "10", verbosity=0)
