"""The file for the bank: a 全銀 file of one run, made by a job of the door.

A benefit is to be paid each time it is due (健康保険法56条), into the account at the financial institution that the person
names in the application (施行規則84条1項11号 and its like for every kind): so the bank has to know the account, the holder
and the amount, and nothing else. Everybody of the run is in the file: the run's totals are what was approved, and the renderer
refuses to make bytes whose count or sum is another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from kumiai.accounts.crypto import decrypt
from members.payments.actions.runs import FILE, check_payer
from members.payments.activities import BANK_SHELF, BENEFIT_PAYMENT
from members.payments.enums import RunState
from members.payments.files import zengin
from members.payments.models import Payment, PaymentRun
from members.payments.queries import find_bank, find_branch
from members.payments.queries import runs as queries
from privacy.outputs.enums import Basis, FileFormat, RecipientKind, Removal
from privacy.outputs.kinds import Allowed, Column, Document, Order, Row, register_file
from privacy.seen import population

ARTICLE = "健康保険法56条・健康保険法施行規則84条1項11号など（支給の申請で指定された口座への払渡し）"

COLUMNS = (
    Column("position", "順"),
    Column("payment", "支払の番号"),
    Column("bank", "銀行コード"),
    Column("branch", "支店コード"),
    Column("kind", "預金種目"),
    Column("number", "口座番号"),
    Column("holder", "受取人名"),
    Column("amount", "金額", figure=True),
)
CODES = tuple(column.code for column in COLUMNS)


def _run(order: Order) -> PaymentRun | None:
    """The run whose one file this order is; None for any other order, which then holds nobody."""
    run = queries.run_of(order["run"] or 0)
    if run is None or run.state not in (RunState.WRITTEN, RunState.SETTLED):
        return None
    return run if run.file_token is not None and run.file_token == order["token"] else None


def _people(order: Order) -> list[int]:
    run = _run(order)
    if run is None:
        return []
    found = list(queries.payments_in(run).values_list("member_id", flat=True))
    population("支払", len(found))
    return list(dict.fromkeys(found))


def _belongs(order: Order, ids: Sequence[int]) -> set[int]:
    """Those of them whom this very run pays, into an account of their own."""
    run = _run(order)
    if run is None:
        return set()
    rows = Payment.objects.filter(run=run, member_id__in=list(ids), account__member_id__in=list(ids))
    found = {member for member, owner in rows.values_list("member_id", "account__member_id") if member == owner}
    population("支払", len(found))
    return found


def _rows(order: Order, ids: Sequence[int]) -> Iterable[Row]:
    """Every payment of these people in the run. The account's number stays encrypted until the bytes are made."""
    run = _run(order)
    if run is None:
        return
    for payment in queries.payments_in(run).filter(member_id__in=list(ids)):
        account = payment.account
        yield Row(
            payment.member_id,
            {
                "position": payment.position,
                "payment": payment.pk,
                "bank": account.bank_code,
                "branch": account.branch_code,
                "kind": account.kind,
                "number": account.number,
                "holder": account.holder,
                "amount": payment.amount,
            },
        )


def _transfer(values: Any) -> zengin.Transfer:
    bank, branch = find_bank(values["bank"]), find_branch(values["bank"], values["branch"])
    return zengin.Transfer(
        bank_code=values["bank"],
        bank_name=bank.kana if bank else "",
        branch_code=values["branch"],
        branch_name=branch.kana if branch else "",
        account_kind=values["kind"],
        account_number=decrypt(values["number"]).decode(),
        holder=values["holder"],
        amount=values["amount"],
        customer=str(values["payment"]),
    )


def zengin_bytes(document: Document) -> bytes:
    """The file. Raises UnableToWrite when what is to be written is not what was approved."""
    run = _run(document.order)
    if run is None:
        raise zengin.UnableToWrite("この回のファイルではありません。")
    setting = check_payer(run.kind)
    rows = sorted((row.values for row in document.rows), key=lambda values: values["position"])  # type: ignore[arg-type,return-value]
    transfers = [_transfer(values) for values in rows]
    total = sum(one.amount for one in transfers)
    if (len(transfers), total) != (run.count, run.amount):
        raise zengin.UnableToWrite(
            f"承認したのは{run.count:,}件{run.amount:,}円ですが、書けるのは{len(transfers):,}件{total:,}円です。"
        )
    payer = zengin.Payer(
        kind=run.kind,
        client_code=setting.client_code,
        client_name=setting.client_name,
        day=run.payment_date,
        bank_code=setting.bank_code,
        bank_name=setting.bank_name,
        branch_code=setting.branch_code,
        branch_name=setting.branch_name,
        account_kind=setting.account_kind,
        account_number=setting.account_number,
    )
    return zengin.write(
        payer, transfers, zengin.BankOptions(crlf=setting.crlf, eof=setting.eof, savings=setting.savings)
    )


TRANSFER = register_file(
    FILE,
    "振込データ",
    activity=BENEFIT_PAYMENT,
    columns=COLUMNS,
    recipients={
        RecipientKind.BANK: Allowed(
            Basis.LAW,
            CODES,
            article=ARTICLE,
            keeps=frozenset({Removal.PROTECTED, Removal.SUSPENDED, Removal.OPTED_OUT}),
        )
    },
    parameters={"run": int, "token": int},
    subjects=_people,
    belongs=_belongs,
    build=_rows,
    formats={FileFormat.FIXED: zengin_bytes},
    shelf=BANK_SHELF,
    whole=True,
)
