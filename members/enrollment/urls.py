"""Addresses of the screens of 加入者台帳."""

app_name = "enrollment"

urlpatterns: list = []
