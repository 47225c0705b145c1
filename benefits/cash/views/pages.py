"""One case: its page, its forms and its moves, under the work it belongs to.

A view here is declared three times, once for each work (傷病手当金, 出産手当金, the lump sums): `under` makes the three.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views import View

from benefits.cash import choices, enums, policies
from benefits.cash.actions import cases, deciding, recalculating, reviewing
from benefits.cash.activities import CASH_BENEFITS
from benefits.cash.forms import (
    FORMS,
    ApplicationForm,
    DocumentForm,
    FindingForm,
    MoveForm,
    RecoveryForm,
    RepaymentForm,
    ReplanForm,
    RestrictionForm,
    VersionForm,
)
from benefits.cash.policies import Stale, UnableToProcess
from benefits.cash.presentation import (
    compare,
    document_status,
    facts_of,
    in_words,
    inquiry_status,
    kinds_of,
    legend_of,
    lines_of,
    months_of,
    move_label,
    stages,
    status,
    url_name,
)
from benefits.cash.queries import cases as queries
from benefits.cash.queries.cases import CaseFile
from benefits.cash.queries.days import certificates_of
from benefits.cash.queries.inquiries import inquiries_of
from benefits.cash.rules.kinds import Kind
from benefits.cash.rules.states import State, moves_from
from benefits.cash.views.frame import ACTIVITIES, case_url, file_or_404, may_do, tabs, today
from kumiai.accounts.login import clerk_id
from kumiai.accounts.queries import staff_names
from members.enrollment.presentation.person import identity
from members.enrollment.views.frame import person_or_404, protected_page
from members.payments.queries.accounts import accounts_of

NEXT = ("start_review", "calculate", "submit", "hand_to_payment", "close", "review_again", "resume")
"""Moves drawn as buttons without more; the others open a line for their reason."""
DECISIONS = ("approve", "refuse", "send_back", "decide_recovery")
FOLLOWED = ("confirm_payment", "payment_returned", "pay_again", "recovered")
"""Moves that follow from the bank or from money received, offered by nobody."""


class CaseScreen(View):
    """A screen about one case. `group`: the work it is opened under."""

    activity = CASH_BENEFITS
    group = "lump"

    def problem(self, request: HttpRequest, pk: int, unable: UnableToProcess) -> HttpResponse:
        """The page of the case with what hinders it on top."""
        return show(request, pk, self.group, problem=str(unable), code=409 if isinstance(unable, Stale) else 422)

    def back(self, request: HttpRequest, pk: int, words: str) -> HttpResponse:
        messages.success(request, words)
        return HttpResponseRedirect(case_url(file_or_404(pk, self.group).case))


def under(view: type[CaseScreen], group: str) -> Callable[..., HttpResponseBase]:
    """The view under one of the three works."""
    values = {"activity": ACTIVITIES[group], "group": group, "__doc__": view.__doc__, "__module__": view.__module__}
    made: type[CaseScreen] = type(f"{group.title()}{view.__name__}", (view,), values)
    return made.as_view()


class CaseDetail(CaseScreen):
    """申請の一件."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return show(request, pk, self.group)


def show(request: HttpRequest, pk: int, group: str, *, problem: str = "", recovery: Any = None, code: int = 200) -> HttpResponse:  # fmt: skip
    found = file_or_404(pk, group)
    case, activity = found.case, ACTIVITIES[group]
    person = person_or_404(request, case.member_id, today())
    if not person.visible:
        return protected_page(request, person)
    patient = person
    if case.patient_id != case.member_id:
        patient = person_or_404(request, case.patient_id, today())
        if not patient.visible:
            return protected_page(request, patient)
    staff = {step.by_id for step in found.steps} | {row.settled_by_id for row in found.findings}
    staff |= {row.decided_by_id for row in found.decisions} | {row.entered_by_id for row in found.repayments}
    names = staff_names([pk for pk in staff if pk])
    calculation, me = found.calculation, clerk_id(request)
    accounts = [row for row in accounts_of(case.member_id) if row.state == "confirmed"]
    left = found.recovery.total - found.received_back if found.recovery else 0
    may_decide = may_do(request, activity, "decide")
    context = {
        "tabs": tabs(""),
        "file": found,
        "case": case,
        "kind": case.benefit,
        "urls": {page: url_name(case.kind, page) for page in PAGES},
        "person": identity(person),
        "patient": identity(patient) if patient is not person else None,
        "status": status(case.state),
        "stages": stages(found, names),
        "facts": facts_of(found),
        "documents": [(row, document_status(row.state)) for row in found.documents],
        "document_states": enums.DocumentState.choices,
        "findings": [(row, in_words(row.sentence), names.get(row.settled_by_id or 0, "")) for row in found.findings],
        "open_findings": sum(row.open for row in found.findings),
        "calculation": calculation,
        "months": months_of(calculation, case.benefit) if calculation and case.benefit.daily else [],
        "legend": legend_of(calculation, case.benefit) if calculation and case.benefit.daily else [],
        "lines": lines_of(calculation) if calculation else [],
        "earlier": found.calculations[-2::-1],
        "steps": [(step, move_label(step.move), names.get(step.by_id or 0, "夜間処理")) for step in found.steps],
        "decisions": [
            (row, names.get(row.decided_by_id, ""), found.payments.get(row.pk, [])) for row in reversed(found.decisions)
        ],
        "net": policies.net_of(found.decisions),
        "account": accounts[0] if accounts else None,
        "left": left,
        "mine": case.submitted_by_id == me,
        "editable": policies.can_be_edited(case),
        "awaiting": case.state == State.AWAITING_DECISION,
        "back": policies.net_of(found.decisions)
        - (calculation.total if calculation and not case.refusal_proposed else 0),
        "moves": [
            (move, move.name in NEXT)
            for move in moves_from(case.status)
            if move.name not in DECISIONS and move.name not in FOLLOWED and move.operation == "change"
        ],
        "reopen": case.state == State.CLOSED and may_decide,
        "may_change": may_do(request, activity),
        "may_decide": may_decide,
        "may_export": may_do(request, CASH_BENEFITS, "export"),
        "restriction_form": RestrictionForm(initial=_restriction(found)),
        "repayment_form": RepaymentForm(initial={"version": case.version, "received": today()}),
        "recovery_form": recovery or RecoveryForm(initial={"version": case.version, "known": today()}),
        "replan_form": ReplanForm(initial={"version": case.version}, prefix="replan"),
        "chain": [(row, status(row.state), case_url(row)) for row in found.chain],
        "group": group,
        "certificates": certificates_of(case.pk) if case.benefit.daily else [],
        "labour_url": url_name(case.kind, "labour"),
        "inquiries": [(row, inquiry_status(row.state)) for row in inquiries_of(case.pk)] if group == "sickness" else [],
        "problem": problem,
        "today": today(),
    }
    return TemplateResponse(request, "benefits/cash/case_detail.html", context, status=code)


def _restriction(found: CaseFile) -> dict[str, Any]:
    row = found.restriction
    values: dict[str, Any] = {"version": found.case.version}
    return values | ({"ground": row.ground, "percent": row.percent, "reason": row.reason} if row else {})


# --- Entry ---------------------------------------------------------------------------------------------------------------


class CaseApply(CaseScreen):
    """申請を受け付ける: the form of the kind."""

    operation = "change"

    def get(self, request: HttpRequest, **where: Any) -> HttpResponse:
        return self.page(request, where, None)

    def post(self, request: HttpRequest, **where: Any) -> HttpResponse:
        kind, member, patient = self.target(where)
        further = queries.first_cases(member_id=member, kind=kind) if kind.daily else []
        form = FORMS[kind](request.POST, further=further)
        if form.is_valid():
            try:
                case = cases.receive_case(
                    by=request.user, applied=form.applied(kind=kind, member_id=member, patient_id=patient),
                    key=form.cleaned_data["key"], today=today(),
                )  # fmt: skip
            except UnableToProcess as unable:
                form.add_error(None, str(unable))
            else:
                return self.back(request, case.pk, f"{case.number} として受け付けました。")
        return self.page(request, where, form, 422)

    def target(self, where: dict[str, Any]) -> tuple[Kind, int, int]:
        """The kind and the people of the address."""
        if self.group != "lump":
            return Kind(kinds_of(self.group)[0]), where["member"], where["member"]
        kind = where["kind"]
        if kind not in kinds_of("lump"):
            raise Http404("この種類の給付はありません。")
        return Kind(kind), where["member"], where["patient"]

    def page(self, request: HttpRequest, where: dict[str, Any], form: ApplicationForm | None, code: int = 200) -> HttpResponse:  # fmt: skip
        kind, member, patient = self.target(where)
        person = person_or_404(request, member, today())
        if not person.visible:
            return protected_page(request, person)
        about = person_or_404(request, patient, today()) if patient != member else person
        if not about.visible:
            return protected_page(request, about)
        if (about.member.insured_id != member) if kind in choices.FAMILY else patient != member:
            raise Http404("この組み合わせの申請はありません。")
        if form is None:
            further = queries.first_cases(member_id=member, kind=kind) if kind.daily else []
            initial = {"received": today()}
            if kind in choices.DEATHS and kind is Kind.FAMILY_FUNERAL:
                initial |= {"claimant": person.member.name, "claimant_relation": "被保険者", "maintained": True}  # type: ignore[dict-item]
            form = FORMS[kind](further=further, initial=initial)
        context = {
            "tabs": tabs(""), "kind": kind, "form": form, "person": identity(person),
            "patient": identity(about) if about is not person else None, "case": None,
        }  # fmt: skip
        return TemplateResponse(request, "benefits/cash/case_form.html", context, status=code)


class CaseEdit(CaseScreen):
    """申請の内容を直す."""

    operation = "change"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = file_or_404(pk, self.group)
        try:
            policies.check_can_edit(found.case)
        except UnableToProcess as unable:
            return self.problem(request, pk, unable)
        return self.page(request, found, self.form(found))

    def form(self, found: CaseFile, data: Any = None) -> ApplicationForm:
        case = found.case
        further = (
            queries.first_cases(member_id=case.member_id, kind=case.kind, but=case.pk) if case.benefit.daily else []
        )
        initial: dict[str, Any] = {
            "version": case.version, "received": case.received_date, "first": case.first, "last": case.last,
            "root": str(case.root_id or ""), "key": case.entry_key,
        }  # fmt: skip
        if found.facts is not None:
            initial |= {name: getattr(found.facts, name) for name in FORMS[case.benefit].facts}
        for line, row in enumerate(found.pensions, start=1):
            initial |= {
                f"annual{line}": row.annual, f"pension_first{line}": row.first, f"pension_last{line}": row.last,
                f"old_age{line}": row.old_age, f"basis{line}": row.basis,
            }  # fmt: skip
        for line, cost in enumerate(found.costs, start=1):
            initial |= {f"cost_label{line}": cost.label, f"cost{line}": cost.amount, f"counted{line}": cost.counted}
        return FORMS[case.benefit](data, further=further, initial=initial)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = file_or_404(pk, self.group)
        case, form = found.case, self.form(found, request.POST)
        if form.is_valid():
            try:
                cases.change_case(
                    by=request.user, case_id=pk, version=form.cleaned_data["version"], today=today(),
                    applied=form.applied(kind=case.benefit, member_id=case.member_id, patient_id=case.patient_id),
                )  # fmt: skip
            except UnableToProcess as unable:
                form.add_error(None, str(unable))
            else:
                return self.back(request, pk, "申請の内容を直しました。")
        return self.page(request, found, form, 422)

    def page(self, request: HttpRequest, found: CaseFile, form: ApplicationForm, code: int = 200) -> HttpResponse:
        person = person_or_404(request, found.case.member_id, today())
        if not person.visible:
            return protected_page(request, person)
        context = {
            "tabs": tabs(""), "kind": found.case.benefit, "form": form, "person": identity(person), "patient": None,
            "case": found.case, "back": case_url(found.case),
        }  # fmt: skip
        return TemplateResponse(request, "benefits/cash/case_form.html", context, status=code)


# --- What belongs to a case ------------------------------------------------------------------------------------------------


class CasePost(CaseScreen):
    """Something done to a case from its page: done and back, or the page with what hinders it."""

    http_method_names = ["post"]
    form_class: Any = MoveForm
    prefix: str | None = None

    def post(self, request: HttpRequest, pk: int, **where: Any) -> HttpResponse:
        file_or_404(pk, self.group)
        form = self.form_class(request.POST, prefix=self.prefix)
        if not form.is_valid():
            sentences = "　".join(sentence for _field, sentence in form.summary)
            return self.problem(request, pk, UnableToProcess(sentences))
        try:
            words = self.act(request, pk, form.cleaned_data, **where)
        except UnableToProcess as unable:
            return self.problem(request, pk, unable)
        return self.back(request, pk, words)

    def act(self, request: HttpRequest, pk: int, given: dict[str, Any], **where: Any) -> str:
        raise NotImplementedError


class CaseMove(CasePost):
    """申請を進める."""

    def act(self, request: HttpRequest, pk: int, given: dict[str, Any], **where: Any) -> str:
        shared: dict[str, Any] = {"by": request.user, "case_id": pk, "version": given["version"]}
        name, reason = given["name"], given["reason"]
        if name == "calculate":
            row = reviewing.calculate_case(**shared)
            return (
                f"計算しました。支給額は{row.total:,}円です。"
                if not row.refused
                else "計算しました。支給する額はありません。"
            )
        if name == "submit":
            reviewing.submit_case(**shared, reason=reason)
            return "決裁に回しました。別の職員が決定します。"
        if name == "propose_refusal":
            reviewing.propose_refusal(**shared, reason=reason)
            return "不支給として決裁に回しました。別の職員が決定します。"
        if name == "hand_to_payment":
            deciding.hand_to_payment(**shared, due_date=today())
            return "支払に回しました。次の支払の回に入ります。"
        if name == "take_from_payment":
            deciding.take_from_payment(**shared, reason=reason)
            return "支払から外しました。"
        if name == "close":
            deciding.close_case(**shared)
            return "完了にしました。"
        reviewing.move_case(**shared, name=name, reason=reason)
        return f"「{move_label(name)}」を記録しました。"


class CaseReopen(CasePost):
    """完了を解いて訂正する."""

    operation = "decide"

    def act(self, request: HttpRequest, pk: int, given: dict[str, Any], **where: Any) -> str:
        reviewing.move_case(
            by=request.user, case_id=pk, version=given["version"], name="reopen", reason=given["reason"]
        )
        return "完了を解きました。内容を直して、計算してください。"


class CaseDecide(CasePost):
    """二人目の決定: 支給, 不支給 or 差し戻し."""

    operation = "decide"

    def act(self, request: HttpRequest, pk: int, given: dict[str, Any], **where: Any) -> str:
        shared: dict[str, Any] = {"by": request.user, "case_id": pk, "version": given["version"]}
        if given["name"] == "approve":
            made = deciding.approve_case(**shared, today=today(), reason=given["reason"])
            return f"支給を決定しました。今回の額は{made.amount:,}円です。"
        if given["name"] == "refuse":
            deciding.refuse_case(**shared, today=today(), reason=given["reason"])
            return "不支給を決定しました。通知書を作って送ってください。"
        if given["name"] == "send_back":
            deciding.send_back(**shared, reason=given["reason"])
            return "差し戻しました。"
        raise UnableToProcess("この決定は、この画面からはできません。")


class CaseRecover(CaseScreen):
    """返納の決定."""

    operation = "decide"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        file_or_404(pk, self.group)
        form = RecoveryForm(request.POST)
        if form.is_valid():
            given = form.cleaned_data
            try:
                found = deciding.decide_recovery(
                    by=request.user, case_id=pk, version=given["version"], today=today(), known=given["known"],
                    deceit=given["deceit"], reason=given["reason"],
                    plan=deciding.Plan(given["first_month"].replace(day=1), given["count"], given["each"]),
                )  # fmt: skip
            except UnableToProcess as unable:
                form.add_error(None, str(unable))
            else:
                return self.back(request, pk, f"返納を決定しました。返納の額は{found.total:,}円です。")
        return show(request, pk, self.group, recovery=form, code=422)


class CaseReplan(CasePost):
    """返納の計画を変える."""

    form_class = ReplanForm
    prefix = "replan"

    def act(self, request: HttpRequest, pk: int, given: dict[str, Any], **where: Any) -> str:
        plan = deciding.Plan(given["first_month"].replace(day=1), given["count"], given["each"])
        deciding.replan_recovery(
            by=request.user, case_id=pk, version=given["version"], plan=plan, reason=given["reason"]
        )
        return "返納の計画を変えました。"


class CaseRepayment(CasePost):
    """返納金の受入れ."""

    form_class = RepaymentForm

    def act(self, request: HttpRequest, pk: int, given: dict[str, Any], **where: Any) -> str:
        row = deciding.receive_repayment(
            by=request.user, case_id=pk, version=given["version"], received=given["received"], amount=given["amount"],
            key=given["key"], today=today(),
        )  # fmt: skip
        return f"返納金{row.amount:,}円を受け入れました。"


class CaseFollow(CasePost):
    """支払の結果を反映する."""

    form_class = VersionForm

    def act(self, request: HttpRequest, pk: int, given: dict[str, Any], **where: Any) -> str:
        moved = deciding.follow_payments(by=request.user, case_ids=[pk])
        return "支払の結果を反映しました。" if moved else "新しい支払の結果はありません。"


class DocumentSet(CasePost):
    """書類の状態."""

    form_class = DocumentForm

    def act(self, request: HttpRequest, pk: int, given: dict[str, Any], **where: Any) -> str:
        row = cases.set_document(
            by=request.user, case_id=pk, version=given["version"], document_id=where["document"], state=given["state"],
            arrived=given["arrived"], note=given["note"],
        )  # fmt: skip
        return f"「{row.title}」を{row.get_state_display()}にしました。"


class FindingSettle(CasePost):
    """点検の結果を確かめる."""

    form_class = FindingForm

    def act(self, request: HttpRequest, pk: int, given: dict[str, Any], **where: Any) -> str:
        row = cases.settle_finding(
            by=request.user, case_id=pk, version=given["version"], finding_id=where["finding"], words=given["words"]
        )
        return "確かめたことを記録しました。" if row.settled_by_id else "確かめたことを取り消しました。"


class RestrictionSet(CasePost):
    """給付制限."""

    form_class = RestrictionForm

    def act(self, request: HttpRequest, pk: int, given: dict[str, Any], **where: Any) -> str:
        row = cases.restrict_case(
            by=request.user, case_id=pk, version=given["version"], ground=given["ground"],
            percent=given["percent"] or None, reason=given["reason"],
        )  # fmt: skip
        return "給付制限を記録しました。" if row else "給付制限を取り消しました。"


class CalculationDetail(CaseScreen):
    """以前の計算: the figures of its day, and what the latest changed."""

    def get(self, request: HttpRequest, pk: int, serial: int) -> HttpResponse:
        found = file_or_404(pk, self.group)
        person = person_or_404(request, found.case.member_id, today())
        if not person.visible:
            return protected_page(request, person)
        row = next((one for one in found.calculations if one.serial == serial), None)
        if row is None:
            raise Http404("この回の計算はありません。")
        last = found.calculation
        context = {
            "tabs": tabs(""), "case": found.case, "kind": found.case.benefit, "person": identity(person), "row": row,
            "lines": lines_of(row), "changes": compare(row, last) if last is not None and last.pk != row.pk else [],
            "last": last, "back": case_url(found.case), "who": staff_names([row.calculated_by_id]),
            "parameters": row.parameters,
        }  # fmt: skip
        return TemplateResponse(request, "benefits/cash/calculation_detail.html", context)


class Recalculate(CaseScreen):
    """決定した申請をすべて計算し直す: a job lists what differs and changes nothing."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        job = recalculating.start(by=request.user, group=self.group)
        messages.success(request, "計算し直しています。終わると、差のある申請が「再計算の差」に並びます。")
        return HttpResponseRedirect(reverse("jobs:job-detail", args=[job.pk]))


PAGES = {
    "detail": CaseDetail,
    "edit": CaseEdit,
    "move": CaseMove,
    "reopen": CaseReopen,
    "decide": CaseDecide,
    "recover": CaseRecover,
    "replan": CaseReplan,
    "repayment": CaseRepayment,
    "follow": CaseFollow,
    "document": DocumentSet,
    "finding": FindingSettle,
    "restriction": RestrictionSet,
    "calculation": CalculationDetail,
}
