from django.apps import AppConfig


class MailingConfig(AppConfig):
    name = "kumiai.mailing"
    label = "mailing"
    verbose_name = "メール送信"

    def ready(self) -> None:
        from kumiai.mailing import checks  # noqa: F401  (registers the checks)
