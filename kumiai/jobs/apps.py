from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "kumiai.jobs"
    label = "jobs"
    verbose_name = "処理状況"
