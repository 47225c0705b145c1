"""The demo database of a benchmark, and speaking as its owner or as the web login role."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from django.conf import settings
from django.core.management import call_command
from django.db import connection


def fill(members: int) -> None:
    """Schema, notice, figures of the law, invented people. Runs as superuser on an empty database."""
    call_command("migrate", verbosity=0)
    call_command("load_notice", verbosity=0)
    call_command("load_reference", verbosity=0)
    call_command("demo_data", members=members, seed=1, verbosity=0)
    call_command("demo_work", seed=1, verbosity=0)


def _become(role: str | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'SET SESSION AUTHORIZATION "{role}"' if role else "RESET SESSION AUTHORIZATION")


@contextmanager
def as_web() -> Iterator[None]:
    """As the web process speaks: behind the wall."""
    _become(f"{settings.WALL_PREFIX}_web")
    try:
        yield
    finally:
        _become(None)


@cache
def clerk():
    """佐藤 of the enrolment section."""
    from kumiai.accounts.models import User

    return User.objects.get(staff_number="1001")


def run_sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
