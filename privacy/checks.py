"""System checks of the kernel, privacy.E001…: what is not declared does not start."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections, models
from django.db.migrations.executor import MigrationExecutor
from django.urls import URLPattern, URLResolver, get_resolver

from privacy.activities import NO_PERSONAL_DATA, Activity, activity_of_view, registry
from privacy.notice.register import PUBLISHED, Category
from privacy.records import PersonalIndex, PersonalTable, StampedHistory, category_of
from privacy.wall import declaration, differences

OUR_PACKAGES = ("kumiai", "privacy", "members", "benefits", "health_programs")


def _ours(module: str) -> bool:
    return module.split(".")[0] in OUR_PACKAGES


@register(Tags.models)
def check_models(app_configs: Any = None, **_kwargs: Any) -> list[CheckMessage]:
    """E001 undeclared model, E006 personal model without history, E007 cascade, E009 subject that is no column."""
    found: list[CheckMessage] = []
    for model in apps.get_models():
        label = model._meta.label
        if category_of(model) is None:
            if model._meta.managed and not declaration(model).reason:
                found.append(
                    Error(
                        f"{label} に類型がありません。",
                        hint="PersonalRecord を継いで category を書くか、settings.TABLES_OF_NOBODY に理由を書きます。",
                        id="privacy.E001",
                    )
                )
            continue
        if not issubclass(model, PersonalTable) or issubclass(model, StampedHistory):
            continue
        if not isinstance(getattr(model, "category", None), Category):
            found.append(Error(f"{label} に類型がありません。", id="privacy.E001"))
            continue
        if not issubclass(model, PersonalIndex) and not hasattr(model, "history"):
            found.append(Error(f"{label} に変更の履歴がありません。", id="privacy.E006"))
        for relation in model._meta.get_fields():
            on_delete = getattr(getattr(relation, "remote_field", None), "on_delete", None)
            if relation.concrete and on_delete is models.CASCADE:
                found.append(
                    Error(f"{label}.{relation.name} は CASCADE です。PROTECT にしてください。", id="privacy.E007")
                )
        taken = {"activity", "event"} & {f.name for f in model._meta.concrete_fields}
        if taken:
            found.append(
                Error(f"{label}.{'、'.join(sorted(taken))} は履歴が使う名前です。別の名前にします。", id="privacy.E012")
            )
        column = model.subject_column()
        if column is not None and column not in {f.attname for f in model._meta.concrete_fields}:
            found.append(Error(f"{label} の subject「{model.subject}」という列がありません。", id="privacy.E009"))
    return found


@register()
def check_activities(app_configs: Any = None, **_kwargs: Any) -> list[CheckMessage]:
    """E005 unpublished pair, E008 write outside the declared categories, E011 activity that exercises nothing."""
    found: list[CheckMessage] = []
    for activity in registry().values():
        for category, purpose in activity.pairs:
            if (category, purpose) not in PUBLISHED:
                found.append(
                    Error(
                        f"活動 {activity.code} は、公表していない利用（{category}, {purpose}）を使います。",
                        hint="公表に加えるか（個人情報保護法17条2項、21条3項）、根拠の条文を statute に書きます。",
                        id="privacy.E005",
                    )
                )
        if not activity.pairs and not activity.statute and not activity.staff_only:
            found.append(Error(f"活動 {activity.code} に利用目的も条文もありません。", id="privacy.E011"))
        for label in [*activity.writes, *(activity.reads or ()), *activity.opens]:
            kept = category_of(apps.get_model(label))
            if kept is not None and kept not in activity.categories:
                found.append(
                    Error(f"活動 {activity.code} は、類型の違う {label} を扱うと宣言しています。", id="privacy.E008")
                )
    return found


def walk_views(
    resolver: URLResolver | None = None, prefix: str = "", names: str = ""
) -> Iterator[tuple[str, str, Any]]:
    """Every (path, URL name, view callback) of the URL conf."""
    for entry in (resolver or get_resolver()).url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            namespace = f"{names}{entry.namespace}:" if entry.namespace else names
            yield from walk_views(entry, path, namespace)
        elif isinstance(entry, URLPattern):
            yield path, f"{names}{entry.name}", entry.callback


@register(Tags.urls)
def check_views(app_configs: Any = None, **_kwargs: Any) -> list[CheckMessage]:
    """E002: a view that declares neither an activity nor that it touches nobody."""
    return [
        Error(
            f"画面 {name}（/{path}）に利用目的の宣言がありません。",
            hint="view に activity = … を書くか、ライブラリの画面は settings.VIEW_ACTIVITIES に理由を書きます。",
            id="privacy.E002",
        )
        for path, name, view in walk_views()
        if not isinstance(declared := activity_of_view(view), Activity) and declared is not NO_PERSONAL_DATA
    ]


@register()
def check_commands(app_configs: Any = None, **_kwargs: Any) -> list[CheckMessage]:
    """E003: a management command of ours without `activity`. Owner commands say `activity = OWNER`."""
    from django.core.management import get_commands

    found: list[CheckMessage] = []
    for name, app in get_commands().items():
        if not isinstance(app, str) or not _ours(app):
            continue
        command = import_module(f"{app}.management.commands.{name}").Command
        if getattr(command, "activity", None) is None:
            found.append(Error(f"コマンド {name} に利用目的の宣言がありません。", id="privacy.E003"))
    return found


@register()
def check_tasks(app_configs: Any = None, **_kwargs: Any) -> list[CheckMessage]:
    """E004: a Celery task of ours without `activity`."""
    from celery import current_app

    # Imported one by one: Celery's own discovery runs these checks again.
    for config in apps.get_app_configs():
        if _ours(config.name) and find_spec(f"{config.name}.tasks") is not None:
            import_module(f"{config.name}.tasks")
    return [
        Error(f"処理 {name} に利用目的の宣言がありません。", id="privacy.E004")
        for name, task in current_app.tasks.items()
        if _ours(type(task).__module__ if not task.run else task.run.__module__)
        and not isinstance(getattr(task, "activity", None), Activity)
        and getattr(task, "activity", None) is not NO_PERSONAL_DATA
    ]


@register(Tags.database)
def check_wall(app_configs: Any = None, databases: Any = None, **_kwargs: Any) -> list[CheckMessage]:
    """E010: a role, grant or trigger in this database that differs from the code."""
    if not databases or "default" not in databases:
        return []
    if _behind():
        # `migrate` runs the checks before it makes the tables that the wall then covers.
        return [Warning("まだ当てていない移行があります。壁はその後に確かめます。", id="privacy.W001")]
    return [
        Error(said, hint="所有者で manage.py wall を実行してください。", id="privacy.E010") for said in differences()
    ]


def _behind() -> bool:
    """Whether migrations are waiting to be applied."""
    executor = MigrationExecutor(connections["default"])
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


__all__ = [
    "check_activities",
    "check_commands",
    "check_models",
    "check_tasks",
    "check_views",
    "check_wall",
    "walk_views",
]
