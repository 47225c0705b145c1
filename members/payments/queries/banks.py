"""Banks and branches by their numbers, from the published list that the library carries. About nobody."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any

from members.payments.files import zengin_text

POST_BANK = "9900"
NAME_LENGTH = 15


@dataclass(frozen=True)
class Place:
    """A bank or a branch. kana: as it stands in the file, at most 15 characters."""

    code: str
    name: str
    kana: str


@cache
def _banks() -> dict[str, Any]:
    from zengin_code import Bank

    found: dict[str, Any] = Bank.all
    return found


def _place(one: Any) -> Place:
    try:
        kana = zengin_text.normalise(one.kana, allowed=zengin_text.OF_BANKS, length=200).text[:NAME_LENGTH]
    except zengin_text.BadText:
        kana = ""
    return Place(one.code, one.name, kana)


def find_bank(code: str) -> Place | None:
    """The bank of a four-digit number; None for one that does not exist."""
    bank = _banks().get(code)
    return _place(bank) if bank is not None else None


def find_branch(bank_code: str, branch_code: str) -> Place | None:
    """The branch of a bank; None where there is none."""
    bank = _banks().get(bank_code)
    branch = bank.branches.get(branch_code) if bank is not None else None
    return _place(branch) if branch is not None else None


@cache
def _all_banks() -> tuple[Place, ...]:
    return tuple(_place(bank) for bank in _banks().values())


@cache
def _all_branches(bank_code: str) -> tuple[Place, ...]:
    bank = _banks().get(bank_code)
    return tuple(_place(branch) for branch in bank.branches.values()) if bank is not None else ()


def banks_like(text: str) -> list[Place]:
    """Banks whose name or reading begins with what is typed; the one that is called exactly so stands alone."""
    return _like(_all_banks(), text.removesuffix("銀行"))


def branches_like(bank_code: str, text: str) -> list[Place]:
    """Branches of a bank, likewise."""
    return _like(_all_branches(bank_code), text.removesuffix("支店"))


def _like(places: tuple[Place, ...], text: str) -> list[Place]:
    wanted = unicodedata.normalize("NFKC", text).strip()
    if not wanted:
        return []
    try:
        read = zengin_text.normalise(wanted, allowed=zengin_text.OF_BANKS, length=200).text[:NAME_LENGTH]
    except zengin_text.BadText:
        read = wanted  # not a reading: no kana begins so
    found, exact = [], []
    for place in places:
        name = unicodedata.normalize("NFKC", place.name)
        if name.startswith(wanted) or place.kana.startswith(read):
            found.append(place)
            if wanted == name or read == place.kana:
                exact.append(place)
    return exact if len(exact) == 1 else found
