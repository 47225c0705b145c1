"""The portal's settings with the work of the tests, a short patience with dead workers and a quick clock."""

from kumiai.settings import *  # noqa: F403  (settings are taken over whole)
from kumiai.settings import CELERY_BEAT_SCHEDULE, INSTALLED_APPS

INSTALLED_APPS = ["tests.journeys.work_of_tests.apps.WorkOfTestsConfig", *INSTALLED_APPS]
ROOT_URLCONF = "tests.journeys.work_of_tests.urls"
JOB_HEARTBEAT_SECONDS = 2
CELERY_BEAT_SCHEDULE = {
    name: CELERY_BEAT_SCHEDULE[name] | {"schedule": 2.0} for name in ("jobs.reap", "accesslog.seal")
}
