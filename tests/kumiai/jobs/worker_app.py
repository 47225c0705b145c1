"""The portal's Celery application, with the probe among its kinds."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.kumiai.jobs.worker_settings"

from celery.signals import import_modules  # noqa: E402  (settings first)

from kumiai.celery import app  # noqa: E402


@import_modules.connect(weak=False)
def load_probe(**_kwargs: object) -> None:
    import tests.kumiai.jobs.probes  # noqa: F401  (registers the kind)


__all__ = ["app"]
