from django.apps import AppConfig


class OutputsConfig(AppConfig):
    name = "privacy.outputs"
    label = "outputs"
    verbose_name = "ファイルの受け渡し"
