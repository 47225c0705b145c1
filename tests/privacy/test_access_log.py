"""The access log: insert-only, sealed, and every tampering found."""

import time

import pytest
from django.db import connection, transaction

from members.enrollment.activities import MEMBER_ADMINISTRATION
from members.enrollment.models import Member
from privacy.accesslog import sealing
from privacy.scope import scope

pytestmark = pytest.mark.django_db(transaction=True)


def seal_all() -> None:
    """Seal until nothing is left: a transaction still running anywhere in the cluster holds the newest events back."""
    until = time.monotonic() + 60
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            sealing.seal()
            cursor.execute("SELECT (SELECT count(*) FROM accesslog_event), (SELECT sum(events) FROM accesslog_seal)")
            written, under_seal = cursor.fetchone()
            if written == under_seal:
                return
            time.sleep(0.2)
    pytest.fail("the events were not sealed within 60 seconds")


@pytest.fixture
def sealed(a_member, personas, owner):
    """Five events in two seals."""
    a_member()
    with owner(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE accesslog_event, accesslog_seal RESTART IDENTITY")
        cursor.execute("UPDATE accesslog_chain SET seals = 0")
    for count in range(5):
        with scope(MEMBER_ADMINISTRATION, personas["佐藤"]):
            Member.objects.first()
        if count in (2, 4):
            with owner():
                seal_all()
    with owner():
        assert sealing.verify() == []


@pytest.mark.parametrize(
    "tamper",
    [
        "UPDATE accesslog_event SET actor_id = 999 WHERE id = 2",
        "UPDATE accesslog_event SET subjects = '{}' WHERE id = 1",
        "UPDATE accesslog_event SET at = at + interval '1 second' WHERE id = 4",
        "DELETE FROM accesslog_event WHERE id = 3",
        "DELETE FROM accesslog_event WHERE id = 5",
        "INSERT INTO accesslog_event (timeline, xid, event, role, activity, uses, operation, outcome, way, view, "
        "object_id, subjects, populations, reference, reason) SELECT timeline, xid, gen_random_uuid(), role, activity, "
        "uses, operation, outcome, way, view, object_id, subjects, populations, reference, reason "
        "FROM accesslog_event WHERE id = 2",
        "UPDATE accesslog_event SET xid = (SELECT xid FROM accesslog_event WHERE id = 5) WHERE id = 1",
        "DELETE FROM accesslog_seal WHERE id = (SELECT max(id) FROM accesslog_seal)",
        "DELETE FROM accesslog_seal WHERE id = 1",
        "DELETE FROM accesslog_event; DELETE FROM accesslog_seal",
    ],
)
def test_each_tampering_is_found(tamper, sealed, owner):
    with owner(), connection.cursor() as cursor:
        for statement in tamper.split("; "):
            cursor.execute(statement)
        assert sealing.verify() != []


def test_a_chain_made_anew_is_found_with_the_anchor(sealed, owner):
    with owner():
        anchor = sealing.head()
        with connection.cursor() as cursor:
            cursor.execute("UPDATE accesslog_event SET actor_id = 7")
            cursor.execute("TRUNCATE accesslog_seal RESTART IDENTITY")
            cursor.execute("UPDATE accesslog_chain SET seals = 0")
        seal_all()
        assert sealing.verify() == []
        assert sealing.verify(anchor=anchor) != []


def test_an_event_of_a_rolled_back_page_is_not_there(a_member, personas, events):
    a_member()
    before = len(events())
    with pytest.raises(ZeroDivisionError), scope(MEMBER_ADMINISTRATION, personas["佐藤"]):
        Member.objects.first()
        1 / 0  # noqa: B018
    assert len(events()) == before


def test_a_month_without_a_place_shows_nothing(a_member, personas, owner):
    """No page without its event: when the partition is gone, the read fails and rolls back."""
    a_member()
    with owner(), connection.cursor() as cursor:
        cursor.execute("SELECT to_char(now() AT TIME ZONE 'Asia/Tokyo', 'YYYYMM')")
        month = cursor.fetchone()[0]
        cursor.execute(f"ALTER TABLE accesslog_event DETACH PARTITION accesslog_event_{month}")
    try:
        with pytest.raises(Exception, match="no partition"), scope(MEMBER_ADMINISTRATION, personas["佐藤"]):
            Member.objects.first()
    finally:
        with owner(), connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE accesslog_event_{month}")
            cursor.execute("SELECT accesslog_partitions((now() AT TIME ZONE 'Asia/Tokyo')::date, 1)")


@pytest.mark.parametrize("statement", ["UPDATE accesslog_event SET reason = 'x'", "DELETE FROM accesslog_event"])
def test_nobody_who_serves_can_change_it(statement, personas):
    with (
        pytest.raises(Exception, match="permission denied|扱えません"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_a_seal_that_was_rolled_back_leaves_no_gap(sealed, a_member, personas, owner):
    with scope(MEMBER_ADMINISTRATION, personas["佐藤"]):
        Member.objects.first()
    with owner():
        with transaction.atomic():
            sealing.seal()
            transaction.set_rollback(True)
        seal_all()
        assert sealing.verify() == []


def test_cutting_the_count_along_with_the_seals_is_found_with_the_anchor(sealed, owner):
    with owner(), connection.cursor() as cursor:
        anchor = sealing.head()
        cursor.execute("DELETE FROM accesslog_seal WHERE id = 2")
        cursor.execute("UPDATE accesslog_chain SET seals = 1")
        assert sealing.verify(anchor=anchor) != []
