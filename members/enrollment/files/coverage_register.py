"""適用台帳: who an employer's people are on a day, as the employer may receive it.

Items: number, name, kana, birth date, sex, kind, first day and day of loss of the insured people the employer files for,
and beneath each the dependants it reported (則24条, 則38条). No address, no contact: the employer has its own, and a
register of qualifications needs none. Who is left out because they are protected is told to the clerk, not to the employer: a number would already say
that there is somebody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kumiai.documents import Frame, render
from kumiai.ui.formats import format_number, format_wareki, format_wareki_short

TEMPLATE = "enrollment/coverage_register"
COLUMNS = (
    "記号",
    "番号",
    "枝番",
    "氏名",
    "氏名カナ",
    "生年月日",
    "性別",
    "本人・家族",
    "種別・続柄",
    "資格取得日・認定日",
    "資格喪失日・削除日",
)


@dataclass(frozen=True)
class RegisterLine:
    """One person of the register. `kind` is 種別 of an insured person, 続柄 of a dependant."""

    member_id: int
    symbol: str
    number: str
    branch: str
    name: str
    kana: str
    birth_date: date
    sex: str
    dependant: bool
    kind: str
    start: date
    end: date | None = None

    @property
    def card_number(self) -> str:
        return f"{self.symbol}-{self.number}-{self.branch}"


@dataclass(frozen=True)
class Addressee:
    """The employer a document is for."""

    name: str
    symbol: str
    postal_code: str = ""
    address: str = ""

    @property
    def postal(self) -> str:
        """〒100-0001."""
        return f"〒{self.postal_code[:3]}-{self.postal_code[3:]}" if len(self.postal_code) == 7 else self.postal_code


def register_table(lines: Sequence[RegisterLine]) -> list[tuple[str, ...]]:
    """The lines as rows of text under `COLUMNS`; days as 2026-11-22."""
    return [
        (
            line.symbol,
            line.number,
            line.branch,
            line.name,
            line.kana,
            line.birth_date.isoformat(),
            line.sex,
            "家族" if line.dependant else "本人",
            line.kind,
            line.start.isoformat(),
            line.end.isoformat() if line.end else "",
        )
        for line in lines
    ]


def register_data(lines: Sequence[RegisterLine], *, employer: Addressee, on: date) -> dict[str, Any]:
    """What the template reads."""
    insured = sum(not line.dependant for line in lines)
    return {
        "employer": employer.name,
        "symbol": employer.symbol,
        "on": format_wareki(on),
        "insured": format_number(insured),
        "dependants": format_number(len(lines) - insured),
        "lines": [
            [
                line.card_number,
                line.name,
                line.kana,
                format_wareki_short(line.birth_date),
                line.sex,
                "家族" if line.dependant else "本人",
                line.kind,
                format_wareki_short(line.start),
                format_wareki_short(line.end),
            ]
            for line in lines
        ],
    }


def register_pdf(lines: Sequence[RegisterLine], *, employer: Addressee, on: date, frame: Frame) -> bytes:
    """適用台帳 as A4 landscape, its head repeated on every page, totals at the end."""
    return render(TEMPLATE, register_data(lines, employer=employer, on=on), frame=frame)
