"""支払の回: the list, and one run from collecting to the result."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views import View

from kumiai.accounts.login import clerk_id
from kumiai.accounts.queries import staff_names
from kumiai.ui.formats import format_wareki
from members.payments.actions import results, runs
from members.payments.activities import BENEFIT_PAYMENT
from members.payments.enums import PaymentState, RunKind, RunState
from members.payments.forms import CollectForm, ResultForm, VersionForm
from members.payments.models import Payment, PaymentRun
from members.payments.policies import Stale, UnableToPay
from members.payments.presentation import payment_status, run_status, steps, told
from members.payments.queries import runs as queries
from members.payments.queries.accounts import waiting as waiting_accounts
from members.payments.queries.calendar import next_bank_day, pay_day, payer_of
from members.payments.views.frame import listing, may_do, people_of, tabs, today
from privacy.outputs import queries as door
from privacy.outputs.kinds import kind_of
from privacy.seen import population

MOST_BYTES = 30_000_000


def run_or_404(pk: int) -> PaymentRun:
    run = queries.run_of(pk)
    if run is None:
        raise Http404("この番号の回はありません。")
    return run


class RunList(View):
    """支払の回の一覧, and what waits to be paid."""

    activity = BENEFIT_PAYMENT

    def get(self, request: HttpRequest) -> HttpResponse:
        form = CollectForm(initial={"day": next_bank_day(today())})
        return self.show(request, form)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = CollectForm(request.POST)
        if form.is_valid():
            given = form.cleaned_data
            try:
                run = runs.collect_run(
                    by=request.user, kind=given["kind"], day=given["day"], key=given["key"], today=today()
                )
            except UnableToPay as unable:
                form.add_error("day", str(unable))
            else:
                moved = (
                    f"{format_wareki(given['day'])}は銀行が休みなので、振込日を{format_wareki(run.payment_date)}にしました。"
                    if run.payment_date != given["day"]
                    else ""
                )
                messages.success(request, f"{run.count:,}件 {run.amount:,}円を集計しました。{moved}点検してください。")
                return HttpResponseRedirect(reverse("payments:run-detail", args=[run.pk]))
        return self.show(request, form, status=422)

    def show(self, request: HttpRequest, form: CollectForm, *, status: int = 200) -> HttpResponse:
        rows, bar = listing(request, PaymentRun.objects.order_by("-payment_date", "-pk"), unit="回", personal=False)
        given = form.cleaned_data if form.is_bound else {}
        kind = given.get("kind") or RunKind.GENERAL
        payer = payer_of(kind)
        pay = pay_day(given.get("day") or next_bank_day(today()), previous=payer is None or payer.moves_back)
        left, left_total = queries.left_out(pay, kind=kind, user_id=clerk_id(request))
        people = people_of(request, [one.member_id for one in left])
        context = bar | {
            "tabs": tabs("run-list"),
            "form": form,
            "runs": [(run, run_status(run.state)) for run in rows],
            "due": queries.totals_of(queries.due(pay.until)),
            "day": pay.until,
            "left": [(one, people.get(one.member_id or 0)) for one in left],
            "left_total": left_total,
            "may_change": may_do(request),
        }
        return TemplateResponse(request, "members/payments/run_list.html", context, status=status)


class PaymentHome(View):
    """口座・支払 on the first page: what waits, as counts, each leading to its list."""

    activity = BENEFIT_PAYMENT

    def get(self, request: HttpRequest) -> HttpResponse:
        waiting = waiting_accounts(user_id=clerk_id(request)).count()
        population("確認待ちの口座", waiting)
        payer = payer_of(RunKind.GENERAL)
        pay = pay_day(next_bank_day(today()), previous=payer is None or payer.moves_back)
        context = {"open": queries.open_work(pay.until), "day": pay.day, "accounts": waiting}
        return TemplateResponse(request, "members/payments/fragments/payment_home.html", context)


class RunDetail(View):
    """支払の回の一件."""

    activity = BENEFIT_PAYMENT

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return show(request, run_or_404(pk))


def show(
    request: HttpRequest, run: PaymentRun, *, problem: str = "", faults: Any = (), status: int = 200
) -> HttpResponse:
    rows, bar = listing(request, queries.payments_in(run), unit="件")
    people = people_of(request, [row.member_id for row in rows])
    staff = [run.collected_by_id, run.checked_by_id, run.approved_by_id, run.written_by_id]
    mine = clerk_id(request) in (run.collected_by_id, run.checked_by_id)
    gone = run.state == RunState.WRITTEN and runs.file_gone(run)
    payer = payer_of(run.kind)
    context = bar | {
        "tabs": tabs("run-list"),
        "run": run,
        "status": run_status(run.state),
        "steps": steps(run, staff_names([pk for pk in staff if pk])),
        "lines": [
            (
                row,
                people.get(row.member_id),
                payment_status(row.state),
                told(row, payer.result_place if payer else None),
            )
            for row in rows
        ],
        "problem": problem,
        "faults": list(faults)[:50],
        "fault_count": len(faults),
        "mine": mine,
        "may_change": may_do(request),
        "may_decide": may_do(request, "decide"),
        "may_export": may_do(request, "export"),
        "can_cancel": run.state in (RunState.COLLECTING, RunState.CHECKED, RunState.APPROVED) or gone,
        "gone": gone,
        "banks": door.recipients_for(kind_of(runs.FILE), today()) if run.state == RunState.APPROVED or gone else [],
        "result_form": ResultForm(),
    }
    return TemplateResponse(request, "members/payments/run_detail.html", context, status=status)


class RunStep(View):
    """One step of a run: done, and back to its page; what hinders it is said there."""

    activity = BENEFIT_PAYMENT
    http_method_names = ["post"]
    done = ""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = run_or_404(pk)
        form = VersionForm(request.POST)
        if not form.is_valid():
            return show(request, run, problem="画面を開き直して、もう一度行ってください。", status=422)
        try:
            self.act(request, pk, form.cleaned_data["version"])
        except UnableToPay as unable:
            status = 409 if isinstance(unable, Stale) else 422
            return show(request, run_or_404(pk), problem=str(unable), status=status)
        messages.success(request, self.done)
        return HttpResponseRedirect(reverse("payments:run-detail", args=[pk]))

    def act(self, request: HttpRequest, pk: int, version: int) -> None:
        raise NotImplementedError


class RunCheck(RunStep):
    done = "点検しました。別の職員が承認します。"

    def act(self, request: HttpRequest, pk: int, version: int) -> None:
        runs.check_run(by=request.user, run_id=pk, version=version)


class RunApprove(RunStep):
    operation = "decide"
    done = "承認しました。銀行に渡すファイルを作れます。"

    def act(self, request: HttpRequest, pk: int, version: int) -> None:
        runs.approve_run(by=request.user, run_id=pk, version=version)


class RunCancel(RunStep):
    done = "回を取りやめました。中の支払は、支払待ちに戻りました。"

    def act(self, request: HttpRequest, pk: int, version: int) -> None:
        runs.cancel_run(by=request.user, run_id=pk, version=version)


class RunWrite(RunStep):
    operation = "export"
    done = "ファイルを作っています。受け渡しの画面で、二人目が確かめてから取り出します。"

    def act(self, request: HttpRequest, pk: int, version: int) -> None:
        bank = request.POST.get("bank", "")
        recipient = int(bank) if bank.isascii() and bank.isdigit() and len(bank) < 10 else 0
        runs.write_run(by=request.user, run_id=pk, version=version, recipient_id=recipient, today=today())


class RunResult(View):
    """振込結果の取り込み."""

    activity = BENEFIT_PAYMENT
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = run_or_404(pk)
        form = ResultForm(request.POST, request.FILES)
        if not form.is_valid():
            return show(request, run, problem="振込結果のファイルを選んでください。", status=422)
        given = form.cleaned_data["file"]
        if given.size > MOST_BYTES:
            return show(request, run, problem="ファイルが大きすぎます（30MBまで）。", status=422)
        try:
            taken = results.import_result(by=request.user, run_id=pk, body=given.read(), today=today())
        except results.BadResult as bad:
            return show(request, run, problem=str(bad), faults=bad.problems, status=422)
        except UnableToPay as unable:
            return show(request, run, problem=str(unable), status=422)
        messages.success(
            request,
            f"結果を取り込みました。振り込まれた{taken.paid_count:,}件、戻された{taken.returned_count:,}件です。",
        )
        return HttpResponseRedirect(reverse("payments:run-detail", args=[pk]))


class PaymentStep(View):
    """組戻し and 再支払 of one payment of a run."""

    activity = BENEFIT_PAYMENT
    http_method_names = ["post"]
    done = ""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        payment = Payment.objects.filter(pk=pk, state__in=PaymentState.values).first()
        if payment is None or payment.run_id is None:
            raise Http404("この番号の支払は、回に入っていません。")
        try:
            self.act(request, payment, today())
        except UnableToPay as unable:
            return show(request, run_or_404(payment.run_id), problem=str(unable), status=422)
        messages.success(request, self.done)
        return HttpResponseRedirect(reverse("payments:run-detail", args=[payment.run_id]))

    def act(self, request: HttpRequest, payment: Payment, day: date) -> None:
        raise NotImplementedError


class PaymentReturn(PaymentStep):
    done = "組戻しを登録しました。口座を確かめて、再支払にしてください。"

    def act(self, request: HttpRequest, payment: Payment, day: date) -> None:
        results.return_payment(by=request.user, payment_id=payment.pk, today=day)


class PaymentAgain(PaymentStep):
    done = "再支払にしました。次の回に入ります。"

    def act(self, request: HttpRequest, payment: Payment, day: date) -> None:
        results.repay(by=request.user, payment_id=payment.pk, due_date=day)
