"""The list's data alone: scope, queries and event, against the same queries of the plain ORM."""

from benchmarks.measure import Way, compare, report
from benchmarks.place import as_web, clerk


def main() -> None:
    from django.utils import timezone

    from benchmarks.twin import plain_list
    from members.enrollment.activities import MEMBER_ADMINISTRATION
    from members.enrollment.queries import member_list
    from privacy.scope import scope

    today = timezone.localdate()
    user = clerk()

    def walled_list() -> None:
        with scope(MEMBER_ADMINISTRATION, user):
            member_list(user_id=user.pk, on=today)

    plain, walled = Way(lambda: plain_list(on=today)), Way(walled_list, as_web)
    compare(plain, walled, rounds=80)
    report("data_layer", plain, walled, target="ratio <= 1.7", reached=lambda ratio: ratio <= 1.7)
