"""Addresses of the kernel's own screens."""

app_name = "privacy"

urlpatterns: list = []
