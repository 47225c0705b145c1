"""After a change of keys: bring every second-factor secret under the first key of FIELD_ENCRYPTION_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from kumiai.accounts import crypto
from kumiai.accounts.models import SecondFactor
from kumiai.ui.declarations import NO_PERSONAL_DATA


class Command(BaseCommand):
    activity = NO_PERSONAL_DATA
    help = "二要素認証の秘密鍵を、FIELD_ENCRYPTION_KEYS の先頭の鍵で暗号化し直します。終わったら古い鍵を外せます。"

    def handle(self, *args: Any, **options: Any) -> None:
        done = 0
        with transaction.atomic():
            for factor in SecondFactor.objects.select_for_update().iterator():
                factor.encrypted_secret = crypto.reencrypt(factor.encrypted_secret)
                factor.save(update_fields=["encrypted_secret"])
                done += 1
        self.stdout.write(f"{done}件を暗号化し直しました。")
