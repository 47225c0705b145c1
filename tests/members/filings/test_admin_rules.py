"""Which filings a second person approves is set on the administration pages, by those who manage the portal."""

import pytest

from members.filings.models import FilingRule

pytestmark = pytest.mark.django_db

ADD = "/admin/filings/filingrule/add/"
FORM = {"kind": "loss", "second_person": "on", "basis": "事務決裁規程 第7条"}


def test_an_administrator_sets_that_losses_are_approved(browser_of, owner):
    assert browser_of("1004").post(ADD, FORM).status_code == 302
    with owner():
        assert FilingRule.objects.get(kind="loss").second_person


def test_two_administrators_switch_an_approval_off(browser_of, owner):
    with owner():
        rule = FilingRule.objects.create(kind="loss", second_person=True, basis="事務決裁規程 第7条")
    change = f"/admin/filings/filingrule/{rule.pk}/change/"
    off = {"basis": "事務決裁規程の改正"}

    def stands() -> bool:
        with owner():
            return FilingRule.objects.get(pk=rule.pk).second_person

    for _time in range(2):
        answer = browser_of("1004").post(change, off, follow=True)
        assert stands() and "ほかの管理者が同じように登録すると外れます" in answer.content.decode()
    assert browser_of("1007").post(change, off).status_code == 302
    assert not stands()


@pytest.mark.parametrize("number", ["1001", "1005"])
def test_a_clerk_does_not(number, browser_of, owner):
    assert browser_of(number).post(ADD, FORM).status_code == 403
    with owner():
        assert not FilingRule.objects.exists()
