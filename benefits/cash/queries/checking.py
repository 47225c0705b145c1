"""The checks of one case, with what the register, its documents and other cases of the person say."""

from __future__ import annotations

from datetime import date, timedelta

from benefits.cash import choices
from benefits.cash.models import Case
from benefits.cash.queries import assessing, days, inquiries
from benefits.cash.rules import checks, concurrency, duplicates
from benefits.cash.rules.findings import Finding
from benefits.cash.rules.kinds import Kind
from benefits.cash.rules.states import DECIDED
from members.enrollment.queries import members_by_id

DAY = timedelta(days=1)


def findings(case: Case) -> list[Finding]:
    """Everything that was found for a case as it stands now."""
    dossier = assessing.gather([case.pk])[case.pk]
    facts, kind = dossier.facts, case.benefit
    spans = tuple((m.start, m.lost_on - DAY if m.lost_on else date.max) for m in dossier.memberships if not m.voluntary)
    labour = dossier.labour.get(case.pk)
    opinion = None
    if kind is Kind.SICKNESS:
        opinion = ((facts.opinion_first, facts.opinion_last),) if facts.opinion_first else ()
    member = members_by_id([case.member_id])[case.member_id]
    after_loss = kind.daily and any(m.lost_on and m.lost_on <= case.last for m in dossier.memberships)
    covered = any(a <= case.last <= b for a, b in spans)
    asked = checks.Asked(
        kind=kind, first=case.first, last=case.last, received=case.received_date, insured=spans, opinion=opinion,
        certified=(labour.certified if labour else ()) if kind.daily else None, protected=member.protected,
        able_from=min((row.able_from for row in inquiries.answered_able(case.pk)), default=None)
        if kind is Kind.SICKNESS
        else None,
        doubted=tuple(inquiries.doubted(case.pk)) if kind is Kind.SICKNESS else (),
        worked=tuple(sorted(labour.at_work)) if labour and kind.daily else (),
        differing=tuple(days.contradictions(case.pk)) if kind.daily else (),
        third_party=bool(getattr(facts, "third_party", False)),
        pensions_known=not (kind is Kind.SICKNESS and after_loss and not covered and not dossier.pensions),
    )  # fmt: skip
    found = list(checks.check(asked, dossier.closed))
    others = [one for one in _others(case) if one.pk != case.pk]
    found += duplicates.duplicates(_entry(case), [_entry(one) for one in others])
    found += concurrency.check(_claim(case, facts), [_claim(one, dossier.chain_facts.get(one.pk)) for one in others])
    return found


def _others(case: Case) -> list[Case]:
    """Standing cases about the same people: those of the insured person, and those about who this one is about."""
    rows = Case.objects.exclude(state__in=assessing.GONE)
    return list(
        (rows.filter(member_id=case.member_id) | rows.filter(patient_id=case.patient_id)).order_by("pk").distinct()
    )


def _entry(case: Case) -> duplicates.Entry:
    illness = str(case.event) if case.benefit is Kind.SICKNESS else ""
    paid = case.status in DECIDED
    return duplicates.Entry(case.number, str(case.patient_id), case.benefit, case.first, case.last, illness, paid)


def _claim(case: Case, facts: object) -> concurrency.Claim:
    event = str(case.event)
    if case.benefit in choices.BIRTHS or case.benefit in choices.DEATHS:
        event = f"{case.patient_id}:{case.first.isoformat()}"
    return concurrency.Claim(
        case.number, case.benefit, case.first, case.last, event,
        industrial_accident=bool(getattr(facts, "industrial_accident", False)),
        seaman=bool(getattr(facts, "seaman", False)), after_loss=bool(getattr(facts, "seaman", False)),
    )  # fmt: skip
