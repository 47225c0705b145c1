"""What a clerk means by the words in the search field, and the keys the register is searched by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kumiai.ui.formats import UnreadableDate, parse_date
from kumiai.ui.kana import search_key
from members.enrollment.rules.numbers import CardNumber, parse_card_number

# Suffixes shorter than this match too much to help.
SHORTEST_TOKEN = 2


@dataclass(frozen=True)
class Terms:
    """One understood search: a number, or a birth date, a part of a name, or both."""

    number: CardNumber | None = None
    birth: date | None = None
    name: str = ""
    problem: str = ""

    @property
    def empty(self) -> bool:
        return self.number is None and self.birth is None and not self.name


def understand(text: str) -> Terms:
    """Read the search field: `12-3456`, ｶﾅ, カナ, かな, kanji, dates in both calendars, a date beside a name.

    A date that cannot be (昭和65年) or is ambiguous (540927) is reported in `problem`, not guessed.
    """
    text = text.strip()
    if not text:
        return Terms()
    number = parse_card_number(text)
    if number is not None and not _is_date(text, number):
        return Terms(number=number)
    birth: date | None = None
    problem = ""
    words = []
    for word in text.replace("\u3000", " ").split():
        if any(c.isdigit() for c in word):
            try:
                birth = parse_date(word).date
                continue
            except UnreadableDate as unreadable:
                problem = str(unreadable)
                if word.isdecimal():
                    return Terms(number=None, problem=problem)
                continue
        words.append(word)
    return Terms(birth=birth, name=search_key("".join(words)), problem=problem)


def _is_date(text: str, number: CardNumber) -> bool:
    """Whether three parts are a day, as in 1979-9-27 or S54-9-27: with a year in front a birth date is meant."""
    if number.branch is None:
        return False
    try:
        parse_date(text)
    except UnreadableDate:
        return False
    return True


def name_keys(family: str, given: str, family_kana: str, given_kana: str) -> tuple[str, str]:
    """(name key, kana key) of a person: normalised, without spaces."""
    return search_key(family + given), search_key(family_kana + given_kana)


def tokens(*keys: str) -> list[str]:
    """The keys and their ends: a search from the start or inside a name is one prefix search over these."""
    found = []
    for text in keys:
        found += [text, *(text[start:] for start in range(1, len(text) - SHORTEST_TOKEN + 1))]
    return sorted({token for token in found if token})
