"""Reads of the filings: the worklist, one filing, what waits, what was done today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Min, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from kumiai.reference.queries import holidays_between
from members.filings import register
from members.filings.enums import OPEN_STATES, FilingKind, FilingRole, FilingState
from members.filings.models import (
    Attachment,
    AttachmentContent,
    Filing,
    FilingReturn,
    FilingRule,
    FilingStep,
    ProtectedContents,
)
from members.lifecycle.rules.terms import Closed, closed_on
from privacy.scope import population

PAGE = 50
OLD_DRAFT = timedelta(days=90)
"""A draft nobody saved for so long is shown as an old one. Nothing is removed by itself."""
YEAR = timedelta(days=366)


def calendar_around(day: date) -> Closed:
    """The days off of the association around a day. One statement."""
    return closed_on(holidays_between(day - YEAR, day + YEAR))


# --- worklist -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FilingPage:
    """One page of the worklist and how many there are; `known` says whether any filing exists at all."""

    filings: list[Filing]
    total: int
    page: int
    pages: int
    known: bool


STATES: dict[str, tuple[str, ...]] = {
    "open": (FilingState.RECEIVED, FilingState.WAITING),
    "received": (FilingState.RECEIVED,),
    "waiting": (FilingState.WAITING,),
    "draft": (FilingState.DRAFT,),
    "old_draft": (FilingState.DRAFT,),
    "returned": (FilingState.RETURNED,),
    "processed": (FilingState.PROCESSED, FilingState.CORRECTED, FilingState.CANCELLED),
    "withdrawn": (FilingState.WITHDRAWN,),
}


def open_to(user_id: int) -> Q:
    """Filings about nobody whom the clerk is not named for: where they are counted or listed by employer, which would
    tell where a protected person works."""
    hidden = register.hidden_from(user_id)
    member = Q(member__isnull=True) | ~Q(member__in=hidden)
    return member & (Q(dependant__isnull=True) | ~Q(dependant__in=hidden))


def filing_list(
    *,
    user_id: int,
    state: str,
    kind: str = "",
    employer_id: int | None = None,
    clock: str = "",
    mine: bool = False,
    today: date,
    page: int = 1,
) -> FilingPage:
    """The worklist. Open filings by the clock, the others latest first. Three statements.

    state: key of STATES, or "all". clock: "overdue", "alarm", "today" of our own limit; "late" filed late. mine: only
    what this person entered. By employer, protected people of others are left out.
    """
    filings = Filing.objects.all()
    if state in STATES:
        filings = filings.filter(state__in=STATES[state])
    if state == "old_draft":
        filings = untouched(filings, today - OLD_DRAFT)
    if kind:
        filings = filings.filter(kind=kind)
    if employer_id is not None:
        filings = filings.filter(open_to(user_id), employer_id=employer_id)
    if mine:
        filings = filings.filter(entered_by_id=user_id)
    filings = on_the_clock(filings, clock, today)
    total = filings.count()
    known = bool(total) or Filing.objects.exists()
    pages = max(1, -(-total // PAGE))
    page = min(max(1, page), pages)
    order: tuple[Any, ...] = ("-entered_at", "-pk")
    if state == "old_draft":
        order = ("touched_at", "pk")
    elif state in ("open", "received", "waiting"):
        order = (F("registration_due_date").asc(nulls_last=True), "received_date", "pk")
    found = list(
        filings.select_related("employer", "member", "dependant").order_by(*order)[(page - 1) * PAGE : page * PAGE]
    )
    population("filings.listed", total)
    return FilingPage(found, total, page, pages, known)


def untouched(filings: QuerySet[Filing], day: date) -> QuerySet[Filing]:
    """Those nobody saved since a day began in Tokyo, with `touched_at`: when they were saved last, as their history says."""
    saved = Filing.history.filter(id=OuterRef("pk")).order_by("-history_date").values("history_date")[:1]
    return filings.annotate(touched_at=Subquery(saved)).filter(touched_at__lt=day_bounds(day)[0])


def on_the_clock(filings: QuerySet[Filing], clock: str, today: date) -> QuerySet[Filing]:
    """Those for which a clock has run so far."""
    if clock == "overdue":
        return filings.filter(state__in=OPEN_STATES, registration_due_date__lt=today)
    if clock == "today":
        return filings.filter(state__in=OPEN_STATES, registration_due_date=today)
    if clock == "alarm":
        return filings.filter(state__in=OPEN_STATES, alarm_date__lte=today, registration_due_date__gte=today)
    if clock == "late":
        return filings.filter(late_days__gt=0)
    return filings


# --- one filing ---------------------------------------------------------------------------------------------------


def filing_of(filing_id: int) -> Filing | None:
    """One filing with people, employer and the filing it corrects. A protected member's contents are filled in by
    `fill_contents`, for a clerk who is named."""
    return Filing.objects.select_related("employer", "member", "dependant", "corrects").filter(pk=filing_id).first()


def fill_contents(filing: Filing) -> None:
    """Put what was typed about a protected member into the instance. Nothing is stored."""
    if filing.protected:
        kept_apart = ProtectedContents.objects.filter(filing=filing).first()
        if kept_apart is not None:
            filing.contents = kept_apart.contents


def steps_of(filing: Filing) -> list[FilingStep]:
    """Newest first."""
    return list(FilingStep.objects.filter(filing=filing).order_by("-at", "-pk"))


def returns_of(filing: Filing) -> list[FilingReturn]:
    return list(FilingReturn.objects.filter(filing=filing).order_by("-pk"))


def returned_between(first: date, until: date, *, employer_id: int | None = None) -> list[FilingReturn]:
    """Filings returned from a day until (not including) another, with their people as they are known now, and the
    employer; of one employer where it is given: the rows of the letter."""
    found = FilingReturn.objects.filter(returned_date__gte=first, returned_date__lt=until)
    if employer_id is not None:
        found = found.filter(employer_id=employer_id)
    people = ("filing__member", "filing__dependant", "member", "employer")
    rows = list(found.select_related(*people).order_by("employer__symbol", "pk"))
    population("filings.returned", len(rows))
    return rows


def person_of_return(returned: FilingReturn) -> Any | None:
    """Whom a returned filing is about: as its filing knows them now, or knew them when it was returned; None for a
    newcomer who is in no register yet."""
    return returned.filing.dependant or returned.filing.member or returned.member


def attachments_of(filing: Filing) -> list[Attachment]:
    """The documents attached, in the order they came; withdrawn ones are left out."""
    return list(Attachment.objects.filter(filing=filing, withdrawn_at__isnull=True).order_by("pk"))


def attachment_of(attachment_id: int) -> Attachment | None:
    return (
        Attachment.objects.select_related("filing__member", "filing__dependant")
        .filter(pk=attachment_id, withdrawn_at__isnull=True)
        .first()
    )


def bytes_of(attachment: Attachment) -> bytes:
    """The scanned document itself."""
    return bytes(AttachmentContent.objects.get(attachment=attachment).content)


def followers_of(filing: Filing) -> list[Filing]:
    """訂正届 and 取消届 of a filing, oldest first."""
    return list(Filing.objects.filter(corrects=filing).order_by("pk"))


def filing_of_key(key: UUID) -> Filing | None:
    """The filing that was saved with this key, if one was."""
    return Filing.objects.filter(entry_key=key).first()


def sitting_filings(sitting: UUID, user_id: int) -> list[Filing]:
    """What one clerk entered in one sitting, newest first."""
    return list(
        Filing.objects.select_related("employer", "member", "dependant")
        .filter(sitting=sitting, entered_by_id=user_id)
        .order_by("-pk")[:PAGE]
    )


def open_twins(*, filing_id: int | None, kind: str, member_id: int | None, dependant_id: int | None) -> list[Filing]:
    """Other open filings of the same kind about the same person."""
    person = Q(dependant_id=dependant_id) if dependant_id else Q(member_id=member_id, dependant__isnull=True)
    if member_id is None and dependant_id is None:
        return []
    twins = Filing.objects.filter(person, kind=kind, role=FilingRole.NEW, state__in=OPEN_STATES)
    if filing_id is not None:
        twins = twins.exclude(pk=filing_id)
    return list(twins.select_related("member", "dependant").order_by("pk")[:PAGE])


def beside(filing: Filing) -> list[Filing]:
    """The other filings of the same paper, oldest first: typed in one sitting about the same insured person, of one
    receipt. The insured person may not be registered yet; then the number as it was carried over tells them."""
    if filing.sitting is None or filing.role != FilingRole.NEW or filing.received_date is None:
        return []
    same = Filing.objects.filter(
        sitting=filing.sitting,
        entered_by_id=filing.entered_by_id,
        kind=filing.kind,
        role=FilingRole.NEW,
        received_date=filing.received_date,
    ).exclude(state=FilingState.WITHDRAWN)
    typed = filing.contents.get("member_number")
    if filing.member_id is not None:
        same = same.filter(member_id=filing.member_id)
    elif typed:
        same = same.filter(member__isnull=True, contents__member_number=typed)
    else:
        return []
    found = same.exclude(pk=filing.pk).select_related("employer", "member", "dependant")
    return list(found.order_by("pk")[:PAGE])


def filings_of_member(member_id: int, *, limit: int = 20) -> tuple[list[Filing], int]:
    """(the filings about one person, newest first; how many there are)."""
    own = Filing.objects.filter(Q(member_id=member_id) | Q(dependant_id=member_id)).exclude(
        state__in=(FilingState.DRAFT, FilingState.WITHDRAWN)
    )
    found = list(own.select_related("member", "dependant").order_by("-received_date", "-pk")[: limit + 1])
    total = len(found) if len(found) <= limit else own.count()
    population("filings.of_member", total)
    return found[:limit], total


def processed_since(member_id: int, first: date) -> list[Filing]:
    """The processed filings about one person whose day is not before a day."""
    about = Q(member_id=member_id) | Q(dependant_id=member_id)
    done = Filing.objects.filter(
        about, effective_date__gte=first, state__in=(FilingState.PROCESSED, FilingState.CORRECTED)
    )
    return list(done.order_by("effective_date", "pk")[:PAGE])


# --- what waits ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ClockLine:
    """The open filings of one kind by the days left on our own clock."""

    kind: str
    overdue: int
    today: int
    alarm: int
    later: int
    unlimited: int
    total: int


def clock_lines(today: date) -> list[ClockLine]:
    """Open filings by kind and days left. One statement."""
    rows = (
        Filing.objects.filter(state__in=OPEN_STATES)
        .values("kind")
        .annotate(
            overdue=Count("pk", filter=Q(registration_due_date__lt=today)),
            today=Count("pk", filter=Q(registration_due_date=today)),
            alarm=Count("pk", filter=Q(registration_due_date__gt=today, alarm_date__lte=today)),
            later=Count("pk", filter=Q(registration_due_date__gt=today, alarm_date__gt=today)),
            unlimited=Count("pk", filter=Q(registration_due_date__isnull=True)),
            total=Count("pk"),
        )
    )
    found = {row["kind"]: ClockLine(**row) for row in rows}
    population("filings.open", sum(line.total for line in found.values()))
    return [found[kind] for kind in FilingKind.values if kind in found]


def late_in(first: date, until: date) -> tuple[int, int]:
    """(how many were filed late by employers, how many with a limit arrived) from a day until (not including) another."""
    counted = Filing.objects.filter(
        role=FilingRole.NEW, received_date__gte=first, received_date__lt=until, filing_due_date__isnull=False
    ).exclude(state__in=(FilingState.DRAFT, FilingState.WITHDRAWN)).aggregate(
        late=Count("pk", filter=Q(late_days__gt=0)), every=Count("pk")
    )  # fmt: skip
    population("filings.late", counted["late"])
    return counted["late"], counted["every"]


def drafts_of(user_id: int, *, limit: int = 5) -> tuple[list[Filing], int]:
    """(a clerk's own drafts, newest first; how many)."""
    own = Filing.objects.filter(state=FilingState.DRAFT, entered_by_id=user_id)
    found = list(own.select_related("employer", "member", "dependant").order_by("-entered_at")[: limit + 1])
    total = len(found) if len(found) <= limit else own.count()
    population("filings.drafts", total)
    return found[:limit], total


def waiting_for(user_id: int, *, limit: int = 5) -> tuple[list[Filing], int]:
    """(filings this person may approve, by the clock; how many): neither entered nor asked for by them."""
    waiting = Filing.objects.filter(state=FilingState.WAITING).exclude(
        Q(entered_by_id=user_id) | Q(requested_by_id=user_id)
    )
    found = list(
        waiting.select_related("employer", "member", "dependant").order_by(
            F("registration_due_date").asc(nulls_last=True), "pk"
        )[: limit + 1]
    )
    total = len(found) if len(found) <= limit else waiting.count()
    population("filings.waiting", total)
    return found[:limit], total


@dataclass(frozen=True)
class EmployerLine:
    """What is unprocessed of one employer."""

    employer_id: int | None
    symbol: str
    name: str
    open: int
    returned: int
    overdue: int
    late: int
    oldest: date | None


def employer_lines(user_id: int, today: date) -> tuple[list[EmployerLine], int]:
    """(employers with unprocessed or returned filings, the oldest first; how many filings are left out because they are
    about protected people for whom others are named). Two statements."""
    unprocessed = Filing.objects.filter(state__in=[*OPEN_STATES, FilingState.RETURNED])
    hidden = unprocessed.exclude(open_to(user_id)).count()
    rows = (
        unprocessed.filter(open_to(user_id))
        .values("employer_id", "employer__symbol", "employer__name")
        .annotate(
            open=Count("pk", filter=Q(state__in=OPEN_STATES)),
            returned=Count("pk", filter=Q(state=FilingState.RETURNED)),
            overdue=Count("pk", filter=Q(state__in=OPEN_STATES, registration_due_date__lt=today)),
            late=Count("pk", filter=Q(state__in=OPEN_STATES, late_days__gt=0)),
            oldest=Min("received_date", filter=Q(state__in=OPEN_STATES)),
        )
        .order_by(F("oldest").asc(nulls_last=True), "employer__symbol")
    )
    found = [
        EmployerLine(
            row["employer_id"],
            row["employer__symbol"] or "",
            row["employer__name"] or "",
            row["open"],
            row["returned"],
            row["overdue"],
            row["late"],
            row["oldest"],
        )
        for row in rows
    ]
    population("filings.unprocessed", sum(line.open for line in found))
    return found, hidden


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """The first moment of a day in Tokyo, and of the next."""
    start = timezone.make_aware(datetime.combine(day, time.min))
    return start, start + timedelta(days=1)


def processed_on(day: date) -> list[Filing]:
    """What was processed on a day (Tokyo), by kind and number."""
    start, end = day_bounds(day)
    found = list(
        Filing.objects.select_related("employer", "member", "dependant")
        .filter(processed_at__gte=start, processed_at__lt=end)
        .order_by("kind", "receipt_number")
    )
    population("filings.processed", len(found))
    return found


def processed_count(day: date) -> int:
    """How many were processed on a day."""
    start, end = day_bounds(day)
    count = Filing.objects.filter(processed_at__gte=start, processed_at__lt=end).count()
    population("filings.processed", count)
    return count


def rules_by_kind() -> dict[str, FilingRule]:
    """Kind → the association's setting."""
    return {rule.kind: rule for rule in FilingRule.objects.all()}
