import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from kumiai.ui.declarations import NO_PERSONAL_DATA
from privacy.notice.actions import UnableToPublish, load_separations, publish_version
from privacy.notice.models import DutySeparation, NoticeVersion
from privacy.notice.queries import publications_of, register_of, rows_of
from privacy.notice.register import DATA, load_register

# The first version: published and in force from this day.
FIRST_PUBLISHED = date(2026, 11, 1)
SEPARATIONS = DATA.parent / "separations.json"


class Command(BaseCommand):
    """Load the notice. Runs as the owner (OWNER_DATABASE_URL)."""

    help = "利用目的の公表を読み込みます。引数なしは第1版、--file と --from で新しい版です。"
    activity = NO_PERSONAL_DATA

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, help="新しい版の登録簿（JSON）")
        parser.add_argument("--from", type=date.fromisoformat, dest="force_from", help="有効になる日（例 2027-04-01）")
        parser.add_argument("--published", type=date.fromisoformat, help="公表した日（なければ今日）")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = self._new_version(**options) if options["file"] else self._first_version()
        except UnableToPublish as error:
            raise CommandError(str(error)) from error
        self._separations()
        if done is None:
            return
        self.stdout.write(
            f"{done.version}を読み込みました。" if done.created else f"{done.version}は読み込み済みです。"
        )
        for code in done.unknown:
            self.stdout.write(f"コードにない名前です。画面と処理はまだ使えません：{code}")
        for use in done.dropped:
            self.stdout.write(f"この版にない利用です。与えてある権限は使えなくなります：{use}")

    def _separations(self) -> None:
        """What a new installation keeps apart; later the administration pages say."""
        if not DutySeparation.objects.exists():
            made = load_separations(json.loads(SEPARATIONS.read_text(encoding="utf-8")))
            self.stdout.write(f"職務の分離を{made}件読み込みました。")

    def _first_version(self) -> Any:
        register = load_register(DATA)
        first = NoticeVersion.objects.filter(number=1).first()
        if first is None:
            return publish_version(
                register=register,
                published_date=FIRST_PUBLISHED,
                force_from=FIRST_PUBLISHED,
                association=settings.ASSOCIATION,
            )
        if register_of(rows_of(publications_of(first))) != register:
            raise CommandError(
                "第1版が登録簿のファイルと違います。公表した版は書き換えず、新しい版を読み込んでください。"
            )
        self.stdout.write("第1版は読み込み済みです。")
        return None

    def _new_version(self, *, file: Path, force_from: date | None, published: date | None, **_options: Any) -> Any:
        if force_from is None:
            raise CommandError("--from に、有効になる日を入れてください。")
        try:
            register = load_register(file)
        except (OSError, ValueError) as error:
            raise CommandError(f"ファイルを読めません（{error}）。") from error
        return publish_version(
            register=register,
            published_date=published or min(timezone.localdate(), force_from),
            force_from=force_from,
            association=settings.ASSOCIATION,
        )
