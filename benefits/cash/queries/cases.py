"""Cases as the screens read them: the worklist, one case whole, those of one person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from benefits.cash.models import (
    Birth,
    Calculation,
    Case,
    CaseDocument,
    CaseFinding,
    CaseStep,
    Death,
    Decision,
    FuneralItem,
    Instalment,
    Pension,
    Recalculation,
    Recovery,
    Repayment,
    Restriction,
    Sickness,
    Trip,
)
from benefits.cash.rules.kinds import Kind
from benefits.cash.rules.states import State
from members.enrollment import queries as register
from members.payments.queries import payments_of
from privacy.seen import population

SOURCE = "cash.decision"

FOLDERS: dict[str, tuple[State, ...]] = {
    "review": (State.RECEIVED, State.WAITING_DOCUMENTS, State.UNDER_REVIEW, State.CALCULATED, State.CORRECTING),
    "decide": (State.AWAITING_DECISION,),
    "withheld": (State.WITHHELD,),
    "pay": (State.APPROVED, State.IN_PAYMENT, State.RETURNED),
    "recover": (State.RECOVERING,),
    "done": (State.PAID, State.REFUSED, State.CLOSED, State.WITHDRAWN),
}
"""The worklist by what is to be done."""


def open_to(user_id: int) -> Q:
    """Cases of people whom this clerk may see: of a protected person only who is named for them."""
    return register_open("member", user_id) & register_open("patient", user_id)


def open_to_case(user_id: int) -> Q:
    """The same, of rows that belong to a case."""
    return register_open("case__member", user_id) & register_open("case__patient", user_id)


def register_open(path: str, user_id: int) -> Q:
    """Members this clerk may see, by a path to the member."""
    hidden = register.hidden_from(user_id).values("pk")
    return ~Q(**{f"{path}_id__in": hidden})


def worklist(
    *, folder: str = "review", kind: str = "", user_id: int, member_ids: list[int] | None = None
) -> QuerySet[Case]:
    """The cases of a folder, the earliest deadline first; of protected people only for named clerks."""
    rows = Case.objects.filter(open_to(user_id))
    if folder in FOLDERS:
        rows = rows.filter(state__in=FOLDERS[folder])
    if kind:
        rows = rows.filter(kind=kind)
    if member_ids is not None:
        rows = rows.filter(Q(member_id__in=member_ids) | Q(patient_id__in=member_ids))
    if folder in ("done", "all"):
        return rows.order_by("-received_date", "-pk")
    return rows.order_by("due_date", "pk")


def folder_counts(*, kind: str = "", user_id: int) -> dict[str, int]:
    """How many cases each folder holds, and how many there are for named clerks only. Two statements."""
    rows = Case.objects.all()
    if kind:
        rows = rows.filter(kind=kind)
    seen = dict(rows.filter(open_to(user_id)).values_list("state").annotate(Count("pk")).order_by())
    every = rows.count()
    population("給付の申請", every)
    counts = {name: sum(seen.get(state, 0) for state in states) for name, states in FOLDERS.items()}
    return counts | {"all": sum(seen.values()), "hidden": every - sum(seen.values())}


@dataclass
class CaseFile:
    """One case with all that belongs to it."""

    case: Case
    facts: Any = None
    documents: list[CaseDocument] = field(default_factory=list)
    findings: list[CaseFinding] = field(default_factory=list)
    steps: list[CaseStep] = field(default_factory=list)
    calculations: list[Calculation] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    payments: dict[int, list[Any]] = field(default_factory=dict)
    pensions: list[Pension] = field(default_factory=list)
    costs: list[FuneralItem] = field(default_factory=list)
    restriction: Restriction | None = None
    recovery: Recovery | None = None
    instalments: list[Instalment] = field(default_factory=list)
    repayments: list[Repayment] = field(default_factory=list)
    chain: list[Case] = field(default_factory=list)

    @property
    def calculation(self) -> Calculation | None:
        """The latest."""
        return self.calculations[-1] if self.calculations else None

    @property
    def received_back(self) -> int:
        return sum(row.amount for row in self.repayments)


FACT_TABLES: dict[Kind, Any] = {
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


def case_file(pk: int) -> CaseFile | None:
    """One case whole; None when there is none. A constant number of statements."""
    case = Case.objects.filter(pk=pk).first()
    if case is None:
        return None
    found = CaseFile(case)
    found.facts = FACT_TABLES[case.benefit].objects.filter(case=case).first()
    found.documents = list(CaseDocument.objects.filter(case=case).order_by("-required", "pk"))
    found.findings = list(CaseFinding.objects.filter(case=case, standing=True).order_by("first", "pk"))
    found.steps = list(CaseStep.objects.filter(case=case).order_by("-pk"))
    found.calculations = list(Calculation.objects.filter(case=case).order_by("serial"))
    found.decisions = list(Decision.objects.filter(case=case).order_by("serial"))
    found.payments = payments_of(SOURCE, [row.pk for row in found.decisions])
    found.pensions = list(Pension.objects.filter(case=case, cancelled=False).order_by("pk"))
    found.costs = list(FuneralItem.objects.filter(case=case, cancelled=False).order_by("pk"))
    found.restriction = Restriction.objects.filter(case=case, cancelled=False).first()
    found.recovery = Recovery.objects.filter(case=case).order_by("-pk").first()
    if found.recovery is not None:
        found.instalments = list(Instalment.objects.filter(recovery=found.recovery, replaced=False).order_by("number"))
        found.repayments = list(
            Repayment.objects.filter(recovery=found.recovery, cancelled=False).order_by("received_date", "pk")
        )
    event = case.event
    chain = Case.objects.filter(Q(pk=event) | Q(root_id=event), kind=case.kind).exclude(state=State.WITHDRAWN)
    found.chain = [row for row in chain.order_by("first", "pk") if row.pk != case.pk]
    return found


def first_cases(*, member_id: int, kind: str, but: int | None = None) -> list[Case]:
    """Cases that a further application may continue: the first ones of the person's illnesses or births."""
    rows = Case.objects.filter(member_id=member_id, kind=kind, root__isnull=True).exclude(state=State.WITHDRAWN)
    return list(rows.exclude(pk=but).order_by("-first") if but else rows.order_by("-first"))


def case_by_number(number: str) -> Case | None:
    return Case.objects.filter(number=number).first()


def last_amounts(case_ids: list[int]) -> dict[int, int]:
    """Yen of each case: what was decided last, else what was computed last. Two statements."""
    found: dict[int, int] = {}
    for row in Calculation.objects.filter(case_id__in=case_ids).order_by("case_id", "serial"):
        found[row.case_id] = row.total
    for made in Decision.objects.filter(case_id__in=case_ids).order_by("case_id", "serial"):
        found[made.case_id] = made.due
    return found


def waiting_for_decision(user_id: int) -> tuple[int, int, date | None]:
    """How many cases wait for a decision by somebody else than who submitted them, how many of them this clerk may
    decide, and the earliest deadline. For the first page.
    """
    rows = Case.objects.filter(open_to(user_id), state=State.AWAITING_DECISION)
    total = rows.count()
    mine = rows.exclude(submitted_by_id=user_id).count()
    first = rows.order_by("due_date").values_list("due_date", flat=True).first()
    population("決裁待ちの申請", total)
    return total, mine, first


def overdue(today: date, user_id: int) -> int:
    """Cases still under review whose deadline has passed."""
    count = Case.objects.filter(open_to(user_id), state__in=FOLDERS["review"], due_date__lt=today).count()
    population("期限を過ぎた申請", count)
    return count


def in_payment(size: int = 500) -> Iterator[list[int]]:
    """Ids of the cases whose payment may have moved, in chunks."""
    states = (State.IN_PAYMENT, State.PAID, State.RETURNED)
    ids = list(Case.objects.filter(state__in=states).order_by("pk").values_list("pk", flat=True))
    population("支払中の申請", len(ids))
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def returned(user_id: int) -> int:
    """Cases whose money came back from the bank."""
    count = Case.objects.filter(open_to(user_id), state=State.RETURNED).count()
    population("組戻しの申請", count)
    return count


def illness_of(case_id: int) -> str:
    """傷病名 as the application says it."""
    row = Sickness.objects.filter(case_id=case_id).first()
    return row.illness if row is not None else ""


def differences(user_id: int) -> QuerySet[Recalculation]:
    """再計算の差 that stand, the largest first; of protected people only for named clerks."""
    rows = Recalculation.objects.filter(standing=True).filter(open_to_case(user_id))
    return rows.select_related("case", "calculation").order_by("-found_at", "pk")
