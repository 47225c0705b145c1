from django.apps import AppConfig


class CashConfig(AppConfig):
    name = "benefits.cash"
    label = "cash"
    verbose_name = "現金給付"
