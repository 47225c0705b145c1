"""WSGI entry. Runs the checks first, because WSGI servers do not: an undeclared screen never serves."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kumiai.settings")

from django.core.wsgi import get_wsgi_application  # noqa: E402  (settings first)

application = get_wsgi_application()

from django.core.management import call_command  # noqa: E402  (apps are loaded now)

call_command("check", databases=["default"], fail_level="ERROR")
