"""The door's own file: the records of provision, for the person who asks for them (個人情報保護法33条5項)."""

from __future__ import annotations

from collections.abc import Sequence

from privacy.outputs import queries
from privacy.outputs.activities import PROVISION_RECORDS
from privacy.outputs.enums import Basis, FileFormat, RecipientKind, Removal
from privacy.outputs.kinds import Allowed, Column, Order, Row, register_file
from privacy.seen import shown

COLUMNS = (
    Column("way", "渡した・受けた"),
    Column("on", "年月日"),
    Column("party", "相手の名称"),
    Column("address", "相手の所在地"),
    Column("representative", "相手の代表者"),
    Column("items", "個人データの項目"),
    Column("basis", "根拠"),
)


def the_person(order: Order) -> list[int]:
    return [order.addressee.member_id] if order.addressee.member_id is not None else []


def only_themselves(order: Order, ids: Sequence[int]) -> set[int]:
    """The proof: nobody but the person who asked."""
    return {pk for pk in ids if pk == order.addressee.member_id}


def provisions_and_receipts(order: Order, ids: Sequence[int]) -> list[Row]:
    """A row for every record of 29条 and 30条 about the person, newest first."""
    rows: list[Row] = []
    shown(ids)
    for pk in ids:
        for output in queries.handed_over(pk):
            provision = getattr(output, "provision", None)
            if provision is None:
                continue
            values = {
                "way": "渡した",
                "on": provision.provided_date,
                "party": provision.recipient_name,
                "address": provision.recipient_address,
                "representative": provision.recipient_representative,
                "items": "、".join(provision.items),
                "basis": f"個人情報保護法{provision.article}",
            }
            rows.append(Row(pk, values))
        for receipt in queries.received(pk):
            values = {
                "way": "受けた",
                "on": receipt.received_date,
                "party": receipt.provider_name,
                "address": receipt.provider_address,
                "representative": receipt.provider_representative,
                "items": receipt.items,
                "basis": "個人情報保護法30条",
            }
            rows.append(Row(pk, values))
    return rows


PROVISIONS_OF_PERSON = register_file(
    "outputs.provisions_of_person",
    "第三者提供の記録",
    activity=PROVISION_RECORDS,
    columns=COLUMNS,
    recipients={
        # Somebody who stopped a use or does not want one still has the right to see the records.
        RecipientKind.PERSON: Allowed(
            Basis.OWN,
            tuple(column.code for column in COLUMNS),
            article="個人情報保護法33条5項",
            keeps=frozenset({Removal.SUSPENDED, Removal.OPTED_OUT}),
        )
    },
    subjects=the_person,
    belongs=only_themselves,
    build=provisions_and_receipts,
    formats={FileFormat.CSV: None},
)
