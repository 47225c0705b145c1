"""Who is due, counted in whole days; ages, vouchers, derived values, referral."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from health_programs.checkups.rules import ages, completeness, derived, referral, vouchers
from health_programs.checkups.rules.eligibility import KindRule, Person, due, joined
from health_programs.checkups.rules.metabolic import Metabolic, metabolic
from health_programs.checkups.rules.values import Values

SPECIFIC = KindRule(40, 74)
ALWAYS = ((date(2000, 4, 1), None),)


def person(born: date, *, covered=ALWAYS, sex="1", insured=True) -> Person:
    return Person(born, sex, insured, covered)


class TestAges:
    def test_an_age_is_reached_the_day_before_the_birthday(self):
        assert ages.age_on(date(1986, 11, 1), date(2026, 10, 30)) == 39
        assert ages.age_on(date(1986, 11, 1), date(2026, 10, 31)) == 40

    def test_born_on_the_first_of_april_is_a_year_older_on_the_last_of_march(self):
        assert ages.year_end_age(date(1987, 4, 1), 2026) == 40
        assert ages.year_end_age(date(1987, 4, 2), 2026) == 39

    def test_the_29th_of_february(self):
        assert ages.reached_on(date(1984, 2, 29), 41) == date(2025, 2, 28)

    @given(st.dates(date(1900, 1, 1), date(2020, 12, 31)), st.integers(0, 36_000))
    def test_age_never_goes_down(self, born, days):
        day = born + timedelta(days=days)
        assert ages.age_on(born, day) <= ages.age_on(born, day + timedelta(days=1)) <= ages.age_on(born, day) + 1


class TestWhoIsDue:
    def test_from_40_to_74_at_the_end_of_the_year(self):
        assert due(person(date(1987, 4, 1)), SPECIFIC, 2026).age == 40
        assert due(person(date(1987, 4, 2)), SPECIFIC, 2026) is None
        found = due(person(date(1952, 4, 2)), SPECIFIC, 2026)
        assert found.age == 74 and found.until == date(2027, 3, 31) and found.all_year

    def test_who_turns_75_until_the_day_before_the_birthday(self):
        found = due(person(date(1951, 9, 10)), SPECIFIC, 2026)
        assert (found.age, found.until, found.all_year) == (75, date(2026, 9, 9), False)

    def test_born_on_the_first_of_april_turns_75_after_the_year(self):
        """年度末年齢 is 75 on 31 March already, but the birthday itself lies in the next year."""
        found = due(person(date(1952, 4, 1)), SPECIFIC, 2026)
        assert (found.until, found.all_year) == (date(2027, 3, 31), True)

    def test_who_turned_75_before_the_year_is_not_due(self):
        assert due(person(date(1951, 4, 1)), SPECIFIC, 2026) is None

    def test_enrolled_within_the_year_is_due_but_does_not_count(self):
        found = due(person(date(1980, 1, 1), covered=((date(2026, 7, 1), None),)), SPECIFIC, 2026)
        assert (found.since, found.until, found.all_year) == (date(2026, 7, 1), date(2027, 3, 31), False)

    def test_lost_within_the_year(self):
        found = due(person(date(1980, 1, 1), covered=((date(2010, 4, 1), date(2026, 9, 1)),)), SPECIFIC, 2026)
        assert (found.until, found.all_year) == (date(2026, 8, 31), False)

    def test_a_change_of_employer_without_a_gap_is_the_whole_year(self):
        stays = ((date(2010, 4, 1), date(2026, 9, 1)), (date(2026, 9, 1), None))
        assert due(person(date(1980, 1, 1), covered=stays), SPECIFIC, 2026).all_year

    def test_a_gap_is_not(self):
        stays = ((date(2010, 4, 1), date(2026, 9, 1)), (date(2026, 9, 2), None))
        found = due(person(date(1980, 1, 1), covered=stays), SPECIFIC, 2026)
        assert not found.all_year and found.since == date(2026, 9, 2)

    def test_kinds_for_one_sex_or_for_families(self):
        women = KindRule(20, 74, sex="2")
        assert due(person(date(2000, 1, 1), sex="2"), women, 2026) and not due(person(date(2000, 1, 1)), women, 2026)
        family = KindRule(40, 74, relation="dependant")
        assert due(person(date(1980, 1, 1), insured=False), family, 2026)
        assert not due(person(date(1980, 1, 1)), family, 2026)

    @given(st.lists(st.tuples(st.dates(date(2020, 1, 1), date(2028, 1, 1)), st.integers(1, 900)), max_size=6))
    def test_joined_periods_hold_the_same_days(self, spans):
        periods = [(start, start + timedelta(days=days)) for start, days in spans]
        made = joined(periods)
        days = {start + timedelta(days=n) for start, end in periods for n in range((end - start).days)}
        assert days == {start + timedelta(days=n) for start, end in made for n in range((end - start).days)}
        assert all(one[1] < other[0] for one, other in zip(made, made[1:], strict=False))


class TestDerivedValues:
    def test_bmi_is_rounded_half_up(self):
        assert derived.bmi(Decimal(170), Decimal("72.25")) == Decimal("25.0")
        assert derived.bmi(Decimal(160), Decimal("63.872")) == Decimal("25.0")  # 24.95

    def test_egfr_of_the_society(self):
        assert derived.egfr(Decimal("0.80"), 50, "1") == Decimal("80.6")
        assert derived.egfr(Decimal("0.80"), 50, "2") == Decimal("59.5")

    def test_friedewald_ends_at_400(self):
        assert derived.friedewald(Decimal(220), Decimal(50), Decimal(150)) == Decimal(140)
        assert derived.friedewald(Decimal(220), Decimal(50), Decimal(400)) is None


class TestVouchers:
    def test_eleven_digits_there_and_back(self):
        text = vouchers.build(2026, "1", 123)
        assert text == "26100000123"
        assert vouchers.parse(text) == vouchers.VoucherNumber(2026, "1", 123)

    @pytest.mark.parametrize("bad", ["", "2610000012", "261000001234", "26100OO0123", "２６１０００００１２３"])
    def test_anything_else_is_refused(self, bad):
        with pytest.raises(vouchers.UnableToNumber):
            vouchers.parse(bad)

    def test_a_serial_of_nine_digits_is_refused(self):
        with pytest.raises(vouchers.UnableToNumber):
            vouchers.build(2026, "1", 100_000_000)


class TestReferral:
    def found(self, sex="1", answers=None, **numbers):
        return referral.findings(Values(sex, 50, {k: Decimal(v) for k, v in numbers.items()}, answers or {}))

    def test_the_urgent_comes_first(self):
        found = self.found(alt="60", systolic="165", ldl="145")
        assert [f.key for f in found] == ["systolic", "ldl", "alt"]
        assert found[0].urgency == referral.Urgency.AT_ONCE

    def test_a_doctor_is_called_for_from_the_threshold_itself(self):
        assert not self.found(systolic="139.9") and self.found(systolic="140")
        assert not self.found(hba1c="6.4") and self.found(hba1c="6.5")
        assert not self.found(egfr="45") and self.found(egfr="44.9")

    def test_haemoglobin_differs_by_sex(self):
        assert self.found("1", hemoglobin="12.0") and not self.found("2", hemoglobin="12.0")

    def test_what_is_treated_already_is_left_out(self):
        values = Values("1", 50, {"systolic": Decimal(150), "ldl": Decimal(150)}, {"medication_bp": 1})
        assert [f.key for f in referral.untreated(values, referral.findings(values))] == ["ldl"]

    def test_flags(self):
        assert referral.flag("ldl", Decimal(119), "1") == referral.Flag.NORMAL
        assert referral.flag("ldl", Decimal(120), "1") == referral.Flag.GUIDANCE
        assert referral.flag("ldl", Decimal(140), "1") == referral.Flag.REFERRAL
        assert referral.flag("hdl", Decimal("39.9"), "1") == referral.Flag.GUIDANCE

    @given(st.decimals(0, 400, places=1), st.decimals(0, 100, places=1))
    def test_worse_is_never_less_urgent(self, number, by):
        for key in ("systolic", "ldl", "hba1c", "glucose_fasting"):
            ranks = [
                [referral.RANK[f.urgency] for f in self.found(**{key: str(n)})] or [9] for n in (number, number + by)
            ]
            assert ranks[1] <= ranks[0]


class TestMetabolicSyndrome:
    def of(self, sex="1", answers=None, **numbers):
        base = {
            "waist": "90",
            "systolic": "120",
            "diastolic": "70",
            "tg_fasting": "100",
            "hdl": "50",
            "glucose_fasting": "90",
        }
        drugs = {"medication_bp": 2, "medication_glucose": 2, "medication_lipid": 2} | (answers or {})
        return metabolic(Values(sex, 50, {k: Decimal(v) for k, v in (base | numbers).items() if v}, drugs))

    def test_two_one_none(self):
        assert self.of(systolic="130", hdl="39") == Metabolic.YES
        assert self.of(systolic="130") == Metabolic.NEAR
        assert self.of() == Metabolic.NO
        assert self.of(waist="84", systolic="180", hdl="30") == Metabolic.NO

    def test_glucose_counts_from_110_here(self):
        assert self.of(glucose_fasting="109") == Metabolic.NO
        assert self.of(glucose_fasting="110") == Metabolic.NEAR
        assert self.of(glucose_fasting="", hba1c="6.0") == Metabolic.NEAR

    def test_medication_counts(self):
        assert self.of(answers={"medication_bp": 1, "medication_lipid": 1}) == Metabolic.YES

    def test_without_a_waist_it_is_open_unless_nothing_could_count(self):
        assert self.of(waist="", systolic="140") == Metabolic.UNKNOWN
        assert self.of(waist="") == Metabolic.NO


class TestRequiredItems:
    WHOLE = dict.fromkeys(
        (
            "height",
            "weight",
            "bmi",
            "waist",
            "systolic",
            "diastolic",
            "tg_fasting",
            "hdl",
            "ldl",
            "ast",
            "alt",
            "ggt",
            "hba1c",
        ),
        Decimal(30),
    )
    ANSWERS = dict.fromkeys(
        ("smoking", "medication_bp", "medication_glucose", "medication_lipid", "urine_sugar", "urine_protein"), 2
    )

    def missing(self, *, without=(), fasting=None, excused=False, **numbers):
        found = {k: v for k, v in self.WHOLE.items() if k not in without} | {k: Decimal(v) for k, v in numbers.items()}
        answers = {k: v for k, v in self.ANSWERS.items() if k not in without}
        return completeness.missing(Values("1", 50, found, answers, fasting), urine_excused=excused)

    def test_a_whole_result_lacks_nothing(self):
        assert self.missing() == ()

    def test_each_required_item_is_missed(self):
        for key in (*self.WHOLE, *self.ANSWERS):
            assert key in self.missing(without=(key,)), key

    def test_the_waist_of_the_slender_may_be_left_out(self):
        assert self.missing(without=("waist",), bmi="19.9") == ()
        assert self.missing(without=("waist",), bmi="20.0") == ("waist",)
        assert self.missing(without=("waist",), bmi="21.9") == ("waist",)
        assert self.missing(without=("urine_sugar",), excused=True) == ()

    def test_pregnancy_excuses_the_waist_and_nothing_else(self):
        absent = self.missing(without=("waist", "hdl", "urine_sugar"))
        assert completeness.excused(absent, pregnant=True) == ("hdl", "urine_sugar")
        assert completeness.excused(absent, pregnant=False) == absent
        assert completeness.excused((), pregnant=True) == ()

    def test_casual_glucose_counts_unless_right_after_a_meal(self):
        assert self.missing(without=("hba1c",), glucose_casual="100", fasting=3) == ()
        assert self.missing(without=("hba1c",), glucose_casual="100", fasting=4) == ("hba1c",)
