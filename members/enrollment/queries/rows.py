"""The lines of a list of members, with as many statements for fifty people as for one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from members.enrollment.enums import Relation, Status
from members.enrollment.models import DependantPeriod, EligibilityPeriod, Member
from members.enrollment.queries.people import latest_of, status_of
from members.enrollment.queries.protection import hidden_from, named_members, whom_to_ask


@dataclass(frozen=True)
class MemberRow:
    """One line of the list. Of a protected member, for a clerk who is not named, only the number and whom to ask."""

    member_id: int
    number: str
    protected: bool
    whom: str = ""
    name: str = ""
    kana: str = ""
    birth_date: date | None = None
    sex: str = ""
    relation: str = ""
    employer: str = ""
    acquired_date: date | None = None
    status: Status = Status.NONE


def veiled_number(member: Member) -> str:
    """番号-枝番 of a protected member: the 記号 is the employer's own, and would tell where the person works."""
    return f"＊-{member.number}-{member.branch}"


def member_rows(members: list[Member], *, user_id: int, on: date) -> list[MemberRow]:
    """Lines for these members as they are on a day. Four statements.

    The employer of a dependant is the insured person's: where that person is protected and the clerk is not named for
    them, the employer is blank on every line of the family.
    """
    ids = [m.pk for m in members]
    heads = ids + [m.insured_id for m in members if m.insured_id]
    insured = EligibilityPeriod.objects.select_related("employer").filter(member_id__in=heads)
    periods = latest_of(insured.exclude(member_id__in=hidden_from(user_id).values("pk")), on)
    dependants = latest_of(DependantPeriod.objects.filter(member_id__in=ids), on)
    guarded = [m.pk for m in members if m.protected]
    named = named_members(user_id, guarded)
    whom = whom_to_ask(guarded, on)
    rows = []
    for member in members:
        if member.protected and member.pk not in named:
            rows.append(MemberRow(member.pk, veiled_number(member), True, whom=whom.get(member.pk, "")))
            continue
        own = dependants.get(member.pk) if member.is_dependant else periods.get(member.pk)
        head = periods.get(member.insured_id) if member.insured_id else own
        rows.append(
            MemberRow(
                member_id=member.pk,
                number=member.card_number,
                protected=member.protected,
                whom=whom.get(member.pk, ""),
                name=member.name,
                kana=member.kana,
                birth_date=member.birth_date,
                sex=member.get_sex_display(),
                relation=Relation(own.relation).label if isinstance(own, DependantPeriod) else "本人",
                employer=head.employer.name if isinstance(head, EligibilityPeriod) and head.employer else "",
                acquired_date=own.period.lower if own else None,
                status=Status.MERGED if member.merged_into_id else status_of(own, on),
            )
        )
    return rows
