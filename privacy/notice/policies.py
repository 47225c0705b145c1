"""Who may not hold what together: the separation of duties (職務の分離), which is data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import Group
from django.db.models import Q

from kumiai.accounts.models import User
from privacy.notice.models import OPERATIONS, DutySeparation, Publication, PublishedUse, PublishedUseGroupPermission

Right = tuple[int, str]
WORDS = dict(OPERATIONS)


@dataclass(frozen=True)
class Clash:
    """One person who holds, or would hold, two rights that are kept apart."""

    person: User
    separation: DutySeparation
    first: str
    second: str

    @property
    def sentence(self) -> str:
        return f"{self.person.name}が「{self.first}」と「{self.second}」を合わせて持つことになります。{self.separation.reason}"


def clashes_now() -> list[Clash]:
    """Everyone who holds two rights that are kept apart, however it came about. Five statements."""
    return _clashes(_people(), _rights_of_groups())


def clashes_of_grant(*, group: Group, use: PublishedUse, operations: Iterable[str]) -> list[Clash]:
    """Who would hold two rights kept apart if this section were given these operations. One statement for a use that
    is kept apart from nothing."""
    if not DutySeparation.objects.filter(Q(first_use=use) | Q(second_use=use)).exists():
        return []
    people = {person: groups for person, groups in _people().items() if group.pk in groups}
    rights = _rights_of_groups()
    rights[group.pk] = rights[group.pk] | {(use.pk, operation) for operation in operations}
    return _clashes(people, rights)


def clashes_of_membership(person: User, groups: Iterable[Group]) -> list[Clash]:
    """Which rights kept apart this person would hold as a member of these sections and no others."""
    return _clashes({person: {group.pk for group in groups}}, _rights_of_groups())


def membership_problems(person: User, groups: Iterable[Group]) -> list[str]:
    """The same as sentences; named in settings.MEMBERSHIP_CHECK, since accounts know nothing of the notice."""
    return [clash.sentence for clash in clashes_of_membership(person, groups)]


def _people() -> dict[User, set[int]]:
    """Everyone who can log in, with the ids of their groups. Two statements."""
    people = User.objects.only("id", "staff_number", "name").filter(is_active=True)
    return {person: {group.pk for group in person.groups.all()} for person in people.prefetch_related("groups")}


def _rights_of_groups() -> dict[int, set[Right]]:
    found: dict[int, set[Right]] = defaultdict(set)
    for group, use, operation in PublishedUseGroupPermission.objects.values_list(
        "group_id", "content_object_id", "permission__codename"
    ):
        found[group].add((use, operation))
    return found


def _clashes(people: dict[User, set[int]], rights: dict[int, set[Right]]) -> list[Clash]:
    separations = list(DutySeparation.objects.all())
    if not separations:
        return []
    found = []
    for person, groups in people.items():
        held = set().union(*(rights.get(group, set()) for group in groups))
        for separation in separations:
            first = (separation.first_use_id, separation.first_operation)
            second = (separation.second_use_id, separation.second_operation)
            if first in held and second in held:
                found.append((person, separation))
    words = _words({use for _p, s in found for use in (s.first_use_id, s.second_use_id)})
    return [
        Clash(
            person,
            separation,
            f"{words.get(separation.first_use_id, '')}：{WORDS[separation.first_operation]}",
            f"{words.get(separation.second_use_id, '')}：{WORDS[separation.second_operation]}",
        )
        for person, separation in found
    ]


def _words(uses: set[int]) -> dict[int, str]:
    """Use → 類型 › 利用目的, in the latest words."""
    if not uses:
        return {}
    lines = Publication.objects.filter(published_use__in=uses).order_by("version__number")
    return {line.published_use_id: f"{line.category_label} › {line.purpose_label}" for line in lines}
