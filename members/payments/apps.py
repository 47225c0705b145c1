from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "members.payments"
    label = "payments"
    verbose_name = "口座・支払"
