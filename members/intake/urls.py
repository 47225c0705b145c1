"""Addresses of the screens of 取り込み."""

app_name = "intake"

urlpatterns: list = []
