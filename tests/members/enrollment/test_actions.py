"""Changes of name and address behind the wall, their cancellation, and what the history says of them."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from members.enrollment import actions, queries
from members.enrollment.activities import MEMBER_ADMINISTRATION
from members.enrollment.models import Address, ChangeReport, Member, ProtectedAddress, ProtectedChange
from privacy.scope import WallRefused, scope
from tests.members.enrollment.people import make_member, protect

pytestmark = pytest.mark.django_db

REPORT = actions.Report(received_date=date(2026, 11, 20), effective_date=date(2026, 11, 1))
NEW_NAME = {"family_name": "渡邉", "given_name": "美咲", "family_kana": "ワタナベ", "given_kana": "ミサキ"}
NEW_ADDRESS = {"postal_code": "2110063", "town": "神奈川県川崎市中原区小杉町", "street": "1-2-3", "abroad": False}


@pytest.fixture
def clerk(personas):
    return personas["1001"]


@pytest.fixture
def member(owner, db):
    with owner():
        return make_member()


def change(user, action, **values):
    with scope(MEMBER_ADMINISTRATION, user, operation="change"):
        return action(by=user, **values)


def renamed(clerk, member, **values):
    values = {"version": 1, "names": NEW_NAME, "report": REPORT} | values
    return change(clerk, actions.change_name, member_id=member.pk, **values)


def moved(clerk, member, **values):
    values = {"version": 1, "address": NEW_ADDRESS, "report": REPORT} | values
    return change(clerk, actions.change_address, member_id=member.pk, **values)


def addresses(owner, member, model=Address):
    with owner():
        return [
            (a.town, a.period.lower, a.period.upper)
            for a in model.objects.filter(member=member, cancelled=False).order_by("period")
        ]


def test_a_changed_name_is_found_and_the_old_one_no_longer(clerk, member):
    renamed(clerk, member)
    with scope(MEMBER_ADMINISTRATION, clerk):
        new = queries.member_list(user_id=clerk.pk, on=date(2026, 11, 22), terms="渡辺")
        old = queries.member_list(user_id=clerk.pk, on=date(2026, 11, 22), terms="高崎")
    assert ([row.name for row in new.rows], old.total.number) == (["渡邉 美咲"], 0)


def test_receipts_are_numbered_by_the_month(clerk, member):
    first = renamed(clerk, member)
    second = moved(clerk, member, version=2)
    assert (first.receipt_number, second.receipt_number) == ("R8-11-0001", "R8-11-0002")


def test_the_history_says_old_new_who_why_and_by_which_document(clerk, member):
    report = renamed(clerk, member)
    with scope(MEMBER_ADMINISTRATION, clerk):
        latest = queries.changes_of(Member.objects.get(pk=member.pk))[0]
    assert [(c.label, c.old, c.new) for c in latest.changes] == [
        ("氏", "髙﨑", "渡邉"),
        ("氏（カナ）", "タカサキ", "ワタナベ"),
    ]
    assert (latest.user_id, latest.activity, latest.report.pk) == (clerk.pk, MEMBER_ADMINISTRATION.code, report.pk)


def test_the_second_of_two_clerks_is_shown_what_the_first_saved(clerk, member, personas):
    renamed(personas["1006"], member)
    with pytest.raises(actions.StaleVersion) as stale:
        renamed(clerk, member, names=NEW_NAME | {"given_name": "みさき"})
    assert (stale.value.current, stale.value.version) == (NEW_NAME, 2)
    assert stale.value.changed_by == personas["1006"].pk


def test_the_same_name_again_is_no_change(clerk, member):
    with pytest.raises(actions.UnableToChange, match="いまの氏名と同じです"):
        renamed(clerk, member, names=actions.names_of(member))


def test_a_cancelled_name_change_comes_back_and_stays_on_record(owner, clerk, member):
    report = renamed(clerk, member)
    change(clerk, actions.cancel_change, report_id=report.pk, version=2)
    with owner():
        now, kept = Member.objects.get(pk=member.pk), ChangeReport.objects.get()
        assert (now.name, now.version, kept.cancelled_by_id) == ("髙﨑 美咲", 3, clerk.pk)
        assert now.history.count() == 3
    with pytest.raises(actions.UnableToChange, match="取り消し済み"):
        change(clerk, actions.cancel_change, report_id=report.pk, version=3)


def test_only_the_latest_change_of_a_thing_is_cancelled(clerk, member):
    first = renamed(clerk, member)
    renamed(clerk, member, version=2, names=NEW_NAME | {"given_name": "みさき"}, correction=True)
    with pytest.raises(actions.UnableToChange, match="新しいものから"):
        change(clerk, actions.cancel_change, report_id=first.pk, version=3)


def test_a_move_ends_one_address_the_day_the_next_begins_and_cancelling_joins_them(owner, clerk, member):
    report = moved(clerk, member)
    assert addresses(owner, member) == [
        ("東京都港区芝公園", date(2016, 10, 1), date(2026, 11, 1)),
        (NEW_ADDRESS["town"], date(2026, 11, 1), None),
    ]
    change(clerk, actions.cancel_change, report_id=report.pk, version=2)
    assert addresses(owner, member) == [("東京都港区芝公園", date(2016, 10, 1), None)]


def test_a_move_before_the_present_address_began_is_refused_and_stores_nothing(owner, clerk, member):
    early = actions.Report(received_date=date(2026, 11, 20), effective_date=date(2016, 10, 1))
    with pytest.raises(actions.UnableToChange):
        moved(clerk, member, report=early)
    assert len(addresses(owner, member)) == 1


def test_a_corrected_address_keeps_its_days_and_cancelling_restores_it(owner, clerk, member):
    report = change(clerk, actions.correct_address, member_id=member.pk, version=1, address=NEW_ADDRESS, report=REPORT)
    assert addresses(owner, member) == [(NEW_ADDRESS["town"], date(2016, 10, 1), None)]
    change(clerk, actions.cancel_change, report_id=report.pk, version=2)
    assert addresses(owner, member) == [("東京都港区芝公園", date(2016, 10, 1), None)]


@pytest.mark.parametrize("action", [actions.change_address, actions.correct_address])
def test_a_protected_address_stands_in_no_open_table_and_can_be_cancelled(owner, clerk, action):
    with owner():
        member = make_member(protected=True)
        protect(member, clerk_id=clerk.pk)
    report = change(clerk, action, member_id=member.pk, version=1, address=NEW_ADDRESS, report=REPORT)
    with owner():
        stored = ChangeReport.objects.get(pk=report.pk)
        assert (stored.before, stored.after) == ({}, {})
        assert all((row.before, row.after) == ({}, {}) for row in ChangeReport.history.all())
        assert not Address.history.filter(member_id=member.pk).exists()
        assert ProtectedChange.objects.get(report=report).after["town"] == NEW_ADDRESS["town"]
    with scope(MEMBER_ADMINISTRATION, clerk):
        assert queries.report_of(report.pk).after["town"] == NEW_ADDRESS["town"]
        assert queries.changes_of(Member.objects.get(pk=member.pk))[0].report.after["town"] == NEW_ADDRESS["town"]
    change(clerk, actions.cancel_change, report_id=report.pk, version=2)
    assert addresses(owner, member, ProtectedAddress) == [("東京都港区芝公園", date(2016, 10, 1), None)]


def test_a_clerk_who_is_not_named_changes_nothing_of_a_protected_member(owner, clerk, personas):
    with owner():
        member = make_member(protected=True)
        protect(member, clerk_id=personas["1006"].pk)
    with pytest.raises(PermissionDenied):
        moved(clerk, member)
    with owner():
        assert Member.objects.get(pk=member.pk).version == 1
        assert not ChangeReport.objects.exists()


def test_a_change_outside_a_scope_meets_the_wall(clerk, member):
    with pytest.raises(Exception, match="permission denied"), transaction.atomic():
        actions.change_name(by=clerk, member_id=member.pk, version=1, names=NEW_NAME, report=REPORT)


def test_nothing_is_deleted_even_inside_the_scope(clerk, member):
    with pytest.raises(WallRefused), scope(MEMBER_ADMINISTRATION, clerk, operation="change"):
        Address.objects.filter(member=member)._raw_delete(using="default")
