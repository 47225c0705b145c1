"""Whatever stands in an address, a screen answers: 200, a redirect, or not found; never an error of the program."""

from itertools import cycle

import pytest
from django.urls import reverse

from tests.members.enrollment.people import make_member

pytestmark = pytest.mark.django_db

NASTY = [
    "",
    "\x00",
    "a\x00b",
    "9" * 5000,
    "-" + "9" * 5000,
    "-1",
    "0",
    "1e9",
    "999999999999999999",
    "9223372036854775808",
    "٣",
    "９",
    "²",
    "0001-01-01",
    "1868-01-24",
    "9999-12-31",
    "2101-01-01",
    "10000-01-01",
    "2026-02-30",
    "2026-W01-1",
    "昭和65年1月1日",
    "unknown",
    "-",
    "--kana",
    "';--",
    "\ud7ff\U0010ffff\u202e",
    "00000000-0000-0000-0000-000000000000",
    "x" * 100_000,
]
LIST_PARAMETERS = ["state", "employer", "kind", "on", "search", "sort", "page", "after", "before", "count"]
MEMBER_PARAMETERS = {
    "member-detail": ["done", "cancelled"],
    "member-history": ["page"],
    "member-access-log": ["page"],
}


@pytest.fixture
def member(owner, db):
    with owner():
        return make_member()


@pytest.mark.parametrize("name", LIST_PARAMETERS)
def test_the_list_answers_whatever_stands_in_its_address(sato, member, name):
    beside = cycle(({}, {"page": "2", "after": str(member.pk)}, {"employer": "1", "kind": "insured"}))
    for value, more in zip(NASTY, beside, strict=False):
        response = sato.get(reverse("enrollment:member-list"), more | {name: value})
        assert response.status_code == 200, (name, value[:40], more)


@pytest.mark.parametrize(
    ("screen", "name"), [(screen, name) for screen, names in MEMBER_PARAMETERS.items() for name in names]
)
def test_a_members_screens_answer_whatever_stands_in_their_address(sato, member, screen, name):
    for value in NASTY:
        response = sato.get(reverse(f"enrollment:{screen}", args=[member.pk]), {name: value})
        assert response.status_code == 200, (screen, name, value[:40])


@pytest.mark.parametrize("name", ["terms", "state", "employer", "kind", "on", "sort"])
def test_a_search_answers_whatever_was_typed(sato, member, name):
    for value in NASTY:
        response = sato.post(reverse("enrollment:member-search"), {name: value}, follow=True)
        assert response.status_code == 200, (name, value[:40])


def test_the_print_answers_whatever_was_chosen(sato, member):
    response = sato.post(reverse("enrollment:member-print"), {"member": NASTY})
    assert response.status_code == 200


@pytest.mark.parametrize("on", ["9999-12-31", "1867-12-31", "2026-13-01", "abc"])
def test_a_day_that_is_none_is_said_and_today_is_shown(sato, member, on):
    page = sato.get(reverse("enrollment:member-list"), {"on": on}).content.decode()
    assert "基準日を日付として読めませんでした" in page and "髙﨑 美咲" in page


def test_a_typed_day_that_is_none_is_said_and_not_silently_dropped(sato, member):
    response = sato.post(reverse("enrollment:member-search"), {"on": "昭和65年1月1日"}, follow=True)
    assert "基準日を日付として読めませんでした" in response.content.decode()
    assert "昭和65" not in response.redirect_chain[-1][0]
