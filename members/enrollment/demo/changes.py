"""Earlier changes of invented people, stamped with the personas who would have made them."""

from __future__ import annotations

import random
import uuid
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth import get_user_model
from django.db import connection

from members.enrollment import search
from members.enrollment.demo import load, names
from members.enrollment.enums import ChangeKind
from members.enrollment.models import ChangeReport, Member

MOST = 2_000


def make(*, seed: int, today: date) -> int:
    """Name changes for one woman in twenty, up to a bound, by 佐藤 and 小林; named clerks for protected people."""
    dice = random.Random(seed + 1)
    clerks = list(get_user_model().objects.filter(staff_number__in=["1001", "1006"]).order_by("staff_number"))
    if not clerks:
        return 0
    load.name_clerk(clerks[-1].pk, today)
    chosen = [
        m
        for m in Member.objects.filter(sex="2", birth_date__lt=date(today.year - 22, 1, 1), protected=False).order_by(
            "pk"
        )[: MOST * 20]
        if dice.random() < 0.05
    ][:MOST]
    for count, member in enumerate(chosen, start=1):
        _rename(member, dice, clerks[count % len(clerks)], count, today)
    return len(chosen)


def _rename(member: Member, dice: random.Random, clerk, count: int, today: date) -> None:
    """Give the member the name she has now by a report of some weeks ago; the history shows the one before."""
    before_name, before_kana = dice.choice(names.FAMILY)
    event = uuid.uuid4()
    now = {"family_name": member.family_name, "family_kana": member.family_kana}
    given = {"given_name": member.given_name, "given_kana": member.given_kana}
    before = {"family_name": before_name, "family_kana": before_kana}
    received = today - timedelta(days=dice.randint(2, 300))
    Member.objects.filter(pk=member.pk).update(
        **before,
        **dict(zip(("name_key", "kana_key"), search.name_keys(before_name, member.given_name, before_kana,
                                                              member.given_kana), strict=True)),
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('kumiai.actor', %s, true), set_config('kumiai.activity', %s, true), "
            "set_config('kumiai.event', %s, true)",
            [str(clerk.pk), "enrollment.member_administration", str(event)],
        )
    keys = search.name_keys(member.family_name, member.given_name, member.family_kana, member.given_kana)
    Member.objects.filter(pk=member.pk).update(**now, name_key=keys[0], kana_key=keys[1], version=2)
    ChangeReport.objects.create(
        member=member,
        kind=ChangeKind.NAME_CHANGE,
        receipt_number=f"R{received.year - 2018}-{received.month:02d}-{count:04d}",
        received_date=received,
        effective_date=received - timedelta(days=dice.randint(1, 20)),
        note="婚姻による",
        before=before | given,
        after=now | given,
        access_event=event,
        entered_by_id=clerk.pk,
        entered_at=datetime.combine(received, time(10, dice.randint(0, 59)), tzinfo=ZoneInfo("Asia/Tokyo")),
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('kumiai.actor', '', true), set_config('kumiai.activity', 'demo_data', true), "
            "set_config('kumiai.event', '', true)"
        )
