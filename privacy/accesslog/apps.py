from django.apps import AppConfig


class AccessLogConfig(AppConfig):
    name = "privacy.accesslog"
    label = "accesslog"
    verbose_name = "閲覧の記録"
