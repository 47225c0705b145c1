from django.apps import AppConfig


class LifecycleConfig(AppConfig):
    name = "members.lifecycle"
    label = "lifecycle"
    verbose_name = "任意継続・年齢到達"

    def ready(self) -> None:
        from members.enrollment import neighbours
        from members.lifecycle.neighbour import NEIGHBOUR

        neighbours.register(NEIGHBOUR)
