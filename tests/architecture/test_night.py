"""Work of the night: nobody is at the keyboard, so nobody's grant opens it; the published use must be in force all the same."""

from __future__ import annotations

import pytest

from members.enrollment.models import Member
from members.lifecycle.activities import LIFECYCLE
from privacy.notice.models import NoticeVersion
from privacy.scope import NotGranted, scope

pytestmark = pytest.mark.django_db


def test_the_night_reads_while_its_use_is_published(a_member):
    a_member()
    with scope(LIFECYCLE, None, operation="change"):
        assert Member.objects.get()


def test_the_night_does_nothing_when_its_use_is_no_longer_published(a_member, owner):
    a_member()
    with owner():
        NoticeVersion.objects.update(published_date="2000-01-01", period=("2000-01-01", "2001-01-01"))
    with pytest.raises(NotGranted), scope(LIFECYCLE, None, operation="change"):
        pytest.fail("the scope opened")
