"""A reference number for every request, shown on error pages and written in the logs."""

from __future__ import annotations

import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from kumiai.ui import logs


class ErrorReferenceMiddleware:
    """Gives each request its number; a clerk reads it out, an administrator finds the line by it."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        number = f"A-{timezone.localdate():%Y%m%d}-{secrets.token_hex(4).upper()}"
        request.reference = number  # type: ignore[attr-defined]
        token = logs.reference.set(number)
        try:
            return self.get_response(request)
        finally:
            logs.reference.reset(token)
