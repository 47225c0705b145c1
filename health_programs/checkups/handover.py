"""健診結果の事業主への提供: the items the law has the employer examine, of its own people, whom nobody who objected is among.

An employer must examine its workers itself (労働安全衛生法66条1項, 労働安全衛生規則44条1項) and keep the results (同法66条の3).
Where the association's checkup stands in for that, it may hand over what those items say and nothing else: no questionnaire,
no judgement, no guidance. The published notice names this provision; who does not want it says so and is left out
(opt-out), which the guidance for health insurers takes for consent. So the basis is 同意 under an agreement with the
employer, and the record of 個人情報保護法29条 is written when the file is fetched.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from health_programs.checkups.activities import EMPLOYER_PROVISION, SHELF
from health_programs.checkups.letter_forms import HandoverForm
from health_programs.checkups.presentation.handover import told as told_of
from health_programs.checkups.queries import handover as queries
from members.enrollment.queries import rosters
from privacy.outputs.enums import Basis, FileFormat, RecipientKind
from privacy.outputs.kinds import Allowed, Column, Order, Row, Value, register_file


@dataclass(frozen=True)
class LegalItem:
    """One item of 労働安全衛生規則44条1項, by the keys of 健診項目 that report it. number: of the clause."""

    code: str
    title: str
    number: str
    keys: tuple[str, ...]


LEGAL_ITEMS = (
    LegalItem("history", "既往歴", "1号", ("history", "history_text")),
    LegalItem("subjective", "自覚症状", "2号", ("subjective", "subjective_text")),
    LegalItem("objective", "他覚症状", "2号", ("objective", "objective_text")),
    LegalItem("height", "身長", "3号", ("height",)),
    LegalItem("weight", "体重", "3号", ("weight",)),
    LegalItem("waist", "腹囲", "3号", ("waist",)),
    LegalItem("systolic", "収縮期血圧", "5号", ("systolic",)),
    LegalItem("diastolic", "拡張期血圧", "5号", ("diastolic",)),
    LegalItem("hemoglobin", "血色素量", "6号", ("hemoglobin",)),
    LegalItem("red_cells", "赤血球数", "6号", ("rbc",)),
    LegalItem("ast", "AST", "7号", ("ast",)),
    LegalItem("alt", "ALT", "7号", ("alt",)),
    LegalItem("ggt", "γ-GT", "7号", ("ggt",)),
    LegalItem("ldl", "LDLコレステロール", "8号", ("ldl",)),
    LegalItem("hdl", "HDLコレステロール", "8号", ("hdl",)),
    LegalItem("triglyceride", "血清トリグリセライド", "8号", ("tg_fasting", "tg_casual")),
    LegalItem("glucose", "血糖", "9号", ("glucose_fasting", "glucose_casual", "hba1c")),
    LegalItem("urine_sugar", "尿糖", "10号", ("urine_sugar",)),
    LegalItem("urine_protein", "尿蛋白", "10号", ("urine_protein",)),
    LegalItem("ecg", "心電図", "11号", ("ecg", "ecg_findings")),
)
"""労働安全衛生規則44条1項各号. 視力・聴力 (3号) and 胸部エックス線 (4号) are no items of 特定健康診査 and are not handed over."""

HEAD = (
    Column("number", "記号-番号"),
    Column("name", "氏名"),
    Column("birth_date", "生年月日"),
    Column("exam_date", "受診日"),
    Column("institution", "健診機関"),
)
RESULT_COLUMNS = (*HEAD, *(Column(item.code, item.title) for item in LEGAL_ITEMS))
BOOKING_COLUMNS = (
    Column("number", "記号-番号"),
    Column("name", "氏名"),
    Column("kind", "健診の種類"),
    Column("state", "申込の状況"),
    Column("date", "受診する日"),
    Column("institution", "健診機関"),
)


def _codes(columns: Sequence[Column]) -> tuple[str, ...]:
    return tuple(column.code for column in columns)


def _employer(order: Order) -> int:
    """The employer the file is for; 0, which no employer has, for any other recipient."""
    return order.addressee.employer_id or 0


# --- 健診結果 -----------------------------------------------------------------------------------------------------------


def _examined(order: Order, ids: Sequence[int]) -> set[int]:
    """By the register: insured at this employer on the day of the examination, and still today."""
    days = queries.exam_days(order["year"], ids)
    then = rosters.insured_at_on(_employer(order), days)
    return then & rosters.insured_at_on(_employer(order), dict.fromkeys(then, order.today))


def _result_rows(order: Order, ids: Sequence[int]) -> Iterable[Row]:
    results, people = queries.results(order["year"], ids), rosters.members_among(ids)
    for pk in ids:
        if pk not in results or pk not in people:
            continue
        result, person = results[pk], people[pk]
        told = told_of(result)
        head: dict[str, Value] = {
            "number": f"{person.symbol}-{person.number}",
            "name": person.name,
            "birth_date": person.birth_date,
            "exam_date": result.exam_date,
            "institution": result.institution_name or result.institution_code,
        }
        items = {item.code: "、".join(told[key] for key in item.keys if key in told) for item in LEGAL_ITEMS}
        yield Row(pk, {**head, **items})


register_file(
    "checkups.employer_results",
    "健診結果（事業主への提供）",
    activity=EMPLOYER_PROVISION,
    columns=RESULT_COLUMNS,
    recipients={RecipientKind.EMPLOYER: Allowed(Basis.CONSENT, _codes(RESULT_COLUMNS))},
    parameters={"year": int},
    form=HandoverForm,
    subjects=lambda order: queries.examined_people(order["year"], _employer(order)),
    belongs=_examined,
    build=_result_rows,
    formats={FileFormat.CSV: None},
    unit="名",
    shelf=SHELF,
)


# --- 健診申込状況 -------------------------------------------------------------------------------------------------------


def _booking_rows(order: Order, ids: Sequence[int]) -> Iterable[Row]:
    standing, people = queries.standing(order["year"], ids), rosters.members_among(ids)
    for pk in ids:
        if pk in standing and pk in people:
            person = people[pk]
            head = {"number": f"{person.symbol}-{person.number}", "name": person.name}
            yield Row(pk, {**head, **standing[pk]})


register_file(
    "checkups.employer_bookings",
    "健診の申込状況（事業主への提供）",
    activity=EMPLOYER_PROVISION,
    columns=BOOKING_COLUMNS,
    recipients={RecipientKind.EMPLOYER: Allowed(Basis.CONSENT, _codes(BOOKING_COLUMNS))},
    parameters={"year": int},
    form=HandoverForm,
    subjects=lambda order: queries.due_people(order["year"], _employer(order)),
    belongs=lambda order, ids: rosters.insured_at_on(_employer(order), dict.fromkeys(ids, order.today)),
    build=_booking_rows,
    formats={FileFormat.CSV: None},
    unit="名",
    shelf=SHELF,
)
