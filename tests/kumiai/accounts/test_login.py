"""The way in: two steps, one sentence for every wrong answer, lock-out, a new session key, the way out."""

import logging
import re
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from kumiai.accounts.models import SecondFactor, User, UserSession
from kumiai.accounts.sessions import stored_key
from kumiai.accounts.views.login import LOCKED, WRONG
from tests.kumiai.accounts.conftest import PASSWORD, code_now

LOGIN, CODE, RECOVERY, ENROLL = (
    "/accounts/login/",
    "/accounts/login/code/",
    "/accounts/login/recovery/",
    "/accounts/login/enroll/",
)
INSIDE = "/accounts/sessions/"


def first_step(client: Client, staff_number: str = "9001", password: str = PASSWORD, **more: str):
    return client.post(LOGIN, {"staff_number": staff_number, "password": password, **more})


def wrong_code() -> str:
    near = {code_now(offset) for offset in range(-3, 4)}
    return next(f"{n:06d}" for n in range(1_000_000) if f"{n:06d}" not in near)


def is_in(client: Client) -> bool:
    return client.get(INSIDE).status_code == 200


# --- The two steps


def test_the_pages_of_logging_in_are_open_and_say_how_browsers_fill_them(client, db) -> None:
    page = client.get(LOGIN).content.decode()
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    assert "style=" not in page
    assert "<script>" not in page


def test_looking_at_the_log_in_page_leaves_no_session(client, db) -> None:
    client.get(LOGIN)
    assert UserSession.objects.count() == 0


def test_password_and_code_open_the_portal(client, user) -> None:
    assert not is_in(client)
    answer = first_step(client)
    assert answer.url == CODE
    assert 'autocomplete="one-time-code"' in client.get(CODE).content.decode()
    assert client.post(CODE, {"code": code_now()}).url == "/"
    assert is_in(client)


def test_the_password_alone_opens_nothing(client, user) -> None:
    first_step(client)
    assert "_auth_user_id" not in client.session
    assert not is_in(client)


@pytest.mark.parametrize("write", [str, lambda c: f" {c[:3]} {c[3:]} ", lambda c: c.translate(FULL_WIDTH)])
def test_the_code_may_be_typed_full_width_and_with_spaces(client, user, write) -> None:
    first_step(client, "９００１")
    assert client.post(CODE, {"code": write(code_now())}).status_code == 302
    assert is_in(client)


FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def test_the_second_step_without_the_first_leads_back(client, user) -> None:
    for path in (CODE, RECOVERY, ENROLL):
        assert client.get(path).url == LOGIN
        assert client.post(path, {"code": code_now()}).url == LOGIN
    assert not is_in(client)


def test_the_second_step_waits_ten_minutes(client, user, clock) -> None:
    first_step(client)
    clock.move(minutes=10, seconds=1)
    assert client.post(CODE, {"code": code_now()}).url == LOGIN
    assert not is_in(client)


def test_another_person_may_start_over(client, user) -> None:
    first_step(client)
    assert client.post("/accounts/login/restart/").url == LOGIN
    assert client.get(CODE).url == LOGIN


def test_one_code_opens_one_session(client, user) -> None:
    code = code_now()
    first_step(client)
    client.post(CODE, {"code": code})
    other = Client()
    first_step(other)
    answer = other.post(CODE, {"code": code})
    assert answer.status_code == 422
    assert not is_in(other)


def test_after_log_in_the_page_that_was_asked_for_opens_but_never_another_site(client, user, forget_last_code) -> None:
    asked = client.get(INSIDE)
    assert asked.url == f"{LOGIN}?next={quote(INSIDE, safe='')}"
    assert f'name="next" value="{INSIDE}"' in client.get(asked.url).content.decode()
    first_step(client, next=INSIDE)
    assert client.post(CODE, {"code": code_now()}).url == INSIDE
    for elsewhere in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
        forget_last_code()
        other = Client()
        assert "evil" not in other.get(LOGIN, {"next": elsewhere}).content.decode()
        first_step(other, next=elsewhere)
        assert other.post(CODE, {"code": code_now()}).url == "/"


# --- What an attacker learns


def test_unknown_number_wrong_password_and_ended_account_look_the_same(client, make_user) -> None:
    make_user("9001")
    make_user("9002", is_active=False)
    pages = set()
    for number, password in (("9001", "wrong"), ("8888", "wrong"), ("8889", PASSWORD), ("9002", PASSWORD)):
        answer = first_step(Client(), number, password)
        assert answer.status_code == 422
        body = answer.content.decode()
        assert WRONG in body
        body = re.sub(r'(value|data-csrf)="[^"]*"', "", body)
        pages.add(re.sub(r"A-\d{8}-[0-9A-F]{8}", "", body))
    assert len(pages) == 1


def test_five_failures_lock_a_number_for_thirty_minutes_whether_it_exists_or_not(user, clock) -> None:
    bodies = []
    for number in ("9001", "8888"):
        client = Client()
        for _ in range(4):
            assert first_step(client, number, "wrong").status_code == 422
        last = first_step(client, number, "wrong")
        assert last.status_code == 429
        bodies.append(LOCKED in last.content.decode())
    assert bodies == [True, True]
    assert first_step(Client()).status_code == 429, "the right password does not help while locked"
    clock.move(minutes=29)
    assert first_step(Client()).status_code == 429
    clock.move(minutes=2)
    assert first_step(Client()).status_code == 302


def test_other_staff_are_not_locked_with_one(client, make_user) -> None:
    make_user("9001")
    make_user("9002")
    for _ in range(5):
        first_step(client, "9001", "wrong")
    assert first_step(client, "9002").status_code == 302


def test_failures_of_the_second_step_are_stored_and_lock(client, user, clock) -> None:
    first_step(client)
    for count in range(1, 5):
        assert client.post(CODE, {"code": wrong_code()}).status_code == 422
        assert SecondFactor.objects.get(user=user).failure_count == count
    assert client.post(CODE, {"code": wrong_code()}).status_code == 429
    assert client.post(CODE, {"code": code_now()}).status_code == 429
    other = Client()
    first_step(other)
    assert other.post(CODE, {"code": code_now()}).status_code == 429, "a new session does not help"
    clock.move(minutes=31)
    first_step(other)
    assert other.post(CODE, {"code": code_now()}).status_code == 302


def test_a_right_password_does_not_wipe_the_failures_before_the_second_factor(client, user) -> None:
    for _ in range(4):
        first_step(client, password="wrong")
    assert first_step(client).status_code == 302
    assert first_step(Client(), password="wrong").status_code == 429


# --- Session key


def test_a_session_planted_before_log_in_is_worth_nothing_after_it(client, user) -> None:
    first_step(client)
    planted = client.cookies["sessionid"].value
    client.post(CODE, {"code": code_now()})
    assert client.cookies["sessionid"].value != planted
    thief = Client()
    thief.cookies["sessionid"] = planted
    assert not is_in(thief)


def test_both_steps_change_the_key(client, user) -> None:
    first_step(client)
    one = client.cookies["sessionid"].value
    first_step(client)
    two = client.cookies["sessionid"].value
    assert one != two


def test_the_table_of_sessions_opens_no_session(client, user, sign_in) -> None:
    sign_in(client)
    key = client.cookies["sessionid"].value
    row = UserSession.objects.get(user=user)
    assert row.session_key == stored_key(key) != key
    thief = Client()
    thief.cookies["sessionid"] = row.session_key
    assert not is_in(thief)


# --- Enrolment and recovery


def enrol(client: Client, user: User) -> list[str]:
    from kumiai.accounts.one_time_codes import code_at

    assert first_step(client, user.staff_number).url == ENROLL
    page = client.get(ENROLL).content.decode()
    assert "<svg" in page
    assert "style=" not in page
    secret = SecondFactor.objects.get(user=user).secret
    answer = client.post(ENROLL, {"code": code_at(secret, at=timezone.now().timestamp())})
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    return re.findall(r"<code>([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})</code>", answer.content.decode())


def test_the_first_log_in_registers_an_application_and_shows_the_recovery_codes_once(client, make_user) -> None:
    person = make_user(enrolled=False)
    codes = enrol(client, person)
    assert len(codes) == 10
    assert is_in(client)
    assert client.get(ENROLL).url == "/"
    for path in (INSIDE, "/accounts/recovery-codes/"):
        page = client.get(path).content.decode()
        assert not any(code in page for code in codes)


def test_the_secret_is_shown_as_text_while_registering_and_stays_the_same_on_reload(client, make_user) -> None:
    from kumiai.accounts.one_time_codes import secret_as_text

    person = make_user(enrolled=False)
    first_step(client)
    text = secret_as_text(SecondFactor.objects.get(user=person).secret)
    assert text in client.get(ENROLL).content.decode()
    assert text in client.get(ENROLL).content.decode()


def test_who_is_registered_never_sees_the_registration_again(client, user) -> None:
    first_step(client)
    assert client.get(ENROLL).url == CODE
    assert client.post(ENROLL, {"code": code_now()}).url == CODE


def test_a_recovery_code_opens_once(client, make_user) -> None:
    person = make_user(enrolled=False)
    codes = enrol(client, person)
    for attempt, expected in ((1, 302), (2, 422)):
        other = Client()
        first_step(other)
        assert other.post(RECOVERY, {"code": codes[0].lower()}).status_code == expected, attempt
    assert (
        "残りは9個" in str(Client().get(LOGIN).content.decode())
        or SecondFactor.objects.filter(recovery_codes__used_at__isnull=False).exists()
    )


# --- The way out, and what is written down


def test_log_out_is_a_post_and_ends_the_session(client, user, sign_in) -> None:
    sign_in(client)
    assert client.get("/accounts/logout/").status_code == 405
    assert is_in(client)
    assert client.post("/accounts/logout/").url == LOGIN
    assert not is_in(client)
    assert not UserSession.objects.filter(user=user).exists()


def test_forms_without_the_token_are_refused(user) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(LOGIN, {"staff_number": "9001", "password": PASSWORD}).status_code == 403


def test_nothing_personal_and_no_secret_reaches_the_logs(client, user, sign_in, caplog) -> None:
    with caplog.at_level(logging.DEBUG):
        first_step(client, password="typed-by-mistake")
        first_step(client)
        client.post(CODE, {"code": wrong_code()})
        code = code_now()
        client.post(CODE, {"code": code})
        client.get(INSIDE)
        client.post("/accounts/logout/")
    said = "\n".join(
        record.getMessage() for record in caplog.records if not record.name.startswith(("django.db.backends", "axes"))
    )
    for secret in (user.name, user.kana, "花子", PASSWORD, "typed-by-mistake", code):
        assert secret not in said


def test_the_records_of_failures_hold_neither_password_nor_name(client, user) -> None:
    from axes.models import AccessAttempt

    first_step(client, password="typed-by-mistake")
    first_step(client)
    client.post(CODE, {"code": code_now()})
    passwords = ("typed-by-mistake-2", "yozora-no-mukou-21", "yozora-no-mukou-21")
    client.post(
        "/accounts/password/", dict(zip(("old_password", "new_password", "new_password_again"), passwords, strict=True))
    )
    attempts = AccessAttempt.objects.all()
    kept = " ".join(str(getattr(a, field.attname)) for a in attempts for field in a._meta.concrete_fields)
    assert "9001" in kept
    for secret in ("typed-by-mistake", "yozora", "花子"):
        assert secret not in kept


@pytest.mark.django_db
def test_a_name_typed_where_the_number_belongs_is_no_try_and_is_kept_nowhere(client, owner):
    from axes.models import AccessAttempt

    answer = first_step(client, "架空花子")
    assert answer.status_code == 422
    assert "職員番号は半角の英数字で入れてください。" in answer.content.decode()
    with owner():
        assert not AccessAttempt.objects.exists()
    first_step(client, "9999")
    with owner():
        assert AccessAttempt.objects.get().username == "9999"
