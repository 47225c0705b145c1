"""住所 and 送付先, in the open tables or in those of protected people."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from kumiai.ui.formats import format_wareki
from members.enrollment.actions.common import Report, lock, record_report, span, touch
from members.enrollment.actions.errors import UnableToChange
from members.enrollment.enums import ChangeKind, MailingReason
from members.enrollment.models import (
    Address,
    AddressFields,
    ChangeReport,
    MailingAddress,
    MailingFields,
    Member,
    ProtectedAddress,
    ProtectedMailingAddress,
)
from members.enrollment.rules.countries import countries, country_name

ADDRESS_FIELDS = ("postal_code", "town", "street", "abroad")
ABROAD_FIELDS = ("country", "lines")
MAILING_FIELDS = ("addressee", "reason")
ALL_FIELDS = ADDRESS_FIELDS + ABROAD_FIELDS


def address_model(member: Member) -> type[AddressFields]:
    """Where the member's address lives: protected people have a table of their own."""
    return ProtectedAddress if member.protected else Address


def mailing_model(member: Member) -> type[MailingFields]:
    """The same for the 送付先."""
    return ProtectedMailingAddress if member.protected else MailingAddress


def standing(member: Member, model: Any) -> Any:
    """The member's rows of a table that were not taken back."""
    return model.objects.filter(member=member, cancelled=False)


def current_address(member: Member) -> AddressFields | None:
    """The address without an end, or None."""
    return standing(member, address_model(member)).filter(period__upper_inf=True).first()


def address_values(address: AddressFields | None) -> dict[str, Any]:
    return {field: getattr(address, field) for field in ALL_FIELDS} if address else {}


def full_address(address: dict[str, Any]) -> dict[str, Any]:
    """An address with every field. With a country it is abroad, its 町域 is the country's name, its lines stand as typed.

    Raises UnableToChange when it says neither a town nor a country.
    """
    values = {
        "postal_code": address.get("postal_code", ""),
        "town": address.get("town", ""),
        "street": address.get("street", ""),
        "abroad": bool(address.get("abroad")),
        "country": address.get("country", ""),
        "lines": address.get("lines", "").replace("\r\n", "\n").strip(),
    }
    if values["country"]:
        if values["country"] not in countries():
            raise UnableToChange("国を一覧から選んでください。")
        if not values["lines"]:
            raise UnableToChange("国外の住所を、書かれるとおりに入力してください。")
        values |= {"abroad": True, "town": country_name(values["country"]), "street": "", "postal_code": ""}
    if not values["town"]:
        raise UnableToChange("都道府県・市区町村・町域を入力してください。")
    return values


def _current_address_of(member: Member) -> dict[str, Any]:
    return address_values(current_address(member))


def check_free_day(member: Member, model: Any, day: date, what: str) -> None:
    """Raises UnableToChange when an earlier row that has ended still holds the day, or a later one begins after it."""
    later = standing(member, model).filter(period__fully_gt=span(date.min, day)).order_by("period").first()
    holds = standing(member, model).filter(period__contains=day).first() or later
    if holds is not None:
        until = f"{format_wareki(holds.period.upper)}まで" if holds.period.upper else ""
        raise UnableToChange(
            f"{format_wareki(holds.period.lower)}から{until}の{what}が登録されています。"
            "重ならない日を入れるか、先にその登録を直してください。"
        )


def open_address(member: Member, day: date, values: dict[str, Any]) -> tuple[AddressFields | None, AddressFields]:
    """End the present address on the day and begin the new one: (closed, opened). Raises UnableToChange."""
    model = address_model(member)
    present = current_address(member)
    if present is not None:
        if day <= present.period.lower:
            raise UnableToChange(
                f"いまの住所は{format_wareki(present.period.lower)}からです。"
                "その翌日以後の日を入れるか、「住所を訂正」から直してください。"
            )
        present.period = span(present.period.lower, day)
        present.save(update_fields=["period"])
    check_free_day(member, model, day, "住所")
    opened = model(member=member, period=span(day, None), **values)  # type: ignore[misc]
    opened.save()
    return present, opened


@transaction.atomic
def change_address(*, by: Any, member_id: int, version: int, address: dict[str, Any], report: Report) -> ChangeReport:
    """住所変更届: the present address ends the day the new one begins. address: ADDRESS_FIELDS, and ABROAD_FIELDS abroad.

    Raises StaleVersion; UnableToChange when the day is not after the present address's own beginning, or lies in an
    address that has ended.
    """
    member = lock(member_id, version, by=by, current=_current_address_of)
    values = full_address(address)
    before = _current_address_of(member)
    if values == before:
        raise UnableToChange("いまの住所と同じです。変わるところを入力してください。")
    closed, opened = open_address(member, report.effective_date, values)
    touch(member)
    ids = {"closed": closed.pk if closed else None, "opened": opened.pk}
    return record_report(member, ChangeKind.ADDRESS_CHANGE, report, before=before | ids, after=values, by=by)


@transaction.atomic
def correct_address(*, by: Any, member_id: int, version: int, address: dict[str, Any], report: Report) -> ChangeReport:
    """住所訂正: the present address was registered wrongly; its period stays."""
    member = lock(member_id, version, by=by, current=_current_address_of)
    present = current_address(member)
    if present is None:
        raise UnableToChange("訂正する住所がありません。「住所を変更」から登録してください。")
    values = full_address(address)
    before = address_values(present)
    if values == before:
        raise UnableToChange("いまの住所と同じです。変わるところを入力してください。")
    for field, value in values.items():
        setattr(present, field, value)
    present.save(update_fields=list(values))
    touch(member)
    return record_report(
        member, ChangeKind.ADDRESS_CORRECTION, report, before=before | {"row": present.pk}, after=values, by=by
    )


# --- 送付先 ---------------------------------------------------------------------------------------------------------


def current_mailing(member: Member) -> MailingFields | None:
    """The 送付先 without an end, or None: then letters go to the address."""
    return standing(member, mailing_model(member)).filter(period__upper_inf=True).first()


def mailing_values(row: MailingFields | None) -> dict[str, Any]:
    return {field: getattr(row, field) for field in ALL_FIELDS + MAILING_FIELDS} if row else {}


def _current_mailing_of(member: Member) -> dict[str, Any]:
    return mailing_values(current_mailing(member))


@transaction.atomic
def set_mailing_address(
    *,
    by: Any,
    member_id: int,
    version: int,
    address: dict[str, Any] | None,
    report: Report,
    addressee: str = "",
    reason: str = MailingReason.OTHER,
) -> ChangeReport:
    """送付先の申出: from the day on letters go there, to `addressee` or the member. address None ends it: letters go to the
    address again. Raises StaleVersion, UnableToChange.
    """
    member = lock(member_id, version, by=by, current=_current_mailing_of)
    model = mailing_model(member)
    present = current_mailing(member)
    before = mailing_values(present)
    values = {} if address is None else full_address(address) | {"addressee": addressee, "reason": reason}
    if values == before:
        raise UnableToChange("いまの登録と同じです。変わるところを入力してください。")
    day = report.effective_date
    if present is not None:
        if day <= present.period.lower:
            raise UnableToChange(
                f"いまの送付先は{format_wareki(present.period.lower)}からです。その翌日以後の日を入れてください。"
            )
        present.period = span(present.period.lower, day)
        present.save(update_fields=["period"])
    opened = None
    if values:
        check_free_day(member, model, day, "送付先")
        opened = model(member=member, period=span(day, None), **values)  # type: ignore[misc]
        opened.save()
    touch(member)
    ids = {"closed": present.pk if present else None, "opened": opened.pk if opened else None}
    return record_report(member, ChangeKind.MAILING_ADDRESS, report, before=before | ids, after=values, by=by)
