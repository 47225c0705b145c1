"""Addresses of the screens of 口座・支払."""

from django.urls import path

from members.payments.views import runs

app_name = "payments"

urlpatterns = [
    path("runs/", runs.RunList.as_view(), name="run-list"),
]
