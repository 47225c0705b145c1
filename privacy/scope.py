"""The scope: one activity, one person at the keyboard, one transaction.

Entering is BEGIN and one statement that proves the grant and sets role, actor and activity for this transaction.
Leaving writes the access event and commits. Between, PostgreSQL lets the activity's role do exactly what the activity
declares. Scopes never nest.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import ProgrammingError, connection, transaction

from privacy.activities import OPERATIONS, Activity, activity_by_code
from privacy.records import personal_tables
from privacy.seen import Seen, collecting, population, record_search, shown

__all__ = [
    "NotGranted",
    "Refused",
    "ScopeError",
    "ShownNotLogged",
    "WallRefused",
    "current_scope",
    "owner_scope",
    "population",
    "record_search",
    "scope",
    "shown",
]

logger = logging.getLogger(__name__)


class ScopeError(RuntimeError):
    """The scope was used against its rules (nested, left open, entered without a person)."""


class ShownNotLogged(ScopeError):
    """Personal tables were read and nobody was recorded as seen."""


class Refused(PermissionDenied):
    """The use was refused. `sentence` is for staff, without one character of the data; `reason` stands in the record."""

    reason = "扱いの制限"

    def __init__(self, sentence: str, activity: Activity | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.activity = activity


class NotGranted(Refused):
    """No grant in force for one of the published uses, or one of them is not published today."""

    reason = "権限なし"


class WallRefused(Refused):
    """PostgreSQL refused a statement of this activity (sqlstate 42501)."""

    reason = "公表外"


@dataclass
class Scope:
    """The open scope."""

    activity: Activity
    user_id: int | None
    operation: str
    seen: Seen = field(default_factory=Seen)
    # Of a statutory activity: the people whom this clerk's open cases are about.
    case_subjects: frozenset[int] = frozenset()


_current: ContextVar[Scope | None] = ContextVar("scope", default=None)


def current_scope() -> Scope | None:
    """The open scope, or None."""
    return _current.get()


# Every pair is in force today AND a group of this active person holds the operation on each: else no row, no role.
_ENTER = """
SELECT set_config('role', %(role)s, true), set_config('kumiai.actor', %(actor)s, true),
       set_config('kumiai.activity', %(activity)s, true), set_config('kumiai.uses', %(uses)s, true),
       set_config('kumiai.event', %(event)s, true)
WHERE NOT EXISTS (
    SELECT 1 FROM unnest(%(keys)s::text[], %(operations)s::text[]) AS need (key, operation)
    WHERE NOT EXISTS (
        SELECT 1
        FROM notice_publisheduse u
        JOIN notice_publication p ON p.published_use_id = u.id
        JOIN notice_version v ON v.id = p.version_id AND v.period @> (now() AT TIME ZONE 'Asia/Tokyo')::date
        JOIN notice_grant g ON g.content_object_id = u.id
        JOIN auth_permission o ON o.id = g.permission_id AND o.codename = need.operation
        JOIN accounts_user_groups m ON m.group_id = g.group_id AND m.user_id = %(user)s::bigint
        WHERE u.key = need.key
    )
) AND EXISTS (SELECT 1 FROM accounts_user a WHERE a.id = %(user)s::bigint AND a.is_active
              AND (a.is_staff OR NOT %(staff_only)s::boolean))
"""

# A statutory activity: a case of this person's own, open now, approved by another where the statute asks for two.
_ENTER_STATUTE = """
SELECT set_config('role', %(role)s, true), set_config('kumiai.actor', %(actor)s, true),
       set_config('kumiai.activity', %(activity)s, true), set_config('kumiai.uses', %(uses)s, true),
       set_config('kumiai.event', %(event)s, true), held.subjects
FROM (
    SELECT array_agg(c.subject_id) AS subjects
    FROM notice_statutorycase c JOIN accounts_user a ON a.id = c.user_id AND a.is_active
    WHERE c.activity = %(activity)s AND c.user_id = %(user)s::bigint
      AND now() >= c.valid_from AND now() < c.valid_until
      AND (NOT %(second)s::boolean OR (c.approved_by_id IS NOT NULL AND c.approved_by_id <> c.user_id))
) held WHERE held.subjects IS NOT NULL
"""

# A job of the night: nobody at the keyboard; the uses must be in force.
_ENTER_NIGHT = """
SELECT set_config('role', %(role)s, true), set_config('kumiai.actor', '', true),
       set_config('kumiai.activity', %(activity)s, true), set_config('kumiai.uses', %(uses)s, true),
       set_config('kumiai.event', %(event)s, true)
WHERE NOT EXISTS (
    SELECT 1 FROM unnest(%(keys)s::text[]) AS need (key)
    WHERE NOT EXISTS (
        SELECT 1 FROM notice_publisheduse u
        JOIN notice_publication p ON p.published_use_id = u.id
        JOIN notice_version v ON v.id = p.version_id AND v.period @> (now() AT TIME ZONE 'Asia/Tokyo')::date
        WHERE u.key = need.key
    )
)
"""


def _enter(activity: Activity, user_id: int | None, operation: str, seen: Seen) -> frozenset[int]:
    """Take the role. Returns whom the cases of a statutory activity are about."""
    needs = activity.needs(operation)
    values: dict[str, Any] = {
        "role": activity.role_for(operation),
        "activity": activity.code,
        "uses": ",".join(activity.keys) or (activity.statute.article if activity.statute else ""),
        "event": str(seen.event),
    }
    if user_id is None:
        if not activity.night:
            raise NotGranted("この仕事は、担当の職員だけができます。", activity)
        statement = _ENTER_NIGHT
        values["keys"] = list(activity.keys)
    else:
        values |= {"actor": str(user_id), "user": user_id}
        if activity.statute:
            statement = _ENTER_STATUTE
            values["second"] = activity.statute.second_person
        else:
            statement = _ENTER
            values |= {
                "keys": [key for key, _operation in needs],
                "operations": [needed for _key, needed in needs],
                "staff_only": activity.staff_only,
            }
    with connection.cursor() as cursor:
        # Prepared: the plan of this statement is most of its cost.
        cursor.cursor.execute(statement, values, prepare=True)
        row = cursor.cursor.fetchone()
        if row is None:
            raise NotGranted(_not_granted_sentence(activity, operation), activity)
    return frozenset(pk for pk in row[-1] if pk is not None) if activity.statute else frozenset()


def check_subject(subject_id: int) -> None:
    """Before something of one person is shown under a statute whose cases are about one person.

    Raises NotGranted when no open case of this clerk is about them.
    """
    opened = _current.get()
    if opened is None:
        raise ScopeError("利用目的の外です。")
    statute = opened.activity.statute
    if statute and statute.one_person and subject_id not in opened.case_subjects:
        raise NotGranted(
            f"「{opened.activity.title}」（{statute.article}）の、この人についての案件があなたにありません。",
            opened.activity,
        )


def _not_granted_sentence(activity: Activity, operation: str) -> str:
    word = {"view": "見る", "change": "変更する", "export": "ファイルに出す", "decide": "決定する"}[operation]
    if activity.statute:
        return f"「{activity.title}」（{activity.statute.article}）の、期限内の案件があなたにありません。"
    if activity.staff_only:
        return f"「{activity.title}」は、管理を担当する職員だけができます。"
    return f"「{activity.title}」で{word}権限が、あなたの課にありません。"


def _watch(seen: Seen):
    """Note that a statement read or wrote rows of a personal table. A miss shows nobody and needs no record."""

    def watch(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if not seen.touched and context["cursor"].rowcount != 0 and personal_tables().search(str(sql)):
            seen.touched = True
        return result

    return watch


def _check_recorded(seen: Seen, activity: Activity) -> None:
    problem = ""
    if seen.without_subject:
        problem = f"加入者の番号を読まずに作った行があります：{'、'.join(sorted(seen.without_subject))}"
    elif seen.touched and not seen.recorded:
        problem = "個人情報の表を扱いましたが、だれの行かが記録されていません。"
    if not problem:
        return
    if settings.DEBUG or getattr(settings, "RAISE_ON_UNLOGGED", False):
        raise ShownNotLogged(f"{activity.code}: {problem}")
    logger.critical("shown but not logged: activity=%s event=%s", activity.code, seen.event)


@dataclass
class Way:
    """By which way the scope was entered, for the access event."""

    name: str = "処理"
    view: str = ""
    object_id: str = ""
    reference: str = ""


_WRITE_EVENT = "SELECT accesslog_write(%s, %s, %s, %s, %s, %s::bigint[], %s::jsonb, %s::uuid, %s::integer, %s)"


def _write_event(opened: Scope, way: Way) -> None:
    seen = opened.seen
    outcome = "shown" if opened.operation == "view" else "changed"
    with connection.cursor() as cursor:
        cursor.cursor.execute(
            _WRITE_EVENT,
            [
                opened.operation,
                outcome,
                way.name,
                way.view,
                way.object_id,
                sorted(seen.subjects),
                json.dumps(seen.populations),
                seen.search,
                seen.hits,
                way.reference,
            ],
            prepare=True,
        )


@contextmanager
def scope(activity: Activity | str, user: Any, *, operation: str = "view", way: Way | None = None) -> Iterator[Scope]:
    """Open a transaction in which this activity's published uses, and nothing else, can be exercised.

    activity: the activity or its code. user: a user or a user's id; None for an activity of the night, without a person.
    operation: view, change, export or decide. Raises NotGranted before anything is read, WallRefused when PostgreSQL
    refuses a statement, ScopeError when a scope is open already.
    """
    if _current.get() is not None:
        raise ScopeError("利用目的の中で、別の利用目的は開けません。")
    if operation not in OPERATIONS:
        raise ScopeError(f"操作 {operation} はありません。")
    if isinstance(activity, str):
        activity = activity_by_code(activity)
    user_id = getattr(user, "pk", user)
    if user_id is None and user is not None:
        raise NotGranted("ログインしていない人は扱えません。", activity)
    opened = Scope(activity, user_id, operation)
    inside_another = connection.in_atomic_block
    tokens = None
    try:
        with transaction.atomic():
            opened.case_subjects = _enter(activity, user_id, operation, opened.seen)
            tokens = _current.set(opened), collecting.set(opened.seen)
            try:
                with connection.execute_wrapper(_watch(opened.seen)):
                    yield opened
            finally:
                _current.reset(tokens[0])
                collecting.reset(tokens[1])
            _check_recorded(opened.seen, activity)
            _write_event(opened, way or Way())
            if inside_another:
                leave()
    except ProgrammingError as error:
        if isinstance(error.__cause__, psycopg.errors.InsufficientPrivilege):
            raise WallRefused(_wall_sentence(error.__cause__, activity), activity) from None
        raise


def leave() -> None:
    """Give the role and the stamps back. SET LOCAL outlives a released savepoint, so inside another transaction (tests,
    a caller's own) leaving says so explicitly; otherwise the end of the transaction does it."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        for name in ("actor", "activity", "uses", "event"):
            cursor.execute(f"SET LOCAL kumiai.{name} = ''")


def _wall_sentence(error: psycopg.errors.InsufficientPrivilege, activity: Activity) -> str:
    """The refusal of PostgreSQL as a sentence: the category of the table, never a value."""
    from django.apps import apps

    from privacy.notice.register import category_label
    from privacy.records import category_of

    match = re.search(r"permission denied for table (\w+)", str(error))
    for model in apps.get_models():
        if match and model._meta.db_table == match.group(1):
            category = category_of(model)
            if category is None:
                return f"「{activity.title}」では、{model._meta.verbose_name}を扱えません。"
            if category in activity.categories:
                return f"「{activity.title}」では、{category_label(category)}のうちこの部分を扱えません。"
            return f"{category_label(category)}は、「{activity.title}」のために使うと公表していません。"
    return f"「{activity.title}」では、この操作を扱えません。"


def record_refusal(*, user_id: int | None, activity: Activity | None, operation: str, way: Way, reason: str) -> Any:
    """Write the event of a refusal in a transaction of its own, after the rollback. Returns its time."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT accesslog_refuse(%s::bigint, %s, %s::text[], %s, %s, %s, %s, %s, %s)",
            [
                user_id,
                activity.code if activity else "",
                list(activity.keys) if activity else [],
                operation,
                way.name,
                way.view,
                way.object_id,
                way.reference,
                reason,
            ],
        )
        return cursor.fetchone()[0]


@contextmanager
def owner_scope(name: str, *, actor_id: int | None = None) -> Iterator[None]:
    """A transaction of the owner of the tables (migrate, demo data), stamped in the history with its name."""
    if _current.get() is not None:
        raise ScopeError("利用目的の中で、所有者の処理は開けません。")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('kumiai.actor', %s, true), set_config('kumiai.activity', %s, true)",
            [str(actor_id or ""), name],
        )
        yield
