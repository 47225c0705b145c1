"""資格取得・喪失確認通知書: what the association confirmed, to the employer (法39条1項・49条1項, 則46条1項).

A letter an employer, and in it every acquisition and every loss confirmed in the period, with number and days. The
employer tells its people (法49条2項), so how to appeal stands in it too (法189条1項・192条). 任意継続 has no place here: its
acquisition and loss need no confirmation (法39条1項ただし書).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kumiai.documents import Frame, render
from kumiai.ui.formats import format_number, format_wareki, format_wareki_short
from members.enrollment.files.coverage_register import Addressee

TEMPLATE = "enrollment/qualification_notice"
ACQUISITION, LOSS = "取得", "喪失"


@dataclass(frozen=True)
class Confirmation:
    """One confirmed acquisition or loss. `day`: 資格取得日 or 喪失日; `confirmed`: when the association confirmed it."""

    what: str
    card_number: str
    name: str
    kana: str
    birth_date: date
    sex: str
    day: date
    reason: str
    confirmed: date


@dataclass(frozen=True)
class Letter:
    """One employer's notice."""

    employer: Addressee
    confirmations: Sequence[Confirmation]


@dataclass(frozen=True)
class Sender:
    """The association as a letter names it."""

    name: str
    postal_code: str
    address: str
    representative: str
    contact: str


def notice_data(letters: Sequence[Letter], *, since: date, until: date, issued: date, sender: Sender) -> dict[str, Any]:
    """What the template reads. since, until: the days of confirmation the notice covers, both included."""
    return {
        "issued": format_wareki(issued),
        "span": f"{format_wareki(since)}から{format_wareki(until)}まで" if since != until else format_wareki(since),
        "sender": vars(sender),
        "letters": [
            {
                "employer": letter.employer.name,
                "symbol": letter.employer.symbol,
                "postal": letter.employer.postal,
                "address": letter.employer.address,
                "acquired": format_number(sum(c.what == ACQUISITION for c in letter.confirmations)),
                "lost": format_number(sum(c.what == LOSS for c in letter.confirmations)),
                "lines": [
                    [
                        f"資格{c.what}",
                        c.card_number,
                        c.name,
                        c.kana,
                        format_wareki_short(c.birth_date),
                        c.sex,
                        format_wareki_short(c.day),
                        c.reason,
                        format_wareki_short(c.confirmed),
                    ]
                    for c in letter.confirmations
                ],
            }
            for letter in letters
        ],
    }


def notice_pdf(
    letters: Sequence[Letter], *, since: date, until: date, issued: date, sender: Sender, frame: Frame
) -> bytes:
    """The letters, each on pages of its own that count from 1."""
    return render(
        TEMPLATE, notice_data(letters, since=since, until=until, issued=issued, sender=sender), frame=frame
    )
