"""健診結果の分析 as it is served: who may, what is told and what is not, how many statements."""

from __future__ import annotations

import random
import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from health_programs.checkups.activities import CHECKUP_ANALYSIS
from health_programs.checkups.measures import MEASURES
from health_programs.checkups.models import CheckupResult
from health_programs.checkups.queries import analysis as queries
from health_programs.checkups.rules.metabolic import Metabolic, metabolic
from health_programs.checkups.rules.publication import ANY, METABOLIC, WAIST, Chosen
from health_programs.checkups.rules.values import Values
from members.enrollment.models import Employer, Member
from privacy.scope import scope

PAGE = reverse("checkups:analysis")
MAP = reverse("checkups:analysis-employers")
UNTOLD = "（10名未満）"
YEAR = 2026


def item(key: str) -> str:
    return reverse("checkups:analysis-item", args=[key])


@pytest.fixture
def takahashi_at(client_of):
    return client_of("高橋")


@pytest.fixture
def companies(owner, db):
    with owner():
        return [
            Employer.objects.create(symbol=str(n), name=f"架空製作所{n}", period=(date(2000, 4, 1), None))
            for n in (21, 22, 23)
        ]


@pytest.fixture
def plant(owner, db):
    """plant(how many, **fields): results of so many new people; a field may be a function of the number of the person."""
    made = iter(range(1, 100_000))

    def make(count: int, **fields) -> list[CheckupResult]:
        with owner():
            numbers = [next(made) for _ in range(count)]
            people = Member.objects.bulk_create(
                Member(
                    symbol="99", number=str(n), branch="00", family_name="架空", given_name="花子", family_kana="カクウ",
                    given_kana="ハナコ", birth_date=date(1975, 5, 5), sex="2", name_key="架空花子", kana_key="カクウハナコ",
                    symbol_order=99, number_order=n,
                )
                for n in numbers
            )  # fmt: skip
            rows = []
            for n, member in zip(numbers, people, strict=True):
                given = {
                    "state": "matched", "fiscal_year": YEAR, "exam_date": date(2026, 6, 1), "institution_code": "1310000011",
                    "sex": "1", "age": 52, "digest": f"planted {n}", "source": "xml", "waist": Decimal(80),
                    "systolic": Decimal(120), "diastolic": Decimal(70), "smoking": 3, **fields,
                }  # fmt: skip
                given = {key: value(n) if callable(value) else value for key, value in given.items()}
                rows.append(CheckupResult(member=member, **given))
            return CheckupResult.objects.bulk_create(rows)

    return make


def row_of(page: str, name: str) -> list[str]:
    """The cells of the first row of a table that begins with these words, without their marks."""
    found = re.search(rf"<tr[^>]*><th[^>]*>(?:<[^>]+>)*{re.escape(name)}.*?</tr>", page, re.S)
    assert found, name
    return [re.sub(r"<[^>]+>|\s", "", cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", found[0], re.S)]


# --- who may -------------------------------------------------------------------------------------------------------------


@pytest.mark.use(
    "health_checkup",
    "checkup_analysis",
    screens=["checkups:analysis", "checkups:analysis-employers", "checkups:analysis-item"],
)
@pytest.mark.parametrize("address", [PAGE, MAP, item("systolic")])
def test_the_analysis_is_for_those_who_may_analyse(client_of, takahashi_at, address, plant):
    plant(30)
    assert takahashi_at.get(address).status_code == 200
    refused = client_of("伊藤").get(address)
    assert refused.status_code == 403 and "120" not in refused.content.decode()


def test_the_work_reads_no_names(personas):
    from django.db import ProgrammingError, transaction

    with scope(CHECKUP_ANALYSIS, personas["高橋"]):
        for table in ("enrollment_member", "checkups_submittedidentity"):
            with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"SELECT count(*) FROM {table}")


def test_looking_is_logged_as_a_count_of_people_not_as_persons(takahashi_at, plant, events):
    plant(30)
    takahashi_at.get(PAGE)
    event = events(view="checkups:analysis")[-1] if events(view="checkups:analysis") else events()[-1]
    assert "30" in str(vars(event)) and queries.NAME in str(vars(event))


@pytest.mark.parametrize(
    "query", ["year=abc", "year=1999", "year=2099", "sex=3", "age=a41", "employer=99999", "employer=x", "year=２０２５"]
)
def test_conditions_that_do_not_exist_are_not_found(takahashi_at, query):
    assert takahashi_at.get(f"{PAGE}?{query}").status_code == 404


def test_an_item_that_does_not_exist_is_not_found(takahashi_at):
    assert takahashi_at.get(item("shoe-size")).status_code == 404
    assert takahashi_at.get(f"{MAP}?sort=weight").status_code == 404


# --- what is told -----------------------------------------------------------------------------------------------------------


def test_shares_of_a_risk_by_employer(takahashi_at, companies, plant):
    for company, high in zip(companies, (10, 20, 30), strict=True):
        plant(high, employer_id=company.pk, systolic=Decimal(150))
        plant(40 - high + 20, employer_id=company.pk)
    page = takahashi_at.get(MAP).content.decode()
    assert [row_of(page, one.name)[0] for one in companies] == ["60", "60", "60"]
    assert row_of(page, "全体")[3] == "33.3%"
    assert [row_of(page, one.name)[3] for one in companies] == ["16.7%−16.6", "33.3%±0.0", "50.0%+16.7"]
    assert "tone-far" in page


def test_a_company_with_few_results_is_not_told_and_takes_a_second_with_it(takahashi_at, companies, plant):
    small, middle, large = companies
    plant(4, employer_id=small.pk)
    plant(30, employer_id=middle.pk)
    plant(60, employer_id=large.pk)
    page = takahashi_at.get(MAP).content.decode()
    assert row_of(page, small.name)[0] == row_of(page, middle.name)[0] == "―" + UNTOLD
    assert row_of(page, large.name)[0] == "60"


def test_two_filtered_tables_cannot_be_subtracted(takahashi_at, companies, plant):
    """Everybody, less every company that a filter tells, leaves ten or more; the same for a risk and for each year."""
    small, middle, large = companies
    plant(3, employer_id=small.pk, systolic=Decimal(150))
    plant(9, employer_id=small.pk)
    for company, size in ((middle, 40), (large, 90)):
        plant(size, employer_id=company.pk, systolic=lambda n: Decimal(150 if n % 2 else 110))
    plant(12, systolic=Decimal(150))

    def told(query: str) -> tuple[int | None, int | None]:
        page = takahashi_at.get(f"{PAGE}?{query}").content.decode()
        count = re.search(r'<p class="count"><b>([\d,]+)</b>', page)
        over = row_of(page, "血圧")[3]
        return (int(count[1].replace(",", "")) if count else None, int(over) if over else None)

    people, over = told("")
    assert people == 3 + 9 + 40 + 90 + 12 and over == 3 + 20 + 45 + 12
    parts = [told(f"employer={pk}") for pk in (small.pk, middle.pk, large.pk, 0)]
    assert parts[0] == (12, None)
    rest = over - sum(part[1] for part in parts if part[1] is not None)
    assert rest >= 10 and sum(part[1] is None for part in parts) >= 2


def test_age_and_employer_are_not_crossed(takahashi_at, companies, plant):
    plant(40, employer_id=companies[0].pk)
    page = takahashi_at.get(f"{PAGE}?age=a50&employer={companies[0].pk}").content.decode()
    assert "年齢と事業所は重ねられません" in page and "<b>40</b>名" in page


def test_few_people_of_an_age_share_their_row(takahashi_at, plant):
    plant(50, age=43, systolic=lambda n: Decimal(150 if n % 2 else 110))
    plant(50, age=48, systolic=lambda n: Decimal(150 if n % 10 == 0 else 110))
    page = takahashi_at.get(PAGE).content.decode()
    assert row_of(page, "45〜49歳")[0] == "50" and row_of(page, "45〜49歳")[6] == "―" + UNTOLD
    assert row_of(page, "40〜49歳")[6] == "30.0%"


def test_the_distribution_of_an_item(takahashi_at, plant):
    plant(20, systolic=Decimal(118))
    plant(30, systolic=Decimal(125))
    plant(25, systolic=Decimal(135))
    plant(3, systolic=Decimal(195))
    plant(12, systolic=None)
    page = takahashi_at.get(item("systolic")).content.decode()
    assert row_of(page, "120未満")[1:] == ["20", "22.2%"]
    assert row_of(page, "120以上130未満")[1:] == ["30", "33.3%"]
    assert row_of(page, "130以上")[1:] == ["28", "31.1%"]
    assert row_of(page, "測定なし")[1] == "12" and row_of(page, "合計")[1] == "90"
    assert "195" not in page and " style=" not in page
    assert row_of(page, "令和8年度")[5] == "135" and row_of(page, "令和8年度")[6] == "31.1%"


def test_a_year_with_fewer_than_ten_results_tells_nothing(takahashi_at, plant):
    plant(9, systolic=Decimal(187))
    for address in (PAGE, MAP, item("systolic")):
        page = takahashi_at.get(f"{address}?year={YEAR}").content.decode()
        assert "187" not in page and not re.search(r">9(<[^>]+>)*名?<", page)


@pytest.mark.parametrize("address", [PAGE, MAP, *(item(one.key) for one in MEASURES)])
def test_a_year_without_results_says_so(takahashi_at, address):
    assert takahashi_at.get(f"{address}?year=2020").status_code == 200


def test_unmatched_doubles_and_other_examinations_do_not_count(takahashi_at, plant, owner):
    rows = plant(40)
    with owner():
        CheckupResult.objects.filter(pk__in=[row.pk for row in rows[:5]]).update(statutory=False)
        CheckupResult.objects.filter(pk__in=[row.pk for row in rows[5:10]]).update(state="double")
        CheckupResult.objects.filter(pk__in=[row.pk for row in rows[10:15]]).update(state="withdrawn")
    assert "<b>25</b>名" in takahashi_at.get(PAGE).content.decode()


# --- the statement against the rule -----------------------------------------------------------------------------------------


def test_the_statement_counts_as_the_rule_judges(plant, personas):
    dice = random.Random(11)
    choices = {
        "sex": ["1", "2"], "waist": [None, 84, 85, 89, 90], "visceral_fat": [None, None, None, 99, 100],
        "systolic": [None, *[129] * 8, 130], "diastolic": [None, *[84] * 8, 85], "tg_fasting": [None, *[149] * 6, 150],
        "tg_casual": [None, 149, 149, 149, 150], "hdl": [None, 39, *[40] * 8],
        "glucose_fasting": [None, None, *[109] * 6, 110], "hba1c": [None, *[Decimal("5.9")] * 6, 6],
        "medication_bp": [None, 1, *[2] * 8], "medication_glucose": [None, 1, *[2] * 8],
        "medication_lipid": [None, 1, *[2] * 8],
    }  # fmt: skip
    rows = plant(900, **{key: (lambda n, values=values: dice.choice(values)) for key, values in choices.items()})
    judged = []
    for row in rows:
        numbers = {one.key: Decimal(value) for one in MEASURES if (value := getattr(row, one.key)) is not None}
        answers = {key: value for key in choices if key.startswith("med") and (value := getattr(row, key)) is not None}
        judged.append(metabolic(Values(row.sex, row.age, numbers, answers)))
    with scope(CHECKUP_ANALYSIS, personas["高橋"]):
        year = queries.years(YEAR, YEAR)[YEAR]
    cells = year.told(METABOLIC.key, Chosen())
    assert cells is not None and set(judged) == set(Metabolic)
    assert cells["yes"] == judged.count(Metabolic.YES) and cells["near"] == judged.count(Metabolic.NEAR)
    assert year.told(ANY.key, Chosen())["any"] == cells["yes"] + cells["near"]
    large = [
        row.visceral_fat >= 100 if row.visceral_fat is not None
        else row.waist is not None and row.waist >= (85 if row.sex == "1" else 90)
        for row in rows
    ]  # fmt: skip
    assert year.told(WAIST.key, Chosen())["over"] == sum(large)


# --- statements -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [PAGE, MAP, item("systolic")])
def test_the_number_of_statements_does_not_depend_on_the_number_of_people(takahashi_at, companies, plant, address):
    def statements() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert takahashi_at.get(address).status_code == 200
        return sum("checkups_checkupresult" in one["sql"] for one in caught.captured_queries)

    plant(12, employer_id=companies[0].pk)
    few = statements()
    plant(200, employer_id=companies[1].pk, age=lambda n: 40 + n % 35, fiscal_year=lambda n: 2022 + n % 5)
    assert statements() == few <= 7


# --- a risk and an item inside it -------------------------------------------------------------------------------------------


def share_of(page: str) -> str:
    """What the page of an item tells of those who meet the threshold, in the year shown."""
    return row_of(page, "令和8年度")[6]


@pytest.mark.parametrize(("medicated", "told"), [(4, False), (12, True)])
def test_the_item_page_keeps_to_itself_what_the_overview_would_make_small(takahashi_at, plant, medicated, told):
    """血圧 40+n on the overview, 収縮期血圧 40 on the page of the item: the n take medicine."""
    plant(60, medication_bp=2)
    plant(20, systolic=Decimal(135), medication_bp=2)
    plant(20, systolic=Decimal(150), medication_bp=2)
    plant(medicated, medication_bp=1)
    assert row_of(takahashi_at.get(PAGE).content.decode(), "血圧")[3] == str(40 + medicated)
    page = takahashi_at.get(item("systolic")).content.decode()
    assert (UNTOLD not in share_of(page)) is told
    assert ("130以上" in re.sub(r"保健指導判定値 130mmHg以上", "", page)) is told
    assert ("150以上" in page) is True  # 20 of 44: the other 24 have the risk for other reasons


def test_an_item_that_is_the_very_risk_is_told(takahashi_at, plant):
    """Where nobody has 内臓脂肪面積 measured, the waist of the item and of the overview are one number."""
    plant(30)
    plant(15, waist=Decimal(92))
    assert share_of(takahashi_at.get(item("waist") + "?sex=1").content.decode()) == "33.3%"
    plant(3, waist=Decimal(92), visceral_fat=Decimal(60))
    assert UNTOLD in share_of(takahashi_at.get(item("waist") + "?sex=1").content.decode())
