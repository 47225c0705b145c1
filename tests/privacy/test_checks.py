"""Each check of the kernel, with the fault it is for planted."""

import pytest
from django.db import connection, models
from django.test.utils import isolate_apps
from django.urls import path
from django.views import View

from privacy import activities, checks, wall
from privacy.activities import Activity
from privacy.notice.register import Category, Purpose
from privacy.records import PersonalIndex, PersonalTable


def ids(found) -> set[str]:
    return {message.id for message in found}


@pytest.fixture
def declared(monkeypatch):
    """A registry of the test's own."""
    own: dict[str, Activity] = {}
    monkeypatch.setattr(activities, "_registry", own)

    def declare(activity: Activity) -> Activity:
        activity.code = "test.planted"
        own[activity.code] = activity
        return activity

    return declare


def test_the_code_as_it_stands_passes_every_check():
    for check in (
        checks.check_models,
        checks.check_activities,
        checks.check_views,
        checks.check_commands,
        checks.check_tasks,
    ):
        assert check() == []


@isolate_apps("members.enrollment")
def test_e001_a_model_without_a_category(monkeypatch):
    class Forgotten(models.Model):
        class Meta:
            app_label = "enrollment"

    monkeypatch.setattr(checks.apps, "get_models", lambda *a, **k: [Forgotten])
    assert ids(checks.check_models()) == {"privacy.E001"}


@isolate_apps("members.enrollment")
def test_e006_a_record_whose_changes_are_not_kept(monkeypatch):
    """A personal table that is neither a record (kept) nor an index (rebuilt); the index beside it is let pass."""

    class Unkept(PersonalTable):
        category = Category.ELIGIBILITY_ADDRESS
        subject = None

        class Meta:
            app_label = "enrollment"

    class Rebuilt(PersonalIndex):
        category = Category.ELIGIBILITY_ADDRESS
        subject = None

        class Meta:
            app_label = "enrollment"

    monkeypatch.setattr(checks.apps, "get_models", lambda *a, **k: [Unkept, Rebuilt])
    [found] = checks.check_models()
    assert found.id == "privacy.E006" and "enrollment.Unkept" in found.msg


@isolate_apps("members.enrollment")
def test_e007_e009_e012_cascade_missing_subject_and_taken_names(monkeypatch):
    class Base(models.Model):
        class Meta:
            app_label = "enrollment"

    class Careless(PersonalIndex):
        category = Category.ELIGIBILITY_ADDRESS
        subject = "nobody_has_this"
        other = models.ForeignKey(Base, on_delete=models.CASCADE)
        event = models.IntegerField()

        class Meta:
            app_label = "enrollment"

    monkeypatch.setattr(checks.apps, "get_models", lambda *a, **k: [Careless])
    assert ids(checks.check_models()) == {"privacy.E007", "privacy.E009", "privacy.E012"}


def test_e002_a_view_without_a_declaration(settings):
    class Undeclared(View):
        pass

    class Conf:
        urlpatterns = [path("x/", Undeclared.as_view(), name="x")]

    settings.ROOT_URLCONF = Conf
    assert ids(checks.check_views()) == {"privacy.E002"}


def test_e003_a_command_without_a_declaration(monkeypatch):
    from privacy.management.commands.wall import Command

    monkeypatch.setattr(Command, "activity", None)
    assert ids(checks.check_commands()) == {"privacy.E003"}


def test_e004_a_task_without_a_declaration(monkeypatch):
    from privacy.accesslog.tasks import seal_access_log

    monkeypatch.setattr(type(seal_access_log), "activity", None, raising=False)
    monkeypatch.setattr(seal_access_log, "activity", None, raising=False)
    assert ids(checks.check_tasks()) == {"privacy.E004"}


def test_e005_an_unpublished_pair(declared):
    declared(Activity("予防事業の対象者選び", uses={Category.MEDICAL_CLAIM: Purpose.HEALTH_PROGRAM_TARGETING}))
    assert ids(checks.check_activities()) == {"privacy.E005"}


def test_e008_a_write_outside_the_declared_categories(declared):
    declared(
        Activity(
            "健診の結果",
            uses={Category.HEALTH_CHECKUP: Purpose.USER_ADMINISTRATION},
            writes=["enrollment.Member"],
        )
    )
    assert ids(checks.check_activities()) == {"privacy.E008"}


def test_e011_an_activity_for_nothing(declared):
    declared(Activity("何でも"))
    assert ids(checks.check_activities()) == {"privacy.E011"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ('GRANT SELECT ON enrollment_member TO "{web}"', "enrollment_member"),
        ("GRANT SELECT ON enrollment_member TO PUBLIC", "PUBLIC"),
        ('REVOKE SELECT ON enrollment_member FROM "{activity}"', "enrollment_member"),
        ('GRANT DELETE ON enrollment_member TO "{activity}"', "DELETE"),
        ("DROP TRIGGER privacy_history_update ON enrollment_member", "privacy_history_update"),
        ("ALTER TABLE enrollment_member DISABLE TRIGGER privacy_history_insert", "privacy_history_insert"),
        ('REVOKE "{activity}" FROM "{web}"', "属する役割"),
        ("GRANT EXECUTE ON FUNCTION accesslog_seal() TO PUBLIC", "accesslog_seal"),
        ('GRANT UPDATE (is_staff) ON accounts_user TO "{web}"', "UPDATE(is_staff)"),
        ('GRANT SELECT (family_name) ON enrollment_member TO "{web}"', "SELECT(family_name)"),
        ('GRANT UPDATE ON accounts_user_groups TO "{web}"', "accounts_user_groups"),
        ('GRANT UPDATE ON enrollment_member TO "{activity}_view"', "enrollment_member"),
        ('ALTER ROLE "{web}" INHERIT', "属性"),
        ('ALTER ROLE "{web}" SUPERUSER', "SUPERUSER"),
        ('ALTER ROLE "{web}" BYPASSRLS', "BYPASSRLS"),
        ('ALTER ROLE "{web}" CREATEROLE', "CREATEROLE"),
        ('ALTER ROLE "{activity}" LOGIN', "属性"),
        ('GRANT pg_read_all_data TO "{web}"', "pg_read_all_data"),
        ('GRANT pg_write_all_data TO "{activity}"', "pg_write_all_data"),
        ('GRANT "{other}" TO "{activity}"', "属する役割"),
        ('GRANT "{activity}" TO "{web}" WITH ADMIN OPTION', "属する役割"),
        ('ALTER TABLE enrollment_member OWNER TO "{web}"', "所有者"),
        ('GRANT CREATE ON SCHEMA public TO "{web}"', "public"),
    ],
)
def test_e010_a_wall_that_differs_from_the_code(fault, said, owner):
    from members.enrollment.activities import DISCLOSURE, MEMBER_ADMINISTRATION

    with owner():
        assert wall.differences() == []
        with connection.cursor() as cursor:
            cursor.execute("SELECT tableowner FROM pg_tables WHERE tablename = 'enrollment_member'")
            [table_owner] = cursor.fetchone()
            cursor.execute(
                fault.format(
                    web=wall.login_roles()[0],
                    activity=MEMBER_ADMINISTRATION.role_for("change"),
                    other=DISCLOSURE.role_for("change"),
                )
            )
        found = checks.check_wall(databases=["default"])
        assert ids(found) == {"privacy.E010"}
        assert any(said in message.msg for message in found)
        if "OWNER TO" in fault:  # whose the tables are is the owner's own business, not the wall's
            with connection.cursor() as cursor:
                cursor.execute(f'ALTER TABLE enrollment_member OWNER TO "{table_owner}"')
        wall.build()
        assert wall.differences() == []


@pytest.mark.django_db
def test_e010_a_member_from_outside(owner):
    """A role that is none of ours and belongs to an activity reads past every proof."""
    from members.enrollment.activities import MEMBER_ADMINISTRATION

    with owner(), connection.cursor() as cursor:
        cursor.execute("CREATE ROLE reporting_probe LOGIN")
        cursor.execute(f'GRANT "{MEMBER_ADMINISTRATION.role_for("view")}" TO reporting_probe')
        [found] = checks.check_wall(databases=["default"])
        assert "reporting_probe" in found.msg
