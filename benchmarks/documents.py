"""Letters: one document that holds a thousand, against a thousand documents; and a register of ten thousand people,
against one of a thousand.

The first ratio says what a bulk run saves by being one document, the second that a register does not grow dear with its
length. Nothing is read from the database.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from benchmarks.measure import Way, compare, report

LETTERS = 1_000
PEOPLE = 10_000


def main() -> None:
    from kumiai.documents import Frame
    from members.enrollment.files.common import Addressee
    from members.enrollment.files.coverage_register import ITEMS, register_pdf
    from members.enrollment.files.qualification_notice import ITEMS as NOTICE_ITEMS
    from members.enrollment.files.qualification_notice import Letter, Sender, notice_pdf

    frame = Frame(
        title="資格取得・喪失確認通知書", association="架空健康保険組合", activity="加入者の台帳・通知書・統計",
        uses=(("資格及び住所に関する情報", "加入者の管理"),), at=datetime(2026, 11, 22, tzinfo=UTC), count=3,
    )  # fmt: skip
    day = date(2026, 11, 22)
    sender = Sender("架空健康保険組合", "100-0000", "架空市1-1", "理事長　見本 太郎", "適用課")
    rows = [
        {"what": "資格取得", "number": f"12-{n}-00", "name": "髙﨑 美咲", "kana": "タカサキ ミサキ", "birth_date": "1980-05-07",
         "sex": "女", "day": "2026-11-01", "reason": "就職", "confirmed": "2026-11-05"}
        for n in range(3)
    ]  # fmt: skip
    letters = [Letter(Addressee(f"架空工業第{n}株式会社", str(n)), rows) for n in range(LETTERS)]
    items = [code for code, _title in NOTICE_ITEMS]

    def document(some: list[Letter]) -> bytes:
        return notice_pdf(some, items=items, since=day, until=day, issued=day, sender=sender, frame=frame)

    single = Way(lambda: [document([letter]) for letter in letters])
    bulk = Way(lambda: document(letters))
    compare(single, bulk, rounds=1, warm=0)
    report("documents_bulk", single, bulk, target="ratio < 1", reached=lambda ratio: ratio < 1,
           letter_ms=round(min(single.times) / LETTERS, 2))  # fmt: skip

    people = [
        {"symbol": "12", "number": str(n), "branch": "00", "name": "髙﨑 美咲", "kana": "タカサキ ミサキ",
         "birth_date": "1980-05-07", "sex": "女", "role": "本人", "kind": "強制", "start": "2019-05-01", "end": None}
        for n in range(PEOPLE)
    ]  # fmt: skip
    codes = [code for code, _title in ITEMS]

    def register(some: list[dict]) -> bytes:
        return register_pdf(some, items=codes, employer=Addressee("架空工業株式会社", "12"), on=day, frame=frame)

    tenth = Way(lambda: register(people[: PEOPLE // 10]))
    whole = Way(lambda: register(people))
    compare(tenth, whole, rounds=3, warm=0)
    report("documents_register", tenth, whole, target="ratio <= 25", reached=lambda ratio: ratio <= 25, people=PEOPLE)
