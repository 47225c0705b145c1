"""Reads of accounts."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import QuerySet

from kumiai.accounts.models import RecoveryCode, SecondFactor, User, UserSession


def user_who_may_log_in(user_id: int) -> User | None:
    return User.objects.working().filter(pk=user_id).first()


def staff_by_id(ids: Iterable[int | None]) -> dict[int, User]:
    """Id → the person with section, as every activity may read them: no password, no right. One statement."""
    wanted = {i for i in ids if i is not None}
    if not wanted:
        return {}
    people = User.objects.only("id", "staff_number", "name", "section__name").select_related("section")
    return {person.pk: person for person in people.filter(pk__in=wanted)}


def staff_names(ids: Iterable[int | None]) -> dict[int, str]:
    """Id → 氏名（課）. One statement."""
    return {
        pk: f"{person.name}（{person.section.name}）" if person.section else person.name
        for pk, person in staff_by_id(ids).items()
    }


def staff_at_work() -> list[User]:
    """Everybody who works here today, by section and number, as every activity may read them. One statement."""
    people = User.objects.working().only("id", "staff_number", "name", "section__name").select_related("section")
    return list(people.order_by("section__name", "staff_number"))


def second_factor_of(user: User) -> SecondFactor | None:
    return SecondFactor.objects.filter(user=user).first()


def live_sessions_of(user: User, *, at: datetime, idle: timedelta) -> QuerySet[UserSession]:
    """The person's sessions that would still be accepted at `at`, latest use first."""
    return UserSession.objects.filter(user=user, expire_date__gt=at, seen_at__gt=at - idle).order_by("-seen_at")


def count_recovery_codes_left(user: User) -> int:
    return RecoveryCode.objects.filter(second_factor__user=user, used_at__isnull=True, retired_at__isnull=True).count()
