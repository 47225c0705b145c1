"""要医療者への受診勧奨 by campaign: whom it reaches, what its mail may not say, what stops it, what stands in the cases."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from health_programs.checkups import tasks
from health_programs.checkups.actions import campaigns as actions
from health_programs.checkups.actions import judging
from health_programs.checkups.activities import CHECKUP_REMINDER, TREATMENT_RECOMMENDATION
from health_programs.checkups.enums import CampaignAim
from health_programs.checkups.models import Campaign, FollowUp, Referral, Reminder
from health_programs.checkups.policies import UnableToMove
from health_programs.checkups.queries import campaigns as queries
from health_programs.checkups.queries import recommendations
from health_programs.checkups.rules import campaign_text
from kumiai.mailing import digests, engine
from kumiai.mailing import queries as mailing
from kumiai.mailing.models import Batch, Outgoing, Suppression
from members.enrollment.models import Address, EligibilityPeriod, Member, Protection
from privacy.outputs.door import pass_people, pass_rows
from privacy.outputs.enums import FileFormat
from privacy.outputs.kinds import Order, kind_of
from privacy.outputs.models import OptOut
from privacy.outputs.queries import themselves
from privacy.scope import scope
from privacy.wall import wall_as_declared
from tests.health_programs.checkups.conftest import submission
from tests.kumiai.mailing.conftest import FakeTicker, post, sink  # noqa: F401  (fixtures)

pytestmark = pytest.mark.django_db
YEAR = 2026
TODAY = timezone.localdate
AT_ONCE = {"systolic": "182"}
RECHECK = {"systolic": "120", "diastolic": "70", "ldl": "100", "tg_fasting": "90", "ggt": "130"}


# --- The words ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("血圧が気になります", "「血圧」は検査の項目"),
        ("ＨｂＡ１ｃをご確認ください", "「HbA1c」は検査の項目"),
        ("肝臓の病気のおそれ", "「病」は病気"),
        ("糖尿病かもしれません", "「病」は病気"),
        ("あなたは要医療です", "「要医療」は判定や治療"),
        ("１４５ ｍｍＨｇ でした", "「145 mmhg」は検査の値"),
        ("8.1%", "「8.1%」は検査の値"),
    ],
)  # fmt: skip
def test_neither_an_item_nor_an_illness_nor_a_judgement_nor_a_value_stands_in_the_mail(text, told):
    for subject in (False, True):
        assert any(told in one for one in campaign_text.revealing(text, subject=subject))


def test_the_subject_says_not_even_that_it_is_about_a_doctor():
    assert campaign_text.revealing("医療機関に早めにご相談ください", subject=False) == []
    [told] = campaign_text.revealing("健診のお知らせ", subject=True)
    assert "件名に「健診」は書けません" in told
    assert campaign_text.revealing("{組合}からのお知らせ", subject=True) == []


def test_a_word_of_latin_letters_is_not_found_within_another():
    assert campaign_text.revealing("last minute, default, https://example.jp/beast", subject=False) == []
    assert campaign_text.revealing("AST", subject=False)


def test_the_words_offered_to_begin_with_are_allowed_and_hold_no_place_for_a_name():
    assert campaign_text.revealing(campaign_text.RECOMMENDATION, subject=False) == []
    assert campaign_text.problems(campaign_text.RECOMMENDATION, campaign_text.SAME_FOR_ALL) == []
    [told] = campaign_text.problems("{氏名} 様", campaign_text.SAME_FOR_ALL)
    assert "{氏名} は差し込めません" in told and "{健診}" not in told


# --- Whom it reaches ----------------------------------------------------------------------------------------------------


def values_for(**changes):
    return {
        "fiscal_year": YEAR, "urgency": "recheck", "age_from": 40, "age_to": 74, "sex": "", "rest_days": 30,
        "subject_line": "{組合}からのお知らせ", "body": campaign_text.RECOMMENDATION, "send_date": TODAY() + timedelta(days=3),
        "per_minute": 600,
    } | changes  # fmt: skip


@pytest.fixture
def ill(a_member, take, doing, mail_of):
    """Twelve people over a threshold: the second and the fourth at once, the third for a recheck; two have mail."""
    people = [a_member(str(number), birth_date=date(1970, 5, 7), sex="1") for number in range(1, 13)]
    sheets = {1: AT_ONCE, 3: AT_ONCE, 2: RECHECK}
    take(*(submission(person, **sheets.get(place, {})) for place, person in enumerate(people)))
    doing(TREATMENT_RECOMMENDATION, judging.find_some, fiscal_year=YEAR, after=0)
    mail_of(people[0], "p1@members.example")
    mail_of(people[3], "p4@members.example")
    return people


@pytest.fixture
def draft(doing, takahashi):
    def make(**changes):
        return doing(
            TREATMENT_RECOMMENDATION, actions.create, by=takahashi, values=values_for(**changes),
            aim=CampaignAim.TREATMENT,
        )  # fmt: skip

    return make


@pytest.fixture
def looked(doing):
    """(member id, channel, reason) of everybody a campaign looks at today, in its order."""

    def look(campaign):
        found = doing(TREATMENT_RECOMMENDATION, queries.look, campaign, TODAY(), operation="view")
        return [(one.member_id, str(one.channel), one.left) for one in found]

    return look


@pytest.fixture
def answered(doing, takahashi, owner):
    """Somebody's case goes on: answered(member, "visited")."""

    def answer(member, what, day=None):
        with owner():
            case = Referral.objects.get(member=member)
        doing(
            TREATMENT_RECOMMENDATION, judging.follow_up, by=takahashi, referral_id=case.pk, member_id=member.pk, what=what,
            day=day or TODAY(), note="", due_date=None,
        )  # fmt: skip

    return answer


def test_the_urgent_come_first_and_the_condition_narrows(ill, draft, looked, owner):
    order = [pk for pk, _channel, _left in looked(draft())]
    assert order[:2] == [ill[1].pk, ill[3].pk] and order[-1] == ill[2].pk and len(order) == 12
    assert [one[0] for one in looked(draft(urgency="at_once"))] == order[:2]
    assert [one[0] for one in looked(draft(urgency="soon"))] == order[:-1]
    assert looked(draft(sex="2")) == [] and looked(draft(age_from=60)) == []
    assert looked(draft(fiscal_year=YEAR - 1)) == []


def test_everybody_is_reached_or_has_one_reason(ill, draft, looked, answered, owner):
    by_mail, by_post, visited, _at_once, treated, declined, closed, left, guarded, opted, nowhere, called = ill
    for member, what in (
        (visited, "visited"),
        (treated, "under_treatment"),
        (declined, "declined"),
        (closed, "closed"),
    ):
        answered(member, what)
    answered(called, "recommended", TODAY() - timedelta(days=3))
    with owner():
        EligibilityPeriod.objects.filter(member=left).update(period=(date(2020, 4, 1), TODAY()))
        Member.objects.filter(pk=guarded.pk).update(protected=True)
        Protection.objects.create(
            member=guarded, kind="support_measures", ask="適用課", period=(date(2020, 1, 1), None)
        )
        OptOut.objects.create(
            member_id=opted.pk, use="health_checkup.treatment_recommendation", since=TODAY(), source="paper"
        )
        OptOut.objects.create(
            member_id=by_mail.pk, use="health_checkup.checkup_reminder", since=TODAY(), source="paper"
        )
        Address.objects.filter(member=nowhere).delete()
    campaign = draft()
    found = {pk: (channel, reason) for pk, channel, reason in looked(campaign)}
    assert found == {
        by_mail.pk: ("mail", ""), by_post.pk: ("letter", ""), ill[3].pk: ("mail", ""), visited.pk: ("none", "visited"),
        treated.pk: ("none", "treated"), declined.pk: ("none", "declined"), closed.pk: ("none", "closed"),
        left.pk: ("none", "not_covered"), guarded.pk: ("none", "protected"), opted.pk: ("none", "opted_out"),
        nowhere.pk: ("none", "no_address"), called.pk: ("none", "recent"),
    }  # fmt: skip
    assert {pk: why for pk, _way, why in looked(draft(rest_days=0))}[called.pk] == ""


def test_a_dead_address_and_one_that_wants_no_mail_get_the_letter(ill, draft, looked):
    for address, kind, reason in (
        ("p1@members.example", "", "bounce"), ("p4@members.example", "checkups.recommendation", "unsubscribe"),
    ):  # fmt: skip
        stop = Suppression.objects.create(
            address_digest=digests.address_digest(address), kind=kind, reason=reason, since=timezone.now()
        )
        found = {pk: channel for pk, channel, _left in looked(draft())}
        one = ill[0] if address.startswith("p1@") else ill[3]
        assert found[one.pk] == "letter" and list(found.values()).count("mail") == 1
        Suppression.objects.filter(pk=stop.pk).update(until=timezone.now())
        assert {pk: channel for pk, channel, _left in looked(draft())}[one.pk] == "mail", "lifted, it is a mail again"


def test_only_the_works_of_the_campaigns_write_them():
    roles = wall_as_declared().tables.items()
    for table in ("checkups_campaign", "checkups_reminder"):
        writing = {role for role, tables in roles if "INSERT" in tables.get(table, set())}
        assert writing == {work.role_for("change") for work in (CHECKUP_REMINDER, TREATMENT_RECOMMENDATION)}


def test_the_statements_do_not_grow_with_the_people(ill, draft, looked):
    one, all_of_them = draft(urgency="at_once"), draft()
    counts = []
    for campaign in (one, all_of_them):
        with CaptureQueriesContext(connection) as caught:
            looked(campaign)
        counts.append(len(caught.captured_queries))
    assert counts[0] == counts[1]


def test_a_campaign_is_in_reach_of_its_own_work_only(ill, draft, doing):
    campaign = draft()
    assert doing(TREATMENT_RECOMMENDATION, lambda: list(queries.campaigns()), operation="view") == [campaign]
    assert doing(CHECKUP_REMINDER, lambda: list(queries.campaigns()), operation="view") == []
    with pytest.raises(Campaign.DoesNotExist):
        doing(CHECKUP_REMINDER, actions.cancel, campaign_id=campaign.pk, version=campaign.version)


def test_a_condition_belongs_to_its_aim(draft, owner):
    campaign = draft()
    for wrong in ({"urgency": ""}, {"aim": "reminder"}):
        with owner(), pytest.raises(IntegrityError), transaction.atomic():
            Campaign.objects.filter(pk=campaign.pk).update(**wrong)


def test_words_that_came_in_another_way_are_not_asked_for_either(ill, draft, doing, takahashi):
    for wrong in ({"body": "{氏名} 様"}, {"body": "血糖が高い"}, {"subject_line": "健診の結果"}):
        made = draft(**wrong)
        with pytest.raises(UnableToMove, match=r"差し込めません|メールに書けません|件名に"):
            doing(
                TREATMENT_RECOMMENDATION, actions.submit, by=takahashi, campaign_id=made.pk, version=made.version,
                today=TODAY(), at=timezone.now(),
            )  # fmt: skip


# --- The night and the outbox -------------------------------------------------------------------------------------------


@pytest.fixture
def approved(draft, doing, takahashi, nakamura):
    def make(**changes):
        made = draft(**changes)
        at = timezone.now()
        made = doing(
            TREATMENT_RECOMMENDATION, actions.submit, by=takahashi, campaign_id=made.pk, version=made.version,
            today=TODAY(), at=at,
        )  # fmt: skip
        with scope(TREATMENT_RECOMMENDATION, nakamura, operation="decide"):
            return actions.approve(by=nakamura, campaign_id=made.pk, version=made.version, today=TODAY(), at=at)

    return make


@pytest.fixture
def built(approved, owner):
    """An approved campaign built in the night of its day, and the moment the outbox opens."""

    def make(**changes):
        campaign = approved(**changes)
        due_at = mailing.due_moment(campaign.send_date)
        tasks.build_due(due_at.date(), [CampaignAim.REMINDER])  # the other aim's night leaves it alone
        tasks.build_due(due_at.date(), [CampaignAim.TREATMENT])
        tasks.build_due(due_at.date(), [CampaignAim.TREATMENT])
        with owner():
            campaign.refresh_from_db()
        return campaign, due_at + timedelta(minutes=5)

    return make


def send(at):
    return engine.send_due(clock=lambda: at, ticker=FakeTicker())


def test_nobody_approves_what_they_asked_for(draft, ill, doing, takahashi):
    made = draft()
    made = doing(
        TREATMENT_RECOMMENDATION, actions.submit, by=takahashi, campaign_id=made.pk, version=made.version, today=TODAY(),
        at=timezone.now(),
    )  # fmt: skip
    with (
        scope(TREATMENT_RECOMMENDATION, takahashi, operation="decide"),
        pytest.raises(UnableToMove, match="依頼した本人"),
    ):
        actions.approve(by=takahashi, campaign_id=made.pk, version=made.version, today=TODAY(), at=timezone.now())


def test_built_at_night_it_is_sent_at_seven_the_urgent_first(built, ill, post, sink, owner):  # noqa: F811
    campaign, at = built()
    with owner():
        batch = Batch.objects.get()
        assert (batch.kind, batch.activity_code) == ("checkups.recommendation", TREATMENT_RECOMMENDATION.code)
        assert timezone.localtime(batch.due_at).hour == 7 and batch.released_by_id == campaign.approved_by_id
        assert Reminder.objects.filter(campaign=campaign).count() == len(ill) and Outgoing.objects.count() == 2
    send(at - timedelta(minutes=6))
    assert sink.to == []
    send(at)
    send(at)
    assert sink.to == ["p4@members.example", "p1@members.example"], "the urgent first, and never twice"


@pytest.mark.use(
    "health_checkup", "treatment_recommendation", screens=["checkups:recommendation-list"],
    jobs=["checkups.recommendations", "checkups.recommended"],
)  # fmt: skip
def test_the_mail_says_nothing_of_anybody_and_can_be_stopped(built, ill, post, sink, settings):  # noqa: F811
    settings.ASSOCIATION = settings.ASSOCIATION | {"name": "架空連合健康保険組合", "contact": "03-0000-0000"}
    _campaign, at = built()
    send(at)
    for mail in map(sink.mail, range(2)):
        assert mail["Subject"] == "架空連合健康保険組合からのお知らせ"
        words = mail.get_content()
        assert "髙﨑" not in words and "182" not in words and "{" not in words and "03-0000-0000" in words
        assert campaign_text.revealing(words, subject=False) == []
        assert mail["List-Unsubscribe"] and mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize("what", ["visited", "under_treatment", "declined", "closed"])
def test_an_answer_between_night_and_morning_stops_the_mail(built, ill, post, sink, answered, owner, what):  # noqa: F811
    _campaign, at = built()
    answered(ill[0], what)
    send(at)
    assert sink.to == ["p4@members.example"]
    with owner():
        assert Outgoing.objects.get(recipient_id=ill[0].pk).reason == "not_wanted"


def test_what_was_sent_stands_in_the_case_once_and_an_answer_stays(built, ill, post, sink, answered, owner, nakamura):  # noqa: F811
    campaign, at = built()
    assert tasks.write_recommended(campaign.send_date) == 0, "nothing was sent yet"
    send(at)
    answered(ill[0], "visited")
    assert tasks.write_recommended(campaign.send_date) == 2
    assert tasks.write_recommended(campaign.send_date) == 0
    with owner():
        visited, waiting = (Referral.objects.get(member=ill[place]) for place in (0, 3))
        assert (visited.state, waiting.state) == ("visited", "recommended")
        assert waiting.due_date == TODAY() + timedelta(days=14)
        [note] = FollowUp.objects.filter(member=ill[3])
        assert note.entered_by_id == nakamura.pk and "メールを送った" in note.note and note.date == TODAY()


def test_a_mail_that_did_not_arrive_is_not_written_down_as_sent(built, ill, post, sink, owner, doing):  # noqa: F811
    campaign, at = built()
    sink.script["p4@members.example"] = ["rcpt:550 5.1.1 no such user"]
    send(at)
    with owner():
        assert Outgoing.objects.get(recipient_id=ill[3].pk).state == "rejected"
    assert tasks.write_recommended(campaign.send_date) == 1
    with owner():
        assert Referral.objects.get(member=ill[3]).state == "open"
    found = doing(TREATMENT_RECOMMENDATION, recommendations.sent_to, [ill[0].pk, ill[3].pk], YEAR, operation="view")
    assert [(one.word, one.failed) for one in found[ill[3].pk]] == [("不達", True)]
    assert [(str(one.channel), one.day, one.failed) for one in found[ill[0].pk]] == [("mail", TODAY(), False)]


def test_the_letters_are_of_those_without_mail_the_urgent_first_and_not_of_who_answered(built, ill, doing, answered):
    campaign, _at = built()
    answered(ill[5], "declined")

    def letters():
        kind = kind_of("checkups.referral_letter")
        codes = tuple(column.code for column in kind.columns)
        asked = {"year": YEAR, "urgency": "all", "campaign": campaign.pk, "part": None}
        order = Order(kind.name, asked, themselves(None), codes, FileFormat.PDF, TODAY())
        passed = pass_people(kind, order).members
        return [(row.member_id, row.values) for row in pass_rows(kind, order, kind.build(order, passed), passed)[0]]

    rows = doing(TREATMENT_RECOMMENDATION, letters, operation="export")
    people = [pk for pk, _values in rows]
    assert people[0] == ill[1].pk and people[-1] == ill[2].pk, "the urgent first"
    assert not {ill[0].pk, ill[3].pk, ill[5].pk} & set(people) and len(people) == 9
    assert "systolic" in rows[0][1]["findings"], "what a mail must not say stands in the letter"


def test_later_answers_are_counted_of_those_who_were_written_to(built, ill, post, sink, doing, answered, owner):  # noqa: F811
    campaign, at = built()
    send(at)
    with owner():
        Campaign.objects.filter(pk=campaign.pk).update(send_date=TODAY())
        campaign.refresh_from_db()
    answered(ill[0], "visited")
    answered(ill[1], "declined")
    found = doing(TREATMENT_RECOMMENDATION, queries.outcomes, campaign, operation="view")
    assert [(row.label, row.reached, row.replied, row.came, row.rate) for row in found] == [
        ("メール", 2, 1, 1, "50.0%"), ("郵送", 10, 1, 0, "0.0%"), ("計", 12, 2, 1, "8.3%"),
    ]  # fmt: skip


# --- Screens ------------------------------------------------------------------------------------------------------------


def at_desk(name: str, *args) -> str:
    return reverse(f"checkups:recommendation-{name}", args=args)


def test_from_the_draft_to_the_approval_on_the_screens(ill, client_of, owner):
    takahashi, nakamura = client_of("高橋"), client_of("中村")
    typed = values_for() | {"send_date": (TODAY() + timedelta(days=3)).isoformat()}
    wrong = takahashi.post(at_desk("new"), typed | {"body": "{氏名} 様", "subject_line": "血圧の結果"})
    page = wrong.content.decode()
    assert wrong.status_code == 422 and "{氏名} は差し込めません" in page and "「血圧」は検査の項目" in page
    assert "血圧の結果" in page, "nothing typed is lost"
    with owner():
        assert not Campaign.objects.exists()
    made = takahashi.post(at_desk("new"), typed)
    page = takahashi.get(made["Location"]).content.decode()
    assert "12名への受診勧奨の承認を依頼" in page and "メール　髙﨑 美咲 様　すぐに受診" in page
    with owner():
        pk = Campaign.objects.get().pk
    takahashi.post(at_desk("submit", pk), {"version": 1})
    assert "ほかの職員に承認を頼んで" in takahashi.get(made["Location"]).content.decode()
    assert takahashi.post(at_desk("approve", pk), {"version": 2}, follow=True).status_code == 200
    with owner():
        assert Campaign.objects.get().state == "submitted", "not by who asked"
    assert nakamura.post(at_desk("return", pk), {"version": 2, "note": ""}).status_code == 422
    nakamura.post(at_desk("approve", pk), {"version": 2})
    with owner():
        assert Campaign.objects.get().state == "approved"


def test_the_other_desk_does_not_find_it(ill, draft, client_of):
    campaign, clerk = draft(), client_of("高橋")
    assert clerk.get(at_desk("detail", campaign.pk)).status_code == 200
    assert clerk.get(reverse("checkups:campaign-detail", args=[campaign.pk])).status_code == 404
    assert at_desk("detail", campaign.pk) not in clerk.get(reverse("checkups:campaign-list")).content.decode()


def test_a_mail_in_doubt_is_settled_by_a_button_and_the_list_says_what_was_sent(
    built, client_of, ill, post, sink, owner  # noqa: F811
):  # fmt: skip
    campaign, at = built()
    sink.script["p1@members.example"] = ["drop:accepted"]
    send(at)
    with owner():
        mail = Outgoing.objects.get(state="in_doubt")
    clerk = client_of("高橋")
    assert mail.message_id in clerk.get(at_desk("detail", campaign.pk)).content.decode()
    assert mail.message_id in clerk.get(at_desk("mail-log")).content.decode()
    assert mail.message_id not in clerk.get(reverse("checkups:mail-log")).content.decode(), "of the other desk"
    waiting = clerk.get(reverse("checkups:referral-list") + f"?year={YEAR}").content.decode()
    assert "要確認" in waiting
    clerk.post(at_desk("settle", campaign.pk, mail.pk), {"sent": "yes"})
    tasks.write_recommended(campaign.send_date)
    told = clerk.get(reverse("checkups:referral-list") + f"?year={YEAR}&state=recommended").content.decode()
    assert told.count("送信済み") == 2
    assert f"第{campaign.batch_id}束" in clerk.get(at_desk("mail-list")).content.decode()
    assert f"第{campaign.batch_id}束" not in clerk.get(reverse("checkups:mail-list")).content.decode()


def test_another_section_opens_nothing(ill, draft, client_of):
    campaign = draft()
    for name in ("佐藤", "鈴木", "伊藤"):
        client = client_of(name)
        for where in ("list", "new", "mail-list", "mail-bounces", "mail-suppressions", "mail-log"):
            assert client.get(at_desk(where)).status_code == 403
        assert client.get(at_desk("detail", campaign.pk)).status_code == 403
        assert client.post(at_desk("approve", campaign.pk)).status_code == 403
