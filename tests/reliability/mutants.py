"""Faults a hurried hand could put into the kernel, each as one replacement in one file, and the quick tests that must
notice it.

`new` says what the fault is; `old` must stand in the file exactly once, so that no fault here ever goes stale unseen.
"""

from __future__ import annotations

from dataclasses import dataclass

SCOPE = ("tests/privacy/test_scope.py",)
CHECKS = ("tests/privacy/test_checks.py", "-k", "not e010")
STANDING = ("tests/privacy/test_checks.py", "-k", "e010")
DECLARED = ("tests/architecture/test_declared_wall.py",)
STATUTE = ("tests/architecture/test_statute.py",)
NIGHT = ("tests/architecture/test_night.py",)
DOOR = ("tests/architecture/test_door.py",)
BLEEDING = ("tests/reliability/test_scope_bleeding.py",)
HISTORY = ("tests/privacy/test_history.py", "tests/reliability/test_history_is_the_table.py")
LOG = ("tests/privacy/test_access_log.py",)
JOBS = ("tests/kumiai/jobs/test_scope.py",)
SHOWN = ("tests/privacy/test_scope.py", "tests/privacy/test_shown_is_logged.py")


@dataclass(frozen=True)
class Mutant:
    """One fault: where, what becomes what, which tests (arguments of pytest) must fail."""

    fault: str
    path: str
    old: str
    new: str
    tests: tuple[str, ...]
    first: str = ""  # -k expression of the tests that ought to notice, tried before all of `tests`


MUTANTS = [
    # --- The door: what is proved before anything is read -----------------------------------------------------------
    Mutant("a grant of anybody's section will do", "privacy/scope.py", " AND m.user_id = %(user)s::bigint", "", SCOPE, "without_the_grant"),
    Mutant("the operation is not proved", "privacy/scope.py", " AND o.codename = need.operation", "", SCOPE, "view_alone"),
    Mutant("any use that is granted will do", "privacy/scope.py",
           "        JOIN accounts_user_groups m ON m.group_id = g.group_id AND m.user_id = %(user)s::bigint\n"
           "        WHERE u.key = need.key\n",
           "        JOIN accounts_user_groups m ON m.group_id = g.group_id AND m.user_id = %(user)s::bigint\n", SCOPE, "without_the_grant"),
    Mutant("a notice that has ended still opens", "privacy/scope.py",
           "v.period @> (now() AT TIME ZONE 'Asia/Tokyo')::date\n        JOIN notice_grant g",
           "true\n        JOIN notice_grant g", SCOPE, "no_longer_in_force"),
    Mutant("who has left still enters", "privacy/scope.py",
           "AND a.is_active\n              AND (a.is_staff", "\n              AND (a.is_staff", SCOPE, "inactive"),
    Mutant("work of staff for everybody", "privacy/scope.py",
           "\n              AND (a.is_staff OR NOT %(staff_only)s::boolean))", ")", DOOR, "work_of_staff"),
    Mutant("a statute without a time limit", "privacy/scope.py",
           "\n      AND now() >= c.valid_from AND now() < c.valid_until", "", STATUTE),
    Mutant("a statute before its first day", "privacy/scope.py", "now() >= c.valid_from AND ", "",
           STATUTE),
    Mutant("a statute without the second person", "privacy/scope.py", "(NOT %(second)s::boolean OR (", "(true OR (",
           STATUTE),
    Mutant("another's case opens", "privacy/scope.py", " AND c.user_id = %(user)s::bigint", "",
           STATUTE),
    Mutant("another work's case opens", "privacy/scope.py", "c.activity = %(activity)s AND ", "",
           STATUTE),
    Mutant("nobody at the keyboard opens everything", "privacy/scope.py", "if not activity.night:", "if False:", SCOPE, "opens_only_what_runs_at_night"),
    Mutant("the night needs no published use", "privacy/scope.py",
           "WHERE NOT EXISTS (\n    SELECT 1 FROM unnest(%(keys)s::text[]) AS need (key)",
           "WHERE true OR NOT EXISTS (\n    SELECT 1 FROM unnest(%(keys)s::text[]) AS need (key)", NIGHT),
    Mutant("who has not logged in is the night", "privacy/scope.py",
           "if user_id is None and user is not None:", "if False:", SCOPE, "not_the_night"),
    Mutant("the operation counts nowhere", "privacy/activities.py",
           'operation if c in primary else "view")', '"view")', SCOPE, "view_alone"),
    # --- The scope: the role, the stamps, the record ----------------------------------------------------------------
    Mutant("who looks stands in the role that writes", "privacy/scope.py",
           '"role": activity.role_for(operation),', '"role": activity.role_for("change"),', SCOPE, "who_looks_cannot"),
    Mutant("a scope without its event", "privacy/scope.py",
           "            _write_event(opened, way or Way())\n", "", SCOPE, "granted_person_reads"),
    Mutant("scopes nest", "privacy/scope.py",
           'raise ScopeError("利用目的の中で、別の利用目的は開けません。")', "pass", SCOPE, "never_nest"),
    Mutant("the role stays on the connection", "privacy/scope.py",
           "_ENTER = \"\"\"\nSELECT set_config('role', %(role)s, true)",
           "_ENTER = \"\"\"\nSELECT set_config('role', %(role)s, false)",
           BLEEDING),
    Mutant("the person stays on the connection", "privacy/scope.py",
           "_ENTER = \"\"\"\nSELECT set_config('role', %(role)s, true), set_config('kumiai.actor', %(actor)s, true)",
           "_ENTER = \"\"\"\nSELECT set_config('role', %(role)s, true), set_config('kumiai.actor', %(actor)s, false)",
           BLEEDING),
    Mutant("a scope inside a transaction is never left", "privacy/scope.py",
           "            if inside_another:\n", "            if False:\n", SCOPE, "everything_is_shut"),
    Mutant("PostgreSQL's refusal is an error page", "privacy/scope.py",
           "isinstance(error.__cause__, psycopg.errors.InsufficientPrivilege)", "False", SCOPE, "undeclared_table"),
    Mutant("what nobody is said to have seen passes", "privacy/scope.py",
           "            _check_recorded(opened.seen, activity)\n", "", SCOPE, "records_nobody"),
    Mutant("rows that do not know whose they are pass", "privacy/seen.py",
           "        seen.without_subject.add(model._meta.label)", "        seen.about_nobody = True", SCOPE, "deferred"),
    Mutant("instances do not report themselves", "privacy/records.py",
           "        instance = super().from_db(db, field_names, values)\n        note_seen(cls, instance)\n",
           "        instance = super().from_db(db, field_names, values)\n", SHOWN, "granted_person_reads"),
    Mutant("statements that write are not watched", "privacy/records.py", "|update|into", "", SCOPE, "write_that_names_nobody"),
    # --- The middleware ---------------------------------------------------------------------------------------------
    Mutant("a form that was refused is stored", "privacy/middleware.py",
           "    if response.status_code >= 400:\n", "    if False:\n", DOOR, "an_error_stores"),
    Mutant("a view without a declaration is served", "privacy/middleware.py",
           'raise PermissionDenied("利用目的が宣言されていない画面です。")', "return None", DOOR, "declares_nothing"),
    Mutant("changing counts as looking", "privacy/middleware.py",
           'return "view" if method in SAFE_METHODS else "change"', 'return "view"', DOOR, "own_operation"),
    Mutant("a view's own operation is not heard", "privacy/middleware.py",
           "    if declared:\n        return declared\n", "", DOOR, "own_operation"),
    Mutant("answers in parts leave after the purpose has ended", "privacy/middleware.py",
           'if getattr(response, "streaming", False):', "if False:", DOOR, "in_parts"),
    Mutant("refusals are not on record", "privacy/scope.py",
           '            "SELECT accesslog_refuse(%s::bigint, %s, %s::text[], %s, %s, %s, %s, %s, %s)",',
           '            "SELECT now() WHERE concat(%s::bigint, %s, %s::text[], %s, %s, %s, %s, %s, %s) IS NOT NULL",', DOOR, "nothing_but_itself"),
    Mutant("a job's chunk is only looked through", "privacy/jobs.py",
           "operation=operation, way=way) as opened", 'operation="view", way=way) as opened', JOBS),
    Mutant("a refused chunk is not on record", "privacy/jobs.py",
           "        record_refusal(user_id=user_id", "        dict(user_id=user_id", JOBS),
    # --- The register and the wall ----------------------------------------------------------------------------------
    Mutant("a wider register", "privacy/notice/register.py",
           "frozenset(labels())", "frozenset((c, p) for c in Category for p in Purpose)", CHECKS, "e005"),
    Mutant("a swapped category", "members/enrollment/models/base.py",
           "category: ClassVar[Category] = Category.ELIGIBILITY_ADDRESS",
           "category: ClassVar[Category] = Category.INCOME", CHECKS, "as_it_stands"),
    Mutant("an activity reads every category", "privacy/wall/declared.py",
           "if m.category in activity.categories]", "]", DECLARED),
    Mutant("reads do not narrow", "privacy/wall/declared.py",
           "    if activity.reads is not None:\n", "    if False:\n", DECLARED),
    Mutant("rows can be deleted", "privacy/wall/declared.py",
           'letters = "SIU" if issubclass(model, PersonalRecord)', 'letters = "SIUD" if issubclass(model, PersonalRecord)',
           DECLARED),
    Mutant("who looks may write", "privacy/wall/declared.py",
           'letters if _passing(model) else "S")', "letters)", DECLARED),
    Mutant("login roles inherit every activity", "privacy/wall/declared.py",
           'LOGIN = "LOGIN NOINHERIT"', 'LOGIN = "LOGIN INHERIT"', DECLARED),
    Mutant("who logs in reads personal tables", "privacy/wall/declared.py",
           "                made.allow(role, table, \"S\")\n        if activity.access_log",
           "                made.allow(role, table, \"S\")\n                made.allow(login_roles()[0], table, \"S\")\n"
           "        if activity.access_log", DECLARED),
    Mutant("everybody reads the access log", "privacy/wall/declared.py",
           "        if activity.access_log:\n", "        if True:\n", DECLARED),
    Mutant("sections write who belongs to them", "privacy/wall/declared.py",
           'return TableOfNobody(found.reason, "S" if found.login else "", "S" if found.activity else "")',
           "return found", DECLARED),
    Mutant("long names of two works become one role", "privacy/activities.py",
           "name if len(name) <= 63 else f\"{name[:54]}_{hashlib.sha256(name.encode()).hexdigest()[:8]}\"", "name[:63]",
           DECLARED),
    # --- History and log --------------------------------------------------------------------------------------------
    Mutant("updates leave no history", "privacy/wall/history.py",
           '    "UPDATE": ("~", "NEW TABLE AS changed"),\n', "", HISTORY, "save_is_stamped"),
    Mutant("history without the person", "privacy/wall/history.py",
           "nullif(current_setting(''kumiai.actor'', true), '''')::bigint", "NULL", HISTORY, "save_is_stamped"),
    Mutant("a sealed event that was rewritten passes", "privacy/accesslog/sealing.py",
           "elif bytes(computed) != bytes(digest):", "elif False:", LOG),
    Mutant("a chain cut off at its end passes", "privacy/accesslog/sealing.py", "if made != newest:", "if False:", LOG),
    Mutant("a seal taken from the middle passes", "privacy/accesslog/sealing.py",
           "if bytes(stored_previous) != previous:", "if False:", LOG),
    Mutant("another chain passes", "privacy/accesslog/sealing.py", "if anchor and anchor not in heads:", "if False:", LOG),
    # --- The checks -------------------------------------------------------------------------------------------------
    *[
        Mutant(f"{check} is skipped", "privacy/checks.py", f'id="privacy.{check}"', 'id="privacy.W999"', STANDING if check == "E010" else CHECKS,
               "PUBLIC" if check == "E010" else check)
        for check in ("E002", "E003", "E004", "E005", "E006", "E007", "E008", "E009", "E010", "E011", "E012")
    ],
    Mutant("privileges on tables are not compared", "privacy/wall/standing.py",
           "        *_tables(declared, stands),\n", "", STANDING, "PUBLIC"),
    Mutant("attributes of roles are not compared", "privacy/wall/standing.py",
           "        *_roles(declared, stands),\n", "", STANDING, "SUPERUSER"),
    Mutant("triggers are not compared", "privacy/wall/standing.py", "        *_triggers(declared, stands),\n", "", STANDING, "DROP"),
    Mutant("functions are not compared", "privacy/wall/standing.py",
           "        *_functions(declared, stands),\n", "", STANDING, "EXECUTE"),
    Mutant("a trigger switched off passes", "privacy/wall/standing.py", " AND t.tgenabled = 'O'", "", STANDING, "DISABLE"),
    Mutant("privileges on columns are not read", "privacy/wall/standing.py",
           "AND t.attnum > 0 AND NOT t.attisdropped AND a.grantee <> c.relowner",
           "AND t.attnum < 0 AND NOT t.attisdropped AND a.grantee <> c.relowner", STANDING, "family_name"),
    Mutant("members from outside pass", "privacy/wall/standing.py",
           "elif is_ours(role) and not is_super", "elif False and not is_super", STANDING, "from_outside"),
]  # fmt: skip
