"""System checks of accounts."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections


@register(Tags.database)
def no_demo_persona_outside_demo_mode(
    app_configs: Any = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """accounts.E001: a persona whose password and one-time codes are public must not exist where work is done."""
    from kumiai.accounts.models import User

    if settings.DEMO_MODE:
        return []
    errors: list[CheckMessage] = []
    for alias in databases or []:
        connection = connections[alias]
        with connection.cursor() as cursor:
            if User._meta.db_table not in connection.introspection.table_names(cursor):
                continue
        count = User.objects.using(alias).filter(is_demo=True).count()
        if count:
            errors.append(
                Error(
                    f"デモ用の職員が{count}名登録されていますが、DEMO_MODE が設定されていません。",
                    hint="デモ用のデータベースを本番で使わないでください。新しいデータベースを用意してください。",
                    id="accounts.E001",
                )
            )
    return errors
