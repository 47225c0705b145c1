"""The screens of control: who holds what and why, duties kept apart, and the yearly confirmation."""

from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kumiai.ui.formats import fiscal_year
from privacy.notice.actions import UnableToGrant, UnableToReview, confirm_grants, grant
from privacy.notice.models import DutySeparation, GrantReview, PublishedUse, PublishedUseGroupPermission, SectionHead
from privacy.notice.policies import clashes_now, membership_problems
from privacy.notice.queries import grant_matrix

pytestmark = pytest.mark.django_db

MEMBERS = "eligibility_address.member_administration"
ACCESS = "employee.employment_administration"
TODAY = date(2026, 11, 23)


def use(key: str) -> PublishedUse:
    return PublishedUse.objects.get(key=key)


def held(section: str, key: str = MEMBERS, operation: str = "view") -> PublishedUseGroupPermission:
    return PublishedUseGroupPermission.objects.get(
        group__name=section, content_object__key=key, permission__codename=operation
    )


@pytest.fixture
def officer(client_of):
    return client_of("田中")


@pytest.fixture
def head(client_of):
    return client_of("小林")


# --- The matrix of people --------------------------------------------------------------------------------------


def test_the_matrix_shows_each_person_once_under_their_section(personas):
    matrix = grant_matrix(on=TODAY, by="people")
    assert matrix is not None
    people = [column.person.name for column in matrix.columns if column.person]
    assert sorted(people) == sorted(user.name for user in personas.values())
    first = matrix.rows[0].lines[0]
    cells = {
        column.person.name: cell.operations
        for column, cell in zip(matrix.columns, first.cells, strict=True)
        if column.person
    }
    assert cells["佐藤 真由美"] == {"view", "change", "export", "decide"}
    assert cells["鈴木 浩司"] == {"view"}
    assert cells["伊藤 誠"] == frozenset()


def test_what_nobody_exercised_for_90_days_is_found(personas, owner, officer, client_of, a_member):
    with owner():
        PublishedUseGroupPermission.objects.update(granted_at="2026-01-05T00:00+09:00")
    member = a_member()
    client_of("佐藤").get(reverse("enrollment:member-detail", args=[member.pk]))
    html = officer.get(reverse("notice:grant-matrix"), {"only": "unused"}).content.decode()
    assert "標準報酬月額の設定" in html
    assert ">加入者の管理<" not in html


def test_the_number_of_statements_does_not_grow_with_the_people(personas, owner):
    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            grant_matrix(on=TODAY, by="people")
        return len(caught)

    before = statements()
    with owner():
        person = personas["佐藤"]
        person.pk, person.staff_number = None, "9001"
        person.save()
        person.groups.set([Group.objects.get(name="適用課")])
    assert statements() == before


# --- One use, one person ---------------------------------------------------------------------------------------


def test_a_use_says_who_holds_it_since_when_and_why(officer):
    html = officer.get(reverse("notice:grant-use", args=[use(MEMBERS).pk])).content.decode()
    for word in ("適用課", "給付課", "佐藤 真由美", "適用課の分掌（デモ用）", "導入時", "加入者の管理", "取り上げる"):
        assert word in html


def test_a_grant_is_given_on_the_page_and_works_at_once(officer, client_of):
    clerk = client_of("高橋")
    assert clerk.get(reverse("enrollment:member-list")).status_code == 403
    group = Group.objects.get(name="保健事業課")
    answer = officer.post(
        reverse("notice:grant-use", args=[use(MEMBERS).pk]),
        {"group": group.pk, "operations": ["view"], "basis": "応援（令和8年11月の通知）"},
    )
    assert answer.status_code == 302
    assert clerk.get(reverse("enrollment:member-list")).status_code == 200
    row = held("保健事業課")
    assert row.basis == "応援（令和8年11月の通知）"
    officer.post(reverse("notice:grant-withdraw", args=[row.pk]))
    assert clerk.get(reverse("enrollment:member-list")).status_code == 403
    html = officer.get(reverse("notice:grant-use", args=[use(MEMBERS).pk])).content.decode()
    assert "見るを取り上げた" in html


def test_a_grant_without_a_basis_is_an_error_beside_the_field(officer):
    group = Group.objects.get(name="総務課")
    answer = officer.post(
        reverse("notice:grant-use", args=[use(MEMBERS).pk]), {"group": group.pk, "operations": ["view"]}
    )
    assert answer.status_code == 422
    assert "根拠" in answer.content.decode()
    assert not PublishedUseGroupPermission.objects.filter(group=group).exists()


def test_nobody_takes_from_their_own_section(officer):
    row = held("個人情報保護管理者", ACCESS)
    officer.post(reverse("notice:grant-withdraw", args=[row.pk]))
    assert PublishedUseGroupPermission.objects.filter(pk=row.pk).exists()


def test_withdrawing_twice_is_harmless(officer):
    row = held("給付課")
    for _time in range(2):
        assert officer.post(reverse("notice:grant-withdraw", args=[row.pk])).status_code == 302
    assert not PublishedUseGroupPermission.objects.filter(pk=row.pk).exists()


def test_a_person_says_what_they_may_and_when_they_last_did(officer, personas, client_of, a_member):
    member = a_member()
    url = reverse("notice:grant-person", args=[personas["佐藤"].pk])
    before = officer.get(url).content.decode()
    client_of("佐藤").get(reverse("enrollment:member-detail", args=[member.pk]))
    after = officer.get(url).content.decode()
    assert after.count("1年間なし") == before.count("1年間なし") - 1


@pytest.mark.parametrize("name", ["佐藤", "伊藤", "小林"])
@pytest.mark.parametrize("page", ["grant-use", "grant-person", "grant-withdraw"])
def test_control_is_for_the_officer_alone(name, page, client_of, personas):
    client = client_of(name)
    url = reverse(f"notice:{page}", args=[1])
    assert client.post(url).status_code == 403
    if page != "grant-withdraw":
        assert client.get(url).status_code == 403


# --- Duties kept apart -----------------------------------------------------------------------------------------


def test_a_grant_that_joins_duties_kept_apart_is_refused_with_name_and_reason(personas, owner):
    with owner(), pytest.raises(UnableToGrant, match="合わせて持つ.*自分の入力を許す"):
        grant(
            use=use(MEMBERS), group=Group.objects.get(name="個人情報保護管理者"), operations=["view", "change"],
            basis="応援", by=personas["佐藤"],
        )  # fmt: skip
    assert not PublishedUseGroupPermission.objects.filter(
        group__name="個人情報保護管理者", content_object__key=MEMBERS
    ).exists()


def test_looking_alone_is_not_kept_apart(personas, owner):
    with owner():
        made = grant(
            use=use(MEMBERS), group=Group.objects.get(name="個人情報保護管理者"), operations=["view"], basis="点検",
            by=None,
        )  # fmt: skip
    assert len(made) == 1


def test_joining_a_section_is_checked_like_a_grant(personas):
    groups = Group.objects.filter(name__in=["適用課", "個人情報保護管理者"])
    problems = membership_problems(personas["佐藤"], groups)
    assert len(problems) == 1
    assert "佐藤 真由美" in problems[0]
    assert membership_problems(personas["佐藤"], groups.filter(name="適用課")) == []


def test_the_page_of_a_person_in_the_admin_site_refuses_the_section(officer, personas):
    person = personas["佐藤"]
    groups = Group.objects.filter(name__in=["適用課", "個人情報保護管理者"])
    url = reverse("admin:accounts_user_change", args=[person.pk])
    answer = officer.post(
        url,
        {
            "staff_number": person.staff_number, "name": person.name, "kana": person.kana, "email": "",
            "section": person.section_id, "is_active": "on", "groups": [group.pk for group in groups],
        },
    )  # fmt: skip
    assert answer.status_code in (200, 422)
    assert "合わせて持つ" in answer.content.decode()
    assert [group.name for group in person.groups.all()] == ["適用課"]


def test_who_holds_both_all_the_same_is_shown(personas, owner, officer):
    assert clashes_now() == []
    with owner():
        personas["佐藤"].groups.add(Group.objects.get(name="個人情報保護管理者"))
    assert [clash.person.name for clash in clashes_now()] == ["佐藤 真由美"]
    assert "職務の分離" in officer.get(reverse("notice:grant-matrix")).content.decode()


def test_a_new_installation_begins_with_separations(db):
    assert DutySeparation.objects.count() == 3


# --- The yearly confirmation -----------------------------------------------------------------------------------


def answers(section: str, *, unneeded: set[tuple[str, str]] = frozenset()) -> dict[str, list[str]]:
    stood = [
        (row.content_object.key, row.permission.codename)
        for row in PublishedUseGroupPermission.objects.filter(group__name=section).select_related(
            "content_object", "permission"
        )
    ]
    words = [":".join(pair) for pair in stood]
    return {"stood": words, "needed": [":".join(pair) for pair in stood if pair not in unneeded]}


def test_the_head_confirms_once_and_what_is_unneeded_is_seen_by_the_officer(head, officer, personas):
    group = Group.objects.get(name="適用課")
    assert head.get(reverse("notice:review-section", args=[group.pk])).status_code == 200
    sent = answers("適用課", unneeded={(MEMBERS, "export")})
    assert (
        head.post(reverse("notice:review-confirm", args=[group.pk]), sent | {"note": "出力は使わない"}).status_code
        == 302
    )
    review = GrantReview.objects.get()
    assert review.unneeded == {(MEMBERS, "export")}
    assert (review.confirmed_by, review.group) == (personas["小林"], group)
    assert "不要とした権限が1件" in officer.get(reverse("notice:grant-matrix")).content.decode()
    again = head.post(reverse("notice:review-confirm", args=[group.pk]), sent)
    assert again.status_code == 422
    officer.post(reverse("notice:grant-withdraw", args=[held("適用課", operation="export").pk]))
    assert "不要とした権限" not in officer.get(reverse("notice:grant-matrix")).content.decode()


def test_a_head_does_not_see_other_sections(head):
    other = Group.objects.get(name="給付課")
    assert head.get(reverse("notice:review-section", args=[other.pk])).status_code == 404
    assert head.post(reverse("notice:review-confirm", args=[other.pk]), answers("給付課")).status_code == 404


def test_a_clerk_who_is_no_head_is_refused(client_of):
    assert client_of("佐藤").get(reverse("notice:review-list")).status_code == 403


def test_grants_that_changed_meanwhile_are_not_confirmed(personas, owner):
    group = Group.objects.get(name="適用課")
    with owner(), pytest.raises(UnableToReview, match="開いたあとに"):
        confirm_grants(group=group, year=2026, needed={(MEMBERS, "view"): True}, by=personas["小林"], on=TODAY)


def test_a_head_whose_term_has_ended_confirms_nothing(personas, owner):
    group = Group.objects.get(name="適用課")
    with owner():
        SectionHead.objects.filter(group=group).update(period=(date(2026, 4, 1), date(2026, 10, 1)))
        with pytest.raises(UnableToReview, match="所属長だけ"):
            confirm_grants(group=group, year=2026, needed={}, by=personas["小林"], on=TODAY)


@pytest.mark.parametrize(
    ("day", "year"), [(date(2026, 3, 31), 2025), (date(2026, 4, 1), 2026), (date(2027, 1, 1), 2026)]
)
def test_the_fiscal_year_begins_in_april(day, year):
    assert fiscal_year(day) == year
