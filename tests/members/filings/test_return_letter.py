"""返戻の送付状 through the door: what goes back to which employer, who is left out, what is printed."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from kumiai.jobs import engine, tasks
from members.enrollment.models import Member
from members.filings import return_letter
from members.filings.activities import FILING_OUTPUT
from members.filings.models import Filing
from privacy.outputs import actions
from privacy.outputs.models import EligibilityContent, Recipient
from privacy.outputs.policies import Closed
from privacy.outputs.rules.names import name_key
from privacy.scope import scope
from tests.kumiai.documents.reading import lines_of
from tests.members.enrollment.people import make_employer, make_member
from tests.members.filings.conftest import acquisition, address_change, body, url

KIND = "filings.return_letter"
SENTENCE = "生年月日の記載がありません。"


@pytest.fixture(autouse=True)
def no_broker(monkeypatch):
    monkeypatch.setattr(tasks.run_job, "apply_async", lambda args, **_options: None)


@pytest.fixture
def recipient(owner, employer):
    with owner():
        return Recipient.objects.create(
            code=employer.symbol, kind="employer", name=employer.name, name_key=name_key(employer.name),
            since=date(2020, 4, 1), employer_id=employer.pk, address="架空市1-1", representative="見本 次郎",
        )  # fmt: skip


@pytest.fixture
def returned(sato, enter, owner):
    """Enter a filing and return it."""

    def back(kind: str, data: dict) -> Filing:
        enter(sato, kind, data)
        with owner():
            filing = Filing.objects.latest("pk")
        answer = sato.post(
            url("filing-return", filing.pk), {"version": filing.version, "reason": "missing", "sentence": SENTENCE}
        )
        assert answer.status_code == 302, body(answer)
        return filing

    return back


@pytest.fixture
def ask(personas, recipient, owner, today):
    def request(since: date | None = None):
        with scope(FILING_OUTPUT, personas["1001"], operation="export"):
            output = actions.request_output(
                by=personas["1001"], kind=KIND, parameters={"since": since or today, "until": since or today},
                today=today, file_format="pdf", recipient=recipient,
            )  # fmt: skip
        engine.run(output.job_id)
        output.refresh_from_db()
        with owner():
            content = EligibilityContent.objects.filter(output=output).first()
        return output, "".join(lines_of(bytes(content.body))) if content else ""

    return request


def test_a_newcomer_and_a_member_go_back_on_one_letter(returned, ask, employer, member, today, recipient):
    newcomer = returned("acquisition", acquisition(employer, today, family_name="吉田"))
    known = returned("address_change", address_change(employer, member, today))
    output, text = ask()
    assert (output.row_count, output.subject_count, output.unregistered_count) == (2, 1, 1)
    for word in (
        newcomer.receipt_number,
        known.receipt_number,
        "吉田 敬子",
        "資格取得届",
        "住所変更届",
        SENTENCE,
        "記載もれ",
    ):
        assert word in text, word
    assert "返戻の送付状" in text and recipient.name in text and f"受け渡し番号 {output.pk}" in text


def test_the_letter_tells_nothing_the_employer_did_not_write(returned, ask, employer, member, today):
    returned("address_change", address_change(employer, member, today))
    _output, text = ask()
    assert f"{member.symbol}-{member.number}" in text and member.family_name not in text


def test_what_another_employer_handed_in_and_another_day_stay_away(returned, ask, owner, employer, today):
    with owner():
        other = make_employer("架空運輸株式会社")
    returned("acquisition", acquisition(other, today))
    assert ask()[0].state == "empty"
    returned("acquisition", acquisition(employer, today))
    assert ask(since=today - timedelta(days=1))[0].state == "empty"
    assert ask()[0].unregistered_count == 1


def test_a_number_of_somebody_elses_person_does_not_go_back(returned, ask, owner, employer, today):
    with owner():
        stranger = make_member(employer=make_employer("架空運輸株式会社"))
    returned("address_change", address_change(employer, stranger, today))
    output, _text = ask()
    assert output.state == "empty" and output.removed == {"not_of_recipient": 1}


def test_the_family_belongs_with_the_insured_person_and_a_protected_one_is_left_out(
    returned, ask, owner, employer, member, today
):
    with owner():
        child = make_member(insured=member, branch="01", names=("髙﨑", "悠真", "タカサキ", "ユウマ"), sex="1")
    number = f"{child.symbol}-{child.number}-01"
    returned("address_change", address_change(employer, child, today, member_number=number))
    output, text = ask()
    assert output.row_count == 1 and number in text
    with owner():
        Member.objects.filter(pk=child.pk).update(protected=True)
    output, _text = ask()
    assert output.state == "empty" and output.removed == {"protected": 1}


def test_a_newcomer_who_was_registered_since_is_no_newcomer(returned, ask, sato, employer, today, stored, personas):
    filing = returned("acquisition", acquisition(employer, today))
    output, _text = ask()
    assert output.unregistered_count == 1
    sato.post(url("filing-resubmit", filing.pk), {"version": stored(filing.pk).version})
    again = acquisition(employer, today, version=stored(filing.pk).version, entry_key=str(uuid4()))
    sato.post(url("filing-edit", filing.pk), again)
    done = sato.post(url("filing-process", filing.pk), {"version": stored(filing.pk).version})
    assert done.status_code == 302 and stored(filing.pk).member_id
    at = timezone.now()
    with scope(FILING_OUTPUT, personas["1006"], operation="decide"):
        actions.confirm(by=personas["1006"], output_id=output.pk, recipient_code=employer.symbol, count=1, at=at)
    with scope(FILING_OUTPUT, personas["1001"], operation="export"), pytest.raises(Closed, match="変わりました"):
        actions.fetch(by=personas["1001"], output_id=output.pk, at=at, today=today)
    later, _text = ask()
    assert (later.subject_count, later.unregistered_count) == (1, 0)


def test_the_page_of_the_filing_leads_to_the_letter(returned, sato, suzuki, employer, today):
    filing = returned("acquisition", acquisition(employer, today))
    link = f"{KIND}/?employer={employer.pk}&amp;since={today.isoformat()}&amp;until={today.isoformat()}"
    assert link in body(sato.get(url("filing-detail", filing.pk)))
    assert KIND not in body(suzuki.get(url("filing-detail", filing.pk)))


def test_only_the_chosen_items_are_printed():
    rows = [{"receipt_number": "R8-1", "name": "吉田 敬子", "received": "2026-11-20"}]
    data = return_letter.letter_data(
        rows, items=["receipt_number", "received"], employer=return_letter.Employer("架空", "12"),
        since=date(2026, 11, 1), until=date(2026, 11, 20), issued=date(2026, 11, 20), sender={},
    )  # fmt: skip
    assert data["heads"] == ["受付番号", "収受日"]
    assert data["lines"] == [["R8-1", "令8.11.20"]]
    assert data["span"] == "令和8年11月1日から令和8年11月20日まで"
