"""What a run would hold, what it holds, and what stays out of it and why."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Sum

from members.enrollment import queries as register
from members.payments import sources
from members.payments.enums import AccountState, PaymentState, Relation, RunState
from members.payments.files import zengin, zengin_text
from members.payments.files.zengin import allowed_kinds
from members.payments.models import BankAccount, Payment, PaymentRun
from members.payments.queries.calendar import PayDay, payer_of
from members.payments.rules.names import same_holder
from privacy.notice.register import Purpose
from privacy.seen import population

NO_ACCOUNT = "口座がない"
PROTECTED = "保護対象（指名された担当者だけが扱えます）"
HOLDER = "口座名義が加入者のカナ氏名と違う"
ENDING = "口座の終わりの確認を待っている"
MERGED = "統合された登録に残っている（別の口座があるか、前の回の結果を待っている）"
CHARACTERS = "名義に、給与振込で使えない文字がある"
SAVINGS = "預金種目が、この種別の振込に使えない"


@dataclass(frozen=True)
class Totals:
    """Payments of a kind: how many, how much (yen)."""

    count: int
    amount: int


@dataclass(frozen=True)
class Left:
    """A payment that no run may take, and why. member_id None: of somebody this clerk may not see."""

    payment_id: int
    member_id: int | None
    amount: int
    due_date: date
    reason: str


def due(until: date) -> Any:
    """Payments decided under 給付金の支払い that are due by the day."""
    codes = sources.codes_for(Purpose.BENEFIT_PAYMENT)
    return Payment.objects.filter(state=PaymentState.DECIDED, due_date__lte=until, source__in=codes)


def totals_of(payments: Any) -> Totals:
    found = payments.aggregate(n=Count("pk"), total=Sum("amount"))
    population("支払", found["n"])
    return Totals(found["n"], found["total"] or 0)


def held_back(pay: PayDay, *, kind: str, user_id: int) -> dict[int, str]:
    """Member id → why a run of the day may not pay them. Four statements and a pass over their names."""
    ids = list(due(pay.until).values_list("member_id", flat=True).distinct())
    population("支払を待つ人", len(ids))
    hidden = set(register.hidden_from(user_id).filter(pk__in=ids).values_list("pk", flat=True))
    accounts = {
        account.member_id: account
        for account in BankAccount.objects.filter(
            state=AccountState.CONFIRMED, period__contains=pay.day, member_id__in=ids
        )
    }
    people = register.members_by_id([pk for pk in ids if pk not in hidden])
    payer = payer_of(kind)
    kinds = allowed_kinds(kind, payer is not None and payer.savings)
    found: dict[int, str] = {}
    for pk in ids:
        reason = PROTECTED if pk in hidden else _hindrance(accounts.get(pk), people[pk], pay.day, kind, kinds)
        if reason:
            found[pk] = reason
    return found


def _hindrance(account: BankAccount | None, member: Any, day: date, kind: str, kinds: Container[int]) -> str:
    """Why the account cannot be paid into; empty where it can."""
    if member.merged_into_id is not None:
        return MERGED  # what could move to the row that remains has moved
    if account is None:
        return NO_ACCOUNT
    if account.ending and account.ending_date is not None and account.ending_date <= day:
        return ENDING
    if account.relation == Relation.SELF and not _own(account, member):
        return HOLDER
    if not zengin.may_stand(kind, account.holder):
        return CHARACTERS
    return "" if account.kind in kinds else SAVINGS


def _own(account: BankAccount, member: Any) -> bool:
    try:
        return same_holder(account.holder, zengin_text.normalise(member.kana, length=200).text)
    except zengin_text.BadText:
        return False


def left_out(pay: PayDay, *, kind: str, user_id: int, most: int = 50) -> tuple[list[Left], int]:
    """The first payments that a run of the day would leave out, with the reason, and how many there are."""
    reasons = held_back(pay, kind=kind, user_id=user_id)
    rows = due(pay.until).filter(member_id__in=list(reasons)).order_by("due_date", "pk")
    total = rows.count()
    population("支払", total)
    return [
        Left(
            row.pk,
            None if reasons[row.member_id] == PROTECTED else row.member_id,
            row.amount,
            row.due_date,
            reasons[row.member_id],
        )
        for row in rows[:most]
    ], total


def run_of(pk: int) -> PaymentRun | None:
    return PaymentRun.objects.filter(pk=pk).first()


def payments_in(run: PaymentRun, states: Iterable[str] = ()) -> Any:
    """Payments of a run in the order of its file."""
    found = Payment.objects.filter(run=run).select_related("account").order_by("position")
    return found.filter(state__in=list(states)) if states else found


def by_state(run: PaymentRun) -> dict[str, Totals]:
    """State → totals of the run's payments."""
    rows = Payment.objects.filter(run=run).values("state").annotate(n=Count("pk"), total=Sum("amount")).order_by()
    found = {row["state"]: Totals(row["n"], row["total"]) for row in rows}
    population("支払", sum(one.count for one in found.values()))
    return found


def decided_by(run: PaymentRun, user_id: int) -> bool:
    """Whether this person decided one of the run's payments. Who handed a decision of another on to be paid did not."""
    found = Payment.objects.filter(run=run, decided_by_id=user_id).exists()
    population("支払", int(found))
    return found


@dataclass(frozen=True)
class Open:
    """What waits for somebody: runs to be checked or approved, to be written, whose result is awaited; payments due and those
    that came back and are not paid again."""

    to_approve: int
    to_write: int
    awaited: int
    due: Totals
    returned: int


def open_work(until: date) -> Open:
    """For the first page; payments due by the day. Four statements."""
    rows = PaymentRun.objects.values("state").annotate(n=Count("pk")).order_by()
    runs = {row["state"]: row["n"] for row in rows}
    returned = Payment.objects.filter(state=PaymentState.RETURNED).count()
    population("支払", returned)
    return Open(
        to_approve=runs.get(RunState.COLLECTING, 0) + runs.get(RunState.CHECKED, 0),
        to_write=runs.get(RunState.APPROVED, 0),
        awaited=runs.get(RunState.WRITTEN, 0),
        due=totals_of(due(until)),
        returned=returned,
    )
