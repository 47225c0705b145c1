"""The register in the code, its data file and the published figures agree."""

import pytest

from privacy.notice.headings import HEADINGS, OTHER, heading_of
from privacy.notice.register import (
    PUBLISHED,
    Category,
    Purpose,
    category_label,
    key,
    labels,
    pairs,
    purpose_label,
    register,
)


def test_register_has_25_categories_47_purposes_and_78_uses():
    assert len(Category) == 25
    assert len(Purpose) == 47
    assert len(pairs()) == len(PUBLISHED) == 78
    assert register()["published_uses"] == 78


def test_constants_are_exactly_the_codes_of_the_file_in_its_order():
    rows = register()["categories"]
    assert [row["code"] for row in rows] == [str(category) for category in Category]
    first_named = dict.fromkeys(purpose["code"] for row in rows for purpose in row["purposes"])
    assert list(first_named) == [str(purpose) for purpose in Purpose]


def test_constant_is_named_like_its_code():
    assert all(constant.name == constant.value.upper() for constant in (*Category, *Purpose))


def test_pairs_stand_in_published_order():
    said = [(row["code"], purpose["code"]) for row in register()["categories"] for purpose in row["purposes"]]
    assert list(pairs()) == said


def test_same_purpose_in_two_categories_is_two_uses():
    rows = [category for category, purpose in pairs() if purpose is Purpose.USER_ADMINISTRATION]
    assert len(rows) == 13
    assert len({key(category, Purpose.USER_ADMINISTRATION) for category in rows}) == 13


def test_certificate_purpose_keeps_its_comma():
    label = purpose_label(Category.INCOME, Purpose.ELIGIBILITY_CERTIFICATE_ISSUANCE)
    assert label == "高齢受給者証及び限度額適用認定証、限度額適用・標準負担額減額認定証の発行管理"


def test_labels_have_no_stray_spaces():
    for category, purpose in labels():
        assert category_label(category).strip() == category_label(category) != ""
        assert purpose_label(category, purpose).strip() == purpose_label(category, purpose) != ""


def test_every_category_stands_under_exactly_one_heading():
    under = [category for categories in HEADINGS.values() for category in categories]
    assert under == list(Category)


@pytest.mark.parametrize(("code", "heading"), [("employee", "議員と従業員"), ("not_known_here", OTHER)])
def test_heading_of_a_code(code, heading):
    assert heading_of(code) == heading
