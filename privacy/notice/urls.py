"""Addresses of the notice."""

app_name = "notice"
urlpatterns: list = []
