"""Written archives read back equal, hold against the standard, and stay the same byte for byte."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from health_programs.checkups.files import claim_writing, schema
from health_programs.checkups.files.cda_writing import document
from health_programs.checkups.files.checkup_xml import read_document
from health_programs.checkups.files.claim_xml import read_claim
from health_programs.checkups.files.documents import ABOVE, BELOW, Observation, Submission
from health_programs.checkups.files.envelope import Index, Summary, read_index, read_summary
from health_programs.checkups.files.items import by_key, place_of, table
from health_programs.checkups.files.package import open_package
from health_programs.checkups.files.writing import (
    DELIVERY,
    HANDOVER,
    REPORT,
    Party,
    Purpose,
    Sender,
    Unwritable,
    named,
    write_archive,
)
from tests.health_programs.checkups.files_samples import (
    AGENCY,
    DAY,
    INSTITUTION,
    OTHERS,
    OURS,
    SENDER,
    archive,
    claim,
    contents,
    measured,
    person,
    sheet,
    submission,
    xsd_folder,
)

INSURER = Sender(Party.insurer(OURS, "架空健康保険組合"), Party.agency(AGENCY, "支払基金"), date(2027, 10, 20))
NEXT = Sender(Party.insurer(OURS, "架空健康保険組合"), Party.insurer(OTHERS), date(2026, 7, 1))


@pytest.mark.parametrize(("sender", "purpose"), [(SENDER, DELIVERY), (INSURER, REPORT), (NEXT, HANDOVER)])
def test_what_is_written_is_read(sender: Sender, purpose: Purpose) -> None:
    given_ = [submission(n) for n in range(1, 5)]
    written = write_archive(sender, given_, purpose=purpose)
    package = open_package(written.body, written.name, insurers=[OURS])
    assert package.problems == []
    found = list(package.documents())
    assert [one.problems for one in found] == [()] * 4
    assert tuple(one.submission for one in found) == named(sender, given_, purpose)
    assert list(package.claims()) == [] and package.totals() == ()


def test_the_report_to_the_state() -> None:
    written = write_archive(INSURER, [submission()])
    assert written.name == f"06132013_{AGENCY}_202710200_3.zip"
    package = open_package(written.body, written.name)
    assert package.index == Index(
        "10", date(2027, 10, 20), (INSURER.sender.oid, OURS), (INSURER.receiver.oid, AGENCY), "3", 1
    )
    (one,) = package.documents()
    assert one.name == "h061320132027102003000001.xml"
    assert one.submission is not None
    assert (one.submission.report_code, one.submission.institution_code) == ("30", INSTITUTION)


def test_claims_find_the_day_of_their_document() -> None:
    name, body = archive(2)
    package = open_package(body, name)
    documents = list(package.documents())
    claims = [one for _name, one, problems in package.claims() if not problems]
    assert [one.exam_date for one in claims if one] == [DAY, DAY]
    assert [one.claimed for one in claims if one] == [7800, 7800]
    assert len(documents) == 2 and package.totals() == ()


@pytest.mark.parametrize("count_claims", [False, True])
def test_both_ways_of_counting_are_accepted(count_claims: bool) -> None:
    name, body = archive(3, count_claims=count_claims)
    package = open_package(body, name)
    assert package.index is not None and package.index.total == (6 if count_claims else 3)
    list(package.documents()), list(package.claims())
    assert package.totals() == ()


def test_the_same_twice_is_the_same() -> None:
    assert archive() == archive()
    files = contents(archive(1)[1])
    assert list(files) == sorted(files)


GOLDEN = Path(__file__).parent / "golden" / "1310000011_06132013_202606200_1.zip"


def test_golden() -> None:
    """Whoever changes a byte of what leaves the house sees it here: the file was made once by this writer."""
    name, body = archive(1)
    assert name == GOLDEN.name
    assert contents(body) == contents(GOLDEN.read_bytes())
    package = open_package(GOLDEN.read_bytes(), GOLDEN.name, insurers=[OURS])
    (one,) = package.documents()
    assert package.problems == [] and (one.submission,) == named(SENDER, [submission(1)], DELIVERY)


def test_schemas_may_travel_along() -> None:
    name, body = archive(1, schemas={"hc08_V08.xsd": b"<x/>", "coreschemas/voc.xsd": b"<y/>"})
    assert f"{name[:-4]}/XSD/coreschemas/voc.xsd" in contents(body)
    package = open_package(body, name)
    assert package.problems == [] and len(list(package.documents())) == 1


@pytest.mark.skipif(xsd_folder() is None, reason="the schemas of the ministry are given by CHECKUP_XSD_DIR")
@pytest.mark.parametrize(("sender", "purpose"), [(SENDER, DELIVERY), (INSURER, REPORT), (NEXT, HANDOVER)])
def test_valid_against_the_schemas(sender: Sender, purpose: Purpose) -> None:
    claims = [claim(1), claim(2, claimed=7000)]
    bare = submission(3, document_id="", voucher_number="", voucher_until=None, institution_name="")
    bare = replace(bare, identity=replace(bare.identity, symbol="", branch="", postal_code="", address=""))
    written = write_archive(sender, [submission(1), bare], claims, purpose=purpose)
    for name, body in contents(written.body).items():
        assert schema.validate(body, name, xsd_folder()) == ()


@pytest.mark.skipif(xsd_folder() is None, reason="the schemas of the ministry are given by CHECKUP_XSD_DIR")
def test_a_break_is_found_by_schema_and_table_alike() -> None:
    good = contents(archive(1)[1])
    for name, body in good.items():
        for old, new in ((b"<typeId", b"<typeIt"), (b"<unitAmount", b"<unitAmounts"), (b"<creationTime", b"<creation"),
                         (b"<totalCostAmount", b"<totalCost")):  # fmt: skip
            if old in body:
                broken = body.replace(old, new)
                found = schema.validate(broken, name, xsd_folder())
                assert found and all(one.fatal and one.line for one in found)
                assert schema.structure(broken, name)


def test_structure_without_schemas() -> None:
    body = next(body for name, body in contents(archive(1)[1]).items() if "/DATA/" in name)
    assert schema.validate(body, "h.xml") == ()
    twice = body.replace(b"<effectiveTime", b'<effectiveTime value="20260101"/><effectiveTime', 1)
    assert [one.code for one in schema.structure(twice, "h.xml")] == ["structure"]
    swapped = body.replace(b'<typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>', b"", 1)
    assert "typeId がありません" in schema.structure(swapped, "h.xml")[0].what
    assert schema.structure(b"<a/>", "a.xml")[0].code == "wrong_root"
    assert schema.structure(b"<a", "a.xml")[0].code == "broken"


# --- Every item, every state --------------------------------------------------------------------------------------------

AUTHOR = (SENDER.sender.oid, INSTITUTION, "")


def only(*found: Observation) -> Submission:
    """A submission of these items; 採血時間 is what its item says."""
    fasting = next((int(one.coded) for one in found if one.key == "fasting_hours" and one.coded), None)
    return submission(1, observations=found, fasting=fasting)


def again(one: Submission) -> Submission | None:
    body = document(one, report_code="10", author=AUTHOR, created=date(2026, 6, 20))
    read = read_document(body, "h1.xml")
    assert read.problems == () or all(not problem.fatal for problem in read.problems)
    return read.submission


def test_every_item_of_the_standard_comes_back() -> None:
    found = []
    for item in table().values():
        if item.kind == "PQ":
            decimals = len(item.format.partition(".")[2])
            middle = (item.least + item.most) / 2 if item.least is not None and item.most is not None else Decimal(5)
            found.append(Observation(item.code, item.key, round(middle, decimals), unit=item.ucum))
        elif item.coded:
            found.append(Observation(item.code, item.key, coded=list(item.codes)[-1]))
        else:
            found.append(Observation(item.code, item.key, text="20260603"))
    one = only(*found)
    assert again(one) == one


@st.composite
def observations(draw: st.DrawFn) -> tuple[Observation, ...]:
    codes = draw(st.lists(st.sampled_from(list(table())), min_size=1, max_size=12, unique=True))
    found = []
    for code in codes:
        item = table()[code]
        state = draw(st.sampled_from(["measured", "not_measured", "refused", "unmeasurable"]))
        if state == "unmeasurable":
            found.append(Observation(code, item.key, state="not_measured", text="測定不可能"))
        elif state != "measured":
            found.append(Observation(code, item.key, state=state))
        elif item.kind == "PQ":
            low, high = item.least or Decimal(0), item.most or Decimal(99999)
            number = draw(st.decimals(low + 1, high - 1, places=draw(st.integers(0, 3))))
            ends = sorted(draw(st.lists(st.decimals(0, 999, places=1), min_size=2, max_size=2)))
            flag = draw(st.sampled_from(["", "L", "N", "H"]))
            beyond = draw(st.sampled_from(["measured", "measured", BELOW, ABOVE]))
            flag = {BELOW: "L", ABOVE: "H"}.get(beyond, flag)
            found.append(
                Observation(code, item.key, number, unit=item.ucum, flag=flag, state=beyond, low=ends[0], high=ends[1])
            )
        elif item.coded:
            found.append(Observation(code, item.key, coded=draw(st.sampled_from(list(item.codes)))))
        else:
            text = draw(st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=40))
            found.append(Observation(code, item.key, text=text))
    return tuple(sorted(found, key=lambda one: place_of(one.code)))


@settings(max_examples=150, deadline=None)
@given(observations())
def test_any_sheet_comes_back(sheet_: tuple[Observation, ...]) -> None:
    one = only(*sheet_)
    assert again(one) == one


def test_beyond_the_limits() -> None:
    """入力最大値以上 is value and H alone; a limit of the method inside the range needs its null flavor."""
    at_limit = measured("tg_fasting", "2000", flag="H", state=ABOVE)
    inside = measured("ggt", "3", flag="L", state=BELOW)
    body = document(only(at_limit, inside), report_code="10", author=AUTHOR, created=date(2026, 6, 20)).decode()
    assert 'value="2000" unit="mg/dL"' in body and "PINF" not in body
    assert 'nullFlavor="NINF" value="3"' in body
    assert again(only(at_limit, inside)) == only(at_limit, inside)


def test_an_author_without_his_opinion_stays() -> None:
    name = by_key("doctor_name")[0]
    one = only(Observation(name.code, name.key, text="架空 一郎"))
    assert again(one) == one


def test_the_first_of_several_measurements_counts() -> None:
    first, second = by_key("systolic")[2], by_key("systolic")[1]
    found = (
        Observation(first.code, "systolic", Decimal(150), unit=first.ucum),
        Observation(second.code, "systolic", Decimal(132), unit=second.ucum),
    )
    one = again(only(*found))
    assert one is not None and one.numbers()["systolic"] == 132


def test_fasting_of_another_form_becomes_its_item() -> None:
    one = again(replace(only(measured("bmi", "21.8")), fasting=3))
    assert (
        one is not None and one.fasting == 3 and [entry.key for entry in one.observations] == ["bmi", "fasting_hours"]
    )


# --- What cannot be written ---------------------------------------------------------------------------------------------


def test_nothing_to_write() -> None:
    with pytest.raises(ValueError, match="一つもありません"):
        write_archive(SENDER, [])
    with pytest.raises(ValueError, match="0から9"):
        write_archive(replace(SENDER, part=10), [submission()])
    with pytest.raises(ValueError, match="8桁か10桁"):
        write_archive(replace(SENDER, receiver=Party.insurer("123")), [submission()])
    with pytest.raises(ValueError, match="999,999円"):
        claim_writing.claim(claim(1, copayment=1_000_000, unit_price=2_000_000))


def test_a_document_without_items_is_not_written() -> None:
    with pytest.raises(Unwritable) as stopped:
        write_archive(SENDER, [submission(1, observations=())])
    assert "component がありません" in stopped.value.problems[0].what


def test_index_and_summary_come_back() -> None:
    index = Index("6", DAY, (SENDER.sender.oid, INSTITUTION), ("", ""), "1", 99_999_999)
    assert read_index(claim_writing.index(index), "ix08_V08.xml").index == index
    summary = Summary("1", 999_999, 999_999_999, 1, 2, 3)
    assert read_summary(claim_writing.summary(summary), "su08_V08.xml").summary == summary


def test_a_claim_comes_back() -> None:
    one = claim(4, claimed=7000)
    found = read_claim(claim_writing.claim(one), one.name)
    assert (found.claim, found.by_other, found.problems) == (one, 800, ())
    assert [line.amount for line in found.lines] == [8800]


def test_samples_are_a_whole_checkup() -> None:
    assert len(sheet()) == 39 and person(1) != person(2)
