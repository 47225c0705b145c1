from django.apps import AppConfig


class EnrollmentConfig(AppConfig):
    name = "members.enrollment"
    label = "enrollment"
    verbose_name = "加入者台帳"
