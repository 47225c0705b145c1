from django.apps import AppConfig


class GuideConfig(AppConfig):
    name = "kumiai.guide"
    label = "guide"
    verbose_name = "使い方"
