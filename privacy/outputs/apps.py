from django.apps import AppConfig


class OutputsConfig(AppConfig):
    name = "privacy.outputs"
    label = "outputs"
    verbose_name = "ファイルの受け渡し"

    def ready(self) -> None:
        from privacy.outputs import checks  # noqa: F401  (registers the checks)
