"""The checks explain: each finding has a level, a sentence and what to do; none carries a name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from members.filings.rules.deadlines import Deadline
from members.filings.rules.findings import Facts, Known, Span, check

TODAY = date(2026, 11, 24)
ME = Known(7, "12-3456-00", covered=True)
PERSON = {"family_name": "𠮷田", "given_name": "敬子", "family_kana": "ヨシダ", "given_kana": "ケイコ"}
BASE = Facts(
    kind="acquisition",
    role="new",
    today=TODAY,
    received=TODAY,
    effective=date(2026, 11, 20),
    values=PERSON | {"birth_date": date(1985, 4, 6)},
    employer_start=date(2000, 4, 1),
    employer_id=1,
)
LOSS = replace(
    BASE,
    kind="loss",
    effective=date(2026, 11, 1),
    values={"reason": "retirement", "event_date": date(2026, 10, 31), "expected_loss_date": date(2026, 11, 1)},
    member=ME,
    spans=(Span(date(2020, 4, 1), None, employer_id=1),),
)
VOLUNTARY = replace(
    BASE,
    kind="voluntary",
    effective=date(2026, 11, 1),
    values={},
    member=ME,
    spans=(Span(date(2020, 4, 1), date(2026, 11, 1)),),
)
DEPENDANT = replace(
    BASE, kind="dependant", member=ME, spans=(Span(date(2020, 4, 1), None),), values=BASE.values | {"change": "add"}
)


def codes(facts: Facts, level: str | None = None) -> set[str]:
    return {finding.code for finding in check(facts) if level is None or finding.level == level}


@pytest.mark.parametrize("facts", [BASE, LOSS, VOLUNTARY, DEPENDANT])
def test_a_sound_filing_has_no_error(facts):
    assert codes(facts, "error") == set()


ERRORS = [
    (BASE, {"effective": date(1999, 1, 1)}, "before_employer"),
    (BASE, {"employer_end": date(2026, 11, 20)}, "after_employer"),
    (BASE, {"similar": (Known(9, "1-2-00", covered=True),)}, "duplicate"),
    (BASE, {"number_holder": Known(9, "1-2-00")}, "number_used"),
    (BASE, {"member": ME, "spans": (Span(date(2020, 4, 1), None),)}, "overlap"),
    (BASE, {"member": ME, "spans": (Span(date(2020, 4, 1), date(2026, 11, 21)),)}, "overlap"),
    (BASE, {"values": PERSON | {"birth_date": date(2026, 11, 21)}}, "born_after"),
    (BASE, {"values": PERSON | {"birth_date": date(1951, 11, 20)}}, "age_75"),
    (LOSS, {"member": None}, "no_member"),
    (LOSS, {"spans": (Span(date(2020, 4, 1), date(2026, 1, 1)),)}, "already_lost"),
    (LOSS, {"spans": (Span(date(2020, 4, 1), None, voluntary=True, employer_id=1),)}, "voluntary_member"),
    (LOSS, {"spans": (Span(date(2026, 11, 1), None, employer_id=1),)}, "before_acquisition"),
    (LOSS, {"employer_id": 2}, "other_employer"),
    (LOSS, {"effective": date(2026, 10, 31)}, "loss_day"),
    (VOLUNTARY, {"spans": (Span(date(2020, 4, 1), None),)}, "not_lost"),
    (VOLUNTARY, {"effective": date(2026, 11, 2)}, "loss_differs"),
    (
        VOLUNTARY,
        {"deadline": Deadline(date(2026, 11, 20), "法37条1項", ()), "received": date(2026, 11, 24)},
        "voluntary_late",
    ),
    (DEPENDANT, {"spans": ()}, "insured_not_covered"),
    (DEPENDANT, {"dependant_spans": (Span(date(2026, 1, 1), None),)}, "dependant_overlap"),
    (DEPENDANT, {"values": {"change": "remove"}}, "no_dependant"),
    (DEPENDANT, {"values": {"change": "remove"}, "dependant": Known(8, "12-3456-01")}, "not_dependant"),
]


@pytest.mark.parametrize(("facts", "changes", "code"), ERRORS, ids=[e[2] + str(i) for i, e in enumerate(ERRORS)])
def test_an_error_is_found_and_says_what_to_do(facts, changes, code):
    found = [finding for finding in check(replace(facts, **changes)) if finding.code == code]
    assert len(found) == 1 and found[0].level == "error"
    assert found[0].sentence.endswith("。") and found[0].remedy.endswith("。")


@pytest.mark.parametrize(("facts", "changes", "code"), ERRORS, ids=[e[2] + str(i) for i, e in enumerate(ERRORS)])
def test_no_sentence_carries_a_name(facts, changes, code):
    for finding in check(replace(facts, **changes)):
        assert "𠮷田" not in finding.sentence + finding.remedy and "ヨシダ" not in finding.sentence + finding.remedy


def test_an_acquisition_on_the_day_of_the_loss_before_does_not_overlap():
    same_day = replace(BASE, member=ME, spans=(Span(date(2020, 4, 1), date(2026, 11, 20)),))
    assert "overlap" not in codes(same_day)


def test_someone_alike_who_left_may_be_the_same_person_returning():
    assert "returning" in codes(replace(BASE, similar=(Known(9, "1-2-00"),)), "warning")
    named = replace(BASE, similar=(Known(9, "1-2-00"),), values=BASE.values | {"returning_id": 9})
    assert "returning" not in codes(named)


def test_another_person_confirmed_is_no_error():
    sure = replace(BASE, similar=(Known(9, "1-2-00", covered=True),), values=BASE.values | {"different_person": True})
    assert "duplicate" not in codes(sure) and "duplicate_confirmed" in codes(sure, "info")


def test_late_filing_is_information_with_the_days_and_the_article():
    late = replace(BASE, deadline=Deadline(date(2026, 11, 20), "則24条1項", ()), received=date(2026, 11, 24))
    [finding] = [f for f in check(late) if f.code == "late"]
    assert finding.level == "info" and "4日遅れ" in finding.sentence and finding.article == "則24条1項"


def test_a_late_application_with_a_reason_is_looked_at_by_somebody():
    deadline = Deadline(date(2026, 11, 20), "法37条1項", ())
    late = replace(VOLUNTARY, deadline=deadline, values={"late_reason": "天災", "just_cause": True})
    assert "voluntary_late_reason" in codes(late, "warning") and codes(late, "error") == set()


def test_the_dependants_of_someone_who_leaves_are_named():
    [finding] = [f for f in check(replace(LOSS, dependants=(ME, ME))) if f.code == "dependants_end"]
    assert finding.level == "warning" and "2名" in finding.sentence


@pytest.mark.parametrize(
    ("town", "known", "code"),
    [
        ("東京都港区芝公園", "東京都港区芝公園", None),
        ("港区芝公園", "東京都港区芝公園", None),
        ("大阪府堺市", "東京都港区芝公園", "postal_differs"),
        ("東京都港区芝公園", "", "postal_unknown"),
    ],
)
def test_the_postal_code_is_held_against_the_town(town, known, code):
    facts = replace(BASE, values=BASE.values | {"postal_code": "1050011", "town": town}, town_of_postal_code=known)
    assert (code in codes(facts, "warning")) if code else not codes(facts) & {"postal_differs", "postal_unknown"}


def test_errors_come_first():
    facts = replace(BASE, similar=(Known(9, "1-2-00", covered=True),), open_twins=("R8-11-0001",))
    assert [f.level for f in check(facts)] == sorted(
        (f.level for f in check(facts)), key="error warning info".split().index
    )
