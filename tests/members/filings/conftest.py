"""Clerks at the filings, and filings typed through the screens as they type them."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from kumiai.ui.formats import format_wareki_short
from members.filings.models import Filing
from tests.members.enrollment.conftest import browser_of, ito, personas, sato, suzuki  # noqa: F401  (fixtures)
from tests.members.enrollment.people import make_employer, make_member

__all__ = ["browser_of", "ito", "personas", "sato", "suzuki"]


@pytest.fixture
def kobayashi(browser_of):  # noqa: F811
    """小林 悠 of 適用課: may see, change and approve, like 佐藤."""
    return browser_of("1006")


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def employer(owner, db):
    with owner():
        return make_employer()


@pytest.fixture
def member(owner, db, employer):
    """An insured person of `employer`, with an address."""
    with owner():
        return make_member(employer=employer)


@pytest.fixture
def stored(owner):
    """A filing as the table holds it, with its people."""

    def read(pk: int) -> Filing:
        with owner():
            return Filing.objects.select_related("member", "dependant", "employer").get(pk=pk)

    return read


@pytest.fixture
def only(owner):
    """The one filing there is."""

    def read() -> Filing:
        with owner():
            return Filing.objects.get()

    return read


def acquisition(employer, today: date, **changes) -> dict:
    """What a clerk types of a 資格取得届."""
    return {
        "employer": employer.symbol,
        "received_date": format_wareki_short(today),
        "effective_date": today.isoformat(),
        "reason": "employment",
        "family_name": "𠮷田",
        "given_name": "敬子",
        "family_kana": "ﾖｼﾀﾞ",
        "given_kana": "けいこ",
        "birth_date": "S60.4.6",
        "sex": "2",
        "postal_code": "１０５－００１１",
        "town": "東京都港区芝公園",
        "street": "4-2-8",
        "note": "",
        "entry_key": str(uuid4()),
        "then": "open",
    } | changes


def address_change(employer, member, today: date, **changes) -> dict:
    return {
        "employer": employer.symbol,
        "received_date": today.isoformat(),
        "effective_date": today.isoformat(),
        "member_number": f"{member.symbol}-{member.number}",
        "postal_code": "230-0062",
        "town": "神奈川県横浜市鶴見区豊岡町",
        "street": "1-2",
        "entry_key": str(uuid4()),
        "then": "open",
    } | changes


@pytest.fixture
def enter(only):
    """Post a filing of a kind and return the answer."""

    def post(client, kind: str, data: dict, **extra):
        return client.post(reverse("filings:filing-enter", args=[kind]), data, **extra)

    return post


def url(name: str, *arguments: object) -> str:
    return reverse(f"filings:{name}", args=arguments)


def body(response) -> str:
    return response.content.decode()
