"""月次の締切: the decisions of a month totalled by one clerk; the chairman's approval recorded by another."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from benefits.cash.enums import Hold
from benefits.cash.models import MonthClose
from benefits.cash.policies import UnableToProcess
from benefits.cash.queries import months


@transaction.atomic
def close_month(*, by: Any, month: date, today: date) -> MonthClose:
    """締め切る: from then on nothing is decided in that month. Raises UnableToProcess."""
    first = month.replace(day=1)
    if first > today:
        raise UnableToProcess("まだ来ていない月は締め切れません。")
    row = MonthClose.objects.select_for_update().filter(month=first).first() or MonthClose(month=first)
    if row.pk is not None and row.state != Hold.REOPENED:
        raise UnableToProcess("この月は、すでに締め切られています。")
    count, amount, digest = months.totals_of(first)
    if not count:
        raise UnableToProcess("この月の決定はありません。")
    if amount < 0:
        raise UnableToProcess("返納が支給を上回る月です。合計が0円を下回るため、翌月と合わせて締め切ってください。")
    row.state, row.count, row.amount, row.digest = Hold.PROPOSED, count, amount, digest
    row.proposed_by_id, row.proposed_at = by.pk, timezone.now()
    row.save()
    return row


def _row(month: date) -> MonthClose:
    row = MonthClose.objects.select_for_update().filter(month=month.replace(day=1)).first()
    if row is None or row.state == Hold.REOPENED:
        raise UnableToProcess("この月は、まだ締め切られていません。")
    return row


@transaction.atomic
def approve_month(*, by: Any, month: date, approved: date, today: date) -> MonthClose:
    """議長の承認を記録する, by another person than who closed. The list must still be what was closed."""
    row = _row(month)
    if row.state == Hold.CLOSED:
        raise UnableToProcess("この月の承認は、すでに記録されています。")
    if row.proposed_by_id == by.pk:
        raise UnableToProcess("あなたが締め切った月です。別の職員が承認を記録してください。")
    if approved > today or approved < row.month:
        raise UnableToProcess("承認の日は、その月の初日から今日までの日です。")
    count, amount, digest = months.totals_of(row.month)
    if (count, amount, digest) != (row.count, row.amount, row.digest):
        raise UnableToProcess("締め切った後に決定が変わりました。締切を取りやめて、締め切り直してください。")
    row.state, row.approved_by_id, row.approved_date = Hold.CLOSED, by.pk, approved
    row.save(update_fields=["state", "approved_by_id", "approved_date"])
    return row


@transaction.atomic
def reopen_month(*, by: Any, month: date) -> MonthClose:
    """締切を取りやめる, before the approval. Raises UnableToProcess afterwards."""
    row = _row(month)
    if row.state == Hold.CLOSED:
        raise UnableToProcess("承認を記録した月の締切は、取りやめられません。訂正は今月の決定で行ってください。")
    row.state = Hold.REOPENED
    row.save(update_fields=["state"])
    return row
