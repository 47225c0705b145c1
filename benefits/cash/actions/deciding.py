"""決定 by a second person, and what follows: the payment, what the bank did, and money that has to come back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from benefits.cash import policies
from benefits.cash.actions.common import SOURCE, locked, moved, step, touched
from benefits.cash.actions.reviewing import computed_now, latest_calculation, same_result
from benefits.cash.enums import Hold, Outcome
from benefits.cash.models import (
    Calculation,
    Case,
    CaseFinding,
    Decision,
    Instalment,
    MonthClose,
    Recovery,
    Repayment,
)
from benefits.cash.policies import UnableToProcess
from benefits.cash.rules import appeal, recovery
from benefits.cash.rules.states import State
from members.payments.actions.orders import cancel_order, order_payment
from members.payments.enums import LIVE, PaymentState
from members.payments.policies import UnableToPay
from members.payments.queries import payments_of

DAY = timedelta(days=1)


def fiscal_year(day: date) -> int:
    return day.year if day.month >= 4 else day.year - 1


def decisions_of(case: Case) -> list[Decision]:
    return list(Decision.objects.filter(case=case).order_by("serial"))


def _check_month_open(day: date) -> None:
    if MonthClose.objects.filter(month=day.replace(day=1), state__in=(Hold.PROPOSED, Hold.CLOSED)).first() is not None:
        raise UnableToProcess(
            "今日の月は、すでに締め切られています。締切を取りやめるか、翌月になってから決定してください。"
        )


def _decision(case: Case, calculation: Calculation | None, outcome: Outcome, *, by: Any, today: date, due: int, amount: int, extra: int, reason: str) -> Decision:  # fmt: skip
    _check_month_open(today)
    last = Decision.objects.filter(case=case).order_by("-serial").first()
    return Decision.objects.create(
        case=case, member_id=case.member_id, serial=last.serial + 1 if last else 1, outcome=outcome,
        calculation=calculation, due=due, amount=amount, extra=extra, fiscal_year=fiscal_year(today),
        decided_date=today, proposed_by_id=case.submitted_by_id or 0, decided_by_id=by.pk, reason=reason.strip()[:300],
        appeal_by=appeal.deadline(appeal.FIRST, today + DAY).last,
    )  # fmt: skip


def _fresh(case: Case) -> Calculation:
    """The last calculation, when everything still says what it said then."""
    calculation = policies.check_can_grant(case, latest_calculation(case), list(CaseFinding.objects.filter(case=case)))
    if not same_result(calculation, computed_now(case)):
        raise UnableToProcess(
            "計算した後に、資格・標準報酬・ほかの申請などが変わり、いま計算すると別の額になります。"
            "差し戻して、計算し直してください。"
        )
    return calculation


@transaction.atomic
def approve_case(*, by: Any, case_id: int, version: int | None, today: date, reason: str = "") -> Decision:
    """支給を決定する, by another person than the one who submitted. Raises UnableToProcess and Stale."""
    case = locked(case_id, version)
    policies.check_can_move(case, "approve", by, reason)
    calculation = _fresh(case)
    before = decisions_of(case)
    amount = calculation.total - policies.net_of(before)
    if amount < 0:
        raise UnableToProcess(
            f"すでに支給した額より{-amount:,}円少なくなります。支給ではなく、返納を決定してください。"
        )
    extra = calculation.extra - sum(row.extra for row in before)
    made = _decision(
        case, calculation, Outcome.GRANT, by=by, today=today, due=calculation.total, amount=amount, extra=extra, reason=reason
    )  # fmt: skip
    moved(case, name="approve", by=by, reason=reason)
    return made


@transaction.atomic
def refuse_case(*, by: Any, case_id: int, version: int | None, today: date, reason: str) -> Decision:
    """不支給を決定する: the reason stands in the letter. Raises UnableToProcess and Stale."""
    case = locked(case_id, version)
    policies.check_can_move(case, "refuse", by, reason)
    if not case.refusal_proposed:
        raise UnableToProcess(
            "支給として決裁に回された申請です。不支給にするときは、差し戻して「不支給として決裁に回す」を選んでください。"
        )
    policies.check_nothing_paid(decisions_of(case))
    made = _decision(
        case, None, Outcome.REFUSE, by=by, today=today, due=0, amount=0, extra=0, reason=reason
    )  # fmt: skip
    moved(case, name="refuse", by=by, reason=reason)
    return made


@transaction.atomic
def send_back(*, by: Any, case_id: int, version: int | None, reason: str) -> Case:
    """差し戻す to the review, with what is to be looked at."""
    case = locked(case_id, version)
    policies.check_can_move(case, "send_back", by, reason)
    return moved(case, name="send_back", by=by, reason=reason, refusal_proposed=False)


# --- 支払 --------------------------------------------------------------------------------------------------------------


@transaction.atomic
def hand_to_payment(*, by: Any, case_id: int, version: int | None, due_date: date) -> Case:
    """支払に回す: the amount of the last decision is ordered once. Raises UnableToProcess and Stale."""
    case = locked(case_id, version)
    policies.check_can_move(case, "hand_to_payment", by)
    made = decisions_of(case)[-1]
    if not made.amount:
        raise UnableToProcess("今回の決定で支払う額はありません。「完了にする」を選んでください。")
    try:
        order_payment(
            by=by, source=SOURCE, source_id=made.pk, member_id=case.member_id, amount=made.amount, due_date=due_date,
            decided_by=made.decided_by_id,
        )  # fmt: skip
    except UnableToPay as unable:
        raise UnableToProcess(str(unable)) from unable
    return moved(case, name="hand_to_payment", by=by)


@transaction.atomic
def take_from_payment(*, by: Any, case_id: int, version: int | None, reason: str) -> Case:
    """支払から外す, as long as no run holds it. Raises UnableToProcess and Stale."""
    case = locked(case_id, version)
    policies.check_can_move(case, "take_from_payment", by, reason)
    try:
        cancel_order(by=by, source=SOURCE, source_id=decisions_of(case)[-1].pk)
    except UnableToPay as unable:
        raise UnableToProcess(str(unable)) from unable
    return moved(case, name="take_from_payment", by=by, reason=reason)


def _payment_move(case: Case, facts: Sequence[Any]) -> str:
    """The move that what the bank did asks for; empty when there is none."""
    if not facts:
        return ""
    last = facts[-1].state
    if case.status is State.IN_PAYMENT and last == PaymentState.PAID:
        return "confirm_payment"
    if case.status in (State.IN_PAYMENT, State.PAID) and last == PaymentState.RETURNED:
        return "payment_returned"
    if case.status is State.RETURNED and last in LIVE:
        return "pay_again"
    return ""


@transaction.atomic
def follow_payments(*, by: Any, case_ids: Sequence[int]) -> int:
    """Take over what the runs of payment say of these cases: paid, returned, ordered again. How many moved."""
    cases = list(Case.objects.select_for_update(of=("self",)).filter(pk__in=list(case_ids)).order_by("pk"))
    granted = Decision.objects.filter(case__in=cases, outcome=Outcome.GRANT, amount__gt=0).order_by("case_id", "serial")
    last = {row.case_id: row.pk for row in granted}
    facts = payments_of(SOURCE, last.values())
    count = 0
    for case in cases:
        # A payment ordered again and paid meanwhile is two moves.
        while name := _payment_move(case, facts.get(last.get(case.pk, 0), ())):
            reason = "銀行から戻されました。" if name == "payment_returned" else ""
            moved(case, name=name, by=by, reason=reason)
            count += 1
    return count


@transaction.atomic
def close_case(*, by: Any, case_id: int, version: int | None) -> Case:
    """完了にする: paid, refused, or granted with nothing to pay. Raises UnableToProcess and Stale."""
    case = locked(case_id, version)
    policies.check_can_move(case, "close", by)
    if case.status is State.APPROVED and decisions_of(case)[-1].amount:
        raise UnableToProcess("支払う額のある支給決定です。先に支払に回してください。")
    return moved(case, name="close", by=by)


# --- 返納 --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Plan:
    """How money comes back: in so many equal parts, or in parts of so many yen, monthly from a month on."""

    first_month: date
    count: int | None = None
    each: int | None = None
    day: int = 31


def _parts(total: int, plan: Plan) -> tuple[recovery.Instalment, ...]:
    try:
        if plan.each:
            return recovery.by_amount(total, plan.each, plan.first_month, day=plan.day)
        return recovery.by_count(total, plan.count or 1, plan.first_month, day=plan.day)
    except ValueError as wrong:
        raise UnableToProcess(str(wrong)) from wrong


def _write_plan(found: Recovery, parts: Sequence[recovery.Instalment]) -> None:
    for part in parts:
        Instalment.objects.create(
            case_id=found.case_id, member_id=found.member_id, recovery=found, number=part.number, due_date=part.due,
            amount=part.amount,
        )  # fmt: skip


@transaction.atomic
def decide_recovery(
    *, by: Any, case_id: int, version: int | None, today: date, known: date, deceit: bool, plan: Plan, reason: str
) -> Recovery:
    """返納を決定する: what was given beyond what is due comes back. Raises UnableToProcess and Stale."""
    case = locked(case_id, version)
    policies.check_can_move(case, "decide_recovery", by, reason)
    before = decisions_of(case)
    calculation = None if case.refusal_proposed else latest_calculation(case)
    due = calculation.total if calculation is not None else 0
    back = policies.net_of(before) - due
    if back <= 0:
        raise UnableToProcess("返納となる額がありません。支給した額と、計算した額を確かめてください。")
    facts = [fact for found in payments_of(SOURCE, [row.pk for row in before]).values() for fact in found]
    paid = [fact.paid_on for fact in facts if fact.paid_on is not None]
    if not paid:
        raise UnableToProcess("まだ支払われていない決定です。返納ではなく、支払から外して訂正してください。")
    if known > today or known < max(paid):
        raise UnableToProcess("知った日は、支払った日から今日までの日です。")
    law_extra = sum(row.extra for row in before) - (calculation.extra if calculation is not None else 0)
    made = _decision(
        case, calculation, Outcome.RECOVER, by=by, today=today, due=due, amount=back, extra=-law_extra, reason=reason
    )  # fmt: skip
    term = recovery.recovery_term(max(paid), known, deceit=deceit)
    found = Recovery.objects.create(
        case=case, member_id=case.member_id, decision=made, total=back, paid_date=max(paid), known_date=known,
        deceit=deceit, last_day=term.last,
    )  # fmt: skip
    _write_plan(found, _parts(back, plan))
    moved(case, name="decide_recovery", by=by, reason=reason)
    return found


def received_total(found: Recovery) -> int:
    return sum(row.amount for row in Repayment.objects.filter(recovery=found, cancelled=False))


@transaction.atomic
def replan_recovery(*, by: Any, case_id: int, version: int | None, plan: Plan, reason: str) -> Recovery:
    """返納の計画を変える: what is still owed, in other parts. Raises UnableToProcess and Stale."""
    case = locked(case_id, version)
    found = _standing_recovery(case)
    if not reason.strip():
        raise UnableToProcess("計画を変える理由を入力してください。")
    left = found.total - received_total(found)
    parts = _parts(left, plan)
    Instalment.objects.filter(recovery=found, replaced=False).update(replaced=True)
    _write_plan(found, parts)
    touched(case)
    step(case, move="replan", by=by, reason=reason, before=case.state)
    return found


def _standing_recovery(case: Case) -> Recovery:
    found = Recovery.objects.filter(case=case).order_by("-pk").first()
    if case.status is not State.RECOVERING or found is None:
        raise UnableToProcess(f"この申請は「{case.status.label}」です。返納中の申請だけにできます。")
    return found


@transaction.atomic
def receive_repayment(
    *, by: Any, case_id: int, version: int | None, received: date, amount: int, key: UUID, today: date
) -> Repayment:
    """返納金の受入れ. Never more than is owed; the same key once. When nothing is left the case is closed."""
    known = Repayment.objects.filter(entry_key=key).first()
    if known is not None:
        return known
    case = locked(case_id, version)
    found = _standing_recovery(case)
    left = found.total - received_total(found)
    if amount <= 0 or amount > left:
        raise UnableToProcess(f"受け入れる額は1円から残りの{left:,}円までです。")
    if received > today or received < found.decision.decided_date:
        raise UnableToProcess("受け入れた日は、返納の決定の日から今日までの日です。")
    row = Repayment.objects.create(
        case=case, member_id=case.member_id, recovery=found, received_date=received, amount=amount,
        entered_by_id=by.pk, entry_key=key,
    )  # fmt: skip
    if amount == left:
        moved(case, name="recovered", by=by)
    else:
        touched(case)
        step(case, move="repaid", by=by, before=case.state)
    return row
