"""Which filings a second person approves, on the administration pages."""

from typing import Any

from django.contrib import admin

from members.filings.models import FilingRule


@admin.register(FilingRule)
class FilingRuleAdmin(admin.ModelAdmin):
    """届の承認の設定. A setting is switched off, not deleted."""

    list_display = ("kind", "second_person", "second_person_corrections", "basis")
    ordering = ("kind",)

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False
