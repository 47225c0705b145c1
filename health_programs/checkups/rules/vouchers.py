"""受診券整理番号: eleven digits: 年度の下2桁, 種別 (1 特定健診, 2 特定保健指導), 個人番号に当たる8桁."""

from __future__ import annotations

from dataclasses import dataclass


class UnableToNumber(ValueError):
    """A number that does not fit into the eleven digits."""


@dataclass(frozen=True)
class VoucherNumber:
    """The parts of a number. serial: from 1 to 99,999,999, unique within year and kind."""

    fiscal_year: int
    kind: str
    serial: int

    def __str__(self) -> str:
        return f"{self.fiscal_year % 100:02d}{self.kind}{self.serial:08d}"


def build(fiscal_year: int, kind: str, serial: int) -> str:
    """The eleven digits. Raises UnableToNumber for a serial beyond eight digits or a kind of more than one."""
    if not 1 <= serial <= 99_999_999:
        raise UnableToNumber("受診券の番号が8桁に収まりません。")
    if len(kind) != 1 or not kind.isdigit():
        raise UnableToNumber("受診券の種別は1桁の数字です。")
    return str(VoucherNumber(fiscal_year, kind, serial))


def parse(text: str, century: int = 2000) -> VoucherNumber:
    """The parts of a number as typed. Raises UnableToNumber for anything but eleven digits."""
    if len(text) != 11 or not (text.isascii() and text.isdigit()):
        raise UnableToNumber("受診券整理番号は11桁の数字です。")
    return VoucherNumber(century + int(text[:2]), text[2], int(text[3:]))
