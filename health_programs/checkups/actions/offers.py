"""健診の種類・健診機関・契約単価: what is offered, where, at what price."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from health_programs.checkups.models import CheckupKind, ContractPrice, Institution
from health_programs.checkups.policies import UnableToMove


@transaction.atomic
def save_kind(*, by: Any, kind: CheckupKind | None, **values: Any) -> CheckupKind:
    """A kind of examination, new or changed. The code of one that stands is kept."""
    if kind is not None:
        values.pop("code", None)
    row = kind or CheckupKind(order=CheckupKind.objects.count() + 1)
    for name, value in values.items():
        setattr(row, name, value)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise UnableToMove("この符号は使われています。") from None
    return row


@transaction.atomic
def save_institution(*, by: Any, institution: Institution | None, **values: Any) -> Institution:
    """An institution, new or changed. Raises UnableToMove where the number is another one's."""
    row = institution or Institution()
    for name, value in values.items():
        setattr(row, name, value)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise UnableToMove("この機関番号は登録済みです。") from None
    return row


@transaction.atomic
def save_price(*, by: Any, institution: Institution, kind: CheckupKind, since: date, until: date | None, price: int) -> ContractPrice:  # fmt: skip
    """A price from a day on. An open price before it ends the day before. Raises UnableToMove where periods overlap."""
    open_before = ContractPrice.objects.select_for_update().filter(
        institution=institution, kind=kind, period__upper_inf=True, period__startswith__lt=since
    )
    for row in open_before:
        row.period = DateRange(row.period.lower, since, "[)")
        row.save(update_fields=["period"])
    period = DateRange(since, until + timedelta(days=1) if until else None, "[)")
    try:
        with transaction.atomic():
            return ContractPrice.objects.create(institution=institution, kind=kind, period=period, price=price)
    except IntegrityError:
        raise UnableToMove("同じ種類の単価の期間が重なっています。") from None
