"""When a record of provision is due, how long it is kept, which names are alike, and what a file is called."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.outputs.rules.filenames import filename
from privacy.outputs.rules.names import name_key, similar
from privacy.outputs.rules.records import duty_to_record, is_third_party, kept_until, may_go_abroad, return_due

KINDS = ("person", "employer", "contractor", "state", "payment_fund", "insurer", "bank")


def due(kind: str, basis: str, *, public_body: bool = False, abroad: bool = False) -> bool:
    return duty_to_record(recipient_kind=kind, basis=basis, public_body=public_body, abroad=abroad).due


@pytest.mark.parametrize("kind", ["employer", "contractor", "payment_fund", "insurer", "bank"])
def test_law_contract_and_shared_use_need_no_record_and_consent_does(kind):
    assert not due(kind, "law")
    assert not due(kind, "contract")
    assert not due(kind, "shared_use")
    assert due(kind, "consent")


def test_the_state_and_public_bodies_are_no_third_party_of_article_29_even_with_consent():
    assert not due("state", "consent")
    assert not due("insurer", "consent", public_body=True)


def test_the_person_themselves_are_no_third_party():
    assert not due("person", "own")
    assert not is_third_party("person", "own")
    assert not is_third_party("contractor", "contract")
    assert is_third_party("employer", "law") and is_third_party("insurer", "consent")


def test_abroad_only_law_frees_from_the_record_and_only_law_or_consent_may_go():
    assert due("contractor", "contract", abroad=True)
    assert due("insurer", "consent", abroad=True)
    assert not due("insurer", "law", abroad=True)
    assert may_go_abroad("law") and may_go_abroad("consent")
    assert not may_go_abroad("contract") and not may_go_abroad("shared_use")


def test_every_answer_says_why_and_from_which_article():
    for kind in KINDS:
        for basis in ("own", "law", "contract", "shared_use", "consent"):
            duty = duty_to_record(recipient_kind=kind, basis=basis, public_body=False, abroad=False)
            assert duty.why.endswith("。") and "条" in duty.article


def test_a_record_is_kept_three_years_from_the_day_it_was_made():
    day = date(2026, 4, 1)
    assert kept_until(recorded=day, last_provided=day, stands_in=False, continuous=False) == date(2029, 4, 1)


def test_repeated_provision_counts_three_years_from_the_last_day_itself():
    assert kept_until(
        recorded=date(2026, 4, 1), last_provided=date(2026, 9, 30), stands_in=False, continuous=True
    ) == date(2029, 9, 29)


def test_where_a_contract_stands_in_it_is_one_year_from_the_last_day_itself():
    day = date(2026, 4, 1)
    assert kept_until(recorded=day, last_provided=day, stands_in=True, continuous=False) == date(2027, 3, 31)


def test_the_29th_of_february_never_shortens():
    leap = date(2028, 2, 29)
    assert kept_until(recorded=leap, last_provided=leap, stands_in=False, continuous=False) == date(2031, 3, 1)
    assert kept_until(recorded=leap, last_provided=leap, stands_in=True, continuous=False) == date(2029, 2, 28)


@given(st.dates(date(2000, 1, 1), date(2090, 12, 31)))
def test_three_years_are_never_less_than_1095_days(day):
    assert kept_until(recorded=day, last_provided=day, stands_in=False, continuous=False) >= day + timedelta(days=1095)


def test_a_contractor_hands_back_after_the_agreed_days_but_never_after_the_agreement():
    assert return_due(fetched=date(2026, 4, 1), days=30, agreement_ends=None) == date(2026, 5, 1)
    assert return_due(fetched=date(2026, 4, 1), days=30, agreement_ends=date(2026, 4, 10)) == date(2026, 4, 9)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("みなと内科クリニック", "みなと内科クリニツク"),
        ("医療法人社団 桜会 さくら医院", "さくら医院"),
        ("ひなた物流株式会社", "株式会社ひなた物流"),
        ("ひなた物流株式会社", "ひなた物販株式会社"),
        ("北山小児科", "北山小児科内科"),
        ("ﾐﾅﾄ印刷", "みなと印刷"),
        ("みなと印刷センター株式会社", "みなと印刷サービス株式会社"),
    ],
)
def test_names_a_clerk_could_take_for_each_other_are_similar(one, other):
    assert similar(name_key(one), name_key(other)) and similar(name_key(other), name_key(one))


@pytest.mark.parametrize(
    ("one", "other"), [("ひなた物流株式会社", "あおば印刷株式会社"), ("東銀行", "西銀行組合中央会"), ("甲社", "乙社")]
)
def test_different_names_are_not_similar(one, other):
    assert not similar(name_key(one), name_key(other))


def test_a_file_name_says_purpose_person_time_and_count():
    name = filename(
        number=31, title="適用台帳", recipient_code="12", activity="加入者の管理", staff_number="1001",
        at=datetime(2026, 4, 1, 9, 30), count=240, unit="件", extension="csv",
    )  # fmt: skip
    assert name == "適用台帳_受取12_加入者の管理_職員1001_20260401-0930_240件_受渡31.csv"


def test_a_file_name_holds_nothing_a_file_system_refuses():
    name = filename(
        number=1, title='台帳/"一覧"', recipient_code="1:2", activity="審査・\r\n支払", staff_number="1", at=datetime(2026, 1, 1),
        count=1, unit="件", extension="pdf",
    )  # fmt: skip
    assert not set(name) & set('\\/:*?"<>|\r\n')
