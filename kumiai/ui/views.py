"""The first page and the health check."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.generic import TemplateView, View

from kumiai.ui.declarations import NO_PERSONAL_DATA


class Home(TemplateView):
    activity = NO_PERSONAL_DATA
    template_name = "kumiai/ui/home.html"


class Health(View):
    """Answers when the database answers."""

    activity = NO_PERSONAL_DATA

    def get(self, request: HttpRequest) -> HttpResponse:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return JsonResponse({"status": "ok"})
