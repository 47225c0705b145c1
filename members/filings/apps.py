from django.apps import AppConfig


class FilingsConfig(AppConfig):
    name = "members.filings"
    label = "filings"
    verbose_name = "届出"
