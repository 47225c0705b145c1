from django.apps import AppConfig


class CashConfig(AppConfig):
    name = "benefits.cash"
    label = "cash"
    verbose_name = "現金給付"

    def ready(self) -> None:
        from members.payments import sources
        from privacy.notice.register import Purpose

        sources.register("cash.decision", "現金給付の決定", Purpose.BENEFIT_PAYMENT)
