"""Invented people and their checkups, and what tests of files do to archives."""

from __future__ import annotations

import io
import os
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from health_programs.checkups.files.documents import (
    ABOVE,
    BELOW,
    NOT_MEASURED,
    REFUSED,
    Claim,
    Identity,
    Observation,
    Submission,
)
from health_programs.checkups.files.items import by_key, place_of
from health_programs.checkups.files.observations import UNMEASURABLE
from health_programs.checkups.files.writing import DELIVERY, Party, Sender, write_archive

OURS, OTHERS = "06132013", "06140248"
INSTITUTION = "1310000011"
AGENCY = "94899010"
DAY = date(2026, 6, 3)
SENDER = Sender(Party.institution(INSTITUTION, "みなと架空健診クリニック"), Party.insurer(OURS), date(2026, 6, 20))


def measured(key: str, value: str, **more: object) -> Observation:
    """A number under the first item of a key."""
    item = by_key(key)[0]
    return Observation(item.code, key, Decimal(value), unit=item.ucum, **more)  # type: ignore[arg-type]


def answered(key: str, coded: str) -> Observation:
    item = by_key(key)[0]
    return Observation(item.code, key, coded=coded)


def written(key: str, text: str) -> Observation:
    item = by_key(key)[0]
    return Observation(item.code, key, text=text)


def state(key: str, state: str, text: str = "") -> Observation:
    item = by_key(key)[0]
    return Observation(item.code, key, state=state, text=text)


def sheet(shift: int = 0) -> tuple[Observation, ...]:
    """Everything of a 特定健診 with the ways an item can be written. shift: makes people differ."""
    found = [
        measured("height", "158.2"), measured("weight", f"{54 + shift % 50}.6"), measured("bmi", "21.8"), measured("waist", "80.5"),
        measured("systolic", "128", flag="N", high=Decimal("129")), measured("diastolic", "78"),
        measured("tg_fasting", "2000", flag="H", state=ABOVE), measured("hdl", "62", flag="N", low=Decimal("40")),
        measured("ldl", "118", flag="N", low=Decimal("60"), high=Decimal("119")), measured("ast", "22"),
        measured("alt", "0", flag="L", state=BELOW), measured("ggt", "25"), measured("glucose_fasting", "95"),
        measured("hba1c", "5.5"), measured("creatinine", "0.68"), measured("egfr", "70.4"), measured("hemoglobin", "13.1"),
        measured("hematocrit", "39.8"), measured("rbc", "432"), measured("uric_acid", "4.9"),
        answered("urine_sugar", "1"), answered("urine_protein", "2"), answered("fasting_hours", "2"),
        answered("smoking", "2"), answered("medication_bp", "2"), answered("medication_glucose", "2"),
        answered("medication_lipid", "1"), answered("ecg", "2"), answered("fundus", "1"), answered("metabolic", "3"),
        answered("guidance_level", "3"), answered("history", "2"), answered("drinking", "8"),
        written("doctor_opinion", "特に異常を認めません <要観察> & 経過"), written("doctor_name", "架空　一郎".replace("　", " ")),
        written("ecg_reason", "血圧が高値"), state("work_history", NOT_MEASURED),
        state("objective_text", REFUSED), state("visceral_fat", NOT_MEASURED, UNMEASURABLE),
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: place_of(one.code)))


def person(number: int, kana: str = "") -> Identity:
    letters = "アカサタナハマヤラワ"
    family = letters[number % 10] + letters[number // 10 % 10] + "ノ"
    return Identity(
        OURS, "１２", str(1000 + number), f"{number % 3:02d}", kana or f"{family}　テスト", date(1970, 1 + number % 12, 5),
        "1" if number % 2 else "2", "105-0011", "東京都港区架空町1丁目",
    )  # fmt: skip


def submission(number: int = 1, **more: object) -> Submission:
    one = Submission(
        name=f"h{number}.xml", document_id=f"DOC-{number:04d}", identity=person(number), exam_date=DAY,
        institution_code=INSTITUTION, institution_name="みなと架空健診クリニック", observations=sheet(number),
        voucher_number=f"261{number:08d}", voucher_until=date(2027, 3, 31), created_date=date(2026, 6, 20), fasting=2,
    )  # fmt: skip
    return replace(one, **more)  # type: ignore[arg-type]


def claim(number: int = 1, **more: object) -> Claim:
    one = Claim(f"c{number}.xml", INSTITUTION, person(number), None, 8800, 1000, 7800, f"261{number:08d}")
    return replace(one, **more)  # type: ignore[arg-type]


def archive(count: int = 3, **more: object) -> tuple[str, bytes]:
    """An institution's archive of so many people, each with a claim."""
    people = range(1, count + 1)
    found = write_archive(SENDER, [submission(n) for n in people], [claim(n) for n in people], purpose=DELIVERY, **more)  # type: ignore[arg-type]
    return found.name, found.body


def contents(body: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(body)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def packed(files: dict[str, bytes], **more: object) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, body in files.items():
            target.writestr(name, body)
    return out.getvalue()


BESIDE = Path(__file__).resolve().parents[3].parent / "shared" / "domain" / "data" / "xsd"


def xsd_folder() -> Path | None:
    """Where the schemas of the ministry lie: CHECKUP_XSD_DIR, else beside the project; they are not part of it."""
    given = Path(os.environ.get("CHECKUP_XSD_DIR") or BESIDE)
    return given if (given / "hc08_V08.xsd").exists() else None
