"""By-laws and budget of the cash benefits, on the administration pages."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from benefits.cash.models import Budget, DailyAddition, LumpAddition


class KeptAdmin(admin.ModelAdmin):
    """Decisions rest on these rows: they are ended or changed, not deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(DailyAddition)
class DailyAdditionAdmin(KeptAdmin):
    """日ごとの付加金の規約."""

    list_display = ("kind", "percent", "unit", "max_days", "effective", "basis")
    ordering = ("kind", "effective")


@admin.register(LumpAddition)
class LumpAdditionAdmin(KeptAdmin):
    """一時金の付加金の規約."""

    list_display = ("kind", "family", "amount", "effective", "basis")
    ordering = ("kind", "family", "effective")


@admin.register(Budget)
class BudgetAdmin(KeptAdmin):
    """給付の予算."""

    list_display = ("fiscal_year", "kind", "amount")
    ordering = ("-fiscal_year", "kind")
