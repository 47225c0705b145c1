from django.apps import AppConfig


class CheckupsConfig(AppConfig):
    name = "health_programs.checkups"
    label = "checkups"
    verbose_name = "健康診査"
