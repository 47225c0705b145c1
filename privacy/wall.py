"""The wall: activities as PostgreSQL roles, whose table privileges are exactly what is declared.

`plan()` says what must hold, from the models and activities alone. `actual()` reads what holds in this database.
`build()` makes the difference go away (owner only, after every migrate). `differences()` names it (a system check).

Four kinds of roles, all with this installation's prefix:
  <prefix>_owner     owns the tables, migrates; never on a web or worker host
  <prefix>_web, _worker   log in; NOINHERIT; nothing on personal tables; members of the activities
  <prefix>_common    what every activity may do with tables about nobody
  <prefix>_<activity>     one an activity, inherits common
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from privacy.activities import Activity, registry
from privacy.records import (
    PersonalRecord,
    PersonalTable,
    category_of,
    history_of,
    kept_models,
    personal_models,
    tables_of,
)

READ = "SELECT"
PRIVILEGES = {"S": "SELECT", "I": "INSERT", "U": "UPDATE", "D": "DELETE"}
LOCK_DATABASE = "postgres"
LOCK_KEY = 7205759402

HISTORY_FUNCTION = r"""
CREATE OR REPLACE FUNCTION privacy_history() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS
$$
-- One function for every history table (its name is the argument): columns are looked up when it runs, so that a
-- column added or renamed in the same migration is neither lost nor an error.
DECLARE
    columns text;
BEGIN
    SELECT string_agg(quote_ident(t.attname), ', ' ORDER BY t.attnum) INTO columns
      FROM pg_attribute t
      JOIN pg_attribute h ON h.attname = t.attname AND h.attnum > 0 AND NOT h.attisdropped
       AND h.attrelid = format('public.%I', TG_ARGV[0])::regclass
     WHERE t.attrelid = TG_RELID AND t.attnum > 0 AND NOT t.attisdropped;
    EXECUTE format(
        'INSERT INTO public.%I (%s, history_date, history_type, history_user_id, activity, event)
         SELECT %s, clock_timestamp(), %L, nullif(current_setting(''kumiai.actor'', true), '''')::bigint,
                nullif(current_setting(''kumiai.activity'', true), ''''),
                nullif(current_setting(''kumiai.event'', true), '''')::uuid
           FROM changed',
        TG_ARGV[0], columns, columns, TG_ARGV[1]);
    RETURN NULL;
END
$$
"""

# operation → (history type, the transition table)
TRIGGERS = {
    "INSERT": ("+", "NEW TABLE AS changed"),
    "UPDATE": ("~", "NEW TABLE AS changed"),
    "DELETE": ("-", "OLD TABLE AS changed"),
}


def prefixed(name: str) -> str:
    return f"{settings.WALL_PREFIX}_{name}"


@dataclass
class Plan:
    """What the wall must be: role → table → privileges, role → members, function → roles, table → triggers."""

    tables: dict[str, dict[str, set[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    inherits: dict[str, str] = field(default_factory=dict)
    members: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    functions: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    triggers: dict[str, str] = field(default_factory=dict)

    def allow(self, role: str, table: str, privileges: str) -> None:
        self.tables[role][table] |= {PRIVILEGES[letter] for letter in privileges}


def login_roles() -> tuple[str, str]:
    return prefixed("web"), prefixed("worker")


def common_role() -> str:
    return prefixed("common")


def _table(label: str) -> str:
    return apps.get_model(label)._meta.db_table


def _with_through(label: str) -> list[str]:
    """The table of a model and its own many-to-many tables."""
    model = apps.get_model(label)
    own = [f.remote_field.through._meta.db_table for f in model._meta.local_many_to_many]
    return [model._meta.db_table, *own]


def readable(activity: Activity) -> list[type[PersonalTable]]:
    """The personal models an activity may read: those of its categories, narrowed by `reads`."""
    models = [m for m in personal_models() if m.category in activity.categories]
    if activity.reads is not None:
        named = {apps.get_model(label) for label in activity.reads} | {
            apps.get_model(label) for label in activity.writes
        }
        models = [m for m in models if m in named]
    return models


def plan() -> Plan:
    """The wall as the code declares it."""
    made = Plan()
    web, worker = login_roles()
    common = common_role()
    for model in apps.get_models(include_auto_created=True):
        if category_of(model) is not None or not model._meta.managed:
            continue
        table = model._meta.db_table
        declared = _declaration(model)
        for login in (web, worker):
            made.allow(login, table, declared.login)
        if declared.activity:
            made.allow(common, table, declared.activity)
    for login in (web, worker):
        made.allow(login, "django_migrations", "S")
    for activity in registry().values():
        role = activity.role
        made.inherits[role] = common
        made.tables[role]  # a role without tables of its own is still a role
        for model in readable(activity):
            for table in tables_of(model):
                made.allow(role, table, "S")
        for label in activity.writes:
            model = apps.get_model(label)
            # Records are ended, never deleted; indexes are rebuilt, administration tables may lose rows.
            letters = "SIU" if issubclass(model, PersonalRecord) else "SIUD"
            for table in _with_through(label):
                made.allow(role, table, letters)
        if activity.access_log:
            made.allow(role, "accesslog_event", "S")
        for login in (web, worker):
            made.members[login].add(role)
    made.functions["accesslog_write(text,text,text,text,text,bigint[],jsonb,uuid,integer,text)"] = {common}
    made.functions["accesslog_refuse(bigint,text,text[],text,text,text,text,text,text)"] = {web, worker}
    made.functions["accesslog_seal()"] = {worker}
    made.functions["accesslog_timeline()"] = set()
    made.functions["accesslog_digest(bigint,xid8,xid8,bytea)"] = set()
    made.functions["accesslog_partitions(date,integer)"] = set()
    made.functions["privacy_history()"] = set()
    for model in [*personal_models(), *kept_models()]:
        history_model = history_of(model)
        if history_model is None:
            continue
        history = history_model._meta.db_table
        for operation, (kind, transition) in TRIGGERS.items():
            name = f"privacy_history_{operation.lower()}"
            made.triggers[f"{model._meta.db_table}.{name}"] = (
                f"AFTER {operation} ON public.{model._meta.db_table} REFERENCING {transition} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION privacy_history('{history}', '{kind}')"
            )
    return made


@dataclass(frozen=True)
class TableOfNobody:
    """A table about nobody: why it is none, and what login roles and activities may do with it (letters of SIUD)."""

    reason: str
    login: str = "S"
    activity: str = "S"


def declared_tables() -> dict[str, TableOfNobody]:
    return {label.lower(): TableOfNobody(*entry) for label, entry in settings.TABLES_OF_NOBODY.items()}


def _declaration(model) -> TableOfNobody:
    """The declaration of a model or of its app; an undeclared model gets nothing (and check E001)."""
    declared = declared_tables()
    auto = model._meta.auto_created
    label = (auto or model)._meta.label_lower
    return (
        declared.get(model._meta.label_lower)
        or declared.get(label)
        or declared.get(f"{label.split('.')[0]}.*")
        or (TableOfNobody("", "", ""))
    )


# --- what holds in this database -----------------------------------------------------------------------------


def _query(sql: str, parameters: list | None = None) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def actual() -> Plan:
    """The wall as it stands: privileges of our roles on tables of `public`, memberships, functions, triggers."""
    found = Plan()
    like = settings.WALL_PREFIX.replace("_", r"\_") + r"\_%"
    for role, table, privilege in _query(
        """
        SELECT CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee) END, c.relname, a.privilege_type
        FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) a
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
          AND a.grantee <> c.relowner
        """
    ):
        found.tables[role][table].add(privilege)
    for (role,) in _query("SELECT rolname FROM pg_roles WHERE rolname LIKE %s", [like]):
        found.tables[role]  # known, perhaps without privileges
    for role, parent in _query(
        """
        SELECT m.rolname, r.rolname FROM pg_auth_members am JOIN pg_roles m ON m.oid = am.member
        JOIN pg_roles r ON r.oid = am.roleid WHERE r.rolname LIKE %s
        """,
        [like],
    ):
        if role in login_roles():
            found.members[role].add(parent)
        elif parent == common_role():
            found.inherits[role] = parent
    for signature, role in _query(
        """
        SELECT p.oid::regprocedure::text, CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee) END
        FROM pg_proc p CROSS JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
        WHERE p.pronamespace = 'public'::regnamespace AND a.grantee <> p.proowner
        """
    ):
        found.functions[signature].add(role)
    for table, name, definition in _query(
        """
        SELECT c.relname, t.tgname, pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE NOT t.tgisinternal AND t.tgname LIKE 'privacy\\_history\\_%' AND t.tgenabled = 'O'
        """
    ):
        found.triggers[f"{table}.{name}"] = definition.split(" ", 3)[3]
    return found


def _normal(signature: str) -> str:
    return signature.replace(" ", "")


def differences() -> list[str]:
    """Where this database and the code disagree, as sentences; empty when the wall stands as declared."""
    wanted, holds = plan(), actual()
    said: list[str] = []
    ours = set(wanted.tables) | {common_role(), *login_roles()}
    for role in sorted(ours | {r for r in holds.tables if _is_ours(r)} | {"PUBLIC"}):
        if role == prefixed("owner"):
            continue
        if role in ours and role not in holds.tables:
            said.append(f"役割 {role} がありません。")
            continue
        if role not in ours and role != "PUBLIC":
            if any(holds.tables[role].values()):
                said.append(f"宣言のない役割 {role} に権限があります。")
            continue
        tables = set(wanted.tables.get(role, {})) | set(holds.tables.get(role, {}))
        for table in sorted(tables):
            want = wanted.tables.get(role, {}).get(table, set())
            have = holds.tables.get(role, {}).get(table, set())
            if want != have:
                said.append(f"役割 {role} の {table} への権限は {_list(have)} ですが、宣言は {_list(want)} です。")
    for login in login_roles():
        if wanted.members[login] != holds.members[login]:
            said.append(f"役割 {login} の属する活動が宣言と違います。")
    for role, parent in wanted.inherits.items():
        if holds.inherits.get(role) != parent:
            said.append(f"役割 {role} が {parent} を継いでいません。")
    functions = {_normal(k): v for k, v in holds.functions.items()}
    for signature, roles in wanted.functions.items():
        if functions.get(signature, set()) != roles:
            said.append(f"関数 {signature} を呼べる役割が宣言と違います。")
    for name, definition in wanted.triggers.items():
        if holds.triggers.get(name) != definition.replace("public.", "public.", 1):
            said.append(f"履歴の引き金 {name} が宣言と違います。")
    said += [f"宣言のない履歴の引き金 {name} があります。" for name in set(holds.triggers) - set(wanted.triggers)]
    return said


def _is_ours(role: str) -> bool:
    return role.startswith(settings.WALL_PREFIX + "_")


def _list(privileges: set[str]) -> str:
    return "・".join(sorted(privileges)) or "なし"


# --- building ----------------------------------------------------------------------------------------------------


@contextmanager
def _cluster_lock() -> Iterator[None]:
    """One builder of roles at a time in the whole cluster. Advisory locks belong to a database, roles do not, so the lock
    is held in a session of its own in the database every cluster has."""
    parameters = connection.get_connection_params() | {"dbname": LOCK_DATABASE}
    with psycopg.connect(**parameters, autocommit=True) as session:
        session.execute("SELECT pg_advisory_lock(%s)", [LOCK_KEY])
        yield


def build_roles() -> list[str]:
    """Create the roles and memberships that are missing. Roles belong to the cluster: one builder at a time."""
    made: list[str] = []
    wanted = plan()
    version = int(_query("SHOW server_version_num")[0][0])
    with _cluster_lock(), transaction.atomic(), connection.cursor() as cursor:
        existing = {name for (name,) in _query("SELECT rolname FROM pg_roles")}
        for login in login_roles():
            if login not in existing:
                cursor.execute(f'CREATE ROLE "{login}" LOGIN NOINHERIT')
                made.append(login)
        for role in [common_role(), *wanted.inherits]:
            if role not in existing:
                cursor.execute(f'CREATE ROLE "{role}" NOLOGIN INHERIT')
                made.append(role)
        holds = actual()
        for role, parent in wanted.inherits.items():
            if holds.inherits.get(role) != parent:
                option = " WITH INHERIT TRUE, SET FALSE" if version >= 160000 else ""
                cursor.execute(f'GRANT "{parent}" TO "{role}"{option}')
        for login, roles in wanted.members.items():
            for role in sorted(roles - holds.members[login]):
                option = " WITH INHERIT FALSE, SET TRUE" if version >= 160000 else ""
                cursor.execute(f'GRANT "{role}" TO "{login}"{option}')
            for role in sorted(holds.members[login] - roles):
                cursor.execute(f'REVOKE "{role}" FROM "{login}"')
    return made


def build() -> None:
    """Make this database hold exactly what `plan()` says. Runs as the owner, after every migrate."""
    build_roles()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(HISTORY_FUNCTION)
        _build_tables(cursor)
        _build_functions(cursor)
        _build_triggers(cursor)


def _build_tables(cursor) -> None:
    wanted, holds = plan(), actual()
    for role in set(wanted.tables) | {r for r in holds.tables if _is_ours(r)} | {"PUBLIC"}:
        if role == prefixed("owner"):
            continue
        name = role if role == "PUBLIC" else f'"{role}"'
        for table in set(wanted.tables.get(role, {})) | set(holds.tables.get(role, {})):
            want = wanted.tables.get(role, {}).get(table, set())
            have = holds.tables.get(role, {}).get(table, set())
            if have - want:
                cursor.execute(f'REVOKE {", ".join(sorted(have - want))} ON public."{table}" FROM {name}')
            if want - have:
                cursor.execute(f'GRANT {", ".join(sorted(want - have))} ON public."{table}" TO {name}')
    for role in [common_role(), *login_roles()]:
        cursor.execute(f'GRANT USAGE ON SCHEMA public TO "{role}"')


def _build_functions(cursor) -> None:
    wanted = plan().functions
    holds = {_normal(k): v for k, v in actual().functions.items()}
    for signature, roles in wanted.items():
        for role in holds.get(signature, set()) - roles:
            name = role if role == "PUBLIC" else f'"{role}"'
            cursor.execute(f"REVOKE EXECUTE ON FUNCTION public.{signature} FROM {name}")
        for role in roles - holds.get(signature, set()):
            cursor.execute(f'GRANT EXECUTE ON FUNCTION public.{signature} TO "{role}"')


def _build_triggers(cursor) -> None:
    wanted, holds = plan().triggers, actual().triggers
    for name, definition in wanted.items():
        if holds.get(name) != definition:
            cursor.execute(f"CREATE OR REPLACE TRIGGER {name.split('.')[1]} {definition}")
    for name in set(holds) - set(wanted):
        table, trigger = name.split(".")
        cursor.execute(f'DROP TRIGGER "{trigger}" ON public."{table}"')


def unused_roles() -> list[str]:
    """Activity roles of this prefix that no declared activity owns. Only `wall --prune` drops them."""
    known = {a.role for a in registry().values()} | {common_role(), prefixed("owner"), *login_roles()}
    return sorted(r for (r,) in _query("SELECT rolname FROM pg_roles") if _is_ours(r) and r not in known)


def prune() -> list[str]:
    dropped = unused_roles()
    with transaction.atomic(), connection.cursor() as cursor:
        for role in dropped:
            cursor.execute(f'DROP OWNED BY "{role}"')
            cursor.execute(f'DROP ROLE "{role}"')
    return dropped


def digest() -> str:
    """A short digest of the declared wall, to compare installations."""
    made = plan()
    text = repr(sorted((r, sorted((t, sorted(p)) for t, p in ts.items())) for r, ts in made.tables.items()))
    return hashlib.sha256(text.encode()).hexdigest()[:12]
