"""A filing as one line: who, which state, how the clock stands. Of a protected person only number and whom to ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kumiai.ui.status import StatusLabel, labelled
from members.filings import register
from members.filings.enums import OPEN_STATES, FilingState
from members.filings.models import Filing

_STATES = {
    FilingState.DRAFT: ("○", "ended"),
    FilingState.RECEIVED: ("◐", "between"),
    FilingState.WAITING: ("◐", "special"),
    FilingState.PROCESSED: ("●", "good"),
    FilingState.RETURNED: ("▲", "care"),
    FilingState.WITHDRAWN: ("○", "ended"),
    FilingState.CORRECTED: ("●", "ended"),
    FilingState.CANCELLED: ("○", "ended"),
}


@dataclass(frozen=True)
class Clock:
    """How our own limit stands: words, tone ("" while there is time) and the day."""

    words: str
    tone: str
    due: date


@dataclass(frozen=True)
class FilingLine:
    """One line. `hidden`: the clerk is not named for a protected person, and sees number and whom to ask."""

    filing: Filing
    status: StatusLabel
    clock: Clock | None
    hidden: bool
    whom: str
    name: str
    number: str
    member_id: int | None


def state_label(state: str) -> StatusLabel:
    return labelled(FilingState(state), _STATES)


def clock_of(filing: Filing, today: date) -> Clock | None:
    """The clock of an open filing; None where none runs."""
    due, alarm = filing.registration_due_date, filing.alarm_date
    if due is None or alarm is None or filing.state not in OPEN_STATES:
        return None
    left = (due - today).days
    if left < 0:
        return Clock(f"{-left}日超過", "bad", due)
    if left == 0:
        return Clock("今日まで", "care", due)
    return Clock(f"あと{left}日", "care" if today >= alarm else "", due)


def lines(filings: list[Filing], *, user_id: int, today: date) -> list[FilingLine]:
    """Lines of filings whose people are loaded. At most two statements more."""
    people = [person for filing in filings for person in (filing.member, filing.dependant) if person is not None]
    hidden = register.hidden_members(user_id, people)
    whom = register.whom_to_ask(sorted(hidden), today)
    return [_line(filing, hidden, whom, today) for filing in filings]


def _line(filing: Filing, hidden: set[int], whom: dict[int, str], today: date) -> FilingLine:
    ids = [pk for pk in (filing.member_id, filing.dependant_id) if pk is not None]
    guarded = [pk for pk in ids if pk in hidden]
    person = filing.dependant or filing.member
    return FilingLine(
        filing=filing,
        status=state_label(filing.state),
        clock=clock_of(filing, today),
        hidden=bool(guarded),
        whom=next((whom[pk] for pk in guarded if pk in whom), ""),
        name="" if guarded else name_of(filing),
        number="" if person is None else register.veiled_number(person) if guarded else person.card_number,
        member_id=person.pk if person and not guarded else None,
    )


def name_of(filing: Filing) -> str:
    """Whom the filing is about: the registered name, else the name as typed, else nothing."""
    person = filing.dependant or (filing.member if filing.kind != "dependant" else None)
    if person is not None:
        return str(person.name)
    typed = f"{filing.contents.get('family_name', '')} {filing.contents.get('given_name', '')}".strip()
    return typed or (str(filing.member.name) if filing.member else "")
