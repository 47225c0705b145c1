"""The matrix of grants and its administration: for the administrator, refused to everyone else."""

from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from kumiai.accounts.models import SecondFactor
from kumiai.reference.models import ParameterItem
from kumiai.reference.queries import parameter
from privacy.activities import registry
from privacy.notice.models import (
    NoticeVersion,
    Publication,
    PublishedUse,
    PublishedUseGroupPermission,
    StatutoryCase,
)
from privacy.notice.queries import grant_matrix
from tests.kumiai.accounts.signing_in import sign_in

pytestmark = pytest.mark.django_db

MEMBERS = "eligibility_address.member_administration"
ADD = "/admin/notice/publishedusegrouppermission/add/"
LIST = "/admin/notice/publishedusegrouppermission/"


@pytest.fixture
def logged_in(client, person, owner):
    """Log somebody of a section in, with both factors."""

    def make(section: str, **fields):
        user = person(section, **fields)
        with owner():
            factor = SecondFactor(user=user, confirmed=True, confirmed_at=timezone.now())
            factor.secret = b"12345678901234567890"
            factor.save()
        sign_in(client, user)
        return user

    return make


@pytest.fixture
def administrator(logged_in):
    return logged_in("個人情報保護管理者", is_staff=True)


@pytest.fixture
def new_section(owner, db):
    with owner():
        return Group.objects.create(name="試験課")


def use(which: str) -> PublishedUse:
    return PublishedUse.objects.get(key=which)


@pytest.mark.use("employee", "employment_administration", screens=["notice:grant-matrix"])
def test_access_is_administered_by_the_granted_and_by_nobody_else(client, logged_in):
    logged_in("個人情報保護管理者", is_staff=True)
    assert client.get(reverse("notice:grant-matrix")).status_code == 200
    logged_in("総務課")
    assert client.get(reverse("notice:grant-matrix")).status_code == 403


def test_administrator_sees_every_use_and_section(client, administrator):
    response = client.get(reverse("notice:grant-matrix"))
    html = response.content.decode()
    assert response.status_code == 200
    assert html.count('<span class="use-number">') == 78
    for section in ("適用課", "給付課", "保健事業課", "総務課", "個人情報保護管理者"):
        assert section in html


@pytest.mark.parametrize("section", ["適用課", "給付課", "保健事業課", "総務課"])
@pytest.mark.parametrize("path", ["/notice/grants/", LIST, ADD])
def test_others_are_refused(client, logged_in, section, path):
    logged_in(section, is_staff=True)
    assert client.get(path).status_code == 403


def test_matrix_says_where_no_second_person_can_decide(person, owner):
    person("適用課")
    with owner():
        matrix = grant_matrix(on=timezone.localdate())
        line = matrix.rows[0].lines[0]
        assert (line.line.number, line.deciders) == ("1-1", 1)
        person("適用課")
        again = grant_matrix(on=timezone.localdate())
    assert again.rows[0].lines[0].deciders == 2
    alone = [line for row in matrix.rows for line in row.lines if line.deciders == 1]
    assert again.second_count == matrix.second_count - len(alone)


def test_matrix_narrows_to_uses_nobody_holds(demo_grants):
    matrix = grant_matrix(on=timezone.localdate(), only="nobody")
    numbers = [line.line.number for row in matrix.rows for line in row.lines]
    assert numbers == ["24-1", "24-2", "24-3", "25-2", "25-3"]
    assert matrix.nobody_count == 5
    assert matrix.use_count == 78


def test_matrix_takes_the_same_statements_whatever_its_size(owner, demo_grants, django_assert_num_queries):
    with django_assert_num_queries(5):
        grant_matrix(on=timezone.localdate())
    with owner():
        Group.objects.bulk_create([Group(name=f"課{number}") for number in range(3)])
    with django_assert_num_queries(5):
        grant_matrix(on=timezone.localdate())


def test_administrator_gives_several_operations_with_a_basis(client, administrator, new_section):
    response = client.post(
        ADD,
        {
            "content_object": use(MEMBERS).pk,
            "group": new_section.pk,
            "operations": ["view", "change"],
            "basis": "試験課の分掌",
        },
    )
    assert response.status_code == 302, response.content.decode()
    given = PublishedUseGroupPermission.objects.filter(group=new_section)
    assert {(held.permission.codename, held.basis, held.granted_by_id) for held in given} == {
        ("view", "試験課の分掌", administrator.pk),
        ("change", "試験課の分掌", administrator.pk),
    }


def test_administrator_cannot_give_to_their_own_group(client, administrator):
    before = PublishedUseGroupPermission.objects.count()
    response = client.post(
        ADD,
        {
            "content_object": use(MEMBERS).pk,
            "group": administrator.section_id,
            "operations": ["view"],
            "basis": "分掌",
        },
    )
    assert "自分の属する課の権限は、ほかの管理者が扱います。" in response.content.decode()
    assert PublishedUseGroupPermission.objects.count() == before


def test_administrator_must_say_why(client, administrator, new_section):
    response = client.post(
        ADD, {"content_object": use(MEMBERS).pk, "group": new_section.pk, "operations": ["view"], "basis": ""}
    )
    assert "errornote" in response.content.decode()
    assert not PublishedUseGroupPermission.objects.filter(group=new_section).exists()


def test_grant_held_already_is_said_so(client, administrator):
    group = Group.objects.get(name="給付課")
    response = client.post(
        ADD, {"content_object": use(MEMBERS).pk, "group": group.pk, "operations": ["view"], "basis": "分掌"}
    )
    assert "すでに持っています" in response.content.decode()


def test_administrator_takes_a_grant_away(client, administrator):
    held = PublishedUseGroupPermission.objects.get(
        group__name="給付課", content_object__key=MEMBERS, permission__codename="view"
    )
    response = client.post(f"{LIST}{held.pk}/delete/", {"post": "yes"})
    assert response.status_code == 302
    assert not PublishedUseGroupPermission.objects.filter(pk=held.pk).exists()


def test_administrator_cannot_take_from_their_own_group(client, administrator):
    held = PublishedUseGroupPermission.objects.filter(group=administrator.section).first()
    response = client.post(f"{LIST}{held.pk}/delete/", {"post": "yes"})
    assert response.status_code == 403
    assert PublishedUseGroupPermission.objects.filter(pk=held.pk).exists()


@pytest.mark.parametrize(
    "model",
    [
        "publishedusegrouppermission",
        "publisheduse",
        "noticeversion",
        "statutorycase",
        "historicalpublishedusegrouppermission",
    ],
)
def test_administration_lists_open(client, administrator, model):
    assert client.get(f"/admin/notice/{model}/").status_code == 200


def test_notice_is_not_edited_in_administration(client, administrator):
    version = NoticeVersion.objects.get()
    before = Publication.objects.count()
    assert client.get(f"/admin/notice/noticeversion/{version.pk}/change/").status_code == 200
    assert client.post(f"/admin/notice/noticeversion/{version.pk}/change/", {"number": 5}).status_code == 403
    assert client.get("/admin/notice/noticeversion/add/").status_code == 403
    assert NoticeVersion.objects.get().number == 1
    assert Publication.objects.count() == before


@pytest.mark.parametrize("model", ["parameter", "parameteritem", "remunerationgrade", "holiday"])
def test_figures_of_the_law_open_in_administration(client, administrator, model):
    assert client.get(f"/admin/reference/{model}/").status_code == 200


@pytest.mark.parametrize("query", ["operation=decide", "group__id__exact=1", "q=加入者"])
def test_grants_are_narrowed(client, administrator, query):
    assert client.get(f"{LIST}?{query}").status_code == 200


def test_grants_narrowed_to_decisions_show_only_those(client, administrator):
    html = client.get(f"{LIST}?operation=decide").content.decode()
    assert '<td class="field-operation">決定・承認する</td>' in html
    assert '<td class="field-operation">見る</td>' not in html


def test_change_of_a_grant_is_listed_with_its_administrator(client, administrator, new_section):
    client.post(
        ADD, {"content_object": use(MEMBERS).pk, "group": new_section.pk, "operations": ["view"], "basis": "分掌"}
    )
    html = client.get("/admin/notice/historicalpublishedusegrouppermission/?change=%2B").content.decode()
    assert "試験課" in html
    assert "与えた" in html
    assert administrator.name in html


def test_administrator_adds_a_figure_of_the_law(client, administrator):
    item = ParameterItem.objects.get(code="child_support_levy_rate.national")
    response = client.post(
        "/admin/reference/parameter/add/",
        {
            "item": item.pk,
            "value": "0.0025",
            "effective_0": "2027-04-01",
            "effective_1": "2028-04-01",
            "basis": "子ども・子育て支援法",
            "status": "unconfirmed",
            "note": "",
        },
    )
    assert response.status_code == 302, response.content.decode()
    assert str(parameter("child_support_levy_rate.national", on=date(2027, 4, 1))) == "0.0025"


def test_overlapping_figure_is_refused_with_a_sentence(client, administrator):
    item = ParameterItem.objects.get(code="standard_bonus.cap")
    response = client.post(
        "/admin/reference/parameter/add/",
        {
            "item": item.pk,
            "value": "1",
            "effective_0": "2026-04-01",
            "effective_1": "",
            "basis": "試験",
            "status": "unconfirmed",
        },
    )
    assert "同じ項目の有効な期間が重なっています。" in response.content.decode()


def test_case_is_opened_by_one_and_approved_by_another(client, logged_in, person, owner):
    registered = [activity for activity in registry().values() if activity.statute]
    if not registered:
        pytest.skip("no statutory activity is declared")
    requester = logged_in("個人情報保護管理者", is_staff=True)
    actor = person("総務課")
    typed = {
        "activity": registered[0].code,
        "case_number": "C-1",
        "reason": "試験",
        "user": actor.pk,
        "valid_from_0": "2026-11-01",
        "valid_from_1": "09:00",
        "valid_until_0": "2026-12-01",
        "valid_until_1": "09:00",
    }
    about_nobody = client.post("/admin/notice/statutorycase/add/", typed)
    assert about_nobody.status_code == 200 and "だれについての案件か" in about_nobody.content.decode()
    response = client.post("/admin/notice/statutorycase/add/", typed | {"subject_id": "7"})
    assert response.status_code == 302, response.content.decode()
    case = StatutoryCase.objects.get(case_number="C-1")
    assert (case.requested_by_id, case.article) == (requester.pk, registered[0].statute.article)
    approve = {"action": "approve", "_selected_action": [case.pk]}
    client.post("/admin/notice/statutorycase/", approve)
    assert StatutoryCase.objects.get(pk=case.pk).approved_by_id is None
    second = logged_in("個人情報保護管理者", is_staff=True)
    client.post("/admin/notice/statutorycase/", approve)
    assert StatutoryCase.objects.get(pk=case.pk).approved_by_id == second.pk
