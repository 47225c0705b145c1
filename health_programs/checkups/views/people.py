"""One person: results over the years, and what was booked and issued."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from health_programs.checkups import activities
from health_programs.checkups.actions import bookings, targets
from health_programs.checkups.actions import results as result_actions
from health_programs.checkups.enums import Exclusion, VoucherState
from health_programs.checkups.forms import BookingForm, ExclusionForm, ReasonForm
from health_programs.checkups.measures import MEASURE
from health_programs.checkups.policies import UnableToMove
from health_programs.checkups.presentation import sheet
from health_programs.checkups.presentation.status import VOUCHER, status
from health_programs.checkups.queries import results
from health_programs.checkups.queries import targets as queries
from health_programs.checkups.rules.ages import fiscal_year
from health_programs.checkups.views.frame import PersonAction, PersonScreen, may_do, require, visible_or_refused
from kumiai.ui.paging import integer


def sheet_of(request: HttpRequest, pk: int) -> dict[str, Any]:
    """The result of the year asked for (the latest otherwise), with four years before it."""
    found = results.results_of(pk)
    wanted = integer(request.GET.get("year"))
    chosen = next((one for one in found if one.fiscal_year == wanted), found[0] if found else None)
    if chosen is None:
        return {"result": None}
    place = found.index(chosen)
    return {
        "result": chosen,
        "rows": sheet.rows_of(chosen, found[place + 1 :]),
        "answers": sheet.answers_of(chosen),
        "others": sheet.others_of(chosen),
        "years": [(one.fiscal_year, one.pk == chosen.pk) for one in reversed(found[: results.YEARS_SHOWN])],
        "missing": [
            MEASURE[key].label if key in MEASURE else sheet.ANSWER_WORDS.get(key, (key,))[0] for key in chosen.missing
        ],
    }


class PersonResults(PersonScreen):
    """健診結果."""

    activity = activities.CHECKUP_ADMINISTRATION
    current = "person"
    template_name = "health_programs/checkups/person_results.html"

    def content(self, request: HttpRequest, pk: int) -> dict[str, Any]:
        content = sheet_of(request, pk)
        if content["result"] is not None:
            content["submitted"] = results.submitted_of(content["result"].pk)
            content["may_notify"] = may_do(request, activities.RESULT_NOTICE, "export")
        return content


class PersonPlan(PersonScreen):
    """申込・受診券."""

    activity = activities.CHECKUP_ADMINISTRATION
    current = "person-plan"
    template_name = "health_programs/checkups/person_plan.html"

    def content(self, request: HttpRequest, pk: int) -> dict[str, Any]:
        year = fiscal_year(timezone.localdate())
        due = queries.targets_of(pk)
        vouchers = queries.vouchers_of(pk)
        return {
            "year": year,
            "may_hand_out": may_do(request, self.activity, "export"),
            "due_now": [row for row in due if row.fiscal_year == year and not row.gone],
            "due_before": [row for row in due if row.fiscal_year != year or row.gone],
            "bookings": queries.bookings_of(pk),
            "vouchers": [(row, status(VoucherState, row.state, VOUCHER)) for row in vouchers],
            "exclusions": queries.exclusions_of(pk),
            "booking_form": _booking_form(),
            "exclusion_form": ExclusionForm(),
            "reason_form": ReasonForm(),
        }


def _booking_form(*args: Any) -> BookingForm:
    return BookingForm(*args, kinds=queries.kinds(), places=queries.institutions())


class BookingAdd(PersonScreen):
    """予約を受ける. What was typed comes back with what is wrong."""

    activity = activities.CHECKUP_ADMINISTRATION
    current = "person-plan"
    template_name = "health_programs/checkups/booking_form.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        require(request, self.activity)
        return self.page(request, pk, form=_booking_form())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        visible_or_refused(request, pk, self.activity)
        form = _booking_form(request.POST)
        if form.is_valid():
            given = form.cleaned_data
            try:
                bookings.book(
                    by=request.user, member_id=pk, kind=given["kind"], institution=given["institution"],
                    day=given["day"], note=given["note"],
                )  # fmt: skip
            except UnableToMove as unable:
                form.add_error("day", str(unable))
            else:
                messages.success(request, "予約を受け付けました。")
                return redirect("checkups:person-plan", pk=pk)
        return self.page(request, pk, status=422, form=form)

    def content(self, request: HttpRequest, pk: int) -> dict[str, Any]:
        return {"due_now": [row for row in queries.targets_of(pk) if not row.gone][:3]}


class BookingCancel(PersonAction):
    """予約を取り消す."""

    activity = activities.CHECKUP_ADMINISTRATION
    to, done = "person-plan", "予約を取り消しました。"

    def act(self, request: HttpRequest, pk: int, **places: int) -> None:
        bookings.cancel_booking(by=request.user, booking_id=places["booking"], member_id=pk)


class BookingAttend(PersonAction):
    """受診した, for kinds without a result of 特定健診."""

    activity = activities.CHECKUP_ADMINISTRATION
    to, done = "person-plan", "受診済みにしました。"

    def act(self, request: HttpRequest, pk: int, **places: int) -> None:
        bookings.attend_booking(by=request.user, booking_id=places["booking"], member_id=pk, today=timezone.localdate())


class VoucherIssue(PersonAction):
    """受診券を交付する."""

    activity = activities.CHECKUP_ADMINISTRATION
    to, done = "person-plan", "受診券を交付しました。"

    def act(self, request: HttpRequest, pk: int, **places: int) -> None:
        kind = next((one for one in queries.kinds() if one.pk == places["kind"]), None)
        if kind is None:
            raise UnableToMove("この健診の種類は使っていません。")
        bookings.issue_voucher(
            by=request.user, member_id=pk, fiscal_year=places["year"], kind=kind, today=timezone.localdate()
        )


class VoucherRecall(PersonAction):
    """受診券を無効にする."""

    activity = activities.CHECKUP_ADMINISTRATION
    to, done = "person-plan", "受診券を無効にしました。もう一度交付できます。"

    def act(self, request: HttpRequest, pk: int, **places: int) -> None:
        form = ReasonForm(request.POST)
        if not form.is_valid():
            raise UnableToMove("無効にする理由を入力してください。")
        bookings.recall_voucher(
            by=request.user, voucher_id=places["voucher"], member_id=pk, reason=form.cleaned_data["reason"]
        )


class ExclusionAdd(PersonAction):
    """対象から除く."""

    activity = activities.CHECKUP_ADMINISTRATION
    to, done = "person-plan", "対象から除きました。"

    def act(self, request: HttpRequest, pk: int, **places: int) -> None:
        form = ExclusionForm(request.POST)
        if not form.is_valid() or form.cleaned_data["reason"] not in Exclusion.values:
            raise UnableToMove("除く理由を選んでください。")
        targets.exclude(
            by=request.user, member_id=pk, fiscal_year=places["year"], reason=form.cleaned_data["reason"],
            note=form.cleaned_data["note"],
        )  # fmt: skip


class ExclusionEnd(PersonAction):
    """除外を取り消す."""

    activity = activities.CHECKUP_ADMINISTRATION
    to, done = "person-plan", "除外を取り消しました。"

    def act(self, request: HttpRequest, pk: int, **places: int) -> None:
        targets.end_exclusion(by=request.user, exclusion_id=places["exclusion"], member_id=pk)


class ResultWithdraw(PersonAction):
    """結果を取り下げる."""

    activity = activities.CHECKUP_ADMINISTRATION
    to, done = "person", "結果を取り下げました。"

    def act(self, request: HttpRequest, pk: int, **places: int) -> None:
        _own(pk, places["result"])
        result_actions.withdraw(by=request.user, result_id=places["result"])


class ResultUnmatch(PersonAction):
    """本人の確認を取り消す."""

    activity = activities.CHECKUP_ADMINISTRATION
    to, done = "person", "本人の確認を取り消し、「本人が未確認」に戻しました。"

    def act(self, request: HttpRequest, pk: int, **places: int) -> None:
        _own(pk, places["result"])
        result_actions.unmatch(by=request.user, result_id=places["result"])


def _own(member_id: int, result_id: int) -> None:
    """A result is moved from its own person's page only."""
    result = results.result_of(result_id)
    if result is None or result.member_id != member_id:
        raise UnableToMove("この人の結果ではありません。")
