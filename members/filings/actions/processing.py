"""処理: a filing becomes a fact of the register, by the register's own actions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from members.enrollment import actions as register
from members.filings import policies, queries
from members.filings.actions.common import check_may_handle, lock, move
from members.filings.actions.entry import keep_contents
from members.filings.actions.errors import UnableToFile
from members.filings.enums import DependantChange, FilingKind, FilingRole, FilingState
from members.filings.models import Filing
from members.filings.rules.findings import Finding
from members.lifecycle.actions import voluntary as terms
from members.lifecycle.policies import UnableToRecord
from members.lifecycle.queries import voluntary


@dataclass
class Done:
    """What a processing left: the person it was about, the register's report or the voluntary term where it made one."""

    member: Any = None
    dependant: Any = None
    report_id: int | None = None
    term_id: int | None = None


@dataclass(frozen=True)
class Meaning:
    """A filing as it is understood now: the cleaned fields of its form, what the checks find, the people its numbers are.
    The people may have been registered after the filing was received."""

    values: dict[str, Any]
    findings: list[Finding]
    member: Any = None
    dependant: Any = None


@transaction.atomic
def process(*, by: Any, filing_id: int, version: int, meaning: Meaning) -> Filing:
    """Process a received filing that needs no second person.

    Raises UnableToMove, StaleFiling, UnableToFile with the register's own sentence, PermissionDenied.
    """
    filing = lock(filing_id, version, by=by)
    policies.check_can_process(filing, meaning.findings)
    return _carry_out(filing, meaning, by=by, sentence="処理しました")


@transaction.atomic
def approve(*, by: Any, filing_id: int, version: int, meaning: Meaning) -> Filing:
    """承認して処理: by somebody who neither entered the filing nor asked for the approval."""
    filing = lock(filing_id, version, by=by)
    policies.check_can_approve(filing, meaning.findings, by.pk)
    policies.check_did_not_write(filing, by.pk)
    filing.approved_by_id = by.pk
    return _carry_out(filing, meaning, by=by, sentence="承認して処理しました")


def _carry_out(filing: Filing, meaning: Meaning, *, by: Any, sentence: str) -> Filing:
    values = meaning.values
    if filing.received_date is None or not values:
        raise UnableToFile("届の内容が読めません。「直す」から確かめてください。")
    filing.member, filing.dependant = meaning.member or filing.member, meaning.dependant or filing.dependant
    check_may_handle(by, filing.member, filing.dependant)
    if filing.contents:
        keep_contents(filing, filing.contents)
    report = register.Report(
        received_date=filing.received_date,
        effective_date=filing.effective_date or filing.received_date,
        note=values.get("note", ""),
        receipt_number=filing.receipt_number,
    )
    try:
        if filing.role == FilingRole.NEW:
            done = _NEW[FilingKind(filing.kind)](filing, values, report, by)
        elif filing.role == FilingRole.CORRECTION:
            done = _correct(filing, values, report, by)
        else:
            done = _cancel(filing, values, report, by)
    except register.StaleVersion:
        raise UnableToFile(
            "処理の途中で、この人の情報が変わりました。画面を開き直して、もう一度処理してください。"
        ) from None
    except (register.UnableToChange, UnableToRecord) as unable:
        raise UnableToFile(str(unable)) from None
    filing.member = done.member or filing.member
    filing.dependant = done.dependant or filing.dependant
    filing.register_report_id, filing.voluntary_term_id = done.report_id, done.term_id
    filing.processed_by_id, filing.processed_at = by.pk, timezone.now()
    move(filing, FilingState.PROCESSED, by=by, sentence=sentence)
    if filing.corrects_id:
        original = lock(filing.corrects_id, None, by=by)
        after = FilingState.CORRECTED if filing.role == FilingRole.CORRECTION else FilingState.CANCELLED
        move(original, after, by=by, sentence=f"{filing.get_role_display()} {filing.receipt_number}")
    return filing


def _insured(filing: Filing) -> Any:
    """The registered person of the filing."""
    if filing.member is None:
        raise UnableToFile("この届の加入者が見つかりません。記号-番号を確かめてください。")
    return filing.member


def _dependant_of(filing: Filing) -> Any:
    """The registered dependant of the filing."""
    if filing.dependant is None:
        raise UnableToFile("この届の被扶養者が見つかりません。枝番を確かめてください。")
    return filing.dependant


def _original(filing: Filing) -> Filing:
    """The filing that is put right or taken back, with its contents."""
    assert filing.corrects is not None
    queries.fill_contents(filing.corrects)
    return filing.corrects


def _names(values: dict[str, Any]) -> dict[str, str]:
    return {name: values.get(name) or "" for name in register.NAME_FIELDS}


def _address(values: dict[str, Any]) -> dict[str, Any]:
    address = {name: values.get(name) or "" for name in register.ADDRESS_FIELDS + register.ABROAD_FIELDS}
    address["abroad"] = bool(values.get("abroad") or values.get("country"))
    return address


def _address_if_given(values: dict[str, Any]) -> dict[str, Any] | None:
    """The address, None where the document has none: then the register takes that of the person or household before."""
    return _address(values) if values.get("town") or values.get("country") else None


def _person(values: dict[str, Any]) -> register.Person:
    return register.Person(
        **_names(values),
        birth_date=values["birth_date"],
        sex=values["sex"],
        common_name=values.get("common_name") or "",
        alphabet_name=values.get("alphabet_name") or "",
        kana_unknown=bool(values.get("kana_unknown")),
    )


def _acquire(filing: Filing, values: dict[str, Any], report: register.Report, by: Any) -> Done:
    member = register.acquire(
        by=by,
        employer_id=filing.employer_id,
        person=_person(values),
        report=report,
        reason=values["reason"],
        number=values.get("number") or "",
        address=_address_if_given(values),
        returning_id=values.get("returning_id"),
        keep_number=bool(values.get("keep_number")),
    )
    return Done(member=member)


def _lose(filing: Filing, values: dict[str, Any], report: register.Report, by: Any) -> Done:
    member = _insured(filing)
    register.lose(by=by, member_id=member.pk, version=member.version, report=report, reason=values["reason"])
    return Done(member=member)


def _dependant(filing: Filing, values: dict[str, Any], report: register.Report, by: Any) -> Done:
    insured = _insured(filing)
    if values["change"] == DependantChange.REMOVE:
        register.remove_dependant(
            by=by,
            member_id=_dependant_of(filing).pk,
            version=_dependant_of(filing).version,
            report=report,
            reason=values["end_reason"],
        )
        return Done(member=insured)
    dependant = register.certify_dependant(
        by=by,
        insured_id=insured.pk,
        version=insured.version,
        person=_person(values),
        relation=values["relation"],
        report=report,
        member_id=filing.dependant_id,
        address=_address_if_given(values),
    )
    return Done(member=insured, dependant=dependant)


def _change_name(filing: Filing, values: dict[str, Any], report: register.Report, by: Any) -> Done:
    member = _insured(filing)
    made = register.change_name(by=by, member_id=member.pk, version=member.version, names=_names(values), report=report)
    return Done(member=member, report_id=made.pk)


def _change_address(filing: Filing, values: dict[str, Any], report: register.Report, by: Any) -> Done:
    member = _insured(filing)
    made = register.change_address(
        by=by, member_id=member.pk, version=member.version, address=_address(values), report=report
    )
    return Done(member=member, report_id=made.pk)


def voluntary_facts(values: dict[str, Any]) -> Any:
    """What an application adds to the register (則42条)."""
    return voluntary.Facts(
        received_date=values["received_date"],
        just_cause=bool(values.get("just_cause")),
        certified_from=values.get("certified_from"),
        insured_elsewhere=bool(values.get("insured_elsewhere")),
        seaman=bool(values.get("seaman")),
    )


def _enter_voluntary(filing: Filing, values: dict[str, Any], report: register.Report, by: Any) -> Done:
    member = _insured(filing)
    term = terms.accept_application(
        by=by,
        member_id=member.pk,
        facts=voluntary_facts(values),
        first_due=values["first_due_date"],
        late_reason=values.get("late_reason") or "",
        note=values.get("note") or "",
        receipt_number=filing.receipt_number,
    )
    return Done(member=member, term_id=term.pk)


_NEW: dict[FilingKind, Callable[[Filing, dict[str, Any], Any, Any], Done]] = {
    FilingKind.ACQUISITION: _acquire,
    FilingKind.LOSS: _lose,
    FilingKind.DEPENDANT: _dependant,
    FilingKind.NAME_CHANGE: _change_name,
    FilingKind.ADDRESS_CHANGE: _change_address,
    FilingKind.VOLUNTARY: _enter_voluntary,
}


def _term_of(original: Filing) -> Any:
    """The 任意継続 that an application became."""
    term = voluntary.term(original.voluntary_term_id or 0)
    if term is None:
        raise UnableToFile("この申出の任意継続が見つかりません。任意継続の画面から直してください。")
    return term


def _correct(filing: Filing, values: dict[str, Any], report: register.Report, by: Any) -> Done:
    """訂正届: the right day of a qualification, the right name, the right address, the right application."""
    member, original = _insured(filing), _original(filing)
    about = {"by": by, "member_id": member.pk, "version": member.version, "report": report}
    if filing.kind == FilingKind.ACQUISITION:
        register.correct_acquisition_date(**about)
    elif filing.kind == FilingKind.LOSS:
        register.correct_loss_date(**about)
    elif filing.kind == FilingKind.DEPENDANT:
        about |= {"member_id": _dependant_of(filing).pk, "version": _dependant_of(filing).version}
        if original.contents.get("change") == DependantChange.REMOVE:
            register.correct_removal_date(**about)
        else:
            register.correct_certification_date(**about)
    elif filing.kind == FilingKind.VOLUNTARY:
        term = _term_of(original)
        terms.correct_application(
            by=by,
            term_id=term.pk,
            version=term.version,
            facts=voluntary_facts(values | {"received_date": values["applied_date"]}),
            first_due=values["first_due_date"],
            late_reason=values.get("late_reason") or "",
        )
        return Done(member=member, term_id=term.pk)
    elif filing.kind == FilingKind.NAME_CHANGE:
        register.change_name(**about, names=_names(values), correction=True)
    else:
        register.correct_address(**about, address=_address(values))
    return Done(member=member)


def _cancel(filing: Filing, values: dict[str, Any], report: register.Report, by: Any) -> Done:
    """取消届: what the filing did is taken back."""
    member, original = _insured(filing), _original(filing)
    about = {"by": by, "member_id": member.pk, "version": member.version, "report": report}
    if filing.kind == FilingKind.ACQUISITION:
        register.cancel_acquisition(**about)
    elif filing.kind == FilingKind.VOLUNTARY:
        term = _term_of(original)
        assert filing.received_date is not None
        terms.undo_application(by=by, term_id=term.pk, version=term.version, received_date=filing.received_date)
    elif filing.kind == FilingKind.LOSS:
        register.cancel_loss(**about)
    elif filing.kind == FilingKind.DEPENDANT:
        about |= {"member_id": _dependant_of(filing).pk, "version": _dependant_of(filing).version}
        if original.contents.get("change") == DependantChange.REMOVE:
            register.cancel_removal(**about)
        else:
            register.cancel_certification(**about)
    else:
        register.cancel_change(by=by, report_id=original.register_report_id or 0, version=member.version)
    return Done(member=member)
