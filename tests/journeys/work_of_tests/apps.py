from django.apps import AppConfig


class WorkOfTestsConfig(AppConfig):
    name = "tests.journeys.work_of_tests"
    label = "work_of_tests"
