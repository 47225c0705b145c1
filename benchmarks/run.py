"""benchmarks/run.py [names] [--members N] [--database NAME]: each benchmark prints one JSON line a claim.

DATABASE_URL names a PostgreSQL with a superuser; a scratch database is made beside it and dropped at the end. With
--database an existing one (filled by --keep before) is used and kept.
"""

from __future__ import annotations

import argparse
import base64
import importlib
import os
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

ROOT = Path(__file__).resolve().parent.parent
NAMES = (
    "entering", "data_layer", "page", "history", "search", "documents", "intake", "mail", "checkup_letters", "cohorts",
    "checkup_import", "stratification", "analysis", "payments", "cash",
)  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*NAMES, []], help="all unless named")
    parser.add_argument("--members", type=int, default=3000, help="invented members, up to 1,000,000")
    parser.add_argument("--database", help="use this database, filled already")
    parser.add_argument("--keep", help="make a database of this name and keep it")
    options = parser.parse_args()
    server = os.environ["DATABASE_URL"]
    name = options.database or options.keep or f"bench_{os.getpid()}"
    if not options.database:
        _admin(server, f'CREATE DATABASE "{name}"')
    try:
        _django(urlunsplit(urlsplit(server)._replace(path="/" + name)))
        if not options.database:
            from benchmarks import place

            place.fill(options.members)
        for benchmark in options.names or NAMES:
            importlib.import_module(f"benchmarks.{benchmark}").main()
    finally:
        if not (options.database or options.keep):
            _close()
            _admin(server, f'DROP DATABASE "{name}"')
    return 0


def _admin(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as administrator:
        administrator.execute(statement)


def _close() -> None:
    from django.db import connections

    connections.close_all()


def _django(url: str) -> None:
    """Settings as in production, but without TLS in front and with plain names of static files."""
    sys.path.insert(0, str(ROOT))
    os.environ |= {"DATABASE_URL": url, "DEBUG": "0", "HTTPS": "0", "DEMO_MODE": "1"}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kumiai.settings")
    os.environ.setdefault("SECRET_KEY", "benchmark-only")
    os.environ.setdefault("FIELD_ENCRYPTION_KEYS", base64.urlsafe_b64encode(b"benchmark-only-".ljust(32)).decode())
    os.environ.setdefault("WALL_PREFIX", "kp_bench")
    import django
    from django.conf import settings

    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.ALLOWED_HOSTS.append("testserver")
    settings.ROOT_URLCONF = "benchmarks.twin"
    settings.LOGGING["root"]["level"] = "WARNING"
    django.setup()


if __name__ == "__main__":
    sys.exit(main())
