"""Step-up: the second factor once more before something that must not happen at an unattended desk.

    class OutputFetch(StepUp, View):
        activity = …
        def step_up_return(self, request): return reverse("outputs:output-detail", args=[…])   # after a POST

Good for five minutes in this session, whatever it was asked for. A log-in does not count: it is the second factor *again*.
"""

from __future__ import annotations

import time
from typing import Any

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.http import urlencode

from kumiai.accounts.paths import safe_next

SECONDS = 300
_AT = "accounts.stepped_up_at"


def remember(request: HttpRequest) -> None:
    """The code was right, now."""
    request.session[_AT] = int(time.time())


def is_fresh(request: HttpRequest) -> bool:
    """Whether the second factor was shown in this session within the last five minutes."""
    at = request.session.get(_AT)
    return at is not None and 0 <= time.time() - at < SECONDS


def ask(request: HttpRequest, *, then: str) -> HttpResponse:
    """To the page that asks for the code, and from there to `then`, a path of this site with ids only."""
    url = f"{resolve_url('accounts:step-up')}?{urlencode({REDIRECT_FIELD_NAME: safe_next(request, then)})}"
    response = HttpResponse(status=302, headers={"Location": url})
    if "HX-Request" in request.headers:
        response = HttpResponse(status=204, headers={"HX-Redirect": url})
    return response


class StepUp:
    """Mixin for a view that opens only after the second factor was shown again. Stands before View."""

    def step_up_return(self, request: HttpRequest) -> str:
        """Where to go on after the code. A posted form is not repeated by itself, so its page is opened again."""
        return request.get_full_path()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_fresh(request):
            return ask(request, then=self.step_up_return(request))
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
