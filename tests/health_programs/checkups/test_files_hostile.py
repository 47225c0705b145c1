"""Archives of strangers: whatever lies in them is a document or a problem with a reason, never an exception."""

from __future__ import annotations

import io
import random
import time
import tracemalloc
import zipfile

import pytest

from health_programs.checkups.files.archive import Kind, Limits, open_archive
from health_programs.checkups.files.checkup_xml import Read, read_document
from health_programs.checkups.files.claim_xml import read_claim
from health_programs.checkups.files.documents import Problem
from health_programs.checkups.files.online_eligibility import Form, read_file
from health_programs.checkups.files.package import open_package
from tests.health_programs.checkups.files_samples import OTHERS, OURS, archive, contents, packed

NAME, BODY = archive(3)
ROOT = NAME[:-4]
FILES = contents(BODY)
DOCUMENT = next(name for name in FILES if "/DATA/" in name)
XML = FILES[DOCUMENT]
CLAIM = next(body for name, body in FILES.items() if "/CLAIMS/" in name)


def codes(data: bytes, name: str = NAME, limits: Limits | None = None) -> set[str]:
    found = open_archive(data, name, limits=limits) if limits else open_archive(data, name)
    return {problem.code for problem in found.problems}


def with_files(more: dict[str, bytes]) -> bytes:
    return packed({**FILES, **more})


def zipped(*entries: tuple[zipfile.ZipInfo, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name, body in FILES.items():
            target.writestr(name, body)
        for info, body in entries:
            target.writestr(info, body)
    return out.getvalue()


def whole(data: bytes, name: str = NAME) -> tuple[int, list[Problem]]:
    """Reads everything there is; how many documents came, and every problem."""
    package = open_package(data, name, insurers=[OURS])
    problems, documents = list(package.problems), 0
    for one in package.documents():
        problems += one.problems
        documents += one.submission is not None
        assert one.submission is not None or any(problem.fatal for problem in one.problems)
    for _name, claim, found in package.claims():
        problems += found
        assert claim is not None or any(problem.fatal for problem in found)
    problems += package.totals()
    package.close()
    for problem in problems:
        assert problem.what and problem.remedy and problem.place and len(problem.place) < 400
        assert problem.what.endswith("。") and problem.remedy.endswith("。")
    return documents, problems


# --- The archive --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["../evil.xml", f"{ROOT}/DATA/../../evil.xml", "/etc/passwd", "C:/evil.xml", f"{ROOT}\\..\\..\\evil.xml"]
)
def test_a_name_that_points_outside(name: str) -> None:
    data = with_files({name: XML})
    assert "slip" in codes(data)
    assert whole(data)[0] == 3


def test_links_and_passwords_and_archives_inside() -> None:
    link = zipfile.ZipInfo(f"{ROOT}/DATA/h13100000112026062001000009.xml")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    assert "link" in codes(zipped((link, b"/etc/passwd")))
    assert "nested" in codes(with_files({f"{ROOT}/DATA/more.zip": BODY}))
    data = bytearray(BODY)
    for place in range(len(data) - 4):  # the flag of encryption in every header
        if data[place : place + 4] == b"PK\x01\x02":
            data[place + 8] |= 1
    documents, problems = whole(bytes(data))
    assert documents == 0 and "encrypted" in {problem.code for problem in problems}


def test_a_method_of_compression_nobody_uses() -> None:
    strange = zipfile.ZipInfo(f"{ROOT}/DATA/h13100000112026062001000009.xml")
    strange.compress_type = zipfile.ZIP_LZMA
    data = zipped((strange, XML))
    assert "method" in codes(data) and whole(data)[0] == 3


def test_bombs() -> None:
    bomb = packed({**FILES, f"{ROOT}/DATA/h13100000112026062001000009.xml": b" " * 4_000_000})
    assert codes(bomb) == {"bomb"} and whole(bomb)[0] == 0
    assert codes(BODY, limits=Limits(total=10_000)) == {"bomb"}
    assert codes(BODY, limits=Limits(count=3)) == {"too_many"}
    assert codes(BODY, limits=Limits(archive=100)) == {"too_large"}
    assert "deep" in codes(with_files({"/".join(["a"] * 20) + ".xml": b"x"}))


def test_a_header_that_lies_about_the_size() -> None:
    """The directory promises little, the stream holds more: no more than promised is unpacked."""
    name = f"{ROOT}/DATA/h13100000112026062001000009.xml"
    data = bytearray(packed({name: b"<a>" + b" " * 60_000_000 + b"</a>"}))
    start = data.rindex(b"PK\x01\x02")
    data[start + 24 : start + 28] = (100).to_bytes(4, "little")
    tracemalloc.start()
    documents, problems = whole(bytes(data))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert documents == 0 and {"damaged", "broken"} & {problem.code for problem in problems}
    assert peak < 20_000_000


def test_a_file_larger_than_may_be() -> None:
    archive_ = open_archive(BODY, NAME, limits=Limits(single=1000))
    found = archive_.read(archive_.of(Kind.DOCUMENT)[0])
    assert isinstance(found, Problem) and found.code == "too_large"


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "not_zip"), (b"hello", "not_zip"), (BODY[:-40], "cut"), (BODY[:2000], "cut"), (b"PK\x03\x04", "cut")],
)
def test_no_archive_or_half_of_one(data: bytes, code: str) -> None:
    assert codes(data) == {code} and not open_archive(data, NAME).readable
    assert whole(data)[0] == 0


def test_names_that_are_not_by_the_rule() -> None:
    assert "archive_name" in codes(BODY, "健診結果.zip")
    assert "root" in codes(BODY, NAME.replace("202606200", "202606201"))
    assert "unknown_file" in codes(with_files({f"{ROOT}/readme.txt": b"x"}))
    assert "file_name" in codes(with_files({f"{ROOT}/DATA/result.xml": XML}))
    assert "guidance_claim" in codes(with_files({f"{ROOT}/CLAIMS/g13100000112026062001000001.xml": CLAIM}))
    assert (
        codes(with_files({f"{ROOT}/XSD/hc08_V08.xsd": b"<x/>", "__MACOSX/._a": b"", f"{ROOT}/.DS_Store": b""})) == set()
    )
    assert codes(packed({name.split("/", 1)[1]: body for name, body in FILES.items()})) == {"root"}
    assert "no_documents" in codes(packed({f"{ROOT}/ix08_V08.xml": FILES[f"{ROOT}/ix08_V08.xml"]}))
    assert "missing_file" in codes(packed({DOCUMENT: XML}))
    assert "old_version" in codes(with_files({f"{ROOT}/ix08_V07.xml": b"<a/>"}))
    twice = zipped((zipfile.ZipInfo(DOCUMENT.replace("DATA", "data")), XML))
    assert "name_twice" in codes(twice)


def test_one_bad_file_does_not_stop_the_good() -> None:
    documents, problems = whole(packed({**FILES, DOCUMENT: XML[:900]}))
    assert documents == 2
    assert [problem.code for problem in problems if problem.fatal] == ["broken"]


# --- The document -------------------------------------------------------------------------------------------------------

HEAD = b'<?xml version="1.0" encoding="UTF-8"?>\n'


def laughs() -> bytes:
    rows = b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10))
    return HEAD + b'<!DOCTYPE a [<!ENTITY a0 "ha">' + rows + b"]><a>&a9;</a>"


@pytest.mark.parametrize(
    "data",
    [
        laughs(),
        HEAD + b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        HEAD + b'<!DOCTYPE a SYSTEM "http://198.51.100.1/a.dtd"><a/>',
        laughs().decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        XML.replace(b"<ClinicalDocument", b"<!DOCTYPE ClinicalDocument><ClinicalDocument", 1),
    ],
)
def test_entities_and_definitions_are_refused(data: bytes) -> None:
    started = time.monotonic()
    read = read_document(data, "h.xml")
    assert read.submission is None and [problem.code for problem in read.problems] == ["dtd"]
    assert time.monotonic() - started < 1
    assert read_claim(data, "c.xml").problems[0].code == "dtd"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"), (b"   \n", "empty"), (b"<a", "broken"), (HEAD + b"<a>&x;</a>", "broken"), (b"\x00" * 50, "encoding"),
        (HEAD + b"<a/>", "not_checkup"), (XML.decode().encode("utf-16"), "encoding"),
        (HEAD + b"<a>" * 5000 + b"</a>" * 5000, "broken"), (b" " * 5_000_001, "too_large"),
        (XML.replace(b"encoding='UTF-8'", b"encoding='EUC-JP'", 1), "encoding"),
        (XML.replace(b"encoding='UTF-8'", b"encoding='Shift_JIS'", 1), "encoding"),
        (XML.decode().encode("cp932", "replace"), "encoding"),
    ],
)  # fmt: skip
def test_what_is_no_document(data: bytes, code: str) -> None:
    read = read_document(data, "h.xml")
    assert read.submission is None and [problem.code for problem in read.problems] == [code]


def test_a_mark_in_front_is_read() -> None:
    assert read_document(b"\xef\xbb\xbf" + XML, "h.xml").submission == read_document(XML, "h.xml").submission


def test_shift_jis_is_read_with_a_note() -> None:
    text = XML.decode().replace("encoding='UTF-8'", "encoding='Shift_JIS'", 1)
    read = read_document(text.encode("cp932"), "h.xml")
    assert read.submission == read_document(XML, "h.xml").submission
    assert [(problem.code, problem.fatal) for problem in read.problems] == [("encoding_note", False)]


def change(old: str, new: str, count: int = 1) -> Read:
    text = XML.decode()
    assert old in text
    return read_document(text.replace(old, new, count).encode(), "h.xml")


FATAL = [
    ("old_version", "hc08_V08.xsd", "hc08_V07.xsd"),
    ("not_checkup", "POCD_HD000040", "POCD_HD000041"),
    ("not_checkup", '<code code="10"', '<code code="21"'),
    ("deletion", '<code code="10"', '<code code="19"'),
    ("report_code", '<code code="10"', '<code code="99"'),
    ("oid", "6.1001", "6.1003"),
    ("oid", '"1.2.392.200119.6.205"', '"1.2.392.200119.6.206"'),
    ("oid", "119.6.1104", "119.6.1105"),
    ("oid", "119.6.209.1", "119.6.210.1"),
    ("oid", "119.6.1010", "119.6.1011"),
    ("oid", "119.6.1005", "119.6.1006"),
    ("oid", "119.6.24060", "119.6.2003"),
    ("oid", "119.6.1002", "119.6.1001"),
    ("several", '"1.2.392.200119.6.205"', '"1.2.392.200119.6.204"'),
    ("check_digit", 'extension="06132013"', 'extension="06132014"'),
    ("check_digit", 'extension="06132013"', 'extension="6132013"'),
    ("missing", 'extension="1001"', 'extension=""'),
    ("missing", "カアノ　テスト", ""),
    ("long", "カアノ　テスト", "カ" * 121),
    ("branch", 'extension="01"', 'extension="1"'),
    ("sex", 'administrativeGenderCode code="1"', 'administrativeGenderCode code="3"'),
    ("date", 'birthTime value="19700205"', 'birthTime value="19700230"'),
    ("date", 'birthTime value="19700205"', 'birthTime value="S450205"'),
    ("date_order", 'birthTime value="19700205"', 'birthTime value="20260604"'),
    ("voucher", 'extension="26100000001"', 'extension="2610000001"'),
    ("item_code", 'code="9N001000000000001"', 'code="9N001"'),
    ("type", 'xsi:type="PQ" value="158.2"', 'xsi:type="ST" value="158.2"'),
    ("number", 'value="158.2"', 'value="１５８"'),
    ("number", 'value="158.2"', 'value="1e5"'),
    ("number", 'value="158.2"', 'value="NaN"'),
    ("number", 'value="158.2"', ""),
    ("unit", 'value="158.2" unit="cm"', 'value="158.2" unit="m"'),
    ("out_of_range", 'value="158.2"', 'value="1.58"'),
    ("unknown_code", 'code="2" codeSystem="1.2.392.200119.6.24060"', 'code="9" codeSystem="1.2.392.200119.6.24060"'),
    ("no_code", 'code="2" codeSystem="1.2.392.200119.6.24060"', 'codeSystem="1.2.392.200119.6.24060"'),
    ("item_twice", "9A765000000000001", "9A755000000000001"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "old", "new"), FATAL)
def test_what_keeps_a_document_out(code: str, old: str, new: str) -> None:
    read = change(old, new)
    assert read.submission is None
    fatal = [problem for problem in read.problems if problem.fatal]
    assert code in [problem.code for problem in fatal]
    assert all(problem.line and problem.place.startswith("h.xml") for problem in fatal)
    # Nothing of a person stands in the words.
    assert not any("カアノ" in problem.what or "1001" in problem.what for problem in fatal)


def test_the_number_of_who_examined() -> None:
    before, old, after = XML.decode().rpartition('extension="1310000011"')
    read = read_document(f'{before}extension="131"{after}'.encode(), "h.xml")
    assert read.submission is None and [problem.code for problem in read.problems] == ["institution"]
    read = read_document(f'{before.removesuffix("102" + chr(34) + " ")}103" {old}{after}'.encode(), "h.xml")
    assert read.submission is None and [problem.code for problem in read.problems] == ["oid"]


NOTES = [
    ("check_digit", 'extension="1310000011"', 'extension="1310000012"'),
    ("other_insurer", 'extension="06132013"', f'extension="{OTHERS}"'),
    ("postal_code", "105-0011", "10500"),
    ("unknown_item", "9N001000000000001", "9N999000000000001"),
    ("no_unit", 'value="158.2" unit="cm"', 'value="158.2"'),
    ("unknown_flag", 'interpretationCode code="H"', 'interpretationCode code="HH"'),
    ("method", "9N01610000", "9N01620000"),
    ("no_value", '<value xsi:type="ST">血圧が高値</value>', '<value xsi:type="ST"> </value>'),
    ("date_order", 'effectiveTime value="20260620"', 'effectiveTime value="20260601"'),
    ("long_text", "特に異常を認めません", "あ" * 300),
]


@pytest.mark.parametrize(("code", "old", "new"), NOTES)
def test_what_is_only_said(code: str, old: str, new: str) -> None:
    text = XML.decode()
    assert old in text
    read = read_document(text.replace(old, new).encode(), "h.xml", insurers=[OURS])
    assert read.submission is not None and code in [problem.code for problem in read.problems]


def without(tag: str) -> bytes:
    text = XML.decode()
    start, end = text.index(f"<{tag}"), text.index(f"</{tag}>") + len(tag) + 3
    return (text[:start] + text[end:]).encode()


@pytest.mark.parametrize(
    ("tag", "label"),
    [
        ("recordTarget", "受診者"), ("documentationOf", "健診実施情報"), ("component", ""), ("patient", ""),
        ("performer", ""), ("structuredBody", "検査結果"),
    ],
)  # fmt: skip
def test_what_must_be_there(tag: str, label: str) -> None:
    read = read_document(without(tag), "h.xml")
    if tag == "performer":  # the author of an institution's own file is who examined
        assert read.submission is not None and read.submission.institution_code == "1310000011"
    else:
        assert read.submission is None and any(label in problem.place for problem in read.problems)


def test_the_line_is_the_line() -> None:
    line = XML.decode().split("\n").index('        <birthTime value="19700205"/>') + 1
    assert [problem.line for problem in change('value="19700205"', 'value="19701305"').problems] == [line]
    shifted = read_document(
        b"\n".join(
            [b"<?xml version='1.0'\n encoding='UTF-8'?>", XML.split(b"\n", 1)[1].replace(b"19700205", b"19701305")]
        ),
        "h.xml",
    )
    assert [problem.line for problem in shifted.problems] == [line + 1]


def test_a_file_wrong_everywhere_says_so_fifty_times() -> None:
    """Notes do not push out the one problem that keeps the document out."""
    entry = (
        '<entry><observation classCode="OBS" moodCode="EVN"><code code="9N99900000000{:04d}"/>'
        '<value xsi:type="ST">x</value></observation></entry>'
    )
    many = "".join(entry.format(n) for n in range(300))
    body = XML.decode().replace("</section>", many + "</section>", 1)
    read = read_document(body.encode(), "h.xml")
    assert read.submission is not None and len(read.problems) == 50
    assert len(read.submission.observations) == 39 + 300
    late = body.replace(
        '<value xsi:type="ST">x</value></observation></entry></section>', "</observation></entry></section>"
    )
    late = late.replace("9N999000000000299", "9N99900000000")
    read = read_document(late.encode(), "h.xml")
    assert read.submission is None and len(read.problems) == 51 and read.problems[-1].fatal


# --- Twice --------------------------------------------------------------------------------------------------------------


def test_the_same_document_twice() -> None:
    other = DOCUMENT.replace("000001.xml", "000007.xml")
    documents, problems = whole(with_files({other: XML}))
    assert documents == 3 and "same_twice" in {problem.code for problem in problems if problem.fatal}
    changed = XML.replace(b'value="158.2"', b'value="158.9"')
    documents, problems = whole(with_files({other: changed}))
    assert documents == 3 and "id_twice" in {problem.code for problem in problems if problem.fatal}


def test_the_same_person_and_day_twice() -> None:
    other = DOCUMENT.replace("000001.xml", "000007.xml")
    changed = XML.replace(b'value="158.2"', b'value="158.9"').replace(b"DOC-0001", b"DOC-0099")
    documents, problems = whole(with_files({other: changed}))
    twice = [problem for problem in problems if problem.code == "visit_twice"]
    assert documents == 4 and [problem.fatal for problem in twice] == [False]


# --- Claims and totals --------------------------------------------------------------------------------------------------

CLAIM_FATAL = [
    (
        "old_version",
        "https://www.mhlw.go.jp/stf/seisakunitsuite/bunya/0000161103.html",
        "http://tokuteikenshin.jp/checkup/2007",
    ),
    ("not_claim", "checkupClaim", "healthGuidanceClaim"),
    ("check_digit", "06132013", "06132014"),
    ("oid", "6.102", "6.103"),
    ("missing", "unitAmount", "unitAmounts"),
    ("amount", '<claimAmount value="7800"', '<claimAmount value="-7800"'),
    ("amount", '<claimAmount value="7800"', '<claimAmount value="1234567890"'),
    ("sex", 'administrativeGender code="1"', 'administrativeGender code="0"'),
    ("date", 'birthTime value="19700205"', 'birthTime value=""'),
    ("voucher", "26100000001", "261"),
    ("institution", "1310000011", "131"),
]


@pytest.mark.parametrize(("code", "old", "new"), CLAIM_FATAL)
def test_what_keeps_a_claim_out(code: str, old: str, new: str) -> None:
    assert old in CLAIM.decode()
    read = read_claim(CLAIM.decode().replace(old, new).encode(), "c.xml")
    assert read.claim is None and code in [problem.code for problem in read.problems if problem.fatal]


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [
        ("sum_unit", '<unitAmount value="8800"', '<unitAmount value="8801"'),
        ("sum_payment", '<amount value="001000"', '<amount value="001001"'),
        ("sum_claim", '<claimAmount value="7800"', '<claimAmount value="7801"'),
    ],
)
def test_sums_of_a_claim(code: str, old: str, new: str) -> None:
    assert old in CLAIM.decode()
    read = read_claim(CLAIM.decode().replace(old, new).encode(), "c.xml")
    assert read.claim is not None and code in [problem.code for problem in read.problems]


TOTALS = [
    ("ix08_V08.xml", "total_records", '<totalRecordCount value="3"', '<totalRecordCount value="4"'),
    ("ix08_V08.xml", "name_event", '<serviceEventType code="1"', '<serviceEventType code="2"'),
    ("ix08_V08.xml", "event", '<serviceEventType code="1"', '<serviceEventType code="2"'),
    ("ix08_V08.xml", "name_receiver", "06132013", OTHERS),
    ("ix08_V08.xml", "name_sender", "1310000011", "1310000029"),
    ("su08_V08.xml", "total_people", '<totalSubjectCount value="3"', '<totalSubjectCount value="2"'),
    ("su08_V08.xml", "total_cost", 'totalCostAmount value="26400"', 'totalCostAmount value="26401"'),
    ("su08_V08.xml", "total_payment", 'totalPaymentAmount value="3000"', 'totalPaymentAmount value="0"'),
    ("su08_V08.xml", "total_claimed", 'totalClaimAmount value="23400"', 'totalClaimAmount value="0"'),
]


@pytest.mark.parametrize(("file", "code", "old", "new"), TOTALS)
def test_totals_that_differ(file: str, code: str, old: str, new: str) -> None:
    name = f"{ROOT}/{file}"
    text = FILES[name].decode()
    assert old in text
    documents, problems = whole(with_files({name: text.replace(old, new).encode()}))
    found = [problem for problem in problems if problem.code == code]
    assert documents == 3 and len(found) == 1 and not found[0].fatal
    assert whole(BODY)[1] == []


# --- Noise --------------------------------------------------------------------------------------------------------------


def noise(data: bytes, seed: int) -> bytes:
    """Bytes flipped, cut out, doubled, moved."""
    dice = random.Random(seed)
    out = bytearray(data)
    for _ in range(dice.choice([1, 1, 2, 5, 20])):
        place, length = dice.randrange(len(out)), dice.choice([1, 1, 2, 8, 100])
        way = dice.randrange(5)
        if way == 0:
            out[place] ^= 1 << dice.randrange(8)
        elif way == 1:
            del out[place : place + length]
        elif way == 2:
            out[place:place] = out[place : place + length]
        elif way == 3:
            out[place : place + length] = dice.randbytes(length)
        else:
            out[place : place + 4] = dice.choice([b"\xff" * 4, b"\x00" * 4, b"PK\x01\x02", b"PK\x05\x06"])
        if not out:
            break
    return bytes(out)


@pytest.mark.parametrize("block", range(10))
def test_noise_in_the_archive(block: int) -> None:
    started = time.monotonic()
    for seed in range(block * 60, block * 60 + 60):
        whole(noise(BODY, seed))
    assert time.monotonic() - started < 30


@pytest.mark.parametrize("block", range(10))
def test_noise_in_the_files(block: int) -> None:
    """The checksum of the ZIP is right, the XML is not."""
    names = sorted(FILES)
    for seed in range(block * 40, block * 40 + 40):
        name = names[seed % len(names)]
        whole(with_files({name: noise(FILES[name], seed)}))


@pytest.mark.parametrize("seed", range(60))
def test_noise_in_answers(seed: int) -> None:
    good = "管理番号,結果,処理日,エラーコード,エラー内容\r\nR-1,登録済み,,,\r\nR-2,エラー,2026/7/2,E01,枝番がありません\r\n"
    for form in Form:
        found = read_file(form, noise(good.encode("cp932"), seed))
        assert found.rows or found.problems or found.notes is not None
        assert all(problem.what and problem.remedy for problem in found.problems)


def test_hundreds_of_documents_stay_small() -> None:
    """Read one at a time: memory does not grow with the number of documents."""
    name, body = archive(100)
    package = open_package(body, name)
    tracemalloc.start()
    started = time.monotonic()
    found = sum(one.submission is not None for one in package.documents())
    claims = sum(claim is not None and claim.exam_date is not None for _name, claim, _problems in package.claims())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (found, claims) == (100, 100) and package.totals() == ()
    assert peak < 4_000_000 and time.monotonic() - started < 120
