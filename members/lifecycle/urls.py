"""Addresses of the screens of 任意継続・年齢到達."""

app_name = "lifecycle"

urlpatterns: list = []
