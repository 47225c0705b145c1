"""The health check, the error pages and what a field understood."""

from unittest import mock

import pytest
from django.db import OperationalError
from django.test import RequestFactory
from django.urls import reverse

from kumiai.ui import views

pytestmark = pytest.mark.django_db


def test_healthy_while_the_database_answers(client):
    answer = client.get("/healthz", secure=True)
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_not_healthy_when_the_database_does_not_answer():
    with mock.patch.object(views.connection, "cursor", side_effect=OperationalError("no")):
        answer = views.Health.as_view()(RequestFactory().get("/healthz"))
    assert answer.status_code == 503


def test_home_asks_who_is_there(client):
    answer = client.get(reverse("home"), secure=True)
    assert answer.status_code == 302
    assert reverse("accounts:login") in answer["Location"]


def test_what_a_field_understood_is_told_to_nobody_unknown(client):
    assert client.post(reverse("understood"), {"kind": "date", "text": "S54.9.27"}, secure=True).status_code == 302


@pytest.mark.parametrize(
    ("kind", "text", "told"),
    [
        ("date", "S54.9.27", "昭和54年9月27日（木）　1979-09-27"),
        ("date", "540927", "540927 は、昭和54年とも1954年とも読めます。"),
        ("date", " ", ""),
        ("kana", "ﾀｶｻｷ", "タカサキ として登録します"),
        ("kana", "高", "フリガナに「高」は使えません。"),
    ],
)
def test_what_a_field_understood(kind, text, told):
    request = RequestFactory().post("/understood/", {"kind": kind, "text": text})
    request.user = mock.Mock(is_authenticated=True)
    answer = views.Understand.as_view()(request).content.decode()
    assert answer.startswith(told) if told else answer == ""


@pytest.mark.parametrize("status", [400, 500])
def test_an_error_page_shows_the_number_to_tell(status):
    request = RequestFactory().get("/x?name=secret")
    request.reference = "A-20261123-0A1B2C3D"
    page = views.bad_request(request, ValueError()) if status == 400 else views.server_error(request)
    assert page.status_code == status
    assert "A-20261123-0A1B2C3D" in page.content.decode()
    assert "secret" not in page.content.decode()


def test_a_page_that_does_not_exist_says_so_calmly(client):
    answer = client.get("/nowhere/", secure=True)
    assert answer.status_code == 404
    assert "見つかりませんでした" in answer.content.decode()
