"""受診勧奨: whom a campaign reaches and why not the others; two persons; built once; a booking of the last minute stops it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from health_programs.checkups import tasks
from health_programs.checkups.actions import bookings, targets
from health_programs.checkups.actions import campaigns as actions
from health_programs.checkups.activities import CHECKUP_ADMINISTRATION, CHECKUP_REMINDER
from health_programs.checkups.models import Campaign, Reminder, TargetExclusion
from health_programs.checkups.policies import UnableToMove
from health_programs.checkups.queries import campaigns as queries
from health_programs.checkups.rules import campaign_text
from kumiai.mailing import digests, engine
from kumiai.mailing import queries as mailing
from kumiai.mailing.models import Batch, Outgoing, Suppression
from members.enrollment.models import Address, ContactPoint, EligibilityPeriod, Member, Protection
from privacy.outputs.door import pass_people, pass_rows
from privacy.outputs.enums import FileFormat
from privacy.outputs.kinds import Order, kind_of
from privacy.outputs.models import OptOut
from privacy.outputs.queries import themselves
from privacy.scope import scope
from tests.health_programs.checkups.conftest import submission
from tests.kumiai.mailing.conftest import FakeTicker, post, sink  # noqa: F401  (fixtures)

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


# --- The words ----------------------------------------------------------------------------------------------------------


def test_places_are_known_or_named():
    assert campaign_text.problems("{氏名}様　{ 健診 }") == []
    [unknown] = campaign_text.problems("{名前}様")
    assert "{名前} は差し込めません" in unknown and "{氏名}" in unknown
    assert campaign_text.problems("{氏名様") == ["かっこ { } の片方がありません。"]


def test_what_is_filled_in_is_not_read_again():
    values = dict.fromkeys(campaign_text.PLACEHOLDERS, "") | {"氏名": "{健診} 太郎", "健診": "特定健診"}
    assert campaign_text.filled("{氏名}様 ｛健診｝", values) == "{健診} 太郎様 特定健診"


# --- Whom it reaches ----------------------------------------------------------------------------------------------------


@pytest.fixture
def due(a_member, doing, offered, mail_of):
    """Twelve people who are due; the first has a mail address, the second only a postal one."""
    people = [a_member(str(number), birth_date=date(1970, 5, 7)) for number in range(1, 13)]
    doing(CHECKUP_ADMINISTRATION, targets.count_some, fiscal_year=year(), after=0)
    mail_of(people[0], "p1@members.example")
    return people


def year() -> int:
    today = TODAY()
    return today.year - (today.month < 4)


def values_for(kind, **changes):
    return {
        "fiscal_year": year(), "kind": kind, "age_from": 40, "age_to": 74, "sex": "", "relation": "",
        "employer_id": None, "all_year_only": False, "rest_days": 30, "subject_line": "{年度}の{健診}のご案内",
        "body": "{氏名} 様\n\n受診は{期限}までです。\n\n{組合}　{連絡先}\n", "send_date": TODAY() + timedelta(days=3),
        "per_minute": 600,
    } | changes  # fmt: skip


@pytest.fixture
def draft(doing, takahashi, offered):
    def make(**changes):
        return doing(CHECKUP_REMINDER, actions.create, by=takahashi, values=values_for(offered[0], **changes))

    return make


@pytest.fixture
def looked(doing):
    """Member id → (channel, reason) of a campaign today."""

    def look(campaign, on=None):
        found = doing(CHECKUP_REMINDER, queries.look, campaign, on or TODAY(), operation="view")
        return {one.member_id: (str(one.channel), one.left) for one in found}

    return look


def test_everybody_of_the_condition_is_reached_or_has_one_reason(
    due, draft, looked, doing, takahashi, offered, owner, take
):
    kind, place = offered
    campaign = draft()
    by_mail, by_post, examined, booked, excluded, left, guarded, opted, nowhere, recent, bygone, _more = due
    day = TODAY() + timedelta(days=10)
    take(submission(examined, TODAY() - timedelta(days=5)))
    doing(
        CHECKUP_ADMINISTRATION, bookings.book, by=takahashi, member_id=booked.pk, kind=kind, institution=place,
        day=day, note="",
    )  # fmt: skip
    earlier = draft(send_date=TODAY() - timedelta(days=10))
    with owner():
        TargetExclusion.objects.create(member=excluded, fiscal_year=year(), reason="pregnant", entered_by_id=1)
        EligibilityPeriod.objects.filter(member=left).update(period=(date(2020, 4, 1), TODAY()))
        Member.objects.filter(pk=guarded.pk).update(protected=True)
        Protection.objects.create(
            member=guarded, kind="support_measures", ask="適用課", period=(date(2020, 1, 1), None)
        )
        OptOut.objects.create(member_id=opted.pk, use="health_checkup.checkup_reminder", since=TODAY(), source="paper")
        Address.objects.filter(member=nowhere).delete()
        Reminder.objects.create(campaign=earlier, member=recent, channel="letter")
        ContactPoint.objects.create(
            member=bygone, kind="email", value="old@members.example", period=(date(2019, 1, 1), date(2020, 1, 1))
        )
    found = looked(campaign)
    assert {pk: found[pk] for pk in (p.pk for p in due[:11])} == {
        by_mail.pk: ("mail", ""), by_post.pk: ("letter", ""), examined.pk: ("none", "examined"),
        booked.pk: ("none", "booked"), excluded.pk: ("none", "excluded"), left.pk: ("none", "not_covered"),
        guarded.pk: ("none", "protected"), opted.pk: ("none", "opted_out"), nowhere.pk: ("none", "no_address"),
        recent.pk: ("none", "recent"), bygone.pk: ("letter", ""),
    }  # fmt: skip
    counts = queries.counts_of(queries.Look(pk, *value) for pk, value in found.items())
    assert counts["population"] == len(due) == sum(n for key, n in counts.items() if key != "population")


def test_a_dead_address_gets_the_letter_and_who_wants_no_reminders_does_not(due, draft, looked):
    address = digests.address_digest("p1@members.example")
    unsubscribed = Suppression.objects.create(address_digest=address, kind="checkups.reminder", reason="unsubscribe")
    assert looked(draft())[due[0].pk] == ("mail", ""), "the outbox leaves it unsent"
    Suppression.objects.filter(pk=unsubscribed.pk).update(kind="", reason="bounce")
    assert looked(draft())[due[0].pk] == ("letter", "")


def test_the_condition_narrows(due, draft, looked, owner):
    with owner():
        Member.objects.filter(pk=due[0].pk).update(sex="1")
    assert list(looked(draft(sex="1"))) == [due[0].pk]
    assert looked(draft(age_from=20, age_to=30)) == {}
    assert looked(draft(relation="dependant")) == {}


def test_the_statements_do_not_grow_with_the_people(due, draft, looked, django_assert_max_num_queries):
    campaign = draft()
    with django_assert_max_num_queries(20):
        looked(campaign)


# --- Two persons --------------------------------------------------------------------------------------------------------


@pytest.fixture
def submitted(draft, doing, takahashi, due):
    def make(**changes):
        campaign = draft(**changes)
        return doing(
            CHECKUP_REMINDER, actions.submit, by=takahashi, campaign_id=campaign.pk, version=campaign.version,
            today=TODAY(), at=timezone.now(),
        )  # fmt: skip

    return make


@pytest.fixture
def approved(submitted, nakamura):
    def make(**changes):
        campaign = submitted(**changes)
        with scope(CHECKUP_REMINDER, nakamura, operation="decide"):
            return actions.approve(
                by=nakamura, campaign_id=campaign.pk, version=campaign.version, today=TODAY(), at=timezone.now()
            )

    return make


def test_nobody_approves_what_they_asked_for(submitted, takahashi, owner):
    campaign = submitted()
    with scope(CHECKUP_REMINDER, takahashi, operation="decide"), pytest.raises(UnableToMove, match="依頼した本人"):
        actions.approve(
            by=takahashi, campaign_id=campaign.pk, version=campaign.version, today=TODAY(), at=timezone.now()
        )
    with owner(), pytest.raises(IntegrityError), transaction.atomic():
        Campaign.objects.filter(pk=campaign.pk).update(approved_by_id=takahashi.pk)


def test_what_was_approved_cannot_be_changed_and_taken_back_it_is_approved_no_more(approved, doing, offered):
    campaign = approved()
    with pytest.raises(UnableToMove, match="承認済み"):
        doing(
            CHECKUP_REMINDER, actions.change, campaign_id=campaign.pk, version=campaign.version,
            values=values_for(offered[0], body="別の文"),
        )  # fmt: skip
    back = doing(CHECKUP_REMINDER, actions.take_back, campaign_id=campaign.pk, version=campaign.version)
    assert (back.state, back.approved_by_id, back.submitted_by_id) == ("draft", None, None)


def test_who_saw_an_older_version_approves_nothing(submitted, nakamura):
    campaign = submitted()
    with scope(CHECKUP_REMINDER, nakamura, operation="decide"), pytest.raises(UnableToMove, match="先に変更しました"):
        actions.approve(
            by=nakamura, campaign_id=campaign.pk, version=campaign.version - 1, today=TODAY(), at=timezone.now()
        )


def test_a_day_that_has_come_or_a_condition_that_reaches_nobody_is_not_asked_for(submitted):
    with pytest.raises(UnableToMove, match="明日より後"):
        submitted(send_date=TODAY())
    with pytest.raises(UnableToMove, match="送る人がいません"):
        submitted(age_from=20, age_to=30)


# --- The night and the outbox -------------------------------------------------------------------------------------------


@pytest.fixture
def built(approved, owner):
    """An approved campaign built in the night of its day, and the moment the outbox opens."""

    def make(**changes):
        campaign = approved(**changes)
        due_at = mailing.due_moment(campaign.send_date)
        tasks.build_due(due_at.date())
        tasks.build_due(due_at.date())  # the night runs twice
        with owner():
            campaign.refresh_from_db()
        return campaign, due_at + timedelta(minutes=5)

    return make


def send(at: datetime):
    return engine.send_due(clock=lambda: at, ticker=FakeTicker())


def test_built_twice_it_is_one_batch_and_each_person_stands_once(built, due, owner):
    campaign, _at = built()
    with owner():
        assert Batch.objects.count() == 1 and Outgoing.objects.count() == 1
        assert Reminder.objects.filter(campaign=campaign).count() == len(due)
        batch = Batch.objects.get()
    assert (campaign.state, campaign.batch_id, batch.released_by_id) == ("built", batch.pk, campaign.approved_by_id)
    assert timezone.localtime(batch.due_at).hour == 7


def test_before_its_day_nothing_is_built(approved, owner):
    campaign = approved()
    assert tasks.build_due(TODAY()) == 0
    with owner():
        assert not Reminder.objects.filter(campaign=campaign).exists()


@pytest.mark.use("health_checkup", "checkup_reminder", screens=["checkups:campaign-list"], jobs=["checkups.campaigns"])
def test_the_mail_arrives_in_the_persons_own_words(built, due, post, sink, owner):  # noqa: F811
    _campaign, at = built()
    send(at)
    assert sink.to == ["p1@members.example"]
    mail = sink.mail()
    assert "特定健康診査のご案内" in mail["Subject"] and "髙﨑 美咲 様" in mail.get_content()
    assert "{" not in mail.get_content()
    send(at)
    assert len(sink.accepted) == 1, "never twice"


def test_a_booking_between_night_and_morning_stops_the_mail(
    built, due, post, sink, doing, takahashi, offered, owner  # noqa: F811
):  # fmt: skip
    _campaign, at = built()
    kind, place = offered
    doing(
        CHECKUP_ADMINISTRATION, bookings.book, by=takahashi, member_id=due[0].pk, kind=kind, institution=place,
        day=TODAY() + timedelta(days=20), note="",
    )  # fmt: skip
    send(at)
    assert sink.accepted == []
    with owner():
        assert Outgoing.objects.get().reason == "not_wanted"


def test_the_letter_says_the_same_and_leaves_out_who_booked(built, due, doing, owner, takahashi, offered):
    campaign, _at = built()
    kind, place = offered
    doing(
        CHECKUP_ADMINISTRATION, bookings.book, by=takahashi, member_id=due[1].pk, kind=kind, institution=place,
        day=TODAY() + timedelta(days=20), note="",
    )  # fmt: skip

    def letters():
        kind = kind_of("checkups.reminder_letter")
        codes = tuple(column.code for column in kind.columns)
        asked = {"campaign": campaign.pk, "part": None}
        order = Order(kind.name, asked, themselves(None), codes, FileFormat.PDF, TODAY())
        passed = pass_people(kind, order).members
        return {row.member_id: row.values for row in pass_rows(kind, order, kind.build(order, passed), passed)[0]}

    rows = doing(CHECKUP_REMINDER, letters, operation="export")
    assert due[0].pk not in rows, "has a mail"
    assert due[1].pk not in rows and due[2].pk in rows
    assert rows[due[2].pk]["body"].startswith("髙﨑 美咲 様") and rows[due[2].pk]["address"] == "東京都港区芝公園4-2-8"


def test_later_attendance_is_counted_of_those_who_were_written_to(built, due, post, sink, doing, take, owner):  # noqa: F811
    campaign, at = built()
    send(at)
    with owner():
        Campaign.objects.filter(pk=campaign.pk).update(send_date=TODAY())
        campaign.refresh_from_db()
    take(submission(due[0], TODAY()), submission(due[1], TODAY()))
    found = doing(CHECKUP_REMINDER, queries.outcomes, campaign, operation="view")
    assert [(row.label, row.reached, row.came, row.rate) for row in found] == [
        ("メール", 1, 1, "100.0%"), ("郵送", 11, 1, "9.1%"), ("計", 12, 2, "16.7%"),
    ]  # fmt: skip


# --- Screens ------------------------------------------------------------------------------------------------------------


def test_from_the_draft_to_the_approval_on_the_screens(due, client_of, owner):
    takahashi, nakamura = client_of("高橋"), client_of("中村")
    new = reverse("checkups:campaign-new")
    with owner():
        kind = queries.campaigns().model._meta.get_field("kind").related_model.objects.get()
    typed = values_for(kind) | {
        "kind": kind.pk, "employer_id": "", "all_year_only": "", "send_date": (TODAY() + timedelta(days=3)).isoformat()
    }  # fmt: skip
    wrong = takahashi.post(new, typed | {"body": "{名前}様"})
    assert wrong.status_code == 422 and "差し込めません" in wrong.content.decode()
    made = takahashi.post(new, typed)
    assert made.status_code == 302
    page = takahashi.get(made["Location"]).content.decode()
    assert "髙﨑 美咲 様" in page and "12名への受診勧奨の承認を依頼" in page
    with owner():
        pk = Campaign.objects.get().pk
    takahashi.post(reverse("checkups:campaign-submit", args=[pk]), {"version": 1})
    own = takahashi.get(made["Location"]).content.decode()
    assert "この受診勧奨を承認" not in own and "ほかの職員に承認を頼んで" in own
    refused = nakamura.post(reverse("checkups:campaign-return", args=[pk]), {"version": 2, "note": ""})
    assert refused.status_code == 422
    nakamura.post(reverse("checkups:campaign-approve", args=[pk]), {"version": 2})
    with owner():
        assert Campaign.objects.get().state == "approved"
    nakamura.post(reverse("checkups:campaign-approve", args=[pk]), {"version": 2})
    with owner():
        assert Campaign.objects.get().version == 3, "a second click approves nothing more"


def test_a_mail_in_doubt_is_settled_by_a_button(built, client_of, owner, due, post, sink):  # noqa: F811
    campaign, at = built()
    sink.script["p1@members.example"] = ["drop:accepted"]  # taken over, but the line went dead before the answer
    send(at)
    with owner():
        mail = Outgoing.objects.get()
    assert mail.state == "in_doubt"
    client = client_of("高橋")
    assert mail.message_id in client.get(reverse("checkups:campaign-detail", args=[campaign.pk])).content.decode()
    address = reverse("checkups:campaign-settle", args=[campaign.pk, mail.pk])
    client.post(address, {"sent": "yes"})
    client.post(address, {"sent": "no"})  # a second click changes nothing
    with owner():
        mail.refresh_from_db()
    assert mail.state == "sent"


def test_another_section_opens_nothing(due, draft, client_of):
    campaign = draft()
    for name in ("佐藤", "鈴木", "伊藤"):
        client = client_of(name)
        assert client.get(reverse("checkups:campaign-list")).status_code == 403
        assert client.get(reverse("checkups:campaign-detail", args=[campaign.pk])).status_code == 403
        assert client.post(reverse("checkups:campaign-approve", args=[campaign.pk])).status_code == 403
