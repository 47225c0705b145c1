"""階層化: the published examples, every edge, and what must hold for all values."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from health_programs.checkups.rules.stratification import LastYear, Outcome, stratify
from health_programs.checkups.rules.values import Values

HEALTHY = {
    "height": "170", "weight": "60", "bmi": "20.8", "waist": "75", "systolic": "118", "diastolic": "72",
    "tg_fasting": "90", "hdl": "60", "glucose_fasting": "88", "hba1c": "5.2",
}  # fmt: skip
NO_DRUGS = {"medication_bp": 2, "medication_glucose": 2, "medication_lipid": 2, "smoking": 3}


def values(sex: str = "1", age: int = 45, *, without: tuple[str, ...] = (), answers=None, fasting=None, **numbers):
    found = {key: Decimal(text) for key, text in (HEALTHY | numbers).items() if key not in without}
    given_answers = {key: code for key, code in (NO_DRUGS | (answers or {})).items() if key not in without}
    return Values(sex, age, found, given_answers, fasting)


class TestThePublishedExamples:
    def test_a_man_of_45_with_pressure_and_smoking_gets_intensive_support(self):
        found = stratify(values(waist="86", systolic="132", diastolic="80", tg_fasting="120", hdl="50", hba1c="5.5",
                                answers={"smoking": 1}))  # fmt: skip
        assert (found.level, found.group, found.risks) == (Outcome.INTENSIVE, 1, 2)

    def test_a_woman_of_50_by_bmi_with_one_risk_gets_motivational_support(self):
        found = stratify(values("2", 50, waist="88", bmi="26", tg_fasting="155"))
        assert (found.level, found.group, found.risks) == (Outcome.MOTIVATIONAL, 2, 1)

    def test_a_man_of_66_with_three_risks_gets_motivational_support(self):
        found = stratify(values(age=66, waist="95", systolic="150", tg_fasting="200", hba1c="6.0"))
        assert (found.level, found.risks) == (Outcome.MOTIVATIONAL, 3)

    def test_who_takes_medicine_for_blood_pressure_is_no_target(self):
        found = stratify(values(age=50, waist="90", hba1c="6.0", answers={"medication_bp": 1}))
        assert found.level == Outcome.MEDICATED

    def test_neither_waist_nor_bmi_is_information_whatever_else(self):
        found = stratify(values(age=40, waist="84.9", bmi="24.9", systolic="150", answers={"smoking": 1}))
        assert found.level == Outcome.INFORMATION

    @pytest.mark.parametrize(("figure", "hits"), [("170", 0), ("174.9", 0), ("175", 1)])
    def test_casual_triglyceride_counts_from_175(self, figure, hits):
        found = stratify(values(waist="90", without=("tg_fasting",), tg_casual=figure))
        assert found.risks == hits


class TestEveryEdge:
    @pytest.mark.parametrize(
        ("key", "below", "at"),
        [
            ("systolic", "129.9", "130"),
            ("diastolic", "84.9", "85"),
            ("tg_fasting", "149.9", "150"),
            ("glucose_fasting", "99.9", "100"),
            ("hba1c", "5.59", "5.6"),
        ],
    )
    def test_a_threshold_hits_from_its_own_figure(self, key, below, at):
        assert stratify(values(waist="85", **{key: below})).risks == 0
        assert stratify(values(waist="85", **{key: at})).risks == 1

    def test_hdl_hits_below_40(self):
        assert stratify(values(waist="85", hdl="40")).risks == 0
        assert stratify(values(waist="85", hdl="39.9")).risks == 1

    @pytest.mark.parametrize(("sex", "below", "at"), [("1", "84.9", "85"), ("2", "89.9", "90")])
    def test_the_waist_of_men_and_women(self, sex, below, at):
        assert stratify(values(sex, waist=below, systolic="140")).level == Outcome.INFORMATION
        assert stratify(values(sex, waist=at, systolic="140")).level == Outcome.MOTIVATIONAL

    def test_visceral_fat_goes_before_the_waist(self):
        assert stratify(values(waist="80", visceral_fat="100", systolic="140")).group == 1

    def test_smoking_alone_is_no_risk(self):
        assert stratify(values(waist="90", answers={"smoking": 1})).risks == 0

    def test_by_bmi_two_risks_are_motivational_and_three_intensive(self):
        two = values(waist="80", bmi="25", systolic="140", tg_fasting="150")
        assert stratify(two).level == Outcome.MOTIVATIONAL
        assert stratify(replace(two, answers=NO_DRUGS | {"smoking": 1})).level == Outcome.INTENSIVE

    def test_64_stays_intensive_and_65_is_lowered(self):
        high = {"waist": "95", "systolic": "150", "tg_fasting": "200"}
        assert stratify(values(age=64, **high)).level == Outcome.INTENSIVE
        assert stratify(values(age=65, **high)).level == Outcome.MOTIVATIONAL

    def test_blood_taken_right_after_a_meal_says_nothing(self):
        without = ("glucose_fasting", "hba1c")
        assert stratify(values(waist="90", without=without, glucose_casual="120", fasting=3)).risks == 1
        found = stratify(values(waist="90", without=without, glucose_casual="120", fasting=4))
        assert found.level == Outcome.UNDETERMINABLE and found.missing == ("hba1c",)


class TestMissingValues:
    def test_a_missing_waist_is_no_matter_where_bmi_and_risks_decide_the_same(self):
        found = stratify(values(bmi="26", without=("waist",)))
        assert found.level == Outcome.INFORMATION

    def test_a_missing_waist_leaves_it_open_where_it_would_decide(self):
        found = stratify(values(bmi="22", systolic="150", without=("waist",)))
        assert found.level == Outcome.UNDETERMINABLE
        assert found.missing == ("waist",)

    def test_a_missing_triglyceride_is_no_matter_where_hdl_hits(self):
        assert stratify(values(waist="90", hdl="35", without=("tg_fasting",))).risks == 1

    def test_an_unanswered_medication_leaves_it_open(self):
        found = stratify(values(waist="90", systolic="150", without=("medication_lipid",)))
        assert found.level == Outcome.UNDETERMINABLE
        assert found.missing == ("medication_lipid",)

    def test_unanswered_smoking_is_no_matter_without_another_risk(self):
        assert stratify(values(waist="90", without=("smoking",))).level == Outcome.INFORMATION

    def test_nothing_measured_at_all(self):
        assert stratify(Values("1", 45)).level == Outcome.UNDETERMINABLE


class TestTwoYearsRunning:
    HIGH = {"waist": "92", "weight": "80", "bmi": "27", "systolic": "150", "tg_fasting": "200"}

    def judge(self, weight: str, waist: str, *, level=Outcome.INTENSIVE, **change):
        before = LastYear(level, Decimal(weight), Decimal(waist))
        return stratify(values(**(self.HIGH | change)), before)

    def test_one_centimetre_and_one_kilogram_less_may_be_replaced(self):
        assert self.judge("81.0", "93.0").replaceable
        assert not self.judge("80.9", "93.0").replaceable
        assert not self.judge("81.0", "92.9").replaceable

    def test_from_a_bmi_of_30_on_it_takes_two(self):
        assert not self.judge("81.9", "94.0", bmi="30").replaceable
        assert self.judge("82.0", "94.0", bmi="30").replaceable

    def test_only_after_a_year_of_intensive_support(self):
        assert not self.judge("90", "99", level=Outcome.MOTIVATIONAL).replaceable

    def test_the_level_itself_stays(self):
        assert self.judge("81", "93").level == Outcome.INTENSIVE


ORDER = {Outcome.INFORMATION: 0, Outcome.MOTIVATIONAL: 1, Outcome.INTENSIVE: 2}
RANGES = {
    "waist": (60, 130), "bmi": (15, 40), "systolic": (90, 200), "diastolic": (50, 120), "tg_fasting": (40, 600),
    "hdl": (20, 100), "glucose_fasting": (70, 250), "hba1c": (4, 12),
}  # fmt: skip


@st.composite
def people(draw, *, complete: bool = True):
    numbers = {
        key: draw(st.decimals(low, high, places=1))
        for key, (low, high) in RANGES.items()
        if complete or draw(st.booleans())
    }
    answers = {"smoking": draw(st.sampled_from([1, 2, 3]))} | dict.fromkeys(
        ("medication_bp", "medication_glucose", "medication_lipid"), 2
    )
    if not complete:
        answers = {key: code for key, code in answers.items() if draw(st.booleans())}
    return Values(draw(st.sampled_from("12")), draw(st.integers(40, 74)), numbers, answers)


@settings(max_examples=300, deadline=None)
@given(people(), st.sampled_from(sorted(RANGES)), st.decimals(0, 50, places=1))
def test_a_worse_value_never_lowers_the_level(person, key, by):
    worse = person.numbers[key] - by if key == "hdl" else person.numbers[key] + by
    after = replace(person, numbers={**person.numbers, key: worse})
    assert ORDER[stratify(after).level] >= ORDER[stratify(person).level]


@settings(max_examples=200, deadline=None)
@given(people(complete=False), people())
def test_a_level_given_without_a_value_holds_whatever_the_value_is(partial, rest):
    found = stratify(partial)
    whole = replace(partial, numbers={**rest.numbers, **partial.numbers}, answers={**rest.answers, **partial.answers})
    if found.level != Outcome.UNDETERMINABLE:
        assert stratify(whole).level == found.level
    else:
        assert found.missing


@settings(max_examples=100, deadline=None)
@given(people(complete=False))
def test_every_judgement_shows_its_working(person):
    found = stratify(person)
    assert [step.part for step in found.steps] == sorted(step.part for step in found.steps)
    assert {step.part for step in found.steps} >= {1, 2, 3}
    assert all(step.label and step.figure for step in found.steps)
