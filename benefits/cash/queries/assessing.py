"""What the rules need to compute cases, gathered in as many statements for a thousand cases as for one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from benefits.cash.models import (
    Birth,
    Calculation,
    Case,
    DailyAddition,
    Death,
    FuneralItem,
    LumpAddition,
    Pension,
    Restriction,
    Sickness,
    Trip,
)
from benefits.cash.queries import days
from benefits.cash.rules import adjustment, assessment, childbirth, funeral, maternity, transport
from benefits.cash.rules.additions import AdditionRule
from benefits.cash.rules.assessment import Claimed, Computed, Earnings, UnableToCalculate
from benefits.cash.rules.calendar import Day
from benefits.cash.rules.continuation import Membership
from benefits.cash.rules.daily import PAID
from benefits.cash.rules.kinds import Kind
from benefits.cash.rules.restrictions import Ground
from benefits.cash.rules.states import DECIDED, State
from kumiai.reference.queries import holidays_between
from members.enrollment.queries import coverage, members_by_id
from members.lifecycle.rules.terms import Closed, closed_on
from members.remuneration import queries as remuneration

DAY = timedelta(days=1)
YEARS = timedelta(days=3 * 366)
GONE = (State.WITHDRAWN, State.REFUSED)
"""Cases whose days are claimed by nobody."""


@dataclass
class Dossier:
    """One case with everything the computation reads."""

    case: Case
    facts: Any = None
    chain: list[Case] = field(default_factory=list)
    chain_facts: dict[int, Any] = field(default_factory=dict)
    labour: dict[int, days.Labour] = field(default_factory=dict)
    pensions: tuple[adjustment.Pension, ...] = ()
    restriction: assessment.Withheld | None = None
    costs: tuple[funeral.Cost, ...] = ()
    memberships: tuple[Membership, ...] = ()
    earnings: Earnings = field(default_factory=lambda: Earnings((), ()))
    dependant_on_the_day: bool = True
    births: list[tuple[Birth, list[Case]]] = field(default_factory=list)
    paid_sickness: dict[date, tuple[int, int]] = field(default_factory=dict)
    insured_name: str = ""
    daily_additions: tuple[AdditionRule, ...] = ()
    lump_additions: tuple[LumpAddition, ...] = ()
    closed: Closed | None = None


def gather(case_ids: Sequence[int]) -> dict[int, Dossier]:
    """Dossiers of these cases by id; a case that does not exist is not in it."""
    found = {case.pk: Dossier(case) for case in Case.objects.filter(pk__in=list(case_ids))}
    if not found:
        return {}
    cases = [dossier.case for dossier in found.values()]
    people = sorted({case.member_id for case in cases})
    beside = list(Case.objects.filter(member_id__in=people).exclude(state__in=GONE).order_by("first", "pk"))
    known = {case.pk: case for case in (*beside, *cases)}
    facts = _facts(list(known))
    # Only the work of an allowance reads 労務状況; that of the lump sums has nothing to do with it.
    allowance = any(case.benefit.daily for case in cases)
    labour = days.labour_of([case.pk for case in known.values() if case.benefit.daily] if allowance else [])
    pensions, costs = _by_case(Pension, list(known)), _by_case(FuneralItem, list(found))
    restrictions = {row.case_id: row for row in Restriction.objects.filter(case_id__in=list(found), cancelled=False)}
    insured = coverage.insured_times(people)
    periods = remuneration.periods_of(people)
    table, averages = remuneration.grade_table(), remuneration.insurer_averages()
    dependants = coverage.depended_on(
        {(case.patient_id, case.member_id): case.first for case in cases if case.patient_id != case.member_id}
    )
    names = {pk: member.name for pk, member in members_by_id(people).items()}
    rules, lumps = daily_rules(), tuple(LumpAddition.objects.order_by("pk"))
    paid = _paid_by_day([case for case in beside if case.benefit is Kind.SICKNESS])
    closed = _closed(cases)
    for dossier in found.values():
        case = dossier.case
        dossier.facts = facts.get(case.pk)
        mine = [one for one in known.values() if one.member_id == case.member_id]
        dossier.chain = [one for one in mine if one.kind == case.kind and one.event == case.event]
        dossier.chain_facts = {one.pk: facts.get(one.pk) for one in mine}
        dossier.labour = {one.pk: labour[one.pk] for one in mine if one.pk in labour}
        dossier.pensions = tuple(
            adjustment.Pension(row.annual, row.first, row.last, row.old_age)
            for row in _unique(row for one in dossier.chain for row in pensions.get(one.pk, ()))
        )
        limit = restrictions.get(case.pk)
        if limit is not None:
            dossier.restriction = assessment.Withheld(Ground(limit.ground), Fraction(limit.percent, 100))
        dossier.costs = tuple(funeral.Cost(row.label, row.amount, row.counted) for row in costs.get(case.pk, ()))
        dossier.memberships = tuple(
            Membership(time.start, time.end, time.voluntary) for time in insured[case.member_id]
        )
        dossier.earnings = Earnings(periods[case.member_id], table, averages)
        dossier.dependant_on_the_day = (
            case.patient_id == case.member_id or (case.patient_id, case.member_id) in dependants
        )
        dossier.births = _births(mine, facts)
        dossier.paid_sickness = paid.get(case.member_id, {})
        dossier.insured_name = names.get(case.member_id, "")
        dossier.daily_additions, dossier.lump_additions, dossier.closed = rules, lumps, closed
    return found


def _closed(cases: Iterable[Case]) -> Closed:
    ends = [day for case in cases for day in (case.first, case.last, case.received_date)]
    return closed_on(holidays_between(min(ends), max(ends) + YEARS))


def _facts(case_ids: list[int]) -> dict[int, Any]:
    found: dict[int, Any] = {}
    for model in (Sickness, Birth, Death, Trip):
        found |= {row.case_id: row for row in model.objects.filter(case_id__in=case_ids)}
    return found


def _by_case(model: Any, case_ids: list[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in model.objects.filter(case_id__in=case_ids, cancelled=False).order_by("pk"):
        found[row.case_id].append(row)
    return found


def _unique(rows: Iterable[Pension]) -> list[Pension]:
    """A pension typed again with a further application is the same pension."""
    return list({(row.annual, row.first, row.last, row.old_age): row for row in rows}.values())


def _births(cases: Iterable[Case], facts: dict[int, Any]) -> list[tuple[Birth, list[Case]]]:
    chains: dict[int, list[Case]] = defaultdict(list)
    for case in cases:
        if case.benefit is Kind.MATERNITY and facts.get(case.pk) is not None:
            chains[case.event].append(case)
    return [(facts[chain[-1].pk], chain) for chain in chains.values()]


def daily_rules() -> tuple[AdditionRule, ...]:
    """The by-laws' additions by the day, as the rules take them."""
    return tuple(
        AdditionRule(
            Kind(row.kind), Fraction(row.percent) / 100, row.effective.lower or date.min, row.effective.upper, row.basis,
            unit=row.unit, max_days=row.max_days, covered=row.covered, after_loss=row.after_loss,
        )
        for row in DailyAddition.objects.order_by("kind", "effective")
    )  # fmt: skip


def _paid_by_day(cases: Iterable[Case]) -> dict[int, dict[date, tuple[int, int]]]:
    """Of each person the yen decided as 傷病手当金 by day, with the daily amount: from the calculation last decided."""
    decided = [case.pk for case in cases if case.status in DECIDED]
    rows = Calculation.objects.filter(case_id__in=decided, decisions__outcome="grant").order_by("case_id", "serial")
    latest = {row.case_id: row for row in rows}
    found: dict[int, dict[date, tuple[int, int]]] = defaultdict(dict)
    for row in latest.values():
        for run in row.runs:
            if run["kind"] != Kind.SICKNESS or run["status"] not in PAID:
                continue
            day, last = date.fromisoformat(run["first"]), date.fromisoformat(run["last"])
            while day <= last:
                found[row.member_id][day] = (run["each"], run["rate"])
                day += DAY
    return found


# --- Computing ---------------------------------------------------------------------------------------------------


def compute(dossier: Dossier) -> Computed:
    """What is due for a case as everything stands. Raises UnableToCalculate with a sentence for the clerk."""
    if dossier.facts is None:
        raise UnableToCalculate("申請の内容がありません。申請の内容を入力してください。")
    kind = dossier.case.benefit
    if kind is Kind.SICKNESS:
        return _sickness(dossier)
    if kind is Kind.MATERNITY:
        return _maternity(dossier)
    if kind in (Kind.CHILDBIRTH, Kind.FAMILY_CHILDBIRTH):
        return _childbirth(dossier)
    if kind in (Kind.FUNERAL, Kind.FUNERAL_COST, Kind.FAMILY_FUNERAL):
        return _death(dossier)
    return _trip(dossier)


def _claimed(dossier: Dossier, case: Case, *, accident: bool = False, due: dict[date, int] | None = None) -> Claimed:
    labour = dossier.labour.get(case.pk, days.NOTHING)
    rows = []
    day = case.first
    while day <= case.last:
        rows.append(
            Day(
                on=day, away=day not in labour.at_work, pay=labour.pay.get(day, 0), holiday=day in labour.holidays,
                received=case.received_date, accident=accident, maternity=(due or {}).get(day),
            )
        )  # fmt: skip
        day += DAY
    return Claimed(case.pk, case.first, case.last, tuple(rows))


def _sickness(dossier: Dossier) -> Computed:
    due = _maternity_due(dossier)
    claims = []
    for case in dossier.chain:
        facts = dossier.chain_facts.get(case.pk)
        claims.append(_claimed(dossier, case, accident=bool(facts and facts.industrial_accident), due=due))
    own = next(claim for claim in claims if claim.case == dossier.case.pk)
    lumps = [f for f in (dossier.chain_facts.get(case.pk) for case in dossier.chain) if f and f.lump_on]
    lump = adjustment.Lump(lumps[-1].lump_on, lumps[-1].lump_amount) if lumps else None
    return assessment.sickness_allowance(
        own, claims, dossier.earnings, dossier.memberships, pensions=dossier.pensions, lump=lump,
        seaman=dossier.facts.seaman, rules=dossier.daily_additions, restriction=dossier.restriction, closed=dossier.closed,
    )  # fmt: skip


def _maternity_due(dossier: Dossier) -> dict[date, int]:
    """出産手当金 of the same person by day, before its own adjustment: what 傷病手当金 gives way to (法103条)."""
    due: dict[date, int] = {}
    for birth, chain in dossier.births:
        anchor = birth.expected_date or birth.born_date
        if anchor is None:
            continue
        claims = [_claimed(dossier, case) for case in chain]
        result, _insured, _spell = assessment.maternity_result(
            claims, dossier.earnings, dossier.memberships, expected=anchor,
            born=birth.born_date, multiple=birth.multiple, closed=dossier.closed,
        )  # fmt: skip
        due |= maternity.due_by_day(result)
    return due


def _maternity(dossier: Dossier) -> Computed:
    facts = dossier.facts
    claims = [_claimed(dossier, case) for case in dossier.chain]
    own = next(claim for claim in claims if claim.case == dossier.case.pk)
    return assessment.maternity_allowance(
        own, claims, dossier.earnings, dossier.memberships, expected=facts.expected_date or facts.born_date,
        born=facts.born_date, multiple=facts.multiple, paid_sickness=dossier.paid_sickness, rules=dossier.daily_additions,
        restriction=dossier.restriction, closed=dossier.closed,
    )  # fmt: skip


def _lump_extra(dossier: Dossier, kind: Kind, *, family: bool) -> int:
    on = dossier.case.first
    for row in dossier.lump_additions:
        span = row.effective
        if row.kind == kind and row.family == family and (span.lower or date.min) <= on < (span.upper or date.max):
            return row.amount
    return 0


def _childbirth(dossier: Dossier) -> Computed:
    facts, family = dossier.facts, dossier.case.benefit is Kind.FAMILY_CHILDBIRTH
    if facts.born_date is None or facts.weeks is None:
        raise UnableToCalculate("出産の日と妊娠週数を入れてください。")
    return assessment.lump_for_birth(
        childbirth.Birth(facts.born_date, childbirth.weeks(facts.weeks, facts.days), facts.children, facts.covered),
        received=dossier.case.received_date, family=family, way=childbirth.Way(facts.way), fee=facts.fee,
        extra_each=_lump_extra(dossier, Kind.CHILDBIRTH_ADDITION, family=family), memberships=dossier.memberships,
        dependant_on_the_day=dossier.dependant_on_the_day, restriction=dossier.restriction, closed=dossier.closed,
    )  # fmt: skip


def _death(dossier: Dossier) -> Computed:
    facts, kind = dossier.facts, dossier.case.benefit
    family = kind is Kind.FAMILY_FUNERAL
    paid = sorted(dossier.paid_sickness)
    return assessment.lump_for_death(
        kind, facts.died_date, received=dossier.case.received_date, buried_on=facts.buried_date,
        claimants=[funeral.Claimant(facts.claimant, facts.maintained, facts.buries)], costs=dossier.costs,
        insured_name=dossier.insured_name, dependant_on_the_day=dossier.dependant_on_the_day, stillborn=facts.stillborn,
        accident=facts.industrial_accident, extra=_lump_extra(dossier, Kind.FUNERAL_ADDITION, family=family),
        memberships=dossier.memberships, receiving=bool(paid) and paid[-1] >= facts.died_date - DAY,
        received_until=paid[-1] if paid else None, restriction=dossier.restriction, closed=dossier.closed,
    )  # fmt: skip


def _trip(dossier: Dossier) -> Computed:
    facts = dossier.facts
    asked = transport.Transport(
        facts.proper_treatment, facts.could_not_move, facts.unavoidable, facts.ordinary, facts.actual, facts.attended,
        facts.attendant_ordinary, facts.attendant_actual, dossier.case.benefit is Kind.FAMILY_TRANSPORT,
    )  # fmt: skip
    return assessment.lump_for_transport(
        asked, received=dossier.case.received_date, paid_on=facts.paid_date, accident=facts.industrial_accident,
        restriction=dossier.restriction, closed=dossier.closed,
    )  # fmt: skip
