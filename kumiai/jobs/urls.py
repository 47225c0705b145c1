"""Addresses of the jobs."""

app_name = "jobs"
urlpatterns: list = []
