"""Addresses of the portal, one include an app."""

from django.contrib import admin
from django.urls import include, path

handler400 = "kumiai.ui.views.bad_request"
handler500 = "kumiai.ui.views.server_error"

urlpatterns = [
    path("", include("kumiai.ui.urls")),
    path("accounts/", include("kumiai.accounts.urls")),
    path("jobs/", include("kumiai.jobs.urls")),
    path("guide/", include("kumiai.guide.urls")),
    path("mail/", include("kumiai.mailing.urls")),
    path("notice/", include("privacy.notice.urls")),
    path("access-log/", include("privacy.accesslog.urls")),
    path("outputs/", include("privacy.outputs.urls")),
    path("members/filings/", include("members.filings.urls")),
    path("members/lifecycle/", include("members.lifecycle.urls")),
    path("members/intake/", include("members.intake.urls")),
    path("members/payments/", include("members.payments.urls")),
    path("members/remuneration/", include("members.remuneration.urls")),
    path("members/", include("members.enrollment.urls")),
    path("benefits/cash/", include("benefits.cash.urls")),
    path("checkups/", include("health_programs.checkups.urls")),
    path("admin/", admin.site.urls),
]
