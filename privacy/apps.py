from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


def build_wall(sender, using: str = "default", plan=None, **_kwargs) -> None:
    """After every migrate, the wall over all tables. This app is the last, so every table stands."""
    from privacy.wall import build

    if using == "default":
        build()


class PrivacyConfig(AppConfig):
    name = "privacy"
    label = "privacy"
    verbose_name = "個人情報の取扱い"

    def ready(self) -> None:
        from privacy import checks  # noqa: F401  (registers them)
        from privacy.activities import discover
        from privacy.copying import notice_copy

        discover()
        connection_created.connect(notice_copy, dispatch_uid="privacy.copying")
        post_migrate.connect(build_wall, sender=self, dispatch_uid="privacy.wall")
