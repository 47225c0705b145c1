"""Personas with their grants, signed in, for the tests of the screens."""

import pytest
from django.test import Client

from tests.kumiai.accounts.signing_in import sign_in


@pytest.fixture
def personas(personas, db):
    """The same invented people by staff number. Names `db` itself: whoever asks for a database is told by direct names."""
    return {user.staff_number: user for user in personas.values()}


@pytest.fixture
def browser_of(owner, personas):
    """A client signed in as a persona, by staff number."""

    def open_browser(staff_number: str) -> Client:
        client = Client()
        with owner():
            sign_in(client, personas[staff_number])
        return client

    return open_browser


@pytest.fixture
def sato(browser_of):
    """佐藤 真由美 of 適用課: may see and change."""
    return browser_of("1001")


@pytest.fixture
def suzuki(browser_of):
    """鈴木 浩司 of 給付課: may see."""
    return browser_of("1002")


@pytest.fixture
def ito(browser_of):
    """伊藤 誠 of 総務課: holds nothing."""
    return browser_of("1005")
