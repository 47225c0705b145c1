"""One 任意継続: its facts, the working of the decision, its payments, its end, and the way back."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views import View

from members.enrollment.enums import LossReason
from members.enrollment.views.frame import protected_page, staff_names
from members.lifecycle.actions import voluntary as actions
from members.lifecycle.activities import LIFECYCLE
from members.lifecycle.enums import EndKind, TermState
from members.lifecycle.forms import (
    ExcuseForm,
    FactForm,
    InstalmentForm,
    NonPaymentForm,
    PaymentForm,
    VersionedForm,
    VersionForm,
    WithdrawForm,
)
from members.lifecycle.models import VoluntaryInstalment, VoluntaryTerm
from members.lifecycle.policies import StaleTerm, UnableToRecord
from members.lifecycle.presentation.status import term_status
from members.lifecycle.queries import voluntary as queries
from members.lifecycle.rules import voluntary as rules
from members.lifecycle.rules.working import Dated
from members.lifecycle.views.frame import member_context, person_of, require_change


def term_or_404(pk: int) -> VoluntaryTerm:
    term = queries.term(pk)
    if term is None:
        raise Http404("この番号の任意継続はありません。")
    return term


def instalment_or_404(pk: int) -> VoluntaryInstalment:
    instalment = queries.instalment(pk)
    if instalment is None:
        raise Http404("この番号の納付はありません。")
    return instalment


def detail_url(pk: int, done: str = "") -> str:
    return reverse("lifecycle:voluntary-detail", args=[pk]) + (f"?done={done}" if done else "")


class VoluntaryTermDetail(View):
    """任意継続の一件."""

    activity = LIFECYCLE

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return show(request, term_or_404(pk))


def _instalment_line(instalment: VoluntaryInstalment, term: VoluntaryTerm, today: date) -> dict[str, Any]:
    after_end = bool(term.end_date and instalment.month >= term.end_date.replace(day=1))
    if instalment.paid_date:
        state = ("good", "●", "納付済み")
    elif after_end or term.state in (TermState.NEVER, TermState.UNDONE):
        state = ("ended", "○", "納付を要しない")
    elif instalment.excused:
        state = ("between", "◐", "正当な理由を認めた")
    elif instalment.due_date < today:
        state = ("bad", "▲", "未納")
    else:
        state = ("ended", "○", "これから")
    overdue = state[0] == "bad"
    return {"row": instalment, "tone": state[0], "mark": state[1], "word": state[2], "overdue": overdue}


def show(request: HttpRequest, term: VoluntaryTerm, *, problem: str = "", status: int = 200) -> HttpResponse:
    person = person_of(request, term.member_id)
    if not person.visible:
        return protected_page(request, person)
    today = timezone.localdate()
    instalments = [_instalment_line(row, term, today) for row in queries.instalments_of(term)]
    payable = [line["row"] for line in instalments if line["word"] in ("未納", "これから", "正当な理由を認めた")]
    context = member_context(request, person, "任意継続") | {
        "term": term,
        "status": term_status(term.state),
        "tests": _tests(term),
        "loss_reason": LossReason(term.loss_reason).label if term.loss_reason else "―",
        "instalments": instalments,
        "payable": payable,
        "unpaid_count": sum(line["overdue"] for line in instalments),
        "end_steps": rules.term_end(term.lost_date).steps,
        "running": term.state == TermState.RUNNING,
        "can_undo_end": term.state in (TermState.ENDING, TermState.ENDED) and term.end_kind,
        "can_undo_application": term.state in (TermState.RUNNING, TermState.REFUSED),
        "by": staff_names([term.entered_by_id]).get(term.entered_by_id or 0, "夜間処理"),
        "problem": problem,
        "today": today,
        "days_left": (term.term_end_date - today).days,
    }
    return TemplateResponse(request, "members/lifecycle/voluntaryterm_detail.html", context, status=status)


def _tests(term: VoluntaryTerm) -> list[dict[str, Any]]:
    """The tests as kept; a figure that is a day is a day again."""
    found = []
    for test in term.decision:
        figure = test["figure"]
        day = None
        if isinstance(figure, str) and len(figure) == 10 and figure[4] == "-":
            day = date.fromisoformat(figure)
        found.append(test | {"day": day})
    return found


# --- the end --------------------------------------------------------------------------------------------------------


class EndForm(View):
    """A way a term ends: the form, the working of the day of loss, what it brings; then done."""

    activity = LIFECYCLE
    form_class: type[VersionedForm]
    heading = ""
    lead = ""
    done = ""
    url_name = ""

    def get(self, request: HttpRequest, **route: int) -> HttpResponse:
        require_change(request)
        today = timezone.localdate()
        term = self.term(route)
        form = self.form_class(initial={"version": term.version, "received_date": today}, today=today)
        return self.show(request, term, form, self.preview(term, {"received_date": today} | route), route)

    def post(self, request: HttpRequest, **route: int) -> HttpResponse:
        today = timezone.localdate()
        term = self.term(route)
        form = self.form_class(request.POST, today=today)
        if not form.is_valid():
            return self.show(request, term, form, None, route, status=422)
        typed = form.cleaned_data | route
        if request.POST.get("step") != "end":
            return self.show(request, term, form, self.preview(term, typed), route)
        try:
            ended = self.end(by=request.user, term=term, typed=typed, today=today)
        except UnableToRecord as unable:
            form.add_error(None, str(unable))
            status = 409 if isinstance(unable, StaleTerm) else 422
            return self.show(request, term, form, self.preview(term, typed), route, status=status)
        done = "never" if ended.state == TermState.NEVER else self.done
        return HttpResponseRedirect(detail_url(term.pk, done))

    def term(self, route: dict[str, int]) -> VoluntaryTerm:
        """The term that the address means."""
        return term_or_404(route["pk"])

    def preview(self, term: VoluntaryTerm, typed: dict[str, Any]) -> Dated | None:
        """The day of loss that follows, with its working; None while a day is missing."""
        raise NotImplementedError

    def end(self, *, by: Any, term: VoluntaryTerm, typed: dict[str, Any], today: date) -> VoluntaryTerm:
        raise NotImplementedError

    def show(
        self,
        request: HttpRequest,
        term: VoluntaryTerm,
        form: Form,
        preview: Dated | None,
        route: dict[str, int],
        *,
        status: int = 200,
    ) -> HttpResponse:
        person = person_of(request, term.member_id)
        if not person.visible:
            return protected_page(request, person)
        instalments = queries.instalments_of(term)
        never = bool(preview and preview.day == term.lost_date)
        context = member_context(request, person, self.heading) | {
            "term": term,
            "form": form,
            "heading": self.heading,
            "lead": self.lead,
            "preview": preview,
            "never": never,
            "family": [row for row in person.family if preview and max(preview.day, term.lost_date) in row.period],
            "not_due": [
                i for i in instalments if preview and not i.paid_date and i.month >= preview.day.replace(day=1)
            ],
            "paid_after": [i for i in instalments if preview and i.paid_date and i.month >= preview.day.replace(day=1)],
            "action_url": reverse(self.url_name, kwargs=route),
            "cancel_url": detail_url(term.pk),
        }
        return TemplateResponse(request, "members/lifecycle/voluntaryterm_end.html", context, status=status)


class VoluntaryWithdraw(EndForm):
    """資格喪失の申出 (法38条7号)."""

    activity = LIFECYCLE
    form_class = WithdrawForm
    heading = "資格喪失の申出"
    lead = "申出を受理した月の末日で終わり、翌月1日に喪失します（法38条7号）。"
    done = "withdrawn"
    url_name = "lifecycle:voluntary-withdraw"

    def preview(self, term: VoluntaryTerm, typed: dict[str, Any]) -> Dated | None:
        return rules.withdrawal(typed["received_date"])

    def end(self, *, by: Any, term: VoluntaryTerm, typed: dict[str, Any], today: date) -> VoluntaryTerm:
        return actions.withdraw(
            by=by, term_id=term.pk, version=typed["version"], received_date=typed["received_date"], today=today
        )


class VoluntaryEndByFact(EndForm):
    """被保険者となった, 船員保険, 後期高齢者医療, 死亡 (法38条2号, 4号から6号)."""

    activity = LIFECYCLE
    form_class = FactForm
    heading = "事実による喪失"
    lead = "ほかの資格を得たときはその日に（法38条4号から6号）、死亡したときは翌日に（2号）喪失します。"
    done = "ended"
    url_name = "lifecycle:voluntary-end"

    def preview(self, term: VoluntaryTerm, typed: dict[str, Any]) -> Dated | None:
        if "fact_date" not in typed:
            return None
        if typed["kind"] == EndKind.DEATH:
            return rules.death(typed["fact_date"])
        return rules.ended_at_once(typed["kind"], typed["fact_date"])

    def end(self, *, by: Any, term: VoluntaryTerm, typed: dict[str, Any], today: date) -> VoluntaryTerm:
        return actions.end_by_fact(
            by=by,
            term_id=term.pk,
            version=typed["version"],
            kind=EndKind(typed["kind"]),
            fact_date=typed["fact_date"],
            received_date=typed["received_date"],
            today=today,
        )


class VoluntaryNonPayment(EndForm):
    """未納による喪失 (法38条3号, 初回は37条2項)."""

    activity = LIFECYCLE
    form_class = NonPaymentForm
    heading = "未納による喪失"
    lead = "納付期日までに納付がなかったときは、その翌日に喪失します（法38条3号）。初回の未納は、任意継続とならなかったものとみなします（法37条2項）。"
    done = "unpaid"
    url_name = "lifecycle:voluntary-non-payment"

    def term(self, route: dict[str, int]) -> VoluntaryTerm:
        return term_or_404(instalment_or_404(route["instalment"]).term_id)

    def preview(self, term: VoluntaryTerm, typed: dict[str, Any]) -> Dated | None:
        instalment = instalment_or_404(typed["instalment"])
        return rules.non_payment(instalment.due_date, first=instalment.first, start=term.lost_date)

    def end(self, *, by: Any, term: VoluntaryTerm, typed: dict[str, Any], today: date) -> VoluntaryTerm:
        return actions.record_non_payment(
            by=by,
            term_id=term.pk,
            version=typed["version"],
            instalment_id=typed["instalment"],
            received_date=typed["received_date"],
            today=today,
        )


# --- what is done at once and can be undone -------------------------------------------------------------------------


class OneStep(View):
    """A button of the term's page: done, or the page again with the sentence."""

    activity = LIFECYCLE
    form_class: type[Form] = VersionForm
    done = ""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        term = term_or_404(pk)
        form = self.form_class(request.POST)
        if not form.is_valid():
            said = "、".join(str(error) for errors in form.errors.values() for error in errors)
            return show(request, term, problem=said, status=422)
        if "instalment" in form.cleaned_data and not any(
            row.pk == form.cleaned_data["instalment"] for row in queries.instalments_of(term)
        ):
            raise Http404("この任意継続に、その月の納付はありません。")
        try:
            self.act(by=request.user, pk=pk, typed=form.cleaned_data, today=timezone.localdate())
        except UnableToRecord as unable:
            status = 409 if isinstance(unable, StaleTerm) else 422
            return show(request, term_or_404(pk), problem=str(unable), status=status)
        return HttpResponseRedirect(detail_url(pk, self.done))

    def act(self, *, by: Any, pk: int, typed: dict[str, Any], today: date) -> Any:
        raise NotImplementedError


class VoluntaryPay(OneStep):
    """納付を記録."""

    activity = LIFECYCLE
    form_class = PaymentForm
    done = "paid"

    def act(self, *, by: Any, pk: int, typed: dict[str, Any], today: date) -> Any:
        return actions.mark_paid(by=by, instalment_id=typed["instalment"], paid_date=typed["paid_date"], today=today)


class VoluntaryUnpay(OneStep):
    """納付の記録を取り消す."""

    activity = LIFECYCLE
    form_class = InstalmentForm
    done = "unmarked"

    def act(self, *, by: Any, pk: int, typed: dict[str, Any], today: date) -> Any:
        return actions.unmark_paid(by=by, instalment_id=typed["instalment"])


class VoluntaryExcuse(OneStep):
    """遅れた正当な理由を認める."""

    activity = LIFECYCLE
    form_class = ExcuseForm
    done = "excused"

    def act(self, *, by: Any, pk: int, typed: dict[str, Any], today: date) -> Any:
        return actions.excuse(by=by, instalment_id=typed["instalment"], excuse=typed["excuse"])


class VoluntaryUndoEnd(OneStep):
    """喪失を取り消す."""

    activity = LIFECYCLE
    done = "restored"

    def act(self, *, by: Any, pk: int, typed: dict[str, Any], today: date) -> Any:
        return actions.undo_end(by=by, term_id=pk, version=typed["version"], received_date=today)


class VoluntaryUndoApplication(OneStep):
    """申出を取り消す."""

    activity = LIFECYCLE
    done = "undone"

    def act(self, *, by: Any, pk: int, typed: dict[str, Any], today: date) -> Any:
        return actions.undo_application(by=by, term_id=pk, version=typed["version"], received_date=today)
