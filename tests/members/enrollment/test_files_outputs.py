"""Files of the register through the door: whose rows they carry, who is left out, what stands in the bytes."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import timezone

from kumiai.accounts import step_up
from kumiai.jobs import engine, tasks
from members.enrollment.activities import DISCLOSURE, MEMBER_OUTPUT
from members.enrollment.models import (
    ChangeReport,
    DependantPeriod,
    EligibilityPeriod,
    Member,
    Protection,
    ProtectionClerk,
)
from members.enrollment.queries import rosters
from privacy.notice.models import StatutoryCase
from privacy.outputs import actions, queries
from privacy.outputs.enums import Removal
from privacy.outputs.models import Agreement, EligibilityContent, FileSetting, OptOut, Output, Recipient, Suspension
from privacy.outputs.policies import Closed
from privacy.outputs.rules.names import name_key
from privacy.scope import NotGranted, scope
from tests.kumiai.documents.reading import lines_of
from tests.members.enrollment.people import make_employer, make_member, protect, since

REGISTER = "enrollment.coverage_register"
NOTICE = "enrollment.qualification_notice"
PROTECTED_NOTICE = "enrollment.qualification_notice_protected"
STATISTICS = "enrollment.statistics"
USAGE = "enrollment.usage_record"
TODAY = timezone.localdate


@pytest.fixture(autouse=True)
def no_broker(monkeypatch):
    monkeypatch.setattr(tasks.run_job, "apply_async", lambda args, **_options: None)


@pytest.fixture
def hinata(owner, personas):
    """An employer with a family, somebody else's people beside it, and its recipient with an agreement."""
    with owner():
        hinata, other = make_employer("ひなた物流株式会社"), make_employer("架空運輸株式会社")
        head = make_member(employer=hinata)
        child = make_member(insured=head, branch="01", names=("髙﨑", "悠真", "タカサキ", "ユウマ"), sex="1")
        make_member(employer=other, names=("吉田", "敬子", "ヨシダ", "ケイコ"))
        recipient = Recipient.objects.create(
            code=hinata.symbol, kind="employer", name=hinata.name, name_key=name_key(hinata.name),
            since=date(2020, 4, 1), employer_id=hinata.pk, address="架空市1-1", representative="見本 次郎",
        )  # fmt: skip
        Agreement.objects.create(
            recipient=recipient, file_kind=REGISTER, basis="shared_use", title="共同利用の覚書",
            items=["symbol", "number", "branch", "name", "kana", "birth_date", "sex", "role", "kind", "start", "end"],
            period=DateRange(date(2020, 4, 1), None), recorded_by=personas["1001"],
        )  # fmt: skip
    return {"employer": hinata, "other": other, "head": head, "child": child, "recipient": recipient}


@pytest.fixture
def ask(personas, hinata, owner):
    """Ask for a file, run its job, and return (request, bytes or None)."""

    def request(kind, *, by="1001", activity=MEMBER_OUTPUT, to=None, file_format="pdf", member_id=None, **parameters):
        with scope(activity, personas[by], operation="export"):
            output = actions.request_output(
                by=personas[by], kind=kind, parameters=parameters, today=TODAY(), file_format=file_format,
                recipient=None if member_id else to or hinata["recipient"], member_id=member_id,
            )  # fmt: skip
        engine.run(output.job_id)
        output.refresh_from_db()
        with owner():
            content = EligibilityContent.objects.filter(output=output).first()
        return output, bytes(content.body) if content else None

    return request


def report(member, kind, *, day, entered=None, **fields):
    return ChangeReport.objects.create(
        member=member, kind=kind, receipt_number="R8-1", received_date=day, effective_date=day,
        entered_at=entered or timezone.now(), **fields,
    )  # fmt: skip


# --- 適用台帳 ---------------------------------------------------------------------------------------------------------


def test_the_register_holds_the_employers_families_and_nobody_else(ask, hinata):
    output, pdf = ask(REGISTER, on=TODAY())
    lines = lines_of(pdf)
    assert any("髙﨑 美咲" in line and "強制" in line for line in lines)
    assert any("髙﨑 悠真" in line and "子（男）" in line for line in lines)
    assert not any("吉田" in line for line in lines)
    assert output.row_count == 2 and output.removed == {}
    assert f"受け渡し番号 {output.pk}" in lines[-1] and "1001 佐藤" in lines[-1]


def test_the_register_as_csv_has_the_same_people(ask, hinata):
    _output, body = ask(REGISTER, on=TODAY(), file_format="csv")
    text = body.decode("utf-8-sig")
    assert text.startswith("記号,番号,枝番,氏名,氏名カナ,生年月日") and "髙﨑 悠真" in text and "吉田" not in text


def test_an_employer_without_an_agreement_gets_no_register(ask, hinata, owner):
    with owner():
        Agreement.objects.all().update(period=DateRange(date(2020, 4, 1), date(2020, 5, 1)))
    with pytest.raises(Closed):
        ask(REGISTER, on=TODAY())


def test_who_has_left_is_in_no_register_of_a_day_after(ask, hinata, owner):
    with owner():
        EligibilityPeriod.objects.filter(member=hinata["head"]).update(period=since(date(2016, 10, 1), TODAY()))
        DependantPeriod.objects.filter(member=hinata["child"]).update(period=since(date(2016, 10, 1), TODAY()))
    assert ask(REGISTER, on=TODAY())[0].state == "empty"
    assert ask(REGISTER, on=TODAY() - timedelta(days=1))[0].row_count == 2


def test_voluntary_continuation_is_no_business_of_the_former_employer(ask, hinata, owner):
    with owner():
        EligibilityPeriod.objects.filter(member=hinata["head"]).update(kind="voluntary")
    assert ask(REGISTER, on=TODAY())[0].state == "empty"


def test_a_protected_insured_person_takes_the_family_out_of_the_register(ask, hinata, owner):
    with owner():
        make_member(employer=hinata["employer"], names=("伊集院", "綾乃", "イジュウイン", "アヤノ"))
        Member.objects.filter(pk=hinata["head"].pk).update(protected=True)
    output, pdf = ask(REGISTER, on=TODAY())
    text = "".join(lines_of(pdf))
    assert "伊集院" in text and "髙﨑" not in text
    assert output.removed[Removal.PROTECTED] == 2 and output.row_count == 1


def test_a_suspended_dependant_is_left_out_and_counted(ask, hinata, owner):
    with owner():
        Suspension.objects.create(member_id=hinata["child"].pk, scope="all", article="35-5", since=date(2026, 1, 1))
    output, pdf = ask(REGISTER, on=TODAY())
    assert output.removed == {Removal.SUSPENDED: 1} and "悠真" not in "".join(lines_of(pdf))


def test_whoever_holds_no_export_gets_no_register(ask, hinata):
    with pytest.raises(NotGranted):
        ask(REGISTER, by="1005", on=TODAY())
    with pytest.raises(NotGranted):
        ask(REGISTER, by="1002", on=TODAY())


# --- 確認通知書 --------------------------------------------------------------------------------------------------------


@pytest.fixture
def confirmed(hinata, owner):
    """An acquisition and a loss at ひなた物流, and a loss elsewhere, all entered today."""
    with owner():
        gone = make_member(employer=hinata["employer"], names=("小田切", "光", "オダギリ", "ヒカル"))
        EligibilityPeriod.objects.filter(member=gone).update(
            period=since(date(2016, 10, 1), TODAY()), loss_reason="retirement"
        )
        period = EligibilityPeriod.objects.get(member=gone)
        report(gone, "loss", day=TODAY(), after={"period": period.pk})
        new = EligibilityPeriod.objects.get(member=hinata["head"])
        report(hinata["head"], "acquisition", day=new.period.lower, after={"period": new.pk})
        stranger = EligibilityPeriod.objects.get(employer=hinata["other"])
        report(stranger.member, "loss", day=TODAY(), after={"period": stranger.pk})
    return gone


def test_the_notice_carries_what_was_confirmed_about_the_employers_people(ask, confirmed):
    output, pdf = ask(NOTICE, since=TODAY(), until=TODAY())
    lines = lines_of(pdf)
    assert any("資格喪失" in line and "小田切 光" in line and "退職" in line for line in lines)
    assert any("資格取得|" in line and "髙﨑 美咲" in line and "就職" in line for line in lines)
    assert not any("吉田" in line for line in lines)
    assert output.row_count == 2 and output.article.startswith("健康保険法49条1項")


def test_what_was_confirmed_on_another_day_is_in_another_notice(ask, confirmed):
    day = TODAY() - timedelta(days=1)
    assert ask(NOTICE, since=day, until=day)[0].state == "empty"


def test_a_report_that_was_taken_back_is_in_no_notice(ask, confirmed, owner):
    with owner():
        ChangeReport.objects.filter(member=confirmed).update(cancelled_at=timezone.now())
    assert ask(NOTICE, since=TODAY(), until=TODAY())[0].row_count == 1


def test_a_wish_does_not_keep_out_of_a_notice_the_law_demands(ask, confirmed, owner):
    with owner():
        OptOut.objects.create(
            member_id=confirmed.pk, use="eligibility_address.member_administration", since=TODAY(), source="paper"
        )
    output, _pdf = ask(NOTICE, since=TODAY(), until=TODAY())
    assert output.row_count == 2 and output.removed == {}


def test_a_transfer_is_a_loss_to_one_employer_and_an_acquisition_to_the_other(hinata, owner, personas):
    with owner():
        old = EligibilityPeriod.objects.get(member=hinata["head"])
        old.period, old.loss_reason = since(date(2016, 10, 1), TODAY()), "transfer"
        old.save()
        new = EligibilityPeriod.objects.create(
            member=hinata["head"], employer=hinata["other"], kind="compulsory", period=since(TODAY()),
            acquisition_reason="transfer",
        )  # fmt: skip
        report(hinata["head"], "transfer", day=TODAY(), before={"closed": old.pk}, after={"period": new.pk})
    with scope(MEMBER_OUTPUT, personas["1001"], operation="export"):
        left = rosters.confirmed(hinata["employer"].pk, TODAY(), TODAY(), protected=False)
        joined = rosters.confirmed(hinata["other"].pk, TODAY(), TODAY(), protected=False)
    assert [(one.what, one.day, one.reason) for one in left] == [("資格喪失", TODAY(), "事業所の変更")]
    assert [(one.what, one.day) for one in joined] == [("資格取得", TODAY())]


@pytest.mark.parametrize(
    ("kind", "before", "what", "day"),
    [
        ("acquisition_fixed", {}, "資格取得の訂正", date(2016, 10, 1)),
        ("loss_fixed", {}, "資格喪失の訂正", date(2026, 10, 1)),
        ("acquisition_undone", {"start": "2016-10-01"}, "資格取得の取消", date(2016, 10, 1)),
        ("loss_undone", {"end": "2026-10-01"}, "資格喪失の取消", date(2026, 10, 1)),
    ],
)
def test_corrections_and_cancellations_are_notified_too(hinata, owner, personas, kind, before, what, day):
    with owner():
        period = EligibilityPeriod.objects.get(member=hinata["head"])
        period.period = since(date(2016, 10, 1), date(2026, 10, 1))
        period.save()
        report(hinata["head"], kind, day=TODAY(), before=before, after={"period": period.pk})
    with scope(MEMBER_OUTPUT, personas["1001"], operation="export"):
        (one,) = rosters.confirmed(hinata["employer"].pk, TODAY(), TODAY(), protected=False)
    assert (one.what, one.day) == (what, day)


def test_the_day_of_a_confirmation_is_the_day_in_tokyo(hinata, owner, personas):
    with owner():
        period = EligibilityPeriod.objects.get(member=hinata["head"])
        late = timezone.make_aware(datetime(2026, 11, 5, 0, 30))
        report(hinata["head"], "acquisition", day=date(2016, 10, 1), entered=late, after={"period": period.pk})
    with scope(MEMBER_OUTPUT, personas["1001"], operation="export"):
        one = rosters.confirmed(hinata["employer"].pk, date(2026, 11, 5), date(2026, 11, 5), protected=False)
        before = rosters.confirmed(hinata["employer"].pk, date(2026, 11, 4), date(2026, 11, 4), protected=False)
    assert [c.confirmed for c in one] == [date(2026, 11, 5)] and before == []


def test_protected_people_have_a_notice_of_their_own_from_a_named_clerk(ask, confirmed, owner, personas):
    with owner():
        Member.objects.filter(pk=confirmed.pk).update(protected=True)
    ordinary, pdf = ask(NOTICE, since=TODAY(), until=TODAY())
    assert "小田切" not in "".join(lines_of(pdf)) and ordinary.row_count == 1
    assert ask(PROTECTED_NOTICE, since=TODAY(), until=TODAY())[0].state == "empty"
    with owner():
        ProtectionClerk.objects.create(member=confirmed, user_id=personas["1001"].pk, named_date=TODAY())
    output, pdf = ask(PROTECTED_NOTICE, since=TODAY(), until=TODAY())
    assert "小田切 光" in "".join(lines_of(pdf)) and output.row_count == 1


def test_somebody_who_left_three_years_ago_is_no_longer_the_employers(hinata, owner, personas):
    with owner():
        EligibilityPeriod.objects.filter(member=hinata["head"]).update(
            period=since(date(2016, 10, 1), date(2020, 1, 1))
        )
    with scope(MEMBER_OUTPUT, personas["1001"], operation="export"):
        assert rosters.proven_since(hinata["employer"].pk, [hinata["head"].pk], TODAY()) == set()
        assert rosters.proven_since(hinata["employer"].pk, [hinata["head"].pk], date(2021, 1, 1)) == {hinata["head"].pk}
        assert rosters.proven_since(hinata["other"].pk, [hinata["head"].pk], date(2021, 1, 1)) == set()


# --- 加入者の統計 -------------------------------------------------------------------------------------------------------


@pytest.fixture
def bureau(owner):
    with owner():
        return Recipient.objects.create(
            code="S1", kind="state", name="架空厚生局", name_key=name_key("架空厚生局"), since=date(2020, 4, 1)
        )


def test_the_statistics_leave_protected_people_out_and_say_how_many(ask, hinata, owner, bureau):
    with owner():
        hidden = make_member(protected=True)
        protect(hidden)
    output, pdf = ask(STATISTICS, to=bureau, year=TODAY().year - 1)
    lines = lines_of(pdf)
    assert output.removed == {Removal.PROTECTED: 1} and output.subject_count == 0
    assert any("1名は、どの数にも入っていません" in line for line in lines)
    assert not any("髙﨑" in line for line in lines)
    assert any(line.startswith("令和") and line.split("|")[1] == "2" for line in lines)


def test_the_statistics_as_csv_hold_one_number_a_line(ask, hinata, bureau):
    _output, body = ask(STATISTICS, to=bureau, year=TODAY().year - 1, file_format="csv")
    assert body.decode("utf-8-sig").startswith("表,行,列,数\r\n加入者数,")


# --- 利用履歴 ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def asked_for(owner, personas, hinata):
    with owner():
        StatutoryCase.objects.create(
            activity="enrollment.disclosure", case_number="R8-33-1", user=personas["1001"],
            requested_by=personas["1001"], article="個人情報保護法 第33条", reason="本人からの請求", valid_from=timezone.now() - timedelta(days=1), valid_until=timezone.now() + timedelta(days=1),
            approved_by=personas["1006"], subject_id=hinata["head"].pk,
        )  # fmt: skip


def test_the_record_of_uses_names_the_section_and_not_the_clerk(ask, hinata, asked_for, sato):
    sato.get(reverse("enrollment:member-detail", args=[hinata["head"].pk]))
    output, pdf = ask(USAGE, activity=DISCLOSURE, member_id=hinata["head"].pk)
    lines = lines_of(pdf)
    assert any("適用課" in line and "加入者の管理" in line and "表示" in line for line in lines)
    assert not any("佐藤" in line for line in lines[:-1])
    assert "個人情報保護法 第33条" in lines[0] and "髙﨑 美咲 様" in "".join(lines)
    assert output.basis == "own"


def test_a_record_of_uses_is_made_of_the_person_of_the_case_only(ask, hinata, asked_for, owner, personas):
    with owner():
        StatutoryCase.objects.update(subject_id=hinata["head"].pk + 1)
    with pytest.raises(NotGranted, match="この人についての案件"):
        ask(USAGE, activity=DISCLOSURE, member_id=hinata["head"].pk)


def test_without_a_case_nobody_makes_a_record_of_uses(ask, hinata):
    with pytest.raises(NotGranted):
        ask(USAGE, activity=DISCLOSURE, member_id=hinata["head"].pk)


def test_the_record_of_a_protected_person_is_made_by_a_named_clerk_alone(ask, hinata, asked_for, owner, personas, sato):
    sato.get(reverse("enrollment:member-detail", args=[hinata["head"].pk]))
    with owner():
        Member.objects.filter(pk=hinata["head"].pk).update(protected=True)
        Protection.objects.create(
            member=hinata["head"], kind="support_measures", ask="適用課", period=since(date(2020, 1, 1))
        )
    assert ask(USAGE, activity=DISCLOSURE, member_id=hinata["head"].pk)[0].state == "empty"
    with owner():
        ProtectionClerk.objects.create(member=hinata["head"], user_id=personas["1001"].pk, named_date=TODAY())
    assert ask(USAGE, activity=DISCLOSURE, member_id=hinata["head"].pk)[0].state == "ready"


@pytest.fixture
def two_cases(asked_for, owner, personas, hinata):
    """The association wants a second person here too; 鈴木 has a case of their own about the same person."""
    with owner():
        FileSetting.objects.create(
            file_kind=USAGE,
            second_person=True,
            retention_days=7,
            changed_by=personas["1006"],
            changed_at=timezone.now(),
        )
        first = StatutoryCase.objects.get()
        first.pk, first.user, first.requested_by = None, personas["1002"], personas["1002"]
        first.save()


def test_a_file_under_a_statute_is_confirmed_by_somebody_with_a_case_of_their_own(
    ask, hinata, two_cases, personas, sato, suzuki, ito
):
    sato.get(reverse("enrollment:member-detail", args=[hinata["head"].pk]))
    output, _pdf = ask(USAGE, activity=DISCLOSURE, member_id=hinata["head"].pk)
    assert output.state == "waiting"
    confirm = reverse("outputs:output-confirm", args=[output.pk])
    for client in (ito, suzuki):
        session = client.session
        session[step_up._AT] = int(time.time())
        session.save()
    assert ito.get(confirm).status_code == 404  # no case: for them it does not exist
    assert [o.pk for o in queries.waiting_for(personas["1002"])] == [output.pk]
    assert not queries.waiting_for(personas["1001"]).exists()
    answer = suzuki.post(
        confirm, {"decision": "confirm", "code": hinata["head"].card_number, "count": output.row_count}
    )
    output.refresh_from_db()
    assert (answer.status_code, output.state, output.decided_by_id) == (302, "ready", personas["1002"].pk)


def test_a_case_about_somebody_else_opens_nothing(ask, hinata, two_cases, owner, personas, sato):
    sato.get(reverse("enrollment:member-detail", args=[hinata["head"].pk]))
    ask(USAGE, activity=DISCLOSURE, member_id=hinata["head"].pk)
    with owner():
        StatutoryCase.objects.filter(user=personas["1002"]).update(subject_id=hinata["head"].pk + 1)
    assert not queries.waiting_for(personas["1002"]).exists()


# --- what the door asks ------------------------------------------------------------------------------------------------


def test_the_door_finds_people_by_their_whole_number(hinata, personas):
    head = hinata["head"]
    with scope(MEMBER_OUTPUT, personas["1001"], operation="export"):
        assert rosters.member_of_number(head.card_number) == head.pk
        assert rosters.member_of_number(f"{head.symbol}-{head.number}") is None
        assert rosters.member_of_number(f"{head.symbol}-{head.number}-99") is None
        assert rosters.protected_among([head.pk]) == set()


def test_the_request_of_a_file_is_on_record_with_its_people(ask, hinata, events):
    output, _pdf = ask(REGISTER, on=TODAY())
    assert any(
        {hinata["head"].pk, hinata["child"].pk} <= set(event.subjects)
        for event in events(activity="enrollment.member_output")
    )
    assert Output.objects.get(pk=output.pk).subject_count == 2


def test_a_clerk_who_is_no_longer_named_does_not_fetch_the_protected_notice(ask, confirmed, owner, personas):
    with owner():
        Member.objects.filter(pk=confirmed.pk).update(protected=True)
        ProtectionClerk.objects.create(member=confirmed, user_id=personas["1001"].pk, named_date=TODAY())
    output, _pdf = ask(PROTECTED_NOTICE, since=TODAY(), until=TODAY())
    with owner():
        Output.objects.filter(pk=output.pk).update(
            state="ready", decided_by_id=personas["1002"].pk, decided_at=timezone.now()
        )
        ProtectionClerk.objects.filter(member=confirmed).delete()
    with pytest.raises(Closed), scope(MEMBER_OUTPUT, personas["1001"], operation="export"):
        actions.fetch(by=personas["1001"], output_id=output.pk, at=timezone.now(), today=TODAY())
