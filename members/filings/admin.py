"""Which filings a second person approves, on the administration pages."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest

from members.filings.models import FilingRule
from privacy.notice.safeguards import may_switch_off, sentence, waiting_for

SWITCHES = ("second_person", "second_person_corrections")


@admin.register(FilingRule)
class FilingRuleAdmin(admin.ModelAdmin):
    """届の承認の設定. A setting is switched off, not deleted."""

    list_display = ("kind", "second_person", "second_person_corrections", "basis")
    ordering = ("kind",)

    def save_model(self, request: HttpRequest, obj: FilingRule, form: Any, change: bool) -> None:
        """What is switched off needs two administrators: the first one's wish waits, and the switch stays on."""
        stood = FilingRule.objects.get(pk=obj.pk) if change else None
        for name in SWITCHES:
            if stood is None or not getattr(stood, name) or getattr(obj, name):
                continue
            safeguard = f"filings.{obj.kind}.{name}"
            if not may_switch_off(safeguard, by=request.user):
                setattr(obj, name, True)
                waiting = waiting_for(safeguard)
                self.message_user(request, sentence(waiting) if waiting else "", messages.WARNING)
        super().save_model(request, obj, form, change)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return () if obj is None else ("kind",)

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False
