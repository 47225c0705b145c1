"""The history played back: what the tables must hold if every change is on record."""

from __future__ import annotations

from django.db import connection

from privacy.records import history_of, personal_models


def differences(model) -> list[tuple]:
    """Rows in which the newest history and the table differ, either way; and chains that do not begin with a creation.

    Compared column by column in the database, past the ORM. Call it as the owner.
    """
    history = history_of(model)
    table, kept, key = model._meta.db_table, history._meta.db_table, model._meta.pk.column
    columns = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
    newest = (
        f'SELECT {columns} FROM (SELECT DISTINCT ON ("{key}") * FROM {kept} ORDER BY "{key}", history_id DESC) newest'
        " WHERE history_type <> '-'"
    )
    said = []
    with connection.cursor() as cursor:
        for name, first, second in (
            ("in the table only", f"SELECT {columns} FROM {table}", newest),
            ("in the history only", newest, f"SELECT {columns} FROM {table}"),
        ):
            cursor.execute(f"({first}) EXCEPT ALL ({second})")
            said += [(table, name, row) for row in cursor.fetchall()]
        cursor.execute(
            f'SELECT "{key}", array_agg(history_type ORDER BY history_id) FROM {kept} GROUP BY "{key}"'
            " HAVING (array_agg(history_type ORDER BY history_id))[1] <> '+'"
            " OR count(*) FILTER (WHERE history_type = '+') <> 1"
        )
        said += [(table, "chain", row) for row in cursor.fetchall()]
    return said


def all_differences() -> list[tuple]:
    """The differences of every personal record there is."""
    return [found for model in personal_models() if history_of(model) for found in differences(model)]
