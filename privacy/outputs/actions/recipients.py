"""Who may receive, and what was agreed: written by staff who manage the portal. Nobody's data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from privacy.notice.safeguards import may_switch_off
from privacy.outputs import queries
from privacy.outputs.enums import Basis
from privacy.outputs.kinds import FileKind
from privacy.outputs.models import Agreement, FileSetting, Recipient
from privacy.outputs.policies import Closed
from privacy.outputs.rules.names import name_key

RECIPIENT_FIELDS = (
    "kind", "code", "name", "employer_id", "postal_code", "address", "representative", "public_body", "abroad", "since",
    "until",
)  # fmt: skip


@transaction.atomic
def register_recipient(*, by: Any, values: Mapping[str, Any]) -> Recipient:
    """Register an organisation. Its number is its own: two of the same name are told apart by it."""
    recipient = Recipient(name_key=name_key(values["name"]), **{name: values[name] for name in RECIPIENT_FIELDS})
    return _saved(recipient)


@transaction.atomic
def change_recipient(*, by: Any, recipient_id: int, values: Mapping[str, Any]) -> Recipient:
    """Change facts of an organisation. Files that went out keep what stood in their record."""
    recipient = Recipient.objects.select_for_update().get(pk=recipient_id)
    for name in RECIPIENT_FIELDS:
        setattr(recipient, name, values[name])
    recipient.name_key = name_key(recipient.name)
    return _saved(recipient)


def _saved(recipient: Recipient) -> Recipient:
    try:
        with transaction.atomic():
            recipient.save()
    except IntegrityError as problem:
        if "employer" in str(problem):
            raise Closed("この事業所は、ほかの受け渡し先に登録されています。") from None
        raise Closed("この番号は、ほかの受け渡し先が使っています。別の番号にしてください。") from None
    return recipient


@transaction.atomic
def add_agreement(
    *, by: Any, recipient_id: int, file_kind: str, basis: str, title: str, items: Sequence[str], since: date,
    until: date | None, return_days: int | None, stands_in: bool, at: datetime,
) -> Agreement:  # fmt: skip
    """Record what was agreed. until: the last day on which it holds, or None."""
    try:
        with transaction.atomic():
            return Agreement.objects.create(
                recipient_id=recipient_id,
                file_kind=file_kind,
                basis=basis,
                title=title,
                items=list(items),
                period=(since, until + timedelta(days=1) if until else None),
                return_days=return_days if basis == Basis.CONTRACT else None,
                stands_in=stands_in,
                recorded_by_id=by.pk,
                recorded_at=at,
            )
    except IntegrityError:
        raise Closed(
            "この受け渡し先とファイルの取決めが、同じ期間にもうあります。前の取決めを終わらせてから登録してください。"
        ) from None


@transaction.atomic
def end_agreement(*, by: Any, agreement_id: int, last_day: date) -> Agreement:
    """The agreement holds up to and including this day."""
    agreement = Agreement.objects.select_for_update().get(pk=agreement_id)
    if last_day < agreement.period.lower:
        raise Closed("終わる日は、始まりの日より後にしてください。")
    agreement.period = (agreement.period.lower, last_day + timedelta(days=1))
    agreement.save(update_fields=["period"])
    return agreement


def second_person_of(kind: FileKind) -> str:
    """The name of the safeguard."""
    return f"outputs.{kind.name}.second_person"


@transaction.atomic
def set_file(*, by: Any, kind: FileKind, second_person: bool, retention_days: int, at: datetime) -> FileSetting:
    """Set a kind of file differently from its declaration. The second person's look is switched off by two administrators:
    the first one's wish waits, and the rest is set."""
    stands, _days = queries.setting_of(kind)
    if stands and not second_person:
        second_person = not may_switch_off(second_person_of(kind), by=by)
    setting, _created = FileSetting.objects.update_or_create(
        file_kind=kind.name,
        defaults={
            "second_person": second_person,
            "retention_days": retention_days,
            "changed_by_id": by.pk,
            "changed_at": at,
        },
    )
    return setting
