"""対象者: who is due this year, how far each has come, and finding a person."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views import View

from health_programs.checkups.actions import bookings, targets
from health_programs.checkups.activities import CHECKUP_ADMINISTRATION
from health_programs.checkups.forms import RELATIONS, FindForm
from health_programs.checkups.policies import UnableToMove
from health_programs.checkups.presentation.sheet import percent
from health_programs.checkups.presentation.status import course_status
from health_programs.checkups.queries import results
from health_programs.checkups.queries import targets as queries
from health_programs.checkups.rules.ages import fiscal_year, real_year
from health_programs.checkups.views.frame import asked_year, folders, listing, may_do, with_people, work_tabs
from kumiai.accounts.login import clerk_id
from kumiai.ui.paging import integer
from members.enrollment import queries as enrollment

STATES = {
    "due": ("未受診", "予約も受診もなく、除外されておらず、まだ受診できる人です。"),
    "booked": ("予約中", "予約があり、結果がまだ届いていない人です。"),
    "examined": ("受診済み", "この年度の特定健診の結果がある人です。"),
    "excluded": ("除外", "告示で除かれる理由（妊産婦など）を登録した人です。"),
    "over": ("受けずに終わった", "受診しないまま、受診できる期間（資格、75歳の誕生日の前日、年度）が終わった人です。"),
    "all": ("全員", "この年度の対象者の全員です。"),
}


class TargetList(View):
    """対象者の一覧."""

    activity = CHECKUP_ADMINISTRATION

    def get(self, request: HttpRequest) -> HttpResponse:
        return show(request)


def show(request: HttpRequest, *, terms: str = "", found: Any = None, problem: str = "", status: int = 200) -> HttpResponse:  # fmt: skip
    today = timezone.localdate()
    years = queries.years()
    year = asked_year(request, fiscal_year(today))
    kinds = queries.kinds()
    kind = next((one for one in kinds if str(one.pk) == request.GET.get("kind")), kinds[0] if kinds else None)
    state = request.GET.get("state", "due")
    state = state if state in STATES else "due"
    relation = request.GET.get("relation", "")
    relation = relation if relation in ("insured", "dependant") else ""
    employer = integer(request.GET.get("employer"))
    plan, user_id = queries.plan_of(year), clerk_id(request)
    counts = queries.state_counts(year, kind, user_id=user_id, today=today) if kind else {}
    address = {"year": year, "kind": kind.pk if kind else "", "relation": relation, "employer": employer or ""}

    def url(**changes: Any) -> str:
        return "?" + urlencode({name: value for name, value in (address | {"state": state} | changes).items() if value})

    narrowed = bool(relation or employer)
    context: dict[str, Any] = {}
    lines = []
    if kind is not None:
        rows = queries.targets(
            year, kind, user_id=user_id, today=today, state=state, employer_id=employer, relation=relation
        )
        context = listing(
            request,
            rows.order_by("until", "member_id"),
            lambda number: url(page=number if number > 1 else ""),
            unit="名",
            total=None if narrowed else counts[state],
        )
        page = context["page"]
        people = with_people(request, page.rows)
        courses = queries.courses([row.member_id for row in page.rows], year, kind)
        lines = [
            {
                "target": row,
                "person": people.get(row.member_id),
                "course": courses[row.member_id],
                "status": course_status(courses[row.member_id], over=row.until < today),
                "days_left": (row.until - today).days,
            }
            for row in page.rows
        ]
    context |= {
        "tabs": work_tabs("target-list"),
        "year": year,
        "years": sorted({*years, fiscal_year(today)}, reverse=True),
        "plan": plan,
        "job": plan.job if plan and plan.job and plan.job.is_open else None,
        "kinds": kinds,
        "kind": kind,
        "state": state,
        "lead": STATES[state][1],
        "folders": folders(
            [(c, word) for c, (word, _l) in STATES.items()], counts, state, lambda code: url(state=code)
        ),
        "relation": relation,
        "relations": RELATIONS,
        "employer": employer,
        "employers": enrollment.employers(),
        "counts": counts,
        "rate": percent(counts.get("counted_examined", 0), counts.get("counted", 0)),
        "lines": lines,
        "waiting": results.waiting(),
        "terms": terms,
        "found": found,
        "problem": problem,
        "today": today,
        "may_hand_out": may_do(request, CHECKUP_ADMINISTRATION, "export"),
        "may_change": may_do(request, CHECKUP_ADMINISTRATION),
    }
    return TemplateResponse(request, "health_programs/checkups/target_list.html", context, status=status)


class PersonFind(View):
    """人を探す: by POST, so that neither name nor number stands in an address. An exact number goes straight there."""

    activity = CHECKUP_ADMINISTRATION
    operation = "view"

    def post(self, request: HttpRequest) -> HttpResponse:
        form = FindForm(request.POST)
        form.is_valid()
        typed = form.cleaned_data.get("terms", "").strip()
        if not typed:
            return show(request, problem="記号・番号、カナ、生年月日のどれかを入力してください。", status=422)
        found = enrollment.member_list(user_id=clerk_id(request), on=timezone.localdate(), state="all", terms=typed)
        if found.exact is not None:
            return HttpResponseRedirect(reverse("checkups:person", args=[found.exact]))
        problem = found.problem
        if not problem and not found.rows:
            problem = "あてはまる人はいません。番号、カナ、生年月日を確かめてください。"
        elif not problem and found.pages > 1:
            problem = f"{len(found.rows)}名より多くいます。生年月日を加えて絞り込んでください。"
        return show(request, terms=typed, found=found.rows, problem=problem)


class YearCount(View):
    """対象者を確かめる: starts the job that looks through the register."""

    activity = CHECKUP_ADMINISTRATION
    http_method_names = ["post"]

    def post(self, request: HttpRequest, year: int) -> HttpResponse:
        if not real_year(year) or year > timezone.localdate().year + 1:
            messages.warning(request, "この年度の対象者は確かめられません。")
            return HttpResponseRedirect(reverse("checkups:target-list"))
        plan = targets.open_year(by=request.user, fiscal_year=year)
        try:
            targets.start_count(by=request.user, plan=plan)
        except UnableToMove as unable:
            messages.warning(request, str(unable))
        else:
            messages.success(request, "台帳から対象者を確かめています。終わると人数が変わります。")
        return HttpResponseRedirect(f"{reverse('checkups:target-list')}?year={year}")


class VoucherIssueAll(View):
    """受診券をまとめて交付: a job over everybody due who holds none."""

    activity = CHECKUP_ADMINISTRATION
    http_method_names = ["post"]

    def post(self, request: HttpRequest, year: int, kind: int) -> HttpResponse:
        plan = queries.plan_of(year)
        chosen = next((one for one in queries.kinds() if one.pk == kind), None)
        if plan is None or chosen is None or plan.counted_at is None:
            messages.warning(request, "先に対象者を確かめてください。")
            return HttpResponseRedirect(reverse("checkups:target-list"))
        job = bookings.start_issue(by=request.user, plan=plan, kind=chosen)
        return HttpResponseRedirect(reverse("jobs:job-detail", args=[job.pk]))


class BookingList(View):
    """予約の一覧, by day."""

    activity = CHECKUP_ADMINISTRATION

    def get(self, request: HttpRequest) -> HttpResponse:
        year = asked_year(request, fiscal_year(timezone.localdate()))
        place = integer(request.GET.get("institution"))

        def url(number: int) -> str:
            return "?" + urlencode({"year": year, "institution": place or "", "page": number})

        context = listing(
            request, queries.bookings(year, user_id=clerk_id(request), institution_id=place), url, unit="件"
        )
        people = with_people(request, context["page"].rows)
        context |= {
            "tabs": work_tabs("booking-list"),
            "year": year,
            "years": sorted({*queries.years(), year}, reverse=True),
            "institutions": queries.institutions(),
            "institution": place,
            "lines": [(row, people.get(row.member_id)) for row in context["page"].rows],
            "today": timezone.localdate(),
        }
        return TemplateResponse(request, "health_programs/checkups/booking_list.html", context)
