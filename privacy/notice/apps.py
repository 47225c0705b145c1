from django.apps import AppConfig


class NoticeConfig(AppConfig):
    name = "privacy.notice"
    label = "notice"
    verbose_name = "公表"
