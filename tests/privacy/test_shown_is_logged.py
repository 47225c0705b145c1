"""Shown = logged: what stands on a page is what the event of that page names. And: no name beside the wall."""

from __future__ import annotations

import random
import re

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.django_db

LINK = re.compile(r'href="/members/(\d+)/"')


def people_on(answer) -> set[int]:
    """Members a page names by a link to their own page."""
    return {int(number) for number in LINK.findall(answer.content.decode())}


@pytest.fixture
def register(a_member):
    """Twelve people, one of them known to be hidden."""
    return [a_member(str(n), family_name=f"記録{n}", family_kana="キロク").pk for n in range(1, 13)]


def test_the_list_names_whom_it_shows(register, client_of, events):
    client = client_of("佐藤")
    answer = client.get("/members/")
    [event] = events(view="enrollment:member-list")
    assert people_on(answer) == set(event.subjects) == set(register)
    assert event.populations["members.listed"] == 12


def test_a_random_walk_shows_nobody_that_its_events_do_not_name(register, client_of, events):
    """Lists, filters, pages, searches, tabs: forty steps with a printed seed."""
    seed = random.randrange(1_000_000)
    dice = random.Random(seed)
    print(f"seed {seed}")
    client = client_of("佐藤")
    tabs = ["", "address/", "household/", "history/", "access/"]
    for _step in range(40):
        before = len(events())
        kind = dice.choice(["list", "tab", "search"])
        if kind == "list":
            answer = client.get("/members/", {"sort": dice.choice(["number", "kana", "birth"])})
        elif kind == "tab":
            answer = client.get(f"/members/{dice.choice(register)}/{dice.choice(tabs)}")
        else:
            answer = client.post("/members/search/", {"terms": f"記録{dice.randint(1, 12)}"}, follow=True)
        assert answer.status_code == 200
        named = {subject for event in events()[before:] for subject in event.subjects}
        assert people_on(answer) <= named, f"seed {seed}"


def test_no_name_stands_beside_the_wall(a_member, client_of, owner, personas, caplog):
    """A name that exists nowhere else is sought in every table that is not personal, and in the log."""
    name = "隠喜多川"
    member = a_member(family_name=name, family_kana="カクシキタガワ")
    client = client_of("佐藤")
    client.post("/members/search/", {"terms": name}, follow=True)
    client.get(f"/members/{member.pk}/")
    client.post(f"/members/{member.pk}/name/change/", {"family_name": name + "改", "version": 1})
    client_of("伊藤").get(f"/members/{member.pk}/")
    found = []
    with owner(), connection.cursor() as cursor:
        from privacy.records import personal_models, tables_of

        personal = {table for model in personal_models() for table in tables_of(model)}
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            if table in personal:
                continue
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{name}%"])
            if cursor.fetchone()[0]:
                found.append(table)
        cursor.execute("SELECT session_data FROM accounts_usersession")
        from kumiai.accounts.sessions import SessionStore

        for (data,) in cursor.fetchall():
            if name in str(SessionStore().decode(data)):
                found.append("session")
    assert found == []
    assert name not in caplog.text


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["save", "update", "raw"]), st.text("あいう髙﨑𠮷", min_size=1, max_size=4)),
        min_size=1,
        max_size=6,
    )
)
def test_history_replayed_is_the_table(steps, a_member, personas, owner):
    """Whatever was written in whichever way: the last history row is the row, and the chain has no gap."""
    from members.enrollment.activities import MEMBER_ADMINISTRATION
    from members.enrollment.models import Member
    from privacy.records import history_of
    from privacy.scope import scope

    with owner():
        number = str(Member.objects.count() + 1)
    member = a_member(number)
    with scope(MEMBER_ADMINISTRATION, personas["佐藤"], operation="change"):
        for way, name in steps:
            read = Member.objects.get(pk=member.pk)
            if way == "save":
                read.given_name = name
                read.save()
            elif way == "update":
                Member.objects.filter(pk=member.pk).update(given_name=name)
            else:
                with connection.cursor() as cursor:
                    cursor.execute("UPDATE enrollment_member SET given_name = %s WHERE id = %s", [name, member.pk])
    with owner():
        rows = list(history_of(Member).objects.filter(id=member.pk).order_by("history_id"))
        assert [row.given_name for row in rows] == ["美咲", *[name for _way, name in steps]]
        current = Member.objects.get(pk=member.pk)
        for column in [f.attname for f in Member._meta.concrete_fields]:
            assert getattr(rows[-1], column) == getattr(current, column)
