"""The administration site: stock Django admin, behind the portal's own log-in with its second factor."""

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode


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
        is_verified = getattr(request.user, "is_verified", None)
        if request.user.is_authenticated and is_verified and is_verified():
            return redirect(reverse("home"))
        target = request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index", current_app=self.name)
        return redirect(f"{reverse('accounts:login')}?{urlencode({REDIRECT_FIELD_NAME: target})}")


class PortalAdminConfig(AdminConfig):
    """Puts PortalAdminSite in the place of django.contrib.admin.site."""

    default_site = "kumiai.accounts.admin_site.PortalAdminSite"
