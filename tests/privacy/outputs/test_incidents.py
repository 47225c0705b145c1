"""Seven incidents that happened to insurers. Each fails here without the door."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from members.enrollment.models import EligibilityPeriod
from privacy.outputs.enums import Removal
from privacy.outputs.models import EligibilitySubject, OptOut, Output, Suspension
from privacy.outputs.policies import Closed
from privacy.outputs.tasks import destroy_due, overdue_returns
from tests.members.enrollment.people import make_member
from tests.privacy.outputs.conftest import CAMPAIGN


def test_1_the_card_data_of_company_x_does_not_go_to_company_a(place, ask, text_of):
    output = ask(place.to_a)  # the careless list holds the people of both companies
    text = text_of(output)
    assert "青木甲" in text and "日向" not in text
    assert output.removed[Removal.NOT_OF_RECIPIENT] == 2 and output.row_count == 3


def test_1_asking_for_the_other_company_by_name_yields_nothing_at_all(place, ask, text_of):
    output = ask(place.to_a, employer=place.x)
    assert output.state == "empty" and output.removed == {Removal.NOT_OF_RECIPIENT: 2}
    assert text_of(output) is None


def test_2_another_firms_list_is_stopped_by_the_second_person_and_by_its_own_name(place, ask, confirm, fetch):
    meant_for_a = ask(place.to_x)  # the clerk meant company A and chose company X
    with pytest.raises(Closed, match="受取人の番号ではありません"):
        confirm(meant_for_a, code="A1", count=2)
    with pytest.raises(Closed, match="二人目の確認が済むまで"):
        fetch(meant_for_a)
    assert "受取X1" in meant_for_a.filename and "2名" in meant_for_a.filename


def test_3_a_registered_opt_out_is_not_ignored_by_a_campaign(owner, place, ask, agree, text_of, today):
    agree(place.contractor, kind=CAMPAIGN)
    with owner():
        OptOut.objects.create(
            member_id=place.at_a[0].pk, use="eligibility_address.member_administration", since=today, source="paper"
        )
    output = ask(place.contractor, kind=CAMPAIGN)
    assert "青木甲" not in text_of(output) and "青木乙" in text_of(output)
    assert output.removed == {Removal.OPTED_OUT: 1}


def test_3_an_opt_out_between_making_and_fetching_stops_the_file(owner, place, ask, agree, fetch, state_of, today):
    agree(place.contractor, kind=CAMPAIGN)
    output = ask(place.contractor, kind=CAMPAIGN)
    with owner():
        OptOut.objects.create(
            member_id=place.at_a[0].pk, use="eligibility_address.member_administration", since=today, source="phone"
        )
    with pytest.raises(Closed, match="渡せない人になりました"):
        fetch(output)
    assert state_of(output).state == "ready"


def test_4_a_similar_name_is_not_enough_to_let_it_go(owner, place, ask, confirm, today):
    from privacy.outputs import queries
    from tests.privacy.outputs.conftest import recipient

    with owner():
        twin = recipient("A9", "employer", "あおば印刷サービス株式会社", employer_id=990001)
    assert [other.code for other in queries.similar_recipients(place.to_a)] == ["A9"]
    output = ask(place.to_a)
    with pytest.raises(Closed, match="受取人の番号ではありません"):
        confirm(output, code=twin.code, count=3)
    assert ask(twin).state == "empty"  # and nobody there belongs to the one with the similar name


def test_5_nothing_about_a_person_who_left_goes_to_the_ex_employer(owner, place, ask, confirm, fetch, text_of, today):
    left, leaving = place.at_a[0], place.at_a[1]
    with owner():
        EligibilityPeriod.objects.filter(member=left).update(period=DateRange(date(2016, 10, 1), today))
    output = ask(place.to_a)
    assert "青木甲" not in text_of(output) and output.removed[Removal.NOT_OF_RECIPIENT] == 3
    confirm(output, code="A1", count=2)
    with owner():  # and one more leaves before the file is handed over
        EligibilityPeriod.objects.filter(member=leaving).update(period=DateRange(date(2016, 10, 1), today))
    with pytest.raises(Closed, match="渡せない人になりました"):
        fetch(output)


def test_6_a_list_is_not_kept_after_it_was_handed_over_but_its_record_is(
    owner, place, ask, confirm, fetch, text_of, state_of
):
    output = ask(place.to_a)
    confirm(output, code="A1", count=3)
    taken = fetch(output)
    assert taken.body.decode("utf-8-sig") == text_of(output)
    with pytest.raises(Closed, match="取り出し済み"):
        fetch(output)
    assert destroy_due(timezone.now()) == 1
    record = state_of(output)
    assert text_of(output) is None and record.state == "destroyed" and record.destroyed_at
    assert record.digest == output.digest and record.row_count == 3 and record.filename
    with owner():
        assert set(EligibilitySubject.objects.filter(output=output).values_list("member_id", flat=True)) == {
            m.pk for m in place.at_a
        }
    with pytest.raises(Closed):
        fetch(output)


def test_6_a_file_nobody_fetches_expires(place, ask, confirm, fetch, text_of, state_of):
    output = ask(place.to_a)
    confirm(output, code="A1", count=3)
    assert destroy_due(timezone.now() + timedelta(days=6)) == 0
    with pytest.raises(Closed, match="期限"):
        fetch(output, at=timezone.now() + timedelta(days=8))
    assert destroy_due(timezone.now() + timedelta(days=8)) == 1
    assert text_of(output) is None and state_of(output).state == "destroyed"


def test_7_what_a_contractor_still_holds_past_its_day_is_shown_and_alarmed(
    place, ask, agree, confirm, fetch, state_of, personas, today, caplog
):
    from privacy.outputs import actions, queries
    from privacy.outputs.activities import PROVISION_RECORDS
    from privacy.scope import scope

    agree(place.contractor, days=30)
    output = ask(place.contractor)
    confirm(output, code="C1", count=5)
    fetch(output)
    assert state_of(output).return_due == today + timedelta(days=30)
    two_years_on = today + timedelta(days=760)
    assert [o.pk for o in queries.overdue_for(personas["佐藤"], two_years_on)] == [output.pk]
    assert [o.pk for o in queries.overdue_for(personas["田中"], two_years_on)] == [output.pk]
    assert overdue_returns(timezone.now() + timedelta(days=760)) == [output.pk]
    assert f"output {output.pk}: not returned" in caplog.text and "みなと" not in caplog.text
    with scope(PROVISION_RECORDS, personas["佐藤"], operation="export"):
        actions.hand_back(by=personas["佐藤"], output_id=output.pk, on=today, way="destroyed", today=today)
    assert not queries.overdue_for(personas["佐藤"], two_years_on)


def test_suspended_and_protected_people_are_left_out_and_counted_once_each(owner, place, ask, text_of, today):
    with owner():
        Suspension.objects.create(member_id=place.at_a[0].pk, scope="provision", article="35-3", since=today)
        OptOut.objects.create(
            member_id=place.at_a[0].pk, use="eligibility_address.member_administration", since=today, source="paper"
        )
        make_member(employer=place.a, names=("保護", "花", "ホゴ", "ハナ"), protected=True)
    output = ask(place.to_a, employer=place.a)
    assert "青木甲" not in text_of(output) and "保護" not in text_of(output)
    assert output.removed == {Removal.SUSPENDED: 1, Removal.PROTECTED: 1}
    assert Output.objects.get(pk=output.pk).row_count == 2
