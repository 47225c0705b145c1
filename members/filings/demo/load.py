"""Invented filings in every state, typed in by the personas as they would type them."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model

from kumiai.ui.formats import format_wareki_short
from members.enrollment import queries as enrollment
from members.enrollment.demo import names
from members.filings import actions, policies, queries, reading, register
from members.filings.activities import FILING_ADMINISTRATION
from members.filings.enums import FilingKind, FilingRole
from members.filings.models import Filing
from members.filings.rules.scans import sniff
from privacy.scope import scope

# A picture of one point, as a scanner might send it.
SCAN = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00:~\x9bU"
    b"\x00\x00\x00\nIDATx\x9cc\xf8\x0f\x00\x01\x01\x01\x00\x1b\xb6\xeeV\x00\x00\x00\x00IEND\xaeB`\x82"
)


FEWEST = 40
"""Registered people whom the filings are about; with fewer there is nothing to show."""


@dataclass
class Desk:
    """One clerk at work: types filings in and moves them on, each in a scope of its own as the screens do."""

    clerk: Any
    today: date
    dice: random.Random
    employers: dict[str, Any]

    def open(self, operation: str = "change") -> Any:
        return scope(FILING_ADMINISTRATION, self.clerk, operation=operation)

    def enter(self, kind: str, typed: dict[str, Any], *, receive: bool = True) -> Filing:
        """Type a filing in, as a form would send it."""
        data = typed | {"entry_key": str(UUID(int=self.dice.getrandbits(128), version=4))}
        with self.open():
            understood = reading.read(
                data, kind=kind, user_id=self.clerk.pk, today=self.today, employers=self.employers
            )
            if receive and not understood.valid:
                raise ValueError(f"demo filing of {kind} is not valid: {dict(understood.form.errors)}")
            return actions.save_new(by=self.clerk, entry=understood.entry(kind=kind), receive=receive)

    def follow(self, filing_id: int, role: FilingRole, typed: dict[str, Any]) -> Filing:
        """Type in a 訂正届 or 取消届 of a processed filing."""
        data = typed | {"entry_key": str(UUID(int=self.dice.getrandbits(128), version=4))}
        with self.open():
            original = queries.filing_of(filing_id)
            assert original is not None
            understood = reading.read(
                data,
                kind=original.kind,
                role=role,
                user_id=self.clerk.pk,
                today=self.today,
                employers={},
                original=original,
            )
            entry = understood.entry(kind=original.kind, role=role, corrects=original)
            return actions.save_new(by=self.clerk, entry=entry, receive=True)

    def understood(self, filing_id: int) -> tuple[Filing, reading.Reading]:
        filing = queries.filing_of(filing_id)
        assert filing is not None
        queries.fill_contents(filing)
        return filing, reading.read_stored(filing, user_id=self.clerk.pk, today=self.today, employers=self.employers)

    def process(self, filing_id: int) -> bool:
        """Process a filing; False where the checks or the register say no, and it stays received."""
        try:
            with self.open():
                filing, read = self.understood(filing_id)
                actions.process(by=self.clerk, filing_id=filing.pk, version=filing.version, meaning=read.meaning)
        except policies.UnableToMove:
            return False
        return True

    def request(self, filing_id: int) -> None:
        with self.open():
            filing, read = self.understood(filing_id)
            policies.check_no_errors(read.findings)
            actions.request_approval(by=self.clerk, filing_id=filing.pk, version=filing.version, findings=read.findings)

    def give_back(self, filing_id: int, reason: str, sentence: str) -> None:
        with self.open():
            actions.return_to_employer(
                by=self.clerk, filing_id=filing_id, version=1, reason=reason, sentence=sentence, today=self.today
            )


class People:
    """Registered people to file about, each taken once."""

    def __init__(self, clerk: Any, today: date, dice: random.Random) -> None:
        with scope(FILING_ADMINISTRATION, clerk):
            pages = [
                enrollment.member_list(user_id=clerk.pk, on=today, state="active", kind="insured", page=page).rows
                for page in (1, 2, 3)
            ]
            rows = {row.member_id: row for found in pages for row in found if row.name and not row.protected}
            self.people = []
            for row in rows.values():
                person = register.person(row.member_id, clerk.pk, today)
                if person is None or not person.visible:
                    continue
                current = next((p for p in person.eligibility if today in p.period and p.employer_id), None)
                if current is not None and current.period.lower < today - timedelta(days=200):
                    self.people.append((person.member, current.employer, list(person.family)))
        dice.shuffle(self.people)

    def take(self, wanted: Callable[[Any, Any, list], bool] = lambda _m, _e, _f: True) -> tuple[Any, Any, list]:
        """The next person of this kind."""
        for place, candidate in enumerate(self.people):
            if wanted(*candidate):
                return self.people.pop(place)
        raise LookupError("no such person is left")


def load(*, seed: int, today: date) -> int:
    """Filings in every state. Returns how many. In demo mode only."""
    dice = random.Random(seed + 7)
    clerks = {user.staff_number: user for user in get_user_model().objects.filter(staff_number__in=["1001", "1006"])}
    employers = register.employers_by_symbol()
    sato = Desk(clerks["1001"], today, dice, employers)
    kobayashi = Desk(clerks["1006"], today, dice, employers)
    people = People(clerks["1001"], today, dice)
    if len(people.people) < FEWEST:
        return 0
    _processed(sato, kobayashi, people)
    _received(sato, kobayashi, people)
    _drafts(sato, people)
    with sato.open("view"):
        return queries.filing_list(user_id=sato.clerk.pk, state="all", today=today).total


def _days(desk: Desk, back: int, fact: int) -> dict[str, str]:
    """収受日 `back` days ago, the fact `fact` days before it."""
    received = desk.today - timedelta(days=back)
    return {
        "received_date": format_wareki_short(received),
        "effective_date": format_wareki_short(received - timedelta(days=fact)),
    }


def _newcomer(desk: Desk, *, back: int, fact: int = 2, **changes: str) -> dict[str, str]:
    """A 資格取得届 of somebody invented."""
    dice = desk.dice
    sex = dice.choice("12")
    family, family_kana = dice.choice(names.FAMILY)
    given, given_kana = dice.choice(names.MALE if sex == "1" else names.FEMALE)
    born = date(desk.today.year - dice.randint(22, 58), dice.randint(1, 12), dice.randint(1, 28))
    postal_code, town = dice.choice(names.TOWNS)
    return _days(desk, back, fact) | {
        "employer": dice.choice(sorted(desk.employers)),
        "reason": "employment",
        "family_name": family,
        "given_name": given,
        "family_kana": family_kana,
        "given_kana": given_kana,
        "birth_date": format_wareki_short(born),
        "sex": sex,
        "postal_code": f"{postal_code[:3]}-{postal_code[3:]}",
        "town": town,
        "street": f"{dice.randint(1, 9)}-{dice.randint(1, 20)}-{dice.randint(1, 30)}",
    } | changes  # fmt: skip


def _leaver(desk: Desk, people: People, *, back: int, late: int = 2, **changes: str) -> dict[str, str]:
    """A 資格喪失届 of somebody registered: retired `late` days before receipt."""
    member, employer, _family = people.take()
    received = desk.today - timedelta(days=back)
    return {
        "employer": employer.symbol,
        "received_date": format_wareki_short(received),
        "member_number": member.card_number,
        "reason": "retirement",
        "event_date": format_wareki_short(received - timedelta(days=late)),
    } | changes


def _newborn(desk: Desk, people: People, *, back: int, fact: int = 3, **changes: str) -> dict[str, str]:
    """A 被扶養者異動届: a child was born to somebody registered."""
    member, employer, _family = people.take(lambda m, _e, _f: 22 <= desk.today.year - m.birth_date.year <= 45)
    given, given_kana = desk.dice.choice(names.FEMALE)
    days = _days(desk, back, fact)
    return days | {
        "employer": employer.symbol,
        "member_number": f"{member.symbol}-{member.number}",
        "change": "add",
        "family_name": member.family_name,
        "given_name": given,
        "family_kana": member.family_kana,
        "given_kana": given_kana,
        "birth_date": days["effective_date"],
        "sex": "2",
        "relation": "daughter",
        "same_household": "on",
    } | changes  # fmt: skip


def _mover(desk: Desk, people: People, *, back: int, fact: int = 5) -> dict[str, str]:
    member, employer, _family = people.take()
    postal_code, town = desk.dice.choice(names.TOWNS[:4])
    return _days(desk, back, fact) | {
        "employer": employer.symbol,
        "member_number": member.card_number,
        "postal_code": f"{postal_code[:3]}-{postal_code[3:]}",
        "town": town,
        "street": f"{desk.dice.randint(1, 9)}-{desk.dice.randint(1, 20)}",
    }


def _renamed(desk: Desk, people: People, *, back: int, fact: int = 6) -> dict[str, str]:
    member, employer, _family = people.take(lambda m, _e, _f: m.sex == "2" and m.given_name and m.given_kana)
    family, family_kana = desk.dice.choice([pair for pair in names.FAMILY if pair[0] != member.family_name])
    return _days(desk, back, fact) | {
        "employer": employer.symbol,
        "member_number": member.card_number,
        "family_name": family,
        "given_name": member.given_name,
        "family_kana": family_kana,
        "given_kana": member.given_kana,
        "note": "婚姻による",
    }


def _processed(sato: Desk, kobayashi: Desk, people: People) -> None:
    """What was processed today, with one filing corrected, one cancelled and one application waiting for approval."""
    done: list[Filing] = []
    for back in (0, 1, 1, 2):
        done.append(sato.enter(FilingKind.ACQUISITION, _newcomer(sato, back=back)))
    leaver = _leaver(sato, people, back=1)
    done.append(sato.enter(FilingKind.LOSS, leaver))
    done.append(sato.enter(FilingKind.LOSS, _leaver(sato, people, back=2)))
    done.append(kobayashi.enter(FilingKind.DEPENDANT, _newborn(kobayashi, people, back=1)))
    done.append(kobayashi.enter(FilingKind.NAME_CHANGE, _renamed(kobayashi, people, back=1)))
    moved = sato.enter(FilingKind.ADDRESS_CHANGE, _mover(sato, people, back=2))
    fixed = sato.enter(FilingKind.ADDRESS_CHANGE, _mover(sato, people, back=3))
    done += [moved, fixed]
    for filing in done:
        sato.process(filing.pk)
    cancelled = sato.follow(
        moved.pk, FilingRole.CANCELLATION, {"received_date": format_wareki_short(sato.today), "note": "転居の中止"}
    )
    sato.process(cancelled.pk)
    street = {"street": "3-3-3", "town": fixed.contents["town"], "postal_code": fixed.contents["postal_code"]}
    corrected = sato.follow(
        fixed.pk,
        FilingRole.CORRECTION,
        {"received_date": format_wareki_short(sato.today), "note": "番地の誤り"} | street,
    )
    sato.process(corrected.pk)
    applied = kobayashi.enter(
        FilingKind.VOLUNTARY,
        {
            "received_date": format_wareki_short(sato.today),
            "member_number": leaver["member_number"],
            "effective_date": format_wareki_short(done[4].effective_date),
            "first_due_date": format_wareki_short(sato.today + timedelta(days=10)),
        },
    )
    kobayashi.request(applied.pk)
    late_loss = kobayashi.follow(
        done[5].pk,
        FilingRole.CORRECTION,
        {
            "received_date": format_wareki_short(sato.today),
            "effective_date": format_wareki_short((done[5].effective_date or sato.today) - timedelta(days=1)),
            "note": "退職日の誤り",
        },
    )
    kobayashi.request(late_loss.pk)


def _received(sato: Desk, kobayashi: Desk, people: People) -> None:
    """What waits: in time, close to the limit, past it, filed late, with errors, returned, taken back."""
    for back in (0, 0, 1, 3, 4, 8):
        sato.enter(FilingKind.ACQUISITION, _newcomer(sato, back=back))
    sato.enter(FilingKind.ACQUISITION, _newcomer(sato, back=1, fact=17))
    member, employer, _family = people.take(lambda m, _e, _f: bool(m.given_kana))
    twice = {
        "employer": employer.symbol,
        "family_name": member.family_name,
        "given_name": member.given_name,
        "family_kana": member.family_kana,
        "given_kana": member.given_kana,
        "birth_date": format_wareki_short(member.birth_date),
        "sex": member.sex,
    }
    sato.enter(FilingKind.ACQUISITION, _newcomer(sato, back=1, **twice))
    for back, late in ((0, 2), (2, 3), (4, 5), (9, 2), (1, 21)):
        kobayashi.enter(FilingKind.LOSS, _leaver(kobayashi, people, back=back, late=late))
    for back, fact in ((0, 2), (1, 3), (3, 12), (6, 2)):
        sato.enter(FilingKind.DEPENDANT, _newborn(sato, people, back=back, fact=fact))
    kobayashi.enter(FilingKind.NAME_CHANGE, _renamed(kobayashi, people, back=2))
    for back in (0, 5):
        kobayashi.enter(FilingKind.ADDRESS_CHANGE, _mover(kobayashi, people, back=back))
    back_1 = sato.enter(FilingKind.ACQUISITION, _newcomer(sato, back=3))
    sato.give_back(back_1.pk, "missing", "資格取得年月日の記載がありません。追記して再提出してください。")
    back_2 = kobayashi.enter(FilingKind.DEPENDANT, _newborn(kobayashi, people, back=2))
    kobayashi.give_back(back_2.pk, "documents", "続柄の分かる書類が添付されていません。添付して再提出してください。")
    gone = sato.enter(FilingKind.LOSS, _leaver(sato, people, back=0))
    with sato.open():
        actions.withdraw(by=sato.clerk, filing_id=gone.pk, version=gone.version)


def _drafts(sato: Desk, people: People) -> None:
    """Begun and not finished."""
    begun = _newcomer(sato, back=0)
    sato.enter(FilingKind.ACQUISITION, {k: v for k, v in begun.items() if k != "birth_date"}, receive=False)
    sato.enter(
        FilingKind.ACQUISITION,
        {"employer": begun["employer"], "received_date": begun["received_date"]},
        receive=False,
    )
    mover = _mover(sato, people, back=0)
    sato.enter(FilingKind.ADDRESS_CHANGE, {k: v for k, v in mover.items() if k != "street"}, receive=False)
    scanned = sato.enter(FilingKind.ADDRESS_CHANGE, _mover(sato, people, back=1))
    with sato.open():
        actions.attach(by=sato.clerk, filing_id=scanned.pk, name="住所変更届.png", scan=sniff(SCAN), content=SCAN)
