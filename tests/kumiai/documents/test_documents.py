"""Documents: what a page says, that nothing touches the disk, and characters the font does not have."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from kumiai.documents import Frame, missing_characters, render
from kumiai.documents.font import coverage, printable, signs
from kumiai.documents.rendering import template_path
from tests.kumiai.documents.reading import lines_of, pages_of

TEMPLATE = Path(__file__).parent / "plain.typ"


def a_frame(**fields) -> Frame:
    values = {
        "title": "適用台帳",
        "association": "ひなた連合健康保険組合",
        "activity": "加入者の管理",
        "uses": (("資格及び住所に関する情報", "加入者の管理"),),
        "person": "佐藤 真由美（適用課）",
        "at": datetime(2026, 11, 22, 1, 30, tzinfo=UTC),
        "count": 1,
    }
    return Frame(**(values | fields))


def data(*names: str) -> dict:
    return {"lines": [[f"12-{place}-00", name] for place, name in enumerate(names)]}


def test_every_page_says_purpose_person_time_and_count():
    pages = pages_of(render(TEMPLATE, data(*["髙﨑 美咲"] * 100), frame=a_frame(count=100)))
    assert len(pages) == 2
    for number, page in enumerate(pages, 1):
        assert page[0] == "利用目的加入者の管理資格及び住所に関する情報 ＞ 加入者の管理"
        assert page[-1] == (
            "ひなた連合健康保険組合　適用台帳　100名　出した人 佐藤 真由美（適用課）　"
            f"令和8年11月22日 10:30|{number} / 2"
        )


def test_the_head_of_a_table_stands_on_every_page():
    pages = pages_of(render(TEMPLATE, data(*["髙﨑 美咲"] * 100), frame=a_frame()))
    assert all(any(line == "番号|氏名" for line in page) for page in pages)


def test_a_use_under_a_statute_names_the_article():
    lines = lines_of(render(TEMPLATE, data(), frame=a_frame(uses=(), statute="個人情報保護法 第33条")))
    assert "法令に基づく取扱い ＞ 個人情報保護法 第33条" in lines[0]


def test_a_document_is_tagged_and_has_title_and_language():
    made = render(TEMPLATE, data("髙﨑 美咲"), frame=a_frame())
    assert b"/StructTreeRoot" in made and b"/Marked true" in made and b"/Lang(ja-JP)" in made
    assert "適用台帳".encode() in made and b"<pdfuaid:part>1" in made


def test_the_same_data_gives_the_same_bytes():
    first, second = (render(TEMPLATE, data("髙﨑 美咲"), frame=a_frame()) for _time in range(2))
    assert first == second


def test_another_name_gives_other_bytes():
    assert render(TEMPLATE, data("吉田 敬子"), frame=a_frame()) != render(TEMPLATE, data("髙﨑 美咲"), frame=a_frame())


def test_what_stands_in_a_name_is_never_read_as_markup():
    name = '#panic("x") $a$ *b* @c <d> \\ " \' ['
    assert name in "".join(lines_of(render(TEMPLATE, data(name), frame=a_frame())))


def test_characters_the_font_lacks_are_said_and_stand_as_geta():
    names = ["𠮷田 敬子", "髙﨑 美咲", "葛\U000e0101城", "渡邊"]
    assert missing_characters({"lines": [names]}) == ("𠮷",)
    printed = "".join(lines_of(render(TEMPLATE, data(*names), frame=a_frame())))
    assert "〓田 敬子" in printed and "髙﨑 美咲" in printed and "𠮷" not in printed


def test_a_variant_the_font_does_not_know_is_said_and_its_plain_character_printed():
    unknown = "高\U000e01ef"
    assert missing_characters(unknown) == (unknown,)
    assert printable({"a": [unknown + "橋"]}, (unknown,)) == {"a": ["高橋"]}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("a", ["a"]),
        ("葛\U000e0101城", ["葛\U000e0101", "城"]),
        ("城葛\ufe00", ["城", "葛\ufe00"]),
        ("\U000e0101", ["\U000e0101"]),
    ],
)
def test_a_selector_belongs_to_the_character_before_it(text, parts):
    assert list(signs(text)) == parts


def test_the_font_has_what_names_are_usually_written_with():
    have = coverage()
    assert len(have.characters) > 10_000 and len(have.variants) > 300
    assert all(have.has(sign) for sign in "髙﨑濵德桒塚神羽福〓・ー")
    assert not have.has("𠮷")


def test_nothing_is_written_to_disk():
    """A process that may not write one byte to any file makes the document all the same."""
    code = """
import resource
import django
django.setup()
from tests.kumiai.documents.test_documents import TEMPLATE, a_frame, data
from kumiai.documents import render
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
import sys
sys.stdout.buffer.write(render(TEMPLATE, data("髙﨑 美咲"), frame=a_frame()))
"""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "kumiai.settings", "PYTHONDONTWRITEBYTECODE": "1"}
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, env=environment, cwd=settings.BASE_DIR)
    assert run.returncode == 0, run.stderr.decode()
    assert "髙﨑 美咲" in "".join(lines_of(run.stdout))


def test_a_process_that_may_not_write_is_what_the_test_above_says(tmp_path):
    code = f"""
import os, resource
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
os.write(os.open({str(tmp_path / "x")!r}, os.O_CREAT | os.O_WRONLY), b"x")
"""
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode != 0


def test_a_font_that_is_not_there_is_said_in_a_sentence(settings):
    settings.PDF_FONT_PATH = "/nowhere/font.ttf"
    with pytest.raises(ImproperlyConfigured, match="PDF_FONT_PATH"):
        render(TEMPLATE, data(), frame=a_frame())


def test_a_template_lies_in_its_app():
    assert template_path("enrollment/coverage_register").is_file()
    with pytest.raises(LookupError):
        template_path("nowhere/letter")


def test_every_word_of_every_template_is_in_the_font():
    root = settings.BASE_DIR
    for template in [*root.glob("*/documents/*.typ"), TEMPLATE, *root.glob("*/*/documents/*.typ")]:
        text = "\n".join(line for line in template.read_text().splitlines() if not line.startswith("//"))
        assert missing_characters(text) == (), template


def test_a_date_of_another_zone_is_printed_in_tokyo():
    late = a_frame(at=datetime(2026, 12, 31, 15, 0, tzinfo=UTC))
    assert late.data()["at"] == "令和9年1月1日 00:00"
    assert a_frame(at=None).data()["at"] == ""


def test_a_time_of_the_clock_is_a_time_of_the_file():
    made = render(TEMPLATE, data(), frame=a_frame(at=timezone.now()))
    assert b"<xmp:CreateDate>" in made


def test_only_one_font_is_in_the_file():
    made = render(TEMPLATE, data("髙﨑 美咲"), frame=a_frame())
    assert made.count(b"/Type0") == 1 and b"IPAexGothic" in made
