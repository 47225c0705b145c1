"""Makes the wall of this database what the code declares. Owner only, after every migrate."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection, transaction

from privacy.wall.declared import common_role, login_roles, owner_role, wall_as_declared
from privacy.wall.history import HISTORY_FUNCTION
from privacy.wall.standing import is_ours, query, server_version, wall_as_it_stands

LOCK_DATABASE = "postgres"
LOCK_KEY = 7205759402

# Every attribute that could lift a role over the wall, switched off by name.
_PLAIN = "NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB NOREPLICATION"


@contextmanager
def _cluster_lock() -> Iterator[None]:
    """One builder of roles at a time in the whole cluster. Advisory locks belong to a database, roles do not, so the lock
    is held in a session of its own in the database every cluster has."""
    parameters = connection.get_connection_params() | {"dbname": LOCK_DATABASE}
    with psycopg.connect(**parameters, autocommit=True) as session:
        session.execute("SELECT pg_advisory_lock(%s)", [LOCK_KEY])
        yield


def build_roles() -> list[str]:
    """Make the roles, their attributes and memberships as declared; returns the roles that were missing."""
    declared = wall_as_declared()
    made: list[str] = []
    with _cluster_lock(), transaction.atomic(), connection.cursor() as cursor:
        existing = {name for (name,) in query("SELECT rolname FROM pg_roles")}
        for role, attributes in declared.roles.items():
            if role not in existing:
                cursor.execute(f'CREATE ROLE "{role}" {attributes}')
                made.append(role)
        stands = wall_as_it_stands()
        for role, attributes in declared.roles.items():
            if stands.roles[role] != attributes:
                cursor.execute(f'ALTER ROLE "{role}" {attributes} {_PLAIN}')
        if any(stands.roles[role] != attributes for role, attributes in declared.roles.items()):
            stands = wall_as_it_stands()  # up to 15 the attribute decides how a membership works
        for role in declared.roles:
            for extra in sorted(stands.members[role] - declared.members[role]):
                cursor.execute(f'REVOKE "{extra.split(" ")[0]}" FROM "{role}"')
            for missing in sorted(declared.members[role] - stands.members[role]):
                _join(cursor, role, *missing.split(" "))
    return made


def _join(cursor, role: str, parent: str, how: str) -> None:
    option = ""
    if server_version() >= 160000:
        option = " WITH INHERIT TRUE, SET FALSE" if how == "INHERIT" else " WITH INHERIT FALSE, SET TRUE"
    cursor.execute(f'GRANT "{parent}" TO "{role}"{option}')


def build() -> None:
    """Make this database hold exactly what is declared. Runs as the owner, after every migrate."""
    build_roles()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(HISTORY_FUNCTION)
        _build_tables(cursor)
        _build_functions(cursor)
        _build_triggers(cursor)


def _name(role: str) -> str:
    return role if role == "PUBLIC" else f'"{role}"'


def _build_tables(cursor) -> None:
    declared, stands = wall_as_declared(), wall_as_it_stands()
    for role in {*declared.roles, *(r for r in stands.tables if is_ours(r)), "PUBLIC"}:
        for table in {*declared.tables.get(role, {}), *stands.tables.get(role, {})}:
            want = declared.tables.get(role, {}).get(table, set())
            have = stands.tables.get(role, {}).get(table, set())
            if have - want:
                cursor.execute(f'REVOKE {", ".join(sorted(have - want))} ON public."{table}" FROM {_name(role)}')
                have = set()  # revoking a privilege on a table takes those on its columns along
            if want - have:
                cursor.execute(f'GRANT {", ".join(sorted(want - have))} ON public."{table}" TO {_name(role)}')
    cursor.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    for role in [common_role(), *login_roles()]:
        cursor.execute(f'REVOKE CREATE ON SCHEMA public FROM "{role}"')
        cursor.execute(f'GRANT USAGE ON SCHEMA public TO "{role}"')


def _build_functions(cursor) -> None:
    declared, stands = wall_as_declared().functions, wall_as_it_stands().functions
    for signature, roles in declared.items():
        for role in stands.get(signature, set()) - roles:
            cursor.execute(f"REVOKE EXECUTE ON FUNCTION public.{signature} FROM {_name(role)}")
        for role in roles - stands.get(signature, set()):
            cursor.execute(f'GRANT EXECUTE ON FUNCTION public.{signature} TO "{role}"')


def _build_triggers(cursor) -> None:
    declared, stands = wall_as_declared().triggers, wall_as_it_stands().triggers
    for name, definition in declared.items():
        if stands.get(name) != definition:
            cursor.execute(f"CREATE OR REPLACE TRIGGER {name.split('.')[1]} {definition}")
    for name in set(stands) - set(declared):
        table, trigger = name.split(".")
        cursor.execute(f'DROP TRIGGER "{trigger}" ON public."{table}"')


def unused_roles() -> list[str]:
    """Activity roles of this prefix that no declared activity owns. Only `wall --prune` drops them."""
    known = {*wall_as_declared().roles, owner_role()}
    return sorted(r for (r,) in query("SELECT rolname FROM pg_roles") if is_ours(r) and r not in known)


def prune() -> list[str]:
    dropped = unused_roles()
    with transaction.atomic(), connection.cursor() as cursor:
        for role in dropped:
            cursor.execute(f'DROP OWNED BY "{role}"')
            cursor.execute(f'DROP ROLE "{role}"')
    return dropped
