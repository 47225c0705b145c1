"""Invented people for the tests of the screens, written as the owner of the tables."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from members.enrollment import search
from members.enrollment.models import (
    Address,
    DependantPeriod,
    EligibilityPeriod,
    Employer,
    Member,
    NameToken,
    ProtectedAddress,
    ProtectedContact,
    Protection,
    ProtectionClerk,
)

_numbers = count(1)


def since(start: date, end: date | None = None) -> DateRange:
    return DateRange(start, end, "[)")


def make_employer(name: str = "ひなた物流株式会社") -> Employer:
    number = next(_numbers)
    return Employer.objects.create(symbol=f"9{number}", name=name, period=since(date(2000, 4, 1)))


def make_member(
    *,
    names: tuple[str, str, str, str] = ("髙﨑", "美咲", "タカサキ", "ミサキ"),
    birth_date: date = date(1980, 5, 7),
    sex: str = "2",
    insured: Member | None = None,
    relation: str = "son",
    employer: Employer | None = None,
    start: date = date(2016, 10, 1),
    town: str = "東京都港区芝公園",
    protected: bool = False,
    branch: str = "00",
) -> Member:
    """A member with one open period and one address, in the open tables or the protected ones."""
    number = next(_numbers)
    symbol, card = (insured.symbol, insured.number) if insured else ("12", str(3000 + number))
    name_key, kana_key = search.name_keys(*names)
    member = Member.objects.create(
        symbol=symbol,
        number=card,
        branch=branch,
        symbol_order=int(symbol),
        number_order=int(card),
        insured=insured,
        family_name=names[0],
        given_name=names[1],
        family_kana=names[2],
        given_kana=names[3],
        birth_date=birth_date,
        sex=sex,
        name_key=name_key,
        kana_key=kana_key,
        protected=protected,
    )
    NameToken.objects.bulk_create(NameToken(member=member, token=token) for token in search.tokens(name_key, kana_key))
    if insured:
        DependantPeriod.objects.create(member=member, insured=insured, relation=relation, period=since(start))
    else:
        EligibilityPeriod.objects.create(
            member=member,
            employer=employer or make_employer(),
            kind="compulsory",
            period=since(start),
            acquisition_reason="employment",
        )
    table: Any = ProtectedAddress if protected else Address
    table.objects.create(member=member, postal_code="1050011", town=town, street="4-2-8", period=since(start))
    return member


def protect(member: Member, *, clerk_id: int | None = None, ask: str = "適用課 小林（内線 121）") -> None:
    """Say whom to ask about a protected member, and name a clerk."""
    Protection.objects.create(member=member, kind="support_measures", ask=ask, period=since(date(2020, 1, 1)))
    ProtectedContact.objects.create(member=member, kind="phone", value="080-0000-9999", period=since(date(2020, 1, 1)))
    if clerk_id:
        ProtectionClerk.objects.create(member=member, user_id=clerk_id, named_date=date(2020, 1, 1))
