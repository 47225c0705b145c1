"""The outbox and the wall: planned inside a scope, composed inside a scope, sent outside of any."""

from __future__ import annotations

from functools import partial

import pytest

from kumiai.mailing import actions, kinds
from kumiai.mailing.enums import BatchState
from kumiai.mailing.kinds import Message
from kumiai.mailing.smtp import Post
from members.enrollment.models import Member
from members.lifecycle.activities import LIFECYCLE
from privacy.notice.models import NoticeVersion
from privacy.scope import current_scope, scope
from tests.kumiai.mailing.conftest import KIND, states

pytestmark = pytest.mark.django_db


def compose(_reference, recipients):
    """Reads members, as a domain's composer does; forgotten, the scope is missed by the database."""
    found = Member.objects.filter(pk__in=recipients)
    return {
        member.pk: Message(f"m{member.pk}@members.example", "ご案内", f"{member.family_name}様") for member in found
    }


@pytest.fixture
def planned(campaign, clerk, opened, a_member):
    """A batch to two members, planned under the activity itself."""

    def make(**registered):
        kinds.register(KIND, "試しの案内", compose=compose, **registered)
        members = [a_member("1").pk, a_member("2").pk]
        with scope(LIFECYCLE, None, operation="change"):
            batch = actions.create_batch(
                kind=KIND, reference_id=1, planned_on=opened.date(), activity_code=LIFECYCLE.code
            )
            actions.add_recipients(batch=batch, recipient_ids=members)
            actions.release_batch(batch=batch, by=clerk)
        return batch, members

    return make


def test_members_are_read_in_the_scope_of_the_kind_and_logged_and_the_mail_goes_out_after_it(
    planned, run, sink, events, monkeypatch
):
    batch, members = planned(entered=partial(scope, LIFECYCLE, None, operation="change"))
    open_while_sending = []
    send = Post.send

    def noticed(post, letter):
        open_while_sending.append(current_scope())
        return send(post, letter)

    monkeypatch.setattr(Post, "send", noticed)

    run()

    assert states(batch) == {"sent": 2} and open_while_sending == [None, None]
    assert sorted(sink.to) == sorted(f"m{pk}@members.example" for pk in members)
    assert "髙﨑様" in sink.mail().get_content()
    logged = [event for event in events(activity=LIFECYCLE.code) if event.subjects]
    assert sorted(subject for event in logged for subject in event.subjects) == sorted(members)


def test_a_use_no_longer_published_sends_nothing(planned, run, sink, owner):
    batch, _members = planned(entered=partial(scope, LIFECYCLE, None, operation="change"))
    with owner():
        NoticeVersion.objects.update(published_date="2000-01-01", period=("2000-01-01", "2001-01-01"))

    run()

    batch.refresh_from_db()
    assert (batch.state, batch.error_code) == (BatchState.STOPPED, "refused")
    assert sink.to == [] and states(batch) == {"pending": 2}


def test_a_forgotten_scope_sends_nothing(planned, run, sink):
    batch, _members = planned()

    run()

    batch.refresh_from_db()
    assert (batch.state, batch.error_code) == (BatchState.STOPPED, "compose_error")
    assert sink.to == []
