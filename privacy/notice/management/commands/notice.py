import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from kumiai.ui.declarations import NO_PERSONAL_DATA
from privacy.notice.coverage import WAYS, UnreadableMark, coverage
from privacy.notice.queries import Notice, published_notice, register_of

HEADINGS = {"screens": "画面", "jobs": "処理", "files": "ファイル"}


class Command(BaseCommand):
    """Print the notice in force, or which of its uses the program exercises."""

    help = "公表している利用目的を表示します。notice coverage は、試験で確かめた利用を表示します。"
    activity = NO_PERSONAL_DATA

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", nargs="?", choices=["register", "coverage"], default="register")
        parser.add_argument("--format", choices=["text", "json"], default="text")
        parser.add_argument("--tests", type=Path, default=settings.BASE_DIR / "tests", help="試験のあるフォルダ")

    def handle(self, *args: Any, **options: Any) -> None:
        notice = published_notice(on=timezone.localdate())
        if notice is None:
            raise CommandError("いま有効な公表の版がありません。load_notice で読み込んでください。")
        if options["what"] == "coverage":
            self._coverage(notice, options["tests"], as_json=options["format"] == "json")
        elif options["format"] == "json":
            self._json(register_of(notice.rows))
        else:
            self._text(notice)

    def _json(self, data: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(data, ensure_ascii=False, indent=1))

    def _text(self, notice: Notice) -> None:
        version = notice.version
        self.stdout.write(
            f"個人情報の利用目的　{version}　{version.published_date.isoformat()} 公表　"
            f"{notice.category_count}の類型、{notice.use_count}の利用"
        )
        for row in notice.rows:
            self.stdout.write(f"\n{row.number:>2} {row.label}（{row.code}）")
            for line in row.uses:
                self.stdout.write(f"   {line.number:<5} {line.purpose_label}（{line.published_use.purpose}）")

    def _coverage(self, notice: Notice, tests: Path, *, as_json: bool) -> None:
        lines = {(row.code, line.published_use.purpose): line for row in notice.rows for line in row.uses}
        try:
            table = coverage(published=list(lines), tests=tests)
        except UnreadableMark as error:
            raise CommandError(str(error)) from error
        if as_json:
            self._json(table)
            return
        self.stdout.write(f"公表している利用 {table['published']}、試験で確かめた利用 {table['exercised']}")
        for use in table["uses"]:
            line = lines[use["category"], use["purpose"]]
            self.stdout.write(f"\n{line.number:<5} {line.category_label} › {line.purpose_label}")
            for way in WAYS:
                if use[way]:
                    self.stdout.write(f"      {HEADINGS[way]}：{'、'.join(use[way])}")
        self.stdout.write(f"\n公表していない利用 {len(table['unpublished'])}")
        for pair in table["unpublished"]:
            self.stdout.write(
                f"      {pair['category']}.{pair['purpose']}（{'、'.join(pair['activities']) or '試験の印'}）"
            )
        self.stdout.write(f"法令に基づく活動 {len(table['statutory'])}")
        for statutory in table["statutory"]:
            self.stdout.write(f"      {statutory['title']}（{statutory['article']}）")
