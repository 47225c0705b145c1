"""Results taken in as the job does (read, checked, matched, kept with history) against bare parsing of the same bytes.

The archive of XML against lxml parsing every document of the ZIP; the CSV against `csv.reader` over the decoded text.
IMPORT_RESULTS: how many. What reading and checking alone cost is told beside, so that the share of the database is seen.
Every round is rolled back.
"""

from __future__ import annotations

import csv
import io
import os
import time
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from lxml import etree

from benchmarks.measure import Way, compare, report

RESULTS = int(os.environ.get("IMPORT_RESULTS", "1000"))
ROUNDS = 3
TODAY = date(2026, 11, 24)
PLACE, PLACE_NAME = "1310000011", "計測用健診センター"
NUMBERS = {
    "height": "170.2", "weight": "68.4", "waist": "84.5", "systolic": "128", "diastolic": "79", "tg_fasting": "110",
    "hdl": "52", "ldl": "118", "ast": "22", "alt": "19", "ggt": "31", "glucose_fasting": "96", "hba1c": "5.4",
}  # fmt: skip
ANSWERS = {"urine_sugar": "1", "urine_protein": "1", "smoking": "3", "medication_bp": "2", "medication_glucose": "2",
           "medication_lipid": "2"}  # fmt: skip
HEADS = ("記号番号", "カナ", "生年月日", "性別", "受診日", *NUMBERS, *ANSWERS)


def submissions() -> list[Any]:
    """People of the register, each several times on days of their own, so that no two results are the same."""
    from health_programs.checkups.files.documents import Identity, Observation, Submission
    from health_programs.checkups.files.items import by_key
    from members.enrollment.models import Member

    people = list(Member.objects.filter(protected=False, merged_into__isnull=True).order_by("pk")[:RESULTS])
    found = []
    for place in range(RESULTS):
        who, turn = people[place % len(people)], place // len(people)
        numbers = NUMBERS | {"weight": str(Decimal("50") + place % 400 / Decimal(10))}
        observations = [
            Observation(by_key(key)[0].code, key=key, value=Decimal(text), unit=by_key(key)[0].ucum)
            for key, text in numbers.items()
        ] + [Observation(by_key(key)[0].code, key=key, coded=code) for key, code in ANSWERS.items()]
        kana = f"{who.family_kana}　{who.given_kana}"
        found.append(
            Submission(
                f"{place}",
                f"B{place}",
                Identity("06139992", who.symbol, who.number, who.branch, kana, who.birth_date, who.sex),
                TODAY - timedelta(days=10 + turn),
                PLACE,
                PLACE_NAME,
                tuple(observations),
                fasting=2,
            )  # fmt: skip
        )
    return found


def archive_of(rows: list[Any]) -> tuple[str, bytes]:
    from health_programs.checkups.files.writing import DELIVERY, Party, Sender, write_archive

    sender = Sender(Party.institution(PLACE, PLACE_NAME), Party.insurer("06139992"), TODAY - timedelta(days=1))
    written = write_archive(sender, rows, (), purpose=DELIVERY)
    return written.name, written.body


def table_of(rows: list[Any]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADS)
    for one in rows:
        who, numbers, answers = one.identity, one.numbers(), one.answers()
        writer.writerow([
            f"{who.symbol}-{who.number}-{who.branch}", who.kana.replace("　", " "), f"{who.birth_date:%Y/%m/%d}", who.sex,
            f"{one.exam_date:%Y/%m/%d}", *[numbers[key] for key in NUMBERS], *[answers[key] for key in ANSWERS],
        ])  # fmt: skip
    return out.getvalue().encode("cp932")


def shape_of() -> Any:
    from health_programs.checkups.files.items import by_key
    from health_programs.checkups.files.result_map import ItemColumn, Shape

    items = tuple(
        ItemColumn(by_key(key)[0].code, place, HEADS[place]) for place, key in enumerate((*NUMBERS, *ANSWERS), start=5)
    )
    places = {"card": 0, "kana": 1, "birth_date": 2, "sex": 3, "exam_date": 4}
    return Shape(heads=HEADS, places=places, constants={"insurer_number": "06139992"}, items=items)


def documents_of(body: bytes) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return [archive.read(name) for name in archive.namelist() if "/DATA/" in name and name.endswith(".xml")]


def parse_bare(body: bytes) -> int:
    return sum(etree.fromstring(one) is not None for one in documents_of(body))


def read_bare(body: bytes) -> int:
    return sum(1 for _row in csv.reader(io.StringIO(body.decode("cp932"))))


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return round(time.perf_counter() - start, 3)


def main() -> None:
    from health_programs.checkups.actions import archives, maps, offers, tables
    from health_programs.checkups.activities import CHECKUP_ADMINISTRATION
    from health_programs.checkups.files.checkup_xml import read_document
    from health_programs.checkups.files.result_csv import RowReader, open_sheet
    from kumiai.accounts.models import User
    from privacy.scope import scope

    programmes = User.objects.get(staff_number="1003")
    rows = submissions()
    name, body = archive_of(rows)
    table, shape = table_of(rows), shape_of()

    def rolled_back(receive: Callable[[], Any]) -> Callable[[], dict[str, int]]:
        """Receive a file and read it chunk by chunk to its end."""

        def run() -> dict[str, int]:
            counts: dict[str, int] = {}
            with transaction.atomic():
                with scope(CHECKUP_ADMINISTRATION, programmes, operation="change"):
                    made, position, finished = receive(), None, False
                    while not finished:
                        read = archives.read_some(archive_id=made.pk, by_id=programmes.pk, position=position)
                        position, finished = read.position, read.finished
                        for outcome, number in read.counts.items():
                            counts[outcome] = counts.get(outcome, 0) + number
                transaction.set_rollback(True)
            return counts

        return run

    def archive() -> Any:
        return archives.receive(by=programmes, name=name, body=body, received_date=TODAY)

    def sheet() -> Any:
        place = offers.save_institution(
            by=programmes, institution=None, code=PLACE, name=PLACE_NAME, postal_code="", address="", telephone="",
            active=True,
        )  # fmt: skip
        by = maps.save_map(by=programmes, institution=place, title="計測", shape=shape)
        return tables.receive_table(by=programmes, name="bench.csv", body=table, received_date=TODAY, result_map=by)

    def checked_documents() -> None:
        for one in documents_of(body):
            read_document(one, "h.xml", insurers=["06139992"])

    def checked_rows() -> None:
        opened = open_sheet(table, shape, "bench.csv")
        reader = RowReader(shape, institution=(PLACE, PLACE_NAME), insurers=["06139992"], received=TODAY)
        for row in opened.rows(line=opened.first_line, number=opened.first_number, width=shape.width):
            reader.read(row)

    for claim, bare, receive, checked, size in (
        ("checkup_import_xml", lambda: parse_bare(body), archive, checked_documents, len(body)),
        ("checkup_import_csv", lambda: read_bare(table), sheet, checked_rows, len(table)),
    ):
        whole = rolled_back(receive)
        counts = whole()
        if sum(counts.values()) != RESULTS or "failed" in counts:
            raise SystemExit(f"not every result was taken: {counts}")
        raw, candidate = Way(bare), Way(whole)
        compare(raw, candidate, rounds=ROUNDS, warm=1)
        rate = RESULTS / (min(candidate.times) / 1000)
        report(claim, raw, candidate, target="told, not judged", reached=lambda _ratio: True, results=RESULTS, bytes=size,
               counts=counts, read_and_checked_s=seconds(checked), results_a_second=round(rate))  # fmt: skip
