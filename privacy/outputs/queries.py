"""Reads of the door: requests as staff see them, recipients and what is agreed, records of provision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet

from privacy.grants import held_by, may, open_cases
from privacy.outputs.enums import Encoding, FileFormat, OutputState, RecipientKind
from privacy.outputs.kinds import Addressee, FileKind, Order, file_kinds, kind_of
from privacy.outputs.models import (
    Agreement,
    EligibilitySubject,
    FileSetting,
    OptOut,
    Output,
    Provision,
    Receipt,
    ReceiptPerson,
    Recipient,
    Suspension,
)
from privacy.outputs.rules.names import name_key, similar


def setting_of(kind: FileKind) -> tuple[bool, int]:
    """(second person, days kept): as the association set it, else as declared."""
    found = FileSetting.objects.filter(file_kind=kind.name).first()
    return (found.second_person, found.retention_days) if found else (kind.second_person, kind.retention_days)


def exportable_kinds(user_id: int) -> list[FileKind]:
    """Kinds of files this person may ask for."""
    held = held_by(user_id)
    return [kind for kind in file_kinds().values() if may(held, kind.activity, "export")]


def decidable(user_id: int) -> Q:
    """The files for which this person may be the second: of uses their section decides, and under a statute those about
    the people of their own open cases."""
    held, cases = held_by(user_id), open_cases(user_id)
    kinds = file_kinds().items()
    found = Q(file_kind__in={name for name, kind in kinds if may(held, kind.activity, "decide")})
    for activity, subjects in cases.items():
        names = {name for name, kind in kinds if kind.activity.code == activity}
        found |= Q(file_kind__in=names, member_id__in=subjects)
    return found


# --- Requests ---------------------------------------------------------------------------------------------------
def outputs_of(user: Any) -> QuerySet[Output]:
    """What this person may look at: their own, those they may confirm; staff of the administration all of them."""
    rows = Output.objects.select_related("recipient", "agreement")
    if user.is_staff:
        return rows
    return rows.filter(Q(requested_by=user.pk) | decidable(user.pk))


def waiting_for(user: Any, may_decide: Q | None = None) -> QuerySet[Output]:
    """What waits for this person as the second."""
    return (
        Output.objects.select_related("recipient")
        .filter(decidable(user.pk) if may_decide is None else may_decide, state=OutputState.WAITING)
        .exclude(requested_by=user.pk)
    )


def ready_for(user: Any) -> QuerySet[Output]:
    return Output.objects.select_related("recipient").filter(state=OutputState.READY, requested_by=user.pk)


def overdue_for(user: Any, on: date) -> QuerySet[Output]:
    """Handed to contractors and not back in time: one's own, staff of the administration all of them."""
    rows = Output.objects.select_related("recipient").filter(return_due__lt=on, returned_on__isnull=True)
    return rows if user.is_staff else rows.filter(requested_by=user.pk)


def addressee_of(output: Output) -> Addressee:
    return addressee(output.recipient) if output.recipient else themselves(output.member_id)


def themselves(member_id: int | None) -> Addressee:
    """The person, or with None each person of a stack of letters."""
    if member_id is None:
        return Addressee(RecipientKind.EACH, "本人（各自宛て）", code="各自")
    return Addressee(RecipientKind.PERSON, "本人", code="本人", member_id=member_id)


def addressee(recipient: Recipient) -> Addressee:
    return Addressee(
        kind=RecipientKind(recipient.kind),
        name=recipient.name,
        code=recipient.code,
        address=recipient.address,
        recipient_id=recipient.pk,
        employer_id=recipient.employer_id,
    )


def parameters_of(kind: FileKind, stored: Mapping[str, Any]) -> dict[str, Any]:
    """Stored parameters as the kind's functions take them."""
    return {
        name: date.fromisoformat(stored[name]) if type_ is date and stored.get(name) else stored.get(name)
        for name, type_ in kind.parameters.items()
    }


def order_of(output: Output, today: date) -> Order:
    kind = kind_of(output.file_kind)
    return Order(
        kind=kind.name,
        parameters=parameters_of(kind, output.parameters),
        addressee=addressee_of(output),
        columns=tuple(output.columns),
        format=FileFormat(output.file_format),
        encoding=Encoding(output.encoding),
        today=today,
    )


def shelf_models(kind: FileKind) -> tuple[Any, Any, Any]:
    """(part, content, subject) models that hold this kind's files."""
    return (
        apps.get_model(kind.shelf.part),
        apps.get_model(kind.shelf.content),
        apps.get_model(kind.shelf.subject),
    )


def subjects_of(output: Output) -> list[int]:
    """Whom the file is about; the caller says `shown` or `population`."""
    subject = shelf_models(kind_of(output.file_kind))[2]
    return list(subject.objects.filter(output=output.pk).order_by("member_id").values_list("member_id", flat=True))


# --- Recipients ---------------------------------------------------------------------------------------------------
def agreement_in_force(recipient: Recipient, kind: FileKind, on: date) -> Agreement | None:
    return Agreement.objects.filter(recipient=recipient.pk, file_kind=kind.name, period__contains=on).first()


def recipients_for(kind: FileKind, on: date) -> list[Recipient]:
    """Open recipients of the kinds this file may go to, by kind and number."""
    rows = Recipient.objects.filter(kind__in=list(kind.recipients), since__lte=on)
    return list(rows.filter(Q(until__isnull=True) | Q(until__gt=on)).order_by("kind", "code"))


def all_recipients() -> list[Recipient]:
    return list(Recipient.objects.order_by("kind", "code"))


def agreements() -> QuerySet[Agreement]:
    return Agreement.objects.select_related("recipient")


def open_recipients(on: date) -> list[Recipient]:
    rows = Recipient.objects.filter(since__lte=on).filter(Q(until__isnull=True) | Q(until__gt=on))
    return list(rows.order_by("kind", "code"))


def recipient_of_employer(employer_id: int, on: date) -> Recipient | None:
    rows = Recipient.objects.filter(employer_id=employer_id, since__lte=on)
    return rows.filter(Q(until__isnull=True) | Q(until__gt=on)).first()


def similar_recipients(recipient: Recipient) -> list[Recipient]:
    """Others that a clerk could take for this one. One statement; the names are compared here."""
    own = recipient.name_key or name_key(recipient.name)
    others = Recipient.objects.exclude(pk=recipient.pk).only("code", "kind", "name", "name_key", "address")
    return [other for other in others.order_by("code") if similar(own, other.name_key or name_key(other.name))]


def kinds_by_name(names: Iterable[str]) -> dict[str, FileKind]:
    known = file_kinds()
    return {name: known[name] for name in names if name in known}


# --- Records ---------------------------------------------------------------------------------------------------
def provisions_for(user: Any) -> QuerySet[Provision]:
    """Records of provision this person may look at, newest first. Nobody's data."""
    rows = Provision.objects.select_related("output", "output__recipient")
    return rows.filter(output__in=outputs_of(user)).order_by("-provided_date", "-id")


def designations_of(output: Output) -> list[tuple[int, str]]:
    """(member id, 本人を特定する事項) of everyone a record of provision is about; the caller says `shown`."""
    subject = shelf_models(kind_of(output.file_kind))[2]
    rows = subject.objects.filter(output=output.pk).order_by("designation", "member_id")
    return list(rows.values_list("member_id", "designation"))


def handed_over(member_id: int, limit: int = 100) -> list[Output]:
    """Files that left with this person in them, newest first. Two statements; the rows read name the person."""
    rows = EligibilitySubject.objects.filter(member_id=member_id, output__fetched_at__isnull=False)
    ids = list(rows.order_by("-output_id").values_list("output_id", flat=True)[:limit])
    found = Output.objects.select_related("recipient", "provision").filter(pk__in=ids)
    return sorted(found, key=lambda output: -output.pk)


def received(member_id: int) -> list[Receipt]:
    """Records of receipt that are about this person, newest first."""
    ids = ReceiptPerson.objects.filter(member_id=member_id).values_list("receipt_id", flat=True)
    return list(Receipt.objects.filter(pk__in=list(ids)).order_by("-received_date"))


def opt_outs_of(member_id: int) -> list[OptOut]:
    return list(OptOut.objects.filter(member_id=member_id).order_by("-since", "-id"))


def suspensions_of(member_id: int) -> list[Suspension]:
    return list(Suspension.objects.filter(member_id=member_id).order_by("-since", "-id"))


def open_opt_outs() -> QuerySet[OptOut]:
    return OptOut.objects.filter(until__isnull=True)


def open_suspensions() -> QuerySet[Suspension]:
    return Suspension.objects.filter(until__isnull=True)


def receipts() -> QuerySet[Receipt]:
    return Receipt.objects.order_by("-received_date", "-id")


def employer_recipients() -> list[Recipient]:
    """Recipients that are employers, by number. Nobody's data."""
    return list(Recipient.objects.filter(kind=RecipientKind.EMPLOYER).order_by("code"))


def agreed_recipients(kinds: Iterable[str], on: date) -> set[tuple[int, str]]:
    """(recipient, kind of file) of every agreement in force on the day. One statement; nobody's data."""
    rows = Agreement.objects.filter(file_kind__in=list(kinds), period__contains=on)
    return set(rows.values_list("recipient_id", "file_kind"))
