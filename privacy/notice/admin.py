"""Administration of grants, in Django admin under the activity 職員の権限の管理.

Who may come here is decided at the door: the activity's scope proves the grant before a page is built.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest

from kumiai.accounts.models import User
from privacy.activities import activity_by_code
from privacy.notice.actions import UnableToGrant, UnableToOpenCase, approve_case, check_can_administer, grant, withdraw
from privacy.notice.forms import GrantForm, StatutoryCaseForm
from privacy.notice.models import (
    OPERATIONS,
    DutySeparation,
    NoticeVersion,
    Publication,
    PublishedUse,
    PublishedUseGroupPermission,
    SectionHead,
    StatutoryCase,
)

GrantChange = PublishedUseGroupPermission.history.model


class Governed(admin.ModelAdmin):
    """Open to staff of the admin site; the activity's scope has proved the grant. Read-only unless a page says more.

    The activity of these pages is declared in settings.VIEW_ACTIVITIES.
    """

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


@admin.register(NoticeVersion)
class NoticeVersionAdmin(Governed):
    """公表の版, to read: versions are loaded by the owner's command."""

    list_display = ("__str__", "published_date", "starts", "ends", "uses")
    ordering = ("-number",)
    fields = ("number", "published_date", "starts", "ends", "association")
    readonly_fields = ("starts", "ends")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).annotate(use_count=models.Count("publications"))

    @admin.display(description="始まり")
    def starts(self, version: NoticeVersion) -> Any:
        return version.period.lower

    @admin.display(description="終わり（含まない）", empty_value="―")
    def ends(self, version: NoticeVersion) -> Any:
        return version.period.upper

    @admin.display(description="利用の数")
    def uses(self, version: Any) -> int:
        return version.use_count


class LatestWords:
    """Columns that say a use in the words of its latest publication."""

    def _words(self, use: PublishedUse) -> Publication | None:
        lines = list(use.publications.all())
        return max(lines, key=lambda line: line.version_id) if lines else None

    @admin.display(description="番号")
    def number(self, row: Any) -> str:
        line = self._words(self._use(row))
        return line.number if line else "―"

    @admin.display(description="個人情報の類型")
    def category_label(self, row: Any) -> str:
        line = self._words(self._use(row))
        return line.category_label if line else self._use(row).key

    @admin.display(description="利用目的")
    def purpose_label(self, row: Any) -> str:
        line = self._words(self._use(row))
        return line.purpose_label if line else ""

    def _use(self, row: Any) -> PublishedUse:
        use: PublishedUse = row if isinstance(row, PublishedUse) else row.content_object
        return use


@admin.register(PublishedUse)
class PublishedUseAdmin(LatestWords, Governed):
    """公表している利用, to read."""

    list_display = ("number", "category_label", "purpose_label", "key")
    list_display_links = ("purpose_label",)
    list_select_related = ("category",)
    list_per_page = 100
    ordering = ("pk",)
    search_fields = ("key", "publications__category_label", "publications__purpose_label")
    fields = ("key", "number", "category_label", "purpose_label")
    readonly_fields = ("number", "category_label", "purpose_label")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).prefetch_related("publications")


class OperationFilter(admin.SimpleListFilter):
    """Narrow grants to one of the four operations."""

    title = "できること"
    parameter_name = "operation"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return OPERATIONS

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        return queryset.filter(permission__codename=self.value()) if self.value() else queryset


WORDS_OF_CHANGE = {"+": "与えた", "~": "直した", "-": "取り上げた"}


class ChangeFilter(admin.SimpleListFilter):
    """Narrow changes of grants to those given or those taken away."""

    title = "変更"
    parameter_name = "change"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(WORDS_OF_CHANGE.items())

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        return queryset.filter(history_type=self.value()) if self.value() else queryset


@admin.register(PublishedUseGroupPermission)
class GrantAdmin(LatestWords, Governed):
    """権限. Given with a basis and taken away; never edited, never for a group of one's own."""

    class Media:
        css: ClassVar = {"all": ["notice/notice.css"]}

    form = GrantForm
    list_display = ("category_label", "purpose_label", "group", "operation", "basis", "granted_by", "granted_at")
    list_display_links = ("purpose_label",)
    list_filter = ("group", OperationFilter)
    list_select_related = ("group", "permission", "content_object")
    search_fields = ("content_object__key", "content_object__publications__purpose_label", "basis")
    ordering = ("content_object_id", "group_id", "permission_id")
    list_per_page = 100
    readonly_fields = ("category_label", "purpose_label", "operation", "granted_by", "granted_at")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        names = User.objects.filter(pk=models.OuterRef("granted_by_id")).values("name")[:1]
        return (
            super()
            .get_queryset(request)
            .prefetch_related("content_object__publications")
            .annotate(granted_by_name=models.Subquery(names))
        )

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ("content_object", "group", "operations", "basis")
        return ("category_label", "purpose_label", "group", "operation", "basis", "granted_by", "granted_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_module_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if not self.has_module_permission(request):
            return False
        if obj is None:
            return True
        try:
            check_can_administer(group=obj.group, by=request.user)  # type: ignore[arg-type]
        except UnableToGrant:
            return False
        return True

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        made = super().get_form(request, obj, change, **kwargs)
        made.administrator = request.user  # type: ignore[attr-defined]
        if "group" in made.base_fields:
            section = made.base_fields["group"].widget
            section.can_add_related = section.can_change_related = section.can_view_related = False  # type: ignore[attr-defined]
        return made

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        given = grant(
            use=form.cleaned_data["content_object"],
            group=form.cleaned_data["group"],
            operations=form.cleaned_data["operations"],
            basis=form.cleaned_data["basis"],
            by=request.user,  # type: ignore[arg-type]
        )
        obj.pk, obj.permission = given[0].pk, given[0].permission

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        withdraw(held=obj, by=request.user)  # type: ignore[arg-type]

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for held in queryset:
            withdraw(held=held, by=request.user)  # type: ignore[arg-type]

    @admin.display(description="できること", ordering="permission__codename")
    def operation(self, held: PublishedUseGroupPermission) -> str:
        return held.permission.name

    @admin.display(description="与えた職員", empty_value="導入時")
    def granted_by(self, held: Any) -> Any:
        return held.granted_by_name


@admin.register(GrantChange)
class GrantChangeAdmin(Governed):
    """権限の変更, to read: written by the database whichever way a grant is given or taken."""

    list_display = ("history_date", "what", "group", "operation", "content_object", "basis", "who")
    list_filter = (("group", admin.RelatedOnlyFieldListFilter), ChangeFilter, OperationFilter)
    list_select_related = ("group", "permission", "content_object")
    ordering = ("-history_date", "-history_id")
    list_per_page = 100

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        names = User.objects.filter(pk=models.OuterRef("history_user_id")).values("name")[:1]
        return super().get_queryset(request).annotate(who_name=models.Subquery(names))

    @admin.display(description="変更")
    def what(self, change: Any) -> str:
        return WORDS_OF_CHANGE[change.history_type]

    @admin.display(description="できること")
    def operation(self, change: Any) -> str:
        return change.permission.name

    @admin.display(description="職員", empty_value="導入時")
    def who(self, change: Any) -> Any:
        return change.who_name


@admin.register(StatutoryCase)
class StatutoryCaseAdmin(Governed):
    """法令に基づく案件. Asked for by one, approved by another; it ends by itself."""

    form = StatutoryCaseForm
    list_display = (
        "case_number",
        "title",
        "article",
        "user",
        "requested_by",
        "approved_by",
        "valid_from",
        "valid_until",
    )
    list_select_related = ("user", "requested_by", "approved_by")
    ordering = ("-valid_from",)
    search_fields = ("case_number",)
    actions = ("approve",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_module_permission(request)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        asked = ["activity", "case_number", "reason", "subject_id", "user", "valid_from", "valid_until"]
        return asked if obj is None else ["title", "article", *asked[1:], "requested_by", "approved_by"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return () if obj is None else ("title",)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        statute = activity_by_code(obj.activity).statute
        if statute is None:
            raise UnableToOpenCase("法令に基づく活動ではありません。")
        obj.article, obj.second_person = statute.article, statute.second_person
        obj.requested_by = request.user
        super().save_model(request, obj, form, change)

    @admin.display(description="活動")
    def title(self, case: StatutoryCase) -> str:
        try:
            return activity_by_code(case.activity).title
        except LookupError:
            return case.activity

    @admin.action(description="選んだ案件を承認する", permissions=["view"])
    def approve(self, request: HttpRequest, queryset: Any) -> None:
        for case in queryset:
            try:
                approve_case(case=case, by=request.user)  # type: ignore[arg-type]
            except UnableToOpenCase as error:
                self.message_user(request, str(error), messages.ERROR)
            else:
                self.message_user(request, f"案件 {case} を承認しました。", messages.SUCCESS)


@admin.register(SectionHead)
class SectionHeadAdmin(Governed):
    """所属長. Added with the day they begin and ended with a day; nobody makes themselves one."""

    list_display = ("group", "user", "period")
    list_select_related = ("group", "user")
    ordering = ("group_id", "-period")
    fields = ("group", "user", "period")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_module_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request) and (obj is None or obj.user_id != request.user.pk)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "user":
            kwargs["queryset"] = (
                User.objects.filter(is_active=True).exclude(pk=request.user.pk).order_by("staff_number")
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(DutySeparation)
class DutySeparationAdmin(Governed):
    """職務の分離. Which two operations nobody may hold together. Added here; what is loosened stands in the history."""

    list_display = ("first_use", "first_operation", "second_use", "second_operation", "reason")
    list_select_related = ("first_use", "second_use")
    ordering = ("pk",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_module_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)
