"""What people asked for (opt-outs, 個人情報保護法35条), and what was received from third parties (30条)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from privacy.outputs.enums import Basis
from privacy.outputs.models import OptOut, Receipt, ReceiptPerson, Recipient, Suspension
from privacy.outputs.people import people
from privacy.outputs.policies import Closed
from privacy.outputs.rules.records import duty_to_record, kept_until


@transaction.atomic
def register_opt_out(*, by: Any, member_id: int, use: str, since: date, source: str) -> OptOut:
    """A person does not want a published use from a day on. use: the key of the register ("類型.利用目的" as codes)."""
    try:
        with transaction.atomic():
            return OptOut.objects.create(member_id=member_id, use=use, since=since, source=source)
    except IntegrityError:
        raise Closed("この利用を希望しない申出は、もう登録されています。") from None


@transaction.atomic
def end_opt_out(*, by: Any, opt_out_id: int, member_id: int, on: date) -> OptOut:
    """The person took it back: from this day they are addressed again."""
    found = OptOut.objects.select_for_update().get(pk=opt_out_id, member_id=member_id, until__isnull=True)
    found.until = max(on, found.since)
    found.save(update_fields=["until"])
    return found


@transaction.atomic
def register_suspension(*, by: Any, member_id: int, scope: str, article: str, since: date) -> Suspension:
    """Use, or handing over, is stopped for a person (35条)."""
    try:
        with transaction.atomic():
            return Suspension.objects.create(member_id=member_id, scope=scope, article=article, since=since)
    except IntegrityError:
        raise Closed("この停止は、もう登録されています。") from None


@transaction.atomic
def end_suspension(*, by: Any, suspension_id: int, member_id: int, on: date) -> Suspension:
    found = Suspension.objects.select_for_update().get(pk=suspension_id, member_id=member_id, until__isnull=True)
    found.until = max(on, found.since)
    found.save(update_fields=["until"])
    return found


@transaction.atomic
def record_receipt(
    *,
    by: Any,
    provider: Recipient,
    received_date: date,
    background: str,
    confirmed_how: str,
    items: str,
    members: Sequence[int],
    today: date,
    at: datetime,
    basis: str = Basis.CONSENT,
    stands_in: bool = False,
) -> Receipt:
    """Record what was confirmed when a third party handed data over (30条3項, 規則24条).

    Raises Closed where no record is due (法令, 委託, 共同利用, public bodies) or the provider's facts are incomplete.
    members: ids of the people the data is about.
    """
    duty = duty_to_record(
        recipient_kind=provider.kind, basis=basis, public_body=provider.public_body, abroad=provider.abroad
    )
    if not duty.due:
        raise Closed(f"受領の記録は要りません。{duty.why}（個人情報保護法30条1項ただし書・{duty.article}）")
    if not (provider.address and provider.representative):
        raise Closed("確認した所在地と代表者を、先に受け渡し先に登録してください（個人情報保護法30条1項1号）。")
    receipt = Receipt.objects.create(
        provider=provider,
        received_date=received_date,
        provider_name=provider.name,
        provider_address=provider.address,
        provider_representative=provider.representative,
        background=background,
        confirmed_how=confirmed_how,
        items=items,
        consent=basis == Basis.CONSENT,
        stands_in=stands_in,
        kept_until=kept_until(recorded=today, last_provided=received_date, stands_in=stands_in, continuous=False),
        recorded_by_id=by.pk,
        recorded_at=at,
    )
    ids = list(dict.fromkeys(members))
    named = people().named(ids)
    ReceiptPerson.objects.bulk_create(
        ReceiptPerson(receipt=receipt, member_id=pk, designation=named[pk].line) for pk in ids if pk in named
    )
    return receipt
