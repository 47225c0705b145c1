"""Who may see a page at all: a verified second factor, thirty minutes without work, twelve hours in all."""

import time
from typing import Any

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import urlencode

from kumiai.accounts import sessions

# The pages of logging in itself, and those that show nothing but what is public.
LOGIN_URL_NAMES = frozenset(
    {
        "accounts:login",
        "accounts:login-code",
        "accounts:login-recovery",
        "accounts:login-restart",
        "accounts:second-factor-enroll",
    }
)
DEFAULT_OPEN_URL_NAMES = (
    "healthz", "mailing:unsubscribe", "notice:notice-public", "notice:notice-json", "notice:notice-csv",
)  # fmt: skip
# Pages reachable while a new password is owed.
PASSWORD_URL_NAMES = frozenset({"accounts:password-change", "accounts:logout", "accounts:session-extend"})
# The session row is written at most once in this many seconds.
WRITE_EVERY_SECONDS = 60
# A request that the page sends by itself. A view may say the same with `polling = True`.
POLLING_HEADER = "X-Polling"


def now() -> int:
    """Seconds since 1970 UTC, by the server's clock."""
    return int(time.time())


def is_polling(request: HttpRequest, view: Any) -> bool:
    view_class = getattr(view, "view_class", view)
    return bool(getattr(view_class, "polling", False)) or POLLING_HEADER in request.headers


class SessionLimitMiddleware:
    """Runs before the scope is opened. Adds no statement to a page, but for one write a minute.

    Leaves on the request: `session_seconds_left`, how long the session lasts if nothing more is done.
    """

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response
        self.open_names = LOGIN_URL_NAMES | set(getattr(settings, "OPEN_URL_NAMES", DEFAULT_OPEN_URL_NAMES))

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        name = match.view_name if match else ""
        user = request.user
        if not user.is_authenticated:
            return None if name in self.open_names else self._to_login(request)
        if not user.is_verified() or self._is_over(request):
            logout(request)
            return None if name in self.open_names else self._to_login(request)
        if not is_polling(request, view):
            self._note_work(request)
        self._say_what_is_left(request)
        if user.must_change_password and name not in PASSWORD_URL_NAMES | self.open_names:
            return redirect("accounts:password-change")
        return None

    def _is_over(self, request: HttpRequest) -> bool:
        """Idle for SESSION_IDLE_SECONDS or older than twelve hours; a session without its times is over."""
        started, seen = request.session.get(sessions.STARTED_AT), request.session.get(sessions.SEEN_AT)
        if started is None or seen is None:
            return True
        return now() - seen >= settings.SESSION_IDLE_SECONDS or now() - started >= settings.SESSION_COOKIE_AGE

    def _note_work(self, request: HttpRequest) -> None:
        if now() - request.session[sessions.SEEN_AT] >= WRITE_EVERY_SECONDS:
            request.session[sessions.SEEN_AT] = now()

    def _say_what_is_left(self, request: HttpRequest) -> None:
        idle = request.session[sessions.SEEN_AT] + settings.SESSION_IDLE_SECONDS
        whole = request.session[sessions.STARTED_AT] + settings.SESSION_COOKIE_AGE
        request.session_seconds_left = max(0, min(idle, whole) - now())  # type: ignore[attr-defined]

    def _to_login(self, request: HttpRequest) -> HttpResponse:
        """To the log-in page, and after it back to the page that was asked for. Fragments make the page go there."""
        login_url = resolve_url(settings.LOGIN_URL)
        if "HX-Request" in request.headers:
            response = HttpResponse(status=401)
            response["HX-Redirect"] = login_url
            return response
        if request.method not in {"GET", "HEAD"}:
            accepts_page = "text/html" in request.headers.get("Accept", "text/html")
            return redirect(login_url) if accepts_page else HttpResponse(status=401)
        if request.path == resolve_url("home"):
            return redirect(login_url)
        return redirect(f"{login_url}?{urlencode({REDIRECT_FIELD_NAME: request.get_full_path()})}")
