"""Every URL × every persona × {own kind of object, protected, absent}: the oracle is the register's file and the grants.

A screen without an activity is not allowed to exist; a screen of an activity answers 403 to everyone whose section does
not hold the operation on every pair, whatever the object; with the grant it answers something else.
"""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import get_resolver
from django.utils import timezone

from privacy.activities import NO_PERSONAL_DATA, Activity, activity_of_view
from privacy.checks import walk_views
from privacy.middleware import operation_of
from privacy.notice.models import PublishedUseGroupPermission, StatutoryCase

pytestmark = pytest.mark.django_db

PERSONAS = ["佐藤", "鈴木", "高橋", "田中", "伊藤", "小林", "渡邉"]
REGISTER = Path(__file__).resolve().parents[2] / "privacy" / "notice" / "data" / "register.json"


def published_keys() -> set[str]:
    """The oracle's first half: pairs of the register file, read without the code that serves."""
    rows = json.loads(REGISTER.read_text(encoding="utf-8"))["categories"]
    return {f"{row['code']}.{use['code']}" for row in rows for use in row["purposes"]}


def views_of_activities():
    """(path, name, callback, activity) of every screen that touches people, admin pages not counted."""
    assert get_resolver()
    for path, name, view in walk_views():
        activity = activity_of_view(view)
        assert activity is not None, path
        if activity is not NO_PERSONAL_DATA and not path.startswith("admin/"):
            assert isinstance(activity, Activity)
            yield path, name, view, activity


def addresses(path: str, objects: dict[str, int]) -> list[tuple[str, str]]:
    """(kind of object, address) for a path: with and without an object."""
    if "<" not in path:
        return [("none", f"/{path}")]
    return [(kind, "/" + re.sub(r"<[^>]+>", str(number), path)) for kind, number in objects.items()]


@pytest.fixture
def objects(a_member, owner):
    """A member with a change, a protected member with a name to hide, and a number nobody has."""
    from datetime import date

    from members.enrollment.models import Protection

    known = a_member("1")
    guarded = a_member("2", family_name="秘密沢", given_name="花", protected=True)
    with owner():
        Protection.objects.create(
            member=guarded, kind="support_measures", ask="適用課 小林", period=(date(2020, 1, 1), None)
        )
    return {"known": known.pk, "protected": guarded.pk, "absent": 99_999_999}


@pytest.mark.parametrize("name", PERSONAS)
def test_every_url_answers_each_persona_as_the_register_and_the_grants_say(name, objects, client_of, personas, owner):
    """GET and POST; the count of cells is printed and has a floor, so that a walk that finds nothing fails."""
    published = published_keys()
    with owner():
        held = {
            (grant.content_object.key, grant.permission.codename)
            for grant in PublishedUseGroupPermission.objects.select_related("content_object", "permission").filter(
                group__in=personas[name].groups.all()
            )
        }
        cases = set(StatutoryCase.objects.values_list("user_id", "activity"))
    client = client_of(name)
    cells, wrong = 0, []
    for path, url_name, view, activity in views_of_activities():
        for method in ("GET", "POST"):
            operation = operation_of(view, method)
            if activity.statute:
                allowed = (personas[name].pk, activity.code) in cases
            else:
                allowed = all(need in held and need[0] in published for need in activity.needs(operation))
                allowed = allowed and (personas[name].is_staff or not activity.staff_only)
            tried = addresses(path, objects)
            if not allowed:  # the door is shut before it is known whose it is: one of the three, each in its turn
                tried = [tried[cells % len(tried)]]
            for kind, address in tried:
                answer = client.get(address) if method == "GET" else client.post(address, {})
                cells += 1
                # With the grant a policy may still refuse this object or this clerk; the program may not fail.
                right = answer.status_code < 500 if allowed else answer.status_code == 403
                body = answer.content.decode(errors="ignore")
                leaked = "秘密沢" in body or (not allowed and "髙﨑" in body)
                if not right or leaked:
                    wrong.append((method, url_name, kind, answer.status_code, "leaked" if leaked else ""))
    print(f"{cells} cells")
    assert wrong == []
    assert cells >= 2 * 20


def test_every_refusal_of_the_walk_is_on_record(objects, client_of, events):
    before = len(events(outcome="refused"))
    client_of("伊藤").get(f"/members/{objects['known']}/")
    client_of("高橋").get("/members/")
    refused = events(outcome="refused")[before:]
    assert [e.view for e in refused] == ["enrollment:member-detail", "enrollment:member-list"]
    assert all(e.subjects == [] and timezone.now() - e.at < timedelta(minutes=1) for e in refused)


def test_without_logging_in_every_screen_asks_who_is_there(client, objects):
    for path, url_name, _view, _activity in views_of_activities():
        for _kind, address in addresses(path, objects):
            answer = client.get(address)
            assert answer.status_code == 302, url_name
            assert answer["Location"].startswith("/accounts/login/")
