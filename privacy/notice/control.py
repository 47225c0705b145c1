"""Reads for the screens of control: one use with everybody who holds it, one person with everything held, the reviews."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.utils import timezone

from kumiai.accounts.models import User
from kumiai.accounts.queries import staff_by_id
from privacy.accesslog.queries import last_exercised
from privacy.activities import registry
from privacy.notice.models import (
    GrantReview,
    NoticeVersion,
    Publication,
    PublishedUse,
    PublishedUseGroupPermission,
    SectionHead,
)
from privacy.notice.queries import Cell, Slot

GrantChange: Any = PublishedUseGroupPermission.history.model
ORDER = {"view": 0, "change": 1, "export": 2, "decide": 3}
CHANGE_WORDS = {"+": "与えた", "~": "書き換えた", "-": "取り上げた"}


@dataclass(frozen=True)
class Held:
    """One operation a section holds under a use: since when, given by whom, and why."""

    grant: PublishedUseGroupPermission
    by: str

    @property
    def operation(self) -> str:
        return self.grant.permission.name


@dataclass(frozen=True)
class Holding:
    """A section, what it holds under the use, and its people."""

    group: Group
    held: tuple[Held, ...]
    people: tuple[User, ...]


@dataclass(frozen=True)
class Change:
    """A line of the history of grants."""

    at: datetime
    what: str
    operation: str
    group: str
    basis: str
    who: str


@dataclass(frozen=True)
class UseInControl:
    """A published use, the work that exercises it, who holds it, and how that came about."""

    use: PublishedUse
    line: Publication
    activities: tuple[str, ...]
    holdings: tuple[Holding, ...]
    changes: tuple[Change, ...]


def _in_force(use_ids: Any, on: date) -> Any:
    versions = NoticeVersion.objects.in_force_on(on)
    return Publication.objects.filter(version__in=versions, published_use__in=use_ids)


def use_in_control(pk: int, *, on: date, changes: int = 50) -> UseInControl | None:
    """A use in force on a day, with its holders; None when it is not published then. Seven statements."""
    use = PublishedUse.objects.filter(pk=pk).first()
    line = _in_force([pk], on).first()
    if use is None or line is None:
        return None
    grants = list(PublishedUseGroupPermission.objects.filter(content_object=use).select_related("group", "permission"))
    history = list(
        GrantChange.objects.filter(content_object=use)
        .select_related("group", "permission")
        .order_by("-history_date", "-history_id")[:changes]
    )
    staff = staff_by_id([g.granted_by_id for g in grants] + [c.history_user_id for c in history])
    members = _members({grant.group_id for grant in grants})
    sections: dict[int, list[PublishedUseGroupPermission]] = {}
    for grant in grants:
        sections.setdefault(grant.group_id, []).append(grant)
    return UseInControl(
        use=use,
        line=line,
        activities=tuple(a.title for a in registry().values() if use.key in a.keys),
        holdings=tuple(
            Holding(
                held[0].group,
                tuple(
                    Held(grant, _name(staff, grant.granted_by_id))
                    for grant in sorted(held, key=lambda g: ORDER[g.permission.codename])
                ),
                tuple(members.get(group, ())),
            )
            for group, held in sorted(sections.items())
        ),
        changes=tuple(
            Change(
                change.history_date,
                CHANGE_WORDS[change.history_type],
                change.permission.name,
                change.group.name,
                change.basis,
                _name(staff, change.history_user_id),
            )
            for change in history
        ),
    )


def _name(staff: dict[int, User], pk: int | None) -> str:
    """The name of who did it; the grants of a new installation were given by nobody at a keyboard."""
    return staff[pk].name if pk in staff else "導入時"


def _members(groups: set[int]) -> dict[int, list[User]]:
    found: dict[int, list[User]] = {}
    people = User.objects.only("id", "staff_number", "name").filter(is_active=True, groups__in=groups).distinct()
    for person in people.prefetch_related("groups").order_by("staff_number"):
        for group in person.groups.all():
            found.setdefault(group.pk, []).append(person)
    return found


@dataclass(frozen=True)
class PersonsUse:
    """One use a person holds: by which section, since when, why, and when it was last exercised."""

    line: Publication
    held: tuple[Held, ...]
    sections: tuple[str, ...]
    last: datetime | None

    @property
    def slots(self) -> list[Slot]:
        """The operations in their fixed places, as in the matrix."""
        return Cell(frozenset(held.grant.permission.codename for held in self.held), first=False).slots


@dataclass(frozen=True)
class PersonInControl:
    person: User
    uses: tuple[PersonsUse, ...]


def person_in_control(pk: int, *, on: date) -> PersonInControl | None:
    """Everything a person may do, and when they last did it in the past year. Six statements."""
    person = User.objects.only("id", "staff_number", "name", "is_active", "section__name").select_related("section")
    found = person.filter(pk=pk).first()
    if found is None:
        return None
    grants = list(
        PublishedUseGroupPermission.objects.filter(group__in=list(found.groups.all())).select_related(
            "group", "permission", "content_object"
        )
    )
    lines = {
        line.published_use_id: line
        for line in _in_force({g.content_object_id for g in grants}, on).order_by("category_position", "position")
    }
    staff = staff_by_id(g.granted_by_id for g in grants)
    last = last_exercised([pk], since=_a_year_before(on))
    uses = []
    for use, line in lines.items():
        own = sorted(
            (g for g in grants if g.content_object_id == use), key=lambda g: (g.group_id, ORDER[g.permission.codename])
        )
        uses.append(
            PersonsUse(
                line,
                tuple(Held(grant, _name(staff, grant.granted_by_id)) for grant in own),
                tuple(dict.fromkeys(grant.group.name for grant in own)),
                last.get(own[0].content_object.key),
            )
        )
    return PersonInControl(found, tuple(uses))


def _a_year_before(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day - timedelta(days=365), time.min))


@dataclass(frozen=True)
class SectionReview:
    """Where the yearly confirmation of one section stands."""

    group: Group
    head: str
    head_id: int | None
    review: GrantReview | None
    confirmed_by: str
    grants: int
    unneeded: int


def reviews(*, year: int, on: date) -> list[SectionReview]:
    """Every section that holds a grant, and whether its head has confirmed it this year. Five statements."""
    held: dict[int, set[tuple[str, str]]] = {}
    for group, use, operation in PublishedUseGroupPermission.objects.values_list(
        "group_id", "content_object__key", "permission__codename"
    ):
        held.setdefault(group, set()).add((use, operation))
    heads = {head.group_id: head.user_id for head in SectionHead.objects.filter(period__contains=on)}
    made = {review.group_id: review for review in GrantReview.objects.filter(year=year)}
    staff = staff_by_id([*heads.values(), *(review.confirmed_by_id for review in made.values())])
    found = []
    for section in Group.objects.filter(pk__in=held).order_by("pk"):
        review = made.get(section.pk)
        head = heads.get(section.pk)
        found.append(
            SectionReview(
                section,
                staff[head].name if head in staff else "",
                head,
                review,
                _name(staff, review.confirmed_by_id) if review else "",
                len(held[section.pk]),
                len(review.unneeded & held[section.pk]) if review else 0,
            )
        )
    return found


@dataclass(frozen=True)
class LineToReview:
    line: Publication
    held: tuple[Held, ...]
    last: datetime | None


def lines_to_review(group: Group, *, on: date) -> list[LineToReview]:
    """What a section holds, in published order, for its head to confirm, and when anybody in it last exercised it.
    Five statements."""
    grants = list(
        PublishedUseGroupPermission.objects.filter(group=group).select_related("permission", "content_object")
    )
    staff = staff_by_id(g.granted_by_id for g in grants)
    people = User.objects.filter(groups=group).values_list("pk", flat=True)
    last = last_exercised(people, since=_a_year_before(on))
    found = []
    for line in _in_force({g.content_object_id for g in grants}, on).order_by("category_position", "position"):
        own = [g for g in grants if g.content_object_id == line.published_use_id]
        own.sort(key=lambda g: ORDER[g.permission.codename])
        held = tuple(Held(g, _name(staff, g.granted_by_id)) for g in own)
        found.append(LineToReview(line, held, last.get(own[0].content_object.key)))
    return found
