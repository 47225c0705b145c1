"""What every format of results says of one examination, whichever way it came."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

MEASURED, NOT_MEASURED, REFUSED, BELOW, ABOVE = "measured", "not_measured", "refused", "below", "above"
STATES = (MEASURED, NOT_MEASURED, REFUSED, BELOW, ABOVE)


@dataclass(frozen=True)
class Problem:
    """Something wrong, in words for the clerk: where (a file of the archive, a line, a field), what, and what to do.

    Never holds a value of a person. fatal: the document cannot be taken.
    """

    code: str
    place: str
    what: str
    remedy: str
    line: int | None = None
    fatal: bool = True

    def row(self) -> list[str]:
        """As it is stored beside the document: [place, what, remedy]."""
        where = f"{self.place}　{self.line}行目" if self.line else self.place
        return [where, self.what, self.remedy]


@dataclass(frozen=True)
class Observation:
    """One item as submitted. key: our word where rules read it. state: one of STATES.

    value: the number of a PQ; coded: the code of a CD or CO; text: of an ST. low, high: the institution's own range.
    flag: L, N or H as the institution judged. BELOW and ABOVE: under or over what the method can measure; value is the
    limit then.
    """

    code: str
    key: str = ""
    value: Decimal | None = None
    text: str = ""
    coded: str = ""
    unit: str = ""
    state: str = MEASURED
    flag: str = ""
    low: Decimal | None = None
    high: Decimal | None = None

    def stored(self) -> dict[str, str]:
        """As a row of the result keeps it: only what there is."""
        found = {
            "code": self.code, "key": self.key, "value": _text(self.value), "text": self.text, "coded": self.coded,
            "unit": self.unit, "state": "" if self.state == MEASURED else self.state, "flag": self.flag,
            "low": _text(self.low), "high": _text(self.high),
        }  # fmt: skip
        return {name: value for name, value in found.items() if value}

    @classmethod
    def of(cls, stored: Mapping[str, str]) -> Observation:
        """The observation that `stored` gave."""
        return cls(
            code=stored["code"],
            key=stored.get("key", ""),
            value=_number(stored.get("value")),
            text=stored.get("text", ""),
            coded=stored.get("coded", ""),
            unit=stored.get("unit", ""),
            state=stored.get("state") or MEASURED,
            flag=stored.get("flag", ""),
            low=_number(stored.get("low")),
            high=_number(stored.get("high")),
        )


def _text(number: Decimal | None) -> str:
    return "" if number is None else format(number, "f")


def _number(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None


@dataclass(frozen=True)
class Identity:
    """Who the result was submitted for, as the institution wrote it. kana: full-width."""

    insurer_number: str
    symbol: str
    number: str
    branch: str
    kana: str
    birth_date: date
    sex: str
    postal_code: str = ""
    address: str = ""


@dataclass(frozen=True)
class Submission:
    """One examination as submitted. report_code: 報告区分 (10 特定健診 …). program_code: 010 特定健診 …

    fasting: 採血時間 (2, 3, 4) where the sheet says so.
    """

    name: str
    document_id: str
    identity: Identity
    exam_date: date
    institution_code: str
    institution_name: str
    observations: tuple[Observation, ...]
    report_code: str = "10"
    program_code: str = "010"
    voucher_number: str = ""
    voucher_until: date | None = None
    created_date: date | None = None
    fasting: int | None = None
    extra: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over person, day, place and everything measured: the same result again has the same."""
        whole = [
            self.identity.insurer_number, self.identity.symbol, self.identity.number, self.identity.kana,
            self.identity.birth_date.isoformat(), self.exam_date.isoformat(), self.institution_code, self.program_code,
            [one.stored() for one in sorted(self.observations, key=lambda one: (one.code, one.text))],
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(whole, ensure_ascii=False, sort_keys=True).encode()).hexdigest()

    def numbers(self) -> dict[str, Decimal]:
        """key → number of every measured item that rules read; the first of several counts. A value beyond what the
        method can measure stands with its limit."""
        found: dict[str, Decimal] = {}
        for one in self.observations:
            if one.key and one.value is not None and one.state in (MEASURED, BELOW, ABOVE):
                found.setdefault(one.key, one.value)
        return found

    def answers(self) -> dict[str, int]:
        """key → code of every coded item."""
        found: dict[str, int] = {}
        for one in self.observations:
            if one.key and one.coded.isdigit() and one.state == MEASURED:
                found.setdefault(one.key, int(one.coded))
        return found


@dataclass(frozen=True)
class Claim:
    """決済情報: what an institution claims for one examination, in yen."""

    name: str
    institution_code: str
    identity: Identity
    exam_date: date | None
    unit_price: int
    copayment: int
    claimed: int
    voucher_number: str = ""
