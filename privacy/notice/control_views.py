"""The screens of control: one use and who holds it, one person and what they hold, the yearly confirmation."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import Group
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.generic import TemplateView, View

from kumiai.ui.formats import fiscal_year
from privacy.administration import ACCESS_ADMINISTRATION, GRANT_REVIEW
from privacy.notice.actions import UnableToGrant, UnableToReview, confirm_grants, grant, withdraw
from privacy.notice.control import lines_to_review, person_in_control, reviews, use_in_control
from privacy.notice.forms import ReviewForm, SectionGrantForm
from privacy.notice.models import GrantReview, PublishedUseGroupPermission, SectionHead


def _own_groups(request: HttpRequest) -> set[int]:
    return set(request.user.groups.values_list("pk", flat=True))  # type: ignore[union-attr]


def _use_page(request: HttpRequest, pk: int, form: SectionGrantForm) -> HttpResponse:
    found = use_in_control(pk, on=timezone.localdate())
    if found is None:
        raise Http404("この利用は、いま公表していません。")
    context = {"found": found, "form": form, "own_groups": _own_groups(request)}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "privacy/notice/grant_use.html", context, status=status)


class GrantUse(View):
    """利用の権限. Who holds this use, since when, given by whom and why; give here, take away beside each line."""

    activity = ACCESS_ADMINISTRATION

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return _use_page(request, pk, SectionGrantForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = SectionGrantForm(request.POST)
        found = use_in_control(pk, on=timezone.localdate())
        if found is None:
            raise Http404("この利用は、いま公表していません。")
        if form.is_valid():
            given = form.cleaned_data
            try:
                made = grant(
                    use=found.use,
                    group=given["group"],
                    operations=given["operations"],
                    basis=given["basis"],
                    by=request.user,  # type: ignore[arg-type]
                )
            except UnableToGrant as problem:
                form.add_error(None, str(problem))
            else:
                words = "・".join(row.permission.name for row in made)
                said = f"{given['group'].name}に「{words}」を与えました。" if made else "すでに与えてあります。"
                messages.success(request, said)
                return redirect("notice:grant-use", pk=pk)
        return _use_page(request, pk, form)


class GrantWithdraw(View):
    """取り上げる. The next request of everybody in the section already feels it."""

    activity = ACCESS_ADMINISTRATION

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        held = PublishedUseGroupPermission.objects.select_related("group", "permission").filter(pk=pk).first()
        if held is None:
            messages.info(request, "この権限は、すでに取り上げてあります。")
            return redirect("notice:grant-matrix")
        use, said = held.content_object_id, f"{held.group.name}から「{held.permission.name}」を取り上げました。"
        try:
            withdraw(held=held, by=request.user)  # type: ignore[arg-type]
        except UnableToGrant as problem:
            messages.error(request, str(problem))
        else:
            messages.success(request, f"{said}直ちに効いています。戻すには、下の「権限を与える」から与えます。")
        return redirect("notice:grant-use", pk=use)


class GrantPerson(TemplateView):
    """職員の権限. Everything one person may do, by which section, and when they last did it."""

    activity = ACCESS_ADMINISTRATION
    template_name = "privacy/notice/grant_person.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = person_in_control(kwargs["pk"], on=timezone.localdate())
        if found is None:
            raise Http404("この番号の職員はいません。")
        return super().get_context_data(found=found, **kwargs)


class ReviewList(TemplateView):
    """権限の年次確認. Where each section's confirmation of this year stands."""

    activity = GRANT_REVIEW
    template_name = "privacy/notice/review_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        year = fiscal_year(today)
        return super().get_context_data(reviews=reviews(year=year, on=today), year=year, **kwargs)


def _headed(request: HttpRequest, pk: int) -> Group:
    """The section, if the person at the keyboard heads it today."""
    group = get_object_or_404(Group, pk=pk)
    today = timezone.localdate()
    if not SectionHead.objects.filter(group=group, user_id=request.user.pk or 0, period__contains=today).exists():
        raise Http404("あなたが所属長である課ではありません。")
    return group


def _review_page(request: HttpRequest, group: Group, form: ReviewForm) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "group": group,
        "year": fiscal_year(today),
        "lines": lines_to_review(group, on=today),
        "form": form,
        "review": GrantReview.objects.filter(group=group, year=fiscal_year(today)).first(),
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "privacy/notice/review_form.html", context, status=status)


class ReviewSection(View):
    """課の権限の確認. What the section may do, for its head to say whether it is still needed."""

    activity = GRANT_REVIEW

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return _review_page(request, _headed(request, pk), ReviewForm())


class ReviewConfirm(View):
    """確認する. Needs the operation `decide`."""

    activity = GRANT_REVIEW
    operation = "decide"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        group = _headed(request, pk)
        form = ReviewForm(request.POST)
        today = timezone.localdate()
        if form.is_valid():
            try:
                review = confirm_grants(
                    group=group,
                    year=fiscal_year(today),
                    needed=form.needed(),
                    by=request.user,  # type: ignore[arg-type]
                    on=today,
                    note=form.cleaned_data["note"],
                )
            except UnableToReview as problem:
                form.add_error(None, str(problem))
            else:
                gone = len(review.unneeded)
                more = f"不要とした{gone}件は、個人情報保護管理者が取り上げます。" if gone else ""
                messages.success(request, f"{group.name}の権限を確認しました。{more}")
                return redirect("notice:review-list")
        return _review_page(request, group, form)
