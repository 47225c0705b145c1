"""ASGI entry. Runs the checks first, because ASGI servers do not: an undeclared screen never serves."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kumiai.settings")

from django.core.asgi import get_asgi_application  # noqa: E402  (settings first)

application = get_asgi_application()

from django.core.management import call_command  # noqa: E402  (apps are loaded now)

call_command("check", databases=["default"], fail_level="ERROR")
