#!/usr/bin/env python
"""Command line of the portal. Commands that change the schema log in as the owner of the tables."""

import os
import sys

# These create tables, roles or rows of many categories at once; everything else serves under the wall.
OWNER_COMMANDS = {"migrate", "wall", "demo_data", "load_notice", "load_reference", "makemigrations", "access_log"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kumiai.settings")
    if len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS and os.environ.get("OWNER_DATABASE_URL"):
        os.environ["DATABASE_URL"] = os.environ["OWNER_DATABASE_URL"]
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
