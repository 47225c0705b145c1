"""The administration site: who gets in, and what nobody can do there.

The pages of models run under the kernel's activity in the portal; here they are called as views by the tables' owner.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.contrib.messages.storage.fallback import FallbackStorage
from django.test import Client, RequestFactory
from django.utils import timezone

from kumiai.accounts.admin import SecondFactorResetAdmin, UserAdmin
from kumiai.accounts.models import SecondFactor, SecondFactorReset, User
from tests.kumiai.accounts.signing_in import sign_in as sign_in_shortly

PERMISSIONS = (
    "view_user",
    "add_user",
    "change_user",
    "view_secondfactorreset",
    "add_secondfactorreset",
    "approve_secondfactorreset",
)


@pytest.fixture
def administrators(make_user, owner) -> tuple[User, User]:
    made = (make_user("9101", is_staff=True), make_user("9102", is_staff=True))
    with owner():
        for user in made:
            user.user_permissions.set(
                Permission.objects.filter(content_type__app_label="accounts", codename__in=PERMISSIONS)
            )
    return made


@pytest.fixture
def asked(rf: RequestFactory) -> Callable[..., Any]:
    """A request by `user`, as it arrives at an admin view."""

    def make(user: User, data: dict | None = None):
        request = rf.post("/admin/", data) if data is not None else rf.get("/admin/")
        user = User.objects.get(pk=user.pk)
        user.is_verified = lambda: True
        request.user, request.session = user, {}
        request._messages = FallbackStorage(request)
        request._dont_enforce_csrf_checks = True
        return request

    return make


def said(request) -> str:
    return " ".join(str(message) for message in request._messages)


def staff_admin() -> UserAdmin:
    return admin.site._registry[User]


def reset_admin() -> SecondFactorResetAdmin:
    return admin.site._registry[SecondFactorReset]


# --- Who gets in


def test_strangers_are_sent_to_the_portals_own_log_in(client, db) -> None:
    assert client.get("/admin/").url == "/accounts/login/?next=%2Fadmin%2F"
    assert client.get("/admin/login/").status_code == 302


def test_staff_with_a_second_factor_get_in(client, administrators, sign_in) -> None:
    sign_in(client, "9101")
    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/login/").url == "/admin/"


def test_a_clerk_does_not_get_in(client, user, sign_in) -> None:
    sign_in(client, "9001")
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0] == "/"


def test_a_session_without_second_factor_does_not_get_in(administrators, asked) -> None:
    request = asked(administrators[0])
    assert admin.site.has_permission(request)
    request.user.is_verified = lambda: False
    assert not admin.site.has_permission(request)


def test_the_admin_site_logs_out_through_the_portal(client, administrators, sign_in) -> None:
    sign_in(client, "9101")
    assert client.post("/admin/logout/").url == "/accounts/login/"
    assert client.get("/admin/").status_code == 302


# --- Accounts


def test_nobody_deletes_an_account_or_a_reset(administrators, asked) -> None:
    request = asked(administrators[0])
    request.user.is_superuser = True
    assert not staff_admin().has_delete_permission(request)
    assert not reset_admin().has_delete_permission(request)
    assert "delete_selected" not in staff_admin().get_actions(request)


def test_nobody_changes_rights_of_their_own(administrators, asked) -> None:
    one, two = administrators
    own = staff_admin().get_readonly_fields(asked(one), one)
    assert {"groups", "is_staff", "is_active", "is_superuser", "user_permissions"} <= set(own)
    assert "groups" not in staff_admin().get_readonly_fields(asked(one), two)


def test_only_a_superuser_touches_a_superuser(administrators, asked, owner) -> None:
    one, two = administrators
    with owner():
        User.objects.filter(pk=two.pk).update(is_superuser=True)
    two.refresh_from_db()
    assert not staff_admin().has_change_permission(asked(one), two)
    assert staff_admin().has_change_permission(asked(two), two)
    assert "is_superuser" in staff_admin().get_readonly_fields(asked(one), None)


def test_a_new_account_owes_a_new_password(administrators, asked, owner) -> None:
    data = {
        "staff_number": "9200",
        "name": "新人 一郎",
        "kana": "シンジン イチロウ",
        "password1": "amanogawa-no-hotori-8",
        "password2": "amanogawa-no-hotori-8",
        "usable_password": "true",
    }
    with owner():
        answer = staff_admin().add_view(asked(administrators[0], data))
    assert answer.status_code == 302
    made = User.objects.get(staff_number="9200")
    assert made.must_change_password
    assert made.check_password("amanogawa-no-hotori-8")


def test_who_leaves_is_switched_off_in_the_same_step(administrators, user, asked) -> None:
    form_class = staff_admin().get_form(asked(administrators[0]), user, change=True)
    form = form_class(
        {
            "staff_number": "9001",
            "name": "試験 花子",
            "is_active": "on",
            "left_at_0": "2026-11-20",
            "left_at_1": "17:00",
        },
        instance=user,
    )
    assert form.is_valid(), form.errors
    assert form.instance.is_active is False


# --- Reset by two persons, on the pages


def request_reset(by: User, person: User, asked):
    return reset_admin().add_view(asked(by, {"person": person.pk, "reason": "紛失。対面で確認。"}))


def test_a_reset_is_asked_for_by_one_and_approved_by_another(administrators, user, asked, owner) -> None:
    one, two = administrators
    with owner():
        assert request_reset(one, user, asked).status_code == 302
        reset = SecondFactorReset.objects.get()
        assert (reset.person, reset.requested_by) == (user, one)
        for who, expected in ((one, "申請した人は承認できません"), (two, "承認しました")):
            request = asked(who)
            reset_admin().approve(request, SecondFactorReset.objects.all())
            assert expected in said(request)
            assert "花子" not in said(request)
    reset.refresh_from_db()
    assert reset.approved_by == two
    assert not SecondFactor.objects.get(user=user).confirmed


def test_asking_for_oneself_or_twice_is_an_error_beside_the_field(administrators, user, asked, owner) -> None:
    one, two = administrators
    with owner():
        own = request_reset(one, one, asked)
        assert own.status_code == 200
        assert "自分の二要素認証" in own.render().content.decode()
        request_reset(one, user, asked)
        again = request_reset(two, user, asked)
        assert "すでに承認待ちです" in again.render().content.decode()
    assert SecondFactorReset.objects.count() == 1


def test_approving_needs_its_own_permission(administrators, asked, owner) -> None:
    one, _ = administrators
    assert "approve" in reset_admin().get_actions(asked(one))
    with owner():
        one.user_permissions.remove(Permission.objects.get(codename="approve_secondfactorreset"))
    assert "approve" not in reset_admin().get_actions(asked(one))


def test_a_reset_is_never_edited(administrators, user, asked, owner) -> None:
    one, _ = administrators
    with owner():
        SecondFactorReset.objects.create(person=user, reason="紛失", requested_by=one, requested_at=timezone.now())
    assert not reset_admin().has_change_permission(asked(one), SecondFactorReset.objects.get())


def test_the_list_of_resets_shows_the_state_in_words(client: Client, administrators, user, asked, owner) -> None:
    one, _ = administrators
    with owner():
        SecondFactorReset.objects.create(person=user, reason="紛失", requested_by=one, requested_at=timezone.now())
        page = reset_admin().changelist_view(asked(one)).render().content.decode()
    assert "承認待ち" in page
    assert "試験 花子" in page


# --- In the portal itself: under the activity of access administration, behind the wall


@pytest.fixture
def two_administrators_of_demo(settings, owner, db) -> tuple[User, User, User]:
    """田中 and a second administrator of the same section, and 佐藤, with the grants of demo mode."""
    from kumiai.accounts.demo import ADMINISTRATORS, create_personas
    from privacy.notice.demo import grant_demo

    settings.DEMO_MODE = True
    with owner():
        by_number = {user.staff_number: user for user in create_personas()}
        grant_demo()
        tanaka, second = by_number["1004"], by_number["1005"]
        second.is_staff = True
        second.save()
        second.groups.set(tanaka.groups.all())
        assert [group.name for group in second.groups.all()] == [ADMINISTRATORS]
    return tanaka, second, by_number["1001"]


def test_the_wall_lets_two_administrators_reset_a_second_factor(two_administrators_of_demo) -> None:
    one, two, person = two_administrators_of_demo
    ask, approve, clerk = Client(), Client(), Client()
    for client, user in ((ask, one), (approve, two), (clerk, person)):
        sign_in_shortly(client, user)
    assert clerk.get("/accounts/sessions/").status_code == 200
    asked = ask.post(
        "/admin/accounts/secondfactorreset/add/", {"person": person.pk, "reason": "紛失。対面で確認。"}, follow=True
    )
    assert asked.status_code == 200
    reset = SecondFactorReset.objects.get()
    choice = {"action": "approve", "_selected_action": [reset.pk]}
    own = ask.post("/admin/accounts/secondfactorreset/", choice, follow=True)
    assert "申請した人は承認できません" in own.content.decode()
    assert SecondFactor.objects.get(user=person).confirmed
    done = approve.post("/admin/accounts/secondfactorreset/", choice, follow=True)
    assert "承認しました" in done.content.decode()
    assert not SecondFactor.objects.get(user=person).confirmed
    assert clerk.get("/accounts/sessions/").status_code == 302


def test_the_wall_lets_an_administrator_move_a_clerk_and_set_a_password(two_administrators_of_demo) -> None:
    one, _, person = two_administrators_of_demo
    client = Client()
    sign_in_shortly(client, one)
    page = client.get(f"/admin/accounts/user/{person.pk}/change/")
    assert page.status_code == 200
    assert "style=" not in page.content.decode()
    moved = client.post(
        f"/admin/accounts/user/{person.pk}/change/",
        {
            "staff_number": "1001",
            "name": person.name,
            "kana": person.kana,
            "is_active": "on",
            "section": person.section_id,
            "groups": [group.pk for group in one.groups.all()],
        },
    )
    assert moved.status_code == 302, moved.content.decode()
    assert set(person.groups.all()) == set(one.groups.all())
    new = {"password1": "amanogawa-no-hotori-8", "password2": "amanogawa-no-hotori-8", "usable_password": "true"}
    assert client.post(f"/admin/accounts/user/{person.pk}/password/", new).status_code == 302
    person.refresh_from_db()
    assert person.must_change_password


def test_a_clerk_without_the_grant_is_refused_by_the_administration(two_administrators_of_demo, owner) -> None:
    _, _, person = two_administrators_of_demo
    with owner():
        person.is_staff = True
        person.save()
    client = Client()
    sign_in_shortly(client, person)
    answer = client.get("/admin/accounts/user/")
    assert answer.status_code == 403
    assert "高橋" not in answer.content.decode()
