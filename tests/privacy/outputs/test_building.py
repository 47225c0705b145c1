"""Making a file: in whole or not at all, resumed after a kill, fetched once however often it is clicked."""

from __future__ import annotations

import hashlib
import threading
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from kumiai.jobs import engine
from kumiai.jobs.models import Job
from privacy.outputs import building
from privacy.outputs import kinds as registry
from privacy.outputs.enums import Removal
from privacy.outputs.kinds import Row, UnableToDeclare, register_file
from privacy.outputs.models import Agreement, EligibilityContent, EligibilityPart, EligibilitySubject, Output
from privacy.outputs.policies import Closed
from tests.privacy.outputs.conftest import COMMON, COUNTS, KIND


class Killed(BaseException):
    """What no handler of the engine catches: the end of the process."""


@pytest.fixture
def small_parts(monkeypatch):
    monkeypatch.setattr(building, "PART", 2)


def test_a_killed_job_resumes_and_no_half_file_is_ever_offered(
    owner, place, ask, fetch, monkeypatch, small_parts, text_of
):
    output = ask(place.to_a, employer=place.a, run=False)
    seen = []
    whole = registry.kind_of(KIND).build

    def dies_in_the_second_part(order, ids):
        seen.append(list(ids))
        if len(seen) == 2:
            raise Killed
        return whole(order, ids)

    object.__setattr__(registry.kind_of(KIND), "build", dies_in_the_second_part)
    with pytest.raises(Killed):
        engine.run(output.job_id)
    output.refresh_from_db()
    assert output.state == "preparing" and output.digest == "" and text_of(output) is None
    with pytest.raises(Closed):
        fetch(output)
    with owner():
        Job.objects.filter(pk=output.job_id).update(heartbeat_at=timezone.now() - timedelta(hours=1))
    engine.run(output.job_id)
    output.refresh_from_db()
    assert output.state == "waiting" and output.row_count == 3
    assert seen.count(seen[0]) == 1  # the part that was done is not done again
    with owner():
        assert not EligibilityPart.objects.filter(output=output).exists()
        body = bytes(EligibilityContent.objects.get(pk=output.pk).body)
    assert hashlib.sha256(body).hexdigest() == output.digest and len(body) == output.size


def test_a_task_delivered_twice_makes_one_file(place, ask):
    output = ask(place.to_a)
    before = output.digest
    engine.run(output.job_id)
    output.refresh_from_db()
    assert output.digest == before and output.state == "waiting"


def test_a_request_withdrawn_while_it_is_made_offers_nothing(place, ask, personas, text_of):
    from privacy.outputs import actions
    from privacy.outputs.activities import PROVISION_RECORDS
    from privacy.scope import population, scope

    output = ask(place.to_a, run=False)
    with scope(PROVISION_RECORDS, personas["佐藤"], operation="export"):
        actions.withdraw(by=personas["佐藤"], output_id=output.pk)
        population("取り下げ", 1)
    engine.run(output.job_id)
    output.refresh_from_db()
    assert output.state == "withdrawn" and text_of(output) is None


def test_a_row_about_somebody_who_was_not_asked_for_is_dropped(place, ask, text_of):
    stranger = place.at_x[0]
    whole = registry.kind_of(KIND).build

    def mixes_a_stranger_in(order, ids):
        return [*whole(order, ids), Row(stranger.pk, {"number": stranger.card_number, "name": stranger.name})]

    object.__setattr__(registry.kind_of(KIND), "build", mixes_a_stranger_in)
    output = ask(place.to_a, employer=place.a)
    assert "日向" not in text_of(output) and output.removed == {Removal.NOT_OF_RECIPIENT: 1}


def test_a_row_that_names_one_more_person_who_may_not_go_is_dropped_whole(owner, place, ask, text_of):
    from tests.members.enrollment.people import make_member

    with owner():
        hidden = make_member(employer=place.a, names=("保護", "花", "ホゴ", "ハナ"), protected=True)
    whole = registry.kind_of(KIND).build

    def names_a_relative(order, ids):
        rows = whole(order, ids)
        return [Row(row.member_id, row.values, also=(hidden.pk,)) if n == 0 else row for n, row in enumerate(rows)]

    object.__setattr__(registry.kind_of(KIND), "build", names_a_relative)
    output = ask(place.to_a, employer=place.a)
    assert output.row_count == 2 and "青木甲" not in text_of(output)
    assert output.removed == {Removal.PROTECTED: 2}  # as one of the employer's, and as one named beside another


def test_a_row_about_nobody_knows_whom_is_an_error_and_no_file(place, ask, text_of):
    object.__setattr__(registry.kind_of(KIND), "build", lambda order, ids: [Row(None, {"name": "だれか"})])
    output = ask(place.to_a, employer=place.a)
    assert output.state == "preparing" and text_of(output) is None
    assert Job.objects.get(pk=output.job_id).state == "failed"


def test_a_statistic_names_nobody_and_says_how_many_were_left_out(owner, place, ask, text_of):
    from tests.members.enrollment.people import make_member

    with owner():
        make_member(employer=place.a, protected=True)
    output = ask(place.state, kind=COUNTS)
    assert "人数,5" in text_of(output) and output.subject_count == 0
    assert output.removed == {Removal.PROTECTED: 1}
    with owner():
        assert not EligibilitySubject.objects.filter(output=output).exists()


def test_a_pdf_is_made_by_its_own_renderer_with_the_same_foot(owner, place, ask):
    output = ask(place.to_a, employer=place.a, file_format="pdf")
    with owner():
        body = bytes(EligibilityContent.objects.get(pk=output.pk).body).decode()
    assert body.startswith("%PDF-") and "渡す先：あおば印刷株式会社" in body and "3名" in body
    assert output.filename.endswith(".pdf")


def test_bytes_that_were_changed_in_the_table_do_not_leave(owner, place, ask, confirm, fetch):
    output = ask(place.to_a)
    confirm(output, code="A1", count=3)
    with owner():
        EligibilityContent.objects.filter(pk=output.pk).update(body=b"something else")
    with pytest.raises(Closed, match="作成したときと違います"):
        fetch(output)


def test_the_database_itself_offers_no_half_file_and_no_file_without_the_second_person(owner, place, ask, personas):
    output = ask(place.to_a)
    for wrong in (
        {"state": "ready"},
        {"state": "ready", "decided_by": personas["佐藤"]},
        {"digest": ""},
        {"row_count": 0},
        {"expires_at": None},
    ):
        with owner(), pytest.raises(IntegrityError), transaction.atomic():
            Output.objects.filter(pk=output.pk).update(**wrong)


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_fetch_once(owner, place, ask, confirm, fetch):
    output = ask(place.to_a)
    confirm(output, code="A1", count=3)
    results: list[str] = []
    barrier = threading.Barrier(2)

    def click():
        try:
            barrier.wait()
            fetch(output)
            results.append("fetched")
        except Closed:
            results.append("closed")
        finally:
            connection.close()

    clicks = [threading.Thread(target=click) for _ in range(2)]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join()
    assert sorted(results) == ["closed", "fetched"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": "tests"}, "符号"),
        ({"columns": ()}, "項目がない"),
        ({"retention_days": 0}, "保管日数"),
        ({"parameters": {"x": float}}, "引数"),
    ],
)
def test_a_kind_that_contradicts_itself_is_not_declared(change, sentence):
    kind = registry.kind_of(KIND)
    values = COMMON | {"recipients": kind.recipients, "formats": kind.formats} | change
    name = values.pop("name", "tests.wrong")
    with pytest.raises(UnableToDeclare, match=sentence):
        register_file(name, "誤り", **values)


def test_a_kind_that_could_not_be_kept_or_proven_does_not_start(monkeypatch):
    from privacy.activities import Activity
    from privacy.notice.register import Category, Purpose
    from privacy.outputs.checks import check_kinds

    assert check_kinds() == []
    bare = Activity("裸の仕事", uses={Category.CASH_BENEFIT: Purpose.BENEFIT_REVIEW_PAYMENT}, code="tests.bare")
    object.__setattr__(registry.kind_of(KIND), "activity", bare)
    assert {error.id for error in check_kinds()} == {"outputs.E001", "outputs.E002"}


def test_an_agreement_that_was_narrowed_meanwhile_stops_the_fetch(owner, place, ask, agree, confirm, fetch, today):
    first = agree(place.contractor, items=("number", "name"))
    output = ask(place.contractor, employer=place.a)
    confirm(output, code="C1", count=3)
    with owner():
        Agreement.objects.filter(pk=first.pk).update(period=DateRange(date(2025, 4, 1), today))
        Agreement.objects.create(
            recipient=place.contractor, file_kind=output.file_kind, basis="contract", title="改めた覚書",
            items=["number"], period=DateRange(today, None), return_days=30, recorded_by=first.recorded_by,
        )  # fmt: skip
    with pytest.raises(Closed, match="取り決めていない項目"):
        fetch(output)
