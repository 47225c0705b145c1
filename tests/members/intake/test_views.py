"""The screens: who may, what they show, what they refuse."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kumiai.jobs import engine
from members.enrollment.models import Member
from members.intake.models import ColumnMap, ImportFile, StagedRow
from members.intake.rules.layouts import LAYOUTS
from tests.members.intake.conftest import csv_of

pytestmark = pytest.mark.django_db
GETS = ("", "new/", "{pk}/", "{pk}/columns/", "{pk}/errors.csv", "{pk}/lines/3/")


def upload(client, body: bytes, kind: str = "members", **more):
    file = SimpleUploadedFile("加入者.csv", body, content_type="text/csv")
    return client.post("/members/intake/new/", {"kind": kind, "received_date": "R8.11.20", "file": file, **more})


@pytest.fixture
def now(monkeypatch):
    """A day after the files arrived."""
    from datetime import date

    from django.utils import timezone

    monkeypatch.setattr(timezone, "localdate", lambda *_a, **_k: date(2026, 11, 24))


def latest(owner):
    with owner():
        return ImportFile.objects.order_by("-pk").first()


@pytest.mark.parametrize("name", ["伊藤", "高橋"])
@pytest.mark.parametrize("path", GETS)
def test_nobody_without_the_use_sees_a_screen(client_of, take_in, office, name, path):
    file = take_in("members", {"number": "1"}, {"number": "x"})
    answer = client_of(name).get("/members/intake/" + path.format(pk=file.pk))
    assert answer.status_code == 403 and "阿久津" not in answer.content.decode()


@pytest.mark.parametrize("path", ["new/", "{pk}/apply/", "{pk}/give-up/", "{pk}/columns/", "{pk}/lines/3/"])
def test_nobody_without_the_use_changes_anything(client_of, take_in, office, owner, path):
    file = take_in("members", {"number": "1"}, {"number": "x"})
    assert client_of("伊藤").post("/members/intake/" + path.format(pk=file.pk)).status_code == 403
    with owner():
        assert Member.objects.count() == 0 and ImportFile.objects.get().state == "checked"


def test_who_may_only_look_is_offered_nothing_and_changes_nothing(client_of, take_in, office, owner):
    file = take_in("members", {"number": "1"}, {"number": "x"})
    suzuki = client_of("鈴木")
    page = suzuki.get(f"/members/intake/{file.pk}/").content.decode()
    assert "阿久津" in page and "件を反映" not in page and "3行目を直す" not in page
    for path in ("new/", f"{file.pk}/columns/", f"{file.pk}/lines/3/"):
        assert suzuki.get(f"/members/intake/{path}").status_code == 403
    for path in ("new/", f"{file.pk}/apply/", f"{file.pk}/give-up/", f"{file.pk}/columns/", f"{file.pk}/lines/3/"):
        assert suzuki.post(f"/members/intake/{path}").status_code == 403
    with owner():
        assert Member.objects.count() == 0 and ImportFile.objects.get().state == "checked"


def test_a_file_goes_from_upload_to_the_register_by_the_screens(client_of, office, owner, now):
    sato = client_of("佐藤")
    answer = upload(
        sato, csv_of("members", {"number": "1"}, {"number": "2", "birth_date": "540927"}), employer=office.pk
    )
    file = latest(owner)
    assert answer.status_code == 302 and answer.url == f"/members/intake/{file.pk}/"
    assert "検査しています" in sato.get(answer.url).content.decode()
    engine.run(file.job_id)
    page = sato.get(answer.url).content.decode()
    assert "阿久津 薫" in page and "S540927" in page and "誤りのない1件を反映" in page
    assert sato.post(f"{answer.url}apply/").status_code == 302
    engine.run(latest(owner).job_id)
    done = sato.get(answer.url).content.decode()
    assert "一部反映" in done and "追加済み" in done and "12-1-00" in done


def test_the_same_file_is_recognised_and_taken_only_when_asked(client_of, office, owner, now):
    sato = client_of("佐藤")
    body = csv_of("members", {"number": "1"})
    upload(sato, body)
    second = upload(sato, body)
    assert second.status_code == 422 and "同じ内容のファイル" in second.content.decode()
    assert upload(sato, body, again="on").status_code == 302
    with owner():
        assert ImportFile.objects.count() == 2


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"kind": ""}, "種別を選んでください"),
        ({"received_date": "R8.11.25"}, "収受日が今日より後"),
        ({"received_date": "x"}, "日付"),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_is_kept(client_of, office, owner, now, data, words):
    answer = upload(client_of("佐藤"), csv_of("members", {"number": "1"}), **data)
    assert answer.status_code == 422 and words in answer.content.decode()
    with owner():
        assert ImportFile.objects.count() == 0


def test_an_employers_own_columns_are_mapped_saved_and_used_again(client_of, a_member, owner, now):
    a_member("3456")
    sato = client_of("佐藤")
    body = "社員一覧\t\t\t\n健保No\t社員名\tヨミ\t生まれ\t♂♀\t町\t番\n3456\t髙﨑 美咲\tﾀｶｻｷ ﾐｻｷ\tS55.5.7\t♀\t大阪府吹田市江坂町\t2-7-9\n"
    answer = upload(sato, body.encode("cp932"))
    pk = latest(owner).pk
    assert answer.url == f"/members/intake/{pk}/columns/"
    page = sato.get(f"{answer.url}?head=2").content.decode()
    assert "髙﨑 美咲" in page and "健保No" in page
    chosen = {"head_row": "2", "title": "人事", "c_number": "0", "c_full_name": "1", "c_full_kana": "2", "c_birth_date": "3",
              "c_sex": "4", "c_town": "5", "c_street": "6", "k_symbol": "12", "k_change_date": "R8.11.1"}  # fmt: skip
    sato.post(answer.url, chosen | {"t_sex_0": "2"})
    file = latest(owner)
    engine.run(file.job_id)
    with owner():
        assert latest(owner).counts == {"changed": 1}
        saved = ColumnMap.objects.get()
        assert saved.translations == {"sex": {"♀": "2"}} and saved.places["number"]["head"] == "健保No"
    upload(sato, body.encode("cp932") + b"\r\n", column_map=saved.pk)
    file = latest(owner)
    assert file.state == "checking"
    engine.run(file.job_id)
    assert latest(owner).counts == {"changed": 1}


def test_a_map_without_what_must_be_there_is_refused(client_of, office, owner, now):
    sato = client_of("佐藤")
    answer = upload(sato, "あ,い\n1,2\n".encode())
    refused = sato.post(answer.url, {"head_row": "1", "c_number": "0"})
    assert refused.status_code == 422 and "生年月日" in refused.content.decode()


def test_a_line_is_put_right_on_the_screen(client_of, office, take_in, owner):
    file = take_in("members", {"number": "1"}, {"number": "2", "family_name": "榊原", "birth_date": "540927"})
    sato = client_of("佐藤")
    page = sato.get(f"/members/intake/{file.pk}/lines/3/").content.decode()
    assert 'value="540927"' in page and "S540927" in page
    with owner():
        values = StagedRow.objects.get(import_file=file, number=3).values
    typed = values | {"birth_date": "54/9/27", "sex": "男", "kind": "強制"}
    wrong = sato.post(f"/members/intake/{file.pk}/lines/3/", typed)
    assert wrong.status_code == 422 and 'value="54/9/27"' in wrong.content.decode()
    with owner():
        assert StagedRow.objects.get(import_file=file, number=3).outcome == "error"
    assert sato.post(f"/members/intake/{file.pk}/lines/3/", typed | {"birth_date": "S54.9.27"}).status_code == 302
    with owner():
        assert StagedRow.objects.get(import_file=file, number=3).outcome == "new"


def test_the_list_of_errors_holds_no_value_of_anybody(client_of, office, take_in):
    file = take_in("members", {"number": "1", "birth_date": "540927"}, {"number": "x77", "family_name": "榊原"})
    answer = client_of("佐藤").get(f"/members/intake/{file.pk}/errors.csv")
    text = answer.content.decode("utf-8-sig")
    assert "2,生年月日," in text and "3,番号," in text
    for value in ("540927", "x77", "榊原", "阿久津", "芝公園"):
        assert value not in text


def test_giving_up_changes_nothing_and_keeps_the_file(client_of, office, take_in, owner):
    file = take_in("members", {"number": "1"})
    client_of("佐藤").post(f"/members/intake/{file.pk}/give-up/")
    with owner():
        assert (
            ImportFile.objects.get().state == "given_up"
            and StagedRow.objects.count() == 0
            and Member.objects.count() == 0
        )


@pytest.mark.parametrize("kind", sorted(LAYOUTS))
def test_every_template_can_be_fetched_and_read(client_of, kind):
    answer = client_of("佐藤").get(f"/members/intake/templates/{kind}.csv")
    assert answer.status_code == 200 and answer.content.startswith(b"\xef\xbb\xbf")


def test_the_help_documents_every_column_the_check_reads(client_of):
    page = client_of("佐藤").get("/members/intake/help/").content.decode()
    for layout in LAYOUTS.values():
        for column in layout.columns:
            assert column.title in page


def test_a_list_costs_the_same_statements_for_one_and_for_three(client_of, office, take_in, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    sato, counts = client_of("佐藤"), []
    for place in range(3):
        take_in("members", {"number": str(place + 1)}, {"number": str(place + 50), "given_name": "望"})
        if place != 1:
            sato.get("/members/intake/")
            with CaptureQueriesContext(connection) as caught:
                sato.get("/members/intake/")
            counts.append(len(caught))
    assert counts[0] == counts[1]


def test_names_of_layouts_are_those_of_the_register():
    from members.enrollment import enums
    from members.intake.enums import ImportKind, Outcome
    from members.intake.rules import comparing, layouts

    for words, choices in (
        (layouts.SEXES, enums.Sex), (layouts.RELATIONS, enums.Relation), (layouts.KINDS, enums.EligibilityKind),
        (layouts.LOSS_REASONS, enums.LossReason), (layouts.END_REASONS, enums.DependantEndReason),
        (layouts.ACQUISITION_REASONS, enums.AcquisitionReason),
    ):  # fmt: skip
        labels = dict(choices.choices)
        assert {code: label for code, label in words.items() if code != "self"}.items() <= labels.items()
    assert set(LAYOUTS) == set(ImportKind.values)
    assert {comparing.NEW, comparing.CHANGED, comparing.UNCHANGED, comparing.CONFLICT, comparing.ERROR} == set(
        Outcome.values
    )
