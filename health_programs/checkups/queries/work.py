"""What waits for somebody, as counts for the first page. One statement each; protected people of other clerks left out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from health_programs.checkups.enums import (
    ArchiveState,
    CampaignAim,
    CampaignState,
    FollowState,
    InvoiceState,
    ResultState,
    Urgency,
)
from health_programs.checkups.models import CheckupResult, Invoice, Referral, ResultArchive
from health_programs.checkups.queries.campaigns import AIMS, campaigns
from health_programs.checkups.queries.paging import without_hidden
from kumiai.mailing import queries as mailing
from kumiai.mailing.enums import BatchState
from kumiai.mailing.models import Batch
from privacy.seen import population

OPEN_INVOICES = (InvoiceState.NO_RESULT, InvoiceState.PRICE_DIFFERS, InvoiceState.TWICE)


@dataclass(frozen=True)
class Results:
    """unmatched: results nobody was found for. doubles: second ones of a year. Each a number of results."""

    unmatched: int
    doubles: int


def results(user_id: int) -> Results:
    """Results that a clerk has to look at."""
    unmatched = Count("pk", filter=Q(state=ResultState.UNMATCHED))
    doubles = without_hidden(CheckupResult.objects.filter(state=ResultState.DOUBLE), user_id)
    found = CheckupResult.objects.filter(
        Q(state=ResultState.UNMATCHED) | Q(pk__in=doubles.values("pk")),
    ).aggregate(unmatched=unmatched, doubles=Count("pk", filter=Q(state=ResultState.DOUBLE)))
    population("確認を待つ健診結果", sum(found.values()))
    return Results(**found)


@dataclass(frozen=True)
class Archives:
    """unreadable: files of which nothing could be read. failed: files with documents that could not be."""

    unreadable: int
    failed: int


def archives(since: date) -> Archives:
    """Files with errors received since a day: a file stays as it came, so older ones have been answered long ago."""
    found = ResultArchive.objects.filter(received_date__gte=since).aggregate(
        unreadable=Count("pk", filter=Q(state=ArchiveState.UNREADABLE)),
        failed=Count("pk", filter=Q(state=ArchiveState.READ, counts__failed__gt=0)),
    )
    population("誤りのある結果ファイル", sum(found.values()))
    return Archives(**found)


def invoices(user_id: int) -> int:
    """Invoices that differ from results or contract."""
    count: int = without_hidden(Invoice.objects.filter(state__in=OPEN_INVOICES), user_id).count()
    population("確認を待つ請求", count)
    return count


@dataclass(frozen=True)
class Referrals:
    """Cases of people. urgent: すぐに受診 and nothing sent yet. fresh: others of which nothing was sent. due: their day to be
    looked at has come."""

    urgent: int
    fresh: int
    due: int


def referrals(user_id: int, today: date) -> Referrals:
    """Cases of 要医療 that wait, whatever the year."""
    waiting = Referral.objects.filter(state__in=[FollowState.OPEN, FollowState.RECOMMENDED])
    found = without_hidden(waiting, user_id).aggregate(
        urgent=Count("pk", filter=Q(state=FollowState.OPEN, urgency=Urgency.AT_ONCE)),
        fresh=Count("pk", filter=Q(state=FollowState.OPEN) & ~Q(urgency=Urgency.AT_ONCE)),
        due=Count("pk", filter=Q(due_date__lte=today)),
    )
    population("要医療", sum(found.values()))
    return Referrals(**found)


@dataclass(frozen=True)
class Mails:
    """waiting: campaigns this clerk may approve. doubts: mails of which nobody knows whether they went out. stopped: batches
    that stand still."""

    waiting: int
    doubts: int
    stopped: int


def mails(user_id: int, aim: CampaignAim) -> Mails:
    """What waits of the campaigns of an aim and their mail. Three statements: campaigns, mails, batches."""
    kind = AIMS[aim].mail
    waiting = campaigns().filter(state=CampaignState.SUBMITTED).exclude(submitted_by_id=user_id).count()
    population("承認を待つ受診勧奨", waiting)
    return Mails(
        waiting,
        mailing.in_doubt().filter(kind=kind).count(),
        Batch.objects.filter(kind=kind, state=BatchState.STOPPED).count(),
    )
