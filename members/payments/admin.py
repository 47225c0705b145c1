"""The association's own account and what its bank asks of a file, on the administration pages."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from members.payments.models import PayerSetting


@admin.register(PayerSetting)
class PayerSettingAdmin(admin.ModelAdmin):
    """振込元の設定. A setting is changed, not deleted: runs refer to it by its kind."""

    list_display = ("title", "kind", "bank_code", "branch_code")
    ordering = ("kind",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return () if obj is None else ("kind",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
