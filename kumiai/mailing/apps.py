from django.apps import AppConfig


class MailingConfig(AppConfig):
    name = "kumiai.mailing"
    label = "mailing"
    verbose_name = "メール送信"
