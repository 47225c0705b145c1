"""受付 and the content of an application: who, what, which days; its documents and what the checks found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from benefits.cash import choices, enums, policies
from benefits.cash.actions.common import EDITED, RECEIVED, locked, step, touched
from benefits.cash.models import (
    Birth,
    Case,
    CaseCounter,
    CaseDocument,
    CaseFinding,
    Death,
    FuneralItem,
    Pension,
    Restriction,
    Sickness,
    Trip,
)
from benefits.cash.policies import UnableToProcess
from benefits.cash.queries import checking
from benefits.cash.rules.documents import PAPERS
from benefits.cash.rules.kinds import Kind
from benefits.cash.rules.limitation import last_claim_day
from members.enrollment.queries import members_by_id
from privacy.seen import shown

PROCESS_DAYS = timedelta(days=14)
LONGEST = 400
"""Days one application of an allowance may claim: more is an error of typing."""

FACTS: dict[Kind, Any] = {
    Kind.SICKNESS: Sickness,
    Kind.MATERNITY: Birth,
    Kind.CHILDBIRTH: Birth,
    Kind.FAMILY_CHILDBIRTH: Birth,
    Kind.FUNERAL: Death,
    Kind.FUNERAL_COST: Death,
    Kind.FAMILY_FUNERAL: Death,
    Kind.TRANSPORT: Trip,
    Kind.FAMILY_TRANSPORT: Trip,
}
"""Which table holds what an application of a kind says."""


@dataclass(frozen=True)
class Applied:
    """What the clerk typed of an application. first, last: of an allowance its days, else empty: the event gives them.

    facts: fields of the kind's own table. pensions: (yen a year, first, last, old age, basis); costs: (label, yen, counted).
    """

    kind: Kind
    member_id: int
    patient_id: int
    received: date
    first: date | None
    last: date | None
    root_id: int | None
    facts: Mapping[str, Any]
    pensions: Sequence[tuple[int, date, date | None, bool, str]] = ()
    costs: Sequence[tuple[str, int, bool]] = field(default=())


def event_of(kind: Kind, facts: Mapping[str, Any]) -> date | None:
    """The day of what is applied for, where it is not a stretch of days."""
    if kind in choices.DEATHS:
        buried = facts.get("buried_date")
        return buried if kind is Kind.FUNERAL_COST and buried else facts.get("died_date")
    if kind in choices.TRANSPORTS:
        return facts.get("moved_date")
    return facts.get("born_date")


def _limit_day(kind: Kind, facts: Mapping[str, Any], first: date) -> date:
    """The event from whose next day the two years run (rules.limitation.EVENTS)."""
    if kind in choices.TRANSPORTS and facts.get("paid_date"):
        return facts["paid_date"]
    return first


def _checked(applied: Applied, today: date) -> tuple[date, date]:
    """The days of the case. Raises UnableToProcess for what cannot be, with what to do."""
    kind = applied.kind
    if applied.received > today:
        raise UnableToProcess("受付日が今日より後です。書類が届いた日を入れてください。")
    first, last = applied.first, applied.last
    if not kind.daily:
        first = last = event_of(kind, applied.facts)
        if first is None:
            raise UnableToProcess("出産・死亡・埋葬・移送の日を入れてください。")
    if first is None or last is None:
        raise UnableToProcess("請求期間の初日と末日を入れてください。")
    if last < first:
        raise UnableToProcess("請求期間の末日が初日より前です。")
    if (last - first).days >= LONGEST:
        raise UnableToProcess(f"請求期間が{(last - first).days + 1}日あります。年を確かめてください。")
    if last > applied.received:
        raise UnableToProcess(
            "受付日より後の日は請求できません。その日が過ぎてから受け付けた申請として入れてください。"
        )
    insured, patient = (
        members_by_id([applied.member_id, applied.patient_id]).get(pk) for pk in (applied.member_id, applied.patient_id)
    )
    if insured is None or patient is None:
        raise UnableToProcess("この番号の加入者はいません。")
    if insured.insured_id is not None:
        raise UnableToProcess("請求する人は被保険者です。被扶養者の番号（枝番）が入っています。")
    family = kind in choices.FAMILY
    if family and applied.patient_id == applied.member_id:
        raise UnableToProcess(f"{kind.label}は被扶養者についての給付です。対象の人の枝番を入れてください。")
    if not family and applied.patient_id != applied.member_id:
        raise UnableToProcess(f"{kind.label}は被保険者本人についての給付です。")
    if patient.birth_date > first:
        raise UnableToProcess("対象の人の生年月日より前の日です。日付を確かめてください。")
    return first, last


def _root(applied: Applied) -> Case | None:
    if applied.root_id is None:
        return None
    root = Case.objects.filter(pk=applied.root_id, member_id=applied.member_id, kind=applied.kind).first()
    if root is None:
        raise UnableToProcess("初回の申請が、この人の同じ種類の申請ではありません。")
    return root if root.root_id is None else Case.objects.get(pk=root.root_id)


def _number(received: date) -> str:
    """受付番号: the fiscal year in the Japanese calendar and a number that counts on, as on the paper (R8-000123)."""
    year = received.year if received.month >= 4 else received.year - 1
    CaseCounter.objects.get_or_create(fiscal_year=year)
    counter = CaseCounter.objects.select_for_update().get(fiscal_year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"R{year - 2018}-{counter.last:06d}"


def _write_facts(case: Case, applied: Applied) -> None:
    model = FACTS[applied.kind]
    row = model.objects.filter(case=case).first() or model(case=case, member_id=case.member_id)
    for name, value in applied.facts.items():
        setattr(row, name, value)
    try:
        row.validate_constraints()
    except ValidationError as wrong:
        raise UnableToProcess("　".join(wrong.messages)) from None
    row.save()
    for _annual, first, last, _old_age, _basis in applied.pensions:
        if last is not None and last < first:
            raise UnableToProcess("年金の期間の終わりが始まりより前です。")
    names = ("annual", "first", "last", "old_age", "basis")
    _replace(Pension, case, [dict(zip(names, row, strict=True)) for row in applied.pensions])
    _replace(FuneralItem, case, [dict(zip(("label", "amount", "counted"), row, strict=True)) for row in applied.costs])


def _replace(model: Any, case: Case, rows: Sequence[Mapping[str, Any]]) -> None:
    """The lines of a case are these: what stands and is said again stays, what is not said is cancelled, never removed."""
    wanted = list(rows)
    for row in model.objects.filter(case=case, cancelled=False).order_by("pk"):
        same = next((one for one in wanted if all(getattr(row, name) == value for name, value in one.items())), None)
        if same is not None:
            wanted.remove(same)
            continue
        row.cancelled = True
        row.save(update_fields=["cancelled"])
    for values in wanted:
        model.objects.create(case=case, member_id=case.member_id, **values)


@transaction.atomic
def receive_case(*, by: Any, applied: Applied, key: UUID, today: date) -> Case:
    """受付: a new case with its number, the list of its documents, and its checks. The same key gives the same case.

    Raises UnableToProcess for what cannot be: days, people, kinds that do not fit.
    """
    known = Case.objects.filter(entry_key=key).first()
    if known is not None:
        return known
    first, last = _checked(applied, today)
    root = _root(applied)
    case = Case.objects.create(
        number=_number(applied.received),
        kind=applied.kind,
        member_id=applied.member_id,
        patient_id=applied.patient_id,
        root=root,
        received_date=applied.received,
        first=first,
        last=last,
        claim_by=last_claim_day(_limit_day(applied.kind, applied.facts, first)),
        entered_by_id=by.pk,
        due_date=applied.received + PROCESS_DAYS,
        entry_key=key,
    )
    shown([case.patient_id])
    _write_facts(case, applied)
    for paper in PAPERS[applied.kind]:
        own = paper.title == "支給申請書"
        CaseDocument.objects.create(
            case=case, member_id=case.member_id, title=paper.title, basis=paper.basis, required=paper.required,
            state=enums.DocumentState.RECEIVED if own else enums.DocumentState.MISSING,
            arrived_date=applied.received if own else None,
        )  # fmt: skip
    step(case, move=RECEIVED, by=by)
    refresh_findings(case)
    return case


@transaction.atomic
def change_case(*, by: Any, case_id: int, version: int | None, applied: Applied, today: date) -> Case:
    """申請の内容を直す, while it may still be typed. Raises UnableToProcess and Stale."""
    case = locked(case_id, version)
    policies.check_can_edit(case)
    if applied.kind != case.kind or applied.member_id != case.member_id:
        raise UnableToProcess("種類と被保険者は直せません。違うときは、取り下げて受け付け直してください。")
    case.first, case.last = _checked(applied, today)
    root = _root(applied)
    if root is not None and root.pk == case.pk:
        raise UnableToProcess("自分自身を初回の申請にはできません。")
    if root is not None and Case.objects.filter(root=case).first() is not None:
        raise UnableToProcess("この申請を初回とする申請があるため、ほかの申請の続きにはできません。")
    case.root, case.patient_id, case.received_date = root, applied.patient_id, applied.received
    case.claim_by = last_claim_day(_limit_day(case.benefit, applied.facts, case.first))
    _write_facts(case, applied)
    touched(case, "first", "last", "root", "patient", "received_date", "claim_by")
    step(case, move=EDITED, by=by, before=case.state)
    refresh_findings(case)
    return case


@transaction.atomic
def set_document(
    *, by: Any, case_id: int, version: int | None, document_id: int, state: str, arrived: date | None, note: str
) -> CaseDocument:
    """書類 came, is in order, or is not. Raises UnableToProcess without the day it came."""
    case = locked(case_id, version)
    policies.check_can_edit(case)
    row = CaseDocument.objects.filter(case=case, pk=document_id).first()
    if row is None:
        raise UnableToProcess("この書類は、この申請の書類ではありません。")
    if state != enums.DocumentState.MISSING and arrived is None:
        raise UnableToProcess(f"「{row.title}」が届いた日を入れてください。")
    if state == enums.DocumentState.FAULTY and not note.strip():
        raise UnableToProcess(f"「{row.title}」のどこが不備かを備考に書いてください。")
    row.state, row.note = state, note.strip()
    row.arrived_date = None if state == enums.DocumentState.MISSING else arrived
    row.save()
    touched(case)
    return row


@transaction.atomic
def settle_finding(*, by: Any, case_id: int, version: int | None, finding_id: int, words: str) -> CaseFinding:
    """点検の結果を確かめた: in words, by a clerk. Empty words take it back."""
    case = locked(case_id, version)
    policies.check_can_edit(case)
    row = CaseFinding.objects.filter(case=case, pk=finding_id, standing=True).first()
    if row is None:
        raise UnableToProcess("この点検の結果は、いまの申請にはありません。")
    row.settlement = words.strip()[:300]
    row.settled_by_id = by.pk if row.settlement else None
    row.settled_at = timezone.now() if row.settlement else None
    row.save()
    touched(case)
    return row


@transaction.atomic
def restrict_case(
    *, by: Any, case_id: int, version: int | None, ground: str, percent: int | None, reason: str
) -> Restriction | None:
    """給付制限 on a case, or none (percent None). The share the article allows is checked when it is computed."""
    case = locked(case_id, version)
    policies.check_can_edit(case)
    row = Restriction.objects.filter(case=case).first()
    if percent is None:
        if row is not None:
            row.cancelled = True
            row.save(update_fields=["cancelled"])
        touched(case)
        return None
    if not 1 <= percent <= 100:
        raise UnableToProcess("支給しない割合は1％から100％です。")
    if not reason.strip():
        raise UnableToProcess("給付制限には、認めた理由が必要です。")
    row = row or Restriction(case=case, member_id=case.member_id)
    row.ground, row.percent, row.reason, row.cancelled = ground, percent, reason.strip()[:300], False
    row.save()
    touched(case)
    return row


def refresh_findings(case: Case) -> list[CaseFinding]:
    """Check anew: what no longer holds is kept but does not stand; what was settled stays settled."""
    found = {(f.code, f.first, f.last, f.sentence): f for f in checking.findings(case)}
    known = {(row.code, row.first, row.last, row.sentence): row for row in CaseFinding.objects.filter(case=case)}
    for key, row in known.items():
        if row.standing != (key in found):
            row.standing = key in found
            row.save(update_fields=["standing"])
    for key, finding in found.items():
        if key not in known:
            known[key] = CaseFinding.objects.create(
                case=case, member_id=case.member_id, code=finding.code, effect=finding.effect,
                sentence=finding.sentence[:300], article=finding.article, first=finding.first, last=finding.last,
            )  # fmt: skip
    return [row for row in known.values() if row.standing]
