from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "members.intake"
    label = "intake"
    verbose_name = "取り込み"
