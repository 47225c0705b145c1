"""結果の通知: letters a second, each with values, ranges, five years of plots and words, in one document; and plain letters.

The rates are letters a second of one core (time of the processor, not of the clock: others work on the machine). The ratio says what the plots cost against the same letters with the
values of one year. Nothing is read from the database.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import count
from types import SimpleNamespace
from typing import Any

from benchmarks.measure import Way, compare, report

LETTERS = 100
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

    serial = count()
    spent: dict[str, list[float]] = {"plots": [], "plain": []}

    def timed(name: str, work: Callable[[], bytes]) -> bytes:
        began = time.process_time()
        made = work()
        spent[name].append(time.process_time() - began)
        return made

    def result(year: int, number: int) -> Any:
        """No two are alike: typst keeps what it has set once, and would set five hundred equal letters as one."""
        own = {
            "systolic": str(100 + number % 90),
            "weight": f"{50 + number % 400 / 10}",
            "ldl": str(80 + (number + year) % 97),
        }
        values = {measure.key: (SHEET | own).get(measure.key) for measure in MEASURES}
        return SimpleNamespace(fiscal_year=year, sex="1", observations=[], **values, **dict.fromkeys(ANSWERS, 1))

    def document(kind: str, title: str, rows: list[dict[str, Any]]) -> Document:
        footer = Footer(
            1, "健診結果の通知", (("健康診査に関する情報", "健診結果の通知"),), "各自", "1003 高橋 恵",
            datetime(2026, 11, 22, tzinfo=UTC), len(rows), "通",
        )  # fmt: skip
        order = Order(kind, {}, Addressee(RecipientKind.EACH, "各自"), (), FileFormat.PDF, date(2026, 11, 22))
        return Document(title, order, (), [Row(number, row) for number, row in enumerate(rows, 1)], footer, {})

    def head(number: int) -> dict[str, Any]:
        return {
            "postal_code": "1050011", "address": f"東京都港区架空1-{number}", "name": f"髙﨑 美咲{number}", "to": f"髙﨑 美咲{number}",
            "number": f"12-{number}-00", "exam_date": "2026-06-03", "institution": "みなと架空健診クリニック",
        }  # fmt: skip

    def notice(years: int) -> dict[str, Any]:
        number = next(serial)
        earlier = [result(2026 - back, number + back) for back in range(1, years)]
        return head(number) | {
            "results": result_notice.stage(result(2026, number)), "earlier": result_notice.stage_earlier(earlier),
            "level": "intensive",
        }  # fmt: skip

    def notices(years: int) -> bytes:
        rows = [notice(years) for _ in range(LETTERS)]
        return result_notice.notice_pdf(document("checkups.result_notice", "健診結果のお知らせ", rows))

    one_year, five_years = Way(lambda: notices(1)), Way(lambda: timed("plots", lambda: notices(5)))
    compare(one_year, five_years, rounds=3, warm=0)
    rate = LETTERS / statistics.median(spent["plots"])
    report("letters_with_plots", one_year, five_years, target="> 15 letters a second and core", reached=lambda _ratio: rate > 15,
           letters_a_second=round(rate, 1), letters=LETTERS)  # fmt: skip

    def cases(many: int) -> bytes:
        rows = []
        for _ in range(many):
            number = next(serial)
            findings = [["systolic", str(160 + number % 60), "160", "at_once"], ["hba1c", "7.1", "6.5", "soon"]]
            rows.append(
                head(number) | {"case": number, "urgency": "at_once", "findings": referral_letter.stage(findings)}
            )
        return referral_letter.letter_pdf(document("checkups.referral_letter", "受診勧奨", rows))

    few, more = Way(lambda: cases(LETTERS // 10)), Way(lambda: timed("plain", lambda: cases(LETTERS)))
    compare(few, more, rounds=3, warm=0)
    plain_rate = LETTERS / statistics.median(spent["plain"])
    report("letters_plain", few, more, target="> 40 letters a second and core", reached=lambda _ratio: plain_rate > 40,
           letters_a_second=round(plain_rate, 1), letters=LETTERS)  # fmt: skip
