from django.apps import AppConfig


class RemunerationConfig(AppConfig):
    name = "members.remuneration"
    label = "remuneration"
    verbose_name = "標準報酬"
