"""Thirty minutes without work, twelve hours in all, one's own sessions, one's own password."""

import pytest
from django.test import Client
from django.utils import timezone

from kumiai.accounts import sessions
from kumiai.accounts.middleware import is_polling
from kumiai.accounts.models import UserSession
from tests.kumiai.accounts.conftest import PASSWORD, code_now
from tests.kumiai.accounts.signing_in import sign_in as sign_in_shortly

LIST, EXTEND, LOGIN = "/accounts/sessions/", "/accounts/session/extend/", "/accounts/login/"
NEW_PASSWORD = "yozora-no-mukou-21"


@pytest.fixture
def inside(client, user, sign_in) -> Client:
    sign_in(client)
    return client


def is_in(client: Client) -> bool:
    return client.get(LIST).status_code == 200


# --- Limits


def test_thirty_minutes_without_work_end_a_session(inside, clock) -> None:
    clock.move(minutes=28)
    assert is_in(inside)
    clock.move(minutes=29)
    assert is_in(inside)
    clock.move(minutes=30)
    assert not is_in(inside)
    assert UserSession.objects.filter(user__isnull=False).count() == 0


def test_polling_does_not_keep_a_session_alive(inside, clock) -> None:
    for _ in range(5):
        clock.move(minutes=5)
        assert inside.get(LIST, headers={"X-Polling": "1"}).status_code == 200
    clock.move(minutes=6)
    assert inside.get(LIST, headers={"X-Polling": "1"}).status_code == 302


def test_going_on_extends_by_thirty_minutes(inside, clock) -> None:
    clock.move(minutes=29)
    answer = inside.post(EXTEND)
    assert answer.status_code == 204
    assert answer["X-Session-Seconds-Left"] == "1800"
    clock.move(minutes=29)
    assert is_in(inside)


def test_extending_an_ended_session_does_not_bring_it_back(inside, clock) -> None:
    clock.move(minutes=31)
    assert inside.post(EXTEND, headers={"Accept": "*/*"}).status_code == 401
    assert not is_in(inside)


def test_twelve_hours_end_a_session_however_busy(inside, clock) -> None:
    for _ in range(12 * 3 - 1):
        clock.move(minutes=20)
        assert is_in(inside)
    clock.move(minutes=20)
    assert not is_in(inside)


def test_a_fragment_sends_its_page_to_the_log_in(inside, clock) -> None:
    clock.move(minutes=31)
    answer = inside.get(LIST, headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer["HX-Redirect"] == LOGIN


def test_a_session_without_second_factor_is_none(client, user) -> None:
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(LIST).status_code == 302
    assert "_auth_user_id" not in client.session


def test_a_session_without_its_times_is_over(inside) -> None:
    kept = inside.session
    del kept[sessions.STARTED_AT]
    kept.save()
    assert not is_in(inside)


def test_an_account_that_ends_ends_its_sessions(inside, user, owner) -> None:
    assert is_in(inside)
    with owner():
        user.is_active, user.left_at = False, timezone.now()
        user.save()
    assert not is_in(inside)


def test_a_page_writes_the_session_at_most_once_a_minute(inside, clock) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def writes() -> int:
        with CaptureQueriesContext(connection) as asked:
            inside.get("/accounts/password/")
        return sum("UPDATE" in query["sql"] for query in asked)

    assert writes() == 0
    clock.move(seconds=61)
    assert writes() == 1
    assert writes() == 0


# --- One's own sessions


def test_the_list_shows_ones_own_sessions_and_nobody_elses(client, make_user, sign_in, forget_last_code) -> None:
    edge = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0"
    firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
    iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1"
    make_user("9001")
    make_user("9002")
    sign_in(client, "9001", **{"User-Agent": edge})
    forget_last_code()
    sign_in(Client(), "9001", **{"User-Agent": firefox})
    sign_in(Client(), "9002", **{"User-Agent": iphone})
    page = client.get(LIST).content.decode()
    assert "WindowsのEdge" in page
    assert "LinuxのFirefox" in page
    assert "iPhone" not in page


def test_one_session_is_ended_from_another(inside, user, sign_in, forget_last_code) -> None:
    forget_last_code()
    other = Client()
    sign_in(other)
    assert is_in(other)
    key = sessions.stored_key(other.cookies["sessionid"].value)
    assert inside.post("/accounts/sessions/end/", {"session": key}).url == LIST
    assert not is_in(other)
    assert is_in(inside)


def test_nobody_ends_somebody_elses_session(inside, make_user, sign_in) -> None:
    make_user("9002")
    other = Client()
    sign_in(other, "9002")
    key = sessions.stored_key(other.cookies["sessionid"].value)
    inside.post("/accounts/sessions/end/", {"session": key})
    assert is_in(other)


def test_all_other_sessions_are_ended_at_once(inside, sign_in, forget_last_code) -> None:
    others = [Client(), Client()]
    for other in others:
        forget_last_code()
        sign_in(other)
    inside.post("/accounts/sessions/end-others/")
    assert [is_in(other) for other in others] == [False, False]
    assert is_in(inside)


# --- One's own password


def change(client: Client, old: str = PASSWORD, new: str = NEW_PASSWORD, again: str | None = None):
    return client.post(
        "/accounts/password/", {"old_password": old, "new_password": new, "new_password_again": again or new}
    )


def test_a_new_password_keeps_this_session_and_ends_the_others(inside, user, sign_in, forget_last_code) -> None:
    forget_last_code()
    other = Client()
    sign_in(other)
    assert change(inside).status_code == 302
    assert is_in(inside)
    assert not is_in(other)
    user.refresh_from_db()
    assert user.check_password(NEW_PASSWORD)


@pytest.mark.parametrize(
    ("old", "new", "again"),
    [
        ("wrong", NEW_PASSWORD, None),
        (PASSWORD, "short", None),
        (PASSWORD, "password1234", None),
        (PASSWORD, PASSWORD, None),
        (PASSWORD, NEW_PASSWORD, "something-else-1"),
    ],
)
def test_a_password_is_not_changed_to_a_weak_one_or_without_the_old(inside, user, old, new, again) -> None:
    assert change(inside, old, new, again).status_code == 422
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_guessing_the_old_password_at_an_open_desk_ends_the_session(inside) -> None:
    for _ in range(5):
        last = change(inside, old="wrong")
    assert last.url == LOGIN
    assert not is_in(inside)


def test_a_password_set_by_an_administrator_must_be_changed_first(client, make_user, sign_in) -> None:
    person = make_user(must_change_password=True)
    sign_in(client)
    assert client.get(LIST).url == "/accounts/password/"
    assert client.get("/accounts/password/").status_code == 200
    assert change(client).status_code == 302
    assert is_in(client)
    person.refresh_from_db()
    assert not person.must_change_password


def test_new_recovery_codes_need_a_fresh_one_time_code(inside, forget_last_code) -> None:
    path = "/accounts/recovery-codes/"
    assert inside.post(path, {"code": code_now()}).status_code == 422, "the code of the log-in is used up"
    forget_last_code()
    answer = inside.post(path, {"code": code_now()})
    assert answer.status_code == 200
    assert answer.content.decode().count("<li><code>") == 10


# --- The short way in that other tests take


def test_the_short_way_in_of_other_tests_is_a_whole_session(client, user, clock) -> None:
    sign_in_shortly(client, user)
    assert is_in(client)
    clock.move(minutes=31)
    assert not is_in(client)


def test_a_view_may_say_that_its_page_asks_by_itself(rf) -> None:
    class Progress:
        polling = True

    def view(request): ...

    assert not is_polling(rf.get("/"), view)
    view.view_class = Progress
    assert is_polling(rf.get("/"), view)
