from typing import Any

from django.core.management.base import BaseCommand

from kumiai.reference.actions import load_reference
from kumiai.ui.declarations import NO_PERSONAL_DATA


class Command(BaseCommand):
    """Load the figures of the law. Runs as the owner (OWNER_DATABASE_URL); again changes nothing."""

    help = "法令の数値、標準報酬の等級、国民の祝日を読み込みます。"
    activity = NO_PERSONAL_DATA

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = load_reference()
        if int(options["verbosity"]) > 0:
            self.stdout.write(f"法令の数値など{loaded.added}行を読み込みました。")
        for name in loaded.kept:
            self.stdout.write(f"ファイルと違うまま残しました：{name}")
