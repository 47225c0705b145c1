"""Employers on the administration pages. Members have screens of their own and never stand here."""

from typing import Any

from django.contrib import admin

from members.enrollment.models import Employer


@admin.register(Employer)
class EmployerAdmin(admin.ModelAdmin):
    """事業所. An employer is ended by its period; it is not deleted, because people's periods refer to it."""

    list_display = ("symbol", "number", "name", "address", "period")
    search_fields = ("symbol", "name", "kana")
    ordering = ("symbol",)

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False
