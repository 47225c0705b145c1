"""One filing: what stands in it, what the checks find now, its clocks, its steps; and the steps themselves."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views import View

from kumiai.accounts.login import clerk_id
from kumiai.accounts.queries import staff_names
from kumiai.ui.paging import integer
from members.filings import actions, policies, queries, register
from members.filings.activities import FILING_ADMINISTRATION
from members.filings.enums import FilingRole, FilingState
from members.filings.forms import AttachmentForm, ReturnForm, SendBackForm, VersionForm
from members.filings.forms.shown import sections
from members.filings.models import Filing
from members.filings.presentation.lines import lines
from members.filings.presentation.touched import touched_lines
from members.filings.rules.codes import Level
from members.filings.views.entering import beside_url, unable_page
from members.filings.views.frame import (
    filing_or_404,
    line_of,
    may_change,
    may_decide,
    may_send,
    protected_page,
    read_now,
    require_change,
)


def _first_day(filing: Filing) -> Any:
    """The first day a 訂正届 or 取消届 touches: the earlier of its own day and the day of the original."""
    days = [f.effective_date for f in (filing, filing.corrects) if f is not None and f.effective_date]
    return min(days, default=None)


SETTLED = (FilingState.PROCESSED, FilingState.CORRECTED, FilingState.CANCELLED, FilingState.WITHDRAWN)


class FilingDetail(View):
    """届の画面."""

    activity = FILING_ADMINISTRATION

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        filing = filing_or_404(pk)
        line = line_of(request, filing)
        if line.hidden:
            return protected_page(request, line)
        return detail_page(request, filing, line)


def detail_page(
    request: HttpRequest,
    filing: Filing,
    line: Any,
    *,
    problem: str = "",
    attachment_form: AttachmentForm | None = None,
    status: int = 200,
) -> TemplateResponse:
    """The page of one filing; `problem`: why the last step did not happen."""
    reading = read_now(request, filing)
    settled = filing.state in SETTLED
    steps = queries.steps_of(filing)
    returns = queries.returns_of(filing)
    who = staff_names([step.by_id for step in steps] + [r.returned_by_id for r in returns] + [filing.entered_by_id])
    change = may_change(request)
    findings = [] if settled else reading.findings
    errors = sum(1 for finding in findings if finding.level == Level.ERROR)
    second = policies.needs_second_person(filing)
    approves = (
        filing.state == FilingState.WAITING
        and may_decide(request)
        and policies.allows(policies.check_can_approve, filing, findings, clerk_id(request))
        and policies.allows(policies.check_did_not_write, filing, clerk_id(request))
    )
    one_of_many = bool(reading.form.carried_beside) and filing.role == FilingRole.NEW
    goes_on = one_of_many and change and filing.sitting is not None and filing.entered_by_id == clerk_id(request)
    paper = lines(queries.beside(filing), user_id=clerk_id(request), today=timezone.localdate()) if one_of_many else []
    context = {
        "filing": filing,
        "line": line,
        "reading": reading,
        "paper": paper,
        "beside_url": beside_url(filing) if goes_on and filing.state != FilingState.WITHDRAWN else "",
        "sections": sections(reading.form),
        "findings": findings,
        "errors": errors,
        "unreadable": [] if settled or reading.valid else reading.form.summary,
        "settled": settled,
        "steps": [(step, who.get(step.by_id, "")) for step in steps],
        "returns": [(r, who.get(r.returned_by_id, "")) for r in returns],
        "followers": queries.followers_of(filing),
        "attachments": queries.attachments_of(filing),
        "attachment_form": attachment_form or AttachmentForm(),
        "problem": problem,
        "may_send": bool(returns) and may_send(request),
        "may_change": change,
        "second_person": second,
        "can": {
            "edit": change and policies.allows(policies.check_can_edit, filing),
            "process": change and filing.state == FilingState.RECEIVED and not second and not errors,
            "request": change and filing.state == FilingState.RECEIVED and second and not errors,
            "approve": approves,
            "wait": filing.state == FilingState.WAITING and not approves,
            "return": change and policies.allows(policies.check_move, filing, FilingState.RETURNED),
            "resubmit": change and filing.state == FilingState.RETURNED,
            "withdraw": change and policies.allows(policies.check_move, filing, FilingState.WITHDRAWN),
            "correct": change and policies.allows(policies.check_can_correct, filing),
            "cancel": change and policies.allows(policies.check_can_cancel, filing),
            "attach": change and policies.allows(policies.check_can_attach, filing),
            "detach": change and policies.allows(policies.check_can_detach, filing),
        },
        "touched": touched_lines(filing, user_id=clerk_id(request), first=_first_day(filing))
        if filing.role != FilingRole.NEW and not settled
        else [],
        "today": timezone.localdate(),
    }
    return TemplateResponse(request, "members/filings/filing_detail.html", context, status=status)


class FilingStepView(View):
    """A step taken by one button. The sentence of a refusal comes back on the page of the filing."""

    activity = FILING_ADMINISTRATION
    done = ""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        filing = filing_or_404(pk)
        line = line_of(request, filing)
        if line.hidden:
            return protected_page(request, line, status=403)
        form = VersionForm(request.POST)
        if not form.is_valid():
            return detail_page(request, filing, line, problem="画面を開き直して、もう一度選んでください。", status=422)
        try:
            made = self.act(request, filing, form.cleaned_data["version"])
        except actions.StaleFiling as stale:
            if self.already(stale.filing):
                return HttpResponseRedirect(reverse("filings:filing-detail", args=[pk]))
            problem = "開いたあとに、ほかの職員がこの届を動かしました。下の内容を確かめて、もう一度選んでください。"
            return detail_page(request, filing, line, problem=problem, status=409)
        except policies.UnableToMove as unable:
            return detail_page(request, filing_or_404(pk), line, problem=str(unable), status=422)
        if self.done:
            messages.info(request, f"{made.receipt_number} を{self.done}")
        return self.after(made)

    def act(self, request: HttpRequest, filing: Filing, version: int) -> Filing:
        raise NotImplementedError

    def already(self, filing: Filing) -> bool:
        """Whether the filing stands where this step would bring it: a second click."""
        return False

    def after(self, filing: Filing) -> HttpResponse:
        return HttpResponseRedirect(reverse("filings:filing-detail", args=[filing.pk]))


class FilingProcess(FilingStepView):
    """処理: the filing becomes a fact of the register."""

    activity = FILING_ADMINISTRATION
    done = "処理しました。"

    def act(self, request: HttpRequest, filing: Filing, version: int) -> Filing:
        meaning = read_now(request, filing).meaning
        return actions.process(by=request.user, filing_id=filing.pk, version=version, meaning=meaning)

    def already(self, filing: Filing) -> bool:
        return filing.state == FilingState.PROCESSED


class FilingRequest(FilingStepView):
    """承認を求める."""

    activity = FILING_ADMINISTRATION
    done = "承認に回しました。"

    def act(self, request: HttpRequest, filing: Filing, version: int) -> Filing:
        findings = read_now(request, filing).findings
        return actions.request_approval(by=request.user, filing_id=filing.pk, version=version, findings=findings)

    def already(self, filing: Filing) -> bool:
        return filing.state == FilingState.WAITING


class FilingApprove(FilingStepView):
    """承認して処理, by another person than who entered it."""

    activity = FILING_ADMINISTRATION
    operation = "decide"
    done = "承認して処理しました。"

    def act(self, request: HttpRequest, filing: Filing, version: int) -> Filing:
        meaning = read_now(request, filing).meaning
        return actions.approve(by=request.user, filing_id=filing.pk, version=version, meaning=meaning)

    def already(self, filing: Filing) -> bool:
        return filing.state == FilingState.PROCESSED


class FilingWithdraw(FilingStepView):
    """元に戻す: taken back; in a sitting the form comes again with everything that was typed."""

    activity = FILING_ADMINISTRATION

    def act(self, request: HttpRequest, filing: Filing, version: int) -> Filing:
        return actions.withdraw(by=request.user, filing_id=filing.pk, version=version)

    def already(self, filing: Filing) -> bool:
        return filing.state == FilingState.WITHDRAWN

    def after(self, filing: Filing) -> HttpResponse:
        if self.request.POST.get("back") == "old_draft":
            messages.info(self.request, "下書きを取り下げました。内容と経過は「取り下げ」に残っています。")
            return HttpResponseRedirect(f"{reverse('filings:filing-list')}?state=old_draft")
        if self.request.POST.get("again") and filing.sitting and filing.role == FilingRole.NEW:
            url = reverse("filings:filing-enter", args=[filing.kind])
            return HttpResponseRedirect(f"{url}?sitting={filing.sitting}&again={filing.pk}")
        return HttpResponseRedirect(reverse("filings:filing-detail", args=[filing.pk]))


class FilingResubmit(FilingStepView):
    """再提出を受け付ける: the returned filing becomes a draft to be put right."""

    activity = FILING_ADMINISTRATION

    def act(self, request: HttpRequest, filing: Filing, version: int) -> Filing:
        return actions.resubmit(
            by=request.user, filing_id=filing.pk, version=version, received_date=timezone.localdate()
        )

    def after(self, filing: Filing) -> HttpResponse:
        return HttpResponseRedirect(reverse("filings:filing-edit", args=[filing.pk]))


class SentenceStep(View):
    """A step that says why: shows what will happen, asks for the reason."""

    activity = FILING_ADMINISTRATION
    form_class: type[VersionForm] = VersionForm
    to = FilingState.RETURNED
    heading = ""
    lead = ""
    submit = ""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        require_change(request)
        filing = filing_or_404(pk)
        line = line_of(request, filing)
        if line.hidden:
            return protected_page(request, line)
        sentence = self.refusal(filing)
        if sentence:
            return unable_page(request, filing, sentence)
        return self.page(request, filing, line, self.form_class(initial={"version": filing.version}))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        filing = filing_or_404(pk)
        line = line_of(request, filing)
        if line.hidden:
            return protected_page(request, line, status=403)
        form = self.form_class(request.POST)
        if not form.is_valid():
            return self.page(request, filing, line, form, status=422)
        try:
            self.act(request, filing, form.cleaned_data)
        except actions.StaleFiling as stale:
            if stale.filing.state == self.to:
                return HttpResponseRedirect(reverse("filings:filing-detail", args=[pk]))
            data = request.POST.copy()
            data["version"] = str(stale.filing.version)
            form = self.form_class(data)
            form.add_error(
                None, "開いたあとに、ほかの職員がこの届を保存しました。内容を確かめて、もう一度選んでください。"
            )
            return self.page(request, filing, line, form, status=409)
        except policies.UnableToMove as unable:
            form.add_error(None, str(unable))
            return self.page(request, filing, line, form, status=422)
        return HttpResponseRedirect(reverse("filings:filing-detail", args=[pk]))

    def refusal(self, filing: Filing) -> str:
        try:
            policies.check_move(filing, self.to)
        except policies.UnableToMove as unable:
            return str(unable)
        return ""

    def act(self, request: HttpRequest, filing: Filing, values: dict[str, Any]) -> None:
        raise NotImplementedError

    def page(
        self, request: HttpRequest, filing: Filing, line: Any, form: VersionForm, *, status: int = 200
    ) -> TemplateResponse:
        context = {
            "filing": filing,
            "line": line,
            "form": form,
            "heading": f"{filing.title} {filing.receipt_number} の{self.heading}",
            "lead": self.lead,
            "submit": self.submit,
        }
        return TemplateResponse(request, "members/filings/filing_step.html", context, status=status)


class FilingReturnView(SentenceStep):
    """返戻."""

    activity = FILING_ADMINISTRATION
    form_class = ReturnForm
    to = FilingState.RETURNED
    heading = "返戻"
    lead = (
        "届を事業所に返します。理由と伝えることは、返戻の通知に載ります。再提出されたら、同じ受付番号で続けられます。"
    )
    submit = "返戻する"

    def act(self, request: HttpRequest, filing: Filing, values: dict[str, Any]) -> None:
        actions.return_to_employer(
            by=request.user,
            filing_id=filing.pk,
            version=values["version"],
            reason=values["reason"],
            sentence=values["sentence"],
            today=timezone.localdate(),
        )


class FilingSendBack(SentenceStep):
    """差し戻し: the person who approves asks the clerk to put something right."""

    activity = FILING_ADMINISTRATION
    operation = "decide"
    form_class = SendBackForm
    to = FilingState.RECEIVED
    heading = "差し戻し"
    lead = "承認せずに、入力した職員に戻します。"
    submit = "差し戻す"

    def act(self, request: HttpRequest, filing: Filing, values: dict[str, Any]) -> None:
        actions.send_back(by=request.user, filing_id=filing.pk, version=values["version"], sentence=values["sentence"])


MOST_PROCESSED = 50


def _as_seen(value: str) -> tuple[int | None, int | None]:
    """(filing, the version the list showed) of a ticked line: `12-3`."""
    pk, _dash, version = value.partition("-")
    return integer(pk), integer(version)


class FilingProcessMany(View):
    """Process the chosen filings of a page, each by itself: one that cannot be processed says why and stays."""

    activity = FILING_ADMINISTRATION

    def post(self, request: HttpRequest) -> HttpResponse:
        chosen = dict(_as_seen(value) for value in request.POST.getlist("filing"))
        employers = register.employers_by_symbol()
        done: list[Filing] = []
        left: list[tuple[Filing, str]] = []
        for pk, version in list(chosen.items())[:MOST_PROCESSED]:
            filing = queries.filing_of(pk) if pk is not None else None
            if filing is None:
                continue
            line = line_of(request, filing)
            if line.hidden:
                left.append((filing, f"指名された担当者だけが扱えます。{line.whom}"))
                continue
            reading = read_now(request, filing, employers=employers)
            try:
                done.append(
                    actions.process(
                        by=request.user,
                        filing_id=filing.pk,
                        version=version or 0,
                        meaning=reading.meaning,
                    )
                )
            except policies.UnableToMove as unable:
                left.append((filing, str(unable)))
        context = {"done": done, "left": left, "today": timezone.localdate()}
        return TemplateResponse(request, "members/filings/filing_processed.html", context)
