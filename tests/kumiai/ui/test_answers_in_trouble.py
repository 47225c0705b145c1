"""What the portal answers when it cannot: no database, an unreadable request, an error nobody foresaw."""

from unittest import mock

import pytest
from django.db import OperationalError
from django.test import RequestFactory

from kumiai.ui import views


def test_not_healthy_when_the_database_does_not_answer():
    with mock.patch.object(views.connection, "cursor", side_effect=OperationalError("no")):
        answer = views.Health.as_view()(RequestFactory().get("/healthz"))
    assert answer.status_code == 503


@pytest.mark.parametrize("status", [400, 500])
def test_the_page_shows_the_number_to_tell_and_nothing_that_was_asked(status):
    request = RequestFactory().get("/x?name=secret")
    request.reference = "A-20261123-0A1B2C3D"
    page = views.bad_request(request, ValueError()) if status == 400 else views.server_error(request)
    text = page.content.decode()
    assert page.status_code == status
    assert "A-20261123-0A1B2C3D" in text
    assert "secret" not in text
