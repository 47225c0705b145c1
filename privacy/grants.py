"""Who holds what: reads of the grants on published uses. The proof itself is in `privacy.scope`."""

from __future__ import annotations

from collections import defaultdict

from django.db import connection
from django.urls import resolve, reverse

from privacy.activities import Activity, activity_of_view, registry

# Stands beside the pairs of somebody who manages the portal (is_staff).
STAFF = ("", "staff")


def held_by(user_id: int) -> set[tuple[str, str]]:
    """(use key, operation) pairs this person's groups hold on uses in force today, and STAFF. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT u.key, o.codename
            FROM accounts_user_groups m
            JOIN notice_grant g ON g.group_id = m.group_id
            JOIN auth_permission o ON o.id = g.permission_id
            JOIN notice_publisheduse u ON u.id = g.content_object_id
            JOIN notice_publication p ON p.published_use_id = u.id
            JOIN notice_version v ON v.id = p.version_id AND v.period @> (now() AT TIME ZONE 'Asia/Tokyo')::date
            WHERE m.user_id = %s
            UNION ALL SELECT '', 'staff' FROM accounts_user a WHERE a.id = %s AND a.is_staff
            """,
            [user_id, user_id],
        )
        return set(cursor.fetchall())


def may(held: set[tuple[str, str]], activity: Activity, operation: str = "view") -> bool:
    """Whether what is held covers the activity. Statutory work is proved at the door only."""
    if activity.statute or (activity.staff_only and STAFF not in held):
        return False
    return all(need in held for need in activity.needs(operation))


def open_cases(user_id: int) -> dict[str, set[int]]:
    """Code of a statutory activity → the people of this person's cases that are open now. One statement; no proof."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT activity, subject_id FROM notice_statutorycase
            WHERE user_id = %s AND now() >= valid_from AND now() < valid_until AND subject_id IS NOT NULL
              AND (approved_by_id IS NOT NULL OR NOT second_person)
            """,
            [user_id],
        )
        found: dict[str, set[int]] = defaultdict(set)
        for activity, subject in cursor.fetchall():
            found[activity].add(subject)
        return found


def menu_of(user_id: int) -> list[Activity]:
    """The work this person may do, as menu entries in the order of declaration."""
    held = held_by(user_id)
    return [a for a in registry().values() if a.menu and a.entry and may(held, a)]


def holders(keys: list[str]) -> dict[str, list[str]]:
    """Use key → names of the groups that hold `view` on it."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT u.key, r.name FROM notice_grant g
            JOIN notice_publisheduse u ON u.id = g.content_object_id
            JOIN auth_permission o ON o.id = g.permission_id AND o.codename = 'view'
            JOIN auth_group r ON r.id = g.group_id
            WHERE u.key = ANY(%s) ORDER BY r.name
            """,
            [keys],
        )
        found: dict[str, list[str]] = defaultdict(list)
        for key, name in cursor.fetchall():
            found[key].append(name)
        return found


def permitted(user_id: int, url_names: list[str], *args: int) -> list[str]:
    """Of these screens (of the object `args` names), those this person may look at: what a page of fragments offers, so that nobody is refused what
    they did not ask for. Named in settings.HOME_FRAGMENT_FILTER."""
    held = held_by(user_id)
    found = []
    for name in url_names:
        activity = activity_of_view(resolve(reverse(name, args=args)).func)
        if not isinstance(activity, Activity) or may(held, activity):
            found.append(name)
    return found
