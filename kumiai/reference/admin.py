"""Administration of the figures of the law, in Django admin under the activity 法令の数値の管理."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from kumiai.reference.models import Holiday, Parameter, ParameterItem, RemunerationGrade, plain


class ReadOnly(admin.ModelAdmin):
    """To read, for staff of the admin site."""

    list_per_page = 100

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and getattr(request.user, "is_staff", False))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class Dated(admin.ModelAdmin):
    """Columns of a row with a period."""

    @admin.display(description="始まり", empty_value="―")
    def starts(self, row: Any) -> Any:
        return row.effective.lower

    @admin.display(description="終わり（含まない）", empty_value="―")
    def ends(self, row: Any) -> Any:
        return row.effective.upper


@admin.register(Parameter)
class ParameterAdmin(Dated, ReadOnly):
    """法令の数値. Added and corrected here, never removed: a figure that ends gets its last day."""

    list_display = ("item", "code", "figure", "starts", "ends", "basis", "status", "note")
    list_filter = ("status",)
    list_select_related = ("item",)
    search_fields = ("item__code", "item__label", "basis")
    ordering = ("item_id", "effective")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_module_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    @admin.display(description="コード", ordering="item__code")
    def code(self, row: Parameter) -> str:
        return row.item.code

    @admin.display(description="値")
    def figure(self, row: Parameter) -> str:
        return f"{plain(row.value):,} {row.item.unit}"


@admin.register(ParameterItem)
class ParameterItemAdmin(ReadOnly):
    """数値の項目, to read: the program names them by code."""

    list_display = ("code", "label", "unit")
    search_fields = ("code", "label")
    ordering = ("pk",)


@admin.register(RemunerationGrade)
class RemunerationGradeAdmin(Dated, ReadOnly):
    """標準報酬の等級, to read."""

    list_display = ("grade", "standard_monthly", "lower", "upper", "standard_daily", "starts", "ends", "basis")
    ordering = ("effective", "grade")

    @admin.display(description="報酬月額 以上")
    def lower(self, row: RemunerationGrade) -> Any:
        return row.remuneration.lower

    @admin.display(description="報酬月額 未満", empty_value="―")
    def upper(self, row: RemunerationGrade) -> Any:
        return row.remuneration.upper


@admin.register(Holiday)
class HolidayAdmin(ReadOnly):
    """国民の祝日, to read."""

    list_display = ("date", "name", "basis", "status")
    list_filter = ("status",)
    date_hierarchy = "date"
    ordering = ("date",)
