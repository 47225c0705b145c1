"""The invented awkward cases are all there, for any seed and day."""

from datetime import date

import pytest

from members.enrollment.demo import hard_cases
from members.enrollment.models import (
    Address,
    ConcurrentEmployment,
    EligibilityPeriod,
    FormerNumber,
    MailingAddress,
    Member,
)
from tests.members.enrollment.people import make_employer

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("seed, today", [(1, date(2026, 11, 23)), (2, date(2026, 1, 1)), (3, date(2028, 2, 29))])
def test_every_case_is_made_once(owner, personas, seed, today):
    with owner():
        make_employer()
        make_employer("ひなた商事株式会社")
    made = hard_cases.load(seed=seed, today=today)
    with owner():
        assert made == 24
        assert Member.objects.filter(merged_into__isnull=False).count() == 1
        assert Member.objects.filter(earlier__isnull=False).count() == 1
        assert Member.objects.exclude(common_name="").count() == 1
        assert Member.objects.filter(kana_unknown=True).count() == 1
        assert ConcurrentEmployment.objects.count() == 2
        assert MailingAddress.objects.count() == 2
        assert Address.objects.filter(country="US").count() == 1
        assert FormerNumber.objects.count() >= 3
        assert EligibilityPeriod.objects.filter(kind="voluntary").count() == 1
        assert EligibilityPeriod.objects.filter(period__endswith__gt=today, loss_reason="retirement").count() == 1
