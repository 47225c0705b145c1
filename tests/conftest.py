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
    request.getfixturevalue("transactional_db" if _transactional(request, names) else "db")
    _behind_the_wall = True
    _become(WEB)
    try:
        yield
    finally:
        _behind_the_wall = False
        if connection.connection is not None and not connection.connection.closed and not connection.needs_rollback:
            _become(None)


def _transactional(request, names) -> bool:
    marker = request.node.get_closest_marker("django_db")
    return "transactional_db" in names or bool(marker and marker.kwargs.get("transaction"))


@pytest.fixture(autouse=True)
def unlogged_sights_fail(settings):
    settings.RAISE_ON_UNLOGGED = True
