"""One application computed: what each kind needs comes in, amounts and the working come out.

The allowances by the day are assessed over every application of the same illness or birth, from its first day, whichever
arrived first; a case is paid the days it claims. Nothing here knows a database or a clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from benefits.cash.rules import (
    additions,
    childbirth,
    concurrency,
    continuation,
    funeral,
    maternity,
    sickness,
    transport,
)
from benefits.cash.rules import parameters as p
from benefits.cash.rules.additions import AdditionRule
from benefits.cash.rules.adjustment import Lump, Pension
from benefits.cash.rules.calendar import Day, merged
from benefits.cash.rules.continuation import Membership
from benefits.cash.rules.daily import Insured, Payable, Rate, Row, Status, group, step_for
from benefits.cash.rules.kinds import Kind
from benefits.cash.rules.limitation import limitation
from benefits.cash.rules.restrictions import Ground, restrict
from benefits.cash.rules.working import Step
from members.lifecycle.rules.terms import Closed
from members.remuneration.rules.average import (
    Average,
    InsurerAverage,
    NoInsurerAverage,
    NoRemuneration,
    average_of_twelve,
)
from members.remuneration.rules.grades import Grade, NoGrade
from members.remuneration.rules.periods import Period

DAY = timedelta(days=1)


class UnableToCalculate(Exception):
    """Something the computation needs is missing or contradicts itself; the text is a sentence for the clerk."""


@dataclass(frozen=True)
class Claimed:
    """The days one application claims, as it and the employer say; `case` tells applications apart."""

    case: int
    first: date
    last: date
    days: tuple[Day, ...]


@dataclass(frozen=True)
class Earnings:
    """What the daily amount is computed from: own periods, the grades, the association's averages."""

    periods: tuple[Period, ...]
    table: tuple[Grade, ...]
    averages: tuple[InsurerAverage, ...] = ()


@dataclass(frozen=True)
class Withheld:
    """給付制限: its ground and the share."""

    ground: Ground
    share: Fraction


@dataclass(frozen=True)
class Computed:
    """What is due for one case. Yen. rows: the days of this case by law; extra_rows: those of the additions.

    total: what the person gets by this computation; `refused`: the sentence why nothing is due.
    """

    amount: int = 0
    extra: int = 0
    to_institution: int = 0
    in_advance: int = 0
    withheld: int = 0
    refused: str = ""
    warning: str = ""
    paid_days: int | None = None
    remaining: int | None = None
    term: int | None = None
    daily: int | None = None
    steps: tuple[Step, ...] = ()
    rows: tuple[Row, ...] = ()
    extra_rows: tuple[Row, ...] = ()

    @property
    def total(self) -> int:
        return self.amount + self.extra - self.to_institution - self.in_advance - self.withheld


@dataclass(frozen=True)
class Spell:
    """The insured time that counts for an event: memberships, and the loss that ended them (None: insured)."""

    memberships: tuple[Membership, ...]
    since: date | None
    lost_on: date | None


def spell_for(memberships: Iterable[Membership], on: date) -> Spell:
    """The unbroken insured time in which a day lies, or the last one before it."""
    rows = tuple(memberships)
    counted = sorted((m for m in rows if not m.voluntary and not m.mutual and m.start <= on), key=lambda m: m.start)
    if not counted:
        return Spell(rows, None, None)
    since, end = counted[-1].start, counted[-1].lost_on
    for membership in reversed(counted[:-1]):
        if membership.lost_on is not None and membership.lost_on < since:
            break
        since = membership.start
    # A change of employer without a day between is no loss.
    later = sorted((m for m in rows if not m.voluntary and not m.mutual and m.start > on), key=lambda m: m.start)
    for membership in later:
        if end is None or membership.start > end:
            break
        end = membership.lost_on
    return Spell(rows, since, end)


def _average(earnings: Earnings, start: date, lost_on: date | None) -> Average:
    try:
        return average_of_twelve(
            earnings.periods, start, table=earnings.table, insurer_averages=earnings.averages, lost_on=lost_on
        )
    except (NoRemuneration, NoInsurerAverage, NoGrade) as missing:
        raise UnableToCalculate(str(missing)) from missing


def _days_of(claims: Iterable[Claimed]) -> tuple[Day, ...]:
    try:
        return merged(*(claim.days for claim in claims))
    except ValueError as differ:
        raise UnableToCalculate(str(differ)) from differ


def _within(rows: Iterable[Row], claim: Claimed) -> tuple[Row, ...]:
    return tuple(row for row in rows if claim.first <= row.on <= claim.last)


def _withheld(amount: int, restriction: Withheld | None, *, dependant: bool = False) -> tuple[int, tuple[Step, ...]]:
    if restriction is None or not amount:
        return 0, ()
    try:
        found = restrict(amount, restriction.ground, restriction.share, dependant=dependant)
    except ValueError as wrong:
        raise UnableToCalculate(str(wrong)) from wrong
    return found.withheld, found.steps


def _additions(
    rules: Iterable[AdditionRule],
    kinds: tuple[Kind, ...],
    rows: Iterable[Row],
    base: int,
    insured: Insured,
    claim: Claimed,
) -> tuple[tuple[Row, ...], tuple[Step, ...]]:
    """The additions of the by-laws on the days of this case; days already used count from the first day."""
    assessed = tuple(rows)
    found: list[Row] = []
    steps: list[Step] = []
    for rule in rules:
        if rule.kind not in kinds:
            continue
        own = _within(additions.add(assessed, base, rule, insured=insured).rows, claim)
        if not own:
            continue
        found += own
        total = sum(row.amount for row in own)
        steps.append(
            Step(f"{rule.kind.label}（基礎の{float(rule.share * 100):g}％まで、{len(own)}日）", total, rule.basis)
        )
    return tuple(found), tuple(steps)


def sickness_allowance(
    claim: Claimed,
    claims: Iterable[Claimed],
    earnings: Earnings,
    memberships: Iterable[Membership],
    *,
    pensions: Iterable[Pension] = (),
    lump: Lump | None = None,
    seaman: bool = False,
    rules: Iterable[AdditionRule] = (),
    restriction: Withheld | None = None,
    closed: Closed | None = None,
) -> Computed:
    """傷病手当金 of one application beside all those of the same illness (法99条, 103条, 104条, 108条). UnableToCalculate."""
    days, known = _days_of(claims), tuple(pensions)
    spell = spell_for(memberships, min(claim.first, days[0].on))
    rate = _rate(earnings, spell.lost_on)
    insured = Insured(spell.since, spell.lost_on)
    steps: tuple[Step, ...] = ()
    if spell.lost_on is not None and any(day.on >= spell.lost_on for day in days):
        before = sickness.assess(
            [day for day in days if day.on < spell.lost_on],
            rate,
            insured=insured,
            pensions=known,
            lump=lump,
            closed=closed,
        )
        edge = before.rows[-1] if before.rows else None
        adjoins = edge is not None and edge.on == spell.lost_on - DAY
        receiving = bool(adjoins and edge is not None and sickness.could_receive(edge))
        # Who completed the waiting on the very day before the loss could have received from the next day on.
        receiving = receiving or bool(adjoins and before.carried.waited and before.rows[-1].status is Status.WAITING)
        kept = continuation.continuation(spell.memberships, spell.lost_on, receiving=receiving, seaman=seaman)
        insured, steps = replace(insured, continues=kept.allowed), kept.steps
    result = sickness.assess(days, rate, insured=insured, pensions=known, lump=lump, closed=closed)
    own = Payable(_within(result.rows, claim))
    base = daily = None
    average_steps: tuple[Step, ...] = ()
    if result.start is not None:
        average = _average(earnings, result.start, spell.lost_on)
        base, daily, average_steps = average.base, result.carried.rate, average.steps
    extra_rows: tuple[Row, ...] = ()
    extra_steps: tuple[Step, ...] = ()
    if base is not None:
        kinds = (Kind.SICKNESS_ADDITION, Kind.SICKNESS_EXTENSION)
        extra_rows, extra_steps = _additions(rules, kinds, result.rows, base, insured, claim)
    amount, extra = own.total, sum(row.amount for row in extra_rows)
    withheld, withheld_steps = _withheld(amount, restriction)
    refused = "" if amount or extra else _why_nothing(own.rows)
    working = (
        *average_steps, *steps, *_run_steps(own.rows),
        Step("支給する日数", own.paid_days, "法99条1項"), Step("支給額", amount, "法99条2項"),
        *extra_steps, *withheld_steps, *_terms(result),
    )  # fmt: skip
    return Computed(
        amount=amount, extra=extra, withheld=withheld, refused=refused, paid_days=own.paid_days,
        remaining=result.remaining, term=result.term, daily=daily, steps=working, rows=own.rows, extra_rows=extra_rows,
    )  # fmt: skip


def _rate(earnings: Earnings, lost_on: date | None) -> Rate:
    def rate(start: date) -> int:
        return _average(earnings, start, lost_on).daily

    return rate


def _run_steps(rows: tuple[Row, ...], articles: Mapping[Status, str] | None = None) -> tuple[Step, ...]:
    known = articles or {}
    return tuple(step_for(run, known.get(run.status, "")) for run in group(rows))


def _terms(result: sickness.Sickness) -> tuple[Step, ...]:
    if result.start is None or result.term is None or result.remaining is None:
        return ()
    return (
        Step("支給を始めた日", result.start, "法99条4項"),
        Step("支給期間（通算1年6か月の日数）", result.term, "法99条4項・則84条の3"),
        Step("残りの日数", result.remaining, "則84条の3"),
    )


def _why_nothing(rows: Iterable[Row]) -> str:
    """The reasons of the days, each once, in their order."""
    reasons = dict.fromkeys(row.status.reason for row in rows if row.status.reason)
    return "　".join(reasons)[:300] or "支給する日がありません。"


def maternity_result(
    claims: Iterable[Claimed],
    earnings: Earnings,
    memberships: Iterable[Membership],
    *,
    expected: date,
    born: date | None,
    multiple: bool,
    closed: Closed | None = None,
) -> tuple[maternity.Maternity, Insured, Spell]:
    """All days of a birth assessed; 傷病手当金 of the same days reads it too."""
    days = _days_of(claims)
    period = maternity.window(expected, born, multiple=multiple)
    spell = spell_for(memberships, min(period.first, days[0].on) if days else period.first)
    insured = Insured(spell.since, spell.lost_on)
    if spell.lost_on is not None and any(day.on >= spell.lost_on for day in days):
        # Within the days of the birth and not at work on the day before the loss.
        edge = spell.lost_on - DAY
        receiving = period.holds(edge) and any(day.on == edge and day.away for day in days)
        kept = continuation.continuation(spell.memberships, spell.lost_on, receiving=receiving)
        insured = replace(insured, continues=kept.allowed)
    rate = _rate(earnings, spell.lost_on)
    return maternity.assess(days, rate, period, insured=insured, closed=closed), insured, spell


def maternity_allowance(
    claim: Claimed,
    claims: Iterable[Claimed],
    earnings: Earnings,
    memberships: Iterable[Membership],
    *,
    expected: date,
    born: date | None,
    multiple: bool,
    paid_sickness: Mapping[date, tuple[int, int]] | None = None,
    rules: Iterable[AdditionRule] = (),
    restriction: Withheld | None = None,
    closed: Closed | None = None,
) -> Computed:
    """出産手当金 of one application (法102条); paid_sickness: yen paid as 傷病手当金 by day, and the daily amount it had."""
    result, insured, spell = maternity_result(
        claims, earnings, memberships, expected=expected, born=born, multiple=multiple, closed=closed
    )
    own = Payable(_within(result.rows, claim))
    average_steps: tuple[Step, ...] = ()
    extra_rows: tuple[Row, ...] = ()
    extra_steps: tuple[Step, ...] = ()
    if result.start is not None:
        average = _average(earnings, result.start, spell.lost_on)
        average_steps = average.steps
        extra_rows, extra_steps = _additions(
            rules, (Kind.MATERNITY_ADDITION,), result.rows, average.base, insured, claim
        )
    amount, extra = own.total, sum(row.amount for row in extra_rows)
    settled = concurrency.settle_in_advance(own.rows, _beside(own.rows, paid_sickness or {}))
    advance_steps = settled.steps if settled.in_advance or settled.over else ()
    withheld, withheld_steps = _withheld(amount - settled.in_advance, restriction)
    warning = ""
    if settled.over:
        warning = (
            f"先に支払った傷病手当金のうち{settled.over:,}円は、出産手当金を超えるため返納の対象です（法103条2項）。"
        )
    steps = (
        *maternity.window(expected, born, multiple=multiple).steps, *average_steps, *_run_steps(own.rows, maternity.ARTICLES),
        Step("支給する日数", own.paid_days, "法102条1項"), Step("支給額", amount, "法102条2項"),
        *extra_steps, *advance_steps, *withheld_steps,
    )  # fmt: skip
    return Computed(
        amount=amount, extra=extra, in_advance=settled.in_advance, withheld=withheld, warning=warning,
        refused="" if amount or extra else _why_nothing(own.rows), paid_days=own.paid_days, daily=result.rate,
        steps=steps, rows=own.rows, extra_rows=extra_rows,
    )  # fmt: skip


def _beside(rows: Iterable[Row], paid: Mapping[date, tuple[int, int]]) -> dict[date, tuple[int, int]]:
    """Of 傷病手当金 paid on a day (yen, its daily amount): what is its own beside the maternity allowance of the day."""
    found = {}
    for row in rows:
        if row.on in paid:
            yen, daily = paid[row.on]
            found[row.on] = (yen, min(yen, max(daily - row.rate, 0)))
    return found


def lump_for_birth(
    birth: childbirth.Birth,
    *,
    received: date,
    family: bool,
    way: childbirth.Way,
    fee: int,
    extra_each: int,
    memberships: Iterable[Membership] = (),
    dependant_on_the_day: bool = True,
    restriction: Withheld | None = None,
    rows: Iterable[p.Parameter] = p.DEFAULTS,
    closed: Closed | None = None,
) -> Computed:
    """出産育児一時金 and 家族出産育児一時金 (法101条, 106条, 114条)."""
    kind = Kind.FAMILY_CHILDBIRTH if family else Kind.CHILDBIRTH
    spell = spell_for(memberships, birth.on)
    lost_on = spell.lost_on if spell.lost_on is not None and spell.lost_on <= birth.on else None
    one_year = lost_on is not None and continuation.one_year_insured(spell.memberships, lost_on)
    try:
        found = childbirth.lump_sum(
            birth, family=family, way=way, fee=fee, extra_each=extra_each, lost_on=lost_on, one_year=one_year, rows=rows
        )
    except ValueError as wrong:
        raise UnableToCalculate(str(wrong)) from wrong
    refused = found.refused
    if family and not dependant_on_the_day:
        refused = "出産の日に被扶養者でないため、支給の対象になりません（法114条）。"
    if not family and spell.since is None:
        refused = "出産の日まで被保険者であった記録がないため、支給の対象になりません（法101条）。"
    late = limitation(kind, birth.on, closed)
    if late.barred(received):
        refused = f"請求できる期間（{late.last.isoformat()}まで）を過ぎたため、支給しません（法193条1項）。"
    if refused:
        return Computed(refused=refused, warning=found.warning, steps=(*found.steps, *late.steps))
    withheld, withheld_steps = _withheld(found.amount, restriction, dependant=family)
    return Computed(
        amount=found.amount, extra=found.extra, to_institution=found.to_institution, withheld=withheld,
        warning=found.warning, steps=(*found.steps, *withheld_steps, *late.steps),
    )  # fmt: skip


def lump_for_death(
    kind: Kind,
    died_on: date,
    *,
    received: date,
    buried_on: date | None,
    claimants: Iterable[funeral.Claimant] = (),
    costs: Iterable[funeral.Cost] = (),
    insured_name: str = "",
    dependant_on_the_day: bool = True,
    stillborn: bool = False,
    accident: bool = False,
    extra: int = 0,
    memberships: Iterable[Membership] = (),
    receiving: bool = False,
    received_until: date | None = None,
    restriction: Withheld | None = None,
    rows: Iterable[p.Parameter] = p.DEFAULTS,
    closed: Closed | None = None,
) -> Computed:
    """埋葬料, 埋葬費 and 家族埋葬料 (法100条, 105条, 113条)."""
    family = kind is Kind.FAMILY_FUNERAL
    try:
        if family:
            found = funeral.family_funeral(
                died_on,
                insured_name,
                dependant_on_the_day=dependant_on_the_day,
                stillborn=stillborn,
                extra=extra,
                rows=rows,
            )
        else:
            spell = spell_for(memberships, died_on)
            counts = spell.since is not None and funeral.after_loss_allowed(
                died_on, spell.lost_on, receiving=receiving, received_until=received_until
            )
            found = funeral.funeral(died_on, claimants, costs, counts=counts, extra=extra, rows=rows)
    except ValueError as wrong:
        raise UnableToCalculate(str(wrong)) from wrong
    refused, warning = found.refused, ""
    if accident:
        refused = "業務上または通勤による死亡として給付を受けられるため、支給しません（法55条1項）。"
    event = buried_on if kind is Kind.FUNERAL_COST and buried_on else died_on
    late = limitation(kind, event, closed)
    if late.barred(received):
        refused = f"請求できる期間（{late.last.isoformat()}まで）を過ぎたため、支給しません（法193条1項）。"
    if refused:
        return Computed(refused=refused, steps=(*found.steps, *late.steps))
    if found.kind is not kind:
        warning = f"申請は{kind.label}ですが、内容は{found.kind.label}に当たります（{found.kind.article}）。"
    withheld, withheld_steps = _withheld(found.amount, restriction, dependant=family)
    return Computed(
        amount=found.amount, extra=found.extra, withheld=withheld, warning=warning,
        steps=(*found.steps, Step("支給額", found.amount, found.kind.article), *withheld_steps, *late.steps),
    )  # fmt: skip


def lump_for_transport(
    asked: transport.Transport,
    *,
    received: date,
    paid_on: date,
    accident: bool = False,
    restriction: Withheld | None = None,
    closed: Closed | None = None,
) -> Computed:
    """移送費 and 家族移送費 (法97条, 112条)."""
    found = transport.transport(asked)
    refused = "　".join(found.refused)
    if accident:
        refused = "業務上または通勤による傷病として給付を受けられるため、支給しません（法55条1項）。"
    late = limitation(found.kind, paid_on, closed)
    if late.barred(received):
        refused = f"請求できる期間（{late.last.isoformat()}まで）を過ぎたため、支給しません（法193条1項）。"
    if refused or not found.amount:
        refused = refused or "移送の費用が0円のため、支給する額がありません。"
        return Computed(refused=refused[:300], steps=(*found.steps, *late.steps))
    withheld, withheld_steps = _withheld(found.amount, restriction, dependant=asked.family)
    return Computed(amount=found.amount, withheld=withheld, steps=(*found.steps, *withheld_steps, *late.steps))


def parameters_used(
    steps: Iterable[Step], on: date, rows: Iterable[p.Parameter] = p.DEFAULTS
) -> list[dict[str, object]]:
    """The dated figures that the working names, as they stood on a day: kept with the calculation."""
    found, known = [], tuple(rows)
    for code in dict.fromkeys(step.parameter for step in steps if step.parameter):
        try:
            row = p.parameter_on(code, on, known)
        except p.NoParameter:
            continue
        found.append(
            {
                "code": row.code,
                "value": row.value,
                "unit": row.unit,
                "from": row.effective_from.isoformat(),
                "until": row.effective_until.isoformat() if row.effective_until else "",
                "basis": row.basis,
                "confirmed": row.confirmed,
                "note": row.note,
            }
        )
    return found
