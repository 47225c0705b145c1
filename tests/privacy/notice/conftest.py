"""Sections, people and changed registers for the tests of the notice."""

import copy
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group

from kumiai.accounts.models import User
from privacy.notice.actions import publish_version
from privacy.notice.demo import grant_demo
from privacy.notice.register import register

ASSOCIATION = {"name": "見本健康保険組合", "address": "東京都千代田区架空町9-9-9"}


@pytest.fixture
def changed_register():
    """A copy of the register that a test may change."""
    return copy.deepcopy(register())


@pytest.fixture
def publish(owner, db):
    """Publish a register from a day, as the owner."""

    def make(changed: dict, force_from: date, **fields):
        with owner():
            return publish_version(
                register=changed,
                published_date=fields.pop("published_date", force_from - timedelta(days=1)),
                force_from=force_from,
                association=ASSOCIATION,
            )

    return make


@pytest.fixture
def demo_grants(owner, db, settings):
    settings.DEMO_MODE = True
    with owner():
        grant_demo()


@pytest.fixture
def person(owner, demo_grants):
    """Someone of a section, made by name of the section."""

    def make(section: str, number: str = "", **fields) -> User:
        with owner():
            group, _created = Group.objects.get_or_create(name=section)
            user = User.objects.create(
                staff_number=number or f"8{User.objects.count():03}", name=f"{section} 花子", section=group, **fields
            )
            user.groups.set([group])
        return user

    return make
