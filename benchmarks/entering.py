"""Entering a scope: the one statement that proves the grant and sets the role, against an empty transaction and
against guardian's has_perm."""

import statistics

from benchmarks.measure import Way, compare, report
from benchmarks.place import as_web, clerk


def main() -> None:
    from django.contrib.auth import get_user_model
    from django.db import transaction

    from members.enrollment.activities import MEMBER_ADMINISTRATION
    from privacy.notice.models import PublishedUse
    from privacy.scope import _enter
    from privacy.seen import Seen

    user = clerk()
    use = PublishedUse.objects.get(key=MEMBER_ADMINISTRATION.keys[0])

    def enter() -> None:
        with transaction.atomic():
            _enter(MEMBER_ADMINISTRATION, user.pk, "view", Seen())

    def empty() -> None:
        with transaction.atomic():
            pass

    def has_perm() -> None:
        with transaction.atomic():
            fresh = get_user_model().objects.get(pk=user.pk)
            assert fresh.has_perm("notice.view_publisheduse", use) or fresh.has_perm("notice.view", use)

    bare, entering = Way(empty, as_web), Way(enter, as_web)
    compare(bare, entering, rounds=200)
    added = statistics.median(entering.times) - statistics.median(bare.times)
    report("entering", bare, entering, target="added_ms <= 0.6", reached=lambda _ratio: added <= 0.6,
           added_ms=round(added, 3))  # fmt: skip
    asked, entering = Way(has_perm, as_web), Way(enter, as_web)
    compare(asked, entering, rounds=100)
    report("entering_against_has_perm", asked, entering, target="ratio < 1", reached=lambda ratio: ratio < 1)
