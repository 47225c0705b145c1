"""A safeguard is switched on by one administrator and off by two: the second does what the first did, within two weeks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from kumiai.accounts.queries import staff_by_id
from privacy.notice.models import SafeguardRelease

OPEN_FOR = timedelta(days=14)


@transaction.atomic
def may_switch_off(safeguard: str, *, by: Any) -> bool:
    """Whether `by` is the second administrator who wants this safeguard off. The first one's wish is kept and waits.

    safeguard: its name, as `filings.loss.second_person`. A wish older than two weeks counts as withdrawn.
    """
    now = timezone.now()
    waiting = SafeguardRelease.objects.select_for_update().filter(safeguard=safeguard, confirmed_by=None).first()
    if waiting is None:
        SafeguardRelease.objects.create(safeguard=safeguard, asked_by_id=by.pk, asked_at=now)
        return False
    if waiting.asked_by_id == by.pk or waiting.asked_at < now - OPEN_FOR:
        waiting.asked_by_id, waiting.asked_at = by.pk, now
        waiting.save(update_fields=["asked_by", "asked_at"])
        return False
    waiting.confirmed_by_id, waiting.confirmed_at = by.pk, now
    waiting.save(update_fields=["confirmed_by", "confirmed_at"])
    return True


def waiting_for(safeguard: str) -> SafeguardRelease | None:
    """Who wants it off and waits for another administrator; None when nobody does."""
    since = timezone.now() - OPEN_FOR
    found = SafeguardRelease.objects.filter(safeguard=safeguard, confirmed_by=None)
    return found.filter(asked_at__gte=since).first()


def sentence(waiting: SafeguardRelease) -> str:
    """What the form says while a wish waits."""
    at = timezone.localtime(waiting.asked_at)
    who = staff_by_id([waiting.asked_by_id])
    return (
        f"{who[waiting.asked_by_id].name}が{at.month}月{at.day}日に、二人目の確認を外すことを求めています。"
        "ほかの管理者が同じように登録すると外れます。それまでは、いままでどおり二人目の確認が要ります。"
    )
