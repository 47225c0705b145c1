"""The only writer of reviews of the log. The log itself is written by the database's own functions."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from kumiai.accounts.models import User
from privacy.accesslog.models import LogReview
from privacy.accesslog.review import Wanted, counts_of, last_day_of


class UnableToReviewLog(Exception):
    """The month cannot be marked as reviewed; the text is for the privacy officer."""


@transaction.atomic
def review_month(*, month: date, note: str, by: User, today: date) -> LogReview:
    """Mark a full month as looked through, with its totals as they stand. Raises UnableToReviewLog."""
    if month.day != 1 or last_day_of(month) >= today:
        raise UnableToReviewLog("終わった月だけを点検済みにできます。")
    if LogReview.objects.filter(month=month).exists():
        raise UnableToReviewLog("この月は、点検が済んでいます。")
    counts = counts_of(Wanted(month, last_day_of(month)))
    return LogReview.objects.create(month=month, note=note, reviewed_by=by, counts=counts)
