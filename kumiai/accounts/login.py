"""The way into a session, in two steps: who passed the password waits here for the second factor."""

import time
from dataclasses import dataclass

from django.contrib.auth import login, logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import resolve_url

from kumiai.accounts import sessions
from kumiai.accounts.devices import device_summary
from kumiai.accounts.models import SecondFactor, User
from kumiai.accounts.paths import safe_next
from kumiai.accounts.queries import user_who_may_log_in

_PENDING = "accounts.pending"
PENDING_SECONDS = 600
_BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True)
class Pending:
    """Somebody who gave the right password and still owes the second factor."""

    user: User
    next_path: str


def the_user(request: HttpRequest) -> User:
    """Who is logged in; for pages that nobody sees without being so."""
    if not isinstance(request.user, User):
        raise PermissionDenied("ログインが必要です。")
    return request.user


def clerk_id(request: HttpRequest) -> int:
    """The number of who is at the keyboard; a scope let nobody in without one."""
    return int(request.user.pk or 0)


def remember_password_passed(request: HttpRequest, user: User, next_path: str) -> None:
    """First step done. The session key changes, and nobody is logged in yet."""
    logout(request)  # drops the old session, so the next one has a new key
    request.session[_PENDING] = {"user": user.pk, "at": int(time.time()), "next": safe_next(request, next_path)}


def pending(request: HttpRequest) -> Pending | None:
    """Who is between the two steps; None when nobody is, or for longer than ten minutes."""
    kept = request.session.get(_PENDING)
    if not kept or time.time() - kept["at"] > PENDING_SECONDS:
        return None
    user = user_who_may_log_in(kept["user"])
    return Pending(user, kept["next"]) if user else None


def forget(request: HttpRequest) -> None:
    request.session.pop(_PENDING, None)


def complete(request: HttpRequest, waiting: Pending, factor: SecondFactor) -> str:
    """Second step done: log in under a new session key. Returns where to go."""
    forget(request)
    now = int(time.time())
    request.session[sessions.STARTED_AT] = now
    request.session[sessions.SEEN_AT] = now
    request.session[sessions.DEVICE] = device_summary(request.headers.get("User-Agent", ""))
    waiting.user.otp_device = factor  # django-otp marks the session with it
    login(request, waiting.user, backend=_BACKEND)
    return waiting.next_path or resolve_url("home")
