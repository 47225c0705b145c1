from django.apps import AppConfig


class LifecycleConfig(AppConfig):
    name = "members.lifecycle"
    label = "lifecycle"
    verbose_name = "任意継続・年齢到達"
