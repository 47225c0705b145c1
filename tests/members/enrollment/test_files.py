"""Files of the register: what is printed, line by line, against golden files of invented people.

A golden file is written anew by deleting it and running the test once; what it then holds is read before it is kept.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.template.loader import render_to_string

from kumiai.documents import Frame, missing_characters
from members.enrollment.files.common import Addressee, day
from members.enrollment.files.coverage_register import ITEMS as REGISTER_ITEMS
from members.enrollment.files.coverage_register import register_pdf
from members.enrollment.files.qualification_notice import ITEMS as NOTICE_ITEMS
from members.enrollment.files.qualification_notice import Letter, Sender, notice_pdf
from members.enrollment.files.statistics_report import bands_of, numbers, report_pdf
from members.enrollment.files.usage_record import usage_pdf
from members.enrollment.presentation.pyramid import pyramid
from members.enrollment.statistics import Band, EmployerCount, Month, Movement, Statistics
from tests.kumiai.documents.reading import lines_of, pages_of
from tests.reliability.conftest import small_or_long

GOLDEN = Path(__file__).parent / "golden"
FRAME = Frame(
    title="適用台帳",
    association="ひなた連合健康保険組合",
    activity="加入者の管理",
    uses=(("資格及び住所に関する情報", "加入者の管理"),),
    person="1001 佐藤 真由美",
    at=datetime(2026, 11, 22, 1, 30, tzinfo=UTC),
    count=3,
    record="受け渡し番号 7",
)
HINATA = Addressee("ひなた物流株式会社", "12", "1000001", "東京都千代田区架空町1-2-3")
SENDER = Sender(
    "ひなた連合健康保険組合", "100-0000", "東京都千代田区架空町9-9-9", "理事長　見本 太郎", "適用課　03-0000-0000"
)
ALL = [code for code, _title in REGISTER_ITEMS]


def a_line(branch: str = "00", **fields):
    return {
        "symbol": "12", "number": "3456", "branch": branch, "name": "髙﨑 美咲", "kana": "タカサキ ミサキ",
        "birth_date": date(1980, 5, 7), "sex": "女", "role": "本人", "kind": "強制", "start": date(2019, 5, 1),
        "end": None,
    } | fields  # fmt: skip


FAMILY = [
    a_line(),
    a_line(
        "01", name="髙﨑 悠真", kana="タカサキ ユウマ", birth_date="2021-02-03", sex="男", role="家族", kind="子（男）"
    ),
    a_line(number="3457", name="𠮷田 敬子", kana="ヨシダ ケイコ", end="2026-12-01"),
]


def golden(name: str, pdf: bytes) -> None:
    path = GOLDEN / f"{name}.txt"
    lines = "\n".join(lines_of(pdf)) + "\n"
    if not path.exists():
        path.write_text(lines)
        pytest.fail(f"{path.name} was written; read it and run again")
    assert lines == path.read_text()


def a_register(rows, *, items=ALL, frame=FRAME) -> bytes:
    return register_pdf(rows, items=items, employer=HINATA, on=date(2026, 11, 22), frame=frame)


# --- 適用台帳 ---------------------------------------------------------------------------------------------------------


def test_the_register_prints_families_under_their_insured():
    golden("coverage_register", a_register(FAMILY))


def test_only_the_items_agreed_are_printed():
    lines = lines_of(a_register(FAMILY, items=["number", "name"]))
    assert "記号-番号-枝番|氏名" in lines and "3456|髙﨑 美咲" in lines
    assert not any("タカサキ" in line or "昭55" in line or "被保険者" in line for line in lines)


def test_a_register_without_anybody_says_so():
    assert any("この日に資格のある人はいません。" in line for line in lines_of(a_register([])))


def test_a_name_the_font_lacks_is_said_before_the_register_leaves():
    assert missing_characters(FAMILY) == ("𠮷",)


@pytest.mark.parametrize(
    ("value", "shown"), [(date(2019, 5, 1), "令元.5.1"), ("1926-12-25", "昭元.12.25"), ("", ""), (None, "")]
)
def test_a_day_is_printed_in_the_japanese_calendar(value, shown):
    assert day(value) == shown


def test_a_very_long_name_stays_on_the_page():
    rows = [a_line(name="架空" * 40, kana="カクウ" * 40)]
    lines = lines_of(a_register(rows))
    assert sum(line.count("架空") for line in lines) >= 40


def test_thousands_of_people_stand_in_one_register():
    count = small_or_long(2_000, 10_000)
    rows = [a_line(number=str(number)) for number in range(count)]
    pdf = a_register(rows, frame=replace(FRAME, count=count))
    pages = int(re.search(rb"<xmpTPg:NPages>(\d+)", pdf)[1])  # type: ignore[index]
    assert pages > count // 36
    assert pdf.count(b"/S/TR") == count + 1  # every line a row of one table, and its head once


# --- 資格取得・喪失確認通知書 ---------------------------------------------------------------------------------------------


def a_confirmation(what="資格取得", **fields):
    return {
        "what": what, "number": "12-3456-00", "name": "髙﨑 美咲", "kana": "タカサキ ミサキ", "birth_date": "1980-05-07",
        "sex": "女", "day": "2026-11-01", "reason": "就職", "confirmed": "2026-11-05",
    } | fields  # fmt: skip


def a_notice(letters) -> bytes:
    return notice_pdf(
        letters, items=[code for code, _title in NOTICE_ITEMS], since=date(2026, 11, 1), until=date(2026, 11, 22),
        issued=date(2026, 11, 22), sender=SENDER, frame=replace(FRAME, title="資格取得・喪失確認通知書"),
    )  # fmt: skip


def test_the_notice_tells_what_was_confirmed_and_how_to_appeal():
    rows = [a_confirmation(), a_confirmation("資格喪失", reason="退職"), a_confirmation("資格取得の取消", reason="")]
    golden("qualification_notice", a_notice([Letter(HINATA, rows)]))


def test_each_letter_counts_its_own_pages():
    other = replace(HINATA, name="架空運輸株式会社", symbol="13")
    pages = pages_of(a_notice([Letter(HINATA, [a_confirmation()]), Letter(other, [a_confirmation()] * 70)]))
    assert [page[-1].rsplit("|", 1)[1] for page in pages] == ["1 / 1", "1 / 2", "2 / 2"]
    assert not any("架空運輸" in line for line in pages[0]) and not any("ひなた物流" in line for line in pages[1])


# --- 加入者の統計 -------------------------------------------------------------------------------------------------------

COUNTED = Statistics(
    year=2026,
    on=date(2026, 11, 22),
    months=(Month(date(2026, 4, 30), 1_200, 3, 700), Month(date(2026, 11, 22), 1_210, 4, 690)),
    acquisitions=(Movement("就職", 14),),
    losses=(Movement("退職", 4),),
    certifications=2,
    removals=(Movement("就職", 12),),
    employers=(EmployerCount("12", "ひなた物流株式会社", 1_206, 688, 14, 4), EmployerCount("", "", 4, 2, 0, 0)),
    bands=(Band(0, 4, 0, 0, 30, 28), Band(5, 9, 0, 0, 31, 1), Band(75, None, 1, 0, 0, 2)),
    average_ages={"insured": 44.44, "dependant": None, "all": 40.0},
    left_out=5,
)


def rows_of(found: Statistics):
    return [dict(zip(("table", "row", "column", "value"), number, strict=True)) for number in numbers(found)]


def test_the_report_prints_every_number_once():
    rows = rows_of(COUNTED)
    picture = render_to_string(
        "members/enrollment/components/pyramid.svg",
        {"p": pyramid(bands_of(rows)), "label": "図", "font": "IPAexGothic"},
    )
    golden("statistics_report", report_pdf(rows, year=2026, left_out=5, picture=picture, frame=FRAME))


def test_the_bands_come_back_out_of_the_rows_of_a_file():
    assert tuple(bands_of(rows_of(COUNTED))) == COUNTED.bands


def test_what_has_no_average_has_a_dash():
    assert ("加入者数", "令和8年11月22日現在", "平均年齢（被扶養者）", "―") in numbers(COUNTED)


# --- 利用履歴 ----------------------------------------------------------------------------------------------------------


def test_the_record_of_uses_names_sections_and_purposes():
    rows = [
        {"at": "令和8年11月22日 10:30", "section": "適用課", "activity": "加入者の管理", "operation": "表示"},
        {"at": "令和8年11月21日 09:00", "section": "総務課", "activity": "加入者の管理", "operation": "拒否"},
        {"at": "令和8年11月20日 03:00", "section": "夜間処理", "activity": "年齢による資格の管理", "operation": "変更"},
    ]
    golden(
        "usage_record",
        usage_pdf(rows, name="髙﨑 美咲", number="12-3456-00", issued=date(2026, 11, 22),
                  frame=replace(FRAME, title="利用履歴", uses=(), statute="個人情報保護法 第33条")),
    )  # fmt: skip


def test_a_person_nobody_looked_at_has_an_empty_record():
    pdf = usage_pdf([], name="髙﨑 美咲", number="12-3456-00", issued=date(2026, 11, 22), frame=FRAME)
    assert "記録はありません。" in "".join(lines_of(pdf))
