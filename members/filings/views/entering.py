"""Typing filings in, one after the other; drafts, edits, corrections and cancellations by the same form."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views import View

from kumiai.accounts.login import clerk_id
from kumiai.ui.formats import format_wareki_short
from members.filings import actions, policies, queries, reading, register
from members.filings.activities import FILING_ADMINISTRATION
from members.filings.enums import FilingKind, FilingRole, FilingState
from members.filings.forms import FilingForm, form_class_of
from members.filings.forms.shown import sections
from members.filings.models import Filing
from members.filings.presentation.lines import lines
from members.filings.presentation.touched import touched_lines
from members.filings.views.conflicts import conflict_page
from members.filings.views.frame import filing_or_404, line_of, protected_page, read_now, require_change
from members.lifecycle.rules.terms import next_open

FIRST_DUE_AFTER = timedelta(days=10)
"""The first premium of 任意継続 is proposed to be due so many days after today; the clerk sets it (法164条1項)."""


def kind_or_404(kind: str) -> FilingKind:
    try:
        return FilingKind(kind)
    except ValueError:
        raise Http404("この種別の届はありません。") from None


def uuid_or_none(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def beside_url(filing: Filing) -> str:
    """The form for one more person of the same paper."""
    return f"{reverse('filings:filing-enter', args=[filing.kind])}?sitting={filing.sitting}&beside={filing.pk}"


class EntryScreen(View):
    """What every form of a filing shares."""

    activity = FILING_ADMINISTRATION
    template_name = "members/filings/filing_form.html"

    def show(
        self, request: HttpRequest, *, kind: FilingKind, form: FilingForm, status: int = 200, **context: Any
    ) -> TemplateResponse:
        context = {
            "kind": kind,
            "title": kind.label,
            "form": form,
            "employers": list(form.employers.values()) if "employer" in form.fields else [],
            "check_url": reverse("filings:filing-check", args=[kind.value]),
            "next_allowed": False,
            "draft_allowed": True,
            "save_words": "受け付ける",
            "side": [],
            "cancel_url": reverse("filings:filing-list"),
        } | context
        return TemplateResponse(request, self.template_name, context, status=status)


class FilingEnter(EntryScreen):
    """連続入力: the form of one kind; after saving, the next empty one with employer and days carried over.

    `beside` in the address is a filing of this sitting: the form is for one more person of the same paper, with the
    insured person carried over too.
    """

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        require_change(request)
        known = kind_or_404(kind)
        sitting = uuid_or_none(request.GET.get("sitting")) or uuid4()
        entered = queries.sitting_filings(sitting, clerk_id(request))
        return self.page(request, known, self.empty(request, known, sitting, entered), sitting, entered)

    def empty(self, request: HttpRequest, kind: FilingKind, sitting: UUID, entered: list[Filing]) -> FilingForm:
        """An empty form, with what the last filing of this kind in the sitting hands on."""
        today = timezone.localdate()
        form_class = form_class_of(kind, FilingRole.NEW)
        assert form_class is not None
        initial: dict[str, Any] = {"received_date": format_wareki_short(today)}
        if "first_due_date" in form_class.base_fields:
            due = next_open(today + FIRST_DUE_AFTER, queries.calendar_around(today))
            initial["first_due_date"] = format_wareki_short(due)
        last = next((f for f in entered if f.kind == kind and f.state != FilingState.WITHDRAWN), None)
        if last is not None:
            initial |= {name: last.contents[name] for name in form_class.carried if name in last.contents}
        undone = next((f for f in entered if str(f.pk) == request.GET.get("again")), None)
        if undone is not None and undone.state == FilingState.WITHDRAWN:
            initial = dict(undone.contents)
        paper = self.paper(request, kind, entered)
        if paper:
            initial |= {
                name: paper[0].contents[name] for name in form_class.carried_beside if name in paper[0].contents
            }
        initial |= {"entry_key": uuid4(), "sitting": sitting}
        return form_class(initial=initial, today=today, employers=register.employers_by_symbol())

    def paper(self, request: HttpRequest, kind: FilingKind, entered: list[Filing]) -> list[Filing]:
        """The filing this one is typed beside, and the others of its paper; nothing where there is none."""
        first = next((f for f in entered if str(f.pk) == request.GET.get("beside")), None)
        if first is None or first.kind != kind or line_of(request, first).hidden:
            return []
        return [first, *queries.beside(first)]

    def post(self, request: HttpRequest, kind: str) -> HttpResponse:
        known = kind_or_404(kind)
        then = request.POST.get("then", "open")
        understood = reading.read(
            request.POST,
            kind=known,
            user_id=clerk_id(request),
            today=timezone.localdate(),
            employers=register.employers_by_symbol(),
        )
        sitting = uuid_or_none(request.POST.get("sitting")) or uuid4()
        if not understood.valid and then != "draft":
            return self.again(request, known, understood.form, sitting)
        if then == "draft" and not understood.form.typed():
            understood.form.add_error(None, "まだ何も入力されていません。")
            return self.again(request, known, understood.form, sitting)
        try:
            filing = actions.save_new(by=request.user, entry=understood.entry(kind=known), receive=then != "draft")
        except policies.UnableToMove as unable:
            understood.form.add_error(None, str(unable))
            return self.again(request, known, understood.form, sitting)
        if then == "next":
            return HttpResponseRedirect(f"{reverse('filings:filing-enter', args=[known])}?sitting={sitting}")
        if then == "another" and understood.form.carried_beside:
            return HttpResponseRedirect(beside_url(filing))
        return HttpResponseRedirect(reverse("filings:filing-detail", args=[filing.pk]))

    def again(self, request: HttpRequest, kind: FilingKind, form: FilingForm, sitting: UUID) -> HttpResponse:
        entered = queries.sitting_filings(sitting, clerk_id(request))
        return self.page(request, kind, form, sitting, entered, status=422)

    def page(
        self,
        request: HttpRequest,
        kind: FilingKind,
        form: FilingForm,
        sitting: UUID,
        entered: list[Filing],
        *,
        status: int = 200,
    ) -> HttpResponse:
        paper = self.paper(request, kind, entered)
        enter_url = reverse("filings:filing-enter", args=[kind])
        return self.show(
            request,
            kind=kind,
            form=form,
            status=status,
            heading=f"{kind.label}を入力",
            paper=sorted(paper, key=lambda f: f.pk),
            action_url=f"{enter_url}?beside={paper[0].pk}" if paper else enter_url,
            next_allowed=True,
            another_allowed=bool(form.carried_beside),
            kinds=[(value, label, value == kind) for value, label in FilingKind.choices],
            sitting=sitting,
            side=lines(entered, user_id=clerk_id(request), today=timezone.localdate()),
            entered_count=sum(1 for f in entered if f.state != FilingState.WITHDRAWN),
        )


class FilingEdit(EntryScreen):
    """A draft goes on, a received filing is put right. Two clerks at once see both contents."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        require_change(request)
        filing = filing_or_404(pk)
        line = line_of(request, filing)
        if line.hidden:
            return protected_page(request, line)
        policies_sentence = _refusal(policies.check_can_edit, filing)
        if policies_sentence:
            return unable_page(request, filing, policies_sentence)
        form_class = form_class_of(filing.kind, filing.role)
        assert form_class is not None
        initial = dict(filing.contents) | {"version": filing.version, "sitting": filing.sitting}
        form = form_class(initial=initial, today=timezone.localdate(), employers=register.employers_by_symbol())
        return self.page(request, filing, form)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        filing = filing_or_404(pk)
        line = line_of(request, filing)
        if line.hidden:
            return protected_page(request, line, status=403)
        receive = filing.state != FilingState.DRAFT or request.POST.get("then") != "draft"
        understood = reading.read(
            request.POST,
            kind=filing.kind,
            role=filing.role,
            user_id=clerk_id(request),
            today=timezone.localdate(),
            employers=register.employers_by_symbol(),
            original=filing.corrects if filing.corrects_id else None,
            filing=filing,
        )
        form = understood.form
        if not understood.valid and receive:
            return self.page(request, filing, form, status=422)
        version = request.POST.get("version", "")
        try:
            actions.edit(
                by=request.user,
                filing_id=pk,
                version=int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 0,
                entry=understood.entry(kind=filing.kind, role=filing.role),
                receive=receive,
            )
        except actions.StaleFiling as stale:
            return conflict_page(request, filing, form, stale)
        except policies.UnableToMove as unable:
            form.add_error(None, str(unable))
            return self.page(request, filing, form, status=422)
        return HttpResponseRedirect(reverse("filings:filing-detail", args=[pk]))

    def page(self, request: HttpRequest, filing: Filing, form: FilingForm, *, status: int = 200) -> HttpResponse:
        draft = filing.state == FilingState.DRAFT
        return self.show(
            request,
            kind=FilingKind(filing.kind),
            form=form,
            status=status,
            heading=f"{filing.title}{'の下書き' if draft else 'を直す'}",
            filing=filing,
            action_url=reverse("filings:filing-edit", args=[filing.pk]),
            draft_allowed=draft,
            save_words="受け付ける" if draft else "保存",
            cancel_url=reverse("filings:filing-detail", args=[filing.pk]),
            check_url="" if filing.role != FilingRole.NEW else reverse("filings:filing-check", args=[filing.kind]),
        )


class FilingFollow(EntryScreen):
    """訂正届 and 取消届 of a processed filing: shows first what it would touch."""

    role = FilingRole.CORRECTION

    def check(self, filing: Filing) -> None:
        policies.check_can_correct(filing)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        require_change(request)
        filing = filing_or_404(pk)
        line = line_of(request, filing)
        if line.hidden:
            return protected_page(request, line)
        sentence = _refusal(self.check, filing)
        if sentence:
            return unable_page(request, filing, sentence)
        form_class = form_class_of(filing.kind, self.role)
        assert form_class is not None
        today = timezone.localdate()
        initial: dict[str, Any] = {"received_date": format_wareki_short(today), "entry_key": uuid4()}
        if self.role == FilingRole.CORRECTION:
            initial = {k: v for k, v in filing.contents.items() if k not in ("received_date", "note")} | initial
            initial |= {new: filing.contents.get(old, "") for new, old in form_class.from_original.items()}
        form = form_class(initial=initial, today=today, employers={})
        return self.page(request, filing, form)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        filing = filing_or_404(pk)
        line = line_of(request, filing)
        if line.hidden:
            return protected_page(request, line, status=403)
        sentence = _refusal(self.check, filing)
        if sentence and queries.filing_of_key(uuid_or_none(request.POST.get("entry_key")) or uuid4()) is None:
            return unable_page(request, filing, sentence, status=422)
        understood = reading.read(
            request.POST,
            kind=filing.kind,
            role=self.role,
            user_id=clerk_id(request),
            today=timezone.localdate(),
            employers={},
            original=filing,
        )
        if not understood.valid:
            return self.page(request, filing, understood.form, status=422)
        try:
            made = actions.save_new(
                by=request.user,
                entry=understood.entry(kind=filing.kind, role=self.role, corrects=filing),
                receive=True,
            )
        except policies.UnableToMove as unable:
            understood.form.add_error(None, str(unable))
            return self.page(request, filing, understood.form, status=422)
        return HttpResponseRedirect(reverse("filings:filing-detail", args=[made.pk]))

    def page(self, request: HttpRequest, filing: Filing, form: FilingForm, *, status: int = 200) -> HttpResponse:
        word = FilingRole(self.role).label
        return self.show(
            request,
            kind=FilingKind(filing.kind),
            form=form,
            status=status,
            heading=f"{filing.get_kind_display()} {filing.receipt_number} の{word}",
            filing=filing,
            original=filing,
            original_sections=sections(read_now(request, filing).form),
            touched=touched_lines(filing, user_id=clerk_id(request), first=filing.effective_date),
            action_url=request.path,
            draft_allowed=False,
            save_words=f"{word}を受け付ける",
            cancel_url=reverse("filings:filing-detail", args=[filing.pk]),
            check_url="",
        )


class FilingCorrect(FilingFollow):
    """訂正届."""

    activity = FILING_ADMINISTRATION
    role = FilingRole.CORRECTION


class FilingCancel(FilingFollow):
    """取消届."""

    activity = FILING_ADMINISTRATION
    role = FilingRole.CANCELLATION

    def check(self, filing: Filing) -> None:
        policies.check_can_cancel(filing)


class FilingCheck(View):
    """What the checks find in a form that is not saved yet: a fragment beside it. Writes nothing."""

    activity = FILING_ADMINISTRATION
    operation = "view"

    def post(self, request: HttpRequest, kind: str) -> HttpResponse:
        known = kind_or_404(kind)
        understood = reading.read(
            request.POST,
            kind=known,
            user_id=clerk_id(request),
            today=timezone.localdate(),
            employers=register.employers_by_symbol(),
        )
        hidden = register.hidden_members(clerk_id(request), [understood.member, understood.dependant])
        context = {
            "reading": understood,
            "person": None if hidden else (understood.dependant or understood.member),
            "hidden": bool(hidden),
            "whom": next(iter(register.whom_to_ask(sorted(hidden), timezone.localdate()).values()), ""),
            "today": timezone.localdate(),
        }
        return TemplateResponse(request, "members/filings/fragments/filing_check.html", context)


def _refusal(check: Any, filing: Filing) -> str:
    """The sentence of a policy, "" when it allows."""
    try:
        check(filing)
    except policies.UnableToMove as unable:
        return str(unable)
    return ""


def unable_page(request: HttpRequest, filing: Filing, sentence: str, *, status: int = 409) -> TemplateResponse:
    """Why this cannot be done now, and the way back."""
    return TemplateResponse(
        request, "members/filings/filing_unable.html", {"filing": filing, "sentence": sentence}, status=status
    )
