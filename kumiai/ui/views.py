"""The first page, what a field understood, and the health check."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.defaults import server_error as django_server_error
from django.views.generic import View

from kumiai.ui import formats, kana
from kumiai.ui.declarations import NO_PERSONAL_DATA


class Home(LoginRequiredMixin, View):
    """今日の仕事: a page of fragments, each loaded under its own activity and absent without its grant.

    Which of them this person may load is told by the function that settings name; the fragment itself proves it again.
    """

    activity = NO_PERSONAL_DATA

    def get(self, request: HttpRequest) -> HttpResponse:
        permitted = import_string(settings.HOME_FRAGMENT_FILTER)
        offered = permitted(request.user.pk, [*settings.HOME_FRAGMENTS, settings.HOME_SEARCH_URL_NAME])
        context = {
            # Every fragment says its own purpose; the page itself reads nothing personal.
            "purpose": {"activity": "今日の仕事", "pairs": [], "statute": None, "none": True, "fragments": True},
            "today": timezone.localdate(),
            "fragments": [reverse(name) for name in settings.HOME_FRAGMENTS if name in offered],
            "search_url": reverse(settings.HOME_SEARCH_URL_NAME) if settings.HOME_SEARCH_URL_NAME in offered else "",
        }
        return TemplateResponse(request, "kumiai/ui/home.html", context)


class Understand(LoginRequiredMixin, View):
    """What a date or a reading was understood as, for the line below the field. Stores nothing."""

    activity = NO_PERSONAL_DATA

    def post(self, request: HttpRequest) -> HttpResponse:
        text = request.POST.get("text", "")[:100]
        status = 200
        try:
            if request.POST.get("kind") == "kana":
                read = kana.kana_input(text)
                told = f"{read} として登録します" if read else ""
            else:
                told = formats.parse_date(text).echo if text.strip() else ""
        except (formats.UnreadableDate, kana.NotKana) as problem:
            told, status = str(problem), 422
        return HttpResponse(told, status=status, content_type="text/plain; charset=utf-8")


class Health(View):
    """Answers when the database answers."""

    activity = NO_PERSONAL_DATA

    def get(self, request: HttpRequest) -> HttpResponse:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except DatabaseError:
            return JsonResponse({"status": "unavailable"}, status=503)
        return JsonResponse({"status": "ok"})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page of a request that could not be read, with its number."""
    return HttpResponse(loader.render_to_string("400.html", {"request": request}), status=400)


def server_error(request: HttpRequest) -> Any:
    """The page of an error nobody foresaw, with the number to tell."""
    try:
        return HttpResponse(loader.render_to_string("500.html", {"request": request}), status=500)
    except Exception:  # noqa: BLE001  (the last page must not fail)
        return django_server_error(request)
