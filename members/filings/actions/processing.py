"""処理: a filing becomes a fact of the register, by the register's own actions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from members.enrollment import actions as register
from members.filings import policies
from members.filings.actions.common import lock, move
from members.filings.actions.errors import UnableToFile
from members.filings.enums import DependantChange, FilingKind, FilingRole, FilingState
from members.filings.models import Filing
from members.filings.rules.findings import Finding


@dataclass
class Done:
    """What a processing left in the register: the person it was about, and the register's report where it made one."""

    member: Any = None
    dependant: Any = None
    report_id: int | None = None


@transaction.atomic
def process(*, by: Any, filing_id: int, version: int, values: dict[str, Any], findings: list[Finding]) -> Filing:
    """Process a received filing that needs no second person.

    values: the cleaned fields of its form. findings: what the checks found just now. Raises UnableToMove, StaleFiling,
    UnableToFile with the register's own sentence.
    """
    filing = lock(filing_id, version, by=by)
    policies.check_can_process(filing, findings)
    return _carry_out(filing, values, by=by, sentence="処理しました")


@transaction.atomic
def approve(*, by: Any, filing_id: int, version: int, values: dict[str, Any], findings: list[Finding]) -> Filing:
    """承認して処理: by somebody who neither entered the filing nor asked for the approval."""
    filing = lock(filing_id, version, by=by)
    policies.check_can_approve(filing, findings, by.pk)
    filing.approved_by_id = by.pk
    return _carry_out(filing, values, by=by, sentence="承認して処理しました")


def _carry_out(filing: Filing, values: dict[str, Any], *, by: Any, sentence: str) -> Filing:
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
    except register.UnableToChange as unable:
        raise UnableToFile(str(unable)) from None
    filing.member = done.member or filing.member
    filing.dependant = done.dependant or filing.dependant
    filing.register_report_id = done.report_id
    filing.processed_by_id, filing.processed_at = by.pk, timezone.now()
    move(filing, FilingState.PROCESSED, by=by, sentence=sentence)
    if filing.corrects_id:
        original = lock(filing.corrects_id, None, by=by)
        after = FilingState.CORRECTED if filing.role == FilingRole.CORRECTION else FilingState.CANCELLED
        move(original, after, by=by, sentence=f"{filing.get_role_display()} {filing.receipt_number}")
    return filing


def _names(values: dict[str, Any]) -> dict[str, str]:
    return {name: values.get(name) or "" for name in register.NAME_FIELDS}


def _address(values: dict[str, Any]) -> dict[str, Any]:
    address = {name: values.get(name) or "" for name in register.ADDRESS_FIELDS}
    address["abroad"] = bool(values.get("abroad"))
    return address


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
        address=_address(values) if values.get("town") else None,
        returning_id=values.get("returning_id"),
        keep_number=bool(values.get("keep_number")),
    )
    return Done(member=member)


def _lose(filing: Filing, values: dict[str, Any], report: register.Report, by: Any) -> Done:
    member = filing.member
    register.lose(by=by, member_id=member.pk, version=member.version, report=report, reason=values["reason"])
    return Done(member=member)


def _dependant(filing: Filing, values: dict[str, Any], report: register.Report, by: Any) -> Done:
    insured = filing.member
    if values["change"] == DependantChange.REMOVE:
        register.remove_dependant(
            by=by,
            member_id=filing.dependant.pk,
            version=filing.dependant.version,
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
    )
    return Done(member=insured, dependant=dependant)


def _change_name(filing: Filing, values: dict[str, Any], report: register.Report, by: Any) -> Done:
    member = filing.member
    made = register.change_name(by=by, member_id=member.pk, version=member.version, names=_names(values), report=report)
    return Done(member=member, report_id=made.pk)


def _change_address(filing: Filing, values: dict[str, Any], report: register.Report, by: Any) -> Done:
    member = filing.member
    made = register.change_address(
        by=by, member_id=member.pk, version=member.version, address=_address(values), report=report
    )
    return Done(member=member, report_id=made.pk)


def _enter_voluntary(filing: Filing, values: dict[str, Any], report: register.Report, by: Any) -> Done:
    member = filing.member
    register.enter_voluntary(by=by, member_id=member.pk, version=member.version, report=report)
    return Done(member=member)


_NEW: dict[FilingKind, Callable[[Filing, dict[str, Any], Any, Any], Done]] = {
    FilingKind.ACQUISITION: _acquire,
    FilingKind.LOSS: _lose,
    FilingKind.DEPENDANT: _dependant,
    FilingKind.NAME_CHANGE: _change_name,
    FilingKind.ADDRESS_CHANGE: _change_address,
    FilingKind.VOLUNTARY: _enter_voluntary,
}


def _correct(filing: Filing, values: dict[str, Any], report: register.Report, by: Any) -> Done:
    """訂正届: the right day of a qualification, the right name, the right address."""
    member = filing.member
    about = {"by": by, "member_id": member.pk, "version": member.version, "report": report}
    if filing.kind == FilingKind.ACQUISITION:
        register.correct_acquisition_date(**about)
    elif filing.kind == FilingKind.LOSS:
        register.correct_loss_date(**about)
    elif filing.kind == FilingKind.DEPENDANT:
        about |= {"member_id": filing.dependant.pk, "version": filing.dependant.version}
        register.correct_certification_date(**about)
    elif filing.kind == FilingKind.NAME_CHANGE:
        register.change_name(**about, names=_names(values), correction=True)
    else:
        register.correct_address(**about, address=_address(values))
    return Done(member=member)


def _cancel(filing: Filing, values: dict[str, Any], report: register.Report, by: Any) -> Done:
    """取消届: what the filing did is taken back."""
    member, original = filing.member, filing.corrects
    about = {"by": by, "member_id": member.pk, "version": member.version, "report": report}
    if filing.kind in (FilingKind.ACQUISITION, FilingKind.VOLUNTARY):
        register.cancel_acquisition(**about)
    elif filing.kind == FilingKind.LOSS:
        register.cancel_loss(**about)
    elif filing.kind == FilingKind.DEPENDANT:
        about |= {"member_id": filing.dependant.pk, "version": filing.dependant.version}
        if original.contents.get("change") == DependantChange.REMOVE:
            register.cancel_removal(**about)
        else:
            register.cancel_certification(**about)
    else:
        register.cancel_change(by=by, report_id=original.register_report_id, version=member.version)
    return Done(member=member)
