from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "members.payments"
    label = "payments"
    verbose_name = "口座・支払"

    def ready(self) -> None:
        from members.enrollment import neighbours
        from members.payments.neighbour import NEIGHBOUR

        neighbours.register(NEIGHBOUR)
