"""Coverage counts what a marked test proves, and nothing else."""

import json
from io import StringIO
from textwrap import dedent

import pytest
from django.core.management import call_command

from privacy.checks import walk_views
from privacy.notice.coverage import UnreadableMark, coverage, exercised_in, marks_in
from privacy.notice.register import pairs, register

MARKED = """
import pytest
from privacy.notice.register import Category, Purpose

@pytest.mark.use("eligibility_address", "member_administration", screens=["enrollment:member-list"])
def test_list(): ...

@pytest.mark.use(Category.ELIGIBILITY_ADDRESS, Purpose.MEMBER_ADMINISTRATION, files=["members.csv"])
async def test_file(): ...

@pytest.mark.use("income", "dependant_certification")
def helper(): ...
"""


def source(text: str) -> str:
    return dedent(text)


def test_mark_of_a_test_is_read_with_its_screens_and_files():
    first, second = marks_in(MARKED)
    assert first.pair == second.pair == ("eligibility_address", "member_administration")
    assert first.screens == {"enrollment:member-list"}
    assert second.files == {"members.csv"}


def test_marks_of_class_and_module_hold_for_their_tests():
    found = marks_in(
        source(
            """
            pytestmark = [pytest.mark.django_db, pytest.mark.use("employee", "training")]

            @pytest.mark.use("employee", "welfare_benefits")
            class TestBoth:
                def test_one(self): ...
            """
        )
    )
    assert [one.purpose for one in found] == ["training", "welfare_benefits"]


def test_module_mark_without_a_test_proves_nothing():
    assert marks_in('pytestmark = pytest.mark.use("employee", "training")\n') == []


@pytest.mark.parametrize("mark", ["@pytest.mark.skip", '@pytest.mark.skipif(True, reason="")', "@pytest.mark.xfail"])
def test_skipped_test_proves_nothing(mark):
    text = f'@pytest.mark.use("employee", "training")\n{mark}\ndef test_it(): ...\n'
    assert marks_in(text.replace(f"{mark}\n", "")) != []
    assert marks_in(text) == []


@pytest.mark.parametrize(
    "mark",
    [
        'use("employee")',
        'use(CATEGORY, "training")',
        'use(Category.NOBODY, "training")',
        'use("employee", "training", pages=["a"])',
        'use("employee", "training", screens=names())',
    ],
)
def test_mark_that_cannot_be_read_is_an_error_with_its_line(mark):
    with pytest.raises(UnreadableMark, match=r"test_x\.py:1"):
        marks_in(f"@pytest.mark.{mark}\ndef test_it(): ...\n", "test_x.py")


def test_table_merges_tests_of_one_use_in_published_order(tmp_path):
    (tmp_path / "test_b.py").write_text(MARKED, encoding="utf-8")
    (tmp_path / "test_a.py").write_text(
        '@pytest.mark.use("employee", "training", jobs=["remind"])\ndef test_it(): ...\n', encoding="utf-8"
    )
    table = coverage(published=[(str(c), str(p)) for c, p in pairs()], tests=tmp_path)
    assert table["published"] == 78
    assert table["exercised"] == 2
    assert table["uses"] == [
        {
            "category": "eligibility_address",
            "purpose": "member_administration",
            "screens": ["enrollment:member-list"],
            "jobs": [],
            "files": ["members.csv"],
        },
        {"category": "employee", "purpose": "training", "screens": [], "jobs": ["remind"], "files": []},
    ]


def test_use_outside_the_version_is_unpublished(tmp_path):
    (tmp_path / "test_a.py").write_text(MARKED, encoding="utf-8")
    published = [(str(c), str(p)) for c, p in pairs() if str(p) != "member_administration"]
    table = coverage(published=published, tests=tmp_path)
    assert table["exercised"] == 0
    assert ("eligibility_address", "member_administration") in {
        (one["category"], one["purpose"]) for one in table["unpublished"]
    }


def test_every_screen_a_mark_names_is_a_screen(settings):
    screens = {name for _path, name, _view in walk_views()}
    for one in exercised_in(settings.BASE_DIR / "tests"):
        assert one.screens <= screens, one.screens - screens


@pytest.mark.django_db
def test_command_prints_the_coverage_as_json():
    out = StringIO()
    call_command("notice", "coverage", "--format=json", stdout=out)
    table = json.loads(out.getvalue())
    assert set(table) == {"published", "exercised", "unpublished", "statutory", "uses"}
    assert table["published"] == 78
    assert table["unpublished"] == []


@pytest.mark.django_db
def test_command_prints_the_register_as_it_is_on_file():
    out = StringIO()
    call_command("notice", "--format=json", stdout=out)
    assert json.loads(out.getvalue()) == register()


@pytest.mark.django_db
def test_command_prints_every_label_as_text():
    out = StringIO()
    call_command("notice", stdout=out)
    text = out.getvalue()
    assert "25の類型、78の利用" in text
    assert all(p["label"] in text for row in register()["categories"] for p in row["purposes"])


@pytest.mark.django_db
def test_command_prints_the_coverage_as_text(tmp_path):
    (tmp_path / "test_a.py").write_text(MARKED, encoding="utf-8")
    out = StringIO()
    call_command("notice", "coverage", f"--tests={tmp_path}", stdout=out)
    assert "試験で確かめた利用 1" in out.getvalue()
    assert "資格及び住所に関する情報 › 加入者の管理" in out.getvalue()
    assert "画面：enrollment:member-list" in out.getvalue()
