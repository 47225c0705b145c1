"""情報の照会 of a case under 番号法: asked, called off, and its answer taken into the account or the case, or declined."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from benefits.cash import policies
from benefits.cash.actions.common import locked, step, touched
from benefits.cash.enums import AnswerUse, Finding, LinkState, Matter, PensionKind
from benefits.cash.models import AccountAnswer, Case, LinkInquiry, Pension, PensionAnswer, Sickness
from benefits.cash.policies import UnableToProcess
from benefits.cash.rules.kinds import Kind
from benefits.cash.rules.states import FINAL
from kumiai.accounts.crypto import decrypt
from kumiai.ui.formats import format_wareki
from members.payments.actions.accounts import Typed, propose_account
from members.payments.policies import UnableToPay
from privacy.seen import population

ASKED, TAKEN, DECLINED = "link_asked", "link_taken", "link_declined"


@transaction.atomic
def ask(
    *, by: Any, case_id: int, version: int | None, matter: str, wish: str, on_date: date, today: date
) -> LinkInquiry:
    """照会を作る. Raises UnableToProcess where the law gives no ground to ask.

    公金受取口座: only where the applicant says so in the application (則84条1項11号イ and the like). 年金給付: only for 傷病手当金,
    whose adjustment (法108条3項から5項まで) needs it, in place of the papers of 則84条5項.
    """
    case = locked(case_id, version)
    if case.status in FINAL:
        raise UnableToProcess(f"この申請は「{case.status.label}」です。照会はできません。")
    if matter == Matter.ACCOUNT and case.benefit in (Kind.FUNERAL, Kind.FUNERAL_COST):
        raise UnableToProcess(
            "埋葬料・埋葬費は亡くなった人でなく申請者に支払います。申請者の公金受取口座は、ここからは照会できません"
            "（則85条1項6号イ）。申請書に口座を書いてもらってください。"
        )
    if matter == Matter.PENSION and case.benefit is not Kind.SICKNESS:
        raise UnableToProcess(
            "年金給付を照会できるのは、年金との調整がある傷病手当金だけです（法108条3項から5項まで）。"
        )
    if not wish.strip():
        raise UnableToProcess("照会の理由を入力してください。")
    if on_date > today:
        raise UnableToProcess("基準日は今日までの日です。")
    try:
        with transaction.atomic():
            row = LinkInquiry.objects.create(
                case=case, member_id=case.member_id, matter=matter, on_date=on_date, wish=wish.strip()[:200],
                asked_by_id=by.pk,
            )  # fmt: skip
    except IntegrityError:
        raise UnableToProcess("同じ照会が、送付前か回答待ちです。") from None
    step(case, move=ASKED, by=by, before=case.state, reason=str(Matter(matter).label))
    touched(case)
    return row


def _inquiry(case: Case, inquiry_id: int) -> LinkInquiry:
    row = LinkInquiry.objects.select_for_update(of=("self",)).filter(pk=inquiry_id, case=case).first()
    if row is None:
        raise UnableToProcess("この番号の照会は、この申請の照会ではありません。")
    return row


@transaction.atomic
def call_off(*, by: Any, case_id: int, version: int | None, inquiry_id: int) -> LinkInquiry:
    """照会を取りやめる, while no batch holds it."""
    case = locked(case_id, version)
    row = _inquiry(case, inquiry_id)
    if row.state != LinkState.WAITING or row.batch_id is not None:
        raise UnableToProcess("取りやめられるのは、まだどの回にも入っていない照会だけです。")
    row.state = LinkState.DROPPED
    row.save(update_fields=["state"])
    touched(case)
    return row


def _answered(case: Case, inquiry_id: int, matter: str) -> LinkInquiry:
    row = _inquiry(case, inquiry_id)
    if row.matter != matter or row.state != LinkState.ACCEPTED or row.finding != Finding.FOUND:
        raise UnableToProcess("取り入れる回答がありません。")
    if row.use:
        raise UnableToProcess(f"この回答は「{row.get_use_display()}」に済みです。")
    return row


def _used(row: LinkInquiry, case: Case, use: str, by: Any, note: str = "") -> LinkInquiry:
    row.use, row.used_by_id, row.used_note = use, by.pk, note.strip()[:200]
    row.save(update_fields=["use", "used_by_id", "used_note"])
    gone, _kinds = AccountAnswer.objects.filter(inquiry=row).delete()
    population("口座の回答", gone)
    move = TAKEN if use == AnswerUse.TAKEN else DECLINED
    step(case, move=move, by=by, before=case.state, reason=note or str(Matter(row.matter).label))
    touched(case)
    return row


@transaction.atomic
def take_account(*, by: Any, case_id: int, version: int | None, inquiry_id: int, since: date) -> LinkInquiry:
    """口座に取り入れる: an account of the member from `since` on, which a second person confirms like any other.

    Raises UnableToProcess with what the rules of accounts say (another name, an unknown branch).
    """
    case = locked(case_id, version)
    row = _answered(case, inquiry_id, Matter.ACCOUNT)
    found = AccountAnswer.objects.filter(inquiry=row).first()
    if found is None:
        raise UnableToProcess("口座の回答は、保存の期限を過ぎたため消えています。もう一度照会してください。")
    typed = Typed(
        since=since, bank_code=found.bank_code, branch_code=found.branch_code, kind=found.kind,
        number=decrypt(found.number).decode(), holder=found.holder,
    )  # fmt: skip
    try:
        propose_account(by=by, member_id=case.member_id, typed=typed)
    except UnableToPay as unable:
        raise UnableToProcess(str(unable)) from None
    return _used(row, case, AnswerUse.TAKEN, by)


@transaction.atomic
def take_pension(*, by: Any, case_id: int, version: int | None, inquiry_id: int) -> LinkInquiry:
    """申請の内容に取り入れる: the pensions of the answer stand in the case, which is computed with them. What stands stays."""
    case = locked(case_id, version)
    policies.check_can_edit(case)
    row = _answered(case, inquiry_id, Matter.PENSION)
    basis = f"情報連携の回答（{format_wareki(row.answered_date)}・{row.reference}）"
    for answer in PensionAnswer.objects.filter(inquiry=row).order_by("first", "pk"):
        if answer.kind == PensionKind.DISABILITY_LUMP:
            _take_lump(case, answer)
            continue
        old_age = answer.kind == PensionKind.OLD_AGE
        known = Pension.objects.filter(case=case, cancelled=False, first=answer.first, old_age=old_age).first()
        if known is None:
            Pension.objects.create(
                case=case, member_id=case.member_id, annual=answer.annual, first=answer.first, last=answer.last,
                old_age=old_age, basis=basis,
            )  # fmt: skip
        elif (known.annual, known.last) != (answer.annual, answer.last):
            raise UnableToProcess(
                f"{format_wareki(answer.first)}からの年金が、別の額か期間で入力されています。"
                "申請の内容を確かめて、直してから取り入れてください。"
            )
    return _used(row, case, AnswerUse.TAKEN, by)


def _take_lump(case: Case, answer: PensionAnswer) -> None:
    facts = Sickness.objects.filter(case=case).first()
    if facts is None:
        raise UnableToProcess("傷病手当金の申請の内容がありません。")
    if facts.lump_on is not None and (facts.lump_on, facts.lump_amount) != (answer.first, answer.annual):
        raise UnableToProcess("障害手当金が、別の日か額で入力されています。申請の内容を確かめてください。")
    facts.lump_on, facts.lump_amount = answer.first, answer.annual
    facts.save(update_fields=["lump_on", "lump_amount"])


@transaction.atomic
def decline(*, by: Any, case_id: int, version: int | None, inquiry_id: int, note: str) -> LinkInquiry:
    """回答を使わない, with the reason (the pension is of another illness, the person gave another account)."""
    case = locked(case_id, version)
    row = _inquiry(case, inquiry_id)
    _answered(case, inquiry_id, row.matter)
    if not note.strip():
        raise UnableToProcess("使わない理由を入力してください。")
    return _used(row, case, AnswerUse.DECLINED, by, note)
