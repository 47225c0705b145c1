"""Reads of 任意継続: the decision on an application, the worklist, one term."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from kumiai.reference.queries import holidays_between
from members.enrollment import queries as enrollment
from members.lifecycle.enums import TermState
from members.lifecycle.models import VoluntaryInstalment, VoluntaryTerm
from members.lifecycle.queries import register
from members.lifecycle.rules import voluntary as rules
from members.lifecycle.rules.terms import Closed, add_months, closed_on, first_of_next_month
from privacy.scope import population

PAGE = 50
EXPIRY_MONTHS = 3
OPEN = (TermState.RUNNING, TermState.ENDING)
# The last day to apply may lie this many days after the loss: twenty, and the longest run of closed days.
LEAVER_DAYS = timedelta(days=30)
TERM_DAYS = timedelta(days=800)


def closed_between(first: date, last: date) -> Closed:
    """Which days from `first` to `last` nothing is due on. One statement."""
    return closed_on(holidays_between(first, last + timedelta(days=1)))


@dataclass(frozen=True)
class Applicant:
    """What the register knows of somebody who may apply."""

    member: Any
    lost_date: date
    loss_reason: str
    insured_from: date | None
    insured_again: bool
    last_employer: str = ""


@dataclass(frozen=True)
class Facts:
    """What the clerk adds to the register: the day of arrival and what only a document shows."""

    received_date: date
    just_cause: bool = False
    certified_from: date | None = None
    insured_elsewhere: bool = False
    seaman: bool = False


def applicant(member: Any, *, going_on: bool = False) -> Applicant | None:
    """The last loss of the compulsory qualification; None when there was none. One statement.

    going_on: they were accepted already, and the 任意継続 that begins with that loss is not being insured again.
    """
    periods = register.qualifications(member.pk)
    compulsory = [p for p in periods if p.kind == "compulsory"]
    ended = [p for p in compulsory if p.end]
    if not ended:
        return None
    last = max(ended, key=lambda p: p.end or date.min)
    lost = last.end or date.min
    return Applicant(
        member=member,
        lost_date=lost,
        loss_reason=last.loss_reason,
        insured_from=rules.continuous_from([(p.start, p.end) for p in compulsory], lost),
        insured_again=any(p.start >= lost for p in periods if not (going_on and p.kind != "compulsory")),
    )


def decide(applicant: Applicant, facts: Facts, closed: Closed) -> rules.Decision:
    """Every test of the law on an application. A certificate of another insurer reaches back further than the register."""
    since = applicant.insured_from
    if facts.certified_from and since and facts.certified_from < since:
        since = facts.certified_from
    return rules.may_apply(
        lost=applicant.lost_date,
        applied=facts.received_date,
        insured_from=since,
        reason=applicant.loss_reason,
        birth=applicant.member.birth_date,
        closed=closed,
        just_cause=facts.just_cause,
        insured_again=applicant.insured_again or facts.insured_elsewhere,
        seaman=facts.seaman,
    )


# --- worklist -------------------------------------------------------------------------------------------------------


def unpaid(today: date) -> QuerySet[VoluntaryInstalment]:
    """Instalments whose due date has passed unpaid, of terms that still run."""
    return VoluntaryInstalment.objects.filter(
        due_date__lt=today, paid_date__isnull=True, excused=False, term__state=TermState.RUNNING
    )


def terms_in(tab: str, today: date) -> QuerySet[VoluntaryTerm]:
    """The terms of a tab of the worklist: running, expiring, unpaid, ending, ended."""
    terms = VoluntaryTerm.objects.select_related("member")
    if tab == "expiring":
        until = first_of_next_month(add_months(today, EXPIRY_MONTHS))
        return terms.filter(state__in=OPEN, term_end_date__lt=until).order_by("term_end_date", "pk")
    if tab == "unpaid":
        return terms.filter(Exists(unpaid(today).filter(term=OuterRef("pk")))).order_by("term_end_date", "pk")
    if tab == "ending":
        return terms.filter(state=TermState.ENDING).order_by("end_date", "pk")
    if tab == "ended":
        return terms.exclude(state__in=OPEN).order_by("-entered_at", "-pk")
    return terms.filter(state__in=OPEN).order_by("term_end_date", "pk")


@dataclass
class Counts:
    """How many stand in each tab, and what falls due."""

    leavers: int = 0
    running: int = 0
    expiring: int = 0
    unpaid: int = 0
    ending: int = 0
    ended: int = 0

    def of(self, tab: str) -> int:
        return int(getattr(self, tab))


def leaver_days(today: date) -> tuple[date, date]:
    """The days of loss for which an application may still be in time; a loss entered ahead is shown too."""
    return today - LEAVER_DAYS, add_months(today, 2)


def counts(today: date) -> Counts:
    """The counts of every tab. Three statements."""
    until = first_of_next_month(add_months(today, EXPIRY_MONTHS))
    found = VoluntaryTerm.objects.aggregate(
        running=Count("pk", filter=Q(state__in=OPEN)),
        expiring=Count("pk", filter=Q(state__in=OPEN, term_end_date__lt=until)),
        ending=Count("pk", filter=Q(state=TermState.ENDING)),
        ended=Count("pk", filter=~Q(state__in=OPEN)),
    )
    overdue = unpaid(today).aggregate(terms=Count("term", distinct=True))["terms"]
    population("lifecycle.terms", found["running"] + found["ended"])
    first, last = leaver_days(today)
    return Counts(leavers=register.count_leavers(first=first, last=last), unpaid=overdue, **found)


@dataclass(frozen=True)
class TermLine:
    """One line of the worklist: the term, the person as the clerk may see them, what is unpaid."""

    term: VoluntaryTerm
    person: Any
    unpaid_months: tuple[VoluntaryInstalment, ...] = ()


@dataclass(frozen=True)
class LeaverLine:
    """One line of those who may apply: until when, and since when they were insured."""

    person: Any
    lost_date: date
    loss_reason: str
    insured_from: date
    deadline: date
    days_left: int


@dataclass
class Page:
    lines: list[Any] = field(default_factory=list)
    total: int = 0
    page: int = 1
    pages: int = 1


def _pages(total: int) -> int:
    return max(1, -(-total // PAGE))


def term_page(tab: str, *, user_id: int, today: date, page: int, total: int) -> Page:
    """A page of terms with their people. Six statements, however many lines."""
    page = min(max(page, 1), _pages(total))
    terms = list(terms_in(tab, today)[(page - 1) * PAGE : page * PAGE])
    people = people_of([term.member for term in terms], user_id=user_id, today=today)
    months: dict[int, list[VoluntaryInstalment]] = {}
    for instalment in unpaid(today).filter(term__in=terms).order_by("month"):
        months.setdefault(instalment.term_id, []).append(instalment)
    lines = [TermLine(term, people[term.member_id], tuple(months.get(term.pk, ()))) for term in terms]
    return Page(lines, total, page, _pages(total))


def leaver_page(*, user_id: int, today: date, page: int, total: int) -> Page:
    """A page of those who may apply, the nearest deadline first. Seven statements."""
    page = min(max(page, 1), _pages(total))
    first, last = leaver_days(today)
    found = register.leavers(first=first, last=last, limit=PAGE, offset=(page - 1) * PAGE)
    members = enrollment.members_by_id([leaver.member_id for leaver in found])
    people = people_of(list(members.values()), user_id=user_id, today=today)
    closed = closed_between(first, last + LEAVER_DAYS)
    lines = []
    for leaver in found:
        deadline = rules.application_deadline(leaver.lost_date, closed).day
        lines.append(
            LeaverLine(
                people[leaver.member_id],
                leaver.lost_date,
                leaver.loss_reason,
                leaver.insured_from,
                deadline,
                (deadline - today).days,
            )
        )
    return Page(lines, total, page, _pages(total))


def people_of(members: list[Any], *, user_id: int, today: date) -> dict[int, Any]:
    """Member → the line the clerk may see of them: only number and whom to ask where the person is protected."""
    return {row.member_id: row for row in enrollment.member_rows(members, user_id=user_id, on=today)}


# --- one term -------------------------------------------------------------------------------------------------------


def term(term_id: int) -> VoluntaryTerm | None:
    """A term with its member."""
    return VoluntaryTerm.objects.select_related("member").filter(pk=term_id).first()


def instalment(instalment_id: int) -> VoluntaryInstalment | None:
    """One month's premium."""
    return VoluntaryInstalment.objects.filter(pk=instalment_id).first()


def instalments_of(term: VoluntaryTerm) -> list[VoluntaryInstalment]:
    return list(VoluntaryInstalment.objects.filter(term=term).order_by("month"))


def terms_of_member(member_id: int) -> list[VoluntaryTerm]:
    """Every application of a member, newest first: for the member's timeline."""
    return list(VoluntaryTerm.objects.filter(member_id=member_id).order_by("-lost_date", "-pk"))
