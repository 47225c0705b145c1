"""System checks of the outbox."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004  (Django's own word)

TOKEN = "{token}"  # noqa: S105  (a place in an address)


@register(Tags.security, deploy=True)
def mails_can_be_unsubscribed(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """mailing.W001, mailing.E001: without the address a recommendation carries no List-Unsubscribe."""
    url = settings.MAIL_UNSUBSCRIBE_URL
    if not url:
        return [
            Warning(
                "MAIL_UNSUBSCRIBE_URL がないので、受診勧奨のメールに配信停止のヘッダーが付きません。",
                hint="MAIL_UNSUBSCRIBE_URL=https://<ホスト>/mail/unsubscribe/{token} を設定してください。",
                id="mailing.W001",
            )
        ]
    if TOKEN not in url or not url.startswith("https://"):
        return [
            Error(
                "MAIL_UNSUBSCRIBE_URL は、https:// で始まり {token} を含む必要があります。",
                hint="例：https://<ホスト>/mail/unsubscribe/{token}",
                id="mailing.E001",
            )
        ]
    return []
