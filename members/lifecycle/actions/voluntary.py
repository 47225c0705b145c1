"""任意継続: accept or refuse an application, keep its payments, end it, undo."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from members.enrollment import actions as enrollment
from members.enrollment import policies as enrollment_policies
from members.enrollment import queries as register
from members.lifecycle import policies
from members.lifecycle.actions import qualification
from members.lifecycle.actions.instalments import instalments_for, move_instalments
from members.lifecycle.enums import EndKind, TermState
from members.lifecycle.models import VoluntaryInstalment, VoluntaryTerm
from members.lifecycle.policies import UnableToRecord
from members.lifecycle.queries import voluntary as queries
from members.lifecycle.rules import voluntary as rules
from members.lifecycle.rules.working import Dated


def _figure(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def working_of(decision: rules.Decision) -> list[dict[str, Any]]:
    """The tests as they are kept with the application, for the letter that explains."""
    return [
        {
            "code": test.code,
            "label": test.label,
            "figure": _figure(test.figure),
            "detail": test.detail,
            "article": test.article,
            "passed": test.passed,
        }
        for test in decision.tests
    ]


def _member(member_id: int, by: Any) -> Any:
    """The member as they stand now, when this clerk may handle them. The night handles everybody."""
    member = register.members_by_id([member_id])[member_id]
    if by.pk is not None:
        enrollment_policies.check_may_handle(by.pk, member)
    return member


def _locked(term_id: int, version: int | None, by: Any) -> VoluntaryTerm:
    term = VoluntaryTerm.objects.select_for_update(of=("self",)).get(pk=term_id)
    term.member = _member(term.member_id, by)
    if version is not None:
        policies.check_version(term, version)
    return term


def _save(term: VoluntaryTerm, *fields: str) -> VoluntaryTerm:
    term.version += 1
    term.save(update_fields=[*fields, "version"])
    return term


def _term(member: Any, applicant: queries.Applicant, facts: queries.Facts, decision: rules.Decision) -> VoluntaryTerm:
    certified = bool(facts.certified_from and applicant.insured_from and facts.certified_from < applicant.insured_from)
    return VoluntaryTerm(
        member=member,
        lost_date=applicant.lost_date,
        loss_reason=applicant.loss_reason,
        insured_from=facts.certified_from if certified else applicant.insured_from,
        by_certificate=certified,
        received_date=facts.received_date,
        deadline_date=decision.deadline,
        just_cause=facts.just_cause and decision.late,
        term_end_date=rules.term_end(applicant.lost_date).day,
        decision=working_of(decision),
    )


def _decided(member_id: int, facts: queries.Facts, by: Any) -> tuple[Any, queries.Applicant, rules.Decision]:
    member = _member(member_id, by)
    applicant = queries.applicant(member)
    if applicant is None:
        raise UnableToRecord("喪失した資格がありません。任意継続の申出は、資格を喪失した人だけができます（法3条4項）。")
    closed = queries.closed_between(applicant.lost_date, applicant.lost_date + queries.LEAVER_DAYS)
    return member, applicant, queries.decide(applicant, facts, closed)


@transaction.atomic
def accept_application(
    *,
    by: Any,
    member_id: int,
    facts: queries.Facts,
    first_due: date,
    late_reason: str = "",
    note: str = "",
    receipt_number: str = "",
) -> VoluntaryTerm:
    """受理: the term begins on the day of loss, with its instalments. Raises UnableToRecord when a test fails."""
    member, applicant, decision = _decided(member_id, facts, by)
    _check_allowed(decision)
    if VoluntaryTerm.objects.filter(member=member, lost_date=applicant.lost_date, state__in=queries.OPEN).exists():
        raise UnableToRecord("この喪失についての任意継続は、すでに登録されています。")
    _check_first_due(first_due, facts)
    report = enrollment.Report(
        received_date=facts.received_date, effective_date=applicant.lost_date, note=note, **_receipt(receipt_number)
    )
    period = qualification.begin(by=by, member=member, report=report)
    term = _term(member, applicant, facts, decision)
    term.eligibility_id = period.pk
    term.state = TermState.RUNNING
    term.first_due_date = first_due
    term.late_reason = late_reason if decision.late else ""
    term.note = note
    term.entered_by_id = by.pk
    term.save()
    closed = queries.closed_between(term.lost_date, term.lost_date + queries.TERM_DAYS)
    VoluntaryInstalment.objects.bulk_create(instalments_for(term, closed))
    return term


def _receipt(number: str) -> dict[str, str]:
    return {"receipt_number": number} if number else {}


@transaction.atomic
def correct_application(
    *, by: Any, term_id: int, version: int, facts: queries.Facts, first_due: date, late_reason: str = ""
) -> VoluntaryTerm:
    """訂正届 of an accepted application: decided anew on the right facts and on the loss as the register knows it now.

    The day 任意継続 began is the day of loss (法3条4項) and is put right with the 資格喪失届; the term, its two years and its
    months follow here. What was paid stays. Raises UnableToRecord when a test fails, when the term has ended, or when a
    paid month would no longer belong to it.
    """
    term = _locked(term_id, version, by)
    policies.check_can_correct(term)
    applicant = queries.applicant(term.member, going_on=True)
    if applicant is None:
        raise UnableToRecord("喪失した資格がありません。申出を取り消してください。")
    decision = queries.decide(
        applicant, facts, queries.closed_between(applicant.lost_date, applicant.lost_date + queries.LEAVER_DAYS)
    )
    _check_allowed(decision)
    _check_first_due(first_due, facts)
    right = _term(term.member, applicant, facts, decision)
    for field in CORRECTED:
        setattr(term, field, getattr(right, field))
    term.first_due_date = first_due
    term.late_reason = late_reason if decision.late else ""
    move_instalments(term, queries.closed_between(term.lost_date, term.lost_date + queries.TERM_DAYS))
    if term.eligibility_id is not None:
        qualification.correct_received(term.eligibility_id, facts.received_date)
    return _save(term, *CORRECTED, "first_due_date", "late_reason")


CORRECTED = (
    "lost_date",
    "loss_reason",
    "insured_from",
    "by_certificate",
    "received_date",
    "deadline_date",
    "just_cause",
    "term_end_date",
    "decision",
)
"""What of a term follows from the register and the application."""


def _check_allowed(decision: rules.Decision) -> None:
    if not decision.allowed:
        reasons = "、".join(f"{test.label}（{test.article}）" for test in decision.failed)
        raise UnableToRecord(f"受理できません。満たしていない要件：{reasons}")


def _check_first_due(first_due: date, facts: queries.Facts) -> None:
    if first_due < facts.received_date:
        raise UnableToRecord("初回の納付期日は、申出を受けた日より後にしてください。")


@transaction.atomic
def refuse_application(*, by: Any, member_id: int, facts: queries.Facts, note: str = "") -> VoluntaryTerm:
    """不受理: kept with every test, for the letter that explains. Raises UnableToRecord when every test holds."""
    member, applicant, decision = _decided(member_id, facts, by)
    if decision.allowed:
        raise UnableToRecord("すべての要件を満たしています。受理しない理由がありません。")
    term = _term(member, applicant, facts, decision)
    term.state = TermState.REFUSED
    term.note = note
    term.entered_by_id = by.pk
    term.save()
    return term


# --- payments -------------------------------------------------------------------------------------------------------


@transaction.atomic
def mark_paid(*, by: Any, instalment_id: int, paid_date: date, today: date) -> VoluntaryInstalment:
    """納付: the day the premium of a month was paid; months due together with the first are paid together."""
    instalment = _instalment(instalment_id, by)
    policies.check_paid_date(instalment, paid_date, today=today)
    instalment.paid_date = paid_date
    instalment.save(update_fields=["paid_date"])
    return instalment


@transaction.atomic
def unmark_paid(*, by: Any, instalment_id: int) -> VoluntaryInstalment:
    """納付の取り消し."""
    instalment = _instalment(instalment_id, by)
    instalment.paid_date = None
    instalment.save(update_fields=["paid_date"])
    return instalment


@transaction.atomic
def excuse(*, by: Any, instalment_id: int, excuse: str) -> VoluntaryInstalment:
    """正当な理由: being late with a month does not end the term (法37条2項ただし書, 38条3号, 則138条3項)."""
    instalment = _instalment(instalment_id, by)
    if not excuse:
        raise UnableToRecord("遅れた理由を入力してください（則138条3項）。")
    instalment.excused = True
    instalment.excuse = excuse
    instalment.save(update_fields=["excused", "excuse"])
    return instalment


def _instalment(instalment_id: int, by: Any) -> VoluntaryInstalment:
    instalment = VoluntaryInstalment.objects.select_for_update(of=("self",)).get(pk=instalment_id)
    _member(instalment.member_id, by)
    return instalment


# --- the end --------------------------------------------------------------------------------------------------------


def _end(
    term: VoluntaryTerm, *, by: Any, kind: EndKind, found: Dated, fact: date, received: date, today: date
) -> VoluntaryTerm:
    policies.check_end_day(term, found.day)
    report = enrollment.Report(received_date=received, effective_date=found.day)
    qualification.end(by=by, member=term.member, report=report, kind=kind)
    term.state = TermState.ENDING if found.day > today else TermState.ENDED
    term.end_kind, term.end_fact_date, term.end_received_date, term.end_date = kind, fact, received, found.day
    return _save(term, "state", "end_kind", "end_fact_date", "end_received_date", "end_date")


@transaction.atomic
def withdraw(*, by: Any, term_id: int, version: int, received_date: date, today: date) -> VoluntaryTerm:
    """資格喪失の申出 (則42条の2): lost on the first of the month after the request was accepted."""
    term = _locked(term_id, version, by)
    policies.check_can_end(term)
    found = rules.withdrawal(received_date)
    return _end(
        term, by=by, kind=EndKind.WITHDRAWAL, found=found, fact=received_date, received=received_date, today=today
    )


@transaction.atomic
def end_by_fact(
    *, by: Any, term_id: int, version: int, kind: EndKind, fact_date: date, received_date: date, today: date
) -> VoluntaryTerm:
    """Insured elsewhere, 船員保険, 後期高齢者医療 (that day), or death (the day after)."""
    term = _locked(term_id, version, by)
    policies.check_can_end(term)
    found = rules.death(fact_date) if kind == EndKind.DEATH else rules.ended_at_once(kind, fact_date)
    return _end(term, by=by, kind=kind, found=found, fact=fact_date, received=received_date, today=today)


@transaction.atomic
def record_non_payment(
    *, by: Any, term_id: int, version: int, instalment_id: int, received_date: date, today: date
) -> VoluntaryTerm:
    """未納: lost on the day after the due date; an unpaid first premium means it never began (法37条2項)."""
    term = _locked(term_id, version, by)
    policies.check_can_end(term)
    instalment = VoluntaryInstalment.objects.select_for_update(of=("self",)).get(pk=instalment_id, term=term)
    policies.check_unpaid(instalment, today)
    found = rules.non_payment(instalment.due_date, first=instalment.first, start=term.lost_date)
    if not instalment.first:
        return _end(
            term, by=by, kind=EndKind.NON_PAYMENT, found=found, fact=instalment.due_date, received=received_date,
            today=today,
        )  # fmt: skip
    report = enrollment.Report(received_date=received_date, effective_date=found.day)
    qualification.undo_beginning(by=by, member=term.member, report=report)
    term.state, term.end_kind = TermState.NEVER, EndKind.FIRST_UNPAID
    term.end_fact_date, term.end_received_date, term.end_date = instalment.due_date, received_date, found.day
    return _save(term, "state", "end_kind", "end_fact_date", "end_received_date", "end_date")


@transaction.atomic
def expire(*, by: Any, term_id: int, today: date) -> VoluntaryTerm | None:
    """2年の満了 (法38条1号), by night. None when somebody ended it meanwhile."""
    term = _locked(term_id, None, by)
    if term.state != TermState.RUNNING or term.term_end_date > today:
        return None
    found = rules.term_end(term.lost_date)
    return _end(
        term, by=by, kind=EndKind.TERM, found=found, fact=found.steps[1].figure, received=today, today=today  # type: ignore[arg-type]
    )  # fmt: skip


# --- undo -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def undo_end(*, by: Any, term_id: int, version: int, received_date: date) -> VoluntaryTerm:
    """喪失の取り消し: the term runs again; what was recorded stays in the history."""
    term = _locked(term_id, version, by)
    policies.check_can_undo_end(term)
    assert term.end_date is not None
    report = enrollment.Report(received_date=received_date, effective_date=term.end_date)
    qualification.undo_end(by=by, member=term.member, report=report)
    term.state, term.end_kind = TermState.RUNNING, ""
    term.end_fact_date = term.end_received_date = term.end_date = None
    return _save(term, "state", "end_kind", "end_fact_date", "end_received_date", "end_date")


@transaction.atomic
def undo_application(*, by: Any, term_id: int, version: int, received_date: date) -> VoluntaryTerm:
    """申出の取り消し: entered by mistake. A running term is as if it had never been; a refusal is withdrawn."""
    term = _locked(term_id, version, by)
    if term.state == TermState.RUNNING:
        report = enrollment.Report(received_date=received_date, effective_date=term.lost_date)
        qualification.undo_beginning(by=by, member=term.member, report=report)
    else:
        policies.check_can_undo_refusal(term)
    term.state = TermState.UNDONE
    return _save(term, "state")
