"""Employers on the administration pages: kept by those who manage the portal, by nobody else."""

import pytest

from members.enrollment.models import Employer

pytestmark = pytest.mark.django_db

ADD = "/admin/enrollment/employer/add/"
FORM = {"symbol": "77", "number": "00077", "name": "見本商会", "kana": "ミホンショウカイ", "postal_code": "",
        "address": "東京都千代田区架空町7", "period_0": "2026-04-01", "period_1": ""}  # fmt: skip


def test_an_administrator_adds_an_employer(browser_of, owner):
    answer = browser_of("1004").post(ADD, FORM)
    assert answer.status_code == 302
    with owner():
        assert Employer.objects.get(symbol="77").name == "見本商会"


@pytest.mark.parametrize("number", ["1001", "1005"])
def test_a_clerk_does_not(number, browser_of, owner):
    assert browser_of(number).post(ADD, FORM).status_code == 403
    with owner():
        assert not Employer.objects.filter(symbol="77").exists()
