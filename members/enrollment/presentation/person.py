"""One member as the screens show them. Of a protected person, to whom is not named, only the number and whom to ask."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kumiai.ui.status import StatusLabel
from members.enrollment.enums import Relation
from members.enrollment.presentation.status import PROTECTED, status_label
from members.enrollment.queries import Person, veiled_number

NAME_LABELS = {
    "family_name": "氏",
    "given_name": "名",
    "family_kana": "氏 フリガナ",
    "given_kana": "名 フリガナ",
}


@dataclass(frozen=True)
class Identity:
    """The identity bar. `hidden`: this clerk is not named, so nothing but number, flag and `whom` is filled."""

    member_id: int
    number: str
    status: StatusLabel
    hidden: bool
    on: date
    protected: bool = False
    whom: str = ""
    name: str = ""
    kana: str = ""
    birth_date: date | None = None
    sex: str = ""
    since_label: str = ""
    since_date: date | None = None
    family: str = ""
    merged_into: int | None = None


@dataclass(frozen=True)
class FamilyRow:
    """One line of the family table: a dependant of this person, or the insured person this one depends on."""

    member_id: int
    branch: str
    hidden: bool = False
    whom: str = ""
    name: str = ""
    relation: str = ""
    birth_date: date | None = None
    start: date | None = None
    end: date | None = None
    current: bool = False


@dataclass(frozen=True)
class PeriodRow:
    """One line of 資格の明細. `current`: it holds the day of the page; `planned`: its end is still to come."""

    kind: str
    start: date
    end: date | None
    reason: str
    employer: str
    received_date: date | None
    current: bool
    planned: bool


def identity(person: Person) -> Identity:
    """The bar of a person as their clerk may see them."""
    member = person.member
    if not person.visible:
        return Identity(
            member.pk, veiled_number(member), PROTECTED, hidden=True, on=person.on, protected=True, whom=person.whom
        )
    periods = person.own_dependant_periods or person.eligibility
    latest = next((row for row in periods if person.on in row.period), periods[0] if periods else None)
    return Identity(
        member_id=member.pk,
        number=member.card_number,
        status=status_label(person.status),
        hidden=False,
        on=person.on,
        protected=member.protected,
        whom=person.whom,
        name=member.name,
        kana=member.kana,
        birth_date=member.birth_date,
        sex=member.get_sex_display(),
        since_label="認定日" if member.is_dependant else "資格取得日",
        since_date=latest.period.lower if latest else None,
        family=_family_words(person),
        merged_into=member.merged_into_id,
    )


def _family_words(person: Person) -> str:
    if person.member.is_dependant:
        latest = person.own_dependant_periods[0] if person.own_dependant_periods else None
        return f"被扶養者（{latest.get_relation_display()}）" if latest else "被扶養者"
    now = len({row.member_id for row in person.family if person.on in row.period})
    return f"被扶養者 {now}名" if now else "被扶養者なし"


def guarded(person: Person) -> list[int]:
    """The protected people beside this one, whose names need a check of their own."""
    beside = [row.member for row in person.family] + ([person.insured] if person.insured else [])
    return sorted({member.pk for member in beside if member.protected})


def family_rows(
    person: Person, *, named: Collection[int] = (), whom: Mapping[int, str] | None = None
) -> list[FamilyRow]:
    """The family table: for an insured person the dependants, those of today first; for a dependant the insured person."""
    whom = whom or {}
    if person.insured is not None:
        head = person.insured
        if head.protected and head.pk not in named:
            return [FamilyRow(head.pk, head.branch, hidden=True, whom=whom.get(head.pk, ""))]
        return [FamilyRow(head.pk, head.branch, False, "", head.name, "被保険者", head.birth_date, current=True)]
    rows = []
    for row in person.family:
        member, current = row.member, person.on in row.period
        if member.protected and member.pk not in named:
            rows.append(FamilyRow(member.pk, member.branch, True, whom.get(member.pk, ""), current=current))
            continue
        rows.append(
            FamilyRow(
                member_id=member.pk,
                branch=member.branch,
                name=member.name,
                relation=str(Relation(row.relation).label),
                birth_date=member.birth_date,
                start=row.period.lower,
                end=row.period.upper,
                current=current,
            )
        )
    return sorted(rows, key=lambda row: not row.current)


def period_rows(person: Person) -> list[PeriodRow]:
    """資格の明細, newest first: qualification of one's own, or days as a dependant."""
    rows = [
        PeriodRow(
            kind=row.get_kind_display(),
            start=row.period.lower,
            end=row.period.upper,
            reason=_reasons(row.get_acquisition_reason_display(), row.get_loss_reason_display()),
            employer=row.employer.name if row.employer_id and row.employer else "",
            received_date=row.received_date,
            current=person.on in row.period,
            planned=row.period.upper is not None and row.period.upper > person.on,
        )
        for row in person.eligibility
    ]
    rows += [
        PeriodRow(
            kind=f"被扶養者（{row.get_relation_display()}）",
            start=row.period.lower,
            end=row.period.upper,
            reason=_reasons("認定", row.get_end_reason_display()),
            employer="",
            received_date=row.received_date,
            current=person.on in row.period,
            planned=row.period.upper is not None and row.period.upper > person.on,
        )
        for row in person.own_dependant_periods
    ]
    return sorted(rows, key=lambda row: row.start, reverse=True)


def _reasons(acquired: str, lost: str) -> str:
    return f"{acquired}／{lost}" if lost else acquired


def postal_code(digits: str | None) -> str:
    """105-0011, as people write it; "" for none."""
    return f"{digits[:3]}-{digits[3:]}" if digits else ""


def name_lines(member: Any) -> list[tuple[str, str]]:
    """The name as registered now, by field."""
    return [(label, getattr(member, name)) for name, label in NAME_LABELS.items()]


def address_lines(address: Any | None) -> list[tuple[str, str]]:
    """The address as registered now, by field."""
    if address is None:
        return [("住所", "")]
    lines = [
        ("郵便番号", postal_code(address.postal_code)),
        ("都道府県・市区町村・町域", address.town),
        ("番地・建物", address.street),
    ]
    return [*lines, ("国外", "はい")] if address.abroad else lines
