"""The suite stands behind the wall: it logs in as superuser to make the database, then speaks as the web login role.

Factories run in `with owner():`. A forgotten scope therefore fails here as it would in production.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection
from django.db.backends.signals import connection_created
from django.test import TransactionTestCase

WEB = f"{settings.WALL_PREFIX}_web"
_behind_the_wall = False


def _become(role: str | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'SET SESSION AUTHORIZATION "{role}"' if role else "RESET SESSION AUTHORIZATION")


@contextmanager
def _owner() -> Iterator[None]:
    """Speak as the owner of the tables for a while."""
    global _behind_the_wall
    before, _behind_the_wall = _behind_the_wall, False
    _become(None)
    try:
        yield
    finally:
        _behind_the_wall = before
        if before:
            _become(WEB)


@pytest.fixture(scope="session")
def owner():
    return _owner


def _on_connect(connection, **_kwargs) -> None:
    if _behind_the_wall and connection.alias == "default":
        with connection.cursor() as cursor:
            cursor.execute(f'SET SESSION AUTHORIZATION "{WEB}"')


connection_created.connect(_on_connect, dispatch_uid="tests.wall")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The test database with the notice loaded; made as superuser, before anyone stands behind the wall."""
    from django.core.management import call_command

    with django_db_blocker.unblock():
        call_command("load_notice", verbosity=0)
        call_command("load_reference", verbosity=0)


@pytest.fixture(autouse=True)
def behind_the_wall(request):
    """Every test with a database speaks as the web login role from its first line."""
    global _behind_the_wall
    names = set(request.fixturenames)
    if not ({"db", "transactional_db"} & names or request.node.get_closest_marker("django_db")):
        yield
        return
    if _transactional(request, names):
        request.getfixturevalue("transactional_db")
        _reload()  # the transactional test before emptied every table
    else:
        request.getfixturevalue("db")
        _reload_if_emptied()
    _behind_the_wall = True
    _become(WEB)
    try:
        yield
    finally:
        _behind_the_wall = False
        if connection.connection is not None and not connection.connection.closed and not connection.needs_rollback:
            _become(None)


# What a test database is made with; everything else a transactional test leaves is taken away.
_MADE_WITH = {"django_migrations", "django_content_type", "auth_permission", "accesslog_chain"}


def _empty_the_tables(_case) -> None:
    """Takes away the rows of the few tables that have some, where Django would truncate all and build the wall anew."""
    global _behind_the_wall
    _behind_the_wall = False
    with connection.cursor() as cursor:
        cursor.execute("RESET SESSION AUTHORIZATION")
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') "
            "AND NOT relispartition"
        )
        tables = [name for (name,) in cursor.fetchall() if name not in _MADE_WITH]
        cursor.execute(" UNION ALL ".join(f"SELECT '{t}' WHERE EXISTS (SELECT FROM {t})" for t in tables))
        filled = [name for (name,) in cursor.fetchall()]
        cursor.execute("SET session_replication_role = replica")  # neither order nor history matters here
        for table in filled:
            cursor.execute(f"DELETE FROM {table}")
        cursor.execute("RESET session_replication_role")
        cursor.execute("UPDATE accesslog_chain SET seals = 0")


TransactionTestCase._fixture_teardown = _empty_the_tables


def _reload() -> None:
    from django.core.management import call_command

    call_command("load_notice", verbosity=0)
    call_command("load_reference", verbosity=0)


def _reload_if_emptied() -> None:
    """A transactional test that came before in this process left every table empty; normally they come last."""
    from privacy.notice.models import NoticeVersion

    if not NoticeVersion.objects.exists():
        _reload()


def _transactional(request, names) -> bool:
    marker = request.node.get_closest_marker("django_db")
    return "transactional_db" in names or bool(marker and marker.kwargs.get("transaction"))


@pytest.fixture(autouse=True)
def unlogged_sights_fail(settings):
    settings.RAISE_ON_UNLOGGED = True


@pytest.fixture(autouse=True)
def days_that_are_none_fail(settings):
    settings.RAISE_ON_NO_DAY = True


@pytest.fixture
def quick_passwords(settings):
    """Hashing passwords slowly is not what these tests are about."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


# What the personas are made of, in the order in which the rows need one another.
_TABLES_OF_PERSONAS = (
    "auth_group", "auth_group_permissions", "accounts_user", "accounts_user_groups", "accounts_secondfactor",
    "notice_grant", "notice_sectionhead",
)  # fmt: skip
_drawn: dict[tuple, dict[str, str]] = {}


def _draw_personas() -> None:
    """The personas with their grants. Made by the commands once; later put back as the same rows, a tenth of the time.

    The rows name published uses and permissions by number, so they are kept for the numbers they were made with.
    """
    from django.contrib.auth.models import Group

    from kumiai.accounts.demo import create_personas
    from kumiai.accounts.models import User
    from privacy.notice.demo import grant_demo

    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT min(id) FROM notice_publisheduse), (SELECT min(id) FROM auth_permission)")
        made_with = cursor.fetchone()
        empty = not (User.objects.exists() or Group.objects.exists())
        if empty and made_with in _drawn:
            for table, rows in _drawn[made_with].items():
                cursor.execute(
                    f"INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT * FROM json_populate_recordset(NULL::{table}, %s)",
                    [rows],
                )
            return
        create_personas()
        grant_demo()
        if empty:
            _drawn[made_with] = {}
            for table in _TABLES_OF_PERSONAS:
                cursor.execute(f"SELECT coalesce(json_agg(t), '[]')::text FROM {table} t")
                _drawn[made_with][table] = cursor.fetchone()[0]


@pytest.fixture
def personas(db, owner, settings, quick_passwords):
    """The people of the conventions by family name, with their grants: 佐藤 鈴木 高橋 田中 伊藤 小林 渡邉."""
    from kumiai.accounts.models import User

    settings.DEMO_MODE = True
    with owner():
        _draw_personas()
        made = list(User.objects.filter(is_demo=True).select_related("section"))
    return {user.name.split()[0]: user for user in made}


@pytest.fixture
def client_of(personas):
    """A client logged in as a persona, second factor and all, without walking through the pages."""
    from django.test import Client

    from tests.kumiai.accounts.signing_in import sign_in

    def log_in(name: str) -> Client:
        client = Client(raise_request_exception=True)
        sign_in(client, personas[name])
        return client

    return log_in


@pytest.fixture
def a_member(db, owner):
    """Plants a member through the owner: an insured person with a qualification since 2020, or what the test says."""
    from datetime import date

    from members.enrollment import search
    from members.enrollment.models import Address, EligibilityPeriod, Employer, Member, NameToken

    def plant(number: str = "1", *, symbol: str = "12", branch: str = "00", **fields):
        values = {
            "family_name": "髙﨑", "given_name": "美咲", "family_kana": "タカサキ", "given_kana": "ミサキ",
            "birth_date": date(1980, 5, 7), "sex": "2", **fields,
        }  # fmt: skip
        keys = search.name_keys(
            values["family_name"], values["given_name"], values["family_kana"], values["given_kana"]
        )
        with owner():
            employer, _new = Employer.objects.get_or_create(
                symbol=symbol, defaults={"name": "ひなた物流株式会社", "period": (date(2000, 4, 1), None)}
            )
            member = Member.objects.create(
                symbol=symbol, number=number, branch=branch, name_key=keys[0], kana_key=keys[1],
                symbol_order=int(symbol), number_order=int(number), **values,
            )  # fmt: skip
            EligibilityPeriod.objects.create(
                member=member, employer=employer, kind="compulsory", period=(date(2020, 4, 1), None),
                acquisition_reason="employment",
            )  # fmt: skip
            if not member.protected:
                Address.objects.create(
                    member=member, postal_code="1050011", town="東京都港区芝公園", street="4-2-8",
                    period=(date(2020, 4, 1), None),
                )  # fmt: skip
            NameToken.objects.bulk_create(NameToken(member=member, token=t) for t in search.tokens(*keys))
        return member

    return plant


@pytest.fixture
def events(owner):
    """What the access log holds, read by the owner: events(**filter) → list, oldest first."""
    from privacy.accesslog.models import AccessEvent

    def read(**where):
        with owner():
            return list(AccessEvent.objects.filter(**where).order_by("id"))

    return read
