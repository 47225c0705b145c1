"""Where a member's letter goes on a day: 送付先 before 住所, and of a dependant without one the insured person's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection

from privacy.seen import shown


@dataclass(frozen=True)
class Postal:
    """宛先 of one member. name: whom the letter is for; addressee: whose hands it goes to, the same unless a 送付先 names
    somebody else. Abroad `town` is the country and `street` the lines as they are written there, on one line.

    All of it is empty for whom no address is known; a protected person's stands in tables that are not read here.
    """

    member_id: int
    number: str
    name: str
    addressee: str
    postal_code: str
    town: str
    street: str

    @property
    def postal(self) -> str:
        """〒100-0001."""
        return f"〒{self.postal_code[:3]}-{self.postal_code[3:]}" if len(self.postal_code) == 7 else self.postal_code

    @property
    def reachable(self) -> bool:
        return bool(self.town)


_PLACE = """LEFT JOIN LATERAL (
    SELECT postal_code, town, coalesce(nullif(replace(lines, E'\\n', ', '), ''), street) AS street, {addressee} AS addressee
    FROM {table} t WHERE t.member_id = {who} AND NOT t.cancelled AND t.period @> %(on)s::date
    LIMIT 1) {alias} ON true
"""
_POSTAL = f"""
SELECT m.id, m.symbol || '-' || m.number || '-' || m.branch, trim(m.family_name || ' ' || m.given_name),
       coalesce(nullif(mail.addressee, ''), trim(m.family_name || ' ' || m.given_name)),
       coalesce(mail.postal_code, home.postal_code, head.postal_code, ''),
       coalesce(mail.town, home.town, head.town, ''), coalesce(mail.street, home.street, head.street, '')
FROM enrollment_member m
{_PLACE.format(table="enrollment_mailingaddress", who="m.id", alias="mail", addressee="t.addressee")}
{_PLACE.format(table="enrollment_address", who="m.id", alias="home", addressee="''")}
LEFT JOIN enrollment_member h ON h.id = m.insured_id AND NOT h.protected
{_PLACE.format(table="enrollment_address", who="h.id", alias="head", addressee="''")}
WHERE m.id = ANY(%(ids)s) AND NOT m.protected
"""


def postal_of(ids: Iterable[int], on: date) -> dict[int, Postal]:
    """Member id → where the letter goes on a day; protected people are not in it. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_POSTAL, {"ids": list(ids), "on": on})
        found = {row[0]: Postal(*row) for row in cursor.fetchall()}
    shown(found)
    return found
