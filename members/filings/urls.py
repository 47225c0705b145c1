"""Addresses of the screens of 届出."""

app_name = "filings"

urlpatterns: list = []
