"""Invented staff for the tests of accounts."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import timezone

from kumiai.accounts import one_time_codes
from kumiai.accounts.models import SecondFactor, User

PASSWORD = "amanogawa-no-hotori-7"
SECRET = b"12345678901234567890"


@pytest.fixture(autouse=True)
def quick_hashing(settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def make_user(db, owner) -> Callable[..., User]:
    """A new member of staff, with a registered second factor unless told otherwise."""

    def make(staff_number: str = "9001", *, enrolled: bool = True, **fields) -> User:
        with owner():
            user = User.objects.create_user(
                staff_number, PASSWORD, **{"name": "試験 花子", "kana": "シケン ハナコ", **fields}
            )
            if enrolled:
                factor = SecondFactor(user=user, confirmed=True, confirmed_at=timezone.now())
                factor.secret = SECRET
                factor.save()
        return user

    return make


@pytest.fixture
def user(make_user) -> User:
    return make_user()


class Clock:
    """The server's clock, moved by hand. Starts at the real time, since session rows end by the database's."""

    def __init__(self) -> None:
        self.moved = 0.0

    def time(self) -> float:
        return _real_time() + self.moved

    def move(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0) -> None:
        self.moved += seconds + minutes * 60 + hours * 3600


_real_time = time.time


@pytest.fixture
def clock(monkeypatch) -> Clock:
    moved = Clock()
    monkeypatch.setattr(time, "time", moved.time)
    for place in ("django.utils.timezone.now", "axes.handlers.proxy.now", "axes.attempts.now"):
        monkeypatch.setattr(place, lambda: datetime.fromtimestamp(moved.time(), tz=UTC))
    return moved


def code_now(offset_steps: int = 0) -> str:
    """What the authenticator application of the tests shows now."""
    return one_time_codes.code_at(SECRET, at=time.time() + offset_steps * one_time_codes.STEP_SECONDS)


@pytest.fixture
def sign_in() -> Callable[[Client, str], None]:
    """Through the pages, as a person does."""

    def through_the_pages(client: Client, staff_number: str = "9001", **headers: str) -> None:
        first = client.post("/accounts/login/", {"staff_number": staff_number, "password": PASSWORD}, headers=headers)
        assert first.status_code == 302, first.content.decode()
        second = client.post("/accounts/login/code/", {"code": code_now()}, headers=headers)
        assert second.status_code == 302, second.content.decode()

    return through_the_pages


@pytest.fixture
def forget_last_code(owner) -> Callable[[], None]:
    """Lets the same thirty seconds serve another log-in, where a test is not about replay."""

    def forget() -> None:
        with owner():
            SecondFactor.objects.update(last_step=-1)

    return forget


__all__ = ["PASSWORD", "SECRET", "code_now"]
