"""Each line is judged by itself: pure, for whatever may stand in it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from members.intake.rules import comparing
from members.intake.rules.comparing import Around
from members.intake.rules.layouts import LAYOUTS, split_names


@dataclass(frozen=True)
class Office:
    id: int = 1
    symbol: str = "12"
    name: str = "ひなた物流"
    start: date = date(2000, 4, 1)
    end: date | None = None

    def holds(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)


@dataclass(frozen=True)
class Registered:
    member_id: int = 7
    version: int = 3
    symbol: str = "12"
    number: str = "1"
    branch: str = "00"
    insured_id: int | None = None
    protected: bool = False
    merged: bool = False
    hidden: bool = False
    family_name: str = "髙﨑"
    given_name: str = "美咲"
    family_kana: str = "タカサキ"
    given_kana: str = "ミサキ"
    birth_date: date | None = date(1980, 5, 7)
    sex: str = "2"
    address: dict = field(
        default_factory=lambda: {"postal_code": "1050011", "town": "東京都港区芝公園", "street": "4-2-8"}
    )
    address_since: date | None = date(2020, 4, 1)
    start: date | None = date(2020, 4, 1)
    end: date | None = None
    reason: str = ""
    kind: str = "compulsory"
    employer_id: int | None = 1
    relation: str = ""

    @property
    def card_number(self) -> str:
        return f"{self.symbol}-{self.number}-{self.branch}"


SAME = {"symbol": "12", "number": "1", "branch": "00", "family_name": "髙﨑", "given_name": "美咲", "family_kana": "タカサキ",
        "given_kana": "ミサキ", "birth_date": "1980-05-07", "sex": "2", "start": "2020-04-01"}  # fmt: skip


def around(**more) -> Around:
    return Around(**{"standing": Registered(), "offices": {"12": Office()}, "received": date(2026, 11, 20), **more})


def test_what_is_registered_already_is_unchanged():
    assert comparing.judge("members", SAME, around()).outcome == "unchanged"


def test_an_address_without_a_postal_code_is_the_same_address():
    line = SAME | {"town": "東京都港区芝公園4-2-8"}
    assert comparing.judge("members", line, around()).outcome == "unchanged"


@pytest.mark.parametrize(
    ("change", "outcome", "operations"),
    [
        ({"family_name": "吉田"}, "changed", ("name",)),
        ({"town": "大阪府吹田市江坂町", "street": "2"}, "changed", ("address",)),
        ({"end": "2026-11-10", "loss_reason": "retirement"}, "changed", ("lose",)),
        ({"end": "2026-11-10"}, "error", ()),
        ({"end": "2020-04-01", "loss_reason": "retirement"}, "error", ()),
        ({"start": "2019-04-01"}, "conflict", ()),
        ({"birth_date": "1980-05-08"}, "conflict", ()),
        ({"sex": "1"}, "conflict", ()),
        ({"relation": "wife"}, "error", ()),
        ({"branch": "01"}, "error", ()),
    ],
)
def test_a_line_of_the_list_is_judged(change, outcome, operations):
    judged = comparing.judge("members", SAME | change, around())
    assert (judged.outcome, judged.operations) == (outcome, operations)


def test_a_hidden_person_gives_nothing_away():
    judged = comparing.judge(
        "members", SAME | {"birth_date": "1999-01-01"}, around(standing=replace(Registered(), hidden=True))
    )
    assert judged.outcome == "conflict" and "生年月日" not in judged.messages[0].what


def test_voluntary_insurance_that_runs_its_two_years_can_be_lost_before():
    standing = replace(Registered(), kind="voluntary", end=date(2028, 4, 1))
    line = {"symbol": "12", "number": "1", "birth_date": "1980-05-07", "end": "2026-12-01", "loss_reason": "death"}
    assert comparing.judge("loss", line, around(standing=standing)).operations == ("lose",)


def test_the_same_loss_reported_again_is_unchanged_and_another_day_is_a_conflict():
    lost = replace(Registered(), end=date(2026, 11, 1), reason="retirement")
    line = {"symbol": "12", "number": "1", "birth_date": "1980-05-07", "end": "2026-11-01", "loss_reason": "retirement"}
    assert comparing.judge("loss", line, around(standing=lost)).outcome == "unchanged"
    assert comparing.judge("loss", line | {"end": "2026-11-02"}, around(standing=lost)).outcome == "conflict"
    assert comparing.judge("loss", line | {"loss_reason": "death"}, around(standing=lost)).outcome == "conflict"


def test_an_employer_that_had_left_the_association_takes_in_nobody():
    left = replace(Office(), end=date(2026, 10, 1))
    line = SAME | {"number": "9", "start": "2026-11-01"}
    judged = comparing.judge("members", line, around(standing=None, offices={"12": left}))
    assert judged.outcome == "error" and judged.messages[0].column == "start"


def test_no_sentence_for_the_employer_repeats_a_value():
    for kind, change in (
        ("members", {"birth_date": "1980-05-08"}),
        ("members", {"start": "2019-04-01"}),
        ("loss", {"full_name": "x"}),
    ):
        line = {**SAME, "end": "2026-11-01", "loss_reason": "retirement", **change} if kind == "loss" else SAME | change
        for message in comparing.judge(kind, line, around()).messages:
            assert not any(value in message.general for value in line.values() if len(value) > 3)


DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1)).map(date.isoformat)
CODES = {
    "sex": st.sampled_from(["", "1", "2"]), "relation": st.sampled_from(["", "self", "wife", "son", "other"]),
    "kind": st.sampled_from(["compulsory", "voluntary"]), "loss_reason": st.sampled_from(["", "retirement"]),
    "end_reason": st.sampled_from(["", "employed"]), "change": st.sampled_from(["add", "remove"]), "reason": st.just("employment"),
}  # fmt: skip


@st.composite
def lines(draw):
    """Values as the reader gives them: required columns filled, the others perhaps."""
    layout = draw(st.sampled_from(list(LAYOUTS.values())))
    values = {}
    for column in layout.columns:
        if not column.required and draw(st.booleans()):
            continue
        if column.code in CODES:
            value = draw(CODES[column.code])
        elif column.kind.word == "日付":
            value = draw(DAYS)
        elif column.code in ("symbol", "number", "branch"):
            value = draw(
                st.sampled_from({"symbol": ["12", "13"], "number": ["1", "2"], "branch": ["00", "01"]}[column.code])
            )
        else:
            value = draw(st.sampled_from(["髙﨑", "高崎", "美咲", "タカサキ", "x y"]))
        if value or column.required:
            values[column.code] = value or "1"
    return layout.code, split_names(values)


@settings(max_examples=500, deadline=None)
@given(lines(), st.data())
def test_every_line_is_judged_and_nothing_raises(line, data):
    kind, values = line
    people = [None, Registered(), replace(Registered(), hidden=True, birth_date=None), replace(Registered(), merged=True),
              replace(Registered(), insured_id=9, branch="01", relation="wife", end=date(2026, 1, 1), reason="insured_left"),
              replace(Registered(), start=None), replace(Registered(), end=date(2026, 1, 1), reason="retirement")]  # fmt: skip
    pick = st.sampled_from(people)
    near = around(
        standing=data.draw(pick), insured=data.draw(pick), former=data.draw(st.booleans()),
        alike=[one for one in [data.draw(pick)] if one], family=[one for one in [data.draw(pick)] if one],
        insured_in_file=data.draw(st.booleans()), only_symbol=data.draw(st.sampled_from(["", "12"])),
    )  # fmt: skip
    judged = comparing.judge(kind, values, near)
    assert judged.outcome in {"new", "changed", "unchanged", "conflict", "error"}
    assert bool(judged.operations) == (judged.outcome in {"new", "changed"})
    assert all(m.what.endswith("。") and m.remedy.endswith("。") for m in judged.messages)
    assert judged.messages or judged.outcome not in {"conflict", "error"}
