"""An employer's file of 100,000 lines: read and checked by one and two processes, then checked and applied as the portal does,
each against `psql \\copy` of the same rows into a plain table in the same run.

INTAKE_LINES: how many lines. The people are invented; the file is CP932, as personnel systems write it.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import tempfile
import time
from datetime import date, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection

from benchmarks.measure import Way, compare, report
from benchmarks.place import clerk, run_sql

LINES = int(os.environ.get("INTAKE_LINES", "100000"))
ROUNDS = 5
BLOCK = 1_000
SYMBOL = "B1"
COLUMNS = (
    "symbol number branch family_name given_name family_kana given_kana birth_date sex start postal_code town street"
).split()
HEAD = "記号,番号,枝番,氏,名,氏カナ,名カナ,生年月日,性別,資格取得日,郵便番号,住所,番地・建物"


def employers_file(lines: int) -> bytes:
    """Seeded; no two lines are of one person; dates in both calendars, kana in half width, as they come."""
    from members.enrollment.demo import names

    dice = random.Random(7)
    out = [HEAD]
    for number in range(1, lines + 1):
        surname, surname_kana = dice.choice(names.FAMILY)
        given, given_kana = dice.choice(names.MALE)
        postal, town = dice.choice(names.TOWNS)
        # No name and no reading twice for one birth date, nor one of the demo: nobody is to be taken for somebody else.
        born = date(1955, 1, 1) + timedelta(days=number % 17_000)
        typed = born.strftime("%Y/%m/%d") if number % 2 else born.strftime("%Y%m%d")
        mark = chr(0x30A2 + 2 * (number // 17_000))
        out.append(
            f"{SYMBOL},{number},00,{surname},{given}{mark},{surname_kana},{given_kana}ヰ{mark},{typed},男,R8.11.1,"
            f"{postal[:3]}-{postal[3:]},{town},{dice.randint(1, 9)}-{dice.randint(1, 30)}"
        )
    return ("\r\n".join(out) + "\r\n").encode("cp932", "replace")


def dsn() -> str:
    """The benchmark's own database, for psql and for processes beside this one."""
    found = settings.DATABASES["default"]
    parts = {"host": found["HOST"], "port": found["PORT"], "user": found["USER"], "password": found["PASSWORD"]}
    return psycopg.conninfo.make_conninfo(
        "", dbname=connection.settings_dict["NAME"], **{k: v for k, v in parts.items() if v}
    )


def plain_table(name: str) -> None:
    run_sql(f"DROP TABLE IF EXISTS {name}")
    run_sql(f"CREATE TABLE {name} ({', '.join(f'{column} text' for column in COLUMNS)})")


def psql_copy(path: Path) -> None:
    """The baseline: the client of PostgreSQL itself."""
    command = f"\\copy bench_plain FROM '{path}' WITH (FORMAT csv, HEADER, ENCODING 'SJIS')"
    subprocess.run(["psql", dsn(), "-qc", command], check=True, capture_output=True)


def read_part(part: tuple[Path, int, int, str]) -> int:
    """The lines of a file between two places (0: after the head) read from the disk as psql does, checked, normalised and
    written by COPY into a plain table. Returns how many had problems."""
    from kumiai.tabular.bulk import BulkReader, blocks, copy_text
    from kumiai.tabular.reader import Reader
    from kumiai.tabular.reading import read
    from members.intake.rules.layouts import MEMBERS

    path, first, last, target = part
    with path.open("rb") as file:
        head = file.readline()
        file.seek(first or len(head))
        body = head + file.read(last - file.tell())
    sheet = read(body)
    reader = BulkReader(Reader(MEMBERS, MEMBERS.match(sheet.first_rows[0].cells)))
    bad = 0
    with (
        psycopg.connect(target) as own,
        own.cursor() as cursor,
        cursor.copy(f"COPY bench_checked ({', '.join(COLUMNS)}) FROM STDIN") as copy,
    ):
        for block in blocks(sheet, first_line=1, number=1, width=len(COLUMNS), size=BLOCK):
            table = reader.read(block)
            bad += len(table.odd)
            columns = dict(zip(table.codes, table.good_columns(), strict=True))
            copy.write(copy_text([columns[column] for column in COLUMNS]))
    return bad


def halves(body: bytes) -> list[tuple[int, int]]:
    """The file cut in two at a line end."""
    middle = body.index(b"\r\n", len(body) // 2) + 2
    return [(0, middle), (middle, len(body))]


def main() -> None:
    body = employers_file(LINES)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "members.csv"
        path.write_bytes(body)
        path.chmod(0o644)
        _reading(body, path)
        _whole(body, path)
    for table in ("bench_plain", "bench_checked"):
        run_sql(f"DROP TABLE IF EXISTS {table}")


def _reading(body: bytes, path: Path) -> None:
    target = dsn()
    plain_table("bench_checked")

    def emptied(table: str) -> Any:
        from contextlib import contextmanager

        @contextmanager
        def around():
            plain_table(table)
            yield

        return around

    for processes, parts, most in ((1, [(0, len(body))], 2.2), (2, halves(body), 1.4)):
        work = [(path, *part, target) for part in parts]
        with get_context("spawn").Pool(processes) as pool:
            pool.map(read_part, [(path, 0, 4_000, target)] * processes, 1)  # Django is loaded, the connection made
            baseline = Way(lambda: psql_copy(path), emptied("bench_plain"))
            candidate = Way(lambda pool=pool, work=work: pool.map(read_part, work, 1), emptied("bench_checked"))
            compare(baseline, candidate, rounds=ROUNDS, warm=1)
            report(
                f"intake_read_{processes}",
                baseline,
                candidate,
                target=f"ratio <= {most}",
                reached=lambda ratio, most=most: ratio <= most,
                lines=LINES,
                bytes=len(body),
            )


def _whole(body: bytes, path: Path) -> None:
    """検査 and 反映 of everybody as new people, through the job, behind the wall's roles; then the same file once more."""
    from kumiai.jobs import engine
    from members.enrollment.models import Employer
    from members.intake import actions
    from members.intake.activities import MEMBER_IMPORT
    from members.intake.models import ImportFile
    from privacy.scope import scope

    plain_table("bench_plain")
    start = time.perf_counter()
    psql_copy(path)
    plain = time.perf_counter() - start
    Employer.objects.get_or_create(
        symbol=SYMBOL, defaults={"name": "計測用株式会社", "period": (date(2000, 4, 1), None)}
    )

    def check() -> tuple[int, float]:
        with scope(MEMBER_IMPORT, clerk(), operation="change"):
            file = actions.receive_file(
                by=clerk(), kind="members", employer=None, received_date=date(2026, 11, 20), name="bench.csv", body=body
            ).file
        began = time.perf_counter()
        engine.run(file.job_id)
        return file.pk, time.perf_counter() - began

    pk, checking = check()
    with scope(MEMBER_IMPORT, clerk(), operation="change"):
        job = actions.start_apply(by=clerk(), file=ImportFile.objects.get(pk=pk)).job_id
    start = time.perf_counter()
    engine.run(job)
    applying = time.perf_counter() - start
    _again, unchanged = check()
    with scope(MEMBER_IMPORT, clerk()):
        first, second = ImportFile.objects.get(pk=pk), ImportFile.objects.get(pk=_again)
    line = {
        "name": "intake_whole",
        "lines": LINES,
        "copy_s": round(plain, 2),
        "check_s": round(checking, 1),
        "apply_s": round(applying, 1),
        "check_again_s": round(unchanged, 1),
        "ratio_check": round(checking / plain, 1),
        "ratio_apply": round(applying / plain, 1),
        "applied": first.applied_lines,
        "counts_again": second.counts,
        "target": "everybody applied once, the second time unchanged",
        "pass": first.applied_lines == LINES and second.counts == {"unchanged": LINES},
    }
    print(json.dumps(line, ensure_ascii=False), flush=True)
