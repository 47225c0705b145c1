"""A reference number for every request, shown on error pages and written in the logs."""

from __future__ import annotations

import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone


class ErrorReferenceMiddleware:
    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.reference = f"A-{timezone.localdate():%Y%m%d}-{secrets.token_hex(4).upper()}"  # type: ignore[attr-defined]
        return self.get_response(request)
