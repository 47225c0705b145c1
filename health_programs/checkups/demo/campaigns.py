"""Three campaigns of the demonstration: one approved for the next business day, one that waits for approval, one draft."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone

from health_programs.checkups.actions import campaigns
from health_programs.checkups.models import Campaign, CheckupKind
from health_programs.checkups.policies import UnableToMove
from health_programs.checkups.rules import ages

SECOND = "1008"
WORDS = """{氏名} 様

{組合}です。
{年度}の{健診}を、まだ受けていただいていないようです。
受診できるのは{期限}までです。健診機関に予約をして、受診してください。

すでに予約や受診がお済みの場合は、行き違いですのでご容赦ください。

{組合}
お問い合わせ　{連絡先}
"""


def load(*, by: Any, today: date) -> int:
    """Make them where there are none; how many. A demonstration in which nobody is due has drafts only."""
    kind = CheckupKind.objects.filter(statutory=True).order_by("order", "pk").first()
    year = ages.fiscal_year(today)
    if kind is None or Campaign.objects.filter(fiscal_year=year).first() is not None:
        return 0
    second = get_user_model().objects.filter(staff_number=SECOND).first()
    common: dict[str, Any] = {
        "fiscal_year": year, "kind": kind, "age_from": 40, "age_to": 74, "sex": "", "relation": "", "employer_id": None,
        "all_year_only": False, "rest_days": 30, "subject_line": "{年度}の{健診}のご案内", "body": WORDS,
        "per_minute": 60,
    }  # fmt: skip
    wanted = (
        (2, common | {"relation": "dependant"}, second),
        (3, common | {"age_to": 49, "relation": "insured"}, None),
        (14, common, None),
    )
    for place, (days, values, approver) in enumerate(wanted):
        made = campaigns.create(by=by, values=values | {"send_date": today + timedelta(days=days)})
        if place == 2:
            continue
        at = timezone.now()
        try:
            made = campaigns.submit(by=by, campaign_id=made.pk, version=made.version, today=today, at=at)
            if approver is not None:
                campaigns.approve(by=approver, campaign_id=made.pk, version=made.version, today=today, at=at)
        except UnableToMove:
            continue
    return len(wanted)
