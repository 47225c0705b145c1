"""本人の確認: whether a result is about somebody of the register. Nothing is guessed: either all agrees, or a clerk looks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol


class Reason(StrEnum):
    """Why nobody was matched."""

    OTHER_INSURER = "other_insurer"
    NO_NUMBER = "no_number"
    OTHER_PERSON = "other_person"
    KANA = "kana"
    SEVERAL = "several"
    NOT_COVERED = "not_covered"


WORDS = {
    Reason.OTHER_INSURER: "保険者番号が当組合ではありません",
    Reason.NO_NUMBER: "この記号・番号の加入者がいません",
    Reason.OTHER_PERSON: "この番号の家族に、生年月日と性別の合う人がいません",
    Reason.KANA: "生年月日と性別は合いますが、氏名（カナ）が違います",
    Reason.SEVERAL: "あてはまる人が二人以上います",
    Reason.NOT_COVERED: "受診した日に資格がありません",
}


class Someone(Protocol):
    """A person of the register, under one number."""

    @property
    def member_id(self) -> int: ...
    @property
    def branch(self) -> str: ...
    @property
    def kana_key(self) -> str: ...
    @property
    def birth_date(self) -> date: ...
    @property
    def sex(self) -> str: ...


@dataclass(frozen=True)
class Match:
    """The person, or why there is none."""

    member_id: int | None
    reason: Reason | None = None


def digits(text: str) -> str:
    """記号 or 番号 without width, spaces and hyphens; zeros in front stay."""
    return re.sub(r"[\s\-‐‑–—―−ー・]", "", unicodedata.normalize("NFKC", text))


def match(
    *, branch: str, kana: str, birth_date: date, sex: str, people: Iterable[Someone], key: Callable[[str], str]
) -> Match:
    """The one person among those under a number whose birth date, sex and reading agree; 枝番 decides between twins.

    kana: as submitted. key: makes of a reading what the register searches by. Of several rows of one person (a former
    number) the person counts once.
    """
    found = list(people)
    if not found:
        return Match(None, Reason.NO_NUMBER)
    born = [one for one in found if one.birth_date == birth_date and one.sex == sex]
    if not born:
        return Match(None, Reason.OTHER_PERSON)
    wanted = key(kana)
    same = {one.member_id: one for one in born if one.kana_key == wanted}
    if not same:
        return Match(None, Reason.KANA)
    if len(same) > 1 and branch:
        by_branch = {pk: one for pk, one in same.items() if one.branch == branch}
        same = by_branch or same
    if len(same) > 1:
        return Match(None, Reason.SEVERAL)
    return Match(next(iter(same)))
