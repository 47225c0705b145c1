"""Grants: given to sections with a basis, never to one's own, kept in a history the database writes."""

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, ProgrammingError, transaction
from guardian.shortcuts import get_groups_with_perms

from privacy.administration import ACCESS_ADMINISTRATION
from privacy.grants import STAFF, held_by
from privacy.notice.actions import UnableToGrant, grant, withdraw
from privacy.notice.demo import OnlyInDemoMode, grant_demo
from privacy.notice.models import PublishedUse, PublishedUseGroupPermission
from privacy.notice.register import PUBLISHED, Category, key
from privacy.scope import WallRefused, scope

pytestmark = pytest.mark.django_db

MEMBERS = "eligibility_address.member_administration"
TARGETING = "eligibility_address.health_program_targeting"
History = PublishedUseGroupPermission.history.model


@pytest.fixture
def administrator(person):
    return person("個人情報保護管理者", "8001", is_staff=True)


@pytest.fixture
def section(owner, db):
    with owner():
        return Group.objects.create(name="試験課")


def use(which: str) -> PublishedUse:
    return PublishedUse.objects.get(key=which)


def test_enrolment_section_holds_the_work_of_rows_1_to_4(person):
    held = held_by(person("適用課").pk)
    rows = ("eligibility_address.", "income.", "dependant_household.", "subsequent_insurer.")
    assert (MEMBERS, "decide") in held
    assert {which for which, _operation in held} == {
        key(c, p) for c, p in PUBLISHED if key(c, p).startswith(rows) and key(c, p) != TARGETING
    }


def test_benefit_section_only_views_the_register(person):
    held = held_by(person("給付課").pk)
    assert {operation for which, operation in held if which == MEMBERS} == {"view"}
    assert not any(which.startswith("health_checkup.") for which, _operation in held)
    assert ("cash_benefit.benefit_review_payment", "decide") in held


def test_health_section_sees_people_only_as_targets(person):
    held = held_by(person("保健事業課").pk)
    assert {which for which, _operation in held if which.startswith(str(Category.ELIGIBILITY_ADDRESS))} == {TARGETING}
    assert ("health_checkup.checkup_reminder", "export") in held


def test_general_affairs_holds_nothing(person):
    assert held_by(person("総務課").pk) == set()


def test_administrator_holds_employment_administration_only(administrator):
    assert {which for which, _operation in held_by(administrator.pk) - {STAFF}} == {
        "employee.employment_administration"
    }


def test_demo_grants_are_refused_outside_demo_mode(owner, settings):
    settings.DEMO_MODE = False
    with owner(), pytest.raises(OnlyInDemoMode):
        grant_demo()


def test_granting_twice_keeps_the_first_basis(owner, section):
    with owner():
        first = grant(use=use(MEMBERS), group=section, operations=["view", "change"], basis="分掌", by=None)
        again = grant(use=use(MEMBERS), group=section, operations=["view"], basis="別の根拠", by=None)
    assert len(first) == 2
    assert again == []
    assert set(PublishedUseGroupPermission.objects.filter(group=section).values_list("basis", flat=True)) == {"分掌"}


def test_guardian_reads_the_same_grants(owner, section):
    with owner():
        grant(use=use(MEMBERS), group=section, operations=["view"], basis="分掌", by=None)
        assert get_groups_with_perms(use(MEMBERS), attach_perms=True)[section] == ["view"]


def test_basis_is_needed(owner, section):
    with owner(), pytest.raises(UnableToGrant, match="根拠"):
        grant(use=use(MEMBERS), group=section, operations=["view"], basis="　", by=None)


def test_unknown_operation_is_refused(owner, section):
    with owner(), pytest.raises(UnableToGrant, match="print"):
        grant(use=use(MEMBERS), group=section, operations=["print"], basis="分掌", by=None)


def test_nobody_gives_to_a_group_of_their_own(administrator):
    own = administrator.groups.get()
    with scope(ACCESS_ADMINISTRATION, administrator, operation="change"), pytest.raises(UnableToGrant, match="自分"):
        grant(use=use(MEMBERS), group=own, operations=["view"], basis="分掌", by=administrator)
    assert (MEMBERS, "view") not in held_by(administrator.pk)


def test_nobody_takes_from_a_group_of_their_own(administrator):
    held = PublishedUseGroupPermission.objects.filter(group=administrator.groups.get()).first()
    with scope(ACCESS_ADMINISTRATION, administrator, operation="change"), pytest.raises(UnableToGrant, match="自分"):
        withdraw(held=held, by=administrator)
    assert PublishedUseGroupPermission.objects.filter(pk=held.pk).exists()


def test_history_says_who_gave_and_who_took_and_under_which_activity(administrator, section):
    with scope(ACCESS_ADMINISTRATION, administrator, operation="change") as opened:
        (held,) = grant(use=use(MEMBERS), group=section, operations=["view"], basis="分掌", by=administrator)
        event = opened.seen.event
    with scope(ACCESS_ADMINISTRATION, administrator, operation="change"):
        withdraw(held=held, by=administrator)
    rows = History.objects.filter(group_id=section.pk).order_by("history_id")
    assert [row.history_type for row in rows] == ["+", "-"]
    assert {row.history_user_id for row in rows} == {administrator.pk}
    assert {row.activity for row in rows} == {ACCESS_ADMINISTRATION.code}
    assert rows[0].event == event


def test_grants_cannot_be_written_outside_the_activity(administrator, section):
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        grant(use=use(MEMBERS), group=section, operations=["view"], basis="分掌", by=administrator)


def test_history_cannot_be_rewritten_even_in_the_activity(administrator):
    assert History.objects.exists()
    with pytest.raises(WallRefused), scope(ACCESS_ADMINISTRATION, administrator, operation="change"):
        History.objects.all().delete()
    assert History.objects.exists()


def test_same_grant_twice_is_impossible_in_the_database(owner, person):
    person("適用課")
    held = PublishedUseGroupPermission.objects.first()
    with owner(), pytest.raises(IntegrityError), transaction.atomic():
        PublishedUseGroupPermission.objects.bulk_create(
            [
                PublishedUseGroupPermission(
                    content_object_id=held.content_object_id,
                    group_id=held.group_id,
                    permission_id=held.permission_id,
                    basis="分掌",
                )
            ]
        )
