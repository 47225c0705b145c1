"""The administration site: stock Django admin, behind the portal's own log-in with its second factor."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from kumiai.accounts.paths import safe_next
from kumiai.ui.declarations import NO_PERSONAL_DATA


class PortalAdminSite(AdminSite):
    """Open to active staff with `is_staff` whose second factor has been verified in this session."""

    site_title = "管理サイト"
    site_header = "健康保険組合ポータル　管理サイト"
    index_title = "管理"
    site_url = "/"

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        if not super().has_permission(request):
            return False
        is_verified = getattr(user, "is_verified", None)
        return bool(is_verified and is_verified())

    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """No second log-in form: to the portal's page, or home for somebody who is in but may not come here."""
        target = safe_next(request, request.GET.get(REDIRECT_FIELD_NAME, "")) or reverse(
            "admin:index", current_app=self.name
        )
        if self.has_permission(request):
            return redirect(target)
        if request.user.is_authenticated:
            return redirect("home")
        return redirect(f"{reverse('accounts:login')}?{urlencode({REDIRECT_FIELD_NAME: target})}")

    # The one address of AdminSite that is not wrapped, so it says for itself that it touches nobody.
    login.activity = NO_PERSONAL_DATA  # type: ignore[attr-defined]

    def logout(self, request: HttpRequest, extra_context: dict | None = None) -> Any:
        """The portal's own log-out; `admin:logout` is reached by POST only."""
        logout(request)
        return redirect("accounts:login")

    def password_change(self, request: HttpRequest, extra_context: dict | None = None) -> Any:
        """The portal's own page, which checks the present password against the lock-out."""
        return redirect("accounts:password-change")


class PortalAdminConfig(AdminConfig):
    """Puts PortalAdminSite in the place of django.contrib.admin.site."""

    default_site = "kumiai.accounts.admin_site.PortalAdminSite"
