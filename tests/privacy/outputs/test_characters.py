"""Characters a PDF cannot show are told on the page that asks for it, before the file is made."""

from __future__ import annotations

import pytest
from django.urls import reverse

from kumiai.jobs import engine
from members.enrollment.models import Member
from privacy.outputs import characters as module
from privacy.outputs.activities import PROVISION_RECORDS
from privacy.outputs.characters import characters
from privacy.outputs.enums import FileFormat, RecipientKind
from privacy.outputs.kinds import Addressee, Order, Row, kind_of
from privacy.outputs.models import Output, Recipient
from privacy.scope import scope
from tests.privacy.outputs.conftest import COUNTS, KIND
from tests.privacy.outputs.test_views import body, query, sato  # noqa: F401  (a fixture)

ASK = reverse("outputs:output-request", args=[KIND])
HEADING = "PDFに印刷できない文字"


@pytest.fixture
def rare(owner, place):
    """Two people with 𠮷, one of them with a variant of 葛 that the font does not know."""
    with owner():
        Member.objects.filter(pk=place.at_a[0].pk).update(family_name="𠮷田")
        Member.objects.filter(pk=place.at_a[1].pk).update(family_name="𠮷葛\U000e01ef")


def test_they_are_told_with_what_stands_instead(sato, place, rare):  # noqa: F811
    page = body(sato.get(ASK, query(place, file_format="pdf")))
    assert HEADING in page
    for cells in (("𠮷", "U+20BB7", "〓", 2), ("葛\U000e01ef", "U+845B U+E01EF", "葛", 1)):
        sign, code, instead, rows = cells
        row = f'<th scope="row">{sign}</th><td>{code}</td><td>{instead}</td><td class="figure">{rows}</td>'
        assert row in page
    assert not Output.objects.exists(), "nothing was made yet"


def test_a_csv_holds_every_character(sato, place, rare):  # noqa: F811
    assert HEADING not in body(sato.get(ASK, query(place)))


def test_where_everything_can_be_drawn_nothing_is_said(sato, place):  # noqa: F811
    assert HEADING not in body(sato.get(ASK, query(place, file_format="pdf")))


def test_an_item_that_was_not_chosen_is_not_looked_at(sato, place, rare):  # noqa: F811
    assert HEADING not in body(sato.get(ASK, query(place, file_format="pdf", columns=["number"])))


def test_who_is_left_out_of_the_file_is_not_looked_at(sato, place, owner):  # noqa: F811
    with owner():
        Member.objects.filter(pk=place.at_a[0].pk).update(family_name="𠮷田", protected=True)
    assert HEADING not in body(sato.get(ASK, query(place, file_format="pdf")))


def test_the_name_of_the_recipient_is_looked_at_too(sato, place, owner):  # noqa: F811
    with owner():
        Recipient.objects.filter(pk=place.to_a.pk).update(name="𠮷田印刷株式会社")
    assert "U+20BB7" in body(sato.get(ASK, query(place, file_format="pdf")))


def test_of_very_many_only_the_first_are_looked_at_and_that_is_said(sato, place, rare, monkeypatch):  # noqa: F811
    monkeypatch.setattr(module, "PART", 1)
    monkeypatch.setattr(module, "MOST_CHECKED", 1)
    page = body(sato.get(ASK, query(place, file_format="pdf")))
    assert "先頭の1名だけを確かめました" in page and "U+20BB7" in page and "U+845B" not in page
    monkeypatch.setattr(module, "MOST_CHECKED", 3)
    page = body(sato.get(ASK, query(place, file_format="pdf")))
    assert "だけを確かめました" not in page and "U+845B" in page, "part by part"


def test_rows_of_no_register_and_counts_are_looked_at(place, personas, today):
    def order(kind: str, kind_of_recipient: RecipientKind) -> Order:
        addressee = Addressee(kind_of_recipient, "地方厚生局", employer_id=place.a.pk)
        columns = tuple(column.code for column in kind_of(kind).columns)
        return Order(kind, {"employer": place.a.pk, "on": today}, addressee, columns, FileFormat.PDF, today)

    ids = [member.pk for member in place.at_a]
    with scope(PROVISION_RECORDS, personas["佐藤"], operation="export"):
        newcomers = [Row(None, {"name": "𠮷野 花子"})]
        found = characters(kind_of(KIND), order(KIND, RecipientKind.EMPLOYER), ids, newcomers)
        counted = characters(kind_of(COUNTS), order(COUNTS, RecipientKind.STATE), ids)
        nobody = characters(kind_of(KIND), order(KIND, RecipientKind.EMPLOYER), [])
    assert [(missing.sign, missing.rows) for missing in found.missing] == [("𠮷", 1)]
    assert (counted.missing, counted.partly, nobody.missing) == ((), False, ())


def test_after_the_build_they_are_told_again_and_the_file_is_fetched_by_who_saw_them(sato, place, rare, owner):  # noqa: F811
    """What was checked on the page were the first people; what was built are all of them."""
    answer = sato.post(ASK, query(place, file_format="pdf") | {"expected": "2"})
    output = Output.objects.get()
    assert answer.status_code == 302
    engine.run(output.job_id)
    output.refresh_from_db()
    assert output.replaced_count == 3
    with owner():
        Output.objects.update(state="ready", second_person=False)
    page = body(sato.get(reverse("outputs:output-detail", args=[output.pk])))
    assert "フォントにない文字が 3か所で置き換わっていることを確かめました" in page
    shown = body(sato.get(reverse("outputs:output-replaced", args=[output.pk])))
    assert "𠮷" in shown and "PDFには次のように印刷されています" in shown
    unseen = sato.post(reverse("outputs:output-fetch", args=[output.pk]))
    assert unseen.status_code == 409
    seen = sato.post(reverse("outputs:output-fetch", args=[output.pk]), {"replaced_seen": "on"})
    assert (
        seen.status_code == 200
        and b"".join(seen.streaming_content if seen.streaming else [seen.content])[:4] == b"%PDF"
    )
