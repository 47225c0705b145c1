"""What the wall must be, from the models and activities alone.

Kinds of roles, all with this installation's prefix:
  <prefix>_owner     owns the tables, migrates; never on a web or worker host
  <prefix>_web, _worker   log in; NOINHERIT; nothing on personal tables; members of the activities
  <prefix>_common    what every activity may do with tables about nobody
  <prefix>_<activity>     one an activity, for changing, deciding and exporting; inherits common
  <prefix>_<activity>_view     the same activity when somebody looks: it reads and writes nothing that is kept
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models

from privacy.activities import Activity, registry
from privacy.records import (
    PersonalIndex,
    PersonalRecord,
    PersonalTable,
    category_of,
    history_of,
    kept_models,
    personal_models,
    tables_of,
)
from privacy.wall.history import TRIGGERS, trigger

PRIVILEGES = {"S": "SELECT", "I": "INSERT", "U": "UPDATE", "D": "DELETE"}
# "S", or "U(last_login,password)": a privilege on the whole table, or on columns of it.
_LETTERS = re.compile(r"([SIUD])(?:\(([a-z_,]+)\))?")

LOGIN = "LOGIN NOINHERIT"
ACTIVITY = "NOLOGIN INHERIT"


def prefixed(name: str) -> str:
    return f"{settings.WALL_PREFIX}_{name}"


def owner_role() -> str:
    return prefixed("owner")


def login_roles() -> tuple[str, str]:
    return prefixed("web"), prefixed("worker")


def common_role() -> str:
    return prefixed("common")


@dataclass
class Wall:
    """Roles and what they may do; declared by the code, or standing in a database.

    roles: role → its attributes. members: role → the roles it is a member of, each with how ("SET" or "INHERIT").
    tables: role → table → privileges ("SELECT", "UPDATE(password)"). functions: signature → roles that may call it.
    triggers: "table.name" → definition. strays: what no wall ever has, as sentences (only found standing).
    """

    roles: dict[str, str] = field(default_factory=dict)
    members: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    tables: dict[str, dict[str, set[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    functions: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    triggers: dict[str, str] = field(default_factory=dict)
    strays: list[str] = field(default_factory=list)

    def allow(self, role: str, table: str, letters: str) -> None:
        for letter, columns in _LETTERS.findall(letters):
            privilege = PRIVILEGES[letter]
            if columns:
                self.tables[role][table] |= {f"{privilege}({column})" for column in columns.split(",")}
            else:
                self.tables[role][table].add(privilege)


@dataclass(frozen=True)
class TableOfNobody:
    """A table about nobody: why it is none, and what login roles and activities may do with it.

    Letters of SIUD, each perhaps with the columns it is limited to: "SU(last_login,password)".
    """

    reason: str
    login: str = "S"
    activity: str = "S"


def declared_tables() -> dict[str, TableOfNobody]:
    return {label.lower(): TableOfNobody(*entry) for label, entry in settings.TABLES_OF_NOBODY.items()}


def declaration(model: type[models.Model]) -> TableOfNobody:
    """The declaration of a model, else of the model a many-to-many table belongs to, else of its app.

    A many-to-many table never inherits the right to be written: who belongs to a section says who may do what.
    An undeclared model gets nothing (and check E001).
    """
    declared = declared_tables()
    if model._meta.label_lower in declared:
        return declared[model._meta.label_lower]
    owner: Any = model._meta.auto_created
    label = (owner or model)._meta.label_lower
    found = declared.get(label) or declared.get(f"{label.split('.')[0]}.*") or TableOfNobody("", "", "")
    if owner:
        return TableOfNobody(found.reason, "S" if found.login else "", "S" if found.activity else "")
    return found


def _with_through(label: str) -> list[str]:
    """The table of a model and its own many-to-many tables."""
    model = apps.get_model(label)
    own = [f.remote_field.through._meta.db_table for f in model._meta.local_many_to_many]
    return [model._meta.db_table, *own]


def readable(activity: Activity) -> list[type[PersonalTable]]:
    """The personal models an activity may read: those of its categories that are not closed to it, narrowed by `reads`."""
    named = {apps.get_model(label) for label in (*(activity.reads or ()), *activity.opens, *activity.writes)}
    found = [m for m in personal_models() if m.category in activity.categories]
    if activity.reads is not None:
        return [m for m in found if m in named]
    return [m for m in found if not m.closed or m in named]


def wall_as_declared() -> Wall:
    """The wall as the code declares it."""
    made = Wall()
    web, worker = login_roles()
    common = common_role()
    made.roles |= {web: LOGIN, worker: LOGIN, common: ACTIVITY}
    for model in apps.get_models(include_auto_created=True):
        if category_of(model) is not None or not model._meta.managed:
            continue
        declared = declaration(model)
        for login in (web, worker):
            made.allow(login, model._meta.db_table, declared.login)
        made.allow(common, model._meta.db_table, declared.activity)
    for login in (web, worker):
        made.allow(login, "django_migrations", "S")
    for activity in registry().values():
        _declare_activity(made, activity)
    _declare_functions(made)
    for model in [*personal_models(), *kept_models()]:
        if (history := history_of(model)) is not None:
            made.triggers |= dict(trigger(model._meta.db_table, history._meta.db_table, op) for op in TRIGGERS)
    return made


def _declare_activity(made: Wall, activity: Activity) -> None:
    looking, acting = activity.role_for("view"), activity.role_for("change")
    for role in (looking, acting):
        made.roles[role] = ACTIVITY
        made.members[role].add(f"{common_role()} INHERIT")
        for login in login_roles():
            made.members[login].add(f"{role} SET")
        for model in readable(activity):
            for table in tables_of(model):
                made.allow(role, table, "S")
        if activity.access_log:
            made.allow(role, "accesslog_event", "S")
    for label in activity.writes:
        model = apps.get_model(label)
        # Records are ended, never deleted; indexes are rebuilt, administration tables may lose rows.
        letters = "SIU" if issubclass(model, PersonalRecord) else "SIUD"
        for table in _with_through(label):
            made.allow(acting, table, letters)
            made.allow(looking, table, letters if _passing(model) else "S")


def _passing(model: type[models.Model]) -> bool:
    """Whether somebody who only looks leaves a row here (the search they made)."""
    return issubclass(model, PersonalIndex) and model.written_when_looking


def _declare_functions(made: Wall) -> None:
    web, worker = login_roles()
    made.functions |= {
        "accesslog_write(text,text,text,text,text,bigint[],jsonb,uuid,integer,text)": {common_role()},
        "accesslog_refuse(bigint,text,text[],text,text,text,text,text,text)": {web, worker},
        "accesslog_seal()": {worker},
        "accesslog_timeline()": set(),
        "accesslog_digest(bigint,xid8,xid8,bytea)": set(),
        "accesslog_partitions(date,integer)": set(),
        "privacy_history()": set(),
    }


def digest() -> str:
    """A short digest of the declared wall, to compare installations."""
    made = wall_as_declared()
    text = repr(sorted((r, sorted((t, sorted(p)) for t, p in ts.items())) for r, ts in made.tables.items()))
    return hashlib.sha256(text.encode()).hexdigest()[:12]
