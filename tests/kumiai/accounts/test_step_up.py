"""The second factor once more: asked for, accepted once, good for five minutes, never by logging in."""

import time

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse
from django.views import View

from kumiai.accounts import step_up
from kumiai.accounts.demo import demo_code

PAGE = reverse("accounts:step-up")


class Weighty(step_up.StepUp, View):
    def get(self, request):
        return HttpResponse("open")

    post = get


def request(method="get", at=None, **headers):
    made = getattr(RequestFactory(), method)("/outputs/3/", headers=headers)
    made.session = {} if at is None else {step_up._AT: at}
    return made


def test_a_weighty_view_opens_only_within_five_minutes_of_the_code():
    now = int(time.time())
    assert Weighty.as_view()(request(at=now)).content == b"open"
    for at in (None, now - step_up.SECONDS, now + 3600):
        response = Weighty.as_view()(request(at=at))
        assert response.status_code == 302 and response["Location"] == f"{PAGE}?next=%2Foutputs%2F3%2F"


def test_a_posted_form_and_a_fragment_are_sent_to_the_code_too():
    assert Weighty.as_view()(request("post")).status_code == 302
    response = Weighty.as_view()(request(**{"HX-Request": "true"}))
    assert response.status_code == 204 and response["HX-Redirect"].startswith(PAGE)


@pytest.mark.django_db
def test_the_right_code_opens_and_leads_back_and_works_once(client_of, settings):
    client = client_of("佐藤")
    code = demo_code("1001", at=time.time())
    response = client.post(PAGE, {"code": code, "next": "/outputs/3/"})
    assert response.status_code == 302 and response["Location"] == "/outputs/3/"
    assert time.time() - client.session[step_up._AT] < 60
    again = client.post(PAGE, {"code": code})
    assert again.status_code == 422 and "次のコードに変わるまで" in again.content.decode()


@pytest.mark.django_db
def test_a_wrong_code_opens_nothing_and_locks_after_five(client_of):
    client = client_of("佐藤")
    answers = [client.post(PAGE, {"code": "000000"}).status_code for _ in range(6)]
    assert answers[0] == 422 and answers[-1] == 429
    assert step_up._AT not in client.session


@pytest.mark.django_db
def test_it_never_leads_to_another_site(client_of):
    response = client_of("佐藤").post(PAGE, {"code": demo_code("1001", at=time.time()), "next": "https://example.org/"})
    assert response["Location"] == reverse("home")
