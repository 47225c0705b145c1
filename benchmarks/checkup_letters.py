"""結果の通知: letters a second, each with values, ranges, five years of plots and words, in one document; and plain letters.

The rates are those of this machine and one core. The ratio says what the plots cost against the same letters with the
values of one year. Nothing is read from the database.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

from benchmarks.measure import Way, compare, report

LETTERS = 500
SHEET = {
    "height": "170.0", "weight": "78.2", "waist": "92.0", "bmi": "27.1", "systolic": "145", "diastolic": "88",
    "tg_fasting": "320", "hdl": "45", "ldl": "150", "ast": "25", "alt": "30", "ggt": "40", "glucose_fasting": "104",
    "hba1c": "5.7", "creatinine": "0.82", "egfr": "78.2", "hemoglobin": "14.1",
}  # fmt: skip


def main() -> None:
    from health_programs.checkups.letters import referral_letter, result_notice
    from health_programs.checkups.measures import ANSWERS, MEASURES
    from privacy.outputs.enums import FileFormat, RecipientKind
    from privacy.outputs.kinds import Addressee, Document, Footer, Order, Row

    def result(year: int) -> Any:
        values = {measure.key: SHEET.get(measure.key) for measure in MEASURES}
        return SimpleNamespace(fiscal_year=year, sex="1", observations=[], **values, **dict.fromkeys(ANSWERS, 1))

    def document(kind: str, title: str, rows: list[dict[str, Any]]) -> Document:
        footer = Footer(
            1, "健診結果の通知", (("健康診査に関する情報", "健診結果の通知"),), "各自", "1003 高橋 恵",
            datetime(2026, 11, 22, tzinfo=UTC), len(rows), "通",
        )  # fmt: skip
        order = Order(kind, {}, Addressee(RecipientKind.EACH, "各自"), (), FileFormat.PDF, date(2026, 11, 22))
        return Document(title, order, (), [Row(number, row) for number, row in enumerate(rows, 1)], footer, {})

    head = {
        "postal_code": "1050011", "address": "東京都港区架空1-2-3", "name": "髙﨑 美咲", "to": "髙﨑 美咲", "number": "12-345-00",
        "exam_date": "2026-06-03", "institution": "みなと架空健診クリニック",
    }  # fmt: skip
    now = result_notice.stage(result(2026))
    earlier = result_notice.stage_earlier([result(year) for year in (2025, 2024, 2023, 2022)])
    plain = [head | {"results": now, "level": "intensive"}] * LETTERS
    plotted = [head | {"results": now, "earlier": earlier, "level": "intensive"}] * LETTERS
    one_year = Way(lambda: result_notice.notice_pdf(document("checkups.result_notice", "健診結果のお知らせ", plain)))
    five_years = Way(
        lambda: result_notice.notice_pdf(document("checkups.result_notice", "健診結果のお知らせ", plotted))
    )
    compare(one_year, five_years, rounds=3, warm=0)
    rate = LETTERS / (min(five_years.times) / 1000)
    report("letters_with_plots", one_year, five_years, target="> 15 letters a second", reached=lambda _ratio: rate > 15,
           letters_a_second=round(rate, 1), letters=LETTERS)  # fmt: skip

    findings = referral_letter.stage([["systolic", "182", "160", "at_once"], ["hba1c", "7.1", "6.5", "soon"]])
    cases = [head | {"case": 7, "urgency": "at_once", "findings": findings}] * LETTERS
    few = Way(
        lambda: referral_letter.letter_pdf(document("checkups.referral_letter", "受診勧奨", cases[: LETTERS // 10]))
    )
    many = Way(lambda: referral_letter.letter_pdf(document("checkups.referral_letter", "受診勧奨", cases)))
    compare(few, many, rounds=3, warm=0)
    plain_rate = LETTERS / (min(many.times) / 1000)
    report("letters_plain", few, many, target="> 40 letters a second", reached=lambda _ratio: plain_rate > 40,
           letters_a_second=round(plain_rate, 1), letters=LETTERS)  # fmt: skip
