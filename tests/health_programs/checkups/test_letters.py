"""Letters, vouchers and labels through the door: who is written to, what is printed, who is left out, sent once."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from health_programs.checkups.actions import bookings, cohorts, judging, targets
from health_programs.checkups.activities import (
    CHECKUP_ADMINISTRATION,
    COHORT_TARGETING,
    GUIDANCE_TARGETING,
    RESULT_NOTICE,
    TREATMENT_RECOMMENDATION,
)
from health_programs.checkups.letters import referral_letter, result_notice, voucher
from health_programs.checkups.models import CheckupContent, CheckupSubject, FollowUp, Referral
from health_programs.checkups.rules.cohorts import Condition, Selection
from kumiai.jobs import engine, tasks
from privacy.outputs import actions
from privacy.outputs.enums import RecipientKind
from privacy.outputs.kinds import kind_of
from privacy.outputs.models import Agreement, EligibilityContent, Output, Recipient
from privacy.outputs.rules.names import name_key
from privacy.scope import scope
from tests.health_programs.checkups.conftest import submission
from tests.kumiai.documents.reading import lines_of

YEAR = 2026


@pytest.fixture(autouse=True)
def no_broker(monkeypatch):
    monkeypatch.setattr(tasks.run_job, "apply_async", lambda args, **_options: None)


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def printer(owner, personas, db):
    """A contractor who prints, with an agreement for a kind of file and all its items."""

    def agreed(kind: str) -> Recipient:
        with owner():
            made, _new = Recipient.objects.get_or_create(
                code="C101", kind="contractor", name="みなと印刷センター", name_key=name_key("みなと印刷センター"),
                since=date(2020, 4, 1), address="架空市1-1", representative="見本 次郎",
            )  # fmt: skip
            if not Agreement.objects.filter(file_kind=kind).exists():
                Agreement.objects.create(
                    recipient=made, file_kind=kind, basis="contract", title="覚書", period=(date(2020, 4, 1), None),
                    items=[column.code for column in kind_of(kind).columns], return_days=30,
                    recorded_by=personas["田中"], recorded_at=timezone.now(),
                )  # fmt: skip
        return made

    return agreed


@pytest.fixture
def ask(takahashi, printer, owner, today):
    """ask(activity, kind, parameters, …) → (the file's record, its bytes or None)."""

    def request(activity, kind: str, parameters, *, file_format: str = "pdf", member=None):
        recipient = printer(kind) if RecipientKind.CONTRACTOR in kind_of(kind).recipients else None
        with scope(activity, takahashi, operation="export"):
            output = actions.request_output(
                by=takahashi, kind=kind, parameters=parameters, today=today, file_format=file_format,
                recipient=recipient, member_id=member.pk if member else None,
            )  # fmt: skip
        engine.run(output.job_id)
        output.refresh_from_db()
        with owner():
            content = CheckupContent.objects.filter(output=output).first()
            assert not EligibilityContent.objects.exists(), "files of checkups stand among checkups"
        return output, bytes(content.body) if content else None

    return request


@pytest.fixture
def people(a_member, take, doing, takahashi, owner):
    """髙﨑 with five years, 𠮷田 with one and a missing waist, a protected person; all judged and called to a doctor."""
    five = a_member("81", sex="1")
    one = a_member(
        "82", sex="1", family_name="ワタナベ・アレクサンドラ・マリア", given_name="フェルナンデス・デ・ラ・クルス"
    )
    guarded = a_member("83", sex="1", family_name="秘密沢", protected=True)
    take(*(submission(five, date(year, 6, 3), systolic=str(100 + 2 * (year - 2000))) for year in range(2022, 2026)))
    take(submission(five, systolic="172"), submission(one, waist=None, ldl="150"), submission(guarded, systolic="185"))
    doing(GUIDANCE_TARGETING, judging.stratify_some, by_id=takahashi.pk, fiscal_year=YEAR)
    doing(TREATMENT_RECOMMENDATION, judging.find_some, fiscal_year=YEAR, after=0)
    return five, one, guarded


@pytest.mark.use(
    "health_checkup",
    "checkup_result_notice",
    screens=["checkups:notice-list"],
    files=["checkups.result_notice", "checkups.result_notice_print"],
)
def test_the_result_is_told_to_everybody_examined_with_five_years(people, ask, client_of, owner):
    five, one, _guarded = people
    output, body = ask(RESULT_NOTICE, "checkups.result_notice", {"year": YEAR})
    assert (output.row_count, output.removed) == (2, {"protected": 1})
    text = "".join(lines_of(body))
    for word in (
        "令和8年度",
        "172",
        "令4",
        "144",
        "受診勧奨",
        "積極的支援",
        "フェルナンデス",
        "高齢者の医療の確保に関する法律第23条",
    ):
        assert word in text, word
    assert "秘密沢" not in text and f"受け渡し番号 {output.pk}" in text
    with owner():
        assert set(CheckupSubject.objects.values_list("member_id", flat=True)) == {five.pk, one.pk}

    posted, _body = ask(RESULT_NOTICE, "checkups.result_notice_print", {"year": YEAR})
    assert (posted.row_count, posted.removed, posted.basis) == (2, {"protected": 1}, "contract")

    single, body = ask(RESULT_NOTICE, "checkups.result_notice", {"year": YEAR}, member=one)
    text = "".join(lines_of(body))
    assert single.row_count == 1 and "フェルナンデス" in text and "172" not in text and "令4" not in text
    assert ask(RESULT_NOTICE, "checkups.result_notice", {"year": YEAR - 4}, member=one)[0].state == "empty"
    assert ask(RESULT_NOTICE, "checkups.result_notice", {"year": YEAR, "part": 2})[0].state == "empty", (
        "one stack holds all"
    )

    page = client_of("高橋").get(f"/checkups/notices/?year={YEAR}").content.decode()
    assert "12-81-00" in page and "収縮期血圧 172mmHg" in page and "秘密沢" not in page
    assert client_of("佐藤").get("/checkups/notices/").status_code == 403


def test_stacks_leave_nobody_out_and_nobody_twice():
    from dataclasses import replace

    from health_programs.checkups.outputs import _stack
    from privacy.outputs.enums import FileFormat
    from privacy.outputs.kinds import Addressee, Order

    everybody = list(range(1, 26))
    some = _stack(lambda _order: everybody, 10)
    order = Order("x", {"part": None}, Addressee(RecipientKind.EACH, "各自"), (), FileFormat.PDF, date(2026, 11, 24))
    stacks = [list(some(replace(order, parameters={"part": part}))) for part in (1, 2, 3, 4)]
    assert sum(stacks, []) == everybody and [len(stack) for stack in stacks] == [10, 10, 5, 0]
    assert list(some(order)) == stacks[0]
    assert some(replace(order, format=FileFormat.CSV)) == everybody, "a CSV holds everybody"


def test_the_words_of_a_notice_follow_from_the_values(people, doing):
    from health_programs.checkups.queries import letters

    five, one, _guarded = people
    found = doing(RESULT_NOTICE, letters.notices, [five.pk, one.pk], YEAR)
    made = result_notice.letter(
        {"results": result_notice.stage(found[five.pk].result), "level": found[five.pk].level,
         "earlier": result_notice.stage_earlier(found[five.pk].earlier)}
    )  # fmt: skip
    assert made["years"] == ["令4", "令5", "令6", "令7"] and made["summary"][0][0] == "referral"
    pressure = next(row for row in made["rows"] if row["label"] == "収縮期血圧")
    assert (pressure["value"], pressure["past"], len(pressure["points"])) == ("172", ["144", "146", "148", "150"], 5)
    assert "血圧" in [head for head, _words in made["meanings"]]
    alone = result_notice.letter({"results": result_notice.stage(found[one.pk].result), "level": found[one.pk].level})
    assert alone["years"] == [] and "腹囲" not in [row["label"] for row in alone["rows"] if row["value"] != "―"]
    assert result_notice.letter({"to": "架空 花子"})["rows"] == [], "only agreed columns are printed"


@pytest.mark.use(
    "health_checkup", "treatment_recommendation",
    screens=["checkups:referral-list", "checkups:person-referral"], files=["checkups.referral_letter", "checkups.referral_letter_print"],
)  # fmt: skip
def test_the_urgent_are_written_to_first_and_sending_is_written_down_once(
    people, ask, client_of, owner, takahashi, personas, today
):
    five, one, guarded = people
    output, body = ask(TREATMENT_RECOMMENDATION, "checkups.referral_letter", {"year": YEAR, "urgency": "all"})
    assert (output.row_count, output.removed) == (2, {"protected": 1})
    lines = lines_of(body)
    text = "".join(lines)
    assert text.index("すぐに医療機関を受診してください") < text.index("早めに医療機関を受診してください")
    for word in ("172mmHg", "160mmHg以上", "回答書", "レセプト（診療の記録）は見ていません"):
        assert word in text, word
    at_once, _body = ask(
        TREATMENT_RECOMMENDATION, "checkups.referral_letter_print", {"year": YEAR, "urgency": "at_once"}
    )
    assert at_once.row_count == 1

    clerk = client_of("高橋")
    sent = f"/checkups/referrals/{YEAR}/sent/{output.pk}/"
    assert clerk.post(sent).status_code == 404, "what was not fetched was not sent"
    with owner():
        Output.objects.filter(pk=output.pk).update(
            state="fetched", decided_by=personas["田中"], decided_at=timezone.now(), fetched_at=timezone.now()
        )
    assert "発送したことを記録" in clerk.get(f"/checkups/referrals/?year={YEAR}").content.decode()
    assert client_of("佐藤").post(sent).status_code == 403
    assert clerk.post(sent).status_code == 302
    assert clerk.post(sent).status_code == 302
    with owner():
        assert FollowUp.objects.count() == 2 and not FollowUp.objects.filter(member=guarded).exists()
        cases = {case.member_id: case for case in Referral.objects.all()}
    assert cases[five.pk].state == cases[one.pk].state == "recommended" and cases[guarded.pk].state == "open"
    assert (cases[five.pk].due_date - today).days == 14 and (cases[one.pk].due_date - today).days == 45
    page = clerk.get(f"/checkups/referrals/?year={YEAR}&state=recommended").content.decode()
    assert "もう記録されています" in page and "発送したことを記録</button>" not in page
    with owner():
        Referral.objects.filter(member=five).update(due_date=today)
    page = clerk.get(f"/checkups/referrals/?year={YEAR}&state=due").content.decode()
    assert "12-81-00" in page and "12-82-00" not in page

    answer = {"what": "visited", "date": today.isoformat(), "note": "回答書。内科を受診"}
    assert clerk.post(f"/checkups/people/{five.pk}/referral/{cases[five.pk].pk}/", answer).status_code == 302
    assert (
        ask(TREATMENT_RECOMMENDATION, "checkups.referral_letter", {"year": YEAR, "urgency": "all"})[0].state == "empty"
    )


def test_each_urgency_has_its_words_and_protein_is_no_number():
    for urgency, (head, _words) in referral_letter.WORDS.items():
        findings = referral_letter.stage([["urine_protein", "4", "3", urgency], ["hdl", "31", "35", "recheck"]])
        made = referral_letter.letter({"urgency": urgency, "findings": findings})
        assert made["head"] == head
        assert [(one["value"], one["threshold"]) for one in made["findings"]] == [
            ("++", "+以上"),
            ("31mg/dL", "35mg/dL未満"),
        ]


@pytest.mark.use("health_checkup", "user_administration", files=["checkups.voucher", "checkups.voucher_print"])
def test_vouchers_go_out_on_paper_and_as_a_file(people, a_member, ask, doing, offered, takahashi, today):
    five, _one, _guarded = people
    kind, _place = offered
    doing(CHECKUP_ADMINISTRATION, targets.count_some, fiscal_year=YEAR, after=0)
    for member in people:
        doing(
            CHECKUP_ADMINISTRATION, bookings.issue_voucher, by=takahashi, member_id=member.pk, fiscal_year=YEAR,
            kind=kind, today=today,
        )  # fmt: skip
    asked = {"year": YEAR, "kind": kind.pk, "since": None}
    output, body = ask(CHECKUP_ADMINISTRATION, "checkups.voucher", asked)
    text = "".join(lines_of(body))
    assert (output.row_count, output.removed) == (2, {"protected": 1})
    for word in (
        "26100000001",
        "令和9年3月31日",
        "負担なし",
        "注意事項",
        "昭和55年5月7日",
        "06139992",
        "26-1-00000001",
    ):
        assert word in text, word
    output, body = ask(CHECKUP_ADMINISTRATION, "checkups.voucher_print", asked, file_format="csv")
    lines = body.decode("utf-8-sig").split("\r\n")
    assert (
        lines[0].startswith("郵便番号,住所,宛名,受診券整理番号")
        and "1050011,東京都港区芝公園4-2-8,髙﨑 美咲,26100000001" in lines[1]
    )
    assert output.row_count == 2
    single, _body = ask(CHECKUP_ADMINISTRATION, "checkups.voucher", asked, member=five)
    assert single.row_count == 1
    assert ask(CHECKUP_ADMINISTRATION, "checkups.voucher", asked | {"since": date(2099, 1, 1)})[0].state == "empty"
    assert voucher.voucher({"copayment": 5000})["copayment"] == "5,000円"


@pytest.mark.use(
    "health_checkup", "health_program_targeting", files=["checkups.cohort_addressees", "checkups.cohort_labels"]
)
def test_a_list_goes_out_as_addressees_and_labels_without_who_has_left(people, ask, doing, takahashi, owner, today):
    from members.enrollment.models import EligibilityPeriod, MailingAddress

    five, one, _guarded = people
    everybody = Selection(YEAR, today, ((Condition("systolic", "ge", "100", YEAR),),))
    made = doing(
        COHORT_TARGETING, cohorts.freeze, by=takahashi, on=today, selection=everybody, title="全員", programme="試し"
    )
    assert made.people == 2 and made.removed == {"protected": 1}
    with owner():
        MailingAddress.objects.create(
            member=five, postal_code="5300001", town="大阪府大阪市北区梅田", street="1-1", addressee="髙﨑 はる様方",
            reason="other", period=(date(2024, 4, 1), None),
        )  # fmt: skip
    output, body = ask(COHORT_TARGETING, "checkups.cohort_addressees", {"cohort": made.pk}, file_format="csv")
    text = body.decode("utf-8-sig")
    assert output.row_count == 2 and "5300001,大阪府大阪市北区梅田1-1,髙﨑 はる様方" in text and "172" not in text
    with owner():
        EligibilityPeriod.objects.filter(member=one).update(period=(date(2020, 4, 1), date(2026, 7, 1)))
    output, body = ask(COHORT_TARGETING, "checkups.cohort_labels", {"cohort": made.pk})
    text = "".join(lines_of(body))
    assert output.removed == {"not_of_recipient": 1} and "〒530-0001" in text and "フェルナンデス" not in text
