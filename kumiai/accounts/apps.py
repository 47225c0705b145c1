from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "kumiai.accounts"
    label = "accounts"
    verbose_name = "職員とログイン"

    def ready(self) -> None:
        from kumiai.accounts import checks  # noqa: F401  (registers itself)
