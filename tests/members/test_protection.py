"""保護: what moves behind the named clerks when somebody is protected, who hands them on, and what comes back."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from members.enrollment.models import (
    Address,
    ChangeReport,
    ContactPoint,
    Member,
    ProtectedAddress,
    ProtectedContact,
    Protection,
    ProtectionClerk,
)
from members.filings.models import Filing, ProtectedContents
from tests.members.enrollment.conftest import browser_of, personas, sato, suzuki  # noqa: F401  (fixtures)
from tests.members.enrollment.people import make_employer, make_member, since
from tests.members.filings.conftest import address_change

pytestmark = pytest.mark.django_db
TOWN = "神奈川県横浜市鶴見区豊岡町"


@pytest.fixture
def kobayashi(browser_of):  # noqa: F811
    return browser_of("1006")


@pytest.fixture
def member(owner, db):
    """An insured person with an address, a telephone number and a child who depends on them."""
    with owner():
        employer = make_employer("ひなた物流株式会社")
        made = make_member(employer=employer)
        make_member(insured=made, names=("髙﨑", "蓮", "タカサキ", "レン"), birth_date=date(2015, 4, 1), branch="01")
        ContactPoint.objects.create(member=made, kind="phone", value="090-1111-2222", period=since(date(2020, 1, 1)))
    made.employer = employer
    return made


def url(name: str, member) -> str:
    return reverse(f"enrollment:{name}", args=[member.pk])


def everything(client, member) -> str:
    """What the pages of the person show."""
    return "".join(client.get(url(name, member)).content.decode() for name in ("member-detail", "member-address"))


def protect(client, member, clerk, **more):
    typed = {
        "version": member.version,
        "kind": "support_measures",
        "ask": "適用課 佐藤（内線 120）",
        "clerks": [clerk],
        "effective_date": "R8.11.1",
        "received_date": "R8.11.20",
    }
    return client.post(url("member-protect", member), typed | more)


def fresh(owner, member):
    with owner():
        return Member.objects.get(pk=member.pk)


def test_from_then_on_only_the_named_clerk_sees_where_somebody_is(owner, sato, kobayashi, member, personas):  # noqa: F811
    today = timezone.localdate()
    typed = address_change(member.employer, member, today)
    assert sato.post(reverse("filings:filing-enter", args=["address_change"]), typed).status_code == 302
    assert TOWN in kobayashi.get(reverse("filings:filing-detail", args=[_filing(owner).pk])).content.decode()

    assert protect(sato, member, personas["1001"].pk).status_code == 302
    with owner():
        assert Member.objects.get(pk=member.pk).protected
        assert not Address.objects.filter(member=member, cancelled=False).exists()
        assert set(Address.objects.filter(member=member).values_list("town", "street")) == {("", "")}
        assert set(ContactPoint.objects.filter(member=member).values_list("value", flat=True)) == {""}
        assert ProtectedAddress.objects.get(member=member).town == "東京都港区芝公園"
        assert ProtectedContact.objects.get(member=member).value == "090-1111-2222"
        filing = Filing.objects.get()
        assert filing.contents == {} and TOWN in str(ProtectedContents.objects.get().contents)
        assert ChangeReport.objects.filter(member=member, kind="protected").count() == 1
    pages = (
        url("member-detail", member), url("member-address", member), url("member-history", member),
        reverse("filings:filing-detail", args=[filing.pk]), reverse("filings:filing-list"),
        reverse("filings:employer-unprocessed"),
    )  # fmt: skip
    for page in pages:
        shown = kobayashi.get(page).content.decode()
        for secret in ("芝公園", TOWN, "090-1111-2222", "ひなた物流株式会社" if "filings" not in page else TOWN):
            assert secret not in shown, (page, secret)
    assert "適用課 佐藤（内線 120）" in kobayashi.get(url("member-detail", member)).content.decode()
    own = everything(sato, member)
    assert "芝公園" in own and "090-1111-2222" in own
    assert TOWN in sato.get(reverse("filings:filing-detail", args=[filing.pk])).content.decode()


def _filing(owner):
    with owner():
        return Filing.objects.get()


def test_the_family_is_protected_with_the_person_when_asked(owner, sato, member, personas):  # noqa: F811
    protect(sato, member, personas["1001"].pk, with_family="on")
    with owner():
        assert Member.objects.filter(insured=member, protected=True).count() == 1
        assert ProtectionClerk.objects.count() == 2


def test_a_person_is_handed_on_and_nobody_names_themselves(owner, sato, kobayashi, suzuki, member, personas):  # noqa: F811
    protect(sato, member, personas["1001"].pk)
    page = kobayashi.get(url("member-protection-clerks", member)).content.decode()
    assert "適用課 佐藤（内線 120）" in page
    for secret in ("芝公園", "髙﨑", "090-1111-2222", "ひなた物流"):
        assert secret not in page
    assert suzuki.get(url("member-protection-clerks", member)).status_code == 403
    typed = {
        "version": fresh(owner, member).version,
        "ask": "適用課 小林（内線 121）",
        "clerks": [personas["1006"].pk],
        "effective_date": "R8.11.20",
        "received_date": "R8.11.20",
    }
    alone = kobayashi.post(url("member-protection-clerks", member), typed)
    assert alone.status_code == 422 and "自分を担当者にすることはできません" in alone.content.decode()
    assert "芝公園" not in kobayashi.get(url("member-detail", member)).content.decode()
    both = typed | {"clerks": [personas["1001"].pk]}
    assert kobayashi.post(url("member-protection-clerks", member), both).status_code == 302
    typed["version"] = fresh(owner, member).version
    assert sato.post(url("member-protection-clerks", member), typed).status_code == 302
    assert "芝公園" in kobayashi.get(url("member-detail", member)).content.decode()
    assert "芝公園" not in sato.get(url("member-detail", member)).content.decode()
    with owner():
        released = ProtectionClerk.with_released.get(user_id=personas["1001"].pk)
        assert released.released_date == date(2026, 11, 20)
    again = kobayashi.post(url("member-protection-clerks", member), typed)
    assert again.status_code == 422 and "ほかの職員が保存しました" in again.content.decode()


def test_what_was_moved_comes_back_when_the_protection_ends(owner, sato, kobayashi, member, personas):  # noqa: F811
    protect(sato, member, personas["1001"].pk)
    typed = {"version": fresh(owner, member).version, "effective_date": "R8.11.20", "received_date": "R8.11.20"}
    assert kobayashi.post(url("member-protection-end", member), typed).status_code in (200, 403)
    assert fresh(owner, member).protected
    early = sato.post(url("member-protection-end", member), typed | {"effective_date": "R8.10.1"})
    assert early.status_code == 422 and "始まった日より後" in early.content.decode()
    assert sato.post(url("member-protection-end", member), typed).status_code == 302
    shown = everything(kobayashi, member)
    assert "芝公園" in shown and "090-1111-2222" in shown
    with owner():
        assert not ProtectionClerk.objects.filter(member=member).exists()
        assert Protection.objects.get(member=member).period == since(date(2026, 11, 1), date(2026, 11, 20))
        assert ContactPoint.objects.filter(member=member).count() == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"clerks": []}, "担当者を1人以上"),
        ({"ask": ""}, "尋ねる先を入力してください"),
        ({"effective_date": "R9.4.1"}, "今日までの日付"),
        ({"clerks": ["999999"]}, "999999"),
    ],
)
def test_what_is_missing_is_said_and_nobody_is_protected(owner, sato, member, personas, change, sentence):  # noqa: F811
    answer = protect(sato, member, personas["1001"].pk, **change)
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert not fresh(owner, member).protected


def test_who_may_not_change_protects_nobody(owner, suzuki, member, personas):  # noqa: F811
    assert suzuki.get(url("member-protect", member)).status_code == 403
    assert protect(suzuki, member, personas["1002"].pk).status_code == 403
    assert not fresh(owner, member).protected
