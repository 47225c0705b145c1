from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from privacy.accesslog import sealing
from privacy.activities import NO_PERSONAL_DATA


class Command(BaseCommand):
    """Seal, verify and extend the access log. `verify` and `partitions` run as the owner."""

    help = "閲覧の記録を封じ、確かめ、先の月の置き場を作ります。"
    activity = NO_PERSONAL_DATA

    def add_arguments(self, parser) -> None:
        parser.add_argument("action", choices=["seal", "verify", "head", "partitions"])
        parser.add_argument("--anchor", help="verify: 外に控えた封の値（16進）")
        parser.add_argument("--months", type=int, default=24, help="partitions: 先の月数")

    def handle(self, *args, **options) -> None:
        match options["action"]:
            case "seal":
                self.stdout.write(f"{sealing.seal()}件を封じました。")
            case "head":
                self.stdout.write(sealing.head())
            case "partitions":
                with connection.cursor() as cursor:
                    cursor.execute(
                        "SELECT accesslog_partitions(%s::date, %s)", [timezone.localdate(), options["months"] + 1]
                    )
                    self.stdout.write(f"{cursor.fetchone()[0]}か月分を作りました。")
            case "verify":
                findings = sealing.verify(anchor=options["anchor"])
                for finding in findings:
                    self.stdout.write(finding.sentence)
                if findings:
                    raise CommandError(f"{len(findings)}か所に改ざんの跡があります。")
                self.stdout.write("閲覧の記録は、封のとおりです。")
