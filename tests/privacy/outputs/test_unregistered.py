"""Rows about people who are in no register: counted apart, told to the second person, counted again at the end."""

from __future__ import annotations

import pytest
from django.urls import reverse

from kumiai.jobs import engine
from privacy.outputs import kinds as registry
from privacy.outputs.enums import Basis, FileFormat, RecipientKind
from privacy.outputs.kinds import Allowed, Row, UnableToDeclare, register_file
from privacy.outputs.models import Output
from privacy.outputs.policies import Closed
from tests.privacy.outputs.conftest import COMMON
from tests.privacy.outputs.test_views import body, kobayashi, sato  # noqa: F401  (fixtures)

WITH_NEWCOMERS = "tests.newcomers"
BY_LAW = {RecipientKind.EMPLOYER: Allowed(Basis.LAW, ("number", "name"), article="健康保険法48条")}


@pytest.fixture
def newcomers(kinds):
    """A kind of file with two rows of people who are not registered; the list may be changed."""
    rows = [Row(None, {"name": "新入 甲", "birth_date": None}), Row(None, {"name": "新入 乙"})]
    register_file(
        WITH_NEWCOMERS, "届の名簿", recipients=BY_LAW, formats={FileFormat.CSV: None},
        unregistered=lambda order: list(rows), **COMMON,
    )  # fmt: skip
    return rows


def test_they_stand_after_the_others_and_are_counted_apart(newcomers, ask, place, text_of):
    output = ask(place.to_a, kind=WITH_NEWCOMERS, employer=place.a)
    assert (output.row_count, output.subject_count, output.unregistered_count) == (5, 3, 2)
    lines = text_of(output).splitlines()
    assert [line.split(",")[1] for line in lines[4:6]] == ["新入 甲", "新入 乙"]


def test_a_file_of_newcomers_alone_is_a_file(newcomers, ask, place, confirm, fetch):
    output = ask(place.to_a, kind=WITH_NEWCOMERS, employer=place.x)
    assert output.removed == {"not_of_recipient": 2}
    assert (output.state, output.row_count, output.subject_count, output.unregistered_count) == ("waiting", 2, 0, 2)
    confirm(output, code="A1", count=2)
    assert "新入 甲" in fetch(output).body.decode("utf-8-sig")


def test_nobody_registered_goes_out_as_nobody(newcomers, ask, place, owner):
    newcomers.append(Row(place.at_x[0].pk, {"name": "日向甲 二"}))
    output = ask(place.to_a, kind=WITH_NEWCOMERS, employer=place.a, run=False)
    engine.run(output.job_id)
    output.refresh_from_db()
    assert output.digest == "" and output.state == "preparing"


def test_who_was_registered_since_stops_the_handing_over(newcomers, ask, place, confirm, fetch):
    output = ask(place.to_a, kind=WITH_NEWCOMERS, employer=place.a)
    confirm(output, code="A1", count=5)
    newcomers.pop()
    with pytest.raises(Closed, match="台帳にない人の行が変わりました"):
        fetch(output)


def test_other_kinds_have_none(ask, place):
    assert ask(place.to_a, employer=place.a).unregistered_count == 0


def test_the_second_person_and_the_record_are_told(newcomers, sato, kobayashi, place):  # noqa: F811
    query = {
        "recipient": place.to_a.pk, "employer": place.a.pk, "on": "2026-04-01", "file_format": "csv",
        "encoding": "utf8", "columns": ["number", "name"],
    }  # fmt: skip
    url = reverse("outputs:output-request", args=[WITH_NEWCOMERS])
    page = body(sato.get(url, query))
    assert "このほか、台帳にない人の行" in page and "3名分と、台帳にない人の2件の作成を依頼" in page
    assert sato.post(url, query | {"expected": "3"}).status_code == 302
    output = Output.objects.get()
    engine.run(output.job_id)
    for client, name in ((kobayashi, "output-confirm"), (sato, "output-detail")):
        assert "うち台帳にない人 2件" in body(client.get(reverse(f"outputs:{name}", args=[output.pk])))


def test_where_only_newcomers_would_go_out_their_rows_are_the_sample(newcomers, sato, place):  # noqa: F811
    query = {
        "recipient": place.to_a.pk, "employer": place.a.pk, "on": "2016-01-01", "file_format": "csv",
        "encoding": "utf8", "columns": ["number", "name"],
    }  # fmt: skip
    page = body(sato.get(reverse("outputs:output-request", args=[WITH_NEWCOMERS]), query))
    assert "台帳にない人の2件の作成を依頼" in page and "新入 甲" in page


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"counts_only": True}, "人数だけのファイル"),
        ({"recipients": {RecipientKind.CONTRACTOR: Allowed(Basis.CONTRACT, ("name",))}}, "法令に基づいて"),
    ],
)
def test_where_the_door_could_prove_nothing_they_are_refused(kinds, change, sentence):
    given = {"recipients": BY_LAW, "formats": {FileFormat.CSV: None}} | COMMON | change
    with pytest.raises(UnableToDeclare, match=sentence):
        register_file("tests.wrong", "誤り", unregistered=lambda order: [], **given)
    assert "tests.wrong" not in registry.file_kinds()
