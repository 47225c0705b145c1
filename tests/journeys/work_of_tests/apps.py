from django.apps import AppConfig

SOURCE = "work_of_tests.orders"


class WorkOfTestsConfig(AppConfig):
    name = "tests.journeys.work_of_tests"
    label = "work_of_tests"

    def ready(self) -> None:
        """A decision of nobody's, so that a journey has something to pay."""
        from members.payments import sources
        from privacy.notice.register import Purpose

        sources.register(SOURCE, "試験の給付", Purpose.BENEFIT_PAYMENT)
