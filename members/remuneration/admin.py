"""The association's average standard remuneration, on the administration pages."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from members.remuneration.models import InsurerAverage


@admin.register(InsurerAverage)
class InsurerAverageAdmin(admin.ModelAdmin):
    """全被保険者の平均. A figure that decisions rest on is changed, not deleted."""

    list_display = ("on", "average", "basis")
    ordering = ("-on",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
