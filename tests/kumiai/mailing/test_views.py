"""The page that ends a subscription, and the task by the clock."""

from __future__ import annotations

import pytest
from celery import current_app
from django.conf import settings
from django.test import Client
from django.urls import reverse

from kumiai.mailing import digests
from kumiai.mailing.models import Suppression
from tests.kumiai.mailing.conftest import mail_to, states

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(batch_of, run) -> str:
    """The page of a mail that went out."""
    batch_of([1])
    run()
    return reverse("mailing:unsubscribe", args=[digests.unsubscribe_token(mail_to(1).pk)])


def test_a_filter_that_follows_the_link_unsubscribes_nobody(page, client):
    answer = client.get(page)

    assert answer.status_code == 200 and "配信を停止する" in answer.content.decode()
    assert answer["Referrer-Policy"] == "no-referrer" and answer["Cache-Control"] == "no-store"
    assert not Suppression.objects.exists()


def test_one_click_of_a_mailbox_provider_is_enough(page, batch_of, run, campaign):
    provider = Client(enforce_csrf_checks=True)

    answer = provider.post(page, {"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200 and "停止しました" in answer.content.decode()
    assert not answer.cookies
    campaign.addresses = {2: campaign.address(1)}
    second = batch_of([2])
    run()
    assert states(second) == {"suppressed": 1}


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_forged_link_shows_nothing_and_does_nothing(page, client, method):
    answer = getattr(client, method)(page[:-1] + ("A" if page[-1] != "A" else "B"))

    assert answer.status_code == 404 and "リンクが正しくありません" in answer.content.decode()
    assert not Suppression.objects.exists()


def test_the_link_in_the_mail_is_the_page(batch_of, run, sink, settings, client):
    settings.MAIL_UNSUBSCRIBE_URL = "http://testserver" + reverse("mailing:unsubscribe", args=["TOKEN"]).replace(
        "TOKEN", "{token}"
    )
    batch_of([1])
    run()

    answer = client.post(sink.mail()["List-Unsubscribe"].strip("<>").removeprefix("http://testserver"))

    assert answer.status_code == 200 and Suppression.objects.count() == 1


def test_the_clock_sends_every_five_minutes():
    current_app.loader.import_default_modules()
    entry = settings.CELERY_BEAT_SCHEDULE["mailing.send_due"]

    assert entry["task"] in current_app.tasks
    assert entry["schedule"].minute == set(range(0, 60, 5)) and 7 in entry["schedule"].hour
