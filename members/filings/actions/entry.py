"""Typing a filing in: saved as a draft or received, edited, taken back, handed in again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from members.enrollment import actions as register
from members.filings import policies, queries
from members.filings.actions.common import check_may_handle, lock, move
from members.filings.actions.errors import UnableToFile
from members.filings.enums import FilingRole, FilingState
from members.filings.models import Filing, FilingReturn, ProtectedContents
from members.filings.rules.codes import Level
from members.filings.rules.deadlines import Deadline, RegistrationClock, days_late
from members.filings.rules.findings import Finding


@dataclass(frozen=True)
class Entry:
    """What a clerk hands in: what was typed, and what was understood of it.

    contents: the typed text, field by field. member, dependant: registered people, once known. deadline, clock: the two
    clocks of the filing; None where the law names no days.
    """

    kind: str
    contents: dict[str, Any]
    role: str = FilingRole.NEW
    received_date: date | None = None
    effective_date: date | None = None
    employer_id: int | None = None
    member: Any = None
    dependant: Any = None
    corrects: Filing | None = None
    deadline: Deadline | None = None
    clock: RegistrationClock | None = None
    findings: list[Finding] = field(default_factory=list)
    entry_key: UUID = field(default_factory=uuid4)
    sitting: UUID | None = None


@transaction.atomic
def save_new(*, by: Any, entry: Entry, receive: bool) -> Filing:
    """Store a new filing, received with a receipt number or as a draft. The same key again changes nothing.

    Raises PermissionDenied for a protected member whom the clerk is not named for.
    """
    saved = _saved_before(entry, by)
    if saved is not None:
        return saved
    try:
        with transaction.atomic():  # with the receipt number: one that was not used is not missing either
            return _store(by=by, entry=entry, receive=receive)
    except IntegrityError:
        # Sent twice at once: the other one waited for by the key has stored it meanwhile.
        saved = _saved_before(entry, by)
        if saved is None:
            raise
        return saved


def _saved_before(entry: Entry, by: Any) -> Filing | None:
    saved = queries.filing_of_key(entry.entry_key)
    if saved is not None and saved.entered_by_id != by.pk:
        raise UnableToFile("この入力は、ほかの職員が保存しています。新しい届として入力し直してください。")
    return saved


def _store(*, by: Any, entry: Entry, receive: bool) -> Filing:
    check_may_handle(by, entry.member, entry.dependant)
    filing = Filing(
        kind=entry.kind, role=entry.role, entry_key=entry.entry_key, sitting=entry.sitting, entered_by_id=by.pk
    )
    if entry.corrects is not None:
        original = lock(entry.corrects.pk, None, by=by)
        check = policies.check_can_correct if entry.role == FilingRole.CORRECTION else policies.check_can_cancel
        check(original)
        waiting = [f for f in queries.followers_of(original) if f.state in (FilingState.RECEIVED, FilingState.WAITING)]
        if waiting:
            raise UnableToFile(f"この届には、処理していない訂正届・取消届 {waiting[0].receipt_number} があります。")
        filing.corrects = original
    _fill(filing, entry)
    if receive:
        _receive(filing)
    move(
        filing,
        FilingState.RECEIVED if receive else FilingState.DRAFT,
        by=by,
        sentence="受け付けました" if receive else "下書きとして保存しました",
        first=True,
    )
    keep_contents(filing, entry.contents)
    return filing


@transaction.atomic
def edit(*, by: Any, filing_id: int, version: int, entry: Entry, receive: bool) -> Filing:
    """Change a draft or a received filing. Saving what already stands changes nothing.

    Raises StaleFiling when somebody saved meanwhile and something else was typed, UnableToMove.
    """
    filing = lock(filing_id, None, by=by)
    queries.fill_contents(filing)
    if filing.contents == entry.contents and (filing.state == FilingState.RECEIVED) == receive:
        return filing
    filing = lock(filing_id, version, by=by)
    policies.check_can_edit(filing)
    check_may_handle(by, entry.member, entry.dependant)
    before = FilingState(filing.state)
    _fill(filing, entry)
    if receive and not filing.receipt_number:
        _receive(filing)
    if before == FilingState.DRAFT and not receive:
        filing.version += 1
        filing.save()
    else:
        sentence = "受け付けました" if before == FilingState.DRAFT else "内容を直しました"
        move(filing, FilingState.RECEIVED, by=by, sentence=sentence)
    keep_contents(filing, entry.contents)
    return filing


@transaction.atomic
def withdraw(*, by: Any, filing_id: int, version: int | None) -> Filing:
    """元に戻す: a draft or a received filing was entered by mistake. It keeps its receipt number and stays on record."""
    filing = lock(filing_id, version, by=by)
    if filing.state == FilingState.WITHDRAWN:
        return filing
    move(filing, FilingState.WITHDRAWN, by=by, sentence="入力を取り下げました")
    return filing


@transaction.atomic
def resubmit(*, by: Any, filing_id: int, version: int, received_date: date) -> Filing:
    """再提出を受け付ける: a returned filing came back. It becomes a draft with its receipt number, to be put right; our clock
    counts from the day it came back."""
    filing = lock(filing_id, version, by=by)
    policies.check_move(filing, FilingState.DRAFT)
    filing.received_date = received_date
    filing.registration_due_date = filing.alarm_date = None
    move(filing, FilingState.DRAFT, by=by, sentence="再提出を受け付けました")
    for returned in FilingReturn.objects.filter(filing=filing, answered_date__isnull=True):
        returned.answered_date = received_date
        returned.save(update_fields=["answered_date"])
    return filing


def _fill(filing: Filing, entry: Entry) -> None:
    filing.received_date = entry.received_date or filing.received_date
    filing.effective_date = entry.effective_date
    filing.employer_id = entry.employer_id
    filing.member, filing.dependant = entry.member, entry.dependant
    filing.filing_due_date = entry.deadline.due if entry.deadline else None
    filing.late_days = days_late(entry.deadline, entry.received_date) if entry.received_date else 0
    filing.registration_due_date = entry.clock.due if entry.clock else None
    filing.alarm_date = entry.clock.alarm if entry.clock else None
    filing.errors = sum(1 for finding in entry.findings if finding.level == Level.ERROR)
    filing.warnings = sum(1 for finding in entry.findings if finding.level == Level.WARNING)
    filing.contents = {} if filing.protected else entry.contents


def _receive(filing: Filing) -> None:
    if filing.received_date is None:
        raise UnableToFile("収受日を入力してください。")
    filing.receipt_number = register.mint_receipt_number(filing.received_date)


def keep_contents(filing: Filing, contents: dict[str, Any]) -> None:
    """What was typed about a protected member stands in no open table."""
    member_id = filing.dependant_id or filing.member_id
    if not filing.protected or member_id is None:
        return
    filing.contents = {}
    ProtectedContents.objects.update_or_create(filing=filing, defaults={"member_id": member_id, "contents": contents})
