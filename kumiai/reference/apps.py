from django.apps import AppConfig


class ReferenceConfig(AppConfig):
    name = "kumiai.reference"
    label = "reference"
    verbose_name = "法令の数値"
