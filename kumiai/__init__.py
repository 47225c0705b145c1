"""The Django project. It never imports the privacy kernel or a domain wing."""

from kumiai.celery import app as celery_app

__all__ = ["celery_app"]
