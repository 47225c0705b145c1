"""The scope: what is proved at the door, what is refused behind it, what is on record afterwards."""

import uuid

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction

from members.enrollment.activities import MEMBER_ADMINISTRATION
from members.enrollment.models import Address, Member
from privacy.activities import Activity
from privacy.notice.register import Category, Purpose
from privacy.scope import (
    NotGranted,
    ScopeError,
    ShownNotLogged,
    WallRefused,
    current_scope,
    population,
    record_search,
    scope,
    shown,
)

pytestmark = pytest.mark.django_db


def session_user() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user || '/' || current_user")
        return cursor.fetchone()[0]


def test_the_suite_stands_behind_the_wall(a_member):
    """The first test of all: without a scope the ORM is refused, though the row is there."""
    a_member()
    assert "web" in session_user()
    with pytest.raises(Exception, match="permission denied"), transaction.atomic():
        list(Member.objects.all())


def test_a_granted_person_reads_and_the_event_names_whom(a_member, personas, events):
    member = a_member()
    with scope(MEMBER_ADMINISTRATION, personas["佐藤"]) as opened:
        assert Member.objects.get(pk=member.pk).family_name == "髙﨑"
        assert current_scope() is opened
    [event] = events(event=opened.seen.event)
    assert (event.actor_id, event.activity, event.subjects, event.outcome) == (
        personas["佐藤"].pk,
        "enrollment.member_administration",
        [member.pk],
        "shown",
    )
    assert event.uses == ["eligibility_address.member_administration"]
    assert event.role.endswith("enrollment_member_administration_view")


def test_after_the_scope_everything_is_shut_again(a_member, personas):
    a_member()
    with scope(MEMBER_ADMINISTRATION, personas["佐藤"]):
        list(Member.objects.all())
    assert current_scope() is None
    with pytest.raises(Exception, match="permission denied"), transaction.atomic():
        Member.objects.count()


@pytest.mark.parametrize("name", ["高橋", "田中", "伊藤"])
def test_without_the_grant_nothing_is_read(name, a_member, personas):
    a_member()
    with pytest.raises(NotGranted), scope(MEMBER_ADMINISTRATION, personas[name]):
        pytest.fail("the scope opened")


def test_view_alone_does_not_let_anyone_change(a_member, personas):
    """給付課 holds member_administration view."""
    member = a_member()
    with scope(MEMBER_ADMINISTRATION, personas["鈴木"]):
        assert Member.objects.filter(pk=member.pk).first()
    with pytest.raises(NotGranted), scope(MEMBER_ADMINISTRATION, personas["鈴木"], operation="change"):
        pytest.fail("the scope opened")


def test_a_withdrawn_grant_refuses_the_very_next_entry(a_member, personas, owner):
    from privacy.notice.models import PublishedUseGroupPermission

    a_member()
    with scope(MEMBER_ADMINISTRATION, personas["佐藤"]):
        Member.objects.first()
    with owner():
        PublishedUseGroupPermission.objects.filter(group__name="適用課").delete()
    with pytest.raises(NotGranted), scope(MEMBER_ADMINISTRATION, personas["佐藤"]):
        pytest.fail("the scope opened")


def test_a_notice_that_is_no_longer_in_force_refuses(a_member, personas, owner):
    from privacy.notice.models import NoticeVersion

    with owner():
        NoticeVersion.objects.update(published_date="2000-01-01", period=("2000-01-01", "2001-01-01"))
    with pytest.raises(NotGranted), scope(MEMBER_ADMINISTRATION, personas["佐藤"]):
        pytest.fail("the scope opened")


def test_an_inactive_person_is_refused(personas, owner):
    with owner():
        type(personas["佐藤"]).objects.filter(pk=personas["佐藤"].pk).update(is_active=False)
    with pytest.raises(NotGranted), scope(MEMBER_ADMINISTRATION, personas["佐藤"]):
        pytest.fail("the scope opened")


def test_superuser_status_grants_no_published_use(personas, owner):
    with owner():
        type(personas["伊藤"]).objects.filter(pk=personas["伊藤"].pk).update(is_superuser=True)
    with pytest.raises(NotGranted), scope(MEMBER_ADMINISTRATION, personas["伊藤"]):
        pytest.fail("the scope opened")


def test_an_undeclared_table_is_refused_by_the_database_as_a_sentence(personas):
    """A table the activity does not write: the wall's refusal becomes a sentence without a value."""
    with (
        pytest.raises(WallRefused, match="公表の版を扱えません"),
        scope(MEMBER_ADMINISTRATION, personas["佐藤"], operation="change"),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE notice_version SET number = 2")


def test_a_category_the_activity_does_not_name_is_refused_by_the_database(a_member, personas):
    """The access administration may not read members, whoever opens it."""
    from privacy.administration import ACCESS_ADMINISTRATION

    a_member()
    with (
        pytest.raises(
            WallRefused, match="資格及び住所に関する情報は、「職員の権限の管理」のために使うと公表していません"
        ),
        scope(ACCESS_ADMINISTRATION, personas["田中"]),
    ):
        Member.objects.first()


def test_personal_rows_cannot_be_deleted(a_member, personas):
    member = a_member()
    with pytest.raises(WallRefused), scope(MEMBER_ADMINISTRATION, personas["佐藤"], operation="change"):
        Address.objects.filter(member=member).delete()


def test_scopes_never_nest(personas):
    with (
        pytest.raises(ScopeError),
        scope(MEMBER_ADMINISTRATION, personas["佐藤"]),
        scope(MEMBER_ADMINISTRATION, personas["佐藤"]),
    ):
        pytest.fail("the second scope opened")


def test_an_exception_leaves_nothing_behind(a_member, personas, owner):
    member = a_member()
    with pytest.raises(ZeroDivisionError), scope(MEMBER_ADMINISTRATION, personas["佐藤"], operation="change"):
        Member.objects.filter(pk=member.pk).update(given_name="別人")
        1 / 0  # noqa: B018
    with owner():
        assert Member.objects.get(pk=member.pk).given_name == "美咲"


def test_a_read_that_records_nobody_fails(a_member, personas):
    a_member()
    with pytest.raises(ShownNotLogged), scope(MEMBER_ADMINISTRATION, personas["佐藤"]):
        list(Member.objects.values_list("family_name", flat=True))


def test_a_deferred_person_fails(a_member, personas):
    """An instance that does not know whom it is about cannot be logged."""
    a_member()
    with pytest.raises(ShownNotLogged), scope(MEMBER_ADMINISTRATION, personas["佐藤"]):
        list(Address.objects.only("town"))


def test_values_and_counts_are_said(a_member, personas, events):
    member = a_member()
    search = uuid.uuid4()
    with scope(MEMBER_ADMINISTRATION, personas["佐藤"]) as opened:
        shown(Member.objects.values_list("pk", flat=True))
        population("members", Member.objects.count())
        record_search(search, 1)
    [event] = events(event=opened.seen.event)
    assert (event.subjects, event.populations, event.search, event.hits) == ([member.pk], {"members": 1}, search, 1)


def test_a_search_without_a_hit_needs_no_record(personas):
    with scope(MEMBER_ADMINISTRATION, personas["佐藤"]):
        assert Member.objects.filter(number="999").first() is None


def test_work_of_the_night_proves_the_published_use(a_member, events, monkeypatch):
    a_member()
    monkeypatch.setattr(MEMBER_ADMINISTRATION, "night", True)
    with scope(MEMBER_ADMINISTRATION, None) as opened:
        Member.objects.first()
    [event] = events(event=opened.seen.event)
    assert event.actor_id is None


def test_nobody_at_the_keyboard_opens_only_what_runs_at_night(a_member):
    a_member()
    with pytest.raises(NotGranted), scope(MEMBER_ADMINISTRATION, None):
        pytest.fail("the scope opened")


@pytest.mark.parametrize("night", [False, True])
def test_who_has_not_logged_in_is_not_the_night(night, a_member, monkeypatch):
    a_member()
    monkeypatch.setattr(MEMBER_ADMINISTRATION, "night", night)
    with pytest.raises(NotGranted), scope(MEMBER_ADMINISTRATION, AnonymousUser()):
        pytest.fail("the scope opened")


def test_who_looks_cannot_write_even_with_the_right_to_change(a_member, personas):
    """The operation is in the wall too: looking has a role of its own."""
    member = a_member()
    with pytest.raises(WallRefused), scope(MEMBER_ADMINISTRATION, personas["佐藤"]):
        Member.objects.filter(pk=member.pk).update(given_name="改")
    with scope(MEMBER_ADMINISTRATION, personas["佐藤"], operation="change"):
        assert Member.objects.filter(pk=member.pk).update(given_name="改") == 1
        shown([member.pk])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE enrollment_member SET given_name = '改'",
        "INSERT INTO enrollment_nametoken (member_id, token) SELECT id, 'x' FROM enrollment_member",
        "UPDATE ONLY public.\"enrollment_member\" SET given_name = '改'",
    ],
)
def test_a_write_that_names_nobody_fails(statement, a_member, personas):
    a_member()
    clerk = personas["佐藤"]
    with (
        pytest.raises(ShownNotLogged),
        scope(MEMBER_ADMINISTRATION, clerk, operation="change"),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.parametrize(
    "statement", ["COPY enrollment_member TO STDOUT", "COPY (SELECT * FROM enrollment_member) TO STDOUT"]
)
def test_a_copy_that_names_nobody_fails(statement, a_member, personas):
    a_member()
    with (
        pytest.raises(ShownNotLogged),
        scope(MEMBER_ADMINISTRATION, personas["佐藤"]),
        connection.cursor() as cursor,
        cursor.copy(statement) as copy,
    ):
        assert b"".join(bytes(block) for block in copy)


def test_activities_read_no_password_of_staff(a_member, personas):
    from kumiai.accounts.models import User
    from kumiai.accounts.queries import staff_by_id

    with scope(MEMBER_ADMINISTRATION, personas["佐藤"]):
        assert staff_by_id([personas["佐藤"].pk])[personas["佐藤"].pk].section.name == "適用課"
    with pytest.raises(WallRefused), scope(MEMBER_ADMINISTRATION, personas["佐藤"]):
        User.objects.values_list("password").first()


def test_an_activity_asks_the_operation_only_where_it_writes():
    helping = Activity(
        "健診の受付",
        uses={
            Category.HEALTH_CHECKUP: Purpose.USER_ADMINISTRATION,
            Category.ELIGIBILITY_ADDRESS: Purpose.HEALTH_PROGRAM_TARGETING,
        },
    )
    assert helping.needs("change") == [
        ("health_checkup.user_administration", "change"),
        ("eligibility_address.health_program_targeting", "change"),
    ]
    assert MEMBER_ADMINISTRATION.needs("view") == [("eligibility_address.member_administration", "view")]
