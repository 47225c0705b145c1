"""From what stands in a filing to what it means: the form filled, the people found, the clocks and the checks.

Screens and the demo read filings through here; the actions get what was understood.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from members.enrollment.postal_codes import town_of
from members.enrollment.rules.numbers import CardNumber, parse_card_number
from members.filings import queries, register
from members.filings.actions import Entry, Meaning, voluntary_facts
from members.filings.enums import DependantChange, FilingKind, FilingRole
from members.filings.forms import FilingForm, form_class_of
from members.filings.models import Filing
from members.filings.rules.deadlines import Deadline, RegistrationClock, filing_deadline, registration_clock
from members.filings.rules.findings import Facts, Finding, Known, Span, check
from members.lifecycle.queries import voluntary
from members.lifecycle.rules.terms import Closed

MOST_TWINS = 3
"""Filings that are named as possibly entered twice."""


@dataclass
class Reading:
    """One filing as understood. `form` is bound; `values` are empty where it is not valid."""

    form: FilingForm
    values: dict[str, Any] = field(default_factory=dict)
    member: Any = None
    dependant: Any = None
    employer: Any = None
    deadline: Deadline | None = None
    clock: RegistrationClock | None = None
    findings: list[Finding] = field(default_factory=list)
    valid: bool = False

    @property
    def meaning(self) -> Meaning:
        """What the actions process of it."""
        return Meaning(self.values, self.findings, self.member, self.dependant)

    def entry(self, *, kind: str, role: str = FilingRole.NEW, corrects: Filing | None = None) -> Entry:
        """What the actions store of it."""
        cleaned = self.form.cleaned_data if hasattr(self.form, "cleaned_data") else {}
        extra: dict[str, Any] = {}
        if cleaned.get("entry_key"):
            extra["entry_key"] = cleaned["entry_key"]
        return Entry(
            kind=kind,
            role=role,
            contents=self.form.typed(),
            received_date=cleaned.get("received_date"),
            effective_date=cleaned.get("effective_date"),
            employer_id=self.employer.pk if self.employer is not None else None,
            member=self.member,
            dependant=self.dependant,
            corrects=corrects,
            deadline=self.deadline,
            clock=self.clock,
            findings=self.findings,
            sitting=cleaned.get("sitting"),
            **extra,
        )


def read(
    data: Mapping[str, Any],
    *,
    kind: str,
    role: str = FilingRole.NEW,
    user_id: int,
    today: date,
    employers: Mapping[str, Any],
    original: Filing | None = None,
    filing: Filing | None = None,
    closed: Closed | None = None,
) -> Reading:
    """Understand typed fields. `original`: the filing a 訂正届 or 取消届 is about. `filing`: the stored row, if there is one.

    Constant number of statements, whatever the person's history.
    """
    form_class = form_class_of(kind, role)
    if form_class is None:
        raise ValueError(f"no form for {kind} {role}")
    form = form_class(data, today=today, employers=employers)
    reading = Reading(form, valid=form.is_valid())
    cleaned = form.cleaned_data
    reading.employer = cleaned.get("employer") or None
    _find_people(reading, kind, original)
    if not reading.valid:
        return reading
    reading.values = dict(cleaned)
    received = cleaned["received_date"]
    effective = cleaned.get("effective_date") or received
    closed = closed or queries.calendar_around(received)
    if role == FilingRole.NEW:
        reading.deadline = filing_deadline(
            kind, effective, closed, reason=cleaned.get("reason", ""), change=cleaned.get("change", "")
        )
    reading.clock = registration_clock(kind, received, closed)
    if reading.member is not None and reading.employer is None:
        reading.employer = original.employer if original is not None else None
    reading.findings = check(
        _facts(reading, kind, role, user_id=user_id, today=today, effective=effective, filing=filing, closed=closed)
    )
    return reading


def _find_people(reading: Reading, kind: str, original: Filing | None) -> None:
    """Who the numbers of the form are."""
    cleaned = reading.form.cleaned_data
    if original is not None:
        reading.member, reading.dependant = original.member, original.dependant
        reading.employer = original.employer
        return
    number = cleaned.get("member_number")
    if number is None and "member_number" in reading.form.fields:
        number = parse_card_number(str(reading.form.data.get("member_number", "")))
    if kind == FilingKind.ACQUISITION:
        reading.member = register.member_of(cleaned.get("returning_number"))
        cleaned["returning_id"] = reading.member.pk if reading.member else None
        return
    if kind in (FilingKind.NAME_CHANGE, FilingKind.ADDRESS_CHANGE):
        reading.member = register.member_of(number)
        return
    reading.member = register.member_of(CardNumber(number.symbol, number.number)) if number else None
    branch = cleaned.get("branch")
    if kind == FilingKind.DEPENDANT and number and branch and cleaned.get("change") == DependantChange.REMOVE:
        reading.dependant = register.member_of(CardNumber(number.symbol, number.number, branch))


def _facts(
    reading: Reading,
    kind: str,
    role: str,
    *,
    user_id: int,
    today: date,
    effective: date,
    filing: Filing | None,
    closed: Closed,
) -> Facts:
    values = reading.values
    spans: tuple[Span, ...] = ()
    dependants: tuple[Known, ...] = ()
    dependant_spans: tuple[Span, ...] = ()
    covered, decision = False, None
    member = reading.member
    if member is not None:
        person = register.person(member.pk, user_id, effective)
        if person is not None and person.visible:
            spans = register.spans_of(person.eligibility)
            covered = any(s.holds(effective) for s in (*spans, *register.spans_of(person.own_dependant_periods)))
            current = [row for row in person.family if effective in row.period or row.period.upper is None]
            dependants = tuple(register.known(row.member, effective, covered=True) for row in current)
            if reading.dependant is not None:
                own = [row for row in person.family if row.member_id == reading.dependant.pk]
                dependant_spans = register.spans_of(own)
            if kind == FilingKind.VOLUNTARY:
                decision = _voluntary_decision(person.member, values, effective, closed)
    similar = _similar(values, kind, user_id, effective, exclude=reading)
    employer = reading.employer
    number_holder = _number_holder(values, employer, effective) if kind == FilingKind.ACQUISITION else None
    twins = (
        queries.open_twins(
            filing_id=filing.pk if filing else None,
            kind=kind,
            member_id=member.pk if member else None,
            dependant_id=reading.dependant.pk if reading.dependant else None,
        )
        if role == FilingRole.NEW
        else []
    )
    if kind == FilingKind.DEPENDANT and reading.dependant is None:
        # An insured person may have several children certified at once: a twin is the same newcomer.
        hidden = register.hidden_members(user_id, [member])
        twins = [] if hidden else [twin for twin in twins if _same_newcomer(reading.form, values, twin)]
    return Facts(
        kind=kind,
        role=role,
        today=today,
        received=values["received_date"],
        effective=effective,
        values=values,
        deadline=reading.deadline,
        employer_start=employer.period.lower if employer else None,
        employer_end=employer.period.upper if employer else None,
        employer_id=employer.pk if employer else None,
        member=register.known(member, effective, covered=covered) if member is not None else None,
        spans=spans,
        similar=similar,
        number_holder=number_holder,
        dependants=dependants,
        dependant=register.known(reading.dependant, effective, covered=True) if reading.dependant else None,
        dependant_spans=dependant_spans,
        open_twins=tuple(twin.receipt_number for twin in twins[:MOST_TWINS]),
        town_of_postal_code=town_of(values["postal_code"]) if values.get("postal_code") else "",
        decision=decision,
    )


def _same_newcomer(form: FilingForm, values: dict[str, Any], twin: Filing) -> bool:
    """Whether another filing adds the same person: born on the same day, of the same name or the same reading."""
    queries.fill_contents(twin)
    names = ("given_name", "given_kana")

    def understood(name: str) -> Any:
        try:
            return form.fields[name].clean(twin.contents.get(name, ""))
        except ValidationError:
            return None

    born = understood("birth_date")
    return (
        born is not None
        and born == values.get("birth_date")
        and any(values.get(name) and understood(name) == values[name] for name in names)
    )


def _similar(values: dict[str, Any], kind: str, user_id: int, on: date, *, exclude: Reading) -> tuple[Known, ...]:
    """Registered people with the same birth date and reading."""
    if not values.get("birth_date") or not values.get("family_kana"):
        return ()
    known = {exclude.member.pk} if kind == FilingKind.DEPENDANT and exclude.member else set()
    return tuple(person for person in register.similar_to(values, user_id, on) if person.member_id not in known)


def _number_holder(values: dict[str, Any], employer: Any, on: date) -> Known | None:
    if not values.get("number") or employer is None:
        return None
    holder = register.member_of(CardNumber(employer.symbol, values["number"]))
    if holder is None or holder.pk == values.get("returning_id"):
        return None
    return register.known(holder, on, covered=True)


def _voluntary_decision(member: Any, values: dict[str, Any], lost: date, closed: Closed) -> Any:
    """The tests of 法3条4項 and 37条1項; None where the register knows no loss on that day."""
    applicant = voluntary.applicant(member)
    if applicant is None or applicant.lost_date != lost:
        return None
    return voluntary.decide(applicant, voluntary_facts(values), closed)


def typed_name(filing: Filing) -> str:
    """The name as the filing has it; a filing that has none, by a number only, gives none."""
    names = (filing.contents.get("family_name", ""), filing.contents.get("given_name", ""))
    return " ".join(name for name in names if name)


def typed_number(filing: Filing) -> str:
    """記号-番号(-枝番) as the filing has it, read where it can be."""
    typed = str(filing.contents.get("member_number") or filing.contents.get("returning_number") or "")
    number = parse_card_number(typed) if typed else None
    if number is None:
        return typed
    branch = str(filing.contents.get("branch") or number.branch or "")
    return "-".join(part for part in (number.symbol, number.number, branch) if part)


def read_stored(filing: Filing, *, user_id: int, today: date, employers: Mapping[str, Any]) -> Reading:
    """Understand a stored filing; its protected contents have been filled in."""
    return read(
        filing.contents,
        kind=filing.kind,
        role=filing.role,
        user_id=user_id,
        today=today,
        employers=employers,
        original=filing.corrects if filing.corrects_id else None,
        filing=filing,
    )
