"""口座: of one member with their history, those that wait for a second person, and the full number on request."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views import View

from kumiai.accounts.login import clerk_id
from kumiai.accounts.queries import staff_names
from kumiai.accounts.step_up import StepUp
from members.enrollment.views.frame import frame, may_change, person_or_404, protected_page
from members.payments.actions import accounts as actions
from members.payments.actions import endings
from members.payments.activities import BENEFIT_PAYMENT
from members.payments.enums import AccountState
from members.payments.forms import AccountForm, EndForm, ReasonForm
from members.payments.models import BankAccount, Payment
from members.payments.policies import Stale, UnableToPay
from members.payments.presentation import account_status, payment_status
from members.payments.queries import accounts as queries
from members.payments.queries import find_bank, find_branch
from members.payments.queries.history import account_changes
from members.payments.queries.payments import payments_to
from members.payments.sources import source_of
from members.payments.views.frame import listing, may_do, people_of, tabs, today


def account_or_404(pk: int) -> BankAccount:
    account = queries.account(pk)
    if account is None:
        raise Http404("この番号の口座はありません。")
    return account


def line_of(account: BankAccount, names: dict[int, str]) -> dict[str, Any]:
    bank, branch = find_bank(account.bank_code), find_branch(account.bank_code, account.branch_code)
    return {
        "row": account,
        "bank": bank.name if bank else account.bank_code,
        "branch": branch.name if branch else account.branch_code,
        "status": account_status(account.state),
        "by": names.get(account.proposed_by_id, "―"),
        "decided_by": names.get(account.decided_by_id or 0, ""),
        "waits": account.state == AccountState.PROPOSED,
        "ending": account.ending,
        "ending_by": names.get(account.ending_by_id or 0, ""),
        "ended_by": names.get(account.ended_by_id or 0, ""),
        "may_end": may_end(account),
    }


def may_end(account: BankAccount) -> bool:
    """Whether an end can be entered: of an account in use or to come, whose end is not entered yet."""
    over = account.period.upper is not None and account.period.upper <= today()
    return account.state == AccountState.CONFIRMED and account.ending_date is None and not over


def payment_line(payment: Payment) -> dict[str, Any]:
    source = source_of(payment.source)
    return {"row": payment, "what": source.title if source else "―", "status": payment_status(payment.state)}


class AccountWaiting(View):
    """確認待ちの口座."""

    activity = BENEFIT_PAYMENT

    def get(self, request: HttpRequest) -> HttpResponse:
        rows, bar = listing(request, queries.waiting(user_id=clerk_id(request)), unit="件")
        people = people_of(request, [row.member_id for row in rows])
        names = staff_names([pk for row in rows for pk in (row.proposed_by_id, row.ending_by_id) if pk])
        context = bar | {
            "tabs": tabs("account-waiting"),
            "lines": [(line_of(row, names), people.get(row.member_id)) for row in rows],
        }
        return TemplateResponse(request, "members/payments/account_waiting.html", context)


class MemberAccounts(View):
    """一人の口座: its periods, and the form for a new one."""

    activity = BENEFIT_PAYMENT

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        asked = request.GET.get("end", "")
        return show(request, pk, AccountForm(), ending=int(asked) if asked.isdecimal() and len(asked) < 19 else 0)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = AccountForm(request.POST)
        if form.is_valid():
            try:
                actions.propose_account(by=request.user, member_id=pk, typed=actions.Typed(**form.cleaned_data))
            except UnableToPay as unable:
                form.add_error(None, str(unable))
            else:
                messages.success(request, "口座を入力しました。別の職員が確認すると、支払に使えます。")
                return HttpResponseRedirect(reverse("payments:member-accounts", args=[pk]))
        return show(request, pk, form, status=422)


def show(
    request: HttpRequest, member_id: int, form: AccountForm, *, problem: str = "", number: str = "", revealed: int = 0,
    end_form: EndForm | None = None, ending: int = 0, status: int = 200,
) -> HttpResponse:  # fmt: skip
    person = person_or_404(request, member_id, today())
    if not person.visible:
        return protected_page(request, person)
    found = queries.accounts_of(member_id)
    changes = account_changes(member_id)
    staff = [pk for row in found for pk in (row.proposed_by_id, row.decided_by_id, row.ending_by_id, row.ended_by_id)]
    names = staff_names([pk for pk in (*staff, *(change.user_id for change in changes)) if pk])
    to_end = next((row for row in found if row.pk == ending and (may_end(row) or end_form)), None)
    context = frame(person, current="", screen="口座", change=may_change(request)) | {
        "member_id": member_id,
        "lines": [line_of(row, names) for row in found],
        "changes": [(change, names.get(change.user_id or 0, "")) for change in changes],
        "payments": [payment_line(row) for row in payments_to(member_id)],
        "form": form,
        "end_form": end_form or EndForm(initial={"version": to_end.version if to_end else 0}),
        "ending": to_end,
        "problem": problem,
        "number": number,
        "revealed": revealed,
        "may_type": may_do(request),
        "may_decide": may_do(request, "decide"),
        "clerk": clerk_id(request),
    }
    return TemplateResponse(request, "members/payments/member_accounts.html", context, status=status)


class AccountPreview(View):
    """What the bank will read, of a form that is not saved yet: bank and branch by name, the holder as the record writes it."""

    activity = BENEFIT_PAYMENT
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        person = person_or_404(request, pk, today())
        if not person.visible:
            return HttpResponse(status=204)
        form = AccountForm(request.POST)
        form.is_valid()
        read = actions.read_back(form.cleaned_data, person.member)
        return TemplateResponse(request, "members/payments/fragments/account_preview.html", {"read": read})


class MemberAccount(View):
    """口座 of one member, for their page: the account in use, masked, and the way to enter one. Empty for a clerk who is not
    named for a protected member."""

    activity = BENEFIT_PAYMENT

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not person_or_404(request, pk, today()).visible:
            return HttpResponse(status=204)  # the page leaves no hole
        rows = (queries.in_use(pk, today()), queries.proposed(pk))
        context = {"lines": [line_of(row, {}) for row in rows if row is not None], "member_id": pk}
        return TemplateResponse(request, "members/payments/fragments/member_account.html", context)


class AccountDecision(View):
    """確認 or 差し戻し of a waiting account."""

    activity = BENEFIT_PAYMENT
    http_method_names = ["post"]
    done = ""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        account = account_or_404(pk)
        form = ReasonForm(request.POST)
        problem, status = "画面を開き直して、もう一度行ってください。", 422
        if form.is_valid():
            try:
                self.act(request, pk, form.cleaned_data)
            except UnableToPay as unable:
                problem, status = str(unable), 409 if isinstance(unable, Stale) else 422
            else:
                messages.success(request, self.done)
                return HttpResponseRedirect(reverse("payments:member-accounts", args=[account.member_id]))
        return show(request, account.member_id, AccountForm(), problem=problem, status=status)

    def act(self, request: HttpRequest, pk: int, given: dict[str, Any]) -> None:
        raise NotImplementedError


class AccountConfirm(AccountDecision):
    operation = "decide"
    done = "口座を確認しました。次の支払から使います。"

    def act(self, request: HttpRequest, pk: int, given: dict[str, Any]) -> None:
        actions.confirm_account(by=request.user, account_id=pk, version=given["version"])


class AccountReject(AccountDecision):
    done = "口座を差し戻しました。"

    def act(self, request: HttpRequest, pk: int, given: dict[str, Any]) -> None:
        actions.reject_account(by=request.user, account_id=pk, version=given["version"], reason=given["reason"])


class AccountEnd(AccountDecision):
    """終わりの入力."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        account = account_or_404(pk)
        form = EndForm(request.POST)
        problem, status = "", 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                endings.propose_end(
                    by=request.user, account_id=pk, version=given["version"], end=given["end"], reason=given["reason"]
                )
            except UnableToPay as unable:
                problem, status = str(unable), 409 if isinstance(unable, Stale) else 422
            else:
                messages.success(request, "口座の終わりを入力しました。別の職員が確認するまで、ここには支払いません。")
                return HttpResponseRedirect(reverse("payments:member-accounts", args=[account.member_id]))
        return show(request, account.member_id, AccountForm(), problem=problem, end_form=form, ending=pk, status=status)


class AccountEndConfirm(AccountDecision):
    operation = "decide"
    done = "口座を終わらせました。"

    def act(self, request: HttpRequest, pk: int, given: dict[str, Any]) -> None:
        endings.confirm_end(by=request.user, account_id=pk, version=given["version"])


class AccountEndWithdraw(AccountDecision):
    done = "口座の終わりを取り下げました。この口座に支払います。"

    def act(self, request: HttpRequest, pk: int, given: dict[str, Any]) -> None:
        endings.withdraw_end(by=request.user, account_id=pk, version=given["version"])


class AccountReveal(StepUp, View):
    """口座番号の全部, after the second factor was shown again. The access log names the person."""

    activity = BENEFIT_PAYMENT
    operation = "view"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        account = account_or_404(pk)
        person = person_or_404(request, account.member_id, today())
        if not person.visible:
            return protected_page(request, person)
        number = actions.reveal_number(by=request.user, account_id=pk)
        answer = show(request, account.member_id, AccountForm(), number=number, revealed=pk)
        answer.headers["Cache-Control"] = "no-store"
        return answer
