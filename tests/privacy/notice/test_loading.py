"""Versions of the notice: loaded once, following each other, codes listed and never guessed."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, ProgrammingError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from privacy.notice.actions import UnableToPublish, check_register
from privacy.notice.models import NoticeVersion, Publication, PublishedUse
from privacy.notice.queries import keys_in_force, published_notice, register_of
from privacy.notice.register import PUBLISHED, key, register

pytestmark = pytest.mark.django_db

NEXT_YEAR = date(2027, 4, 1)


def test_first_version_says_what_the_file_says_in_its_order():
    notice = published_notice(on=date(2026, 11, 1))
    assert notice.version.number == 1
    assert register_of(notice.rows) == register()


def test_nothing_is_in_force_before_the_first_day():
    assert keys_in_force(on=date(2026, 10, 31)) == set()
    assert keys_in_force(on=date(2026, 11, 1)) == {key(c, p) for c, p in PUBLISHED}


def test_loading_again_changes_nothing(owner):
    before = list(NoticeVersion.objects.values())
    out = StringIO()
    with owner():
        call_command("load_notice", stdout=out)
    assert list(NoticeVersion.objects.values()) == before
    assert Publication.objects.count() == 78
    assert "読み込み済み" in out.getvalue()


def test_published_words_are_never_rewritten(owner):
    with owner():
        Publication.objects.filter(position=1).update(purpose_label="書き換えた言葉")
        with pytest.raises(CommandError, match="新しい版"):
            call_command("load_notice")


def test_new_version_ends_the_one_before_on_its_first_day(publish, changed_register):
    changed_register["categories"][0]["purposes"][0]["label"] = "加入者の台帳の管理"
    done = publish(changed_register, NEXT_YEAR)
    assert done.version.number == 2
    assert NoticeVersion.objects.get(number=1).period == DateRange(date(2026, 11, 1), NEXT_YEAR)
    assert published_notice(on=date(2027, 3, 31)).version.number == 1
    assert published_notice(on=NEXT_YEAR).version.number == 2


def test_grants_stay_on_the_same_use_from_version_to_version(publish, changed_register):
    before = dict(PublishedUse.objects.values_list("key", "pk"))
    publish(changed_register, NEXT_YEAR)
    assert dict(PublishedUse.objects.values_list("key", "pk")) == before


def test_use_a_version_drops_is_no_longer_in_force_and_is_named(publish, changed_register, demo_grants):
    dropped = changed_register["categories"][0]["purposes"].pop(0)
    changed_register["published_uses"] -= 1
    done = publish(changed_register, NEXT_YEAR)
    assert dropped["code"] == "member_administration"
    assert done.dropped == ["eligibility_address.member_administration"]
    assert "eligibility_address.member_administration" not in keys_in_force(on=NEXT_YEAR)


def test_unknown_codes_are_listed_and_published(publish, changed_register):
    changed_register["categories"][0]["purposes"].append({"code": "moon_travel", "label": "月への旅行"})
    changed_register["categories"].append(
        {"code": "moon", "label": "月に関する情報", "purposes": [{"code": "election", "label": "選挙の実施"}]}
    )
    changed_register["published_uses"] += 2
    done = publish(changed_register, NEXT_YEAR)
    assert done.unknown == ["eligibility_address.moon_travel", "moon"]
    assert published_notice(on=NEXT_YEAR).sections[-1].title == "その他の情報"


def test_command_loads_a_file_and_says_what_the_code_does_not_know(owner, tmp_path, changed_register):
    changed_register["categories"][0]["purposes"].append({"code": "moon_travel", "label": "月への旅行"})
    changed_register["published_uses"] += 1
    file = tmp_path / "register.json"
    file.write_text(json.dumps(changed_register, ensure_ascii=False), encoding="utf-8")
    said = []
    for _time in range(2):
        out = StringIO()
        with owner():
            call_command("load_notice", f"--file={file}", "--from=2027-04-01", stdout=out)
        said.append(out.getvalue())
    assert "第2版を読み込みました" in said[0]
    assert "eligibility_address.moon_travel" in said[0]
    assert "読み込み済み" in said[1]
    assert NoticeVersion.objects.count() == 2


def test_command_wants_a_first_day(owner, tmp_path):
    with owner(), pytest.raises(CommandError, match="--from"):
        call_command("load_notice", f"--file={tmp_path / 'none.json'}")


def test_version_must_begin_after_the_one_before(publish, changed_register):
    changed_register["categories"][0]["label"] = "別の言葉"
    with pytest.raises(UnableToPublish, match="後の日"):
        publish(changed_register, date(2026, 11, 1))


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda r: r.update(published_uses=79), "79"),
        (lambda r: r["categories"].append(r["categories"][0]), "二度"),
        (lambda r: r["categories"][0]["purposes"].append(r["categories"][0]["purposes"][0]), "二度"),
        (lambda r: r["categories"][3].update(label=" "), "言葉のない"),
        (lambda r: r["categories"][2].update(purposes=[]), "利用目的のない"),
        (lambda r: r.pop("categories"), "形"),
    ],
)
def test_spoilt_register_is_refused(changed_register, spoil, sentence):
    check_register(changed_register)
    spoil(changed_register)
    with pytest.raises(UnableToPublish, match=sentence):
        check_register(changed_register)


def test_two_versions_in_force_on_one_day_are_impossible_in_the_database(owner):
    with owner(), pytest.raises(IntegrityError, match="notice_version_one_in_force"), transaction.atomic():
        NoticeVersion.objects.create(
            number=2, published_date=date(2027, 1, 1), period=DateRange(date(2027, 1, 1), date(2027, 2, 1))
        )


def test_version_cannot_begin_before_it_is_published(owner):
    with owner():
        NoticeVersion.objects.update(period=DateRange(date(2026, 11, 1), date(2027, 1, 1)))
        with pytest.raises(IntegrityError, match="published_before_force"), transaction.atomic():
            NoticeVersion.objects.create(
                number=2, published_date=date(2027, 1, 2), period=DateRange(date(2027, 1, 1), None)
            )


def test_web_role_cannot_rewrite_the_notice():
    assert Publication.objects.count() == 78
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Publication.objects.update(purpose_label="何でも")
