"""At least 200 probes with each login role: what someone with the password of web or worker could try in SQL.

Each probe logs in for itself, over TCP, as the serving role. Zero rows of a personal table may come back, and none may
change. The superuser's own count before and after is the oracle.
"""

from __future__ import annotations

import os
from itertools import product

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

from privacy.activities import registry
from privacy.records import PersonalIndex, personal_models, tables_of
from privacy.wall import login_roles, readable

pytestmark = pytest.mark.django_db(transaction=True)

# {t} is a personal table; every template is tried on every personal table and on its history.
ON_EACH_TABLE = [
    "SELECT * FROM {t}",
    "SELECT count(*) FROM {t}",
    "SELECT 1 FROM {t} WHERE id IS NOT NULL LIMIT 1",
    "TABLE {t}",
    "COPY {t} TO STDOUT",
    "COPY (SELECT * FROM {t}) TO STDOUT",
    "INSERT INTO {t} DEFAULT VALUES",
    "UPDATE {t} SET id = id",
    "DELETE FROM {t}",
    "DELETE FROM {t} RETURNING *",
    "TRUNCATE {t} CASCADE",
    "LOCK TABLE {t} IN ACCESS EXCLUSIVE MODE",
    "MERGE INTO {t} AS x USING (SELECT 1 AS id) AS y ON x.id = y.id WHEN MATCHED THEN DELETE",
    "INSERT INTO {t} (id) VALUES (1) ON CONFLICT DO NOTHING RETURNING *",
    "SELECT query_to_xml('SELECT * FROM {t}', true, false, '')",
    "SELECT table_to_xml('{t}', true, false, '')",
    "SELECT * FROM ts_stat('SELECT to_tsvector(t::text) FROM {t} AS t')",
    "CREATE TEMP TABLE stolen AS SELECT * FROM {t}",
    "CREATE VIEW public.seen AS SELECT * FROM {t}",
    "DO $$ DECLARE n bigint; BEGIN EXECUTE 'SELECT count(*) FROM {t}' INTO n; RAISE NOTICE '%', n; END $$",
    "PREPARE p AS SELECT * FROM {t}",
    "EXPLAIN ANALYZE SELECT * FROM {t}",
    "DECLARE c CURSOR FOR SELECT * FROM {t}",
    "WITH x AS (SELECT * FROM {t}) SELECT * FROM x",
    "SELECT (SELECT t::text FROM {t} t LIMIT 1)::int",
    "ALTER TABLE {t} DISABLE TRIGGER ALL",
    "GRANT SELECT ON {t} TO PUBLIC",
    "DROP TABLE {t} CASCADE",
]

ON_THE_SERVER = [
    "SET ROLE {owner}",
    "SET SESSION AUTHORIZATION {owner}",
    "SET SESSION AUTHORIZATION postgres",
    "SET ROLE postgres",
    "ALTER ROLE CURRENT_USER SUPERUSER",
    "ALTER ROLE CURRENT_USER INHERIT",
    "CREATE ROLE mole",
    "GRANT {owner} TO CURRENT_USER",
    "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
    "CREATE SCHEMA mole",
    "CREATE EXTENSION dblink",
    "CREATE TABLE public.mole (x int)",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT pg_ls_dir('.')",
    "SELECT lo_import('/etc/passwd')",
    "COPY (SELECT 1) TO PROGRAM 'cat'",
    "SELECT * FROM pg_authid",
    "SELECT * FROM pg_shadow",
    "SELECT pg_reload_conf()",
    "SET session_replication_role = replica",
    "SET log_statement = 'all'",
    "ALTER SYSTEM SET log_statement = 'all'",
    "INSERT INTO accesslog_event (timeline) VALUES (1)",
    "UPDATE accesslog_event SET actor_id = 1",
    "DELETE FROM accesslog_event",
    "SELECT * FROM accesslog_event",
    "UPDATE accesslog_seal SET digest = ''",
    "DELETE FROM accesslog_seal",
    "INSERT INTO notice_grant (basis) VALUES ('x')",
    "UPDATE notice_grant SET group_id = 1",
    "DELETE FROM notice_grant",
    "UPDATE notice_version SET number = 9",
    "INSERT INTO accounts_user_groups (user_id, group_id) VALUES (1, 1)",
    "UPDATE accounts_user_groups SET group_id = group_id",
    "UPDATE accounts_user_groups SET user_id = user_id",
    "DELETE FROM accounts_user_groups",
    "UPDATE accounts_user_user_permissions SET permission_id = permission_id",
    "UPDATE accounts_user SET is_superuser = true",
    "UPDATE accounts_user SET is_staff = true",
    "UPDATE accounts_user SET is_active = true, left_at = NULL",
    "UPDATE accounts_user SET section_id = section_id",
    "INSERT INTO accounts_user (name) VALUES ('x')",
    "UPDATE auth_group SET name = name",
    "UPDATE accounts_secondfactorreset SET id = id",
    "INSERT INTO notice_statutorycase (activity) VALUES ('x')",
    "UPDATE notice_statutorycase SET valid_until = now()",
    "UPDATE accesslog_chain SET seals = 0",
    "DELETE FROM accounts_user",
    "CREATE OR REPLACE FUNCTION public.privacy_history() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "SELECT public.privacy_history()",
    "SELECT public.accesslog_partitions(current_date, 1)",
    "SELECT public.accesslog_digest(1, '0'::xid8, '9'::xid8, ''::bytea)",
]


def _personal_tables() -> list[str]:
    return sorted(table for model in personal_models() for table in tables_of(model))


@pytest.fixture
def planted(owner, a_member):
    """Something to hide: a member with a history, put there by the owner."""
    return a_member()


def _log_in(role: str) -> psycopg.Connection:
    """As the serving process does, with its password (script/test hands it over; a cluster of trust needs none)."""
    password = os.environ.get(f"{role.rsplit('_', 1)[1].upper()}_PASSWORD", "")
    info = connection.connection.info
    return psycopg.connect(
        host=info.host, port=info.port, dbname=info.dbname, user=role, password=password, autocommit=True
    )


def _indexes(activity, *, looking: bool) -> set[str]:
    """Tables of derived rows that this activity writes; records are never deleted. Who only looks leaves searches."""
    written = (m for m in map(apps.get_model, activity.writes) if issubclass(m, PersonalIndex))
    return {m._meta.db_table for m in written if m.written_when_looking or not looking}


def _counts(owner) -> dict[str, int]:
    found = {}
    with owner(), connection.cursor() as cursor:
        for table in _personal_tables():
            cursor.execute(
                f"SELECT count(*), coalesce(md5(string_agg(t::text, '' ORDER BY t::text)), '') FROM {table} t"
            )
            found[table] = cursor.fetchone()
    return found


def _try(session: psycopg.Connection, sql: str) -> str | None:
    """None when PostgreSQL refused; otherwise what came back. Each probe is rolled back."""
    session.execute("BEGIN")
    try:
        if sql.startswith("COPY") and "STDOUT" in sql:
            with session.cursor().copy(sql) as copy:
                return repr(list(copy))
        cursor = session.execute(sql)
        return repr(cursor.fetchall()) if cursor.description else "done"
    except psycopg.Error:
        return None
    finally:
        session.execute("ROLLBACK")


@pytest.mark.parametrize("login", login_roles())
def test_a_login_role_alone_gets_nothing_personal(login, owner, planted):
    """Without an activity, every probe on every personal table is refused."""
    before = _counts(owner)
    probes = [t.format(t=table) for table in _personal_tables() for t in ON_EACH_TABLE]
    probes += [
        t.format(owner=f"{settings.WALL_PREFIX}_owner")
        for t in ON_THE_SERVER
        # Sealing is the worker's own work, through a function; everything else is refused to both.
    ]
    assert len(probes) >= 200
    with _log_in(login) as session:
        passed = {sql: answer for sql in probes if (answer := _try(session, sql)) is not None}
    # Preparing a statement plans it without reading; running it is what is refused.
    passed = {sql: answer for sql, answer in passed.items() if not sql.startswith("PREPARE")}
    assert passed == {}
    assert _counts(owner) == before


@pytest.mark.parametrize("login", login_roles())
def test_an_activity_role_gets_its_own_categories_only(login, owner, planted):
    """With SET ROLE to each activity, tables outside its declaration stay shut, and its own cannot be deleted."""
    wrong = []
    with _log_in(login) as session:
        for activity, operation in product(registry().values(), ("view", "change")):
            own = {table for model in readable(activity) for table in tables_of(model)}
            passing = _indexes(activity, looking=operation == "view")
            session.execute(f'SET ROLE "{activity.role_for(operation)}"')
            for table in _personal_tables():
                if _try(session, f"SELECT * FROM {table}") is not None and table not in own:
                    wrong.append((activity.code, operation, table, "read"))
                for sql in (f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE", f"ALTER TABLE {table} ADD x int"):
                    if sql.startswith("DELETE") and table in passing:
                        continue  # search keys and searches are rebuilt and thrown away
                    if _try(session, sql) is not None:
                        wrong.append((activity.code, operation, sql))
                # The update of no row asks for the privilege all the same.
                nothing = f"UPDATE {table} SET id = id WHERE false"
                if operation == "view" and table not in passing and _try(session, nothing) is not None:
                    wrong.append((activity.code, operation, table, "written while looking"))
            for sql in (
                "SELECT set_config('role', 'postgres', false)",
                "SELECT set_config('kumiai.actor', '1', false)",
                "SELECT * FROM query_to_xml('SELECT set_config(''role'', ''none'', false)', true, false, '')",
            ):
                if _try(session, sql) is not None and _set_config_revoked(owner):
                    wrong.append((activity.code, operation, sql))
            session.execute("RESET ROLE")
    assert wrong == []


def _set_config_revoked(owner) -> bool:
    """Where the cluster is ours, PUBLIC may not call set_config; on a managed server this remains (docs/adr/0001)."""
    with owner(), connection.cursor() as cursor:
        cursor.execute("SELECT has_function_privilege('public', 'set_config(text,text,boolean)', 'EXECUTE')")
        return not cursor.fetchone()[0]


@pytest.mark.parametrize("login", login_roles())
def test_two_statements_in_one_message_are_refused(login, owner, planted):
    """With server-side binding a parameter cannot smuggle a second statement."""
    with _log_in(login) as session, pytest.raises(psycopg.Error):
        session.execute("SELECT %s; SELECT 2", ["1"])


def test_statistics_show_no_values(owner, planted):
    """pg_stats shows only columns of tables the role may read."""
    with owner(), connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    with _log_in(login_roles()[0]) as session:
        tables = {row[0] for row in session.execute("SELECT tablename FROM pg_stats WHERE schemaname = 'public'")}
    assert tables & set(_personal_tables()) == set()
