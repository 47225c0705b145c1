"""The screens of 任意継続: the worklist, the application with its tests, one term, its end; right and wrong persons."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from members.lifecycle.actions import voluntary
from members.lifecycle.models import VoluntaryInstalment, VoluntaryTerm
from members.lifecycle.queries.voluntary import Facts
from tests.members.enrollment.people import protect

pytestmark = pytest.mark.django_db
LIST = "/members/lifecycle/voluntary/"


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def term_of(leaver, by_sato, today):
    """Plant a running term: lost so many days ago, the first premium due on a day."""

    def plant(days: int = 5, first_due: date | None = None, **fields):
        lost = today - timedelta(days=days)
        member = leaver(lost, **fields)
        return by_sato(
            voluntary.accept_application,
            member_id=member.pk,
            facts=Facts(received_date=lost),
            first_due=first_due or lost,
        )

    return plant


def form(today, **changes):
    return {"received_date": today.isoformat(), "first_due_date": (today + timedelta(days=9)).isoformat()} | changes


def apply_url(member):
    return reverse("lifecycle:voluntary-apply", args=[member.pk])


def url(name, *args):
    return reverse(f"lifecycle:voluntary-{name}", args=args)


# --- the worklist ---------------------------------------------------------------------------------------------------


def test_who_left_work_stands_with_the_deadline(sato, leaver, today):
    member = leaver(today - timedelta(days=5), names=("渡邊", "恵", "ワタナベ", "メグミ"))

    page = sato.get(LIST).content.decode()

    assert "渡邊 恵" in page
    assert apply_url(member) in page


def test_who_died_or_left_long_ago_is_not_waited_for(sato, leaver, today):
    leaver(today - timedelta(days=5), reason="death", names=("渡邊", "恵", "ワタナベ", "メグミ"))
    leaver(today - timedelta(days=90), names=("佐々木", "修", "ササキ", "オサム"))

    page = sato.get(LIST).content.decode()

    assert "渡邊" not in page
    assert "佐々木" not in page


def test_who_applied_leaves_the_list_and_stands_among_those_who_go_on(sato, term_of):
    term = term_of(names=("渡邊", "恵", "ワタナベ", "メグミ"))

    assert "渡邊 恵" not in sato.get(LIST).content.decode()
    page = sato.get(LIST, {"tab": "running"}).content.decode()
    assert "渡邊 恵" in page
    assert url("detail", term.pk) in page


def test_the_tabs_hold_who_belongs_to_them(sato, term_of, by_sato, today):
    unpaid = term_of(days=40, names=("未納", "一郎", "ミノウ", "イチロウ"))
    expiring = term_of(days=720, names=("満了", "二郎", "マンリョウ", "ジロウ"))
    leaving = term_of(names=("取下", "三郎", "トリサゲ", "サブロウ"))
    by_sato(voluntary.withdraw, term_id=leaving.pk, version=1, received_date=today, today=today)

    def names(tab):
        page = sato.get(LIST, {"tab": tab}).content.decode()
        return {name for name in ("未納 一郎", "満了 二郎", "取下 三郎") if name in page}

    assert "未納 一郎" in names("unpaid")
    assert names("expiring") == {"満了 二郎"}
    assert names("ending") == {"取下 三郎"}
    assert unpaid.pk != expiring.pk


def test_an_unknown_tab_is_the_first(sato):
    assert sato.get(LIST, {"tab": "x", "page": "abc"}).status_code == 200


def test_a_number_goes_to_the_application_without_standing_in_an_address(sato, leaver, today):
    member = leaver(today - timedelta(days=90))

    answer = sato.post(url("find"), {"number": f"{member.symbol}-{member.number}"})

    assert (answer.status_code, answer.url) == (302, apply_url(member))


@pytest.mark.parametrize("typed", ["", "渡邊", "99-99999"])
def test_a_number_that_means_nobody_is_told(sato, typed):
    answer = sato.post(url("find"), {"number": typed})

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


@pytest.mark.parametrize("tab", ["leavers", "running"])
def test_a_list_of_three_takes_as_many_statements_as_one_of_one(sato, leaver, term_of, today, tab):
    plant = (lambda: leaver(today - timedelta(days=5))) if tab == "leavers" else term_of
    plant()
    sato.get(LIST, {"tab": tab})
    with CaptureQueriesContext(connection) as one:
        sato.get(LIST, {"tab": tab})
    plant()
    plant()
    with CaptureQueriesContext(connection) as three:
        sato.get(LIST, {"tab": tab})

    assert len(three) == len(one)


# --- the application ------------------------------------------------------------------------------------------------


def test_the_form_shows_each_test_with_figure_and_article(sato, leaver, today):
    page = sato.get(apply_url(leaver(today - timedelta(days=5)))).content.decode()

    for words in ("法3条4項", "法37条1項", "法38条4号", "6日目", "受理できます", "2年を経過する日"):
        assert words in page


def test_a_late_application_shows_what_fails_and_cannot_be_accepted(sato, leaver, today, owner):
    member = leaver(today - timedelta(days=60))

    assert "満たさない要件 1" in sato.get(apply_url(member)).content.decode()
    answer = sato.post(apply_url(member), form(today, step="accept"))

    assert answer.status_code == 422
    assert "満たしていない要件：申出の期限" in answer.content.decode()
    with owner():
        assert not VoluntaryTerm.objects.exists()


def test_checking_again_saves_nothing_and_keeps_every_word(sato, leaver, today, owner):
    member = leaver(today - timedelta(days=60))

    answer = sato.post(
        apply_url(member), form(today, step="check", just_cause="on", late_reason="地震のため", note="窓口")
    )
    page = answer.content.decode()

    assert answer.status_code == 200
    assert "受理できます" in page
    assert "地震のため" in page
    assert "窓口" in page
    with owner():
        assert not VoluntaryTerm.objects.exists()


def test_accepting_opens_the_term_with_a_way_back(sato, leaver, today):
    member = leaver(today - timedelta(days=5))

    answer = sato.post(apply_url(member), form(today, step="accept"), follow=True)

    page = answer.content.decode()
    assert "申出を受理し" in page
    assert "元に戻す" in page
    assert "継続中" in page


def test_refusing_keeps_the_decision(sato, leaver, today):
    member = leaver(today - timedelta(days=60))

    page = sato.post(apply_url(member), form(today, step="refuse"), follow=True).content.decode()

    assert "不受理" in page
    assert "満たさない" in page


@pytest.mark.parametrize(("field", "value", "sentence"), [
    ("received_date", "", "収受日を入力してください"),
    ("received_date", "2099-01-01", "収受日が今日より後です"),
    ("received_date", "540927", "読めます"),
    ("first_due_date", "", "初回の納付期日を入力してください"),
    ("just_cause", "on", "その理由を入力してください"),
])  # fmt: skip
def test_what_is_wrong_is_told_and_nothing_is_lost(sato, leaver, today, field, value, sentence):
    member = leaver(today - timedelta(days=5))

    answer = sato.post(apply_url(member), form(today, note="覚え書き", **{"step": "accept", field: value}))

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "覚え書き" in answer.content.decode()


def test_who_never_lost_anything_has_no_form_to_accept(sato, born):
    page = sato.get(apply_url(born(date(1980, 1, 1)))).content.decode()

    assert "もとになる喪失がありません" in page
    assert "受理する" not in page


# --- one term -------------------------------------------------------------------------------------------------------


def test_the_term_shows_its_months_and_its_working(sato, term_of):
    page = sato.get(url("detail", term_of().pk)).content.decode()

    assert "保険料の納付" in page
    assert "申出の判定" in page
    assert "法37条1項" in page


def test_paying_and_taking_it_back(sato, term_of, owner, today):
    term = term_of(first_due=today + timedelta(days=5))
    with owner():
        row = VoluntaryInstalment.objects.filter(term=term).earliest("month")

    sato.post(url("pay", term.pk), {"instalment": row.pk, "paid_date": today.isoformat()})
    with owner():
        row.refresh_from_db()
    assert row.paid_date == today

    sato.post(url("unpay", term.pk), {"instalment": row.pk})
    with owner():
        row.refresh_from_db()
    assert row.paid_date is None


def test_a_month_of_another_term_is_not_found_here(sato, term_of, owner, today):
    term, other = term_of(), term_of()
    with owner():
        row = VoluntaryInstalment.objects.filter(term=other).earliest("month")

    assert sato.post(url("pay", term.pk), {"instalment": row.pk, "paid_date": today.isoformat()}).status_code == 404
    assert sato.get(url("non-payment", 999999)).status_code == 404


def test_a_wrong_payment_is_told_on_the_page(sato, term_of, owner):
    term = term_of()
    with owner():
        row = VoluntaryInstalment.objects.filter(term=term).earliest("month")

    answer = sato.post(url("pay", term.pk), {"instalment": row.pk, "paid_date": "昭和65年1月1日"})

    assert answer.status_code == 422
    assert "昭和65年はありません" in answer.content.decode()


def test_withdrawing_shows_the_day_first_and_then_does_it(sato, term_of, today, owner):
    term = term_of()
    first = (today.replace(day=1) + timedelta(days=32)).replace(day=1)

    page = sato.get(url("withdraw", term.pk)).content.decode()
    assert "法38条7号" in page
    assert first.isoformat() in page

    typed = {"received_date": today.isoformat(), "version": term.version}
    assert sato.post(url("withdraw", term.pk), typed | {"step": "check"}).status_code == 200
    with owner():
        term.refresh_from_db()
    assert term.state == "running"
    assert sato.post(url("withdraw", term.pk), typed | {"step": "end"}).status_code == 302
    with owner():
        term.refresh_from_db()
    assert (term.state, term.end_date) == ("ending", first)


def test_non_payment_previews_the_day_of_loss(sato, term_of, owner, today):
    term = term_of(days=100)
    with owner():
        rows = list(VoluntaryInstalment.objects.filter(term=term).order_by("month"))
        rows[0].paid_date = rows[0].due_date
        rows[0].save()
    overdue = next(row for row in rows[1:] if row.due_date < today)

    page = sato.get(url("non-payment", overdue.pk)).content.decode()
    assert (overdue.due_date + timedelta(days=1)).isoformat() in page
    assert "法38条3号" in page

    sato.post(
        url("non-payment", overdue.pk),
        {"received_date": today.isoformat(), "version": term.version, "step": "end"},
    )
    with owner():
        term.refresh_from_db()
    assert term.end_date == overdue.due_date + timedelta(days=1)


def test_the_first_unpaid_premium_previews_that_it_never_was(sato, term_of, owner):
    term = term_of(days=100)
    with owner():
        row = VoluntaryInstalment.objects.filter(term=term).earliest("month")

    page = sato.get(url("non-payment", row.pk)).content.decode()

    assert "不成立として登録" in page
    assert "法37条2項" in page


def test_a_fact_is_checked_and_then_ends_it(sato, term_of, today, owner):
    term = term_of(days=30)
    typed = {
        "received_date": today.isoformat(), "fact_date": (today - timedelta(days=3)).isoformat(), "kind": "insured",
        "version": term.version,
    }  # fmt: skip

    assert "法38条4号" in sato.post(url("end", term.pk), typed | {"step": "check"}).content.decode()
    assert sato.post(url("end", term.pk), typed | {"step": "end"}).status_code == 302

    with owner():
        term.refresh_from_db()
    assert (term.end_kind, term.end_date) == ("insured", today - timedelta(days=3))


def test_an_end_is_undone_by_one_button(sato, term_of, today, owner):
    term = term_of()
    typed = {"received_date": today.isoformat(), "version": term.version, "step": "end"}
    sato.post(url("withdraw", term.pk), typed)

    sato.post(url("undo-end", term.pk), {"version": term.version + 1})

    with owner():
        term.refresh_from_db()
    assert (term.state, term.end_date) == ("running", None)


def test_an_old_page_is_told_so(sato, term_of, today):
    term = term_of()
    typed = {"received_date": today.isoformat(), "version": 99, "step": "end"}

    assert sato.post(url("withdraw", term.pk), typed).status_code == 409
    assert sato.post(url("undo", term.pk), {"version": 99}).status_code == 409


def test_the_members_page_can_show_what_is_to_come(sato, term_of, owner):
    from members.lifecycle.models import AgeEvent

    term = term_of()
    with owner():
        AgeEvent.objects.create(
            member_id=term.member_id, kind=40, reached_date=date(2020, 5, 6), event_date=date(2020, 5, 6),
            state="processed",
        )  # fmt: skip

    page = sato.get(reverse("lifecycle:member-marks", args=[term.member_id])).content.decode()

    assert page.index("40歳") < page.index("任意継続の満了")
    assert url("detail", term.pk) in page


def test_of_a_protected_member_nothing_is_to_come(sato, leaver, owner, today):
    member = leaver(today - timedelta(days=5), protected=True)
    with owner():
        protect(member)
        VoluntaryTerm.objects.create(
            member=member, lost_date=today, loss_reason="retirement", received_date=today, deadline_date=today,
            term_end_date=today, state="refused",
        )  # fmt: skip

    assert sato.get(reverse("lifecycle:member-marks", args=[member.pk])).content.decode().strip() == ""


# --- who may --------------------------------------------------------------------------------------------------------


def test_who_may_only_look_is_offered_no_form(suzuki, term_of, leaver, today):
    term, member = term_of(), leaver(today - timedelta(days=5))

    page = suzuki.get(url("detail", term.pk)).content.decode()
    assert "資格喪失の申出を入力" not in page
    assert suzuki.get(apply_url(member)).status_code == 403
    assert suzuki.post(apply_url(member), form(today, step="accept")).status_code == 403
    assert suzuki.post(url("undo", term.pk), {"version": 1}).status_code == 403


def test_nobody_without_a_grant_sees_a_term(ito, term_of):
    term = term_of(names=("渡邊", "恵", "ワタナベ", "メグミ"))

    answer = ito.get(url("detail", term.pk))

    assert answer.status_code == 403
    assert "渡邊" not in answer.content.decode()


def test_a_protected_person_is_for_named_clerks(sato, leaver, owner, today):
    member = leaver(today - timedelta(days=5), protected=True, names=("渡邊", "恵", "ワタナベ", "メグミ"))
    with owner():
        protect(member)

    for answer in (
        sato.get(LIST),
        sato.get(apply_url(member)),
        sato.post(apply_url(member), form(today, step="accept")),
    ):
        page = answer.content.decode()
        assert "渡邊" not in page
        assert "小林（内線 121）" in page
    with owner():
        assert not VoluntaryTerm.objects.exists()


def test_unknown_numbers_are_not_found(sato):
    assert sato.get(url("detail", 999999)).status_code == 404
    assert sato.get(url("apply", 999999)).status_code == 404
