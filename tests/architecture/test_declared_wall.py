"""What the wall is made to be, from declarations alone: never wider than the words of an activity."""

from __future__ import annotations

import pytest
from django.apps import apps

from privacy import activities
from privacy.activities import Activity
from privacy.notice.register import Category, Purpose
from privacy.records import PersonalRecord, history_of, personal_models, tables_of
from privacy.wall import common_role, login_roles, wall_as_declared

USE = {Category.ELIGIBILITY_ADDRESS: Purpose.MEMBER_ADMINISTRATION}


@pytest.fixture
def declared(monkeypatch):
    """The wall with one activity more, and that activity's tables by role: declared(activity) → (looking, acting)."""

    def build(activity: Activity, code: str = "tests.planted"):
        activity.code = code
        monkeypatch.setattr(activities, "_registry", {**activities.registry(), code: activity})
        tables = wall_as_declared().tables
        return tables[activity.role_for("view")], tables[activity.role_for("change")]

    return build


def test_reads_narrow_what_a_purpose_sees(declared):
    looking, acting = declared(Activity("宛名だけ", uses=USE, reads=["enrollment.Address"]))
    assert set(looking) == set(acting) == {"enrollment_address", "enrollment_historicaladdress"}
    looking, _acting = declared(Activity("何も読まない", uses=USE, reads=[], writes=["enrollment.Address"]))
    assert set(looking) == {"enrollment_address", "enrollment_historicaladdress"}


def test_an_activity_sees_its_categories_and_no_other(declared):
    looking, acting = declared(Activity("健診の受付", uses={Category.HEALTH_CHECKUP: Purpose.USER_ADMINISTRATION}))
    of_others = {t for m in personal_models() if m.category != Category.HEALTH_CHECKUP for t in tables_of(m)}
    assert of_others and not of_others & {*looking, *acting}


def test_only_who_says_so_reads_the_access_log(declared):
    looking, acting = declared(Activity("名簿", uses=USE))
    assert "accesslog_event" not in {*looking, *acting}
    looking, acting = declared(Activity("名簿と記録", uses=USE, access_log=True))
    assert looking["accesslog_event"] == acting["accesslog_event"] == {"SELECT"}


def test_records_are_never_deleted_and_history_never_written():
    for role, tables in wall_as_declared().tables.items():
        for model in personal_models():
            held = tables.get(model._meta.db_table, set())
            assert not (issubclass(model, PersonalRecord) and "DELETE" in held), (role, model)
            if history := history_of(model):
                assert tables.get(history._meta.db_table, set()) <= {"SELECT"}, (role, model)


def test_who_logs_in_and_what_everybody_shares_hold_nothing_personal():
    tables = wall_as_declared().tables
    personal = {table for model in personal_models() for table in tables_of(model)}
    for role in (*login_roles(), common_role()):
        assert not personal & set(tables[role]), role


def test_who_looks_writes_nothing_but_what_says_so():
    declared = wall_as_declared()
    passing = {m._meta.db_table for m in personal_models() if getattr(m, "written_when_looking", False)}
    looking = {activity.role_for("view") for activity in activities.registry().values()}
    assert looking and passing
    for role in looking:
        for table, held in declared.tables[role].items():
            assert held <= {"SELECT"} or table in passing, (role, table)


def test_no_role_carries_another_by_itself_but_for_what_everybody_shares():
    """Who logs in becomes an activity by saying so, one at a time; an activity inherits the common part alone."""
    declared = wall_as_declared()
    for role, attributes in declared.roles.items():
        logs_in = role in login_roles()
        assert set(attributes.split()) == ({"LOGIN", "NOINHERIT"} if logs_in else {"NOLOGIN", "INHERIT"}), role
        assert logs_in or declared.members[role] <= {f"{common_role()} INHERIT"}, role
        assert not logs_in or all(member.endswith(" SET") for member in declared.members[role]), role


def test_a_many_to_many_table_is_not_written_because_its_model_is():
    """Who belongs to a section says who may do what: written where it is declared, by nobody who logs in."""
    tables = wall_as_declared().tables
    links = [model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.auto_created]
    assert "accounts_user_groups" in links
    for role in (*login_roles(), common_role()):
        for table in links:
            assert tables[role].get(table, set()) <= {"SELECT"}, (role, table)


def test_two_works_with_long_names_are_two_roles(declared):
    long = "tests." + "a_very_long_name_of_a_work_of_the_association_" * 2
    first, second = (Activity("長い名の仕事", uses=USE, code=long + end) for end in ("one", "two"))
    roles = {activity.role_for(operation) for activity in (first, second) for operation in ("view", "change")}
    assert len(roles) == 4
    assert all(len(role.encode()) <= 63 for role in roles)
