"""Figures of the law: loaded once, one a day, and a clear sentence where none is on record."""

import csv
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange, NumericRange

from kumiai.reference.actions import DATA, load_reference
from kumiai.reference.models import Holiday, Parameter, ParameterItem, RemunerationGrade, Status
from kumiai.reference.queries import (
    UnknownGrade,
    UnknownParameter,
    grade_for,
    holidays_between,
    parameter,
    parameter_row,
    parameters,
)

pytestmark = pytest.mark.django_db

BONUS = "standard_bonus.cap"


def rows_of(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("model", "file"),
    [
        (ParameterItem, "parameter_items.csv"),
        (Parameter, "parameters.csv"),
        (RemunerationGrade, "remuneration_grades.csv"),
        (Holiday, "holidays.csv"),
    ],
)
def test_every_line_of_the_files_is_in_the_tables(model, file):
    assert model.objects.count() == len(rows_of(file)) > 0


def test_loading_again_changes_nothing(owner):
    out = StringIO()
    with owner():
        call_command("load_reference", stdout=out)
    assert "0行" in out.getvalue()
    assert "残しました" not in out.getvalue()


def test_figure_the_association_changed_stays_and_is_named(owner):
    with owner():
        Parameter.objects.filter(item__code="funeral_expense.amount").update(value=50001)
        loaded = load_reference()
    assert loaded.kept == ["funeral_expense.amount"]
    assert parameter("funeral_expense.amount", on=date(2026, 11, 1)) == 50001


@pytest.mark.parametrize(
    ("on", "yen"), [(date(2007, 4, 1), 5_400_000), (date(2016, 3, 31), 5_400_000), (date(2016, 4, 1), 5_730_000)]
)
def test_figure_changes_on_the_first_day_of_the_next(on, yen):
    assert parameter(BONUS, on=on) == Decimal(yen)


def test_rate_keeps_its_digits_and_amount_has_no_exponent():
    assert str(parameter("child_support_levy_rate.national", on=date(2026, 4, 1))) == "0.0023"
    assert str(parameter("funeral_expense.amount", on=date(2026, 4, 1))) == "50000"


def test_unknown_code_is_a_sentence_with_code_and_day():
    with pytest.raises(UnknownParameter, match=r"「standard_bonus\.moon」の、2026-11-22 の値が登録されていません"):
        parameter("standard_bonus.moon", on=date(2026, 11, 22))


def test_day_outside_every_period_is_unknown():
    with pytest.raises(UnknownParameter, match="2027-04-01"):
        parameter("child_support_levy_rate.national", on=date(2027, 4, 1))


def test_several_figures_take_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        found = parameters([BONUS, "funeral_expense.amount"], on=date(2026, 11, 1))
    assert found == {BONUS: 5_730_000, "funeral_expense.amount": 50_000}


def test_several_figures_name_all_that_are_missing():
    with pytest.raises(UnknownParameter, match="「a」「b」"):
        parameters(["a", BONUS, "b"], on=date(2026, 11, 1))


def test_row_says_basis_and_status():
    row = parameter_row(BONUS, on=date(2026, 11, 1))
    assert row.basis == "健康保険法45条"
    assert row.status == Status.CONFIRMED


def test_overlapping_periods_of_one_item_are_impossible_in_the_database(owner):
    row = parameter_row(BONUS, on=date(2026, 11, 1))
    with owner(), pytest.raises(IntegrityError, match="one_a_day"), transaction.atomic():
        Parameter.objects.create(
            item=row.item, value=1, effective=DateRange(date(2026, 1, 1), date(2026, 2, 1)), basis="試験"
        )


def test_same_period_of_another_item_is_no_overlap(owner):
    with owner():
        item = ParameterItem.objects.create(code="test.figure", label="試験", unit="円")
        Parameter.objects.create(item=item, value=1, effective=DateRange(date(2016, 4, 1), None), basis="試験")
    assert parameter("test.figure", on=date(2026, 1, 1)) == 1


@pytest.mark.parametrize(
    ("yen", "grade", "monthly"),
    [(0, 1, 58_000), (62_999, 1, 58_000), (63_000, 2, 68_000), (1_354_999, 49, 1_330_000), (1_355_000, 50, 1_390_000)],
)
def test_grade_takes_its_lower_bound_and_not_its_upper(yen, grade, monthly):
    found = grade_for(yen, on=date(2026, 11, 1))
    assert (found.grade, found.standard_monthly) == (grade, monthly)


def test_grades_leave_no_gap_and_their_daily_amount_is_a_thirtieth():
    grades = list(RemunerationGrade.objects.effective_on(date(2026, 11, 1)).order_by("grade"))
    assert [one.grade for one in grades] == list(range(1, 51))
    for one, following in pairwise(grades):
        assert one.remuneration.upper == following.remuneration.lower
    for one in grades:
        # A thirtieth, under 10 yen rounded half up (健康保険法99条2項).
        assert one.standard_daily == (one.standard_monthly * 2 // 30 + 10) // 20 * 10


def test_day_before_the_table_has_no_grade():
    with pytest.raises(UnknownGrade, match="300,000円の等級が、2016-03-31"):
        grade_for(300_000, on=date(2016, 3, 31))


def test_brackets_of_two_grades_cannot_overlap(owner):
    with owner(), pytest.raises(IntegrityError, match="brackets_apart"), transaction.atomic():
        RemunerationGrade.objects.create(
            grade=51,
            standard_monthly=1,
            standard_daily=1,
            remuneration=NumericRange(1_400_000, None),
            effective=DateRange(date(2026, 1, 1), None),
            basis="試験",
        )


def test_holidays_leave_out_the_last_day():
    assert holidays_between(date(2026, 11, 3), date(2026, 11, 23)) == {date(2026, 11, 3)}


def test_holiday_in_lieu_is_a_holiday():
    assert date(2026, 5, 6) in holidays_between(date(2026, 5, 1), date(2026, 5, 1) + timedelta(days=10))
