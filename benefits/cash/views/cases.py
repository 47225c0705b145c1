"""申請の一覧, the search, and the way in: which kind, for whom."""

from __future__ import annotations

import re
import unicodedata
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views import View

from benefits.cash import choices
from benefits.cash.actions import deciding
from benefits.cash.activities import CASH_BENEFITS
from benefits.cash.forms import FindForm, NewCaseForm
from benefits.cash.models import Case
from benefits.cash.policies import UnableToProcess
from benefits.cash.presentation import GROUPS, status
from benefits.cash.queries import cases as queries
from benefits.cash.rules.kinds import Kind
from benefits.cash.rules.states import State
from benefits.cash.views.frame import ACTIVITIES, case_url, listing, may_do, people_of, tabs, today
from kumiai.accounts.login import clerk_id
from kumiai.ui.paging import integer
from members.enrollment import queries as register
from members.enrollment.presentation.person import identity
from members.enrollment.views.frame import person_or_404, protected_page
from members.payments.rules.days import transfer_day

FOLDERS = {
    "review": ("受付・審査", "書類を確かめ、計算して、決裁に回す申請です。処理の期限の近い順に並びます。"),
    "decide": ("決裁待ち", "決裁に回した人とは別の職員が、支給か不支給を決定する申請です。"),
    "withheld": ("保留", "保留した理由がなくなったら、保留を解いて審査を続けます。"),
    "pay": ("支払", "支給を決定し、まだ支払が終わっていない申請です。"),
    "recover": ("返納", "返納を決定し、まだ全額が戻っていない申請です。"),
    "done": ("終わった申請", "支払済み・不支給・完了・取下げの申請です。受付日の新しい順に並びます。"),
    "all": ("すべて", "すべての申請です。受付日の新しい順に並びます。"),
}
NUMBER = re.compile(r"R\d{1,2}-\d{1,6}\Z", re.IGNORECASE)


class CaseList(View):
    """申請の一覧."""

    activity = CASH_BENEFITS

    def get(self, request: HttpRequest) -> HttpResponse:
        return show(request)


def show(request: HttpRequest, *, terms: str = "", found: Any = None, problem: str = "", status_code: int = 200) -> HttpResponse:  # fmt: skip
    folder = request.GET.get("folder", "review")
    folder = folder if folder in FOLDERS else "review"
    kind = request.GET.get("kind", "")
    kind = kind if kind in [one.value for one in choices.APPLIED_FOR] else ""
    user_id = clerk_id(request)

    def url(**changes: Any) -> str:
        values = {"folder": folder, "kind": kind} | changes
        return "?" + urlencode({name: value for name, value in values.items() if value})

    counts = queries.folder_counts(kind=kind, user_id=user_id)
    rows, bar = listing(
        request, queries.worklist(folder=folder, kind=kind, user_id=user_id), lambda n: url(page=n if n > 1 else "")
    )
    context = bar | lines(request, rows) | {
        "tabs": tabs("case-list"),
        "folder": folder,
        "lead": FOLDERS[folder][1],
        "folders": [
            {"code": code, "label": word, "count": counts[code], "url": url(folder=code), "current": code == folder}
            for code, (word, _lead) in FOLDERS.items()
        ],
        "hidden": counts["hidden"],
        "kind": kind,
        "kinds": choices.APPLICATION_CHOICES,
        "terms": terms,
        "found": found,
        "problem": problem,
        "form": NewCaseForm(),
        "may_change": may_do(request, CASH_BENEFITS),
        "today": today(),
        "pay_day": transfer_day(today(), frozenset()),
    }  # fmt: skip
    return TemplateResponse(request, "benefits/cash/case_list.html", context, status=status_code)


def lines(request: HttpRequest, rows: list[Case]) -> dict[str, Any]:
    """Cases as lines of a table."""
    people = people_of(request, [pk for row in rows for pk in (row.member_id, row.patient_id)])
    amounts = queries.last_amounts([row.pk for row in rows])
    return {
        "lines": [
            {
                "case": row,
                "url": case_url(row),
                "person": people.get(row.member_id),
                "patient": people.get(row.patient_id) if row.patient_id != row.member_id else None,
                "status": status(row.state),
                "amount": amounts.get(row.pk),
                "late": row.state in queries.FOLDERS["review"] and row.due_date < today(),
                "payable": row.state == State.APPROVED,
            }
            for row in rows
        ]
    }


class DifferenceList(View):
    """再計算の差: decided cases that come out otherwise now."""

    activity = CASH_BENEFITS

    def get(self, request: HttpRequest) -> HttpResponse:
        rows, bar = listing(request, queries.differences(clerk_id(request)), lambda n: f"?page={n}" if n > 1 else "?")
        people = people_of(request, [row.member_id for row in rows])
        context = bar | {
            "tabs": tabs("difference-list"),
            "lines": [(row, people.get(row.member_id), case_url(row.case)) for row in rows],
            "works": [(group, activity.title) for group, activity in ACTIVITIES.items() if may_do(request, activity)],
        }
        return TemplateResponse(request, "benefits/cash/difference_list.html", context)


class CaseFind(View):
    """探す: 受付番号, 記号-番号, カナ or 生年月日; posted, so that no number of a person stands in an address."""

    activity = CASH_BENEFITS
    operation = "view"
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        form = FindForm(request.POST)
        form.is_valid()
        typed = unicodedata.normalize("NFKC", form.cleaned_data.get("terms", "")).strip()
        if not typed:
            problem = "受付番号、記号・番号、カナ、生年月日のどれかを入力してください。"
            return show(request, problem=problem, status_code=422)
        if NUMBER.match(typed):
            head, _, tail = typed.upper().partition("-")
            case = queries.case_by_number(f"{head}-{tail.zfill(6)}")
            if case is not None:
                return HttpResponseRedirect(case_url(case))
            return show(request, terms=typed, problem="この受付番号の申請はありません。")
        found = register.member_list(user_id=clerk_id(request), on=today(), state="all", terms=typed)
        if found.exact is not None:
            return HttpResponseRedirect(reverse("cash:person-cases", args=[found.exact]))
        problem = found.problem
        if not problem and not found.rows:
            problem = "あてはまる人はいません。番号、カナ、生年月日を確かめてください。"
        return show(request, terms=typed, found=found.rows, problem=problem)


class PersonCases(View):
    """一人の申請, of the insured person and about them."""

    activity = CASH_BENEFITS

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        person = person_or_404(request, pk, today())
        if not person.visible:
            return protected_page(request, person)
        found = queries.worklist(folder="all", user_id=clerk_id(request), member_ids=[pk])
        rows, bar = listing(request, found, lambda n: f"?page={n}" if n > 1 else "?")
        context = bar | lines(request, rows) | {
            "tabs": tabs(""),
            "person": identity(person),
            "form": NewCaseForm(initial={"number": person.member.card_number}),
            "may_write": may_do(request, CASH_BENEFITS),
        }  # fmt: skip
        return TemplateResponse(request, "benefits/cash/person_cases.html", context)


def split_number(typed: str) -> tuple[str, str, str | None] | None:
    """記号, 番号 and 枝番 as typed, in any width; None when it is not a number."""
    text = re.sub(r"[\s‐‑–—―−ー－]+", "-", unicodedata.normalize("NFKC", typed).strip())
    parts = [part for part in text.split("-") if part]
    if len(parts) not in (2, 3) or not all(re.fullmatch(r"[0-9A-Za-zぁ-んァ-ヶ一-龠]+", part) for part in parts):
        return None
    return parts[0], parts[1], parts[2] if len(parts) == 3 else None


class CaseNew(View):
    """受付の入口: the kind and the number; then the form of the kind."""

    activity = CASH_BENEFITS
    operation = "change"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(request, NewCaseForm())

    def page(self, request: HttpRequest, form: NewCaseForm, status_code: int = 200) -> HttpResponse:
        context = {"form": form, "tabs": tabs("")}
        return TemplateResponse(request, "benefits/cash/case_new.html", context, status=status_code)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = NewCaseForm(request.POST)
        if not form.is_valid():
            return self.page(request, form, 422)
        kind, split = Kind(form.cleaned_data["kind"]), split_number(form.cleaned_data["number"])
        if split is None:
            form.add_error("number", "記号と番号の間に「-」を入れて、12-3456 のように入力してください。")
            return self.page(request, form, 422)
        member = register.find_by_number(*split)
        if member is None:
            form.add_error("number", "この番号の加入者はいません。番号を確かめてください。")
            return self.page(request, form, 422)
        family = kind in choices.FAMILY
        if family and member.insured_id is None:
            form.add_error("number", f"{kind.label}は被扶養者についての給付です。枝番まで入れてください。")
            return self.page(request, form, 422)
        if not family and member.insured_id is not None:
            form.add_error("number", f"{kind.label}は被保険者本人についての給付です。本人の番号を入れてください。")
            return self.page(request, form, 422)
        insured = member.insured_id if family else member.pk
        if kind in GROUPS:
            return HttpResponseRedirect(reverse(f"cash:{GROUPS[kind]}-apply", args=[insured]))
        return HttpResponseRedirect(reverse("cash:lump-apply", args=[kind.value, insured, member.pk]))


class PaymentsHand(View):
    """選んだ支給決定を支払に回す, and the results of the runs taken over; each case by itself, failures told."""

    activity = CASH_BENEFITS
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        ids = [pk for pk in (integer(value) for value in request.POST.getlist("case")) if pk][:200]
        back = HttpResponseRedirect(f"{reverse('cash:case-list')}?folder=pay")
        if not ids:
            messages.warning(request, "申請を選んでください。")
            return back
        done, unable = 0, []
        for pk in ids:
            try:
                deciding.hand_to_payment(by=request.user, case_id=pk, version=None, due_date=today())
                done += 1
            except UnableToProcess as problem:
                unable.append(str(problem))
        if done:
            messages.success(request, f"{done:,}件を支払に回しました。次の支払の回に入ります。")
        for sentence in dict.fromkeys(unable):
            messages.warning(request, sentence)
        return back


class PaymentsFollow(View):
    """支払の結果を反映: of all cases in payment."""

    activity = CASH_BENEFITS
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        moved = 0
        for some in queries.in_payment():
            moved += deciding.follow_payments(by=request.user, case_ids=some)
        messages.success(
            request, f"支払の結果を{moved:,}件に反映しました。" if moved else "新しい支払の結果はありません。"
        )
        return HttpResponseRedirect(f"{reverse('cash:case-list')}?folder=pay")
