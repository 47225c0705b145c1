"""口座: propose, confirm by a second person, send back; and the full number, for those who must read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from kumiai.accounts.crypto import decrypt, encrypt, reencrypt
from members.enrollment import policies as enrollment_policies
from members.enrollment import queries as register
from members.payments import policies
from members.payments.enums import AccountKind, AccountState, Relation
from members.payments.files import zengin_text
from members.payments.models import BankAccount
from members.payments.policies import Stale, UnableToPay
from members.payments.queries.banks import find_bank, find_branch
from members.payments.rules.names import same_holder

ENDING = ("ending_date", "ending_reason", "ending_by_id", "ending_at")
"""What is entered about the end of an account before a second person confirmed it."""


@dataclass(frozen=True)
class Typed:
    """An account as a clerk typed it. since: the first day on which payments go there."""

    since: date
    bank_code: str
    branch_code: str
    kind: int
    number: str
    holder: str
    relation: str = Relation.SELF
    relation_reason: str = ""


def member_kana(member: Any) -> str:
    """The member's name in the characters of the record; empty where it has a character that no bank reads."""
    try:
        return zengin_text.normalise(member.kana, length=200).text
    except zengin_text.BadText:
        return ""


def _member(by: Any, member_id: int) -> Any:
    member = register.members_by_id([member_id]).get(member_id)
    if member is None:
        raise UnableToPay("この番号の加入者はいません。")
    enrollment_policies.check_may_handle(by.pk, member)
    return member


def _adult_on(member: Any) -> date:
    """The day the person is of age (民法4条: 18)."""
    born: date = member.birth_date
    try:
        return born.replace(year=born.year + 18)
    except ValueError:  # born on 29 February
        return date(born.year + 18, 3, 1)


def checked(typed: Typed, member: Any) -> zengin_text.Normal:
    """The holder as it will stand in the record. Raises UnableToPay with what is wrong and what to do."""
    if find_bank(typed.bank_code) is None:
        raise UnableToPay(f"銀行コード {typed.bank_code} の銀行はありません。4桁の番号を確かめてください。")
    if find_branch(typed.bank_code, typed.branch_code) is None:
        raise UnableToPay(
            f"この銀行に、支店コード {typed.branch_code} の支店はありません。3桁の番号を確かめてください。"
        )
    if typed.kind not in AccountKind.values:
        raise UnableToPay("預金種目を選んでください。")
    if not (typed.number.isascii() and typed.number.isdigit() and len(typed.number) == 7):
        raise UnableToPay("口座番号は7桁の数字にしてください。7桁より短いときは、左に0を付けます。")
    try:
        holder = zengin_text.normalise(typed.holder)
    except zengin_text.BadText as bad:
        raise UnableToPay(f"口座名義：{bad}") from None
    if typed.relation == Relation.SELF and not same_holder(holder.text, member_kana(member)):
        raise UnableToPay(
            "口座名義が加入者のカナ氏名と違います。名義を確かめるか、名義人を「親権者」「代理人」などから選び、理由を書いてください。"
        )
    if typed.relation == Relation.GUARDIAN and typed.since >= _adult_on(member):
        raise UnableToPay(
            "この日に加入者は成年（18歳）なので、親権者の口座は使えません。本人の口座にするか、「代理人」を選んでください。"
        )
    if typed.relation != Relation.SELF and not typed.relation_reason.strip():
        raise UnableToPay("名義が本人と違う理由を書いてください（委任状、戸籍など、確かめた書類）。")
    return holder


@dataclass(frozen=True)
class ReadBack:
    """What a bank will read of what is typed so far. problem: why the name cannot stand in a record. left: characters."""

    bank: str = ""
    branch: str = ""
    number: str = ""
    holder: str = ""
    left: int = 0
    changes: tuple[zengin_text.Change, ...] = ()
    problem: str = ""
    same: bool = False


def read_back(given: Mapping[str, Any], member: Any) -> ReadBack:
    """Of the cleaned values of a form that is not whole yet. Stores nothing and refuses nothing."""
    bank = find_bank(given.get("bank_code") or "")
    branch = find_branch(given.get("bank_code") or "", given.get("branch_code") or "")
    read = ReadBack(bank.name if bank else "", branch.name if branch else "", given.get("number") or "")
    if not given.get("holder"):
        return read
    try:
        holder = zengin_text.normalise(given["holder"])
    except zengin_text.BadText as bad:
        return replace(read, problem=str(bad))
    return replace(
        read,
        holder=holder.text,
        left=zengin_text.NAME_LENGTH - len(holder.text),
        changes=holder.changes,
        same=same_holder(holder.text, member_kana(member)),
    )


@transaction.atomic
def propose_account(*, by: Any, member_id: int, typed: Typed) -> BankAccount:
    """入力: an account that waits for a second person. Raises UnableToPay for what is wrong or already waits."""
    member = _member(by, member_id)
    if member.merged_into_id is not None:
        raise UnableToPay("この登録は統合されています。残った登録の口座の画面で入力してください。")
    holder = checked(typed, member)
    waiting = BankAccount.objects.select_for_update().filter(member_id=member_id, state=AccountState.PROPOSED).first()
    if waiting is not None:
        raise UnableToPay("この人には、確認を待つ口座がすでにあります。先にその口座を確認するか、差し戻してください。")
    account = BankAccount(
        member_id=member_id,
        period=(typed.since, None),
        bank_code=typed.bank_code,
        branch_code=typed.branch_code,
        kind=typed.kind,
        number=encrypt(typed.number.encode()),
        number_tail=typed.number[-3:],
        holder=holder.text,
        relation=typed.relation,
        relation_reason=typed.relation_reason.strip(),
        proposed_by_id=by.pk,
    )
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError:
        raise Stale(policies.STALE) from None
    account.refresh_from_db()
    return account


def _locked(by: Any, account_id: int, version: int | None) -> BankAccount:
    account = BankAccount.objects.select_for_update().filter(pk=account_id).first()
    if account is None:
        raise UnableToPay("この番号の口座はありません。")
    _member(by, account.member_id)
    policies.check_version(account, version)
    return account


def forget_end(account: BankAccount) -> None:
    """An end that waits is no longer wanted."""
    account.ending_date, account.ending_reason = None, ""
    account.ending_by_id = account.ending_at = None


def _save(account: BankAccount, *fields: str) -> BankAccount:
    account.version += 1
    account.save(update_fields=[*fields, "version"])
    return account


@transaction.atomic
def confirm_account(*, by: Any, account_id: int, version: int) -> BankAccount:
    """確認: by another person. The account used until then ends on the day the new one begins."""
    account = _locked(by, account_id, version)
    policies.check_can_decide_account(account, by)
    since = account.period.lower
    confirmed = BankAccount.objects.select_for_update().filter(
        member_id=account.member_id, state=AccountState.CONFIRMED
    )
    for former in confirmed:
        if former.period.lower >= since:
            raise UnableToPay(
                "新しい口座が始まる日以後に始まる口座がすでにあります。差し戻して、日付を直してください。"
            )
        if former.period.upper is None or former.period.upper > since:
            former.period = (former.period.lower, since)
            if former.ending_date is not None and former.ending and former.ending_date >= since:
                forget_end(former)  # the new account ends it
            _save(former, "period", *ENDING)
    account.state, account.decided_by_id, account.decided_at = AccountState.CONFIRMED, by.pk, timezone.now()
    return _save(account, "state", "decided_by_id", "decided_at")


@transaction.atomic
def reject_account(*, by: Any, account_id: int, version: int, reason: str) -> BankAccount:
    """差し戻し: by anybody, also by who typed it. Raises UnableToPay without a reason."""
    account = _locked(by, account_id, version)
    if account.state != AccountState.PROPOSED:
        raise UnableToPay(f"この口座は「{account.get_state_display()}」です。差し戻せるのは、確認待ちの口座だけです。")
    if not reason.strip():
        raise UnableToPay("差し戻す理由を書いてください。")
    account.state, account.reject_reason = AccountState.REJECTED, reason.strip()
    account.decided_by_id, account.decided_at = by.pk, timezone.now()
    return _save(account, "state", "reject_reason", "decided_by_id", "decided_at")


def reveal_number(*, by: Any, account_id: int) -> str:
    """The full number. The view asks for the second factor first; the access log names the person it is about."""
    account = BankAccount.objects.filter(pk=account_id).first()
    if account is None:
        raise UnableToPay("この番号の口座はありません。")
    _member(by, account.member_id)
    return decrypt(account.number).decode()


@transaction.atomic
def reencrypt_numbers(*, after: int, most: int = 500) -> tuple[int, int]:
    """The next accounts under the first key: how many, and the last of them. The history keeps the former text as it was."""
    rows = list(BankAccount.objects.select_for_update().filter(pk__gt=after).order_by("pk")[:most])
    for account in rows:
        account.number = reencrypt(account.number)
    BankAccount.objects.bulk_update(rows, ["number"])
    return len(rows), rows[-1].pk if rows else after
