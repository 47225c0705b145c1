"""Staff and second-factor resets in Django admin. The privacy kernel decides under which activity these pages run."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, AdminUserCreationForm, UserChangeForm
from django.db.models import ForeignKey, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils import timezone
from django.utils.module_loading import import_string

from kumiai.accounts import actions
from kumiai.accounts.login import the_user
from kumiai.accounts.models import SecondFactorReset, User


class StaffCreationForm(AdminUserCreationForm):
    """A new account with a first password, which its owner must change."""

    class Meta:
        model = User
        fields = ("staff_number", "name", "kana")

    def save(self, commit: bool = True) -> User:
        self.instance.must_change_password = True
        return super().save(commit=commit)


class StaffChangeForm(UserChangeForm):
    """Whoever has left may not log in, so 「有効」 follows 退職日時. What sections may not be joined, settings say."""

    class Meta(UserChangeForm.Meta):
        model = User
        field_classes = {}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("left_at"):
            cleaned["is_active"] = False
        if "groups" in cleaned and settings.MEMBERSHIP_CHECK:
            for problem in import_string(settings.MEMBERSHIP_CHECK)(self.instance, cleaned["groups"]):
                self.add_error("groups", problem)
        return cleaned


class StaffPasswordForm(AdminPasswordChangeForm):
    """A password set by an administrator is good for one log-in: its owner must change it."""

    def save(self, commit: bool = True) -> User:
        self.user.must_change_password = True
        return super().save(commit=commit)


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    """職員。No deleting; nobody changes their own rights, and only a superuser those of a superuser."""

    form = StaffChangeForm
    add_form = StaffCreationForm
    change_password_form = StaffPasswordForm
    list_display = ("staff_number", "name", "kana", "section", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff", "section", "groups")
    list_select_related = ("section",)
    search_fields = ("staff_number", "name", "kana")
    ordering = ("staff_number",)
    filter_horizontal = ("groups", "user_permissions")
    readonly_fields = ("last_login", "created_at")
    fieldsets = (
        (None, {"fields": ("staff_number", "password", "must_change_password")}),
        ("職員", {"fields": ("name", "kana", "email", "section")}),
        ("権限", {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        ("日時", {"fields": ("last_login", "created_at", "left_at")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("staff_number", "name", "kana", "password1", "password2")}),
    )
    rights = ("is_active", "is_staff", "is_superuser", "groups", "user_permissions", "left_at")

    def get_urls(self) -> list[URLPattern]:
        """Django names the model admin on all its views but that of the password; every page here is found by it."""
        urls = super().get_urls()
        for url in urls:
            if url.callback is not None and not hasattr(url.callback, "model_admin"):
                url.callback.model_admin = self  # type: ignore[attr-defined]
        return urls

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        own = super().get_readonly_fields(request, obj)
        if obj is not None and obj.pk == request.user.pk:
            return (*own, *self.rights)
        if not request.user.is_superuser:
            return (*own, "is_superuser", "user_permissions")
        return tuple(own)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False


class ResetForm(forms.ModelForm):
    """Whose second factor, and why."""

    class Meta:
        model = SecondFactorReset
        fields = ("person", "reason")

    by: User

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        person = cleaned.get("person")
        if person is not None:
            try:
                actions.check_can_request_reset(person=person, by=self.by)
            except actions.UnableToReset as error:
                self.add_error("person", str(error))
        return cleaned


@admin.register(SecondFactorReset)
class SecondFactorResetAdmin(admin.ModelAdmin):
    """二要素認証のリセット。Requests are added here; another administrator approves them from the list."""

    form = ResetForm
    list_display = ("person_name", "state", "reason", "requested_by_name", "requested_at", "decided_by_name")
    list_filter = ("requested_at",)
    list_select_related = ("person", "requested_by", "approved_by", "withdrawn_by")
    ordering = ("-requested_at",)
    actions = ("approve", "withdraw")
    autocomplete_fields = ("person",)
    facts = (
        "requested_by",
        "requested_at",
        "approved_by",
        "approved_at",
        "withdrawn_by",
        "withdrawn_at",
    )

    @admin.display(description="対象の職員")
    def person_name(self, reset: SecondFactorReset) -> str:
        return f"{reset.person.staff_number}　{reset.person.name}"

    @admin.display(description="申請者")
    def requested_by_name(self, reset: SecondFactorReset) -> str:
        return reset.requested_by.name

    @admin.display(description="承認者・取り下げた人")
    def decided_by_name(self, reset: SecondFactorReset) -> str:
        decided = reset.approved_by or reset.withdrawn_by
        return decided.name if decided else "―"

    @admin.display(description="状態")
    def state(self, reset: SecondFactorReset) -> str:
        if reset.approved_at:
            return "承認済み"
        return "取り下げ" if reset.withdrawn_at else "承認待ち"

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.by = request.user
        return form

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        field: Any = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and db_field.name == "person":
            field.label_from_instance = lambda user: f"{user.staff_number}　{user.name}"
        return field

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("person", "reason") if obj is None else ("person", "reason", *self.facts)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if obj is None else ("person", "reason", *self.facts)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A request is a record: it is approved or withdrawn from the list, and never edited."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_approve_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.approve_secondfactorreset")

    def save_model(self, request: HttpRequest, obj: SecondFactorReset, form: Any, change: bool) -> None:
        made = actions.request_second_factor_reset(
            person=obj.person, reason=obj.reason, by=the_user(request), at=timezone.now()
        )
        obj.pk = made.pk
        obj.requested_by, obj.requested_at = made.requested_by, made.requested_at

    @admin.action(description="選択したリセットを承認する", permissions=["approve"])
    def approve(self, request: HttpRequest, queryset: QuerySet[SecondFactorReset]) -> None:
        self._each(request, queryset, actions.approve_second_factor_reset, "承認しました。")

    @admin.action(description="選択したリセットを取り下げる", permissions=["add"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[SecondFactorReset]) -> None:
        self._each(request, queryset, actions.withdraw_second_factor_reset, "取り下げました。")

    def _each(self, request: HttpRequest, queryset: QuerySet[SecondFactorReset], act: Any, done: str) -> None:
        for reset in queryset.select_related("person"):
            try:
                act(reset=reset, by=the_user(request), at=timezone.now())
            except actions.UnableToReset as error:
                self.message_user(request, f"職員番号{reset.person}：{error}", messages.ERROR)
            else:
                self.log_change(request, reset, done)
                self.message_user(request, f"職員番号{reset.person}：{done}", messages.SUCCESS)
