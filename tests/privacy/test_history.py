"""History = table: every way of writing leaves a stamped row, written by the database itself."""

import pytest
from django.db import connection

from members.enrollment.activities import MEMBER_ADMINISTRATION
from members.enrollment.models import ContactPoint, Member
from privacy.records import history_of, personal_models
from privacy.scope import WallRefused, scope

pytestmark = pytest.mark.django_db
History = history_of(Member)


def newest(member_id: int, owner):
    with owner():
        return list(History.objects.filter(id=member_id).order_by("-history_id"))


@pytest.fixture
def changing(personas):
    return lambda: scope(MEMBER_ADMINISTRATION, personas["佐藤"], operation="change")


def test_save_is_stamped_with_person_activity_and_event(a_member, changing, personas, owner):
    member = a_member()
    with changing() as opened:
        read = Member.objects.get(pk=member.pk)
        read.given_name = "美沙"
        read.save()
    row = newest(member.pk, owner)[0]
    assert (row.given_name, row.history_type, row.history_user_id, row.activity, row.event) == (
        "美沙",
        "~",
        personas["佐藤"].pk,
        "enrollment.member_administration",
        opened.seen.event,
    )


@pytest.mark.parametrize("way", ["update", "bulk_update", "raw", "upsert", "copy"])
def test_every_other_way_of_writing_leaves_a_row(way, a_member, changing, owner):
    member = a_member()
    before = len(newest(member.pk, owner))
    with changing():
        read = Member.objects.get(pk=member.pk)
        if way == "update":
            Member.objects.filter(pk=member.pk).update(given_name="新")
        elif way == "bulk_update":
            read.given_name = "新"
            Member.objects.bulk_update([read], ["given_name"])
        elif way == "raw":
            with connection.cursor() as cursor:
                cursor.execute("UPDATE enrollment_member SET given_name = %s WHERE id = %s", ["新", member.pk])
        elif way == "upsert":
            read.given_name = "新"
            Member.objects.bulk_create(
                [read], update_conflicts=True, unique_fields=["id"], update_fields=["given_name"]
            )
        elif way == "copy":
            with (
                connection.cursor() as cursor,
                cursor.copy("COPY enrollment_contactpoint (member_id, kind, value, period) FROM STDIN") as copy,
            ):
                copy.write_row((member.pk, "phone", "03-0000-0000", "[2026-01-01,)"))
    if way == "copy":
        with owner():
            assert history_of(ContactPoint).objects.filter(member_id=member.pk, history_type="+").count() == 1
    else:
        rows = newest(member.pk, owner)
        assert rows[0].given_name == "新"
        assert len(rows) == before + 1


def test_the_history_itself_cannot_be_written(a_member, changing):
    a_member()
    with pytest.raises(WallRefused), changing(), connection.cursor() as cursor:
        cursor.execute("UPDATE enrollment_historicalmember SET given_name = '偽'")


def test_reading_the_history_is_logged_as_seeing_the_person(a_member, personas, events):
    member = a_member()
    with scope(MEMBER_ADMINISTRATION, personas["佐藤"]) as opened:
        list(History.objects.filter(id=member.pk))
    assert events(event=opened.seen.event)[0].subjects == [member.pk]


def test_a_column_added_in_the_same_migration_is_kept(a_member, owner):
    """The generic function looks columns up when it runs: a static one would lose or break on the new column."""
    member = a_member()
    with owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # the planted rows' own checks are due before the table changes
        cursor.execute("ALTER TABLE enrollment_member ADD COLUMN nickname text DEFAULT 'x'")
        cursor.execute("ALTER TABLE enrollment_historicalmember ADD COLUMN nickname text")
        cursor.execute("UPDATE enrollment_member SET nickname = 'ミサ' WHERE id = %s", [member.pk])
        cursor.execute(
            "SELECT nickname FROM enrollment_historicalmember WHERE id = %s ORDER BY history_id DESC", [member.pk]
        )
        assert cursor.fetchone()[0] == "ミサ"


def test_every_personal_record_has_its_three_triggers(owner):
    from privacy.wall import wall_as_declared, wall_as_it_stands

    declared = wall_as_declared().triggers
    with owner():
        assert wall_as_it_stands().triggers == declared
    kept = {name.split(".")[0] for name in declared}
    assert {m._meta.db_table for m in personal_models() if history_of(m)} <= kept
    assert "notice_grant" in kept
    assert len(declared) == 3 * len(kept)
