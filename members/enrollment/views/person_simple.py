"""Hard cases that one form settles: sex, other names, an address abroad, 送付先, a second employer."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from kumiai.ui.formats import format_wareki
from members.enrollment import actions, queries
from members.enrollment.activities import MEMBER_ADMINISTRATION
from members.enrollment.enums import ContactKind, Sex
from members.enrollment.forms import ReportForm
from members.enrollment.person_forms import (
    AbroadForm,
    ConcurrentForm,
    ContactForm,
    MailingForm,
    OtherNamesForm,
    SexForm,
)
from members.enrollment.presentation.person import address_lines, name_lines, postal_code
from members.enrollment.queries import identity
from members.enrollment.views.changes import MemberForm
from members.enrollment.views.frame import person_or_404, protected_page, require_change

STALE = "開いたあとに、この人の情報が変わりました。右の「いまの登録」を確かめて、もう一度登録してください。"


class PersonForm(MemberForm):
    """A form whose values are not compared field by field: who saved first is shown, and the clerk decides again."""

    activity = MEMBER_ADMINISTRATION

    save_note = ""
    """What stands beside the button; "" says that the change can be taken back in the history."""

    def more(self, person: queries.Person) -> dict[str, Any]:
        """Further arguments of the form."""
        return {}

    def show(
        self, request: HttpRequest, person: queries.Person, form: ReportForm, *, status: int = 200
    ) -> TemplateResponse:
        page = super().show(request, person, form, status=status)
        assert page.context_data is not None
        page.context_data["save_note"] = self.save_note
        return page

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        require_change(request)
        today = timezone.localdate()
        person = person_or_404(request, pk, today)
        if not person.visible:
            return protected_page(request, person)
        initial = self.present(person) | {"version": person.member.version, "received_date": today}
        return self.show(request, person, self.form_class(initial=initial, today=today, **self.more(person)))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        today = timezone.localdate()
        person = person_or_404(request, pk, today)
        if not person.visible:
            return protected_page(request, person)
        form = self.form_class(request.POST, today=today, **self.more(person))
        if not form.is_valid():
            return self.show(request, person, form, status=422)
        try:
            return self.settle(request, person, form)
        except actions.StaleVersion:
            again = request.POST.copy()
            again["version"] = str(person.member.version)
            form = self.form_class(again, today=today, **self.more(person))
            form.add_error(None, STALE)
            return self.show(request, person, form, status=409)
        except actions.UnableToChange as unable:
            form.add_error(None, str(unable))
            return self.show(request, person, form, status=422)

    def settle(self, request: HttpRequest, person: queries.Person, form: ReportForm) -> HttpResponse:
        """Save what the form says. Raises UnableToChange."""
        cleaned = form.cleaned_data
        self.act(by=request.user, member_id=person.member.pk, version=cleaned["version"], values=cleaned)
        return saved(person.member.pk)

    def act(self, *, by: Any, member_id: int, version: int, values: dict[str, Any]) -> Any:
        raise NotImplementedError


def report_of(values: dict[str, Any]) -> actions.Report:
    """The document that a form describes; without a day of its own it holds from the day of receipt."""
    return actions.Report(
        received_date=values["received_date"],
        effective_date=values.get("effective_date") or values["received_date"],
        note=values["note"],
    )


def saved(member_id: int) -> HttpResponseRedirect:
    """To the member's page, which says what was registered."""
    done = identity.last_report_id(member_id)
    return HttpResponseRedirect(f"{reverse('enrollment:member-detail', args=[member_id])}?done={done}")


class MemberSexChange(PersonForm):
    """性別の変更."""

    activity = MEMBER_ADMINISTRATION
    form_class = SexForm
    url_name = "enrollment:member-sex-change"
    heading = "性別の変更"
    lead = "家庭裁判所の審判で変わったときと、登録が誤っていたときに使います。前の登録は変更の履歴に残ります。"

    def present(self, person: queries.Person) -> dict[str, Any]:
        return {"sex": person.member.sex}

    def lines(self, person: queries.Person) -> list[tuple[str, str]]:
        return [("性別", Sex(person.member.sex).label)]

    def act(self, *, by: Any, member_id: int, version: int, values: dict[str, Any]) -> Any:
        return actions.change_sex(
            by=by, member_id=member_id, version=version, sex=values["sex"], report=report_of(values)
        )


class MemberOtherNames(PersonForm):
    """通称・アルファベット氏名."""

    activity = MEMBER_ADMINISTRATION
    form_class = OtherNamesForm
    url_name = "enrollment:member-other-names"
    heading = "通称等の登録"
    lead = "氏名のほかに使われている名前を登録します。どの名前でも検索で見つかります。"

    def present(self, person: queries.Person) -> dict[str, Any]:
        return actions.other_names_of(person.member)

    def lines(self, person: queries.Person) -> list[tuple[str, str]]:
        member = person.member
        return [
            *name_lines(member),
            ("通称", member.common_name),
            ("アルファベット氏名", member.alphabet_name),
            ("読み仮名", "不明" if member.kana_unknown else "あり"),
        ]

    def act(self, *, by: Any, member_id: int, version: int, values: dict[str, Any]) -> Any:
        names = {field: values[field] for field in actions.OTHER_NAME_FIELDS}
        return actions.set_other_names(
            by=by, member_id=member_id, version=version, names=names, report=report_of(values)
        )


class AddressAbroad(PersonForm):
    """国外の住所への変更."""

    activity = MEMBER_ADMINISTRATION
    form_class = AbroadForm
    url_name = "enrollment:address-abroad"
    heading = "国外の住所への変更"
    lead = "海外赴任などで住む国が変わったときに使います。帰国したときは「住所の変更」を使います。"

    def present(self, person: queries.Person) -> dict[str, Any]:
        return {}

    def lines(self, person: queries.Person) -> list[tuple[str, str]]:
        return shown_address(next((row for row in person.addresses if row.period.upper is None), None))

    def act(self, *, by: Any, member_id: int, version: int, values: dict[str, Any]) -> Any:
        address = {"country": values["country"], "lines": values["lines"]}
        return actions.change_address(
            by=by, member_id=member_id, version=version, address=address, report=report_of(values)
        )


def shown_address(row: Any | None) -> list[tuple[str, str]]:
    """An address in words, abroad by country and lines."""
    if row is not None and row.lines:
        return [("国", row.town), *((f"{n}行目", line) for n, line in enumerate(row.lines.splitlines(), start=1))]
    return address_lines(row)


class MailingAddressChange(PersonForm):
    """送付先の申出."""

    activity = MEMBER_ADMINISTRATION
    form_class = MailingForm
    url_name = "enrollment:mailing-change"
    heading = "送付先の変更"
    lead = "入院・施設への入所、成年後見など、住所と違うところへ送るときに使います。前の送付先の期間も残ります。"

    def present(self, person: queries.Person) -> dict[str, Any]:
        return actions.mailing_values(actions.current_mailing(person.member))

    def lines(self, person: queries.Person) -> list[tuple[str, str]]:
        row = actions.current_mailing(person.member)
        if row is None:
            return [("送付先", "住所と同じ")]
        home = shown_address(row) if row.lines else [("郵便番号", postal_code(row.postal_code)), ("送付先", row.line)]
        return [
            *home,
            ("宛名", row.addressee or "本人"),
            ("理由", row.get_reason_display()),
            ("いつから", format_wareki(row.period.lower)),
        ]

    def act(self, *, by: Any, member_id: int, version: int, values: dict[str, Any]) -> Any:
        address = None
        if not values["back"]:
            address = {name: values[name] for name in ("postal_code", "town", "street", "country", "lines")}
        return actions.set_mailing_address(
            by=by,
            member_id=member_id,
            version=version,
            address=address,
            report=report_of(values),
            addressee=values["addressee"],
            reason=values["reason"],
        )


class ConcurrentAdd(PersonForm):
    """二以上事業所勤務届."""

    activity = MEMBER_ADMINISTRATION
    form_class = ConcurrentForm
    save_note = "終わりと選び直しは「この人の登録」から入力します"
    url_name = "enrollment:concurrent-add"
    heading = "二以上勤務の登録"
    lead = "同時に二つの事業所に勤めるときに使います。資格の事業所が、選ばれた主たる事業所です（則1条の3・37条）。"

    def more(self, person: queries.Person) -> dict[str, Any]:
        return {"employers": queries.employers()}

    def present(self, person: queries.Person) -> dict[str, Any]:
        return {}

    def lines(self, person: queries.Person) -> list[tuple[str, str]]:
        return employment_lines(person)

    def act(self, *, by: Any, member_id: int, version: int, values: dict[str, Any]) -> Any:
        return actions.add_concurrent(
            by=by,
            member_id=member_id,
            version=version,
            report=report_of(values),
            employer_id=int(values["employer"]) if values["employer"] else None,
            outside_name=values["outside_name"],
            outside_insurer=values["outside_insurer"],
        )


def employment_lines(person: queries.Person) -> list[tuple[str, str]]:
    """The chosen employer and the other ones, as they stand."""
    held = next((row for row in person.eligibility if row.employer_id and person.on in row.period), None)
    found = [("主たる事業所", held.employer.name if held and held.employer else "")]
    for row in identity.concurrent_employments(person.member):
        if row.period.upper is None or row.period.upper > person.on:
            found.append(("もう一方の事業所", f"{row.name}（{format_wareki(row.period.lower)}から）"))
    return found


class ContactChange(PersonForm):
    """連絡先の申出: telephone, mobile, mail."""

    activity = MEMBER_ADMINISTRATION
    form_class = ContactForm
    save_note = "取り消すときは、前の連絡先をもう一度入力します"
    url_name = "enrollment:contact-change"
    heading = "連絡先の変更"
    lead = "メールがある人には、健診の受診勧奨などをメールで送ります。前の連絡先の期間も残ります。"

    def present(self, person: queries.Person) -> dict[str, Any]:
        return {"kind": ContactKind.EMAIL}

    def lines(self, person: queries.Person) -> list[tuple[str, str]]:
        held = actions.contacts_of(person.member)
        return [(str(kind.label), held[kind].value if kind in held else "―") for kind in ContactKind]

    def act(self, *, by: Any, member_id: int, version: int, values: dict[str, Any]) -> Any:
        return actions.set_contact(
            by=by,
            member_id=member_id,
            version=version,
            kind=values["kind"],
            value=values["value"],
            report=report_of(values),
        )
