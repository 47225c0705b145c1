"""保護: registered at once by whoever may change the register, handed on by the named clerks or the head, ended by a named clerk."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from kumiai.accounts.queries import staff_at_work, staff_names
from kumiai.ui.formats import format_wareki
from members.enrollment import actions, queries
from members.enrollment.activities import MEMBER_ADMINISTRATION
from members.enrollment.enums import ProtectionKind
from members.enrollment.protection_forms import ClerksForm, EndForm, ProtectForm
from members.enrollment.queries import protection as guarded
from members.enrollment.views.frame import frame, may_hand_on, person_or_404, require_change
from members.enrollment.views.person_simple import PersonForm, report_of, saved
from privacy.grants import held_by, may


def staff_who_may_change() -> list[tuple[int, str]]:
    """(id, 氏名（課）) of those whom a grant lets change the register: nobody else could handle the person."""
    people = [person for person in staff_at_work() if may(held_by(person.pk), MEMBER_ADMINISTRATION, "change")]
    return [(p.pk, f"{p.name}（{p.section.name}）" if p.section else p.name) for p in people]


class MemberProtect(PersonForm):
    """保護の登録."""

    activity = MEMBER_ADMINISTRATION
    form_class = ProtectForm
    url_name = "enrollment:member-protect"
    heading = "保護の登録"
    lead = "登録すると、住所・勤務先・連絡先・届は、選んだ担当者だけが扱います。ほかの職員には、尋ねる先だけが出ます。"
    submit = "保護を登録"
    save_note = "一覧・ファイル・統計からも除かれます"

    def more(self, person: queries.Person) -> dict[str, Any]:
        return {"staff": staff_who_may_change()}

    def present(self, person: queries.Person) -> dict[str, Any]:
        return {}

    def lines(self, person: queries.Person) -> list[tuple[str, str]]:
        family = sum(1 for row in person.family if person.on in row.period)
        return [("記号-番号-枝番", person.member.card_number), ("いまの被扶養者", f"{family}名"), ("保護", "なし")]

    def settle(self, request: HttpRequest, person: queries.Person, form: Any) -> HttpResponse:
        values = form.cleaned_data
        actions.protect(
            by=request.user,
            member_id=person.member.pk,
            version=values["version"],
            kind=values["kind"],
            ask=values["ask"],
            clerk_ids=values["clerks"],
            with_family=values["with_family"],
            report=report_of(values),
        )
        return saved(person.member.pk)


class MemberProtectionEnd(PersonForm):
    """保護の解除, by a clerk who is named."""

    activity = MEMBER_ADMINISTRATION
    form_class = EndForm
    url_name = "enrollment:member-protection-end"
    heading = "保護の解除"
    lead = "解除すると、住所・勤務先・連絡先・届を、「加入者の管理」の権限がある職員の全員が見られるようになります。"
    submit = "保護を解除"
    save_note = "被扶養者の保護は、被扶養者のページから解除します"

    def present(self, person: queries.Person) -> dict[str, Any]:
        return {}

    def lines(self, person: queries.Person) -> list[tuple[str, str]]:
        return _standing(person)

    def settle(self, request: HttpRequest, person: queries.Person, form: Any) -> HttpResponse:
        values = form.cleaned_data
        actions.end_protection(
            by=request.user, member_id=person.member.pk, version=values["version"], report=report_of(values)
        )
        return saved(person.member.pk)


class MemberProtectionClerks(PersonForm):
    """保護の担当者: seen and changed by the named clerks, and by who decides where nobody is named or all have left."""

    activity = MEMBER_ADMINISTRATION
    form_class = ClerksForm
    url_name = "enrollment:member-protection-clerks"
    heading = "保護の担当者"
    lead = "この人の住所・勤務先・連絡先・届を扱う職員と、ほかの職員の画面に出る尋ねる先を決めます。"
    submit = "担当者を登録"
    save_note = "選ばなかった職員は、登録したときから見られなくなります"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        person = self._person(request, pk)
        initial = self.present(person) | {"version": person.member.version, "received_date": person.on}
        initial["effective_date"] = person.on
        return self.show(request, person, ClerksForm(initial=initial, today=person.on, staff=staff_who_may_change()))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        person = self._person(request, pk)
        form = ClerksForm(request.POST, today=person.on, staff=staff_who_may_change())
        if not form.is_valid():
            return self.show(request, person, form, status=422)
        values = form.cleaned_data
        try:
            actions.name_clerks(
                by=request.user,
                member_id=pk,
                version=values["version"],
                ask=values["ask"],
                clerk_ids=values["clerks"],
                report=report_of(values),
            )
        except actions.UnableToChange as unable:
            form.add_error(None, str(unable))
            return self.show(request, person, form, status=422)
        return HttpResponseRedirect(reverse("enrollment:member-detail", args=[pk]))

    def present(self, person: queries.Person) -> dict[str, Any]:
        return {"ask": person.whom, "clerks": guarded.clerks_named_for(person.member.pk)}

    def lines(self, person: queries.Person) -> list[tuple[str, str]]:
        return _standing(person)

    def show(self, request: HttpRequest, person: queries.Person, form: Any, *, status: int = 200) -> TemplateResponse:
        page = super().show(request, person, form, status=status)
        assert page.context_data is not None
        # Who only decides sees the bar of somebody they are not named for: number, flag, whom to ask.
        page.context_data |= frame(person, current="", screen=self.heading, change=person.visible)
        return page

    def _person(self, request: HttpRequest, pk: int) -> queries.Person:
        require_change(request)
        person = person_or_404(request, pk, timezone.localdate())
        if not person.member.protected:
            raise PermissionDenied("この人は保護対象ではありません。")
        if not person.visible and not may_hand_on(request):
            raise PermissionDenied("担当者を決められるのは、いまの担当者と、決定の権限がある職員です。")
        return person


def _standing(person: queries.Person) -> list[tuple[str, str]]:
    row = guarded.protection_of(person.member.pk, person.on)
    names = staff_names(guarded.clerks_named_for(person.member.pk))
    return [
        ("保護の種類", str(ProtectionKind(row.kind).label) if row else "―"),
        ("保護の始まった日", format_wareki(row.period.lower) if row else "―"),
        ("尋ねる先", row.ask if row else "―"),
        ("担当者", "、".join(names.values()) or "なし"),
    ]
