"""The screens of the hard cases, by the right persona and the wrong one."""

from datetime import date

import pytest
from django.urls import reverse

from members.enrollment.models import (
    Address,
    ConcurrentEmployment,
    ContactPoint,
    EligibilityPeriod,
    MailingAddress,
    Member,
)
from tests.members.enrollment.people import make_employer, make_member, protect

pytestmark = pytest.mark.django_db

RECEIVED = {"received_date": "R8.11.20", "note": "", "version": "1"}
SCREENS = [
    "member-story",
    "member-transfer",
    "member-day-correct",
    "member-same-person",
    "concurrent-add",
    "concurrent-change",
    "member-sex-change",
    "member-other-names",
    "address-abroad",
    "mailing-change",
]


@pytest.fixture
def member(owner, db):
    with owner():
        return make_member()


@pytest.fixture
def child(owner, member):
    with owner():
        return make_member(
            names=("髙﨑", "空", "タカサキ", "ソラ"), insured=member, branch="01", birth_date=date(2018, 1, 1)
        )


def url(name, member):
    return reverse(f"enrollment:{name}", args=[member.pk])


def now(owner, member):
    with owner():
        return Member.objects.get(pk=member.pk)


@pytest.mark.parametrize("name", SCREENS)
def test_every_screen_is_for_those_who_may_and_hides_protected_people(owner, sato, suzuki, ito, member, name):
    assert sato.get(url(name, member)).status_code == 200
    assert suzuki.get(url(name, member)).status_code == (200 if name == "member-story" else 403)
    assert ito.get(url(name, member)).status_code == 403
    with owner():
        hidden = make_member(names=("隠田", "守", "カクシダ", "マモル"), protected=True)
        protect(hidden)
    page = sato.get(url(name, hidden)).content.decode()
    assert "小林" in page and "隠田" not in page


def test_the_menu_of_the_member_leads_to_them(sato, member):
    page = sato.get(url("member-detail", member)).content.decode()
    for name in ("member-transfer", "member-day-correct", "mailing-change", "member-story"):
        assert url(name, member) in page


def test_a_changed_sex_is_said_on_the_members_page_and_can_be_taken_back(owner, sato, member):
    answer = sato.post(
        url("member-sex-change", member), RECEIVED | {"sex": "1", "effective_date": "R8.11.1"}, follow=True
    )
    assert "性別の変更 R8-11-0001 を登録しました" in answer.content.decode()
    assert now(owner, member).sex == "1"


def test_a_common_name_is_found_by_a_search(owner, sato, member):
    sato.post(
        url("member-other-names", member),
        RECEIVED | {"common_name": "山田 みさき", "alphabet_name": "MISAKI T", "effective_date": "R8.11.1"},
    )
    answer = sato.post(reverse("enrollment:member-search"), {"terms": "山田みさき", "state": "active"}, follow=True)
    assert "髙﨑 美咲" in answer.content.decode()


def test_an_address_abroad_keeps_its_lines(owner, sato, member):
    values = {"country": "US", "lines": "350 Sample Ave\r\nMadison, WI 53703", "effective_date": "R8.11.1"}
    assert sato.post(url("address-abroad", member), RECEIVED | values).status_code == 302
    with owner():
        row = Address.objects.get(member=member, period__upper_inf=True)
    assert (row.town, row.lines) == ("アメリカ合衆国", "350 Sample Ave\nMadison, WI 53703")
    assert "Madison" in sato.get(url("address-abroad", member)).content.decode()


def test_letters_go_elsewhere_and_back(owner, sato, member):
    values = {
        "reason": "hospital", "addressee": "", "postal_code": "211-0063", "town": "神奈川県川崎市中原区小杉町", "street": "1-2",
        "effective_date": "R8.11.1",
    }  # fmt: skip
    assert sato.post(url("mailing-change", member), RECEIVED | values).status_code == 302
    back = {"back": "on", "reason": "hospital", "effective_date": "R8.11.10", "version": "2"}
    assert sato.post(url("mailing-change", member), RECEIVED | back).status_code == 302
    with owner():
        row = MailingAddress.objects.get(member=member)
    assert (row.period.lower, row.period.upper) == (date(2026, 11, 1), date(2026, 11, 10))


def test_a_mail_address_is_registered_changed_and_ended_by_period(owner, sato, member):
    first = {"kind": "email", "value": "ａ@members.example", "effective_date": "R8.11.1"}
    assert sato.post(url("contact-change", member), RECEIVED | first).status_code == 302
    same = sato.post(url("contact-change", member), RECEIVED | first | {"version": "2"})
    assert same.status_code == 422 and "いまの登録と同じ" in same.content.decode()
    end = {"kind": "email", "value": "", "effective_date": "R8.11.10", "version": "2"}
    assert sato.post(url("contact-change", member), RECEIVED | end).status_code == 302
    with owner():
        [row] = ContactPoint.objects.filter(member=member)
    assert (row.value, row.period.lower, row.period.upper) == (
        "a@members.example",
        date(2026, 11, 1),
        date(2026, 11, 10),
    )


@pytest.mark.parametrize(
    ("kind", "value", "says"),
    [("email", "山田＠", "メールアドレスの形になっていません"), ("phone", "03-12", "電話番号は、数字とハイフンで")],
)
def test_what_is_no_address_is_said(sato, member, kind, value, says):
    answer = sato.post(
        url("contact-change", member), RECEIVED | {"kind": kind, "value": value, "effective_date": "R8.11.1"}
    )
    assert answer.status_code == 422 and says in answer.content.decode()


def test_a_missing_town_is_said_and_keeps_what_was_typed(sato, member):
    answer = sato.post(
        url("mailing-change", member), RECEIVED | {"reason": "other", "street": "1-2-3", "effective_date": "R8.11.1"}
    )
    assert answer.status_code == 422
    assert "町域を入力してください" in answer.content.decode() and "1-2-3" in answer.content.decode()


def test_a_change_of_works_is_shown_before_it_is_saved(owner, sato, member, child):
    with owner():
        other = make_employer("ひなた商事株式会社")
    values = RECEIVED | {
        "way": "transfer", "employer": other.pk, "numbering": "new", "effective_date": "R8.11.1",
    }  # fmt: skip
    shown = sato.post(url("member-transfer", member), values).content.decode()
    assert "まだ何も登録していません" in shown and "資格（ひなた商事株式会社）" in shown
    assert child.card_number in shown
    with owner():
        assert EligibilityPeriod.objects.filter(member=member).count() == 1
    assert sato.post(url("member-transfer", member), values | {"edit": "1"}).status_code == 200
    assert sato.post(url("member-transfer", member), values | {"confirmed": "1"}).status_code == 302
    with owner():
        assert EligibilityPeriod.objects.filter(member=member).count() == 2
    assert now(owner, child).symbol == other.symbol


def test_a_corrected_day_lists_the_family_and_the_documents(owner, sato, member, child):
    with owner():
        period = EligibilityPeriod.objects.get(member=member)
    values = RECEIVED | {"which": f"acquisition-{period.pk}", "effective_date": "H28.11.1"}
    shown = sato.post(url("member-day-correct", member), values).content.decode()
    assert "被扶養者（子（男））" in shown and "平成28年11月1日" in shown
    sato.post(url("member-day-correct", member), values | {"confirmed": "1"})
    with owner():
        assert child.dependant_periods.get().period.lower == date(2016, 11, 1)


def test_who_saved_meanwhile_is_told_and_nothing_is_saved(owner, sato, member):
    with owner():
        period = EligibilityPeriod.objects.get(member=member)
        Member.objects.filter(pk=member.pk).update(version=5)
    values = RECEIVED | {"which": f"acquisition-{period.pk}", "effective_date": "H28.11.1", "confirmed": "1"}
    answer = sato.post(url("member-day-correct", member), values)
    assert answer.status_code == 409 and "開いたあとに" in answer.content.decode()
    with owner():
        assert EligibilityPeriod.objects.get(member=member).period.lower == date(2016, 10, 1)


def test_two_employers_at_once_and_the_other_one_chosen(owner, sato, member):
    with owner():
        other = make_employer("ひなた商事株式会社")
    assert (
        sato.post(
            url("concurrent-add", member), RECEIVED | {"employer": other.pk, "effective_date": "R8.10.1"}
        ).status_code
        == 302
    )
    with owner():
        row = ConcurrentEmployment.objects.get(member=member)
    values = RECEIVED | {"version": "2", "concurrent": row.pk, "way": "choose", "effective_date": "R8.11.1"}
    assert "二以上勤務" in sato.post(url("concurrent-change", member), values).content.decode()
    assert sato.post(url("concurrent-change", member), values | {"confirmed": "1"}).status_code == 302
    with owner():
        held = EligibilityPeriod.objects.get(member=member, period__contains=date(2026, 11, 1))
    assert held.employer_id == other.pk
    assert "ひなた商事" in sato.get(url("member-story", member)).content.decode()


def test_a_duplicate_is_offered_and_merged(owner, sato, member):
    with owner():
        twin = make_member(start=date(2016, 10, 1))
    assert twin.card_number in sato.get(url("member-story", member)).content.decode()
    wrong = sato.post(url("member-same-person", member), RECEIVED | {"way": "merge", "number": "99-9"})
    assert wrong.status_code == 422 and "この番号の加入者はいません" in wrong.content.decode()
    values = RECEIVED | {"way": "merge", "number": twin.card_number}
    assert "（取り消し）" in sato.post(url("member-same-person", member), values).content.decode()
    assert sato.post(url("member-same-person", member), values | {"confirmed": "1"}).status_code == 302
    assert now(owner, twin).merged_into_id == member.pk
    assert "統合済み" in sato.get(url("member-story", member)).content.decode()


def test_a_loss_to_come_is_said_as_such(owner, sato, member):
    with owner():
        EligibilityPeriod.objects.filter(member=member).update(
            period=(date(2016, 10, 1), date(2099, 1, 1)), loss_reason="retirement"
        )
    assert "喪失予定" in sato.get(url("member-detail", member)).content.decode()
    assert "喪失予定" in sato.get(url("member-story", member)).content.decode()
