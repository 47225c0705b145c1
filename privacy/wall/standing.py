"""What the wall is in this database, and where that differs from the code."""

from __future__ import annotations

from django.conf import settings
from django.db import connection

from privacy.wall.declared import Wall, owner_role, wall_as_declared


def query(sql: str, parameters: list | None = None) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def server_version() -> int:
    """Such as 150014 or 180000."""
    return int(query("SHOW server_version_num")[0][0])


def is_ours(role: str) -> bool:
    """A role of this installation that serves or belongs to an activity; the owner is not held by the wall."""
    return role.startswith(settings.WALL_PREFIX + "_") and role != owner_role()


_ROLES = """
SELECT rolname, concat_ws(' ', CASE WHEN rolcanlogin THEN 'LOGIN' ELSE 'NOLOGIN' END,
       CASE WHEN rolinherit THEN 'INHERIT' ELSE 'NOINHERIT' END, CASE WHEN rolsuper THEN 'SUPERUSER' END,
       CASE WHEN rolbypassrls THEN 'BYPASSRLS' END, CASE WHEN rolcreaterole THEN 'CREATEROLE' END,
       CASE WHEN rolcreatedb THEN 'CREATEDB' END, CASE WHEN rolreplication THEN 'REPLICATION' END)
FROM pg_roles
"""

# Up to 15 a member inherits by its own attribute; since 16 each membership says whether it inherits and may be set.
_MEMBERS = """
SELECT m.rolname, r.rolname, concat_ws(' ', {how}, CASE WHEN am.admin_option THEN 'ADMIN' END), m.rolsuper
FROM pg_auth_members am JOIN pg_roles m ON m.oid = am.member JOIN pg_roles r ON r.oid = am.roleid
"""
_HOW_15 = "CASE WHEN m.rolinherit THEN 'INHERIT' ELSE 'SET' END"
_HOW_16 = "CASE WHEN am.inherit_option THEN 'INHERIT' END, CASE WHEN am.set_option THEN 'SET' END"

_TABLES = """
SELECT CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee) END, c.relname, a.privilege_type
FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) a
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND a.grantee <> c.relowner
UNION ALL
SELECT CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee) END, c.relname,
       a.privilege_type || '(' || t.attname || ')'
FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid CROSS JOIN LATERAL aclexplode(t.attacl) a
WHERE c.relnamespace = 'public'::regnamespace AND t.attnum > 0 AND NOT t.attisdropped AND a.grantee <> c.relowner
"""

_FUNCTIONS = """
SELECT p.oid::regprocedure::text, CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee) END,
       p.prosecdef
FROM pg_proc p CROSS JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
WHERE p.pronamespace = 'public'::regnamespace AND a.grantee <> p.proowner
"""

_TRIGGERS = r"""
SELECT c.relname, t.tgname, pg_get_triggerdef(t.oid)
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE NOT t.tgisinternal AND t.tgname LIKE 'privacy\_history\_%' AND t.tgenabled = 'O'
"""

# A role that owns a table, or may make one where definer functions look, needs no privilege to pass the wall.
_OWNED = """
SELECT pg_get_userbyid(c.relowner), c.relname FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
"""
_CREATORS = """
SELECT CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee) END
FROM pg_namespace n CROSS JOIN LATERAL aclexplode(n.nspacl) a
WHERE n.nspname = 'public' AND a.privilege_type = 'CREATE' AND a.grantee <> n.nspowner
"""


def wall_as_it_stands() -> Wall:
    """Roles, memberships, privileges on tables and columns of `public`, functions, triggers."""
    found = Wall()
    for role, attributes in query(_ROLES):
        if is_ours(role):
            found.roles[role] = attributes
    owners = {role for role, _table in query(_OWNED)}
    how = _HOW_16 if server_version() >= 160000 else _HOW_15
    for member, role, option, is_super in query(_MEMBERS.format(how=how)):
        if is_ours(member):
            found.members[member].add(f"{role} {option}".strip())
        elif is_ours(role) and not is_super and member not in {*owners, owner_role()}:
            # Who made the roles is a member of them from PostgreSQL 16 on: the owner of the tables.
            found.strays.append(f"役割 {member} が {role} に属しています。")
    for role, table, privilege in query(_TABLES):
        found.tables[role][table].add(privilege)
    definers = set()
    for signature, role, is_definer in query(_FUNCTIONS):
        found.functions[normal(signature)].add(role)
        if is_definer:
            definers.add(normal(signature))
    declared = wall_as_declared().functions
    found.strays += [f"宣言のない関数 {name} を呼べる役割があります。" for name in sorted(definers - set(declared))]
    for table, name, definition in query(_TRIGGERS):
        found.triggers[f"{table}.{name}"] = definition.split(" ", 3)[3]
    found.strays += [f"役割 {role} が表 {table} の所有者です。" for role, table in query(_OWNED) if is_ours(role)]
    found.strays += [
        f"役割 {role} が public に表や関数を作れます。"
        for (role,) in query(_CREATORS)
        if role == "PUBLIC" or is_ours(role)
    ]
    return found


def normal(signature: str) -> str:
    return signature.replace(" ", "")


def differences() -> list[str]:
    """Where this database and the code disagree, as sentences; empty when the wall stands as declared."""
    declared, stands = wall_as_declared(), wall_as_it_stands()
    return [
        *stands.strays,
        *_roles(declared, stands),
        *_tables(declared, stands),
        *_functions(declared, stands),
        *_triggers(declared, stands),
    ]


def _roles(declared: Wall, stands: Wall) -> list[str]:
    said = []
    for role, attributes in declared.roles.items():
        if role not in stands.roles:
            said.append(f"役割 {role} がありません。")
            continue
        if stands.roles[role] != attributes:
            said.append(f"役割 {role} の属性は {stands.roles[role]} ですが、宣言は {attributes} です。")
        if stands.members[role] != declared.members[role]:
            extra = sorted(stands.members[role] - declared.members[role])
            missing = sorted(declared.members[role] - stands.members[role])
            said.append(f"役割 {role} の属する役割が宣言と違います（余分：{extra}、不足：{missing}）。")
    for role in sorted(set(stands.roles) - set(declared.roles)):
        if any(stands.tables[role].values()) or stands.members[role] or "NOLOGIN" not in stands.roles[role]:
            said.append(f"宣言のない役割 {role} に権限があります。")
    return said


def _tables(declared: Wall, stands: Wall) -> list[str]:
    said = []
    for role in sorted({*declared.roles, "PUBLIC"}):
        for table in sorted({*declared.tables.get(role, {}), *stands.tables.get(role, {})}):
            want = declared.tables.get(role, {}).get(table, set())
            have = stands.tables.get(role, {}).get(table, set())
            if want != have:
                said.append(f"役割 {role} の {table} への権限は {_list(have)} ですが、宣言は {_list(want)} です。")
    return said


def _functions(declared: Wall, stands: Wall) -> list[str]:
    return [
        f"関数 {signature} を呼べる役割が宣言と違います。"
        for signature, roles in declared.functions.items()
        if stands.functions.get(signature, set()) != roles
    ]


def _triggers(declared: Wall, stands: Wall) -> list[str]:
    said = [
        f"履歴の引き金 {name} が宣言と違います。"
        for name, definition in declared.triggers.items()
        if stands.triggers.get(name) != definition
    ]
    return said + [
        f"宣言のない履歴の引き金 {name} があります。" for name in sorted(set(stands.triggers) - set(declared.triggers))
    ]


def _list(privileges: set[str]) -> str:
    return "・".join(sorted(privileges)) or "なし"
