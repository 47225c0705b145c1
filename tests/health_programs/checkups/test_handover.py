"""事業主への提供: legal items only, this employer's workers on the day, who objected left out, a second person, the record of 29条."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from health_programs.checkups.activities import EMPLOYER_PROVISION
from health_programs.checkups.handover import LEGAL_ITEMS, RESULT_COLUMNS
from kumiai.jobs import engine, tasks
from members.enrollment.models import EligibilityPeriod, Employer, Member
from privacy.outputs import actions
from privacy.outputs.models import Agreement, OptOut, Output, Provision, Recipient
from privacy.outputs.policies import Closed
from privacy.outputs.rules.names import name_key
from privacy.scope import scope
from tests.health_programs.checkups.conftest import submission

pytestmark = pytest.mark.django_db
RESULTS, BOOKINGS = "checkups.employer_results", "checkups.employer_bookings"
EXAMINED = date(2026, 6, 3)


@pytest.fixture(autouse=True)
def no_broker(monkeypatch):
    monkeypatch.setattr(tasks.run_job, "apply_async", lambda args, **_options: None)


@pytest.fixture
def recipients(owner, personas, a_member):
    """Two employers of which the first has an agreement for both files; nobody's person yet."""

    def make():
        found = []
        for symbol in ("12", "13"):
            employer, _new = Employer.objects.get_or_create(
                symbol=symbol, defaults={"name": f"架空工業{symbol}株式会社", "period": (date(2000, 4, 1), None)}
            )
            found.append(
                Recipient.objects.create(
                    code=symbol,
                    kind="employer",
                    name=employer.name,
                    name_key=name_key(employer.name),
                    employer_id=employer.pk,
                    address="東京都千代田区架空町1",
                    representative="見本 次郎",
                    since=date(2020, 4, 1),
                )  # fmt: skip
            )
        for kind, columns in ((RESULTS, RESULT_COLUMNS), (BOOKINGS, ())):
            codes = [c.code for c in columns] or ["number", "name", "kind", "state", "date", "institution"]
            Agreement.objects.create(
                recipient=found[0], file_kind=kind, basis="consent", title="健診結果の提供に関する覚書", items=codes,
                period=(date(2026, 4, 1), None), recorded_by=personas["渡邉"],
            )  # fmt: skip
        return found

    with owner():
        return make()


@pytest.fixture
def ask(takahashi, owner):
    def run(recipient, kind=RESULTS, columns=None):
        with scope(EMPLOYER_PROVISION, takahashi, operation="export"):
            made = actions.request_output(
                by=takahashi, kind=kind, parameters={"year": 2026}, recipient=recipient, today=timezone.localdate(),
                columns=columns,
            )  # fmt: skip
        engine.run(made.job_id)
        with owner():
            return Output.objects.get(pk=made.pk)

    return run


@pytest.fixture
def body_of(owner):
    from health_programs.checkups.models import CheckupContent

    def read(output):
        with owner():
            return bytes(CheckupContent.objects.get(output=output.pk).body).decode("utf-8-sig")

    return read


def test_the_file_holds_legal_items_of_this_employers_workers_and_nobody_else(
    recipients, a_member, take, ask, body_of, owner, offered
):
    own, objects, guarded, moved = (a_member(str(n)) for n in range(1, 5))
    elsewhere, wife = a_member("9", symbol="13"), a_member("1", branch="01", insured=own)
    take(*(submission(one, EXAMINED) for one in (own, objects, guarded, moved, elsewhere, wife)))
    with owner():
        OptOut.objects.create(
            member_id=objects.pk, use="health_checkup.employer_provision", since=date(2026, 4, 1), source="paper"
        )
        Member.objects.filter(pk=guarded.pk).update(protected=True)
        EligibilityPeriod.objects.filter(member=moved).update(employer=Employer.objects.get(symbol="13"))
    output = ask(recipients[0])
    text = body_of(output)
    assert output.row_count == 1 and output.subject_count == 1
    assert "12-1," in text and "145mmHg" in text and "78.0kg" in text
    assert "13-9" not in text and "喫煙" not in text and "階層化" not in text
    assert output.removed == {"opted_out": 1, "protected": 1, "not_of_recipient": 1}
    assert output.state == "waiting", "a second person confirms"


def test_no_column_is_of_the_questionnaire_a_judgement_or_guidance():
    keys = {key for item in LEGAL_ITEMS for key in item.keys}
    assert not keys & {"smoking", "medication_bp", "guidance_level", "metabolic", "doctor_opinion", "drinking", "bmi"}
    assert not any("指導" in column.title or "判定" in column.title for column in RESULT_COLUMNS)


def test_an_item_that_was_not_agreed_or_an_employer_without_agreement_gets_nothing(
    recipients, a_member, take, ask, offered
):
    take(submission(a_member("1"), EXAMINED))
    with pytest.raises(Closed, match="取決めがいまありません"):
        ask(recipients[1])
    with pytest.raises(Closed, match="取り決めていない項目"):
        ask(recipients[0], columns=["number", "guidance_level"])


def test_who_left_since_the_examination_is_not_told_about(recipients, a_member, take, ask, owner, offered):
    member = a_member("1")
    take(submission(member, EXAMINED))
    with owner():
        EligibilityPeriod.objects.filter(member=member).update(period=(date(2020, 4, 1), date(2026, 7, 1)))
    assert ask(recipients[0]).state == "empty"


@pytest.mark.use("health_checkup", "employer_provision", screens=["checkups:handover-list"], jobs=["outputs.build"])
def test_a_second_person_confirms_and_the_record_of_29_is_written(
    recipients, a_member, take, ask, takahashi, personas, owner, offered
):
    take(submission(a_member("1"), EXAMINED))
    output, now = ask(recipients[0]), timezone.now()
    given = {"output_id": output.pk, "recipient_code": "12", "count": 1, "at": now}
    with scope(EMPLOYER_PROVISION, takahashi, operation="decide"), pytest.raises(Closed, match="依頼した本人"):
        actions.confirm(by=takahashi, **given)
    with scope(EMPLOYER_PROVISION, personas["中村"], operation="decide"), pytest.raises(Closed, match="受取人の番号"):
        actions.confirm(by=personas["中村"], **given | {"recipient_code": "13"})
    with scope(EMPLOYER_PROVISION, personas["中村"], operation="decide"):
        actions.confirm(by=personas["中村"], **given)
    with scope(EMPLOYER_PROVISION, takahashi, operation="export"):
        taken = actions.fetch(by=takahashi, output_id=output.pk, at=now, today=timezone.localdate())
    assert taken.body
    with owner():
        [record] = Provision.objects.all()
    assert record.consent and "収縮期血圧" in record.items and record.recipient_name == recipients[0].name
    assert record.kept_until >= timezone.localdate() + timedelta(days=3 * 365)


def test_applications_are_told_without_any_result(recipients, a_member, ask, body_of, doing, offered, take):
    from health_programs.checkups.actions import targets
    from health_programs.checkups.activities import CHECKUP_ADMINISTRATION

    member = a_member("1")
    doing(CHECKUP_ADMINISTRATION, targets.count_some, fiscal_year=2026, after=0)
    take(submission(member, EXAMINED))
    text = body_of(ask(recipients[0], BOOKINGS))
    assert "申込なし" in text and "mmHg" not in text


def test_the_list_offers_only_agreed_employers(recipients, client_of):
    page = client_of("高橋").get(reverse("checkups:handover-list") + "?year=2026").content.decode()
    assert page.count("結果を渡す") >= 1 and f"recipient={recipients[1].pk}" not in page
    assert client_of("佐藤").get(reverse("checkups:handover-list")).status_code == 403
