"""What a clerk types of an application and of the work on it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from benefits.cash import choices, enums
from benefits.cash.actions.cases import Applied
from benefits.cash.actions.inquiries import QUESTIONS
from benefits.cash.actions.labour import Certified, Paid
from benefits.cash.models import Case, LabourPay, Opinion
from benefits.cash.rules.kinds import Kind
from kumiai.ui.forms import JapaneseDateField, PortalForm, YenField

DATE_HINT = "和暦・西暦のどちらでも入力できます　例：R8.11.20、2026-11-20"
PENSION_LINES = 3
COST_LINES = 5


def day_field(label: str, *, required: bool = True, hint: str = DATE_HINT) -> JapaneseDateField:
    return JapaneseDateField(label=label, required=required, help_text=hint)


def yen_field(label: str, *, required: bool = True, hint: str = "") -> YenField:
    return YenField(label=label, required=required, help_text=hint)


class NewCaseForm(PortalForm):
    """受付の入口: which kind, for whom."""

    kind = forms.ChoiceField(label="給付の種類", choices=choices.APPLICATION_CHOICES)
    number = forms.CharField(
        label="記号-番号-枝番",
        max_length=30,
        help_text="被保険者は 12-3456、被扶養者についての給付は枝番まで 12-3456-01",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ApplicationForm(PortalForm):
    """What every application says. `further`: earlier cases that this one may continue."""

    facts: tuple[str, ...] = ()
    # The parts of the paper, each with its fields in their order; fields of lines stand in a table of their own.
    parts: tuple[tuple[str, tuple[str, ...]], ...] = ()
    line_title: str = ""
    line_heads: tuple[str, ...] = ()
    line_names: tuple[str, ...] = ()
    line_count: int = 0
    key = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    received = day_field("受付日", hint="書類が届いた日")

    def __init__(self, *args: Any, further: Iterable[Case] = (), **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("key", uuid.uuid4())
        super().__init__(*args, **kwargs)
        if "root" in self.fields:
            rows = [("", "初めての申請")]
            rows += [(str(case.pk), f"{case.number}（{case.first:%Y-%m-%d}から）の続き") for case in further]
            self.fields["root"].choices = rows  # type: ignore[attr-defined]

    def applied(self, *, kind: Kind, member_id: int, patient_id: int) -> Applied:
        """What was typed, for the action. Only of a valid form."""
        given = self.cleaned_data
        return Applied(
            kind=kind,
            member_id=member_id,
            patient_id=patient_id,
            received=given["received"],
            first=given.get("first"),
            last=given.get("last"),
            root_id=int(given["root"]) if given.get("root") else None,
            facts=self.fact_values(),
            pensions=self.pensions(),
            costs=self.costs(),
        )

    def fact_values(self) -> dict[str, Any]:
        return {name: self._plain(name) for name in self.facts}

    def _plain(self, name: str) -> Any:
        value = self.cleaned_data.get(name)
        if value is None and isinstance(self.fields[name], YenField) and name not in ("lump_amount",):
            return 0
        return value

    @property
    def sections(self) -> list[tuple[str, list[Any]]]:
        """The parts of the paper with their fields."""
        head = [name for name in ("root", "received", "first", "last") if name in self.fields]
        return [(title, [self[name] for name in names]) for title, names in (("申請", tuple(head)), *self.parts)]

    @property
    def line_table(self) -> list[list[Any]]:
        """The lines that repeat (pensions, costs), each with its fields."""
        return [[self[f"{name}{n}"] for name in self.line_names] for n in range(1, self.line_count + 1)]

    def pensions(self) -> list[tuple[int, date, date | None, bool, str]]:
        return []

    def costs(self) -> list[tuple[str, int, bool]]:
        return []


class AllowanceForm(ApplicationForm):
    root = forms.ChoiceField(label="同じ傷病・出産についての申請", required=False)
    first = day_field("請求期間の初日", hint="")
    last = day_field("請求期間の末日", hint="")
    field_order = ("key", "version", "root", "received", "first", "last")


class SicknessForm(AllowanceForm):
    """傷病手当金支給申請書."""

    facts = (
        "illness", "onset_date", "hospital", "opinion_first", "opinion_last", "opinion_date", "industrial_accident",
        "third_party", "seaman", "lump_on", "lump_amount",
    )  # fmt: skip
    parts = (
        (
            "傷病と療養担当者の意見",
            ("illness", "onset_date", "hospital", "opinion_date", "opinion_first", "opinion_last"),
        ),
        ("あてはまるもの", ("industrial_accident", "third_party", "seaman")),
        ("障害手当金", ("lump_on", "lump_amount")),
    )
    line_title, line_count = "併せて受ける年金", PENSION_LINES
    line_heads = ("年額（円）", "支給の初日", "支給の末日（続いているときは空ける）", "老齢退職年金", "確かめた資料")
    line_names = ("annual", "pension_first", "pension_last", "old_age", "basis")
    illness = forms.CharField(label="傷病名", max_length=100)
    onset_date = day_field("発病・負傷の日", required=False, hint="")
    hospital = forms.CharField(label="医療機関", max_length=100, required=False)
    opinion_first = day_field("療養担当者が労務不能と認めた期間の初日", required=False, hint="")
    opinion_last = day_field("同　末日", required=False, hint="")
    opinion_date = day_field("意見を記入した日", required=False, hint="")
    industrial_accident = forms.BooleanField(label="業務上・通勤による傷病である", required=False)
    third_party = forms.BooleanField(label="第三者の行為（交通事故など）による傷病である", required=False)
    seaman = forms.BooleanField(label="資格喪失の後、船員保険の被保険者となった", required=False)
    lump_on = day_field("障害手当金を受けられる日", required=False, hint="")
    lump_amount = yen_field("障害手当金の額（円）", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for line in range(1, PENSION_LINES + 1):
            self.fields[f"annual{line}"] = yen_field(f"年金{line}　年額（円）", required=False)
            self.fields[f"pension_first{line}"] = day_field(f"年金{line}　支給の初日", required=False, hint="")
            self.fields[f"pension_last{line}"] = day_field(
                f"年金{line}　支給の末日", required=False, hint="続いているときは空けます"
            )
            self.fields[f"old_age{line}"] = forms.BooleanField(
                label=f"年金{line}は老齢退職年金である（空けると障害年金）", required=False
            )
            self.fields[f"basis{line}"] = forms.CharField(
                label=f"年金{line}　確かめた資料", max_length=100, required=False
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for line in range(1, PENSION_LINES + 1):
            annual, first = given.get(f"annual{line}"), given.get(f"pension_first{line}")
            if annual and not first:
                self.add_error(f"pension_first{line}", "年額があるときは、支給の初日を入れてください。")
            if first and not annual:
                self.add_error(f"annual{line}", "支給の初日があるときは、年額を入れてください。")
        return given

    def pensions(self) -> list[tuple[int, date, date | None, bool, str]]:
        given = self.cleaned_data
        return [
            (
                given[f"annual{n}"], given[f"pension_first{n}"], given.get(f"pension_last{n}"), given[f"old_age{n}"],
                given[f"basis{n}"],
            )
            for n in range(1, PENSION_LINES + 1)
            if given.get(f"annual{n}")
        ]  # fmt: skip


class MaternityForm(AllowanceForm):
    """出産手当金支給申請書."""

    facts = ("expected_date", "born_date", "multiple", "institution")
    parts = (("出産", ("expected_date", "born_date", "institution", "multiple")),)
    expected_date = day_field("出産の予定日", required=False, hint="")
    born_date = day_field("出産の日", required=False, hint="出産の前に申請するときは空けます")
    multiple = forms.BooleanField(label="多胎妊娠である", required=False)
    institution = forms.CharField(label="医療機関等", max_length=100, required=False)


class ChildbirthForm(ApplicationForm):
    """出産育児一時金支給申請書."""

    facts = (
        "born_date", "expected_date", "multiple", "weeks", "days", "children", "stillborn", "covered", "way", "fee",
        "institution",
    )  # fmt: skip
    parts = (
        ("出産", ("born_date", "expected_date", "weeks", "days", "children", "institution", "multiple", "stillborn")),
        ("受取方法", ("way", "fee", "covered")),
    )
    born_date = day_field("出産の日", hint="")
    expected_date = day_field("出産の予定日", required=False, hint="")
    weeks = forms.IntegerField(label="妊娠週数", min_value=0, max_value=45)
    days = forms.IntegerField(label="週の余りの日", min_value=0, max_value=6, initial=0)
    children = forms.IntegerField(label="出生児の数（死産を含む）", min_value=1, max_value=9, initial=1)
    multiple = forms.BooleanField(label="多胎である", required=False)
    stillborn = forms.BooleanField(label="死産を含む", required=False)
    covered = forms.BooleanField(label="産科医療補償制度の対象となる出産である", required=False, initial=True)
    way = forms.ChoiceField(label="受取方法", choices=enums.Way.choices)
    fee = yen_field("出産に要した費用（円）", required=False, hint="直接支払制度・受取代理制度のときは必ず入れます")
    institution = forms.CharField(label="医療機関等", max_length=100, required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("way") != enums.Way.CASH and not given.get("fee"):
            self.add_error("fee", "直接支払制度・受取代理制度のときは、費用の額を入れてください。")
        return given


class DeathForm(ApplicationForm):
    """埋葬料（費）支給申請書."""

    facts = (
        "died_date", "buried_date", "claimant", "claimant_relation", "maintained", "buries", "stillborn",
        "industrial_accident",
    )  # fmt: skip
    parts = (
        ("死亡と埋葬", ("died_date", "buried_date", "stillborn", "industrial_accident")),
        ("請求した人", ("claimant", "claimant_relation", "maintained", "buries")),
    )
    line_title, line_count = "埋葬に要した費用（埋葬費のとき）", COST_LINES
    line_heads = ("費用", "金額（円）", "埋葬に直接要した")
    line_names = ("cost_label", "cost", "counted")
    died_date = day_field("死亡の日", hint="")
    buried_date = day_field("埋葬の日", required=False, hint="埋葬費のときは必ず入れます")
    claimant = forms.CharField(label="請求した人の氏名", max_length=60)
    claimant_relation = forms.CharField(label="死亡した人との関係", max_length=40)
    maintained = forms.BooleanField(label="死亡した人に生計を維持されていた", required=False)
    buries = forms.BooleanField(label="埋葬を行う（行った）人である", required=False, initial=True)
    stillborn = forms.BooleanField(label="死産である", required=False)
    industrial_accident = forms.BooleanField(label="業務上・通勤による死亡である", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for line in range(1, COST_LINES + 1):
            self.fields[f"cost_label{line}"] = forms.CharField(label=f"費用{line}", max_length=60, required=False)
            self.fields[f"cost{line}"] = yen_field(f"費用{line}の額（円）", required=False)
            self.fields[f"counted{line}"] = forms.BooleanField(
                label=f"費用{line}は埋葬に直接要した", required=False, initial=True
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for line in range(1, COST_LINES + 1):
            if given.get(f"cost{line}") and not given.get(f"cost_label{line}"):
                self.add_error(f"cost_label{line}", "何の費用かを入れてください。")
            if given.get(f"cost_label{line}") and given.get(f"cost{line}") is None:
                self.add_error(f"cost{line}", "費用の額を入れてください。")
        died, buried = given.get("died_date"), given.get("buried_date")
        if died and buried and buried < died:
            self.add_error("buried_date", "埋葬の日が死亡の日より前です。")
        return given

    def costs(self) -> list[tuple[str, int, bool]]:
        given = self.cleaned_data
        return [
            (given[f"cost_label{n}"], given[f"cost{n}"], given[f"counted{n}"])
            for n in range(1, COST_LINES + 1)
            if given.get(f"cost_label{n}")
        ]


class TripForm(ApplicationForm):
    """移送費支給申請書."""

    facts = (
        "moved_date", "paid_date", "route", "proper_treatment", "could_not_move", "unavoidable", "ordinary", "actual",
        "attended", "attendant_ordinary", "attendant_actual", "industrial_accident",
    )  # fmt: skip
    parts = (
        ("移送", ("moved_date", "paid_date", "route", "ordinary", "actual")),
        ("支給の要件", ("proper_treatment", "could_not_move", "unavoidable", "industrial_accident")),
        ("付添人", ("attended", "attendant_ordinary", "attendant_actual")),
    )
    moved_date = day_field("移送した日", hint="")
    paid_date = day_field("費用を支払った日", hint="")
    route = forms.CharField(label="経路・方法", max_length=200)
    proper_treatment = forms.BooleanField(label="移送により、法に基づく適切な療養を受けた（則81条1号）", required=False)
    could_not_move = forms.BooleanField(label="傷病により移動が著しく困難であった（則81条2号）", required=False)
    unavoidable = forms.BooleanField(label="緊急その他やむを得なかった（則81条3号）", required=False)
    ordinary = yen_field("最も経済的な通常の経路・方法による費用（円）")
    actual = yen_field("実際に要した費用（円）")
    attended = forms.BooleanField(label="医師が付添いを必要と認めた", required=False)
    attendant_ordinary = yen_field("付添人の通常の費用（円）", required=False)
    attendant_actual = yen_field("付添人の実際の費用（円）", required=False)
    industrial_accident = forms.BooleanField(label="業務上・通勤による傷病である", required=False)


FORMS: dict[Kind, type[ApplicationForm]] = {
    Kind.SICKNESS: SicknessForm,
    Kind.MATERNITY: MaternityForm,
    Kind.CHILDBIRTH: ChildbirthForm,
    Kind.FAMILY_CHILDBIRTH: ChildbirthForm,
    Kind.FUNERAL: DeathForm,
    Kind.FUNERAL_COST: DeathForm,
    Kind.FAMILY_FUNERAL: DeathForm,
    Kind.TRANSPORT: TripForm,
    Kind.FAMILY_TRANSPORT: TripForm,
}


class VersionForm(PortalForm):
    version = forms.IntegerField(widget=forms.HiddenInput)


class MoveForm(VersionForm):
    """One move of a case; the reason is asked where the move needs one."""

    name = forms.CharField(max_length=30, widget=forms.HiddenInput)
    reason = forms.CharField(label="理由", max_length=300, required=False)


class DocumentForm(VersionForm):
    state = forms.ChoiceField(label="状態", choices=enums.DocumentState.choices)
    arrived = day_field("届いた日", required=False)
    note = forms.CharField(label="備考", max_length=200, required=False)


class FindingForm(VersionForm):
    words = forms.CharField(label="確かめたこと", max_length=300, required=False)


class RestrictionForm(VersionForm):
    """給付制限（法116条から122条）."""

    ground = forms.ChoiceField(label="事由", choices=choices.RESTRICTION_CHOICES)
    percent = forms.IntegerField(
        label="支給しない割合（％）", min_value=0, max_value=100, help_text="0にすると、給付制限を取り消します"
    )
    reason = forms.CharField(label="認めた理由", max_length=300, required=False)


class PlanForm(PortalForm):
    """返納の計画: in so many parts, or so much a month."""

    first_month = day_field(
        "最初に納める月", hint="その月のどの日でもかまいません。月の末日（休みの日は次の日）が納める日です"
    )
    count = forms.IntegerField(label="回数", min_value=1, max_value=120, required=False)
    each = yen_field("1回の額（円）", required=False, hint="回数か1回の額の、どちらか一つを入れます")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if bool(given.get("count")) == bool(given.get("each")):
            raise forms.ValidationError("回数か1回の額の、どちらか一つを入れてください。")
        return given


class RecoveryForm(PlanForm):
    """返納の決定."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    known = day_field("知った日", hint=f"返納となる事実を組合が知った日。{DATE_HINT}")
    deceit = forms.BooleanField(label="偽りその他不正の行為による（法58条1項の徴収）", required=False)
    reason = forms.CharField(label="理由", max_length=300, help_text="返納通知書にそのまま書かれます")
    field_order = ("version", "reason", "known", "deceit", "first_month", "count", "each")


class ReplanForm(PlanForm):
    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label="計画を変える理由", max_length=300)


class RepaymentForm(VersionForm):
    key = forms.UUIDField(widget=forms.HiddenInput)
    received = day_field("受け入れた日")
    amount = yen_field("受け入れた額（円）")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("key", uuid.uuid4())
        super().__init__(*args, **kwargs)


class FindForm(PortalForm):
    """受付番号か記号-番号で探す. Posted, so that no number stands in an address."""

    terms = forms.CharField(max_length=40, required=False)


class ApprovalForm(PortalForm):
    """議長の承認."""

    approved = day_field("議長の承認日")


PAY_LINES = 4
DAY_WORDS = (("absent", "欠勤"), ("holiday", "公休"), ("leave", "有給"), ("worked", "出勤"))


class LabourForm(VersionForm):
    """事業主の証明. `days`: those of the case, each with what it was; the rest of a day's field is its date."""

    employer = forms.CharField(label="証明した事業所", max_length=100)
    certified = day_field("証明した日")
    first = day_field("証明した期間の初日")
    last = day_field("証明した期間の末日")
    note = forms.CharField(label="備考", max_length=200, required=False)

    def __init__(self, *args: Any, days: Iterable[date] = (), holidays: Iterable[date] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        free, self.days = set(holidays), list(days)
        for day in self.days:
            self.fields[f"day_{day.isoformat()}"] = forms.ChoiceField(
                label=f"{day.month}月{day.day}日", choices=DAY_WORDS, required=False,
                initial="holiday" if day.weekday() >= 5 or day in free else "absent",
            )  # fmt: skip
        for line in range(1, PAY_LINES + 1):
            self.fields[f"pay_label{line}"] = forms.CharField(label=f"報酬{line}", max_length=40, required=False)
            self.fields[f"pay_first{line}"] = day_field(f"報酬{line}の初日", required=False, hint="")
            self.fields[f"pay_last{line}"] = day_field(f"報酬{line}の末日", required=False, hint="")
            self.fields[f"pay_amount{line}"] = yen_field(f"報酬{line}の額（円）", required=False)
            self.fields[f"pay_per{line}"] = forms.ChoiceField(
                label=f"報酬{line}の割り方", choices=LabourPay.Per.choices, required=False
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for line in range(1, PAY_LINES + 1):
            some = [
                name
                for name in ("label", "first", "last", "amount")
                if given.get(f"pay_{name}{line}") not in (None, "")
            ]
            for name, word in (("label", "種類"), ("first", "初日"), ("last", "末日"), ("amount", "額")):
                if some and given.get(f"pay_{name}{line}") in (None, "") and f"pay_{name}{line}" not in self.errors:
                    self.add_error(f"pay_{name}{line}", f"報酬{line}の{word}を入れてください。")
        return given

    @property
    def head(self) -> list[Any]:
        return [self[name] for name in ("employer", "certified", "first", "last", "note")]

    @property
    def months(self) -> list[tuple[date, list[tuple[date, Any]]]]:
        """The days by month, each with its field."""
        found: dict[date, list[tuple[date, Any]]] = {}
        for day in self.days:
            found.setdefault(day.replace(day=1), []).append((day, self[f"day_{day.isoformat()}"]))
        return sorted(found.items())

    @property
    def pay_lines(self) -> list[list[Any]]:
        return [
            [self[f"pay_{name}{line}"] for name in ("label", "first", "last", "amount", "per")]
            for line in range(1, PAY_LINES + 1)
        ]

    def certified_days(self) -> Certified:
        """What was typed, for the action; days outside the certified stretch are not part of it."""
        given = self.cleaned_data
        first, last = given["first"], given["last"]
        days = {day: given.get(f"day_{day.isoformat()}") or "absent" for day in self.days if first <= day <= last}
        pay = [
            Paid(
                given[f"pay_label{n}"], given[f"pay_first{n}"], given[f"pay_last{n}"], given[f"pay_amount{n}"],
                given[f"pay_per{n}"] or "day",
            )
            for n in range(1, PAY_LINES + 1)
            if given.get(f"pay_label{n}")
        ]  # fmt: skip
        return Certified(first, last, given["certified"], given["employer"], days, pay, given["note"])


OWN_QUESTIONS = 3


class InquiryForm(VersionForm):
    """医師への照会: to whom, and what."""

    recipient = forms.TypedChoiceField(label="医療機関", coerce=int)
    physician = forms.CharField(label="担当の医師", max_length=60, required=False)
    offered = forms.MultipleChoiceField(
        label="照会する事項", choices=[(question, question) for question in QUESTIONS], required=False,
        widget=forms.CheckboxSelectMultiple, initial=list(QUESTIONS[:2]),
    )  # fmt: skip

    def __init__(self, *args: Any, institutions: Iterable[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["recipient"]
        field.choices = [(one.pk, f"{one.code}　{one.name}") for one in institutions]
        for line in range(1, OWN_QUESTIONS + 1):
            self.fields[f"question{line}"] = forms.CharField(
                label=f"そのほかの事項{line}", max_length=300, required=False
            )

    def questions(self) -> list[str]:
        given = self.cleaned_data
        return [*given["offered"], *(given[f"question{n}"] for n in range(1, OWN_QUESTIONS + 1))]


class ConsentForm(VersionForm):
    given = day_field("本人の同意日")
    note = forms.CharField(label="同意の書面", max_length=100, help_text="同意書の受付番号など")


class SentForm(VersionForm):
    sent = day_field("送った日")


class AnswerForm(VersionForm):
    """照会の回答, question by question."""

    answered = day_field("回答を受けた日")
    able_from = day_field("労務可能となった日", required=False, hint="まだ労務不能のときは空けます")

    def __init__(self, *args: Any, questions: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = list(questions)
        for number, question in enumerate(self.asked):
            self.fields[f"answer{number}"] = forms.CharField(
                label=f"{number + 1}　{question}", max_length=600, widget=forms.Textarea(attrs={"rows": 2})
            )

    def answers(self) -> list[str]:
        return [self.cleaned_data[f"answer{number}"] for number in range(len(self.asked))]


class OpinionForm(VersionForm):
    opinion = forms.ChoiceField(label="意見", choices=Opinion.choices)
    words = forms.CharField(label="意見の内容", max_length=600, widget=forms.Textarea(attrs={"rows": 2}))
    adviser = forms.CharField(label="顧問医", max_length=60)
    on = day_field("意見の日")


class InquiryCancelForm(VersionForm):
    reason = forms.CharField(label="理由", max_length=300)


class CertificateForm(VersionForm):
    certificate = forms.IntegerField(widget=forms.HiddenInput)


class CertificateFileForm(PortalForm):
    file = forms.FileField(label="事業主の証明のCSV", max_length=200, allow_empty_file=True)


class NoticeForm(PortalForm):
    """Which letters: of one decision, or of a span of days."""

    decision = forms.IntegerField(label="決定の番号", required=False, min_value=1, help_text="一件だけのときに入れます")
    since = day_field("この日から", required=False)
    until = day_field("この日まで", required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        since, until = given.get("since"), given.get("until")
        if not given.get("decision") and not (since and until):
            raise forms.ValidationError("決定の番号か、日の範囲（から・まで）を入れてください。")
        if since and until and until < since:
            self.add_error("until", "「まで」の日が「から」の日より前です。順を入れ替えてください。")
        if since and until and (until - since).days > 92:
            self.add_error("until", "3か月より長い範囲は出せません。範囲を分けてください。")
        return given


class InquiryFileForm(PortalForm):
    inquiry = forms.IntegerField(label="照会の番号", min_value=1)
