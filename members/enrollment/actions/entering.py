"""Writing a new row of the register, and what a person brings with them: protection, address, numbers."""

from __future__ import annotations

from datetime import date
from typing import Any

from members.enrollment.actions.addresses import address_model, address_values, current_address, full_address
from members.enrollment.actions.common import Person, span
from members.enrollment.actions.errors import UnableToChange
from members.enrollment.actions.names import check_names, set_search_keys, write_tokens
from members.enrollment.enums import Sex
from members.enrollment.models import Member, Protection, ProtectionClerk
from members.enrollment.rules.numbers import order_of


def check_person(person: Person, day: date) -> None:
    """Raises UnableToChange when what is said of a person cannot be."""
    check_names(person.names, kana_unknown=person.kana_unknown)
    if person.sex not in Sex.values:
        raise UnableToChange("性別を選んでください。")
    if person.birth_date > day:
        raise UnableToChange("生年月日が、資格を取得する日より後です。")


def new_member(
    person: Person,
    *,
    symbol: str,
    number: str,
    branch: str = "00",
    insured: Member | None = None,
    earlier: Member | None = None,
    protected: bool = False,
) -> Member:
    """A new row with its search keys."""
    member = Member(
        symbol=symbol,
        number=number,
        branch=branch,
        symbol_order=order_of(symbol),
        number_order=order_of(number),
        insured=insured,
        earlier=earlier,
        birth_date=person.birth_date,
        sex=person.sex,
        protected=protected,
        **person.names,
        **person.other_names,
    )
    set_search_keys(member)
    member.save()
    write_tokens(member)
    return member


def protect_like(member: Member, other: Member, day: date) -> None:
    """The same protection and the same named clerks: one household, or one person under two numbers."""
    for row in Protection.objects.filter(member=other, period__contains=day):
        Protection.objects.create(member=member, kind=row.kind, ask=row.ask, period=span(day, row.period.upper))
    for clerk in ProtectionClerk.objects.filter(member=other):
        ProtectionClerk.objects.create(member=member, user_id=clerk.user_id, named_date=clerk.named_date)


def settle(member: Member, day: date, address: dict[str, Any] | None, *, like: Member | None = None) -> None:
    """The first address of a new row: the one given, or that of the person or household it comes from."""
    values = full_address(address) if address else address_values(current_address(like) if like else None)
    if values:
        address_model(member).objects.create(member=member, period=span(day, None), **values)  # type: ignore[attr-defined, misc]
