"""Making invented families: pure, seeded, without a database. Rows come out in the order of the tables' columns."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

from members.enrollment import search
from members.enrollment.demo import names
from members.enrollment.rules.qualification import loss_date, voluntary_term

MEMBER = (
    "id symbol number branch insured_id family_name given_name family_kana given_kana birth_date sex "
    "symbol_order number_order name_key kana_key protected version"
).split()
ELIGIBILITY = "member_id employer_id kind period acquisition_reason loss_reason received_date".split()
DEPENDANT = "member_id insured_id relation period end_reason received_date".split()
ADDRESS = "member_id postal_code town street abroad period cancelled".split()
CONTACT = "member_id kind value period".split()
PROTECTION = "member_id kind ask period".split()
TOKEN = "member_id token".split()


@dataclass
class Family:
    """Rows of one household, by table."""

    members: list[tuple] = field(default_factory=list)
    eligibility: list[tuple] = field(default_factory=list)
    dependants: list[tuple] = field(default_factory=list)
    addresses: list[tuple] = field(default_factory=list)
    protected_addresses: list[tuple] = field(default_factory=list)
    contacts: list[tuple] = field(default_factory=list)
    protected_contacts: list[tuple] = field(default_factory=list)
    protections: list[tuple] = field(default_factory=list)
    tokens: list[tuple] = field(default_factory=list)


@cache
def _keys(family: str, given: str, family_kana: str, given_kana: str) -> tuple[str, str, tuple[str, ...]]:
    name_key, kana_key = search.name_keys(family, given, family_kana, given_kana)
    return name_key, kana_key, tuple(search.tokens(name_key, kana_key))


def _period(start: date, end: date | None) -> str:
    return f"[{start},{end or ''})"


def _day(dice: random.Random, low: int, high: int) -> date:
    return date.fromordinal(dice.randint(date(low, 1, 1).toordinal(), date(high, 12, 28).toordinal()))


class Maker:
    """Makes households until as many members as asked for exist. The same seed makes the same people."""

    def __init__(self, *, seed: int, employers: list[int], first_id: int, today: date) -> None:
        self.dice = random.Random(seed)
        self.employers = employers
        self.next_id = first_id
        self.today = today
        self.numbers = dict.fromkeys(employers, 0)
        self.weights = [1 + 20 // (place + 1) for place in range(len(employers))]
        self.family_weights = [1 + 60 // (place + 2) for place in range(len(names.FAMILY))]
        self.made = 0

    def households(self, members: int) -> Iterator[Family]:
        """Households with this many members together (the last may bring a few more)."""
        while self.made < members:
            yield self._household()

    def _household(self) -> Family:
        dice = self.dice
        case = self.made if self.made < 400 else None  # the first people hold every awkward case at least once
        family = Family()
        place = dice.choices(range(len(self.employers)), self.weights)[0]
        employer = self.employers[place]
        self.numbers[employer] += 1
        symbol, number = str(place + 1), str(self.numbers[employer])
        roll = dice.random()
        awkward = dice.choice(names.AWKWARD) if roll < 0.01 or (case is not None and case % 37 == 5) else None
        surname = dice.choices(names.FAMILY, self.family_weights)[0]
        sex = dice.choice("12")
        birth = date(1972, 2, 29) if roll > 0.998 else _day(dice, 1951, 2006)
        given = dice.choice(names.MALE if sex == "1" else names.FEMALE)
        full = (*surname, *given)
        if awkward:
            full, sex = (awkward[0], awkward[1], awkward[2], awkward[3]), awkward[4]
        protected = dice.random() < 0.004 or (case is not None and case % 83 == 11)
        head = self._member(family, symbol, number, "00", None, full, birth, sex, protected)
        start, end = self._insured_periods(family, head, employer, birth)
        self._family_of(family, head, symbol, number, surname, sex, birth, start, end, protected)
        self.made += len(family.members)
        return family

    def _member(self, family, symbol, number, branch, insured, full, birth, sex, protected) -> int:
        pk = self.next_id
        self.next_id += 1
        surname, surname_kana, given, given_kana = full
        name_key, kana_key, tokens = _keys(surname, given, surname_kana, given_kana)
        family.members.append(
            (pk, symbol, number, branch, insured, surname, given, surname_kana, given_kana, birth, sex,
             int(symbol), int(number), name_key, kana_key, protected, 1)
        )  # fmt: skip
        family.tokens.extend((pk, token) for token in tokens)
        if protected:
            family.protections.append((pk, self.dice.choice(["support_measures", "staff", "staff_family"]),
                                       "適用課 小林 悠（内線 121）", _period(max(birth, self.today - timedelta(days=400)), None)))  # fmt: skip
        return pk

    def _insured_periods(self, family: Family, head: int, employer: int, birth: date) -> tuple[date, date | None]:
        """The insured person's periods, none overlapping; returns the first day and the last day of loss, if lost."""
        dice = self.dice
        start = max(date(birth.year + 18, 4, 1), date(2002, 4, 1) + timedelta(days=30 * dice.randint(0, 260)))
        start = min(start, self.today - timedelta(days=dice.randint(1, 400)))
        turns_75 = _birthday(birth, 75)
        roll = dice.random()
        if turns_75 <= self.today:
            self._eligibility(family, head, employer, start, loss_date("age_75", turns_75).day, "age_75")
            return start, turns_75
        if roll < 0.80:
            self._eligibility(family, head, employer, start, None, "")
            return start, None
        left = min(start + timedelta(days=dice.randint(70, 4000)), self.today - timedelta(days=dice.randint(1, 300)))
        lost = max(loss_date("retirement", left).day, start + timedelta(days=62))
        if lost >= self.today:
            self._eligibility(family, head, employer, start, None, "")
            return start, None
        self._eligibility(family, head, employer, start, lost, "retirement")
        if roll < 0.86:  # left for good
            return start, lost
        if roll < 0.91:  # continued on request
            ends = voluntary_term(lost)
            reason = "term_ended" if ends <= self.today else ""
            self._eligibility(family, head, None, lost, ends, reason, kind="voluntary")
            return start, ends if ends <= self.today else None
        again = lost if roll < 0.94 else lost + timedelta(days=dice.randint(1, 700))  # 同日得喪, or back after a gap
        if again >= self.today:
            return start, lost
        self._eligibility(family, head, dice.choice(self.employers), again, None, "")
        return start, None

    def _eligibility(self, family, member, employer, start, end, loss, kind="compulsory") -> None:
        acquired = "voluntary" if kind == "voluntary" else "employment"
        received = (start if end is None or end > self.today else end) + timedelta(days=self.dice.randint(0, 9))
        family.eligibility.append(
            (member, employer, kind, _period(start, end), acquired, loss, min(received, self.today))
        )

    def _family_of(self, family, head, symbol, number, surname, sex, birth, start, end, protected) -> None:
        dice = self.dice
        people = [(head, birth, start)]
        branch = 0
        alive_from = max(start, date(birth.year + 24, 1, 1))
        if dice.random() < 0.45 and alive_from < self.today:
            branch += 1
            other = "2" if sex == "1" else "1"
            given = dice.choice(names.MALE if other == "1" else names.FEMALE)
            spouse_birth = birth + timedelta(days=dice.randint(-2000, 2000))
            pk = self._member(family, symbol, number, f"{branch:02d}", head, (*surname, *given), spouse_birth, other,
                              protected)  # fmt: skip
            since = min(alive_from + timedelta(days=dice.randint(0, 2000)), self.today - timedelta(days=1))
            since = max(since, start)
            gone = dice.random() < 0.2
            until = end
            why = "insured_left" if end else ""
            if gone and (self.today - since).days > 400 and end is None:
                until, why = since + timedelta(days=dice.randint(100, 390)), "employed"
            if until is None or until > since:
                self._dependant(family, pk, head, "wife" if other == "2" else "husband", since, until, why)
            people.append((pk, spouse_birth, since))
        for _child in range(dice.choices([0, 1, 2, 3], [55, 25, 16, 4])[0]):
            born = birth + timedelta(days=365 * dice.randint(24, 40) + dice.randint(0, 364))
            if born >= self.today or (self.today - born).days > 365 * 24:
                continue
            since = max(start, born)
            if end is not None and since >= end:
                continue
            branch += 1
            child_sex = dice.choice("12")
            given = dice.choice(names.MALE if child_sex == "1" else names.FEMALE)
            pk = self._member(family, symbol, number, f"{branch:02d}", head, (*surname, *given), born, child_sex,
                              protected)  # fmt: skip
            self._dependant(family, pk, head, "son" if child_sex == "1" else "daughter", since, end,
                            "insured_left" if end else "")  # fmt: skip
            people.append((pk, born, since))
        self._home(family, people, protected)

    def _dependant(self, family, member, head, relation, start, end, reason) -> None:
        received = min(start + timedelta(days=self.dice.randint(0, 12)), self.today)
        family.dependants.append((member, head, relation, _period(start, end), reason, received))

    def _home(self, family: Family, people: list[tuple[int, date, date]], protected: bool) -> None:
        """Addresses by period, a move or two; telephones; mail for some only."""
        dice = self.dice
        addresses = family.protected_addresses if protected else family.addresses
        contacts = family.protected_contacts if protected else family.contacts
        # A set: nobody moves twice on one day.
        moves = sorted({_day(dice, 2012, 2026) for _ in range(dice.choices([0, 1, 2], [6, 3, 1])[0])})
        homes = [self._place() for _ in range(len(moves) + 1)]
        for number, (pk, _born, since) in enumerate(people):
            days = [since, *[m for m in moves if since < m <= self.today]]
            for place, begins in enumerate(days):
                ends = days[place + 1] if place + 1 < len(days) else None
                postal, town, street = homes[len(homes) - len(days) + place]
                addresses.append((pk, postal, town, street, False, _period(begins, ends), False))
            if number == 0:
                phone = f"0{dice.choice('789')}0-0000-{dice.randint(0, 9999):04d}"
                contacts.append((pk, "mobile", phone, _period(since, None)))
                if dice.random() < 0.7:
                    contacts.append((pk, "email", f"member{pk}@mail.example", _period(since, None)))

    def _place(self) -> tuple[str, str, str]:
        dice = self.dice
        postal, town = dice.choice(names.TOWNS)
        street = f"{dice.randint(1, 9)}-{dice.randint(1, 30)}-{dice.randint(1, 20)}"
        building = dice.choice(names.BUILDINGS)
        return (
            postal,
            town,
            f"{street} {building} {dice.randint(1, 15)}{dice.randint(1, 20):02d}" if building else street,
        )


def _birthday(birth: date, years: int) -> date:
    try:
        return birth.replace(year=birth.year + years)
    except ValueError:
        return date(birth.year + years, 3, 1)
