"""Personas exist in demo mode only."""

import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from kumiai.accounts import demo
from kumiai.accounts.checks import no_demo_persona_outside_demo_mode
from kumiai.accounts.models import SecondFactor, User
from kumiai.accounts.one_time_codes import code_at

pytestmark = pytest.mark.django_db


def test_the_personas_stand_with_their_sections_and_second_factors(settings, owner) -> None:
    settings.DEMO_MODE = True
    with owner():
        demo.create_personas()
        demo.create_personas()
    assert User.objects.filter(is_demo=True).count() == len(demo.PERSONAS)
    sato = User.objects.get(staff_number="1001")
    assert (sato.name, sato.section.name, sato.email) == ("佐藤 真由美", "適用課", "")
    assert [group.name for group in sato.groups.all()] == ["適用課"]
    assert sato.check_password(demo.PASSWORD)
    assert SecondFactor.objects.get(user=sato).confirmed
    assert sorted(u.staff_number for u in User.objects.filter(is_staff=True)) == ["1004", "1007"]
    assert not User.objects.filter(is_superuser=True).exists()


def test_the_command_prints_the_code_the_persona_needs(settings, owner) -> None:
    settings.DEMO_MODE = True
    with owner():
        demo.create_personas()
    out = StringIO()
    before = time.time()
    call_command("demo_code", "1002", stdout=out, stderr=StringIO())
    secret = SecondFactor.objects.get(user__staff_number="1002").secret
    assert out.getvalue().strip() in {code_at(secret, at=before), code_at(secret, at=time.time())}


def test_outside_demo_mode_nothing_is_made_and_no_code_is_shown(settings, owner) -> None:
    settings.DEMO_MODE = False
    with owner(), pytest.raises(demo.OnlyInDemoMode):
        demo.create_personas()
    assert not User.objects.filter(is_demo=True).exists()
    with pytest.raises(CommandError, match="DEMO_MODE"):
        call_command("demo_code", "1001")


def test_a_stranger_has_no_demo_code(settings) -> None:
    settings.DEMO_MODE = True
    with pytest.raises(CommandError, match="7777"):
        call_command("demo_code", "7777")


def test_a_persona_left_in_a_real_installation_stops_the_start(settings, owner) -> None:
    settings.DEMO_MODE = True
    with owner():
        demo.create_personas()
    assert no_demo_persona_outside_demo_mode(databases=["default"]) == []
    settings.DEMO_MODE = False
    (error,) = no_demo_persona_outside_demo_mode(databases=["default"])
    assert error.id == "accounts.E001"
    assert f"{len(demo.PERSONAS)}名" in error.msg
