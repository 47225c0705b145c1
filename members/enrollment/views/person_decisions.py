"""Hard cases that move days or people: everything a change touches is shown before it is saved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from kumiai.ui.formats import format_wareki
from members.enrollment import actions, policies, queries, queries_people
from members.enrollment.activities import MEMBER_ADMINISTRATION
from members.enrollment.enums import AcquisitionReason, EligibilityKind, LossReason
from members.enrollment.forms import ReportForm
from members.enrollment.person_forms import ConcurrentChangeForm, DayForm, SamePersonForm, TransferForm
from members.enrollment.presentation.person import period_rows
from members.enrollment.presentation.previews import documents_of, lines_of
from members.enrollment.views.frame import MemberScreen, clerk_id, frame
from members.enrollment.views.person_simple import PersonForm, employment_lines, report_of, saved


@dataclass(frozen=True)
class Decision:
    """An action with its arguments, the members it touches, and the first day it changes anything."""

    action: Callable[..., Any]
    values: dict[str, Any]
    members: set[int]
    since: date


class DecisionForm(PersonForm):
    """A form in two steps: 「確かめる」 lists what would change, 「登録する」 does it."""

    activity = MEMBER_ADMINISTRATION
    submit = "変わるものを確かめる"
    save_note = "登録する前に、変わるものを次の画面で確かめます"

    def decide(self, person: queries.Person, cleaned: dict[str, Any]) -> Decision:
        """What the form asks for. Raises UnableToChange."""
        raise NotImplementedError

    def settle(self, request: HttpRequest, person: queries.Person, form: ReportForm) -> HttpResponse:
        if "edit" in request.POST:
            return self.show(request, person, form)
        decision = self.decide(person, form.cleaned_data)
        if "confirmed" in request.POST:
            decision.action(by=request.user, **decision.values)
            return saved(person.member.pk)
        found = actions.preview(
            decision.action, by=request.user, members=decision.members, since=decision.since, **decision.values
        )
        context = frame(person, current="", screen=self.heading, change=True) | {
            "heading": self.heading,
            "effects": lines_of(found),
            "documents": documents_of(found),
            "others": found.others,
            "typed": [(name, request.POST.get(name, "")) for name in form.fields if name in request.POST],
            "action_url": reverse(self.url_name, args=[person.member.pk]),
            "cancel_url": reverse("enrollment:member-detail", args=[person.member.pk]),
        }
        return TemplateResponse(request, "members/enrollment/person_confirm.html", context)


class MemberTransfer(DecisionForm):
    """事業所の変更・同日得喪."""

    activity = MEMBER_ADMINISTRATION
    form_class = TransferForm
    url_name = "enrollment:member-transfer"
    heading = "事業所の変更・同日得喪"
    lead = "同じ日に喪失と取得があるときに使います（法36条かっこ書き）。被扶養者の期間は切れません。"

    def more(self, person: queries.Person) -> dict[str, Any]:
        return {"employers": queries.employers()}

    def present(self, person: queries.Person) -> dict[str, Any]:
        return {}

    def lines(self, person: queries.Person) -> list[tuple[str, str]]:
        return [("記号-番号-枝番", person.member.card_number), *employment_lines(person)]

    def decide(self, person: queries.Person, cleaned: dict[str, Any]) -> Decision:
        again = cleaned["way"] == "reemployed"
        values = {
            "member_id": person.member.pk,
            "version": cleaned["version"],
            "employer_id": int(cleaned["employer"]),
            "report": report_of(cleaned),
            "number": "" if cleaned["numbering"] == "new" else None,
            "acquisition_reason": AcquisitionReason.REEMPLOYED if again else AcquisitionReason.TRANSFER,
            "loss_reason": LossReason.REEMPLOYED if again else LossReason.TRANSFER,
        }
        return Decision(actions.transfer, values, {person.member.pk}, cleaned["effective_date"])


class MemberDayCorrect(DecisionForm):
    """資格取得日・喪失日の訂正届."""

    activity = MEMBER_ADMINISTRATION
    form_class = DayForm
    url_name = "enrollment:member-day-correct"
    heading = "資格の日の訂正"
    lead = "取得日・喪失日の登録が誤っていたときに使います。被扶養者の期間など、いっしょに変わるものを次の画面で確かめます。"

    def more(self, person: queries.Person) -> dict[str, Any]:
        return {"days": self.days(person)}

    def days(self, person: queries.Person) -> list[tuple[str, str]]:
        """Every day that can be corrected, the last one first."""
        found = []
        for row in person.eligibility:
            kind = row.employer.name if row.employer_id and row.employer else row.get_kind_display()
            if row.loss_reason and row.period.upper:
                found.append((f"loss-{row.pk}", f"喪失日　{format_wareki(row.period.upper)}（{kind}）"))
            if row.kind != EligibilityKind.VOLUNTARY:
                found.append((f"acquisition-{row.pk}", f"取得日　{format_wareki(row.period.lower)}（{kind}）"))
        return found

    def present(self, person: queries.Person) -> dict[str, Any]:
        return {}

    def lines(self, person: queries.Person) -> list[tuple[str, str]]:
        return [
            (row.kind, f"{format_wareki(row.start)} から" + (f" {format_wareki(row.end)}" if row.end else ""))
            for row in period_rows(person)
        ]

    def decide(self, person: queries.Person, cleaned: dict[str, Any]) -> Decision:
        which, _dash, period = cleaned["which"].partition("-")
        row = next(row for row in person.eligibility if row.pk == int(period))
        stood = row.period.upper if which == "loss" else row.period.lower
        action = actions.correct_loss_date if which == "loss" else actions.correct_acquisition_date
        values = {
            "member_id": person.member.pk,
            "version": cleaned["version"],
            "report": report_of(cleaned),
            "period_id": row.pk,
        }
        return Decision(action, values, {person.member.pk}, min(stood, cleaned["effective_date"]))


class MemberSamePerson(DecisionForm):
    """同じ人の登録: joined or merged."""

    activity = MEMBER_ADMINISTRATION
    form_class = SamePersonForm
    url_name = "enrollment:member-same-person"
    heading = "同じ人の登録の統合・結び付け"
    lead = "開いているこの人の番号が残ります。統合した番号も、検索と変更の履歴に残ります。"

    def present(self, person: queries.Person) -> dict[str, Any]:
        return {}

    def lines(self, person: queries.Person) -> list[tuple[str, str]]:
        member = person.member
        return [
            ("残る番号", member.card_number),
            ("氏名", member.name),
            ("生年月日", format_wareki(member.birth_date)),
        ]

    def decide(self, person: queries.Person, cleaned: dict[str, Any]) -> Decision:
        typed = cleaned["number"]
        other = queries_people.find_by_number(typed.symbol, typed.number, typed.branch)
        if other is None:
            raise actions.UnableToChange("この番号の加入者はいません。記号-番号-枝番を確かめてください。")
        report = report_of(cleaned)
        member = person.member
        if cleaned["way"] == "join":
            values = {"member_id": member.pk, "version": cleaned["version"], "earlier_id": other.pk, "report": report}
            action: Callable[..., Any] = actions.join_rows
        else:
            values = {"keep_id": member.pk, "version": cleaned["version"], "merged_id": other.pk, "report": report}
            action = actions.merge_duplicates
        return Decision(action, values, {member.pk, other.pk}, date.min)


class ConcurrentChange(DecisionForm):
    """主たる事業所の選択, 二以上勤務の終わり."""

    activity = MEMBER_ADMINISTRATION
    form_class = ConcurrentChangeForm
    url_name = "enrollment:concurrent-change"
    heading = "二以上勤務の変更"
    lead = "主たる事業所を選び直したときと、どちらか一方だけになったときに使います。"

    def more(self, person: queries.Person) -> dict[str, Any]:
        rows = queries_people.concurrent_employments(person.member)
        return {
            "concurrents": [
                (str(row.pk), f"{row.name}（{format_wareki(row.period.lower)}から）")
                for row in rows
                if row.period.upper is None or row.period.upper > person.on
            ]
        }

    def present(self, person: queries.Person) -> dict[str, Any]:
        return {}

    def lines(self, person: queries.Person) -> list[tuple[str, str]]:
        return employment_lines(person)

    def decide(self, person: queries.Person, cleaned: dict[str, Any]) -> Decision:
        choose = cleaned["way"] == "choose"
        values = {
            "member_id": person.member.pk,
            "version": cleaned["version"],
            "concurrent_id": int(cleaned["concurrent"]),
            "report": report_of(cleaned),
        }
        action = actions.choose_main_employer if choose else actions.end_concurrent
        return Decision(action, values, {person.member.pk}, cleaned["effective_date"])


class MemberStory(MemberScreen):
    """この人の登録: every number and 資格 of the same person, people who may be the same, 二以上勤務, 送付先."""

    activity = MEMBER_ADMINISTRATION
    screen = "この人の登録"
    template_name = "members/enrollment/member_story.html"

    def content(self, request: HttpRequest, person: queries.Person) -> dict[str, Any]:
        member = person.member
        rows = actions.same_person(member)
        alike = [row for row in queries_people.similar_people(member, but=member.pk) if row.pk not in rows]
        hidden = {row.pk for row in alike if row.protected} - policies.named_members(
            clerk_id(request), [row.pk for row in alike if row.protected]
        )
        return {
            "stories": queries_people.story_of(member, rows),
            "alike": [(row, row.pk in hidden, queries.veiled_number(row)) for row in alike],
            "concurrents": queries_people.concurrent_employments(member),
            "mailings": queries_people.mailing_addresses(member),
        }
