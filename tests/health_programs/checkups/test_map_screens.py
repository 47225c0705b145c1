"""The editor of a map over a sample, the map's page, a file received by it and read again."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from health_programs.checkups.files.items import by_key
from health_programs.checkups.models import ArchiveContent, ResultArchive, ResultMap
from kumiai.jobs import engine
from tests.health_programs.checkups.csv_samples import HEADS, KEYS, row_of, table


@pytest.fixture
def people(a_member):
    return [a_member(str(n), sex="1") for n in range(1, 4)]


def upload(body: bytes, name: str = "kekka.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, body, content_type="text/csv")


def settings(**changes) -> dict[str, str]:
    marks = {
        "m_not_measured": "未実施",
        "m_refused": "拒否",
        "m_below": "<、以下",
        "m_above": ">",
        "m_low": "L",
        "m_high": "H",
    }
    return {"title": "健診システム", "codec": "", "delimiter": "", "head_row": "1", "dates": "", "insurer_number": "06139992",
            "program_code": "010", **marks, **changes}  # fmt: skip


def columns() -> dict[str, str]:
    """What the clerk says of each column of the sample."""
    said = dict(enumerate(("機関の受付番号", "記号・番号（一つの列）", "氏名（カナ）", "生年月日", "性別", "受診日")))
    for place, key in enumerate(KEYS, start=6):
        said[place] = f"{by_key(key)[0].name} {by_key(key)[0].code}"
    words = {"urine_protein": "異常なし＝1", "smoking": "吸わない＝3、吸う＝1"} | dict.fromkeys(
        KEYS[-3:], "無＝2、有＝1"
    )
    given = {f"c_{place}": text for place, text in said.items()}
    given |= {f"w_{6 + KEYS.index(key)}": text for key, text in words.items()}
    return given | {f"u_{6 + KEYS.index('glucose_fasting')}": "mmol_l"}


@pytest.fixture
def clerk(client_of):
    return client_of("高橋")


def test_a_map_is_made_from_a_sample_and_the_sample_is_not_kept(clerk, people, offered, owner):
    _kind, place = offered
    body = table(row_of(people[0]), row_of(people[1], systolic="14O"))
    assert clerk.get("/checkups/maps/new/").status_code == 200
    page = clerk.post("/checkups/maps/new/", settings(institution=place.pk, file=upload(body), look="1"))
    assert page.status_code == 200
    form = page.context["form"]
    assert (
        form.columns == list(HEADS) and form.text("c_8") == f"腹囲(実測） {by_key('waist')[0].code}"
    )  # guessed by its head
    sample = {"sample": form.text("sample"), "heads": form.text("heads"), "institution": place.pk}
    page = clerk.post("/checkups/maps/new/", settings(**sample, **columns(), look="1"))
    text = page.content.decode()
    assert page.status_code == 200 and "2行のうち 1行を取り込めます" in text and "数値として読めません" in text
    assert "104 mg/dl" in text and "5.8" in text  # what is written, and what it becomes
    answer = clerk.post("/checkups/maps/new/", settings(**sample, **columns(), save="1"))
    with owner():
        row = ResultMap.objects.get()
        kept = json.dumps([row.heads, row.shape_stored], ensure_ascii=False)
        assert people[0].family_kana not in kept and not ArchiveContent.objects.exists()
    assert answer.status_code == 302 and answer.url == f"/checkups/maps/{row.pk}/"
    shown = clerk.get(answer.url).content.decode()
    assert "mmol/L → mg/dl" in shown and "異常なし＝1" in shown


def test_what_is_wrong_stands_in_its_place(clerk, people, offered):
    _kind, place = offered
    body = table(row_of(people[0]))
    page = clerk.post("/checkups/maps/new/", settings(institution=place.pk, file=upload(body), look="1"))
    form = page.context["form"]
    sample = {"sample": form.text("sample"), "heads": form.text("heads"), "institution": place.pk}
    wrong = columns() | {"c_9": "たいおん", "w_20": "異常なし＝7", "c_2": "生年月日"}
    page = clerk.post("/checkups/maps/new/", settings(**sample, **wrong, save="1"))
    assert page.status_code == 422
    errors = page.context["form"].errors
    assert set(errors) == {"c_9", "w_20", "c_3"}
    assert "候補から" in errors["c_9"][0] and "符号は 1（-）" in errors["w_20"][0]
    assert clerk.post("/checkups/maps/new/", settings(institution=place.pk, save="1")).status_code == 422
    page = clerk.post("/checkups/maps/new/", settings(institution=place.pk, file=upload(b"%PDF-1.7"), look="1"))
    assert page.status_code == 422 and "PDF" in page.content.decode()


@pytest.fixture
def a_map(clerk, people, offered, owner):
    _kind, place = offered
    page = clerk.post(
        "/checkups/maps/new/", settings(institution=place.pk, file=upload(table(row_of(people[0]))), look="1")
    )
    form = page.context["form"]
    sample = {"sample": form.text("sample"), "heads": form.text("heads"), "institution": place.pk}
    clerk.post("/checkups/maps/new/", settings(**sample, **columns(), save="1"))
    with owner():
        return ResultMap.objects.get()


def work(owner, file_id: int) -> None:
    with owner():
        job = ResultArchive.objects.get(pk=file_id).job_id
    engine.run(job)


@pytest.mark.django_db(transaction=True)
def test_a_file_is_received_corrected_by_the_map_and_read_again(clerk, people, a_map, owner):
    body = table(row_of(people[0]), row_of(people[1], smoking="禁煙中"))
    given = {"file": upload(body), "received_date": "R8.11.20", "result_map": a_map.pk, "announced": "3"}
    answer = clerk.post("/checkups/archives/receive/", given)
    assert answer.status_code == 302
    with owner():
        file = ResultArchive.objects.get()
    work(owner, file.pk)
    text = clerk.get(answer.url).content.decode()
    assert "3行目　喫煙" in text and "列の対応にない言葉" in text and "件数は3件" in text and "読み直す" in text
    assert "禁煙中" not in text
    page = clerk.get(f"/checkups/maps/{a_map.pk}/change/")
    assert page.status_code == 200
    initial = page.context["form"].initial
    said = {name: value for name, value in initial.items() if name[:2] in ("c_", "u_", "w_", "m_", "he")}
    place = 6 + KEYS.index("smoking")
    said[f"w_{place}"] += "、禁煙中＝2"
    changed = clerk.post(
        f"/checkups/maps/{a_map.pk}/change/", settings(**said) | {"note": "禁煙中を足した", "save": "1"}
    )
    assert changed.status_code == 302, changed.context["form"].errors
    with owner():
        newest = ResultMap.objects.get(current=True)
        assert (newest.number, newest.note) == (2, "禁煙中を足した")
    again = clerk.post(f"/checkups/archives/{file.pk}/again/", {"result_map": newest.pk})
    assert again.status_code == 302
    work(owner, file.pk)
    with owner():
        assert ResultArchive.objects.get().counts == {"taken": 2}


def test_maps_are_copied_listed_and_no_longer_used(clerk, a_map, owner, doing, takahashi):
    from health_programs.checkups.actions import offers
    from health_programs.checkups.activities import CHECKUP_ADMINISTRATION

    other = doing(
        CHECKUP_ADMINISTRATION, offers.save_institution, by=takahashi, institution=None, code="1398765436", name="ひなた",
        postal_code="", address="", telephone="", active=True,
    )  # fmt: skip
    copied = clerk.post(f"/checkups/maps/{a_map.pk}/copy/", {"institution": other.pk, "title": "健診システム"})
    assert copied.status_code == 302
    assert (
        clerk.post(f"/checkups/maps/{a_map.pk}/copy/", {"institution": other.pk, "title": "健診システム"}).status_code
        == 422
    )
    clerk.post(f"/checkups/maps/{a_map.pk}/use/", {})
    with owner():
        assert list(ResultMap.objects.order_by("pk").values_list("current", flat=True)) == [False, True]
    text = clerk.get("/checkups/maps/").content.decode()
    assert "ひなた" in text and "使わない" in text
    offered = clerk.get("/checkups/archives/receive/").content.decode()
    assert "ひなた　健診システム（第1版）" in offered and "みなと架空健診クリニック" not in offered


def test_who_may_not_work_here_is_refused(client_of, a_map):
    for address in ("/checkups/maps/", "/checkups/maps/new/", f"/checkups/maps/{a_map.pk}/"):
        assert client_of("佐藤").get(address).status_code == 403


def test_lists_ask_as_often_for_three_maps_as_for_one(clerk, a_map, doing, takahashi, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from health_programs.checkups.actions import maps
    from health_programs.checkups.activities import CHECKUP_ADMINISTRATION

    clerk.get("/checkups/maps/")
    with CaptureQueriesContext(connection) as one:
        clerk.get("/checkups/maps/")
    for title in ("二", "三"):
        doing(
            CHECKUP_ADMINISTRATION,
            maps.copy_map,
            by=takahashi,
            source=a_map,
            institution=a_map.institution,
            title=title,
        )
    with CaptureQueriesContext(connection) as three:
        clerk.get("/checkups/maps/")
    assert len(three) == len(one)
