from django.apps import AppConfig


class FilingsConfig(AppConfig):
    name = "members.filings"
    label = "filings"
    verbose_name = "届出"

    def ready(self) -> None:
        from members.enrollment import neighbours
        from members.filings.neighbour import NEIGHBOUR

        neighbours.register(NEIGHBOUR)
