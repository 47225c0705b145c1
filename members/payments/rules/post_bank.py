"""ゆうちょ銀行: 記号・番号 of the passbook as the bank, branch and account number that transfers are written with. Pure.

通常貯金 (記号 1…): the branch is digits 2 and 3 of the 記号 and an 8, the account the 番号 without its last digit, which is
always 1. 振替口座 (記号 0…): the branch is digits 2 and 3 and a 9, the account the 番号 as it is, a 当座.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

BANK = "9900"
ORDINARY, CHECKING = 1, 2
SYMBOL = re.compile(r"[01][0-9]{4}\Z", re.ASCII)
NUMBER = re.compile(r"[0-9]{1,8}\Z", re.ASCII)


class BadPassbook(ValueError):
    """記号・番号 that no passbook has; the text is a sentence for the clerk."""


@dataclass(frozen=True)
class Converted:
    """As transfers name it. kind: 預金種目."""

    bank_code: str
    branch_code: str
    kind: int
    number: str


def converted(symbol: str, number: str) -> Converted:
    """The account of a passbook. Raises BadPassbook."""
    if not SYMBOL.match(symbol):
        raise BadPassbook("記号は、1か0で始まる5桁の数字です。通帳を確かめてください。")
    if not NUMBER.match(number):
        raise BadPassbook("番号は8桁までの数字です。記号と番号の間の1桁（再発行の回数）は入れません。")
    if symbol[0] == "1":
        if len(number) < 2 or number[-1] != "1":
            raise BadPassbook("記号が1で始まる口座の番号は、末尾が1です。通帳を確かめてください。")
        return Converted(BANK, symbol[1:3] + "8", ORDINARY, number[:-1].rjust(7, "0"))
    if len(number) > 7:
        raise BadPassbook("振替口座の番号は7桁までです。通帳を確かめてください。")
    return Converted(BANK, symbol[1:3] + "9", CHECKING, number.rjust(7, "0"))
